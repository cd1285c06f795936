"""Rules, standards and sessions for tests."""

from __future__ import annotations

from collections.abc import Iterable

from orderlint.engine.plugins import Plugins
from orderlint.engine.session import Session
from orderlint.judging import Registry, Rule, Standards, own_registry

RULES = own_registry().rules
"""orderlint's own rules, by code."""


def standards(*codes: str, **others: object) -> Standards:
    """What is judged by some rules; by those on by default if none are given."""
    return own_registry().standards(codes or None, **others)  # type: ignore[arg-type]


def session_with(rules: Iterable[Rule]) -> Session:
    """A session in which some rules stand in place of, or beside, orderlint's own."""
    every = {**RULES, **{rule.code: rule for rule in rules}}
    return Session(plugins=Plugins(Registry.of(every.values())))
