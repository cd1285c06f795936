"""Turns source code into layer graphs: files and notebooks, names, abstract values, the interpreter.

Only the analysis needs libcst, so libcst is loaded when the analysis is first used.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from orderlint.source.analysis import Analysis, analyze, analyze_definition
    from orderlint.source.project import Project

__all__ = ["Analysis", "Project", "analyze", "analyze_definition"]


def __getattr__(name: str) -> Any:
    if name in ("Analysis", "analyze", "analyze_definition"):
        from orderlint.source import analysis

        return getattr(analysis, name)
    if name == "Project":
        from orderlint.source.project import Project

        return Project
    raise AttributeError(name)
