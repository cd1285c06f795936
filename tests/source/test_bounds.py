"""The work of the interpreter is bounded for any input: generated nested branches, loops and helpers."""

from __future__ import annotations

import pytest

from orderlint.judging import DEFAULT_ORDER, judge
from orderlint.source import Project, analyze
from orderlint.source.state.budget import STEPS_PER_FILE, STEPS_PER_ROOT
from orderlint.text.files import source_from_text
from tests.judged import RULES

HEADER = "from keras import Input, Sequential, layers\n"
LAYERS = ("layers.ReLU()", "layers.Dropout(0.5)", "layers.BatchNormalization()")


def branches(count: int) -> str:
    flags = ", ".join(f"c{i}" for i in range(count))
    body = "".join(f"    if c{i}: x = {LAYERS[i % 3]}(x)\n" for i in range(count))
    return f"def f(x, {flags}):\n    x = layers.Dense(3)(x)\n{body}    return x\n"


def nested_branches(count: int) -> str:
    lines = ["def f(x, c):", "    x = layers.Dense(3)(x)"]
    for i in range(count):
        lines += [" " * (4 + i) + f"if c[{i}]:", " " * (5 + i) + f"x = {LAYERS[i % 3]}(x)"]
    return "\n".join([*lines, "    return x", ""])


def nested_loops(count: int) -> str:
    lines = ["def f(x, n):"]
    for i in range(count):
        lines += [" " * (4 + i) + f"for i{i} in range(n):", " " * (5 + i) + "x = layers.Dense(3)(x)"]
    return "\n".join([*lines, "    return x", ""])


def doubling_helpers(count: int) -> str:
    helpers = "".join(f"def f{i}(x):\n    return f{i - 1}(f{i - 1}(x))\n" for i in range(1, count))
    return f"def f0(x):\n    return layers.Dense(3)(x)\n{helpers}f{count - 1}(Input((3,)))\n"


def recursion(count: int) -> str:
    calls = "f(" * count + "x" + ", n - 1)" * count
    return f"def f(x, n):\n    if n:\n        return {calls}\n    return layers.Dense(3)(x)\nf(Input((3,)), 10 ** 6)\n"


def endless_loop(count: int) -> str:
    return f"i, x = 0, Input((3,))\nwhile i < 10 ** {count}:\n    x = layers.Dense(3)(x)\n    i += 1\n"


def guarded_lists(count: int) -> str:
    flags = ", ".join(f"c{i}" for i in range(count))
    body = "".join(f"    stack.append({LAYERS[i % 3]} if c{i} else layers.Dense(3))\n" for i in range(count))
    return f"def f({flags}):\n    stack = []\n{body}    return Sequential(stack)\n"


def tables(count: int) -> str:
    body = "".join(f"    x = d[c[{i}]](3)(x)\n" for i in range(count))
    table = "{'a': layers.ReLU, 'b': layers.BatchNormalization, 'c': layers.Dense}"
    return f"def f(x, c):\n    d = {table}\n{body}    return x\n"


def huge_constants(count: int) -> str:
    return (
        f"m = Sequential([layers.Dense(3) for _ in range(10 ** {count})])\n"
        f"n = Sequential([layers.Dense(3)] * 10 ** {count})\n"
        f"text = 'a' * 10 ** {count}\nnumber = 10 ** 10 ** {count}\nfor i in range(10 ** {count}):\n    number += i\n"
    )


SHAPES = [
    (branches, 200),
    (nested_branches, 60),
    (nested_loops, 18),
    (doubling_helpers, 60),
    (recursion, 4),
    (endless_loop, 9),
    (guarded_lists, 200),
    (tables, 60),
    (huge_constants, 12),
]


@pytest.mark.parametrize(("shape", "count"), SHAPES, ids=lambda value: getattr(value, "__name__", None))
def test_work_is_bounded(shape, count: int) -> None:  # type: ignore[no-untyped-def]
    """The number of recorded calls and steps stays within the budget, and the rules finish."""
    graphs = analyze(source_from_text(HEADER + shape(count), "nest.py"), Project())
    assert 0 < sum(len(graph.calls) for graph in graphs) <= STEPS_PER_FILE
    assert max(len(graph.calls) for graph in graphs) <= STEPS_PER_ROOT
    judge(graphs, [rule for rule in RULES.values() if rule.default_on], DEFAULT_ORDER)


def test_what_follows_a_hopeless_definition_is_still_judged() -> None:
    """A root that exceeds its bound does not affect others."""
    text = HEADER + doubling_helpers(60) + "m = Sequential([layers.ReLU()])\n"
    text += "def later(x):\n    x = layers.Dense(3, activation='relu')(x)\n    return layers.BatchNormalization()(x)\n"
    graphs = analyze(source_from_text(text, "nest.py"), Project())
    found = judge(graphs, [RULES["ORD001"]], DEFAULT_ORDER)
    assert [violation.at.layer for violation in found] == ["BatchNormalization"]
