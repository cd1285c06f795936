"""Reports of many or related findings do not repeat themselves, and are complete."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest

from orderlint.api import check_source
from orderlint.diagnostics import (
    FileError,
    FileWarning,
    Finding,
    Related,
    Repair,
    Report,
    Severity,
    Suppressed,
    SuppressedBy,
)
from orderlint.engine.file_check import check_file
from orderlint.engine.session import Session
from orderlint.graph import Location
from orderlint.judging import Standards
from orderlint.report import summary
from orderlint.report.blocks import blocks
from orderlint.report.formats import full, html
from orderlint.report.formats import json as json_format
from orderlint.report.view import View
from orderlint.text.files import read_source
from tests.judged import RULES
from tests.report.sample import DROPOUT, MOVE, REPORT, at, finding, lines, other
from tests.support import ROOT

FOUND = finding(at(7, 9, 7, 39))
GAP = FileWarning(Location("a.py"), "too deep", is_gap=True)
WHOLE = Report(files=1, suppressed=(Suppressed(DROPOUT),))
"""All that was found is suppressed by a comment."""


def twin(first: Finding) -> Finding:
    """ORD003 at the place of an ORD002, with the same move."""
    message = "`Dropout` before the activation `ReLU`"
    related = (other(at(29, 37, 29, 118)),)
    return replace(first, code="ORD003", name="dropout-before-activation", message=message, related=related)


def test_two_codes_at_one_layer_are_one_block() -> None:
    """Both codes are in the headline; code, chains and move are shown once."""
    text = full.render(Report((DROPOUT, twin(DROPOUT))), View(lines))
    assert text.startswith("ORD002 `Dropout` comes before `BatchNormalization`\nORD003 `Dropout` before the activation")
    assert text.count("models/net.py:30:6") == text.count("recommended") == text.count("repair") == 1
    assert "ORD002, ORD003" in text
    assert "norm applied here" in text
    assert "activation applied here" in text


def test_two_codes_at_one_layer_of_a_built_model_are_one_block() -> None:
    """A built model has no edits, and the recommended chain is the same."""
    first = replace(DROPOUT, repair=Repair(False, reason="built models are not edited"))
    assert [len(block.findings) for block in blocks((first, twin(first)))] == [2]


@pytest.mark.parametrize(
    "changed",
    [
        {"repair": None},
        {"repair": MOVE},
        {"location": at(30, 7, 30, 40)},
        {"recommended": ("Dense", "ReLU")},
    ],
)
def test_what_wants_another_move_is_a_block_of_its_own(changed: dict[str, object]) -> None:
    """Another place, repair or chain makes another block."""
    other_one = replace(twin(DROPOUT), **changed)  # type: ignore[arg-type]
    assert [len(block.findings) for block in blocks((DROPOUT, other_one))] == [1, 1]


def many(count: int, path: str = "net.py") -> str:
    parts = ["from keras import layers\n\n"]
    for number in range(count):
        layer = ("layers.Dense(8)", "layers.Conv2D(8, 3)", "layers.Conv1D(8, 3)")[number % 3]
        parts.append(f"def net{number}(x):\n    x = layers.ReLU()({layer}(x))\n")
        parts.append(f"    return layers.BatchNormalization(name='bn{number}')(x)\n\n")
    return "\n".join(parts)


def code_of(text: str) -> View:
    return View(lambda _: text.split("\n"), rules=RULES)


def test_a_hundred_findings_of_one_kind_stay_readable() -> None:
    """At most 350 rows, with the place and code of each finding, and each chain and repair."""
    text = many(100)
    report = check_source(text, "net.py", select=["ORD001"])
    shown = full.render(report, code_of(text)) + "\n" + summary.render(report) + "\n"
    assert len(report) == 100
    assert shown.count("\n") <= 350
    for one in report:
        assert f"net.py:{one.location.line}:{one.location.column}" in shown
    assert all(f"name='bn{number}'" in shown for number in range(100))
    assert all(f"{head} → BatchNormalization → ReLU" in shown for head in ("Dense", "Conv2D", "Conv1D"))
    assert shown.count("move `BatchNormalization` before `ReLU`") >= 3
    assert shown.count("By convention") == shown.count("a different function") == 1


def test_a_brief_block_tells_what_is_new() -> None:
    """The fourth finding of a rule has a different reason for having no repair, which is shown."""
    usual = [finding(at(line, 5, line, 20), other(at(line - 1, 5, line - 1, 20)), repair=MOVE) for line in (5, 6, 7, 8)]
    text = full.render(Report((*usual, REPORT.findings[3])), View(lines))
    assert text.count("no repair: ") == 1
    assert text.count("recommended") == 3


def test_a_brief_block_without_more_to_tell_has_no_empty_row() -> None:
    """A syntax error has neither chain nor repair, even if its message is new."""
    one = replace(finding(at(5, 5, 5, 20)), code="ORD900", message="cannot be parsed", chain=(), recommended=())
    last = replace(one, location=at(9, 5, 9, 20), message="cannot be parsed: mixed tabs")
    text = full.render(
        Report((*(replace(one, location=at(line, 5, line, 20)) for line in (5, 6, 7)), last)), View(lines)
    )
    assert "mixed tabs" in text
    assert [row for row in text.splitlines() if row.strip() == "╰─"] == []


@pytest.mark.parametrize("width", range(40, 80))
def test_a_cell_stays_with_its_number(width: int) -> None:
    """Rows are not wrapped between them; a layer in another cell of the notebook is named without the path."""
    where = Location("notes/a long name.ipynb", 2, 1, 2, 9, cell=13)
    related = Related(replace(where, line=7, cell=3), "activation applied here")
    usual = [finding(replace(where, line=line), related) for line in (1, 2, 3, 4)]
    text = full.render(Report(tuple(usual)), View(lines, width=width))
    assert "cell 13:4:1" in text
    assert "line 7 of cell 3" in " ".join(text.split())
    assert "\ue000" not in text


def test_a_report_in_parts_reads_like_the_whole() -> None:
    """If findings are written file by file, chains and repairs are not repeated."""
    text = many(9)
    report = check_source(text, "net.py", select=["ORD001"])
    view = code_of(text)
    parts = "".join(full.render(Report((one,)), view) for one in report)
    assert parts == full.render(report, code_of(text))


@pytest.mark.parametrize("width", [40, 60, 100])
def test_brief_blocks_keep_to_the_width(width: int) -> None:
    """Brief blocks are not wider than the terminal."""
    text = many(12)
    report = check_source(text, "net.py", select=["ORD001"])
    rows = full.render(report, replace(code_of(text), width=width)).splitlines()
    assert [row for row in rows if len(row) > width] == []


def test_a_row_of_code_of_a_brief_block_has_nothing_else() -> None:
    """A note about another line is part of the message in each width; after the code, it would look like code."""
    text = many(12)
    report = check_source(text, "net.py", select=["ORD001"])
    for width in range(40, 120):
        rows = full.render(report, replace(code_of(text), width=width)).splitlines()
        notes = [row for row in rows if "(see" in row]
        assert len(notes) > 3
        assert [row for row in notes if "│" in row or not re.search(r"\(see line \d+\)$", row)] == []


def test_a_long_location_is_not_divided() -> None:
    """In a narrow terminal it is on its own row, so that it can be copied, and the message is below."""
    path = "src/models/segmentation/satellite_unet.py"
    report = check_source(many(12), path, select=["ORD001"])
    rows = full.render(report, replace(code_of(many(12)), width=40)).splitlines()
    last = report.findings[-1].location
    assert rows.count(f"{path}:{last.line}:{last.column}") == 1
    assert rows[rows.index(f"{path}:{last.line}:{last.column}") + 1].startswith("  ORD001 `BatchNormalization` after")


def test_backticks_are_for_plain_text() -> None:
    """With colors, names have a style instead."""
    report = Report((DROPOUT,))
    assert "\x1b[1mDropout\x1b[0m comes before" in full.render(report, View(lines, color=True))
    assert "`Dropout` comes before" in full.render(report, View(lines))
    assert "`" not in summary.render(report, color=True)


def test_why_is_said_once_a_rule() -> None:
    """Each reason is given once below the findings, and so is each kind of repair."""
    one = finding(at(7, 9, 7, 39), repair=MOVE, why="By convention.")
    text = summary.render(Report((one, replace(one, location=at(8, 9, 8, 39))), files=3))
    assert text.splitlines()[1].split() == ["ORD001", "By", "convention."]
    assert text.count("By convention") == text.count("changes-model") == 1


@pytest.mark.parametrize(
    ("report", "said"),
    [
        (replace(WHOLE, files=2), "No findings in 2 files."),
        (replace(WHOLE, files=2, warnings=(GAP,)), "No findings in 2 files, as far as could be checked."),
        (
            Report(files=2, suppressed=(Suppressed(DROPOUT, SuppressedBy.BASELINE),), warnings=(GAP,)),
            "No new findings in 2 files, as far as could be checked.",
        ),
        (Report(files=2), "No layer out of order in 2 files."),
        (Report(files=2, passed_over=1), "No layer out of order in 2 files. 1 more file without Keras layers."),
        (Report(passed_over=3), "Nothing to check: 3 files without Keras layers."),
        (Report(errors=(FileError("a.py", "gone"),), files=1), "No findings in the file that could be checked."),
        (
            Report(errors=(FileError("a.py", "gone"),), files=3, passed_over=2),
            "No findings in the 3 files that could be checked. 2 more files without Keras layers.",
        ),
        (Report(warnings=(GAP,), files=1), "No layer out of order in 1 file, as far as could be checked."),
        (Report(), "Nothing to check: all files are excluded."),
        (Report(errors=(FileError("a.py", "gone"),)), "Nothing was checked."),
    ],
)
def test_a_summary_never_calls_checked_what_was_not(report: Report, said: str) -> None:
    """Files without Keras, files that could not be read, and code that was not followed are counted separately."""
    assert summary.render(report).splitlines()[0] == said


def test_suppressed_findings_are_counted_in_all_that_people_read() -> None:
    """Suppressed findings are counted in the summary, with or without other findings."""
    one, two = "1 finding is suppressed by a comment.", "2 findings are suppressed by comments."
    assert summary.render(WHOLE).splitlines()[1:] == [one]
    assert summary.render(replace(WHOLE, suppressed=WHOLE.suppressed * 2)).splitlines()[1:] == [two]
    assert one in summary.render(replace(WHOLE, findings=(FOUND,)))
    assert f"No findings. {one}" in WHOLE._repr_html_()
    assert f"ORD001. {one}" in replace(WHOLE, findings=(FOUND,))._repr_html_()
    assert "Findings suppressed by a comment: 1." in html.render(WHOLE, View())
    assert json.loads(json_format.render(WHOLE, View()))["suppressed"] == 1


@pytest.mark.parametrize("rule", RULES.values(), ids=lambda rule: rule.code)
def test_every_rule_says_why(rule: object) -> None:
    """In one sentence of at most two rows."""
    why = RULES[rule.code].why  # type: ignore[attr-defined]
    assert why.endswith(".")
    assert len(why) <= 110


def test_messages_fit_a_line() -> None:
    """At most 80 characters, without a full stop, in all fixtures."""
    session, every = Session(), Standards(tuple(RULES.values()))
    folders = (ROOT / "fixtures" / name for name in ("check", "repair"))
    files = [read_source(path) for folder in folders for path in folder.rglob("*") if path.suffix in (".py", ".ipynb")]
    found = [one for file in files for one in check_file(file, every, session, plans=False).findings]
    assert len(found) > 200
    long = {one.message for one in found if len(one.message) > 80}
    assert long == set()
    assert not [one.message for one in found if one.message.endswith(".")]


def test_a_block_is_an_error_if_one_of_its_findings_is() -> None:
    """Its mark has the color of the most severe finding."""
    (block,) = blocks((DROPOUT, replace(twin(DROPOUT), severity=Severity.ERROR)))
    assert block.severity is Severity.ERROR
    assert [one.message for one in block.related] == ["norm applied here", "activation applied here"]
    assert all(isinstance(one, Related) for one in block.related)
