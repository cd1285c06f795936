"""Runs loops: `for` over every known element, or over the first, a later and the last of unknown elements.

This module has what all loops share: an iteration, `break` and `continue`, and how many iterations are worth their
cost. `whiles.py` runs `while` loops.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

import libcst as cst

from orderlint.graph import Limit
from orderlint.graph.guards import NEVER, Guard
from orderlint.source.python import containers, iterations
from orderlint.source.python.syntax import target_names
from orderlint.source.state.activity import Loop
from orderlint.source.state.machine import Machine
from orderlint.source.state.values import Const, Element, Iteration

__all__ = ["LoopIteration", "is_run", "run_for", "run_iteration", "run_loop"]

LEAST_ITERATIONS = 8  # iterations that are always run, whatever they cost; fewer in a loop inside another loop
LEAST_ITERATIONS_INSIDE = 3
# A loop is run to its end as long as it takes no more than these parts of the remaining steps: one for its iterations
# that create or apply layers, and one for the others. After that, only the last iteration is run, which often differs.
MAKING, IDLING = 0.9, 0.02
# The conditions of a training loop (an early stop, the best loss so far) double in each iteration. If a loop only
# counts many iterations, those that create and apply no layers are left out after this number of guards. Such a loop
# also has a smaller least number of iterations: an iteration that draws the samples of a batch takes thousands of
# steps.
GUARDS_IDLING = 300
MANY_ITERATIONS = 20
LEAST_OF_MANY = 2

LoopIteration = tuple[Callable[[], None], Iteration | None]
"""A function that runs an iteration; and which one it is, if the loop has an unknown length."""


def run_for(m: Machine, node: cst.For) -> None:
    """Run a `for` loop."""
    elements = containers.walk(m, m.evaluate(node.iter))
    m.frame.iterated.update(target_names(node.target))

    def iteration(element: Element) -> LoopIteration:
        def run() -> None:
            m.assign(node.target, element.value)
            run_iteration(m, node.body)

        return lambda: m.when(element.guard, run), element.iteration

    run_loop(m, node, [iteration(element) for element in elements], _counts(elements))


def _counts(elements: Sequence[Element]) -> bool:
    """Whether a loop runs over many numbers: `for epoch in range(100)`."""
    return len(elements) >= MANY_ITERATIONS and all(
        isinstance(one.value, Const) and type(one.value.value) is int for one in elements
    )


def run_iteration(m: Machine, body: cst.BaseSuite) -> None:
    """Run one iteration of a loop. `continue` leads to its end."""
    loop = m.loops[-1]
    m.run(body)
    m.path = m.path | loop.continued
    loop.continued = NEVER


def run_loop(
    m: Machine, node: cst.For | cst.While, iterations_of: Iterable[LoopIteration], counts: bool = False
) -> Guard:
    """Run a loop. Return the paths that left it with `break`.

    Args:
        m: The machine.
        node: The loop.
        iterations_of: Its iterations.
        counts: Whether the loop only counts, and has many iterations.
    """
    loop = Loop()
    with m.entering(m.frame):
        m.loops, m.loops_open = (*m.loops, loop), m.loops_open + 1
        m.in_order(_within_patience(m, iterations_of, counts))
    if node.orelse is not None and m.path is not NEVER:
        m.run(node.orelse.body)
    m.path = m.path | loop.broken
    return loop.broken


def _asked(m: Machine, iterations_of: Iterable[LoopIteration]) -> Iterator[Callable[[], None]]:
    """The iterations that are run. While one runs, it is the current one."""
    outer = m.iterations
    done: list[object] = []
    for run, iteration in iterations_of:
        if iteration is not None and not is_run(m, iteration):
            continue
        m.iterations = outer if iteration is None else (*outer, iteration)
        start, made = m.recorder.size, m.made
        yield run
        m.iterations = outer
        if iteration is not None:
            done.append((m.made - made, [call.applied for call in m.recorder.calls[start:]]))
            m.loops[-1].differs = done[-1] != done[0]


def is_run(m: Machine, iteration: Iteration) -> bool:
    """Whether an iteration is run. A spare one is run if the code tests for the last, or if the first one differs."""
    return m.loops[-1].differs or iterations.is_asked(m, iteration)


def _within_patience(m: Machine, iterations_of: Iterable[LoopIteration], counts: bool) -> Iterator[Callable[[], None]]:
    """The iterations, as long as they are cheap or few, and the last one."""
    waiting = _asked(m, iterations_of)
    if m.loops_open == 1:
        m.patience = int(m.steps_left * MAKING)
    patience = m.patience
    idling = int(patience * IDLING)
    least = LEAST_ITERATIONS if m.loops_open == 1 else LEAST_ITERATIONS_INSIDE
    number, is_new, guards = 0, False, 0
    for number, run in enumerate(waiting):
        is_tangled = counts and number >= LEAST_OF_MANY and guards > GUARDS_IDLING
        is_costly = number >= (LEAST_OF_MANY if counts and idling < 0 else least) and min(patience, idling) < 0
        if is_tangled or is_costly:
            m.skips_iterations = True
            if patience < 0:  # the remaining iterations create or apply layers
                m.fall_short(Limit.ITERATIONS)
            yield from [run, *waiting][-1:] if isinstance(iterations_of, list) else ()
            return
        m.patience = patience
        before, known, newest, lengthened = m.steps_left, _news(m), m.store.newest, len(m.lengthened)
        size = m.conditions.space.size
        yield run
        passing = sum(owner > newest for owner in m.lengthened[lengthened:])  # lists that the iteration itself created
        cost = before - m.steps_left
        is_new = _news(m) - passing > known
        if is_new:
            patience -= cost
        else:
            idling -= cost
            guards += m.conditions.space.size - size
    if is_new and number + 1 >= containers.MOST_KNOWN:
        m.fall_short(Limit.ITERATIONS)


def _news(m: Machine) -> int:
    """A number that grows when a layer is created, added to a list, or applied for the first or second time."""
    return m.made + m.recorder.novelty
