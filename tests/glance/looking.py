"""Glancing at a text in the same way as a check."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from orderlint.engine.session import Session
from orderlint.judging import Subject, judge
from orderlint.source import analyze
from orderlint.text.files import SourceFile, read_source, source_from_text
from tests.judged import standards

__all__ = ["USUAL", "analyzed", "glance", "glance_at"]

USUAL = standards()
RULES_OF_ROLES = tuple(USUAL.about(Subject.UNITS))


def glance(text: str, path: str = "net.py", others: Mapping[str, str] | None = None) -> bool | None:
    """Whether a text applies layers, all of them in order; `None` if a glance cannot tell."""
    session = Session(others)
    return _look(source_from_text(text, path), session)


def glance_at(path: Path, session: Session) -> bool | None:
    """The same for a file."""
    return _look(read_source(path), session)


def _look(file: SourceFile, session: Session) -> bool | None:
    """The result of a glance; unlike in a check, a failure of the glance is not ignored."""
    with session.run():
        trees = [cell.python_tree for cell in file.cells]
        seen = session.glance.at(os.path.abspath(file.path), trees, RULES_OF_ROLES, USUAL.order)
        return None if seen is None or seen.suspects else seen.has_layers


def analyzed(file: SourceFile) -> bool:
    """Whether the analysis finds anything in a file, without a glance first."""
    graphs = analyze(file)
    return bool(judge(graphs, USUAL.rules, USUAL.order, lambda rule, error: None, lambda short: None))
