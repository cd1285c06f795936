"""Plans the repair of violations."""

from __future__ import annotations

from collections.abc import Sequence

from orderlint.graph import LayerGraph
from orderlint.repair.results import Plan
from orderlint.rules import Violation
from orderlint.source.files import SourceFile

__all__ = ["plan"]


def plan(file: SourceFile, violations: Sequence[Violation], graphs: Sequence[LayerGraph] = ()) -> list[Plan]:
    """A plan for each violation, in the same order.

    Args:
        file: The file they were found in.
        violations: What the rules found in the graphs of the file.
        graphs: The graphs, to see which values have other consumers.
    """
    raise NotImplementedError
