"""Positions in a list whose elements are present on some paths only."""

from __future__ import annotations

import pytest

from orderlint.graph.guards import ALWAYS, NEVER, Guard
from orderlint.source.interpreter import Interpreter
from orderlint.source.python import containers, list_positions, truth
from orderlint.source.state.values import Element
from tests.source.running import interpreter, value_of


@pytest.fixture(name="world")
def _world() -> tuple[Interpreter, list[Element], Guard]:
    """An interpreter, the elements of `[1, 2 if p, 3]`, and the guard of `p`."""
    m = interpreter("a = [1]\nif p:\n    a.append(2)\na.append(3)\n")
    return m, containers.iterate(m, value_of(m, "a")), truth.of(m, value_of(m, "p"))


def test_a_position_has_a_guard_for_each_element(world: tuple[Interpreter, list[Element], Guard]) -> None:
    """The second element, from the start or from the end, is `2` under `p`; position 5 has no element."""
    m, elements, p = world
    assert list_positions.at(m, elements, 1) == [NEVER, p, ~p]
    assert list_positions.at(m, elements, 2) == [NEVER, NEVER, p]
    assert list_positions.at(m, elements, -2) == [~p, p, NEVER]
    assert list_positions.at(m, elements, 5) == [NEVER, NEVER, NEVER]


@pytest.mark.parametrize(
    ("bounds", "wanted"),
    [
        (slice(None), "always p always"),
        (slice(1, None), "never p always"),
        (slice(None, -1), "always p never"),
        (slice(2, None), "never never p"),
        (slice(-2, None), "not p always"),
        (slice(1, -1), "never p never"),
        (slice(None, 0), "never never never"),
        (slice(2, 1), "never never never"),
    ],
)
def test_a_slice_has_a_guard_for_each_element(
    bounds: slice, wanted: str, world: tuple[Interpreter, list[Element], Guard]
) -> None:
    """`a[-2:]` contains `1` only if `2` is absent."""
    m, elements, p = world
    words = {"always": ALWAYS, "never": NEVER, "p": p, "not": ~p}
    assert list_positions.between(m, elements, bounds) == [words[word] for word in wanted.split()]


def test_guards_are_those_of_the_current_path(world: tuple[Interpreter, list[Element], Guard]) -> None:
    """Where `p` holds, the second element is `2`."""
    m, elements, p = world
    m.path = p
    assert list_positions.at(m, elements, 1) == [NEVER, p, NEVER]


def test_present_elements_are_counted(world: tuple[Interpreter, list[Element], Guard]) -> None:
    """The length is three under `p`, and two otherwise. A list may have at most a dozen lengths."""
    m, elements, p = world
    counts = {0: ALWAYS}
    for element in elements:
        counts = list_positions.counted(m, counts, element)
    assert counts == {2: ~p, 3: p}
    many = dict.fromkeys(range(list_positions.MOST_COUNTS + 1), ALWAYS)
    assert list_positions.counted(m, many, elements[1]) == many
