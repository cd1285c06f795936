"""`match` patterns: when they match, and what they bind."""

from __future__ import annotations

import libcst as cst

from orderlint.graph.guards import ALWAYS, NEVER, Guard
from orderlint.source.python import containers, names, truth
from orderlint.source.state.machine import Machine
from orderlint.source.state.values import ListObject, Sequence, Value

__all__ = ["capture", "matches"]


def matches(m: Machine, pattern: cst.MatchPattern, subject: Value) -> Guard:
    """The guard under which a pattern matches."""
    if isinstance(pattern, (cst.MatchValue, cst.MatchSingleton)):
        return truth.equal(m, subject, m.evaluate(pattern.value))
    if isinstance(pattern, cst.MatchOr):
        guard = NEVER
        for option in pattern.patterns:
            guard = guard | matches(m, option.pattern, subject)
        return guard
    if isinstance(pattern, cst.MatchAs):
        return ALWAYS if pattern.pattern is None else matches(m, pattern.pattern, subject)
    if isinstance(pattern, (cst.MatchList, cst.MatchTuple)) and isinstance(subject, (Sequence, ListObject)):
        return _matches_sequence(m, pattern, subject)
    return m.conditions.opaque(("pattern", m.store.new_owner()))


def _matches_sequence(m: Machine, pattern: cst.MatchList | cst.MatchTuple, subject: Sequence | ListObject) -> Guard:
    elements = containers.iterate(m, subject)
    starred = any(isinstance(part, cst.MatchStar) for part in pattern.patterns)
    if starred or any(element.guard is not ALWAYS for element in elements):
        return m.conditions.opaque(("pattern", m.store.new_owner()))
    if len(elements) != len(pattern.patterns):
        return NEVER
    guard = ALWAYS
    for part, element in zip(pattern.patterns, elements, strict=True):
        if isinstance(part, cst.MatchSequenceElement):
            guard = guard & matches(m, part.value, element.value)
    return guard


def capture(m: Machine, pattern: cst.MatchPattern, subject: Value) -> None:
    """Bind the names of a pattern that matches."""
    if isinstance(pattern, cst.MatchAs):
        if pattern.pattern is not None:
            capture(m, pattern.pattern, subject)
        if pattern.name is not None:
            names.bind(m, pattern.name.value, subject)
    elif isinstance(pattern, (cst.MatchList, cst.MatchTuple)):
        parts = containers.unpack(m, subject, len(pattern.patterns))
        for part, value in zip(pattern.patterns, parts, strict=True):
            if isinstance(part, cst.MatchSequenceElement):
                capture(m, part.value, value)
