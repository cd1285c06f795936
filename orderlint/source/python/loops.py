"""Runs loops: every turn over known elements, a first and a later one over unknown ones, until nothing new is met."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial

import libcst as cst

from orderlint.graph import Limit
from orderlint.graph.guards import ALWAYS, NEVER
from orderlint.source.python import containers, truth
from orderlint.source.python.syntax import target_names
from orderlint.source.state.activity import Loop
from orderlint.source.state.machine import Machine
from orderlint.source.state.values import Element

__all__ = ["run_for", "run_while"]

MOST_TURNS = 400  # of a loop over known elements
IDLE_TURNS = 8  # after so many turns in which no layer was met that was not met before, a loop is left
IDLE_TURNS_INSIDE = 3  # the same for a loop inside another
UNKNOWN_TURNS = 2


def run_for(m: Machine, node: cst.For) -> None:
    """Run a `for` loop."""
    iterable = m.evaluate(node.iter)
    elements = containers.iterate(m, iterable)
    m.frame.iterated.update(target_names(node.target))

    def turn(element: Element) -> Callable[[], None]:
        def run() -> None:
            m.assign(node.target, element.value)
            _turn(m, node.body)

        return lambda: m.when(element.guard, run)

    _loop(m, node, _counted(m, map(turn, elements)))


def run_while(m: Machine, node: cst.While) -> None:
    """Run a `while` loop; one that nothing decides runs at least once."""

    def turns() -> Iterable[Callable[[], None]]:
        unknown = 0
        while unknown < UNKNOWN_TURNS:
            guard = truth.holds(m, node.test)
            if not guard.meets(m.path):
                return
            if guard is not ALWAYS or _is_true(node.test):
                unknown += 1
            # "A loop body runs at least once": the first turn of an undecided loop is not left out.
            first = unknown == 1 and guard is not ALWAYS
            when = ALWAYS if first else guard
            yield partial(m.when, when, partial(_turn, m, node.body))

    _loop(m, node, _counted(m, turns()))


def _counted(m: Machine, turns: Iterable[Callable[[], None]]) -> Iterable[Callable[[], None]]:
    """The first turns of a loop."""
    for number, run in enumerate(turns):
        if number >= MOST_TURNS:
            m.fall_short(Limit.TURNS)
            return
        yield run


def _is_true(node: cst.BaseExpression) -> bool:
    return (isinstance(node, cst.Name) and node.value == "True") or isinstance(node, cst.Integer)


def _turn(m: Machine, body: cst.BaseSuite) -> None:
    """One turn of a loop: `continue` leads to its end."""
    loop = m.loops[-1]
    m.run(body)
    m.path = m.path | loop.continued
    loop.continued = NEVER


def _loop(m: Machine, node: cst.For | cst.While, turns: Iterable[Callable[[], None]]) -> None:
    loop = Loop()
    with m.entering(m.frame):
        m.loops, m.loops_open = (*m.loops, loop), m.loops_open + 1
        m.in_order(_until_idle(m, turns))
    if node.orelse is not None and m.path is not NEVER:
        m.run(node.orelse.body)
    m.path = m.path | loop.broken


def _until_idle(m: Machine, turns: Iterable[Callable[[], None]]) -> Iterable[Callable[[], None]]:
    """The turns, as long as they still meet new layers or are few."""
    most = IDLE_TURNS if m.loops_open == 1 else IDLE_TURNS_INSIDE
    start = m.recorder.novelty
    idle = 0
    for run in turns:
        if m.recorder.novelty > start:
            start, idle, most = m.recorder.novelty, 0, IDLE_TURNS_INSIDE
        if idle > most:
            return
        idle += 1
        yield run
