"""Lists, tuples and dictionaries of abstract values."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderlint.graph import Limit
from orderlint.graph.guards import ALWAYS
from orderlint.source.python import containers
from orderlint.source.state.values import NONE, Choice, Const, Element, Sequence, Unknown
from tests.source.running import interpreter, is_unknown, python_value, value_of
from tests.source.worlds import ATOMS, holds_in, value_in, worlds


@pytest.mark.parametrize(
    ("expression", "wanted"),
    [
        ("a[0]", 1),
        ("a[-1]", 3),
        ("a[True]", 2),
        ("a[1:]", [2, 3]),
        ("a[::-1]", [3, 2, 1]),
        ("a[:-1]", [1, 2]),
        ("(1, 2)[1]", 2),
        ("'abc'[1]", "b"),
        ("'abc'[1:]", "bc"),
        ("{'x': 1}['x']", 1),
        ("{1: 'a', **{2: 'b'}}", {1: "a", 2: "b"}),
        ("[*a, *(4, 5)]", [1, 2, 3, 4, 5]),
    ],
)
def test_known_items_are_pythons(expression: str, wanted: object) -> None:
    """An item or a slice of a known container is the same as in Python."""
    assert python_value(interpreter("a = [1, 2, 3]\n"), expression) == wanted


@pytest.mark.parametrize("expression", ["a[5]", "a['x']", "{'x': 1}['y']", "'abc'[7]", "a[::0]", "blocks[0]"])
def test_what_is_not_there_is_unknown(expression: str) -> None:
    """A missing item is unknown, and so is an item of an unknown container."""
    assert is_unknown(interpreter("a = [1, 2, 3]\n"), expression)


def test_unknown_containers_go_on_perhaps() -> None:
    """An unknown iterable has a first element, and each later one if the iteration continues."""
    m = interpreter()
    first, second = containers.iterate(m, value_of(m, "blocks"))
    assert first.guard is ALWAYS
    assert second.guard is not ALWAYS
    assert first.value != second.value


def test_an_unknown_index_may_be_each() -> None:
    """`layers[i]` is a choice of the layers, each under the guard that `i` is its index."""
    m = interpreter("from keras import layers\nfound = [layers.ReLU(), layers.ELU()][i]\n")
    found = value_of(m, "found")
    assert isinstance(found, Choice)
    zero = m.conditions.equal(_unknown(m, "i"), Const(0))
    assert found.alternatives[0][0] is zero


def _unknown(m: object, name: str) -> Unknown:
    found = value_of(m, name)  # type: ignore[arg-type]
    assert isinstance(found, Unknown)
    return found


def test_too_many_items_to_tell_apart_are_told() -> None:
    """An unknown index into a list of too many layers is a shortfall."""
    m = interpreter("from keras import layers\na = [layers.ReLU(name=str(i)) for i in range(20)]\nb = a[i]\n")
    assert [one.limit for one in m.shortfalls.values()] == [Limit.ALTERNATIVES]


@given(st.lists(st.sampled_from(["", *ATOMS]), max_size=4), st.integers(-4, 3))
def test_an_index_counts_the_elements_that_are_there(guards: list[str], index: int) -> None:
    """In each world an index selects the element that it selects in the list of that world."""
    m = interpreter()
    space = m.conditions.space
    for atom in ATOMS:
        space.atom(atom)
    elements = [Element(Const(i), space.atom(atom) if atom else ALWAYS) for i, atom in enumerate(guards)]
    found = containers.item(m, m.new_list(elements), Const(index))
    for world in worlds():
        there = [element.value for element in elements if holds_in(element.guard, world, space)]
        if -len(there) <= index < len(there) and isinstance(found, (Const, Choice)):
            assert value_in(found, world, space) == there[index]


@pytest.mark.parametrize(
    ("code", "name", "wanted"),
    [
        ("a, b = 1, 2", "b", 2),
        ("a, *b = [1, 2, 3]", "b", [2, 3]),
        ("*a, b = [1, 2, 3]", "a", [1, 2]),
        ("a, (b, c) = 1, (2, 3)", "c", 3),
        ("(a, b), c = 'xy', 1", "b", "y"),
    ],
)
def test_targets_are_unpacked(code: str, name: str, wanted: object) -> None:
    """The parts of a known value are bound as in Python."""
    assert python_value(interpreter(code), name) == wanted


def test_a_value_is_unpacked_on_each_path() -> None:
    """`a, b = (1, 2) if deep else (3, 4)` binds each name to its value on each path."""
    m = interpreter("a, b = (1, 2) if deep else (3, 4)\n")
    found = value_of(m, "b")
    assert isinstance(found, Choice)
    assert {value for _, value in found.alternatives} == {Const(2), Const(4)}


def test_a_parameter_is_settled_by_its_default() -> None:
    """An argument that no visible call sets has its default, except on paths that exclude the default."""
    m = interpreter()
    given = m.unknown("rate", Const(0.5))
    assert containers.settled(m, given) == Const(0.5)
    m.path = ~m.conditions.equal(given, Const(0.5))
    assert containers.settled(m, given) == given


def test_tensors_are_their_items() -> None:
    """An item, a slice and a part of a tensor are the tensor."""
    m = interpreter("from keras import Input\nx = Input((3,))\na, b = x\n")
    assert all(value_of(m, text) == value_of(m, "x") for text in ("x[0]", "x[1:]", "x[..., :4]", "a", "b"))


def test_other_values_have_no_elements() -> None:
    """Only containers can be iterated over."""
    m = interpreter()
    assert containers.iterate(m, NONE) == []
    assert containers.iterate(m, Sequence(())) == []
