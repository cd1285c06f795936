"""The report of repairs: what was repaired, what was left and why, and the effect on trained weights."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import groupby
from typing import Any

from orderlint.diagnostics import FixReport, LeftFinding, RepairedFinding, RepairKind, Verification
from orderlint.report.claims import limit
from orderlint.report.clean import number, passed_over, skipped, without_files
from orderlint.report.colors import BOLD, DIM, GOOD, MAGENTA, OFF
from orderlint.report.described import KIND_WORDS
from orderlint.report.formats.json import as_dict, warning_as_dict
from orderlint.report.proof import as_dict as proof_as_dict
from orderlint.report.terminal import UNICODE, Glyphs, fitted, place, safe, styled

__all__ = ["as_json", "brief", "concise", "full", "summary"]

VERSION = 1
_KINDS = (RepairKind.EQUIVALENT, RepairKind.SAME_INFERENCE, RepairKind.CHANGES_MODEL)


def full(report: FixReport, *, color: bool = False, glyphs: Glyphs = UNICODE, room: int | None = None) -> str:
    """The repairs of each file, then the findings that are left, grouped by reason.

    Args:
        report: What was repaired and what was left.
        color: Whether to write ANSI colors.
        glyphs: The characters that may be used.
        room: The width of a row, in cells; `None` for no limit.
    """
    paint = _Paint(color, room)
    lines = [*_repaired(report, paint), *_left(report, paint)]
    return glyphs.spell("".join(f"{line}\n" for line in lines))


def concise(report: FixReport, *, glyphs: Glyphs = UNICODE) -> str:
    """One line for each finding: `net.py:6:9: ORD001 repaired (same-inference): move …`, or `left: …`."""
    lines = [
        (item.finding.sort_key, f"{_head(item)} repaired ({item.kind.value}): {item.title}") for item in report.repaired
    ]
    lines += [(item.finding.sort_key, f"{_head(item)} left: {item.reason}") for item in report.left]
    return glyphs.spell("".join(f"{safe(line)}\n" for _, line in sorted(lines)))


def summary(
    report: FixReport,
    *,
    color: bool = False,
    glyphs: Glyphs = UNICODE,
    room: int | None = None,
    check: Callable[[str], str] = "`orderlint check --select {}`".format,
) -> str:
    """The summary: how much was repaired and left, and the effect on the model. It has no final newline.

    Args:
        report: What was repaired and what was left.
        color: Whether to write ANSI colors.
        glyphs: The characters that may be used.
        room: The width of a row, in cells; `None` for no limit.
        check: Returns the command that shows the findings of a rule, for use in a sentence.
    """
    return glyphs.spell("\n".join(_summary(report, _Paint(color, room), check)))


def as_json(report: FixReport, proof: Verification | None = None) -> str:
    """The report as indented JSON text with a final newline. Findings are as in `orderlint check`."""
    whole: dict[str, Any] = {
        "version": VERSION,
        "written": report.is_written,
        "repaired": [_repair(one) for one in report.repaired],
        "left": [{"reason": one.reason, "finding": _finding(one)} for one in report.left],
        "changed": [file.path for file in report.changed],
        "errors": [{"path": error.path, "message": error.message} for error in report.errors],
        "files": report.files,
        "passed_over": report.passed_over,
        "skipped": report.skipped,
        "revealed": {code: count for code, count, _ in report.revealed},
        "warnings": [warning_as_dict(warning) for warning in report.warnings],
    }
    if report.known:
        whole["known"] = report.known
    if proof is not None:
        whole["verification"] = proof_as_dict(proof)
    return json.dumps(whole, indent=2) + "\n"


def brief(repaired: Sequence[RepairedFinding]) -> str:
    """The number of repairs, and their effect on the model."""
    files = len({one.finding.location.path for one in repaired})
    kinds = "".join(f"\n{row}" for _, row in _by_kind(repaired))
    return f"Repaired {number(len(repaired), 'finding')} in {number(files, 'file')}.{kinds}"


def _by_kind(repaired: Sequence[RepairedFinding]) -> Iterator[tuple[RepairKind, str]]:
    """A row for each kind: the number of its repairs, and its effect on the model."""
    counts = Counter(one.kind for one in repaired)
    digits = len(str(max(counts.values(), default=0)))
    column = max((len(kind.value) for kind in counts), default=0)
    for kind in _KINDS:
        if counts[kind]:
            yield kind, f"  {counts[kind]:>{digits}}  {kind.value:<{column}}  {KIND_WORDS[kind]}."


def _repair(one: RepairedFinding) -> dict[str, Any]:
    remarks = list(one.remarks)
    return {"kind": one.kind.value, "title": one.title, "remarks": remarks, "finding": _finding(one)}


def _finding(item: RepairedFinding | LeftFinding) -> dict[str, Any]:
    from orderlint.diagnostics import Report

    found: dict[str, Any] = as_dict(Report((item.finding,)))["findings"][0]
    return found


class _Paint:
    def __init__(self, color: bool, room: int | None) -> None:
        self._color = color
        self._room = room

    def __call__(self, style: str, text: str) -> str:
        return f"{style}{text}{OFF}" if self._color else text

    def row(self, text: str, indent: str = "") -> str:
        """A sentence in rows that fit, indented after the first row, with text in backticks in bold."""
        return styled(fitted(text, self._room, indent), color=self._color)


def _head(item: RepairedFinding | LeftFinding) -> str:
    return f"{place(item.finding.location)}: {item.finding.code}"


def _where(item: RepairedFinding | LeftFinding) -> str:
    """The place without the path."""
    return place(item.finding.location)[len(safe(item.finding.location.path)) + 1 :]


def _repaired(report: FixReport, paint: _Paint) -> Iterator[str]:
    for path, group in groupby(report.repaired, lambda item: item.finding.location.path):
        items = list(group)
        verb = "repaired" if report.is_written else "to repair"
        yield f"{paint(BOLD, safe(path))}: {len(items)} {verb}"
        width = max(len(_where(item)) for item in items)
        for item in items:
            kind, color = f"({item.kind.value})", MAGENTA if item.kind is RepairKind.CHANGES_MODEL else DIM
            start = f"  {_where(item):<{width}}  {item.finding.code}  "
            row = paint.row(f"{start}{safe(item.title)} {kind}", " " * 4)
            yield row.replace(item.finding.code, paint(GOOD, item.finding.code), 1).replace(kind, paint(color, kind))


def _left(report: FixReport, paint: _Paint) -> Iterator[str]:
    """The findings that are left, the most frequent reason first."""
    counts = Counter(item.reason for item in report.left)
    for reason, count in sorted(counts.items(), key=lambda entry: (-entry[1], entry[0])):
        row = paint.row(f"{number(count, 'finding')} left: {safe(reason)}", "  ")
        yield row.replace("left", paint(BOLD, "left"), 1)
        for item in report.left:
            if item.reason == reason:
                yield paint.row(f"  {_head(item)} {item.finding.name}", " " * 4)


def _summary(report: FixReport, paint: _Paint, check: Callable[[str], str]) -> Iterator[str]:
    yield paint.row(_count(report))
    for kind, row in _by_kind(report.repaired):
        shown = paint.row(row, " " * row.index(KIND_WORDS[kind]))
        yield shown.replace(kind.value, paint(MAGENTA, kind.value), 1) if kind is RepairKind.CHANGES_MODEL else shown
    for note in report.notes:
        yield paint.row(note)
    yield from _remarks(report, paint, check)
    if report.left:
        files = len({item.finding.location.path for item in report.left})
        yield f"{number(len(report.left), 'finding')} left in {number(files, 'file')}."
    if report.known:
        yield f"{number(report.known, 'finding')} in the baseline {'was' if report.known == 1 else 'were'} left alone."
    if report.errors and (report.files or report.passed_over):
        yield f"{number(len(report.errors), 'error')}: not everything was repaired."


def _remarks(report: FixReport, paint: _Paint, check: Callable[[str], str]) -> Iterator[str]:
    """What the user should know about the repaired models."""
    lines = [f"{place(one.finding.location)}: {safe(remark)}." for one in report.repaired for remark in one.remarks]
    yield from map(paint.row, dict.fromkeys(lines))
    for code, count, said in report.revealed:
        yield paint.row(f"{said.format(number(count, 'layer'))}: {check(code)} shows which.")


def _count(report: FixReport) -> str:
    looked = number(report.files, "file")
    more = passed_over(report.passed_over) + skipped(report.skipped)
    if report.left and not report.repaired:
        return f"Nothing was repaired in {looked}.{more}"
    if not report.repaired:
        if report.files:
            return f"Nothing to repair in {looked}{limit(report.warnings)}.{more}"
        if report.passed_over or not (report.skipped or report.errors):
            return f"Nothing to repair: {without_files(report.passed_over)}.{skipped(report.skipped)}"
        return f"Nothing to repair.{more}" if report.skipped else "Nothing was checked."
    verb = "Repaired" if report.is_written else "Would repair"
    where = looked if len(report.changed) == report.files else f"{len(report.changed)} of {looked}"
    return f"{verb} {number(len(report.repaired), 'finding')} in {where}.{more}"
