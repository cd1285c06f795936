"""Statements of a module that are too complicated: they are reported unless no layer can be missed."""

from __future__ import annotations

from textwrap import indent

import libcst as cst
import pytest

from orderlint.source import Project, analyze
from orderlint.source.left_out import is_no_loss
from orderlint.text.files import source_from_text
from tests.source.running import interpreter

START = """\
import numpy as np
from keras import Sequential, layers

chars = dict(zip(set(open("a").read()), range(99)))
chars["<END>"] = len(chars)
chars["<GO>"] = len(chars)
named = dict(zip(chars.values(), chars.keys()))
model = Sequential([layers.Dense(8), layers.ReLU()])
letters, sizes = [], []
"""


def is_told(line: str, end: str = "", start: str = "") -> bool:
    """Whether a loop with this line is reported, with code before and after the loop."""
    loop = f"for i in range(3):\n    letters = [chars['<GO>']]\n{indent(line, '    ')}\n"
    m = interpreter(START + start + loop + end)
    statement = next(one for one in m.frame.cell.module.body if type(one) is cst.For)
    return not is_no_loss(m, m.frame.scope, statement)


@pytest.mark.parametrize(
    "line", ["p = model.predict(np.array(letters)[None, :])", "model.fit(letters, letters)", "pass"]
)
def test_running_a_model_is_no_loss(line: str) -> None:
    """Generating text with a trained model constructs no layers."""
    assert not is_told(line)
    assert not is_told(line, end="print(letters, i)\nmodel.save('a')\n")


@pytest.mark.parametrize(
    ("line", "end", "start"),
    [
        ("model(letters)", "", ""),  # applies the model
        ("model.add(layers.Dense(8))", "", ""),
        ("x = layers.ReLU()(letters)", "", ""),
        ("other = model", "", ""),
        ("f(letters)", "", "def f(x):\n    return layers.ReLU()(x)\n"),  # applies a layer
        ("pass", "model.add(layers.Dense(len(letters)))\n", ""),  # the changed variable decides about a layer
        ("sizes.append(i)", "for size in sizes:\n    model.add(layers.Dense(size))\n", ""),
        ("chars[i] = 1", "model.add(layers.Dense(len(chars)))\n", ""),
        ("(size := i)", "model.add(layers.Dense(size))\n", ""),
        ("f(sizes)", "model.add(layers.Dense(len(sizes)))\n", "def f(x):\n    x.append(1)\n"),
        ("sizes.append(i)", "g()\n", "def g():\n    return layers.Dense(len(sizes))\n"),
        ("sizes.append(i)", "", "class Net(layers.Layer):\n    def call(self, x):\n        return len(sizes) * x\n"),
    ],
)
def test_what_may_be_a_loss_is_told(line: str, end: str, start: str) -> None:
    """The statement has layers, calls a function that has some, or changes a value that is read by such code."""
    assert is_told(line, end, start)


TANGLED = """
found, words, name = {}, [], None
for word in "a b c d e f g h i j k l m n o p".split():
    tag = model.predict(word)[0]
    if tag == "O":
        if name:
            found[name] = " ".join(words)
            words, name = [], None
    elif name is None:
        words.append(word)
        name = tag[2:]
    elif tag[2:] == name:
        words.append(word)
    else:
        found[name] = " ".join(words)
        words, name = [word], tag[2:]
"""


@pytest.mark.parametrize(
    ("end", "is_told"), [("print(found)\n", False), ("model.add(layers.Dense(len(found)))\n", True)]
)
def test_a_module_tells_of_what_may_be_a_loss(end: str, is_told: bool) -> None:
    """The end of many notebooks has too many conditions to distinguish, but no layers."""
    analysis = analyze(source_from_text(START + TANGLED + end, "net.py"), Project())
    assert bool(analysis.shortfalls) == is_told
