"""Judging: what a rule is, which rules there are, and the violations that they find in layer graphs."""

from __future__ import annotations

from orderlint.judging.judge import judge
from orderlint.judging.order import DEFAULT_ORDER, Order
from orderlint.judging.ordering import recommended
from orderlint.judging.registry import UnknownRule, find_rule, load_rules, select_rules
from orderlint.judging.rule import Example, Fixable, NearMiss, Rule, Violation
from orderlint.judging.wishes import Effect, MoveAfter, MoveBefore, ReplaceLayer, SetArgument, Wish

__all__ = [
    "DEFAULT_ORDER",
    "RULES",
    "Effect",
    "Example",
    "Fixable",
    "MoveAfter",
    "MoveBefore",
    "NearMiss",
    "Order",
    "ReplaceLayer",
    "Rule",
    "SetArgument",
    "UnknownRule",
    "Violation",
    "Wish",
    "find_rule",
    "judge",
    "recommended",
    "select_rules",
]

RULES = load_rules()
"""Every rule by its code, in the order of the codes."""
