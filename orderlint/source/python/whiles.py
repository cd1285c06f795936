"""Runs `while` loops: to the end if it is known, or else for as many iterations as can be distinguished."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

import libcst as cst

from orderlint.graph import Limit
from orderlint.graph.guards import ALWAYS, NEVER, Guard
from orderlint.source.python import draining, iterations, truth
from orderlint.source.python.loops import LoopIteration, is_run, run_iteration, run_loop
from orderlint.source.python.syntax import is_pure, is_taken_from, leaves_iteration
from orderlint.source.state.machine import Machine
from orderlint.source.state.values import Const, Iteration, ListObject, Tensor, Unknown, Value, alternatives, restrict

__all__ = ["run_while"]

MOST_ITERATIONS = 1000  # of a loop whose test is known
UNKNOWN_ITERATIONS = 2  # of a loop whose test is not known, and one more if it tests which iteration is the last
_MEASURES = frozenset({"abs", "int", "max", "min", "round"})  # functions on numbers that compute bounds


def run_while(m: Machine, node: cst.While) -> None:
    """Run a `while` loop. If its test is not known, it runs at least once."""
    loop = _While(m, node)
    broken = run_loop(m, node, loop.iterations())
    if loop.is_endless and broken is not NEVER:
        m.path = broken
    elif loop.rest is not NEVER:
        m.path = (m.path & ~loop.rest) | broken


class _While:
    """A `while` loop, iteration by iteration.

    Attributes:
        is_endless: Whether its test always holds, as in `while True:`.
        rest: When there are more iterations than those that are run.
    """

    def __init__(self, m: Machine, node: cst.While) -> None:
        self._m = m
        self._node = node
        self.is_endless = _is_true(node.test)
        self.rest = NEVER
        # Until a `break` is reached, the behavior of an endless loop is known.
        self._leaves = leaves_iteration(node.body, by=(cst.Break,))
        self._repeatable = _repeatable(node.test)
        self._num_unknown = 0  # iterations so far for which it is not known whether the loop has so many
        self._known_left = 0  # the most iterations that were known to be left before the latest one
        self._lengths: tuple[tuple[Unknown, int], ...] | None = None

    def iterations(self) -> Iterator[LoopIteration]:
        """The iterations that are run, as long as they differ."""
        m, test, when = self._m, self._node.test, ALWAYS
        for number in range(MOST_ITERATIONS):
            earlier, guard = when, _holds(m, test, when)
            if not guard.meets(m.path):
                return
            if m.path.implies(guard):
                guard = ALWAYS
            self._num_unknown += self._is_unknown(guard)
            iteration = self._counted(number, m.path & guard)
            if self._num_unknown > UNKNOWN_ITERATIONS and (iteration is None or not is_run(m, iteration)):
                self.rest = guard if iteration is None and (earlier & ~guard).meets(m.path) else NEVER
                return
            # The body of a loop runs at least once, unless it is known on which paths there is nothing to run it for.
            when = guard if number or self._is_known() else ALWAYS
            yield partial(m.when, when, partial(run_iteration, m, self._node.body)), iteration
            if iteration is not None and number >= iterations.UNROLLED - 1:
                return
        m.fall_short(Limit.ITERATIONS)

    def _is_known(self) -> bool:
        """Whether the test only depends on lists and numbers that are known on each path."""
        parts = _parts(self._node.test)
        if not self._repeatable.issuperset(parts):
            return False
        return all(isinstance(one, (Const, ListObject)) for part in parts for one in _asked(self._m, part))

    def _is_unknown(self, guard: Guard) -> bool:
        """Whether nothing shows that the loop has another iteration, and that it ends."""
        before, self._known_left = self._known_left, sum(map(self._most_left, _parts(self._node.test)))
        if guard is ALWAYS:
            goes_on = self.is_endless or self._asks_for_tensor()
            return goes_on and (self._m.loops[-1].broken is not NEVER or not self._leaves)
        return not 0 < self._known_left < before  # a countdown ends

    def _most_left(self, test: cst.BaseExpression) -> int:
        """The most iterations that a part of the test shows to be left; 0 if it shows none."""
        found = _left(self._m, self._node, test) if test in self._repeatable else []
        if not found and (asked := _asked_of(test)) is not None:
            found = _left(self._m, self._node, asked)
        return max((number for parts, number in found if not parts), default=0)

    def _asks_for_tensor(self) -> bool:
        """Whether the test is `x is not None` for a tensor. Layers that are applied to it do not change that."""
        test = self._node.test
        if not isinstance(test, cst.Comparison) or test not in self._repeatable:
            return False
        is_identity = isinstance(test.comparisons[0].operator, cst.IsNot)
        return is_identity and isinstance(self._m.evaluate(test.left), Tensor)

    def _counted(self, number: int, path: Guard) -> Iteration | None:
        """The iteration, if the loop counts to or from an unknown number or takes elements from a list; else `None`."""
        before, self._lengths = self._lengths, self._lengths_at(number, path)
        if self._lengths is None or (number and self._lengths != before):
            self._lengths = None  # it does not count in steps of one
            return None
        return Iteration(self._lengths, number, is_spare=number >= UNKNOWN_ITERATIONS)

    def _lengths_at(self, number: int, path: Guard) -> tuple[tuple[Unknown, int], ...] | None:
        """The length of the loop in an iteration: the iterations that are left, and those before."""
        if self._node.test not in self._repeatable:
            return None
        found: list[iterations.Linear] = []
        self._m.when(path, lambda: found.extend(_left(self._m, self._node, self._node.test)))
        if len(found) != 1 or list(found[0][0].values()) != [1]:
            return None
        return ((next(iter(found[0][0])), found[0][1] + number),)


def _holds(m: Machine, test: cst.BaseExpression, earlier: Guard) -> Guard:
    """When a test holds after the previous iteration."""
    found = [NEVER]
    m.when(earlier, lambda: found.append(truth.holds(m, test)))
    return earlier & found[-1]


def _parts(test: cst.BaseExpression) -> list[cst.BaseExpression]:
    """The tests that `and` and `or` join into a test."""
    if isinstance(test, cst.BooleanOperation):
        return _parts(test.left) + _parts(test.right)
    return [test]


def _repeatable(test: cst.BaseExpression) -> frozenset[cst.BaseExpression]:
    """The parts of a test that can be evaluated again: `i < len(units) - 1` and `units`, but not `stack.pop() < 3`."""
    kinds = (cst.Comparison, cst.Name, cst.Attribute, cst.Call)
    return frozenset(part for part in _parts(test) if isinstance(part, kinds) and is_pure(part, _MEASURES))


def _left(m: Machine, node: cst.While, test: cst.BaseExpression) -> list[iterations.Linear]:
    """How many iterations are left, including the current one, for each number that a test may depend on.

    That is `n - i` for `while i < n`, `n` for `while n`, and the number of elements for `while stack`.
    """
    if not isinstance(test, cst.Comparison):
        numbers = [_number(m, node, test, value, when) for when, value in _alternatives(m, test)]
        return [found for value in numbers if (found := iterations.linear(value)) is not None]
    if len(test.comparisons) > 1:
        return []
    kind, bounds = type(test.comparisons[0].operator), _values(m, test.comparisons[0].comparator)
    pairs = [(count, bound) for count in _values(m, test.left) for bound in bounds]
    return [found for count, bound in pairs if (found := _between(kind, count, bound)) is not None]


def _values(m: Machine, node: cst.BaseExpression) -> list[Value]:
    return [value for _, value in _alternatives(m, node)]


def _alternatives(m: Machine, node: cst.BaseExpression) -> Sequence[tuple[Guard, Value]]:
    return alternatives(restrict(m.evaluate(node), m.path))


def _asked(m: Machine, test: cst.BaseExpression) -> list[Value]:
    """The values that a part of a test depends on."""
    if isinstance(test, cst.Comparison):
        return [one for node in (test.left, *(c.comparator for c in test.comparisons)) for one in _values(m, node)]
    return _values(m, test)


def _number(m: Machine, node: cst.While, test: cst.BaseExpression, value: Value, when: Guard) -> Value:
    """The number that a test for truth counts down to 0: the elements of a list, or a number.

    An element that was taken out is still present on paths on which the test is about another list.
    """
    if isinstance(value, ListObject):
        elements = m.elements(value.uid)
        return Const(sum(1 for one in elements if one.guard is ALWAYS or (one.guard & when).meets(m.path)))
    is_list = isinstance(value, Unknown) and (is_taken_from(node.body, test) or draining.is_shortened(m, value))
    return draining.length(m, value) if isinstance(value, Unknown) and is_list else value


def _between(kind: type[cst.BaseCompOp], low: Value, high: Value) -> iterations.Linear | None:
    """The difference of the two sides of a test: the larger one minus the smaller one."""
    if kind in (cst.GreaterThan, cst.GreaterThanEqual) or (kind is cst.NotEqual and high == Const(0)):
        low, high = high, low
    elif kind not in (cst.LessThan, cst.LessThanEqual, cst.NotEqual):
        return None
    least = 1 if kind in (cst.LessThanEqual, cst.GreaterThanEqual) else 0
    return iterations.difference(high, low, least)


def _asked_of(test: cst.BaseExpression) -> cst.BaseExpression | None:
    """The expression that any other test may depend on: `stack` in `while has_more(stack)` or `while stack != []`."""
    if isinstance(test, cst.Comparison):
        return _asked_of(test.left)
    if isinstance(test, cst.Call):
        return _asked_of(test.args[0].value) if len(test.args) == 1 else None
    return test if isinstance(test, (cst.Name, cst.Attribute)) else None


def _is_true(node: cst.BaseExpression) -> bool:
    return (isinstance(node, cst.Name) and node.value == "True") or isinstance(node, cst.Integer)
