"""Dictionaries that are filled by loops of unknown length."""

from __future__ import annotations

import pytest

from orderlint.source.python import rows
from orderlint.source.state.values import NONE, Choice, Const, DictObject, ListObject, Sequence, Unknown
from tests.source.running import interpreter, value_of


def filled(code: str) -> list[tuple[object, bool]]:
    """For each entry of `d`, the number of its iteration, and whether the iteration is spare."""
    m = interpreter(code)
    found = value_of(m, "d")
    assert isinstance(found, DictObject)
    pairs = rows.pairs(m, found)
    return [
        (one.iteration and one.iteration.number, bool(one.iteration and one.iteration.is_spare)) for one in pairs or []
    ]


ALL = [(0, False), (1, False), (2, True)]


@pytest.mark.parametrize(
    "code",
    [
        "d = dict(zip(xs, ys))",
        "d = {x: 1 for x in xs}",
        "d = dict([(x, 1) for x in xs])",
        "d = dict(dict(zip(xs, xs)))",
    ],
)
def test_the_entries_are_those_of_the_iterations(code: str) -> None:
    """The entry of the spare iteration is included."""
    assert filled(code) == ALL


def test_a_loop_that_sets_entries_gives_them_their_iterations() -> None:
    """A loop runs its spare iteration only on request."""
    assert filled("d = {}\nfor x in xs:\n    d[x] = x\n") == ALL[:2]


@pytest.mark.parametrize(
    "code",
    [
        "d = {}\nd[x] = 1",
        "d = dict(zip(xs, ys))\nd[x] = 1",
        "d = dict(zip(xs, ys))\nd.pop(x)",
        "d = dict(zip(xs, ys))\nd.clear()",
        "d = dict(zip(xs, ys))\nd.update(more)",
        "d = {}\nfor x in xs:\n    d[y] = x\n    d[z] = x\n",
        "d = {}\nfor x in xs:\n    for y in ys:\n        d[x, y] = d[y] = x\n",
    ],
)
def test_other_entries_have_no_order(code: str) -> None:
    """An entry that is set outside of a loop, or under any key, may be an existing one."""
    assert filled(code) == []


def test_what_is_set_twice_in_an_iteration_belongs_to_no_iteration_of_a_walk() -> None:
    """There are more entries than iterations."""
    found = filled("d = {}\nfor x in xs:\n    d[x] = x\n    d[f'{x}b'] = x\n")
    assert found == [(None, False)] * 4


def test_an_entry_that_is_set_again_replaces_the_one_of_its_iteration() -> None:
    """The key still exists. The values from further iterations are unknown."""
    m = interpreter("d = dict(zip(xs, ys))\nfor x in xs:\n    d[x] = 1\n")
    found, key = value_of(m, "d"), value_of(m, "[x for x in xs][0]")
    assert isinstance(found, DictObject)
    assert isinstance(key, Unknown)
    values = [pair.value.elements[1].value for pair in rows.pairs(m, found) or ()]  # type: ignore[attr-defined]
    assert values[:2] == [Const(1), Const(1)]
    assert getattr(values[2], "nth", None) is None
    assert len(rows.keys(m, found) or []) == 3
    assert rows.entry(m, found, key) == Const(1)


def test_the_last_entry_is_that_of_the_last_iteration() -> None:
    """The second iteration has it, too, if it is the last."""
    m = interpreter("d = dict(zip(xs, xs[1:] + [None]))")
    found = value_of(m, "d")
    assert isinstance(found, DictObject)
    _, second, third = rows.pairs(m, found) or []
    assert isinstance(second.value, Sequence)
    assert isinstance(second.value.elements[1].value, Choice)
    assert isinstance(third.value, Sequence)
    assert third.value.elements[1].value == NONE


def test_entries_that_were_there_before_come_first() -> None:
    """Entries that are set after the loop come last."""
    m = interpreter("d = {'a': 1}\nfor x in xs:\n    d[x] = x\nd['z'] = 2\n")
    found = value_of(m, "d")
    assert isinstance(found, DictObject)
    names = [one.value for one in rows.keys(m, found) or []]
    assert (names[0], names[-1], len(names)) == (Const("a"), Const("z"), 4)


@pytest.mark.parametrize("read", ["list(d)", "list(d.keys())", "list(d.items())", "dict(d)", "d.update(a=1)", "len(d)"])
def test_entries_of_a_loop_that_was_cut_off_have_no_order(read: str) -> None:
    """The entries from further iterations are unknown."""
    m = interpreter("d = {}\nfor k in xs:\n    d[k] = 1\n")
    made = value_of(m, "d")
    assert isinstance(made, DictObject)
    noted = m.read(made.uid, rows.ROWS)
    assert isinstance(noted, ListObject)
    m.leave_open([noted.uid])
    value_of(m, read)
    assert rows.keys(m, made) is None
    rows.add(m, made, Const("other"), Const(2))
    assert rows.pairs(m, made) is None
