"""Comprehensions. Their clauses run like loops, in a scope of their own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import libcst as cst

from orderlint.graph import Limit
from orderlint.graph.guards import ALWAYS, NEVER, Guard
from orderlint.source.python import calls, containers, dictionaries, iterations, truth
from orderlint.source.python.syntax import target_names
from orderlint.source.state.frames import Frame
from orderlint.source.state.machine import Machine
from orderlint.source.state.values import Element, ListObject, Value, is_data

__all__ = ["dictionary", "elements"]

MOST_DATA = 300  # that a comprehension evaluates: code may list the colors of 5,000 classes, or a table of positions


def elements(m: Machine, node: cst.ListComp | cst.SetComp | cst.GeneratorExp) -> Value:
    """Run `[element for target in iterable]`, a set or a generator. The result is a list."""
    found = _Elements(m, node.elt)
    outer = m.path
    with m.entering(_inner(m)):
        _comprehend(m, node.for_in, found.produce, found.settle)
    m.path = outer
    if len(found.made) >= containers.MOST_KNOWN and found.hold_layers:
        m.fall_short(Limit.ITERATIONS)
    is_plain = not node.for_in.ifs and node.for_in.inner_for_in is None
    made = m.new_list(found.made if is_plain and not found.hold_layers else _without_iterations(found.made))
    if found.are_data:
        m.note_data(made, found.num_data)
    return made


def _without_iterations(made: list[Element]) -> list[Element]:
    """The elements of a list that is shorter than its iterable, or that holds a layer for each iteration that runs."""
    return [replace(one, iteration=None) for one in made]


class _Elements:
    """The elements of a comprehension.

    Args:
        m: The machine.
        node: The expression that is evaluated for each element.
    """

    def __init__(self, m: Machine, node: cst.BaseExpression) -> None:
        self.made: list[Element] = []
        self._m = m
        self._node = node
        self.num_data = 0  # in all elements so far, if they are data
        self.are_data = True
        self._has_rows = False
        self._before = m.recorder.size, m.made
        self._depth = len(m.iterations)

    @property
    def hold_layers(self) -> bool:
        """Whether layers were created or applied for the elements."""
        return (self._m.recorder.size, self._m.made) != self._before

    def produce(self) -> None:
        """Add an element."""
        m = self._m
        if self.settle(ALWAYS):
            return
        newest = m.store.newest
        value = m.evaluate(self._node)
        size = _size(m, value, newest)
        self.num_data += size
        self.are_data = self.are_data and size > 0
        self._has_rows = self._has_rows or isinstance(value, ListObject)
        site = m.site(self._node)
        iteration = m.iterations[self._depth] if len(m.iterations) > self._depth else None
        self.made.append(Element(value, m.path, site, iteration))
        if calls.takes_from_container(m, self._node):
            m.iterated.add(site)

    def settle(self, guard: Guard) -> bool:
        """Add an unknown element without evaluation if hundreds of elements were only data. Return whether it did."""
        m = self._m
        if self.num_data < MOST_DATA or not self.are_data or self.hold_layers:
            return False
        reached = m.path & guard
        if reached is not NEVER:
            self.made.append(Element(m.fresh("data", scalar=not self._has_rows), reached, m.site(self._node)))
            self.num_data += 1
        return True


def _size(m: Machine, value: Value, newest: int) -> int:
    """How many data a value holds: one, or those of a new list (a row of a table). 0 if it is not data.

    Args:
        m: The machine.
        value: The value.
        newest: The newest list that existed before the value.
    """
    if isinstance(value, ListObject) and value.uid > newest:
        known = m.num_data(value)
        return 1 + known if known is not None else _size_of_row(m, value, newest)
    return int(is_data(value))


def _size_of_row(m: Machine, row: ListObject, newest: int) -> int:
    total = 1
    for element in m.elements(row.uid):
        size = _size(m, element.value, newest)
        if size == 0:
            return 0
        total += size
    return total


def dictionary(m: Machine, node: cst.DictComp) -> Value:
    """`{key: value for target in iterable}`."""
    made = dictionaries.new_dict(m)
    outer = m.path
    with m.entering(_inner(m)):
        _comprehend(
            m, node.for_in, lambda: dictionaries.set_entry(m, made, m.evaluate(node.key), m.evaluate(node.value))
        )
    m.path = outer
    return made


def _inner(m: Machine) -> Frame:
    frame = m.child_frame()
    frame.yields, frame.returns, frame.is_comprehension = m.frame.yields, m.frame.returns, True
    return frame


def _comprehend(
    m: Machine, clause: cst.CompFor, produce: Callable[[], None], settle: Callable[[Guard], bool] = lambda _: False
) -> None:
    iterable = m.evaluate(clause.iter)
    m.frame.iterated.update(target_names(clause.target))

    def iteration(element: Element) -> None:
        m.tick(max(1, len(clause.ifs)))
        if element.iteration is not None:
            m.iterations = (*outer, element.iteration)
        m.assign(clause.target, element.value)
        guard = ALWAYS
        for condition in clause.ifs:
            guard = guard & truth.holds(m, condition.test)
        inner = clause.inner_for_in
        m.when(guard, produce if inner is None else lambda: _comprehend(m, inner, produce))

    outer, before = m.iterations, (m.recorder.size, m.made)
    is_plain_loop = not clause.ifs and clause.inner_for_in is None
    for element in containers.walk(m, iterable):
        if is_plain_loop and element.iteration is None and settle(element.guard):
            continue
        is_data_only = is_plain_loop and (m.recorder.size, m.made) == before  # its last iteration may be needed later
        if element.iteration is None or is_data_only or iterations.is_asked(m, element.iteration):
            m.when(element.guard, partial(iteration, element))
    m.iterations = outer
