"""What the modules of this package share."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

from orderlint.graph import Site
from orderlint.graph.guards import ALWAYS, NEVER, Guard, union
from orderlint.source.python import list_positions
from orderlint.source.python.containers import gathered, walk
from orderlint.source.state.arguments import Arguments
from orderlint.source.state.machine import Machine
from orderlint.source.state.values import NONE, Element, Iteration, Sequence, Unknown, Value

__all__ = ["Method", "Modeled", "all_present", "columns", "same", "side_by_side"]

# A modeled function. It returns the result of a call; `None` if these arguments are not modeled.
Modeled: TypeAlias = Callable[[Machine, Arguments, Site], Value | None]
# A modeled method. Its second argument is the receiver.
Method: TypeAlias = Callable[[Machine, Value, Arguments], Value | None]


def same(m: Machine, arguments: Arguments, site: Site) -> Value:
    """Return the first argument. This models functions that only wrap or copy it."""
    return arguments.positional[0] if arguments.positional else NONE


def columns(m: Machine, iterables: list[Value]) -> list[list[Element]]:
    """The elements of iterables that are iterated in parallel. Unknown ones are as long as the known ones."""
    lists = (walk(m, value) for value in iterables if not isinstance(value, Unknown))
    known = [_by_place(m, elements) for elements in gathered(m, lists)]
    longest = max((sum(not _is_spare(element) for element in elements) for elements in known), default=2)
    return [_by_place(m, walk(m, value, longest)) for value in iterables]


def _by_place(m: Machine, elements: list[Element]) -> list[Element]:
    """One element for each position. Its value depends on which of the elements before it are present."""
    if all(element.guard is ALWAYS or element.iteration is not None for element in elements):
        return elements
    places: list[list[tuple[Guard, Value]]] = []
    before: Mapping[int, Guard] = {0: ALWAYS}  # by the number of elements before this one
    for element in elements:
        if _is_spare(element):
            continue
        for count, guard in before.items():
            here = guard & element.guard
            if here is not NEVER:
                places += [[] for _ in range(count + 1 - len(places))]
                places[count].append((here, element.value))
        before = list_positions.counted(m, before, element)
    return [Element(m.choose(options), union(guard for guard, _ in options)) for options in places if options]


def _is_spare(element: Element) -> bool:
    return element.iteration is not None and element.iteration.is_spare


def all_present(elements: tuple[Element, ...]) -> Guard:
    """The guard under which all of these elements are present."""
    guard = ALWAYS
    for element in elements:
        guard = guard & element.guard
    return guard


def side_by_side(m: Machine, iterables: list[Value]) -> Value:
    """`zip(*iterables)`."""
    sides = columns(m, iterables)
    _refuse_shorter(m, iterables, sides)
    rows = zip(*sides, strict=False)
    return Sequence(
        tuple(
            Element(Sequence(tuple(Element(e.value) for e in row)), all_present(row), iteration=_iteration(row))
            for row in rows
        )
    )


def _refuse_shorter(m: Machine, iterables: list[Value], sides: list[list[Element]]) -> None:
    """Refuse the paths on which an unknown iterable is shorter than a list whose length is not known to differ."""
    for iterable, unknown in zip(iterables, sides, strict=True):
        if isinstance(iterable, Unknown):
            for other, known in zip(iterables, sides, strict=True):
                if not isinstance(other, Unknown) and not _bases(unknown) & _bases(known):
                    for one, two in zip(unknown, known, strict=False):
                        if one.guard is not ALWAYS:
                            m.refuse(unless=one.guard | ~two.guard)


def _bases(elements: list[Element]) -> set[Unknown]:
    """The unknowns that determine the number of some elements."""
    return {base for element in elements if element.iteration is not None for base, _ in element.iteration.lengths}


def _iteration(row: tuple[Element, ...]) -> Iteration | None:
    """The iteration of a row of parallel elements. There are as many rows as each iterable has elements."""
    known = [element.iteration for element in row if element.iteration is not None]
    if not known or len(known) < len(row):
        return None
    lengths = tuple(length for iteration in known for length in iteration.lengths)
    return Iteration(lengths, known[0].number, any(iteration.is_spare for iteration in known))
