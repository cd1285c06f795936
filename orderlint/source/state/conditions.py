"""Tests of unknown values, as guards.

Each unknown has a *domain*: the constants it was compared with (at most one of them holds) and the predicates
it was tested by (which a constant decides). So `kind == "max"` and `kind == "avg"` exclude each other, and
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

DEEPEST = 12  # nesting that is looked into for tensors
MOST_TOLD_APART = 8  # of the known values of an unknown
MOST_EXCLUDED = 64  # constants that exclude each other: each costs as much as all before, and a tokenizer has hundreds
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
        self._of_tensors = 0  # the atoms that are tests of a tensor's shape or the like
        self._facts: dict[int, bool] = {}  # by the number of an unknown

    def is_of_tensors(self, guard: Guard) -> bool:
        """Whether a test asks for nothing but what tensors are like (`x.shape[1] == 3`).

        Each tensor is another one, so hardly any test is ever asked again.
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
        """Of a few known values it is no other than those, and the last one where it is none before."""
        if 0 < len(unknown.among) <= MOST_TOLD_APART:
            others = {_normal(value) for value in unknown.among} - {constant}
            if len(others) == len(unknown.among):
                return NEVER
            if others <= domain.equals.keys():
                return ~union(domain.equals[other] for other in others)
        return self._atom((unknown.number, constant), unknown)

    def possible(self, unknown: Unknown) -> list[tuple[Guard, Value]] | None:
        """The few words that an unknown is one of, each with when it is that; `None` where they are not known.

        Numbers are not told apart unless code asks for one: counters and sizes have many, and little hangs on them.
        """
        if not 0 < len(unknown.among) <= MOST_TOLD_APART or any(map(_is_number, unknown.among)):
            return None
        return [(self.equal(unknown, value), value) for value in unknown.among]

    def predicate(self, unknown: Unknown, key: Hashable, predicate: Predicate) -> Guard:
        """`predicate(unknown)`; predicates of one key are the same."""
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
        """`bool(unknown)`. `None` is taken into the domain first, the commonest value to be told apart."""
        if not unknown.among:
            self.equal(unknown, NONE)
        return self.predicate(unknown, "truth", bool)

    def less(self, unknown: Unknown, bound: float, *, strictly: bool = True) -> Guard:
        """`unknown < bound`, or `<=`.

        `unknown <= 0` is `not unknown`: the numbers that model code compares with zero (rates, counts,
        ratios) are not negative.
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
    """`1` and `1.0` are equal, `True` and `1` are not told apart by tests either."""
    value = constant.value
    if isinstance(value, float) and value.is_integer():
        return Const(int(value))
    return constant


def _decide(predicate: Predicate, value: object) -> bool | None:
    try:
        return bool(predicate(value))
    except TypeError:
        return None
