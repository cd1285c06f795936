"""The formats, compared with their recorded output for a sample report."""

from __future__ import annotations

import json
from dataclasses import replace

import jsonschema
import pytest

from orderlint.diagnostics import Report
from orderlint.graph import Location
from orderlint.report import formats, summary
from orderlint.report.formats import concise, full
from orderlint.report.formats import json as json_format
from orderlint.report.terminal import ASCII, UNICODE, Glyphs, glyphs_for, place, safe
from orderlint.report.view import View
from tests.report.sample import NET, REPORT, UNPARSABLE, at, finding, lines, other
from tests.support import ROOT, Recorded

FOLDER = ROOT / "fixtures" / "report"


def schema(name: str) -> object:
    return json.loads((ROOT / "docs" / name).read_text(encoding="utf-8"))


@pytest.mark.parametrize(("width", "glyphs", "name"), [(100, UNICODE, "full.txt"), (60, ASCII, "full-60-ascii.txt")])
def test_full_is_as_recorded(width: int, glyphs: Glyphs, name: str, recorded: Recorded) -> None:
    """The code with both layers marked, the chains and the repair."""
    recorded(FOLDER / name, full.render(REPORT, View(lines, width=width, glyphs=glyphs)))


@pytest.mark.parametrize("name", formats.names())
def test_a_format_says_whether_it_shows_repairs(name: str) -> None:
    """A format that does not show repairs has the same text without them, so none are planned."""
    bare = Report(tuple(replace(one, repair=None, fix=None) for one in REPORT.findings))
    planned, unplanned = (
        formats.load(name).render(report, View(lines)) for report in (replace(bare, findings=REPORT.findings), bare)
    )
    assert (planned != unplanned) == formats.shows_repairs(name)


def test_concise_is_as_recorded(recorded: Recorded) -> None:
    """One line for each finding."""
    recorded(FOLDER / "concise.txt", concise.render(REPORT, View()))


def test_json_is_as_recorded(recorded: Recorded) -> None:
    """The documented JSON."""
    recorded(FOLDER / "report.json", json_format.render(REPORT, View()))


def test_summary_is_as_recorded(recorded: Recorded) -> None:
    """The counts by rule and the last lines."""
    recorded(FOLDER / "summary.txt", summary.statistics(REPORT) + summary.render(REPORT) + "\n")


def test_json_follows_its_schema() -> None:
    """The output is valid against `docs/report.schema.json`."""
    for report in (REPORT, Report()):
        jsonschema.validate(json_format.as_dict(report), schema("report.schema.json"))


def test_json_has_exactly_the_documented_keys() -> None:
    """A finding in a Python file has the documented keys and no others."""
    entry = json_format.as_dict(Report((REPORT.findings[1],)))["findings"][0]
    assert list(entry) == [
        "code",
        "name",
        "message",
        "path",
        "cell",
        "line",
        "column",
        "end_line",
        "end_column",
        "chain",
        "related",
        "repair",
        "recommended",
        "fix",
        "fingerprint",
        "url",
        "why",
    ]
    assert list(entry["related"][0]) == ["path", "line", "column", "message"]
    assert list(entry["repair"]) == ["available", "kind", "reason", "title"]
    assert list(entry["fix"][0]) == ["path", "cell", "line", "column", "end_line", "end_column", "text"]


def test_json_is_ascii_and_survives_lone_surrogates() -> None:
    """A file name that is not UTF-8 can be written in any encoding."""
    report = Report((finding(Location("\udcff.py", 1, 1, 1, 2)),))
    assert json.loads(json_format.render(report, View()).encode("ascii"))["findings"][0]["path"] == "\udcff.py"


@pytest.mark.parametrize("width", [40, 50, 60, 80, 100, 120])
def test_full_keeps_to_the_width(width: int) -> None:
    """No row of code, marks or text is wider than the terminal, except for paths and file names."""
    from rich.cells import cell_len

    rows = full.render(REPORT, View(lines, width=width)).splitlines()
    assert [row for row in rows if cell_len(row) > width] == []


@pytest.mark.parametrize("width", [40, 72, 100])
def test_every_mark_has_its_label(width: int) -> None:
    """Each place is underlined and labeled in any width."""
    for each in REPORT.findings[1:6]:
        text = full.render(Report((each,)), View(lines, width=width))
        assert "^" in text
        assert each.name.replace("-", " ") in text
        assert each.related[0].message in text


def test_marks_stand_under_what_they_mark() -> None:
    """Tabs and wide characters before a mark do not shift it."""
    from rich.cells import cell_len

    text = full.render(Report((REPORT.findings[5],)), View(lines, width=100))
    code, marks = (row for row in text.splitlines() if "Dropout(0.5" in row or "^^^" in row)
    start = code.index("layers.Dropout")
    assert cell_len(code[:start]) == marks.index("^")
    end = code.index(")(z)") + len(")(z)")
    assert cell_len(code[:end]) == marks.rindex("^") + 1


def test_source_cannot_steer_the_terminal() -> None:
    """Escape sequences and bidirectional characters in code, paths and messages are escaped."""
    evil = Location("a\x1b[31m.py", 1, 1, 1, 5)
    report = Report((finding(evil, other(Location("a\x1b[31m.py", 2, 1, 2, 5), "\x1b]8;;x\x07here")),))
    for text in (
        full.render(report, View(lambda _: ["x = 1 \x1b[2J", "y \u202e = 2"])),
        concise.render(report, View()),
    ):
        assert "\x1b" not in text
        assert "\u202e" not in text


def test_markup_in_messages_is_text() -> None:
    """Square brackets in messages and code are not interpreted as rich markup."""
    report = Report((UNPARSABLE,))
    assert "[bold]not markup[/bold]" in full.render(report, View(lambda _: ["a", "b", "x[red]=(1"]))
    assert "x[red]=(1" in full.render(report, View(lambda _: ["a", "b", "x[red]=(1"]))


def test_a_text_that_shrank_is_no_error() -> None:
    """The code of a file that changed since is left out."""
    text = full.render(REPORT, View(lambda _: ["one line"]))
    assert text.count("ORD001") == 7


def test_marks_beyond_the_end_of_their_line_are_drawn() -> None:
    """A span that reaches past the end of its line ends there."""
    report = Report((finding(at(1, 30, 1, 90), other(at(1, 300, 1, 310))),))
    assert "^" in full.render(report, View(lines))


def test_adjacent_and_overlapping_marks_are_all_drawn() -> None:
    """Marks that start at the same position, or overlap, are labeled separately."""
    report = Report((finding(at(5, 9, 5, 20), other(at(5, 9, 5, 37), "one"), other(at(5, 15, 5, 30), "two")),))
    text = full.render(report, View(lines))
    assert all(label in text for label in ("norm after activation", "one", "two"))


def test_an_empty_report_is_empty() -> None:
    """Without findings there is only the summary."""
    assert full.render(Report(files=3), View(lines)) == ""
    assert concise.render(Report(files=3), View()) == ""
    assert summary.render(Report(files=1)) == "No layer out of order in 1 file."


def test_concise_colors_only_when_told() -> None:
    """The caller decides on colors."""
    assert "\x1b" not in concise.render(REPORT, View())
    assert "\x1b[1;31mORD001\x1b[0m" in concise.render(REPORT, View(color=True))


@pytest.mark.parametrize(
    ("encoding", "glyphs"), [("utf-8", UNICODE), ("cp1252", ASCII), ("ascii", ASCII), (None, ASCII), ("odd", ASCII)]
)
def test_glyphs_fit_the_encoding(encoding: str | None, glyphs: object) -> None:
    """If the encoding of the stream has no box-drawing characters, ASCII is used."""
    assert glyphs_for(encoding) is glyphs


def test_ascii_reports_are_ascii_where_the_code_is() -> None:
    """Each box-drawing character has an ASCII replacement."""
    report = Report(REPORT.findings[:5] + REPORT.findings[6:])
    assert full.render(report, View(lines, glyphs=ASCII)).isascii()
    assert concise.render(report, View(glyphs=ASCII)).isascii()


def test_places_name_the_cell_and_the_layer() -> None:
    """A file, a notebook cell, and a layer of a built model."""
    assert place(at(3, 4, 5, 6)) == "models/net.py:3:4"
    assert place(Location("a.ipynb", 2, 1, cell=7)) == "a.ipynb:cell 7:2:1"
    assert place(Location("m.keras", layer="a/b")) == "m.keras:a/b"
    assert safe("plain") == "plain"


def test_the_sample_marks_what_it_says() -> None:
    """The spans of the sample match its code, so that the recorded frames are correct."""
    rows = NET.split("\n")
    for each in REPORT.findings[1:6]:
        at_ = each.location
        assert rows[at_.line - 1][at_.column - 1 :].startswith("layers."), each
