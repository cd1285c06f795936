"""Points where paths part and meet: the values of names there, and the attributes of objects that are being created.

The attributes of an object are tracked along the code while it is created, like the names of a scope: `__init__` may
return early, and a loop may be left.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from orderlint.glance.frames import Point, joined
from orderlint.glance.things import Value
from orderlint.glance.values import join

if TYPE_CHECKING:
    from orderlint.glance.machine import Machine

__all__ = ["anywhere_since", "copied", "fork", "go_to", "here", "leave", "meet", "met"]


def here(g: Machine) -> Point | None:
    """The current point itself, which the following code changes; `None` if no path leads here."""
    names = g.frame.names
    return None if names is None else Point(names, tuple(each.attributes for each in g.unmade))


def copied(point: Point) -> Point:
    """A copy of a point, which does not change with it."""
    return Point(dict(point.names), tuple(map(dict, point.held)))


def fork(g: Machine) -> Point:
    """A copy of the current point, to return to.

    Raises:
        AssertionError: No path leads here.
    """
    point = here(g)
    assert point is not None
    g.look_through(point.names)
    return copied(point)


def go_to(g: Machine, point: Point) -> None:
    """Continue at a point."""
    g.frame.names = point.names
    for instance, attributes in zip(g.unmade, point.held):  # noqa: B905  # of what is being made there
        instance.attributes = attributes


def leave(g: Machine) -> Point:
    """The current point, after which this path ends."""
    point = here(g)
    assert point is not None
    g.frame.names = None
    return point


def met(points: Iterable[Point | None], merge: Callable[[Value, Value], Value] = join) -> Point | None:
    """The point where several paths meet; `None` if no path leads there.

    Args:
        points: The ends of the paths.
        merge: Joins two values that differ.
    """
    found = [point for point in points if point is not None]
    if len(found) < 2:
        return found[0] if found else None
    names = joined((point.names for point in found), merge)
    return Point(names, tuple(joined(each, merge) for each in zip(*(point.held for point in found))))  # noqa: B905


def meet(g: Machine, *points: Point | None) -> None:
    """Continue where the paths meet that end at these points."""
    point = met(points)
    if point is None:
        g.frame.names = None
    else:
        go_to(g, point)


def anywhere_since(g: Machine, start: Point) -> Point:
    """What a point may have become, if any of the code that ran since then may have raised an error."""
    held = (joined((before, each.attributes)) for before, each in zip(start.held, g.unmade))  # noqa: B905
    return Point(joined((start.names, g.frame.names or {})), tuple(held))
