"""Source code as layer graphs: files and notebooks, names, abstract values, the interpreter.

Only `analyse` needs libcst, so it is loaded when it is first asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from orderlint.source.analysis import analyse
    from orderlint.source.project import Project

__all__ = ["Project", "analyse"]


def __getattr__(name: str) -> Any:
    if name == "analyse":
        from orderlint.source.analysis import analyse

        return analyse
    if name == "Project":
        from orderlint.source.project import Project

        return Project
    raise AttributeError(name)
