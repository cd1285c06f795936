"""Changes of lists by position have the same results as in Python on each path."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderlint.graph.guards import ALWAYS
from orderlint.source.python import containers, list_items, truth
from orderlint.source.state.values import Const, ListObject, restrict
from tests.source.running import interpreter, is_unknown, python_value, value_of

INDICES = st.integers(-4, 4)
BOUNDS = st.one_of(st.just(""), INDICES.map(str))
RANGES = st.builds("{}:{}".format, BOUNDS, BOUNDS)
STEPS = st.sampled_from([":", ":2", ":-1"])


def changes_by(cuts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Statements that change a list `a` by position or by slice."""
    return st.one_of(
        st.builds("a[{}] = 9".format, INDICES),
        st.builds("del a[{}]".format, INDICES),
        st.builds("a.insert({}, 8)".format, INDICES),
        st.builds("b.append(a.pop({}))".format, INDICES),
        st.builds("b += a[{}]".format, cuts),
        st.builds("del a[{}]".format, cuts),
        st.builds("a[{}] = [6, 7]".format, cuts),
    )


CHANGES = changes_by(st.one_of(RANGES, st.builds("{}{}".format, RANGES, STEPS)))


def run(program: list[str]) -> dict[str, Any] | None:
    """The names after Python has run a program; `None` if it raises an error."""
    namespace: dict[str, Any] = {}
    try:
        exec("\n".join(program), namespace)
    except (IndexError, ValueError):
        return None
    return namespace


@given(st.lists(CHANGES, max_size=4))
def test_what_is_known_is_done_as_in_python(changes: list[str]) -> None:
    """Elements are set, deleted, inserted and removed, with slices of every kind."""
    program = ["a = [1, 2, 3]", "b = []", *changes]
    wanted = run(program)
    if wanted is not None:
        m = interpreter("\n".join(program) + "\n")
        assert (python_value(m, "a"), python_value(m, "b")) == (wanted["a"], wanted["b"])


@pytest.mark.parametrize("change", ["del a[0]", "a[0] = 9", "a.pop(-1)", "a[1:] = [7]", "a.insert(1, 5)", "del a[1:]"])
def test_positions_are_those_of_each_path(change: str) -> None:
    """Each path has its own positions."""
    m = interpreter(f"a = [1]\nif flag:\n    a.insert(0, 0)\na.append(2)\n{change}\n")
    flag = truth.of(m, value_of(m, "flag"))
    for guard, start in ((flag, "a = [0, 1, 2]"), (~flag, "a = [1, 2]")):
        wanted = run([start, change])
        assert wanted is not None
        elements = [e for e in containers.iterate(m, value_of(m, "a")) if guard.implies(e.guard)]
        assert [restrict(e.value, guard) for e in elements] == [Const(one) for one in wanted["a"]]


@given(st.lists(changes_by(RANGES), min_size=1, max_size=3))
def test_positions_agree_with_python_on_each_path(changes: list[str]) -> None:
    """Three of five elements are optional, in each combination. Paths on which Python raises an error are left out.

    Slices with steps double the elements for each condition, so only a few are distinguished.
    """
    optional = {"p": 1, "q": 2, "r": 4}
    begun = ["a = [0]", *(f"if {flag}:\n    a.append({n})\na += [3]" for flag, n in optional.items()), "b = []"]
    m = interpreter("\n".join([*begun, *changes]) + "\n")
    conditions = [truth.of(m, value_of(m, flag)) for flag in optional]
    for flags in product((True, False), repeat=len(optional)):
        wanted = run([*(f"{name} = {flag}" for name, flag in zip(optional, flags, strict=True)), *begun, *changes])
        if wanted is None:
            continue
        guard = ALWAYS
        for flag, condition in zip(flags, conditions, strict=True):
            guard &= condition if flag else ~condition
        for name in ("a", "b"):
            elements = [e for e in containers.iterate(m, value_of(m, name)) if guard.implies(e.guard)]
            assert [restrict(e.value, guard) for e in elements] == [Const(one) for one in wanted[name]]


def test_a_place_that_is_not_known_changes_nothing_for_certain() -> None:
    """The removed element may be any of them, and an inserted element is appended."""
    m = interpreter("a = [1, 2]\nb = a.pop(i)\n")
    assert python_value(m, "len(a)") == 2
    container = value_of(m, "a")
    assert isinstance(container, ListObject)
    list_items.insert(m, container, value_of(m, "i"), Const(3))
    assert python_value(m, "a") == [1, 2, 3]


def test_cuts_of_other_things_are_what_python_says_or_unknown() -> None:
    """Slices of strings and tuples are the same as in Python; a slice of an unknown value is always the same one."""
    m = interpreter("s = 'abc'\nt = (1, 2, 3)\n")
    assert (python_value(m, "s[1:]"), python_value(m, "t[::-1]")) == ("bc", (3, 2, 1))
    assert is_unknown(m, "x[1:]")
    assert value_of(m, "x[1:]") == value_of(m, "x[1:]")


def test_a_slice_that_is_not_known_may_replace_each_element() -> None:
    """The length does not change."""
    m = interpreter("a = [1, 2]\na[:i] = [3]\n")
    assert python_value(m, "len(a)") == 2
    assert is_unknown(m, "a[0]")
    assert is_unknown(m, "a[1]")
