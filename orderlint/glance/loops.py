"""Loops over known elements, one by one, and loops with any number of iterations."""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from orderlint.glance import containers, paths
from orderlint.glance.frames import Point
from orderlint.glance.lists import Part, Tail
from orderlint.glance.unsure import Unsure
from orderlint.glance.values import again

if TYPE_CHECKING:
    from orderlint.glance.machine import Machine

__all__ = ["any_number", "leave", "run_for", "run_while"]

MOST_ITERATIONS = 12  # iterations of a loop, until the values of its names settle
Iteration = Callable[[], list[Point]]
"""Runs one iteration of a loop. Returns the points where the loop is left."""


def run_for(g: Machine, node: ast.For | ast.AsyncFor) -> None:
    """`for target in iterable`."""
    iterable = g.peek(node.iter)
    lists = containers.unrolled(iterable)
    if lists is None:
        element = containers.element(g, iterable)

        def iteration() -> list[Point]:
            containers.assign(g, node.target, element)
            return _iteration(g, node.body)

        _ended(g, node.orelse, any_number(g, iteration))
        return
    if len(lists) == 1:
        _ended(g, node.orelse, _over(g, node, lists[0]))
        return
    start, ends = paths.fork(g), []
    for parts in lists:
        paths.go_to(g, paths.copied(start))
        _ended(g, node.orelse, _over(g, node, parts))
        ends.append(paths.here(g))
    paths.meet(g, *ends)


def run_while(g: Machine, node: ast.While) -> None:
    """`while test`."""

    def iteration() -> list[Point]:
        g.peek(node.test)
        return _iteration(g, node.body)

    _ended(g, node.orelse, any_number(g, iteration))


def _ended(g: Machine, orelse: Sequence[ast.stmt], exits: Sequence[Point]) -> None:
    """Run the `else` branch of a loop that was not left, and join the paths after the loop."""
    if g.frame.names is not None:
        g.run_block(orelse)
    paths.meet(g, paths.here(g), *exits)


def _over(g: Machine, node: ast.For | ast.AsyncFor, parts: Sequence[Part]) -> list[Point]:
    """Run a loop over known elements. Return the points where it is left."""
    exits: list[Point] = []
    for elements, is_repeated in parts:
        if is_repeated:
            exits += any_number(g, partial(_one_by_one, g, node, elements))
        else:
            exits += _one_by_one(g, node, elements)
    return exits


def _one_by_one(g: Machine, node: ast.For | ast.AsyncFor, elements: Tail) -> list[Point]:
    """Run an iteration for each of some elements, which may be missing. Return the points where the loop is left."""
    exits: list[Point] = []
    for value, may_miss in elements:
        if g.frame.names is None:
            break
        g.look_through(g.frame.names)
        before = paths.fork(g) if may_miss else None
        containers.assign(g, node.target, value)
        exits += _iteration(g, node.body)
        if before is not None:
            paths.meet(g, before, paths.here(g))
    return exits


def _iteration(g: Machine, body: Sequence[ast.stmt]) -> list[Point]:
    """Run one iteration, to its end or a `continue`. Return the points where the loop is left."""
    g.frame.broken += [[], []]
    g.run_block(body)
    continued, broken = g.frame.broken.pop(), g.frame.broken.pop()
    paths.meet(g, paths.here(g), *continued)
    return broken


def any_number(g: Machine, iteration: Iteration) -> list[Point]:
    """Run any number of iterations. Return the points where the loop is left.

    Raises:
        Unsure: The values of its names do not settle.
    """
    exits: list[Point] = []
    head = paths.here(g)
    if head is None:
        return exits
    for _ in range(MOST_ITERATIONS):
        g.look_through(head.names)
        paths.go_to(g, paths.copied(head))
        exits += iteration()
        after = paths.met((head, paths.here(g)), again)
        assert after is not None
        if after == head:
            paths.go_to(g, head)
            return exits
        head = after
    raise Unsure("a loop that does not settle")


def leave(g: Machine, *, goes_on: bool) -> None:
    """Run `break`, or `continue` if the loop goes on."""
    if g.frame.names is not None and g.frame.broken:
        g.frame.broken[-1 if goes_on else -2].append(paths.leave(g))
    g.frame.names = None
