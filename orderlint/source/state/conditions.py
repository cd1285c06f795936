"""Tests of unknown values, as guards.

Each unknown has a *domain*: the constants that it was compared with (it equals one of them at most), and the predicates
that it was tested with (which are known for a constant). So `kind == "max"` and `kind == "avg"` exclude each other, and
`act is None` implies `not act`.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Hashable
from dataclasses import field
from typing import Any

from orderlint.graph.guards import NEVER, Guard, GuardSpace, union
from orderlint.records import record
from orderlint.source.state.values import NONE, Condition, Const, Sequence, Tensor, Unknown, Value

__all__ = ["Conditions"]

DEEPEST = 12  # nested keys that are searched for tensors
MOST_DISTINGUISHED = 8  # known values of an unknown that are distinguished
MOST_EXCLUDED = 64  # constants that exclude each other: each one adds all earlier ones, and a tokenizer has hundreds
Predicate = Callable[[object], object]


@record(slots=True)
class _Domain:
    equals: dict[Const, Guard] = field(default_factory=dict)
    predicates: dict[Hashable, tuple[Predicate, Guard]] = field(default_factory=dict)


class Conditions:
    """The undecided tests of one analysis."""

    def __init__(self) -> None:
        self.space = GuardSpace()
        self._domains: dict[Hashable, _Domain] = {}
        self._of_tensors = 0  # the atoms that test the shape or another property of a tensor
        self._facts: dict[int, bool] = {}  # whether an unknown, by its number, depends on a tensor

    def is_of_tensors(self, guard: Guard) -> bool:
        """Whether a test depends only on properties of tensors (`x.shape[1] == 3`).

        Each tensor is a different one, so hardly any such test is repeated.
        """
        return guard.mask != 0 and not guard.mask & ~self._of_tensors

    def _atom(self, key: Hashable, about: object) -> Guard:
        guard = self.space.atom(key)
        if self._asks_of_tensor(about):
            self._of_tensors |= guard.mask
        return guard

    def _asks_of_tensor(self, about: object, depth: int = 0) -> bool:
        if isinstance(about, Tensor):
            return True
        if isinstance(about, Unknown):
            found = self._facts.get(about.number)
            if found is None:
                found = self._facts[about.number] = self._asks_of_tensor(about.key, depth + 1)
            return found
        if isinstance(about, Condition):
            return self.is_of_tensors(about.guard)
        if isinstance(about, Sequence):
            about = tuple(element.value for element in about.elements)
        return (
            isinstance(about, (tuple, frozenset))
            and depth < DEEPEST
            and any(self._asks_of_tensor(part, depth + 1) for part in about)
        )

    def equal(self, unknown: Unknown, constant: Const) -> Guard:
        """`unknown == constant`, or `is`."""
        constant = _normal(constant)
        domain = self._domains.setdefault(unknown.number, _Domain())
        known = domain.equals.get(constant)
        if known is not None:
            return known
        guard = self._new_equality(unknown, constant, domain)
        for other in domain.equals.values() if len(domain.equals) < MOST_EXCLUDED else ():
            guard = guard & ~other
        for predicate, holds in domain.predicates.values():
            verdict = _decide(predicate, constant.value)
            if verdict is not None:
                guard = guard & (holds if verdict else ~holds)
        domain.equals[constant] = guard
        return guard

    def _new_equality(self, unknown: Unknown, constant: Const, domain: _Domain) -> Guard:
        """The guard of a new equality. If the value is one of a few, it is no other, and the last one remains."""
        if 0 < len(unknown.among) <= MOST_DISTINGUISHED:
            others = {_normal(value) for value in unknown.among} - {constant}
            if len(others) == len(unknown.among):
                return NEVER
            if others <= domain.equals.keys():
                return ~union(domain.equals[other] for other in others)
        return self._atom((unknown.number, constant), unknown)

    def possible(self, unknown: Unknown) -> list[tuple[Guard, Value]] | None:
        """The few known constants that an unknown may be, each with its guard; `None` if there are numbers among them.

        It is also `None` if the constants are not known, or if there are many. Numbers are not distinguished unless
        code tests for one: counters and sizes have many values, which matter little.
        """
        if not 0 < len(unknown.among) <= MOST_DISTINGUISHED or any(map(_is_number, unknown.among)):
            return None
        return [(self.equal(unknown, value), value) for value in unknown.among]

    def predicate(self, unknown: Unknown, key: Hashable, predicate: Predicate) -> Guard:
        """`predicate(unknown)`. Predicates with the same key are equal."""
        known = self.possible(unknown)
        verdicts = [_decide(predicate, value.value) for value in unknown.among] if known else []
        if known and None not in verdicts:
            return union(guard for (guard, _), verdict in zip(known, verdicts, strict=True) if verdict)
        domain = self._domains.setdefault(unknown.number, _Domain())
        if key in domain.predicates:
            return domain.predicates[key][1]
        guard = self._atom((unknown.number, "predicate", key), unknown)
        for constant, holds in domain.equals.items():
            verdict = _decide(predicate, constant.value)
            if verdict is not None:
                guard = guard | holds if verdict else guard & ~holds
        domain.predicates[key] = (predicate, guard)
        return guard

    def truth(self, unknown: Unknown) -> Guard:
        """`bool(unknown)`. First, `None` is added to the domain, because it is the value that is tested most."""
        if not unknown.among:
            self.equal(unknown, NONE)
        return self.predicate(unknown, "truth", bool)

    def less(self, unknown: Unknown, bound: float, *, strictly: bool = True) -> Guard:
        """`unknown < bound`, or `<=`.

        `unknown <= 0` is `not unknown`: the numbers that model code compares with zero (rates, counts, ratios) are not
        negative.
        """
        if bound == 0 and not strictly:
            return ~self.truth(unknown)
        compare: Callable[[Any, Any], object] = operator.lt if strictly else operator.le
        return self.predicate(unknown, ("lt" if strictly else "le", bound), lambda value: compare(value, bound))

    def opaque(self, key: Hashable) -> Guard:
        """An unknown test. It has the same result wherever `key` is the same."""
        return self._atom(("opaque", key), key)


def _is_number(constant: Const) -> bool:
    return isinstance(constant.value, (int, float)) and not isinstance(constant.value, bool)


def _normal(constant: Const) -> Const:
    """A constant for comparisons: `1` and `1.0` are equal. Tests do not distinguish `True` and `1`, either."""
    value = constant.value
    if isinstance(value, float) and value.is_integer():
        return Const(int(value))
    return constant


def _decide(predicate: Predicate, value: object) -> bool | None:
    try:
        return bool(predicate(value))
    except TypeError:
        return None
