"""Finds the files to check: named files, and the files in named folders."""

from __future__ import annotations

TYPE_CHECKING = False  # importing `typing` takes longer than checking a file
if TYPE_CHECKING:
    from typing import Any, Final

    from orderlint.discovery.finding import Discovery, FoundFile, discover, shown_path
    from orderlint.discovery.patterns import PatternList

__all__ = ["Discovery", "FoundFile", "PatternList", "discover", "shown_path"]

# These are imported when they are first used, because `orderlint.discovery.walking` does not need them.
_HOMES: Final = {
    "Discovery": "orderlint.discovery.finding",
    "FoundFile": "orderlint.discovery.finding",
    "PatternList": "orderlint.discovery.patterns",
    "discover": "orderlint.discovery.finding",
    "shown_path": "orderlint.discovery.finding",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    value = globals()[name] = getattr(import_module(_HOMES[name]), name)
    return value
