"""Workflow commands of GitHub Actions. They become annotations of a pull request.

Source: "Workflow commands for GitHub Actions". For each step, GitHub shows ten errors, ten warnings and ten notices. So
a part that was not checked is a notice: there is nothing to correct, and it must not replace a finding.
"""

from __future__ import annotations

from collections.abc import Iterator

from orderlint.diagnostics import Finding, Report
from orderlint.graph import Location
from orderlint.report.described import in_words, part_in_words
from orderlint.report.formats import Use
from orderlint.report.terminal import safe
from orderlint.report.view import View

__all__ = ["USE", "render"]

USE = Use.LINES


def render(report: Report, view: View) -> str:
    """One command for each finding, warning and error."""
    return "".join(f"{line}\n" for line in _commands(report, view))


def _commands(report: Report, view: View) -> Iterator[str]:
    for finding in report.findings:
        title = f"{finding.code} ({finding.name})"
        yield _command(finding.severity.value, title, finding.location, _text(finding), view)
    for warning in report.warnings:
        yield _command("notice" if warning.is_gap else "warning", "orderlint", warning.location, warning.message, view)
    for error in report.errors:
        yield _command("error", "orderlint", Location(error.path), error.message, view)


def _text(finding: Finding) -> str:
    """The message. It includes the cell of a notebook, because annotations show the line of the file."""
    return f"{finding.message}{part_in_words(finding.location)}\n{in_words(finding)}".rstrip()


def _command(kind: str, title: str, at: Location, message: str, view: View) -> str:
    place = view.in_file(at)
    properties = {"title": title, "file": place.path}
    if place.line:
        properties |= {"line": str(place.line), "endLine": str(place.end_line)}
        if place.column and place.line == place.end_line:  # GitHub does not accept columns for several lines
            properties |= {"col": str(place.column), "endColumn": str(place.end_column)}
    written = ",".join(f"{name}={_property(value)}" for name, value in properties.items())
    return f"::{kind} {written}::{_data(message)}"


def _data(text: str) -> str:
    """Escape the message of a command. Control characters that cannot be escaped are replaced.

    >>> _data("100%\\nsure")
    '100%25%0Asure'
    """
    return safe(text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A"))


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
