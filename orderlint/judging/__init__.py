"""Judging: what a rule is, which rules exist, and the violations that they find in layer graphs."""

from __future__ import annotations

from orderlint.judging.judge import judge
from orderlint.judging.order import DEFAULT_ORDER, Order
from orderlint.judging.ordering import recommended
from orderlint.judging.registry import Registry, UnknownRule, own_registry
from orderlint.judging.rule import Example, Fixable, NearMiss, Rule, Sign, Subject, Violation
from orderlint.judging.standards import Standards
from orderlint.judging.wishes import Effect, MoveAfter, MoveBefore, ReplaceLayer, SetArgument, Wish

__all__ = [
    "DEFAULT_ORDER",
    "Effect",
    "Example",
    "Fixable",
    "MoveAfter",
    "MoveBefore",
    "NearMiss",
    "Order",
    "Registry",
    "ReplaceLayer",
    "Rule",
    "SetArgument",
    "Sign",
    "Standards",
    "Subject",
    "UnknownRule",
    "Violation",
    "Wish",
    "judge",
    "own_registry",
    "recommended",
]
