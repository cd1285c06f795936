"""What the files of this room have in common."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from orderlint.graph import Site
from orderlint.graph.guards import ALWAYS, Guard
from orderlint.source.python.containers import iterate, walk
from orderlint.source.state.arguments import Arguments
from orderlint.source.state.machine import Machine
from orderlint.source.state.values import NONE, Element, Unknown, Value

__all__ = ["Method", "Modeled", "all_present", "columns", "same"]

# A modeled function: what a call gives; `None` if these arguments are not modeled.
Modeled: TypeAlias = Callable[[Machine, Arguments, Site], Value | None]
# A modeled method, of the receiver that is its second argument.
Method: TypeAlias = Callable[[Machine, Value, Arguments], Value | None]


def same(m: Machine, arguments: Arguments, site: Site) -> Value:
    """What is given first, as it is: the model of a function that only wraps or copies it."""
    return arguments.positional[0] if arguments.positional else NONE


def columns(m: Machine, iterables: list[Value]) -> list[list[Element]]:
    """The elements of iterables that are walked side by side; unknown ones are as long as the known."""
    known = [len(iterate(m, value)) for value in iterables if not isinstance(value, Unknown)]
    longest = max(known, default=2)
    return [walk(m, value, longest) for value in iterables]


def all_present(elements: tuple[Element, ...]) -> Guard:
    """The guard under which all of these elements are there."""
    guard = ALWAYS
    for element in elements:
        guard = guard & element.guard
    return guard
