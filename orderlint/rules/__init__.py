"""The rules: one module a rule, found by being there. They see units of the layer graph and nothing else."""

from __future__ import annotations

from orderlint.rules.base import Example, Fixable, NearMiss, Rule, Violation
from orderlint.rules.judging import judge
from orderlint.rules.order import DEFAULT_ORDER, Order
from orderlint.rules.ordering import recommended
from orderlint.rules.registry import UnknownRule, find_rule, load_rules, select_rules
from orderlint.rules.wishes import Effect, MoveAfter, MoveBefore, ReplaceLayer, SetArgument, Wish

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
