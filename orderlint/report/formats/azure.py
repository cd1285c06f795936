"""Logging commands of Azure Pipelines. They become issues of a run.

Source: "Logging commands", `task.logissue`.
"""

from __future__ import annotations

from collections.abc import Iterator

from orderlint.diagnostics import Report
from orderlint.graph import Location
from orderlint.report.described import part_in_words
from orderlint.report.formats import Use
from orderlint.report.terminal import safe
from orderlint.report.view import View

__all__ = ["SHOWS_REPAIRS", "USE", "render"]

USE = Use.LINES
SHOWS_REPAIRS = False


def render(report: Report, view: View) -> str:
    """One command for each finding, warning and error."""
    return "".join(f"{line}\n" for line in _commands(report, view))


def _commands(report: Report, view: View) -> Iterator[str]:
    for finding in report.findings:
        yield _command(finding.severity.value, finding.location, finding.message, view, finding.code)
    for warning in report.warnings:
        yield _command("warning", warning.location, warning.message, view)
    for error in report.errors:
        yield _command("error", Location(error.path), error.message, view)


def _command(kind: str, at: Location, message: str, view: View, code: str | None = None) -> str:
    place = view.in_file(at)
    properties = {"type": kind, "sourcepath": place.path}
    if place.line:
        properties["linenumber"] = str(place.line)
    if place.column:
        properties["columnnumber"] = str(place.column)
    if code is not None:
        properties["code"] = code
    written = "".join(f"{name}={_property(value)};" for name, value in properties.items())
    return f"##vso[task.logissue {written}]{_data(message + part_in_words(at))}"


def _data(text: str) -> str:
    """Escape the message of a command. Control characters that cannot be escaped are replaced."""
    return safe(text.replace("%", "%AZP25").replace("\r", "%0D").replace("\n", "%0A"))


def _property(text: str) -> str:
    """Escape a property of a command.

    >>> _property("a;b]")
    'a%3Bb%5D'
    """
    return _data(text).replace(";", "%3B").replace("]", "%5D")
