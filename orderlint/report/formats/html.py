"""A page with the counts and all findings, each with its code and drawings of its chains.

The page is self-contained: it loads nothing and runs no scripts. It has a light and a dark theme, prints well, and
works with a keyboard and a screen reader.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from html import escape
from itertools import groupby

from orderlint.diagnostics import Finding, Report, Severity, SuppressedBy
from orderlint.graph import Location
from orderlint.report.card import counted, problems, prose
from orderlint.report.chain_svg import draw
from orderlint.report.described import mover, repair_in_words
from orderlint.report.formats import Use
from orderlint.report.page import page
from orderlint.report.terminal import place, safe
from orderlint.report.view import View

__all__ = ["USE", "render"]

USE = Use.DATA
_OPEN = 30  # findings; if there are more, the files are folded
_NEAR = 2  # lines of code around a mark


def render(report: Report, view: View) -> str:
    """The report as one page."""
    files = [(path, list(found)) for path, found in groupby(report.findings, key=lambda one: one.location.path)]
    is_open = len(report.findings) <= _OPEN
    parts = [
        '<a class="skip" href="#findings">Skip to the findings</a>',
        f"<header><h1>orderlint: {counted(report, by_rule=False)}</h1>{_summary(report, view)}</header>",
        '<main id="findings">',
        *(_file(path, found, view, is_open) for path, found in files),
        "</main>",
        *_problems(report),
    ]
    return page("orderlint report", "\n".join(parts))


def _summary(report: Report, view: View) -> str:
    """The number of files, and of findings of each rule, with the summaries of the rules."""
    checked = f"<p>Files and models checked: {report.files}.</p>"
    if report.passed_over:
        checked += f"<p>Files without Keras layers: {report.passed_over}.</p>"
    if report.unparsed:
        checked += f"<p>Notebook cells that are not Python: {report.unparsed}.</p>"
    if report.skipped:
        checked += f"<p>Files skipped by a comment: {report.skipped}.</p>"
    if commented := report.hidden_by(SuppressedBy.COMMENT):
        checked += f"<p>Findings suppressed by a comment: {commented}.</p>"
    if known := report.hidden_by(SuppressedBy.BASELINE):
        checked += f"<p>Findings in the baseline, not shown: {known}.</p>"
    if report.since is not None:
        old = report.hidden_by(SuppressedBy.UNCHANGED)
        checked += f"<p>Findings in lines that have not changed since {escape(safe(report.since))}: {old}.</p>"
    if troubles := len(report.errors) + len(report.warnings):
        checked += f'<p><a href="#problems">Errors and warnings</a>: {troubles}.</p>'
    if not report.findings:
        return checked
    rows = []
    counts = Counter((one.code, one.name, one.url) for one in report.findings)
    for (code, name, url), count in sorted(counts.items(), key=lambda row: (-row[1], row[0][0])):
        rule = view.rules.get(code)
        about = prose(rule.summary) if rule is not None else ""
        rows.append(
            f'<tr><td class="number">{count}</td><th scope="row">{_linked(code, url)}</th>'
            f"<td>{escape(name)}</td><td>{about}</td></tr>"
        )
    head = "".join(f'<th scope="col">{name}</th>' for name in ("findings", "rule", "name", "what it finds"))
    table = f"<thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody>"
    whole = f'<table class="rules"><caption>Findings by rule</caption>{table}</table>'
    return f'{checked}<div class="scroll" tabindex="0" role="group" aria-label="findings by rule">{whole}</div>'


def _linked(code: str, url: str | None) -> str:
    return f'<a href="{escape(url, quote=True)}">{escape(code)}</a>' if url else escape(code)


def _file(path: str, findings: Sequence[Finding], view: View, is_open: bool) -> str:
    number = f"{len(findings)} finding{'s' if len(findings) != 1 else ''}"
    body = "".join(_finding(finding, view) for finding in findings)
    state = " open" if is_open else ""
    return (
        f'<details class="file"{state}><summary><h2>{escape(safe(path))}</h2> '
        f'<span class="dim">{number}</span></summary>{body}</details>'
    )


def _finding(finding: Finding, view: View) -> str:
    level = " (warning)" if finding.severity is Severity.WARNING else ""
    name = f'<span class="dim">{escape(finding.name)}{level}</span>'
    parts = [
        f"<article><h3>{_linked(finding.code, finding.url)} {name}</h3>",
        f"<p>{prose(finding.message)}</p>",
        f'<p class="dim">{escape(place(finding.location))}</p>',
    ]
    if finding.chain:
        drawing = draw(finding.chain, finding.recommended, mover(finding))
        parts.append(f'<div class="scroll" tabindex="0" role="group" aria-label="the layers">{drawing}</div>')
    parts += _code(finding, view)
    parts += [f'<p class="dim">{prose(one.message)}: {escape(place(one.location))}</p>' for one in finding.related]
    if (repair := repair_in_words(finding)) is not None:
        parts.append(f"<p>{prose(repair[0].upper() + repair[1:])}</p>")
    return "".join(parts) + "</article>"


def _code(finding: Finding, view: View) -> Iterator[str]:
    """The code around the place of a finding and around the related places, which are marked."""
    marks = [(finding.location, True), *((one.location, False) for one in finding.related)]
    texts: dict[tuple[str, int | None], list[tuple[Location, bool]]] = {}
    for at, is_main in marks:
        texts.setdefault((at.path, at.cell), []).append((at, is_main))
    for (path, cell), places in texts.items():
        lines = view.lines(places[0][0]) if places[0][0].line else None
        if not lines:
            continue
        title = safe(path) if cell is None else f"{safe(path)}, cell {cell}"
        yield (
            f'<pre class="scroll" tabindex="0" role="group" aria-label="code of {escape(title, quote=True)}">'
            f"{''.join(_lines(lines, places))}</pre>"
        )


def _lines(lines: Sequence[str], places: Sequence[tuple[Location, bool]]) -> Iterator[str]:
    shown: set[int] = set()
    for at, _ in places:
        shown |= set(range(max(1, at.line - _NEAR), min(len(lines), max(at.end_line, at.line) + _NEAR) + 1))
    width, previous = len(str(max(shown, default=1))), None
    for number in sorted(shown):
        if previous is not None and number > previous + 1:
            yield f'<span class="number">{"…":>{width}}</span>\n'
        previous = number
        text = safe(lines[number - 1].rstrip("\r\n"))
        yield f'<span class="number">{number:>{width}}</span>  {_marked(text, number, places)}\n'


def _marked(text: str, number: int, places: Sequence[tuple[Location, bool]]) -> str:
    """A line with its marks. If two overlap, the main mark has priority, and then the later one."""
    styles = [""] * len(text)
    for at, is_main in sorted(places, key=lambda place: place[1]):
        if at.line <= number <= at.end_line:
            start = at.column - 1 if number == at.line else len(text) - len(text.lstrip())
            end = at.end_column - 1 if number == at.end_line else len(text)
            styles[start:end] = ["main" if is_main else "related"] * (min(end, len(text)) - min(start, len(text)))
    parts = []
    for style, run in groupby(zip(styles, text, strict=False), key=lambda pair: pair[0]):
        piece = escape("".join(character for _, character in run), quote=False)
        tag = {"main": "<mark>", "related": '<mark class="related">'}.get(style)
        parts.append(f"{tag}{piece}</mark>" if tag else piece)
    return "".join(parts)


def _problems(report: Report) -> Iterator[str]:
    if report.errors or report.warnings:
        yield '<section id="problems" aria-label="Errors and warnings"><h2>Errors and warnings</h2>'
        yield f"{problems(report)}</section>"
