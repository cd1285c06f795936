"""Where paths part and meet: what names stand for there, and what objects that are being made have been given.

What an object is given while it is made is known point by point, as what a name of a scope stands for: `__init__` may
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
    """This point, as it is: what follows changes it; `None` where no path leads."""
    names = g.frame.names
    return None if names is None else Point(names, tuple(each.attributes for each in g.unmade))


def copied(point: Point) -> Point:
    """A point that does not change with another."""
    return Point(dict(point.names), tuple(map(dict, point.held)))


def fork(g: Machine) -> Point:
    """This point, to come back to.

    Raises:
        AssertionError: No path leads here.
    """
    point = here(g)
    assert point is not None
    g.look_through(point.names)
    return copied(point)


def go_to(g: Machine, point: Point) -> None:
    """Go on at a point."""
    g.frame.names = point.names
    for instance, attributes in zip(g.unmade, point.held):  # noqa: B905  # of what is being made there
        instance.attributes = attributes


def leave(g: Machine) -> Point:
    """This point, which no path leads on from."""
    point = here(g)
    assert point is not None
    g.frame.names = None
    return point


def met(points: Iterable[Point | None], merge: Callable[[Value, Value], Value] = join) -> Point | None:
    """The point where several paths meet; `None` if none leads there.

    Args:
        points: Where they end.
        merge: What is made of two values that are not the same.
    """
    found = [point for point in points if point is not None]
    if len(found) < 2:
        return found[0] if found else None
    names = joined((point.names for point in found), merge)
    return Point(names, tuple(joined(each, merge) for each in zip(*(point.held for point in found))))  # noqa: B905


def meet(g: Machine, *points: Point | None) -> None:
    """Go on where paths meet that end at these points."""
    point = met(points)
    if point is None:
        g.frame.names = None
    else:
        go_to(g, point)


def anywhere_since(g: Machine, start: Point) -> Point:
    """What may have become of a point: an error may have been raised anywhere in what was run since then."""
    held = (joined((before, each.attributes)) for before, each in zip(start.held, g.unmade))  # noqa: B905
    return Point(joined((start.names, g.frame.names or {})), tuple(held))
