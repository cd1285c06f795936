"""Readers of a value that a repair changes, other than layers."""

from __future__ import annotations

import pytest

from orderlint.repair import fix_text
from orderlint.repair.net import readers, safety
from orderlint.repair.net.simulation import paths_of
from orderlint.source import analyze
from orderlint.text.files import source_from_text
from tests.judged import standards

IMPORTS = "from keras.layers import *\n\n\n"
ROW = "    x = Dense(8)(x)\n    x = ReLU()(x)\n{}    x = BatchNormalization()(x)\n    return x\n"
ARMS = (
    "def f(x, c, show):\n    x = Dense(8, activation='relu')(x)\n    if c:\n        y = BatchNormalization()(x)\n{}"
    "    else:\n        y = Dropout(0.5)(x)\n{}    return y\n"
)
TAILS = (
    "def f(x, c, show):\n    if c:\n        y = Dense(8)(x)\n        y = ReLU()(y)\n"
    "    else:\n        y = Dense(4)(x)\n        y = ReLU()(y)\n{}    z = BatchNormalization()(y)\n{}    return z\n"
)
ITERATIONS = (
    "def f(x, n, show):\n    for i in range(n):\n        x = Dense(8)(x)\n        if i == n - 1:\n"
    "            x = ReLU()(x)\n{}    y = BatchNormalization()(x)\n{}    return y\n"
)
OPTIONAL = (
    "def f(x, a, n, show):\n    x = Dense(8)(x)\n    if a:\n        kept = []\n"
    "        def peek():\n            kept.append(x)\n"
    "        x = ReLU()(x)\n{}    if n:\n        x = BatchNormalization()(x)\n    return x\n"
)
BOUND_TWICE = (
    "def f(x, show):\n{}    for _ in range(3):\n{}        y = Dense(8)(x)\n        y = ReLU()(y)\n"
    "        x = BatchNormalization()(y)\n    return x\n"
)
HELPER = (
    "def f(x, show):\n    def act(v):\n        return ReLU()(v)\n    x = act(Dense(8)(x))\n    show(x)\n"
    "    return BatchNormalization()(x)\n"
)


def left(text: str) -> list[str]:
    """The reasons of the remaining findings."""
    return [one.reason for one in fix_text(source_from_text(IMPORTS + text, "net.py"), standards()).left]


@pytest.mark.parametrize(
    "reader",
    [
        "    show(x)\n",
        "    show(one=x)\n",
        "    show(*[x])\n",
        "    kept = {'one': x}\n",
        "    kept.append(x)\n",
        "    kept.one = x\n",
        "    kept['one'] = x\n",
        "    f'{show(x)}'\n",
        "    show(lambda: x)\n",
        "    peek()\n",
        "    show(peek)\n",
        "    show(locals())\n",
        "    eval('x')\n",
        "    assert show(x)\n",
        "    if show(x): pass\n",
        "    while show(x): break\n",
        "    with show(x): pass\n",
        "    for one in (x,): show(one)\n",
        "    [show(one) for one in [x]]\n",
        "    try: show(x)\n    finally: pass\n",
        "    def late(value=x): show(value)\n",
        "    class Holder:\n        value = x\n",
        "    other = x\n    show(other)\n",
        "    show((other := x))\n",
    ],
)
def test_what_is_read_between_the_layers_is_no_longer_changed(reader: str) -> None:
    """Any form of reader prevents the repair."""
    head = "def f(x, show, kept):\n    def peek():\n        return x\n"
    (reason,) = left(head + ROW.format(reader))
    assert any(said in reason for said in ("also read in line", "is also used in line"))


@pytest.mark.parametrize(
    "reader", ["", "    x\n", "    print(x)\n", "    n = x.shape[-1]\n", "    if x is None: return None\n"]
)
def test_what_is_shown_or_asked_for_its_shape_is_no_obstacle(reader: str) -> None:
    """The shape is the same after the repair, and printed values do not matter."""
    assert left("def f(x, show, kept):\n" + ROW.format(reader)) == []


@pytest.mark.parametrize(
    "text",
    [
        ARMS.format("        show(x)\n", ""),
        ARMS.format("", "    show(x)\n"),
        TAILS.format("    show(y)\n", ""),
        TAILS.format("", "    show(y)\n"),
        ITERATIONS.format("    show(x)\n", ""),
        ITERATIONS.format("", "    show(x)\n"),
        BOUND_TWICE.format("    y = x\n", "        show(y)\n"),
        HELPER,
        OPTIONAL.format("        peek()\n        show(*kept)\n"),
    ],
)
def test_every_way_passes_through_the_check(text: str) -> None:
    """Branches, their ends, the last iteration of a loop, and helpers."""
    reasons = left(text)
    assert reasons
    assert not any("bug" in reason for reason in reasons)


@pytest.mark.parametrize(
    "text",
    [
        ARMS.format("", "    show(y)\n"),
        TAILS.format("", "    show(z)\n"),
        ITERATIONS.format("", "    show(y)\n"),
        BOUND_TWICE.format("", "        show(x)\n"),
    ],
)
def test_what_has_passed_all_layers_may_be_read(text: str) -> None:
    """The value after the last layer has passed the same layers in another order."""
    assert left(text) == []


def test_without_the_check_a_way_changes_what_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the check, the repair is wrong."""
    monkeypatch.setattr(safety, "changed_reader", lambda *_: None)
    assert left(ITERATIONS.format("", "    show(x)\n")) == []
    assert left(TAILS.format("", "    show(y)\n")) == []


def test_nothing_changes_where_the_text_stays() -> None:
    """Without a repair, each reader gets the same values."""
    file = source_from_text(IMPORTS + "def f(x, show):\n" + ROW.format("    show(x)\n"), "net.py")
    analysis = analyze(file)
    side = file, paths_of(analysis), analysis
    assert readers.changed_reader(side, side, ()) is None
