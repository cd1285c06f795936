"""The rules and settings by which a file is judged."""

from __future__ import annotations

from orderlint.judging.rule import Subject
from orderlint.judging.standards import Standards
from tests.judged import RULES, standards


def test_all_rules_are_there_whether_they_apply_or_not() -> None:
    """Repairs may not add a finding of any rule."""
    some = standards("ORD002")
    assert some.codes == ("ORD002",)
    assert [rule.code for rule in some.every] == sorted(RULES)


def test_rules_are_told_apart_by_what_they_are_about() -> None:
    """Most rules are about units; two are judged while files are read."""
    every = Standards(tuple(RULES.values()))
    assert [rule.code for rule in every.about(Subject.SYNTAX)] == ["ORD900"]
    assert [rule.code for rule in every.about(Subject.COMMENTS)] == ["ORD901"]
