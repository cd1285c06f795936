"""Which function of the file a call runs."""

from __future__ import annotations

import libcst as cst
import pytest

from orderlint.repair.text.syntax import Spot
from orderlint.repair.ways.callees import callee, calls_of
from tests.repair.texts import syntax_of

OWN = "class Act:\n    def call(self, x):\n        return x\n"
KEEPING = (
    "class Net:\n    def __init__(self):\n        {}\n    def call(self, x):\n        return self.act(x)  # here\n"
)


def run_by(text: str) -> str | None:
    """The line of the function that the call on the line marked with `# here` runs."""
    syntax = syntax_of(text)
    (tree,) = syntax.trees
    start = tree.text.index("# here")
    first = tree.line_start(start)
    calls = [node for node in tree.parents if isinstance(node, cst.Call) and first <= tree.span(node)[0] < start]
    found = callee(syntax, Spot(tree, max(calls, key=lambda call: tree.span(call)[1])))
    if found is None:
        return None
    return tree.text[tree.line_start(tree.span(found)[0]) :].partition("\n")[0].strip()


@pytest.mark.parametrize(
    ("text", "function"),
    [
        ("def act(x):\n    return x\ny = act(x)  # here\n", "def act(x):"),
        ("act = lambda x: x\ny = act(x)  # here\n", "act = lambda x: x"),
        (f"{OWN}y = Act()(x)  # here\n", "def call(self, x):"),
        (f"{OWN}act = Act()\ny = act(x)  # here\n", "def call(self, x):"),
        (OWN + KEEPING.format("self.act = Act()"), "def call(self, x):"),
        (KEEPING.format("self.act = lambda x: x"), "self.act = lambda x: x"),
        ("class A:\n    def act(self, x):\n        return x\n    def f(self, x):\n        self.act(x)  # here\n",
         "def act(self, x):"),
    ],
)  # fmt: skip
def test_what_a_call_runs(text: str, function: str) -> None:
    """A function, a lambda, a method, or the `call` of a custom layer."""
    assert run_by(text) == function


@pytest.mark.parametrize(
    "text",
    [
        "y = act(x)  # here\n",
        "from blocks import act\ny = act(x)  # here\n",
        "act = lambda x: x\nif fast:\n    act = lambda x: 2 * x\ny = act(x)  # here\n",
        "first = lambda x: x\nsecond = first\nact = second\ny = act(x)  # here\n",
        "act = acts['relu']\ny = act(x)  # here\n",
        f"{OWN}y = act.call(x)  # here\n",
        "class Act:\n    pass\ny = Act()(x)  # here\n",
        "y = Act()(x)  # here\n",
        OWN + KEEPING.format("self.act = Act() if fast else None; self.act = Act()"),
        "self.act(x)  # here\n",
    ],
)
def test_what_is_not_certain(text: str) -> None:
    """Names of other files, names that are bound twice, and values from a lookup."""
    assert run_by(text) is None


def test_the_calls_that_run_a_function() -> None:
    """By any name of the function; other functions with that name are excluded."""
    syntax = syntax_of(f"{OWN}act = Act()\nx = act(Act()(x))\nx = other.call(x)\n")
    (tree,) = syntax.trees
    (function,) = (node for node in tree.parents if isinstance(node, cst.FunctionDef))
    assert sorted(tree.code(spot.node) for spot in calls_of(syntax, function)) == ["Act()(x)", "act(Act()(x))"]
