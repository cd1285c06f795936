"""Failures of orderlint itself, or of a rule that another package brings, in words for the user."""

from __future__ import annotations

from orderlint.judging import Rule

__all__ = ["failure", "rule_failure"]


def failure(where: str, error: Exception, home: str = "") -> str:
    """What failed, and to whom it is to be told.

    Args:
        where: What was done, such as "the analysis".
        error: The failure.
        home: The package whose code it was, if not orderlint's.
    """
    what = f"{type(error).__name__}: {error}".rstrip(": ")
    return f"internal error in {where}: {what} (a bug in {home or 'orderlint'}: please report it, with --debug)"


def rule_failure(rule: Rule, error: Exception) -> str:
    """The failure of a rule."""
    return failure(f"rule {rule.code}" + (f" of {rule.home}" if rule.home else ""), error, rule.home)
