"""A JUnit test report in XML: each finding is a failed test.

A finding that does not fail the run is a test that passes, with the finding as its output. A file that could not be
read is an error. Warnings, such as those about partly checked functions, are the error output of the suite.

GitLab keeps one test of each name, and links to `file`. Jenkins and Azure Pipelines ignore `file` and `line`, so the
name also contains the place. The class is the path without its suffix, because for Jenkins, the text before the last
dot is a package.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from pathlib import PurePosixPath
from xml.etree import ElementTree as ET

from orderlint.diagnostics import FileError, Finding, Report, Severity
from orderlint.graph import Location
from orderlint.report.described import in_words
from orderlint.report.formats import Use
from orderlint.report.terminal import place
from orderlint.report.view import View

__all__ = ["USE", "render"]

USE = Use.DATA
_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # characters not allowed in XML


def render(report: Report, view: View) -> str:
    """The report as XML. A run without findings and errors is one test that passes."""
    cases = [_finding(finding, view) for finding in report.findings] + [_error(error, view) for error in report.errors]
    if not cases:
        cases = [_case("order of layers", "orderlint")]
    _number_equal(cases)
    counts = {
        "name": "orderlint",
        "tests": str(len(cases)),
        "failures": str(sum(1 for case in cases if case.find("failure") is not None)),
        "errors": str(len(report.errors)),
        "time": "0",
    }
    root = ET.Element("testsuites", counts)
    suite = ET.SubElement(root, "testsuite", {**counts, "skipped": "0"})
    suite.extend(cases)
    if warnings := "".join(f"{place(one.location)}: {one.message}\n" for one in report.warnings):
        ET.SubElement(suite, "system-err").text = _clean(warnings)
    ET.indent(root)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def _number_equal(cases: Iterable[ET.Element]) -> None:
    """Number tests with equal names: several layers may be created at one place."""
    seen: Counter[tuple[str, str]] = Counter()
    for case in cases:
        name, group = case.get("name", ""), case.get("classname", "")
        seen[name, group] += 1
        if (number := seen[name, group]) > 1:
            case.set("name", f"{name} ({number})")


def _finding(finding: Finding, view: View) -> ET.Element:
    at = view.in_file(finding.location)
    case = _case(f"{finding.code} {finding.name} at {place(finding.location)}", finding.location.path)
    case.set("file", _clean(at.path))
    if at.line:
        case.set("line", str(at.line))
    text = f"{place(finding.location)}: {finding.code} {finding.message}\n{in_words(finding)}"
    if finding.severity is Severity.WARNING:
        ET.SubElement(case, "system-out").text = _clean(text)
    else:
        ET.SubElement(case, "failure", type=finding.code, message=_clean(finding.message)).text = _clean(text)
    return case


def _error(error: FileError, view: View) -> ET.Element:
    case = _case("could not be checked", error.path)
    case.set("file", _clean(view.in_file(Location(error.path)).path))
    ET.SubElement(case, "error", type="unreadable", message=_clean(error.message)).text = _clean(error.message)
    return case


def _case(name: str, path: str) -> ET.Element:
    group = str(PurePosixPath(path).with_suffix("")) if path.endswith((".py", ".ipynb")) else path
    return ET.Element("testcase", {"name": _clean(name), "classname": _clean(group), "time": "0"})


def _clean(text: str) -> str:
    return _FORBIDDEN.sub("\ufffd", text)
