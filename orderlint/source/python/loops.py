"""Runs loops: every turn over known elements; the first, a later and the last one over unknown ones."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial

import libcst as cst

from orderlint.graph import Limit
from orderlint.graph.guards import ALWAYS, NEVER, Guard
from orderlint.source.python import containers, draining, truth, turns
from orderlint.source.python.syntax import has_break, is_pure, is_taken_from, target_names
from orderlint.source.state.activity import Loop
from orderlint.source.state.machine import Machine
from orderlint.source.state.values import Const, Element, ListObject, Turn, Unknown, alternatives, restrict

__all__ = ["run_for", "run_while"]

MOST_TURNS = 1000  # of a `while` loop whose test is known
UNKNOWN_TURNS = 2  # of a `while` loop whose test is not known, and one more where it asks which turn is the last
LEAST_TURNS = 8  # that are run whatever they cost; in a loop inside another fewer
LEAST_TURNS_INSIDE = 3
# A loop is run to its end while that takes no more than these parts of the steps that are left: its turns that make
# or apply layers, and those that do neither. Past it only the last turn is run, which often differs from the others.
MAKING, IDLING = 0.9, 0.02
_MEASURES = frozenset({"abs", "int", "max", "min", "round"})  # functions of numbers that bounds are computed with

_Turn = tuple[Callable[[], None], Turn | None]


def run_for(m: Machine, node: cst.For) -> None:
    """Run a `for` loop."""
    elements = containers.walk(m, m.evaluate(node.iter))
    m.frame.iterated.update(target_names(node.target))

    def turn(element: Element) -> _Turn:
        def run() -> None:
            m.assign(node.target, element.value)
            _turn(m, node.body)

        return lambda: m.when(element.guard, run), element.turn

    _loop(m, node, [turn(element) for element in elements])


def run_while(m: Machine, node: cst.While) -> None:
    """Run a `while` loop; one that nothing decides runs at least once."""
    endless = _is_true(node.test)
    leaves = endless and has_break(node.body)  # until it was met, what the loop does is known

    rest = NEVER  # where more turns follow than are run

    def run() -> Iterator[_Turn]:
        nonlocal rest
        unknown, waiting = 0, 0
        counting = _repeatable(node.test)
        when, lengths = ALWAYS, None
        for number in range(MOST_TURNS):
            earlier, guard = when, _holds(m, node.test, when)
            if not guard.meets(m.path):
                return
            if m.path.implies(guard):
                guard = ALWAYS
            before, waiting = waiting, _waiting(m, node.test, counting)
            if guard is not ALWAYS and 0 < waiting < before:
                pass  # what is taken out of a list comes to an end
            elif guard is not ALWAYS or (endless and (m.loops[-1].broken is not NEVER or not leaves)):
                unknown += 1
            counted = _counted(m, node, number, m.path & guard) if node.test in counting else None
            if counted is not None and number and counted.lengths != lengths:
                counted = None  # it does not count by one
            lengths = counted.lengths if counted is not None else None
            if unknown > UNKNOWN_TURNS and (counted is None or not _is_run(m, counted)):
                rest = guard if counted is None and (earlier & ~guard).meets(m.path) else NEVER
                return
            when = guard if number else ALWAYS  # "a loop body runs at least once"
            yield partial(m.when, when, partial(_turn, m, node.body)), counted
            if counted is not None and number >= turns.UNROLLED - 1:
                return
        m.fall_short(Limit.TURNS)

    broken = _loop(m, node, run())
    if endless and broken is not NEVER:
        m.path = broken
    elif rest is not NEVER:
        m.path = (m.path & ~rest) | broken


def _holds(m: Machine, test: cst.BaseExpression, earlier: Guard) -> Guard:
    """When a test holds that is asked where the turn before was run."""
    found = [NEVER]
    m.when(earlier, lambda: found.append(truth.holds(m, test)))
    return earlier & found[-1]


def _repeatable(test: cst.BaseExpression) -> frozenset[cst.BaseExpression]:
    """What of a test can be evaluated once more: `i < len(units) - 1`, `units`, but not `stack.pop() < 3`."""
    if isinstance(test, cst.BooleanOperation):
        return _repeatable(test.left) | _repeatable(test.right)
    counts = isinstance(test, (cst.Comparison, cst.Name, cst.Attribute, cst.Call))
    return frozenset({test} if counts and is_pure(test, _MEASURES) else ())


def _waiting(m: Machine, test: cst.BaseExpression, counting: frozenset[cst.BaseExpression]) -> int:
    """How many elements the list of a test has: of `stack`, `len(stack)`, `len(stack) > 0`, `i < len(stack)`."""
    if isinstance(test, cst.Comparison):
        return (_ahead(m, test) if test in counting else 0) or _waiting(m, test.left, counting)
    if isinstance(test, cst.BooleanOperation):
        return _waiting(m, test.left, counting) + _waiting(m, test.right, counting)
    if isinstance(test, cst.Call):
        return _waiting(m, test.args[0].value, counting) if len(test.args) == 1 else 0
    if not isinstance(test, (cst.Name, cst.Attribute)):
        return 0
    lists = [value for _, value in alternatives(m.evaluate(test)) if isinstance(value, ListObject)]
    return sum(len(m.elements(value.uid)) for value in lists)


def _ahead(m: Machine, test: cst.Comparison) -> int:
    """How far a number that is known is from the largest that bounds it; 0 where that is not known."""
    count, bound = m.evaluate(test.left), m.evaluate(test.comparisons[0].comparator)
    numbers = [value.value for _, value in alternatives(bound) if isinstance(value, Const)]
    known = [number for number in numbers if isinstance(number, int)]
    return max(known) - count.value if known and isinstance(count, Const) and isinstance(count.value, int) else 0


def _counted(m: Machine, node: cst.While, number: int, path: Guard) -> Turn | None:
    """Which turn it is of a loop that counts to something unknown, or down from it, or takes from a list."""
    found: list[turns.Linear | None] = [None]
    m.when(path, lambda: found.append(_left(m, node)))
    left = found[-1]
    if left is None or list(left[0].values()) != [1]:
        return None
    lengths = ((next(iter(left[0])), left[1] + number),)
    return Turn(lengths, number, is_spare=number >= UNKNOWN_TURNS)


def _left(m: Machine, node: cst.While) -> turns.Linear | None:
    """How many turns are left, the present one among them: `n - i` of `while i < n`."""
    test = node.test
    if isinstance(test, cst.Comparison):
        return _between(m, test) if len(test.comparisons) == 1 else None
    value = restrict(m.evaluate(test), m.path)
    if isinstance(value, Unknown) and (is_taken_from(node.body, test) or draining.is_shortened(m, value)):
        value = draining.length(m, value)
    return turns.linear(value)


def _between(m: Machine, test: cst.Comparison) -> turns.Linear | None:
    """How far the two sides of a test are apart: the larger one less the smaller one."""
    kind = type(test.comparisons[0].operator)
    low, high = (restrict(m.evaluate(one), m.path) for one in (test.left, test.comparisons[0].comparator))
    if kind in (cst.GreaterThan, cst.GreaterThanEqual) or (kind is cst.NotEqual and high == Const(0)):
        low, high = high, low
    elif kind not in (cst.LessThan, cst.LessThanEqual, cst.NotEqual):
        return None
    least = 1 if kind in (cst.LessThanEqual, cst.GreaterThanEqual) else 0
    return turns.difference(high, low, least)


def _is_true(node: cst.BaseExpression) -> bool:
    return (isinstance(node, cst.Name) and node.value == "True") or isinstance(node, cst.Integer)


def _turn(m: Machine, body: cst.BaseSuite) -> None:
    """One turn of a loop: `continue` leads to its end."""
    loop = m.loops[-1]
    m.run(body)
    m.path = m.path | loop.continued
    loop.continued = NEVER


def _loop(m: Machine, node: cst.For | cst.While, turns_of: Iterable[_Turn]) -> Guard:
    """Run a loop; returns the paths that left it by `break`."""
    loop = Loop()
    with m.entering(m.frame):
        m.loops, m.loops_open = (*m.loops, loop), m.loops_open + 1
        m.in_order(_within_patience(m, turns_of))
    if node.orelse is not None and m.path is not NEVER:
        m.run(node.orelse.body)
    m.path = m.path | loop.broken
    return loop.broken


def _asked(m: Machine, turns_of: Iterable[_Turn]) -> Iterator[Callable[[], None]]:
    """The turns that are run, each in its place in the loop."""
    outer = m.turns
    done: list[object] = []
    for run, turn in turns_of:
        if turn is not None and not _is_run(m, turn):
            continue
        m.turns = outer if turn is None else (*outer, turn)
        start, made = m.recorder.size, m.made
        yield run
        m.turns = outer
        if turn is not None:
            done.append((m.made - made, [call.applied for call in m.recorder.calls[start:]]))
            m.loops[-1].differs = done[-1] != done[0]


def _is_run(m: Machine, turn: Turn) -> bool:
    """Whether a turn is run: a spare one if the last turn is asked for, or the first did something else than others."""
    return m.loops[-1].differs or turns.is_asked(m, turn)


def _within_patience(m: Machine, turns_of: Iterable[_Turn]) -> Iterator[Callable[[], None]]:
    """The turns, as long as they cost little or are few, and the last one."""
    waiting = _asked(m, turns_of)
    if m.loops_open == 1:
        m.patience = int(m.steps_left * MAKING)
    patience = m.patience
    idling = int(patience * IDLING)
    least = LEAST_TURNS if m.loops_open == 1 else LEAST_TURNS_INSIDE
    number, is_new = 0, False
    for number, run in enumerate(waiting):
        if number >= least and min(patience, idling) < 0:
            if patience < 0:  # what is left out makes or applies layers
                m.fall_short(Limit.TURNS)
            yield from [run, *waiting][-1:] if isinstance(turns_of, list) else ()
            return
        m.patience = patience
        before, known = m.steps_left, _news(m)
        yield run
        cost = before - m.steps_left
        is_new = _news(m) > known
        if is_new:
            patience -= cost
        else:
            idling -= cost
    if is_new and number + 1 >= containers.MOST_KNOWN:
        m.fall_short(Limit.TURNS)


def _news(m: Machine) -> int:
    """A number that grows whenever a layer is made, put into a list, or applied for the first or second time."""
    return m.made + m.recorder.novelty
