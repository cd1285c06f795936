"""Skips the analysis of files if a glance shows that nothing in them is out of order."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING

from orderlint.judging import Standards, Subject

if TYPE_CHECKING:
    from orderlint.engine.session import Session
    from orderlint.glance import Seen
    from orderlint.text.cells import Cell
    from orderlint.text.files import SourceFile, SyntaxProblem

__all__ = ["seen_in", "unread_cells"]


def seen_in(file: SourceFile, standards: Standards, session: Session) -> Seen | None:
    """The result of the glance at a file without findings; `None` if an analysis is needed.

    Args:
        file: The file.
        standards: The standards. A glance only knows the roles of the catalog, and rules that judge by roles.
        session: The state of the run.
    """
    rules = tuple(standards.about(Subject.UNITS))
    if not rules or standards.roles.user or not all(rule.by_roles for rule in rules):
        return None
    if any(cell.is_left_out for cell in file.cells):
        return None
    unread = unread_cells(file)
    trees = [cell.python_tree for cell in file.cells if cell not in unread]
    try:
        return session.glance.at(os.path.abspath(file.path), trees, rules, standards.order)
    except Exception:  # a glance only saves time: if it fails, the file is analyzed
        return None


def unread_cells(file: SourceFile) -> Mapping[Cell, SyntaxProblem]:
    """The cells of a notebook that cannot be parsed, with the reasons. The analysis skips them, too."""
    checked = ((cell, cell.check_syntax()) for cell in file.cells if cell.number is not None)
    return {cell: problem for cell, problem in checked if problem is not None}
