"""The formats of reports. Each module here is a format of `--format`.

It has a function `render(report, view)` that returns the text, and a constant `USE` for the purpose of the text. It
neither prints nor reads files. If the text contains no repairs, `SHOWS_REPAIRS` is false, and no repairs are planned:
that takes several times as long as the check.
"""

from __future__ import annotations

from enum import Enum
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Protocol, cast

from orderlint.diagnostics import Report
from orderlint.report.view import View

__all__ = ["Format", "Use", "load", "names", "shows_repairs"]


class Use(Enum):
    """The use of a format, which determines the output around it."""

    READING = "reading"
    """For people: the counts follow on standard output."""
    LINES = "lines"
    """One line for each finding, for people and tools: everything else goes to standard error."""
    DATA = "data"
    """For programs: nothing else is written to standard output."""


class Format(Protocol):
    """A module of this package."""

    USE: Use

    def render(self, report: Report, view: View) -> str:
        """The report as text that is empty or ends with a newline."""


@cache
def names() -> tuple[str, ...]:
    """The names of all formats, those for people first. No module is imported."""
    found = {module.name for module in iter_modules(__path__)}
    usual = [name for name in ("full", "concise", "json") if name in found]
    return (*usual, *sorted(found.difference(usual)))


def load(name: str) -> Format:
    """The format with a name.

    Raises:
        ModuleNotFoundError: There is no such format (see `names`).
    """
    return cast("Format", import_module(f"{__name__}.{name}"))


def shows_repairs(name: str) -> bool:
    """Whether a format shows repairs, so that they must be planned.

    >>> shows_repairs("full"), shows_repairs("concise")
    (True, False)
    """
    return getattr(load(name), "SHOWS_REPAIRS", True)
