"""Runs loops: `for` over every known element, over unknown ones the first, a later and the last turn.

What is common to all loops is here: a turn, `break` and `continue`, and how many turns are worth their cost.
`whiles.py` runs `while` loops.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

import libcst as cst

from orderlint.graph import Limit
from orderlint.graph.guards import NEVER, Guard
from orderlint.source.python import containers, turns
from orderlint.source.python.syntax import target_names
from orderlint.source.state.activity import Loop
from orderlint.source.state.machine import Machine
from orderlint.source.state.values import Const, Element, Turn

__all__ = ["LoopTurn", "is_run", "run_for", "run_loop", "run_turn"]

LEAST_TURNS = 8  # that are run whatever they cost; in a loop inside another fewer
LEAST_TURNS_INSIDE = 3
# A loop is run to its end while that takes no more than these parts of the steps that are left: its turns that make
# or apply layers, and those that do neither. Past it only the last turn is run, which often differs from the others.
MAKING, IDLING = 0.9, 0.02
# The conditions of a training loop (an early stop, the best loss so far) double with each turn. Where many turns are
# only counted, those that make and apply nothing are left out past so many guards, and the least number of turns that
# is run is lower: one that draws the samples of a batch takes thousands of steps.
GUARDS_IDLING = 300
MANY_TURNS = 20
LEAST_OF_MANY = 2

LoopTurn = tuple[Callable[[], None], Turn | None]
"""What runs a turn, and which turn it is, if the loop has an unknown length."""


def run_for(m: Machine, node: cst.For) -> None:
    """Run a `for` loop."""
    elements = containers.walk(m, m.evaluate(node.iter))
    m.frame.iterated.update(target_names(node.target))

    def turn(element: Element) -> LoopTurn:
        def run() -> None:
            m.assign(node.target, element.value)
            run_turn(m, node.body)

        return lambda: m.when(element.guard, run), element.turn

    run_loop(m, node, [turn(element) for element in elements], _counts(elements))


def _counts(elements: Sequence[Element]) -> bool:
    """Whether a loop is run for numbers, many times: `for epoch in range(100)`."""
    return len(elements) >= MANY_TURNS and all(
        isinstance(one.value, Const) and type(one.value.value) is int for one in elements
    )


def run_turn(m: Machine, body: cst.BaseSuite) -> None:
    """One turn of a loop: `continue` leads to its end."""
    loop = m.loops[-1]
    m.run(body)
    m.path = m.path | loop.continued
    loop.continued = NEVER


def run_loop(m: Machine, node: cst.For | cst.While, turns_of: Iterable[LoopTurn], counts: bool = False) -> Guard:
    """Run a loop; returns the paths that left it by `break`.

    Args:
        m: The machine.
        node: The loop.
        turns_of: Its turns.
        counts: Whether they only count, and are many.
    """
    loop = Loop()
    with m.entering(m.frame):
        m.loops, m.loops_open = (*m.loops, loop), m.loops_open + 1
        m.in_order(_within_patience(m, turns_of, counts))
    if node.orelse is not None and m.path is not NEVER:
        m.run(node.orelse.body)
    m.path = m.path | loop.broken
    return loop.broken


def _asked(m: Machine, turns_of: Iterable[LoopTurn]) -> Iterator[Callable[[], None]]:
    """The turns that are run, each in its place in the loop."""
    outer = m.turns
    done: list[object] = []
    for run, turn in turns_of:
        if turn is not None and not is_run(m, turn):
            continue
        m.turns = outer if turn is None else (*outer, turn)
        start, made = m.recorder.size, m.made
        yield run
        m.turns = outer
        if turn is not None:
            done.append((m.made - made, [call.applied for call in m.recorder.calls[start:]]))
            m.loops[-1].differs = done[-1] != done[0]


def is_run(m: Machine, turn: Turn) -> bool:
    """Whether a turn is run: a spare one if the last turn is asked for, or the first did something else than others."""
    return m.loops[-1].differs or turns.is_asked(m, turn)


def _within_patience(m: Machine, turns_of: Iterable[LoopTurn], counts: bool) -> Iterator[Callable[[], None]]:
    """The turns, as long as they cost little or are few, and the last one."""
    waiting = _asked(m, turns_of)
    if m.loops_open == 1:
        m.patience = int(m.steps_left * MAKING)
    patience = m.patience
    idling = int(patience * IDLING)
    least = LEAST_TURNS if m.loops_open == 1 else LEAST_TURNS_INSIDE
    number, is_new, guards = 0, False, 0
    for number, run in enumerate(waiting):
        is_tangled = counts and number >= LEAST_OF_MANY and guards > GUARDS_IDLING
        is_costly = number >= (LEAST_OF_MANY if counts and idling < 0 else least) and min(patience, idling) < 0
        if is_tangled or is_costly:
            if patience < 0:  # what is left out makes or applies layers
                m.fall_short(Limit.TURNS)
            yield from [run, *waiting][-1:] if isinstance(turns_of, list) else ()
            return
        m.patience = patience
        before, known, newest, lengthened = m.steps_left, _news(m), m.store.newest, len(m.lengthened)
        size = m.conditions.space.size
        yield run
        passing = sum(owner > newest for owner in m.lengthened[lengthened:])  # lists that the turn itself made
        cost = before - m.steps_left
        is_new = _news(m) - passing > known
        if is_new:
            patience -= cost
        else:
            idling -= cost
            guards += m.conditions.space.size - size
    if is_new and number + 1 >= containers.MOST_KNOWN:
        m.fall_short(Limit.TURNS)


def _news(m: Machine) -> int:
    """A number that grows whenever a layer is made, put into a list, or applied for the first or second time."""
    return m.made + m.recorder.novelty
