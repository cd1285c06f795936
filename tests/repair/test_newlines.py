"""Mixed newlines: unchanged lines keep theirs, also if they move."""

from __future__ import annotations

from difflib import SequenceMatcher

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from orderlint.repair import fix_text
from orderlint.text.files import source_from_text
from tests.judged import standards

STATEMENTS = """\
from keras import Sequential
from keras.layers import (
    BatchNormalization,
    Dense,
    Dropout,
)

model = Sequential()
model.add(Dense(8, activation="relu"))
# normed
model.add(BatchNormalization())  # norm
model.add(Dense(8))
model.add(Dropout(0.5))  # drop
model.add(BatchNormalization())
model.add(Dense(1))
"""
LISTS = """\
from keras import Sequential, layers

model = Sequential([
    layers.Dense(8, activation="relu"),
    # normed
    layers.BatchNormalization(),  # norm
    layers.Dense(8),
    layers.Dropout(0.5),  # drop
    layers.BatchNormalization(),
    layers.Dense(1),
])
"""
FUNCTIONS = """\
from keras import layers


def block(x, rate):
    x = layers.Dense(8)(x)
    # some
    if rate:
        x = layers.Dropout(rate)(x)
    with scope():
        x = layers.BatchNormalization()(x)
    return layers.Dense(1)(x)


class Net(Model):
    def __init__(self):
        super().__init__()
        self.dense = layers.Dense(8, activation="relu")
        self.norm = layers.BatchNormalization()

    def call(self, x):
        x = self.dense(x)
        x = self.norm(x)
        return x
"""
ENDINGS = ("\n", "\r\n")


@pytest.mark.parametrize("text", [STATEMENTS, LISTS, FUNCTIONS])
@settings(deadline=None, max_examples=12, derandomize=True, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_lines_keep_their_newlines(text: str, data: st.DataObject) -> None:
    """Lines that are the same before and after have the same newline, and the repair is the usual one."""
    lines = text.splitlines()
    endings = data.draw(st.lists(st.sampled_from(ENDINGS), min_size=len(lines), max_size=len(lines)))
    mixed = "".join(line + ending for line, ending in zip(lines, endings, strict=True))
    plain = fix_text(source_from_text(text, "net.py"), standards()).text
    fixed = fix_text(source_from_text(mixed, "net.py"), standards()).text
    assert fixed.replace("\r\n", "\n") == plain
    assert plain != text
    old, new = mixed.splitlines(keepends=True), fixed.splitlines(keepends=True)
    matcher = SequenceMatcher(None, lines, plain.splitlines(), autojunk=False)
    for tag, start, end, first, last in matcher.get_opcodes():
        if tag == "equal":
            assert old[start:end] == new[first:last]
