"""Findings and reports as HTML, for notebooks and for the `html` format."""

from __future__ import annotations

import re
from collections import Counter
from html import escape

from orderlint.diagnostics import FileWarning, Finding, Report, Severity
from orderlint.report.chain_svg import STYLE, draw
from orderlint.report.claims import gathered, how_many, limit, nothing, suppressed
from orderlint.report.clean import unparsed
from orderlint.report.described import mover, repair_in_words
from orderlint.report.terminal import place, safe

__all__ = ["STYLE", "counted", "in_html", "of_finding", "of_report", "problems", "prose"]

_CODE = re.compile(r"`([^`]+)`")
_SHOWN = 10  # findings that are not folded in a notebook
_FRAME = """\
.ol { --ol-ink: currentColor; max-width: 62rem; line-height: 1.45; }
.ol summary { cursor: pointer; }
.ol code { background: transparent; padding: 0; }
.ol .ol-what { margin: .6em 0 .2em; }
.ol .ol-dim { opacity: .75; }
@media (prefers-color-scheme: dark) {
  .ol { --ol-box: #2a3138; --ol-line: #93a1ad; --ol-dim: #a9b4be; --ol-wrong-box: #4a2321; --ol-wrong: #ff8a80;
        --ol-right-box: #1f3d29; --ol-right: #7bd493; }
  .ol-chain text { fill: #e8edf1; }
}
body[data-jp-theme-light="false"] .ol, body.vscode-dark .ol { --ol-box: #2a3138; --ol-line: #93a1ad;
  --ol-dim: #a9b4be; --ol-wrong-box: #4a2321; --ol-wrong: #ff8a80; --ol-right-box: #1f3d29; --ol-right: #7bd493; }
body[data-jp-theme-light="false"] .ol-chain text, body.vscode-dark .ol-chain text { fill: #e8edf1; }
body[data-jp-theme-light="true"] .ol, body.vscode-light .ol { --ol-box: #f4f6f8; --ol-line: #75828e; --ol-dim: #5a6670;
  --ol-wrong-box: #fdeceb; --ol-wrong: #b3261e; --ol-right-box: #e7f4ea; --ol-right: #1b7a3a; }
body[data-jp-theme-light="true"] .ol-chain text, body.vscode-light .ol-chain text { fill: #1c2329; }
"""


def prose(text: str) -> str:
    """A message as HTML, with text in backticks as code."""
    return _CODE.sub(r"<code>\1</code>", escape(safe(text), quote=False))


def in_html(finding: Finding) -> str:
    """A finding as self-contained HTML, with its styles."""
    return f'<div class="ol"><style>{STYLE}{_FRAME}</style>{of_finding(finding)}</div>'


def of_report(report: Report) -> str:
    """A report as self-contained HTML, with its styles."""
    cards = [of_finding(finding) for finding in report.findings]
    more = ""
    if len(cards) > _SHOWN:
        rest = len(cards) - _SHOWN
        more = f"<details><summary>{rest} more</summary>{''.join(cards[_SHOWN:])}</details>"
    body = "".join(cards[:_SHOWN]) + more + problems(report)
    return f'<div class="ol"><style>{STYLE}{_FRAME}</style><p><b>{counted(report)}</b></p>{body}</div>'


def problems(report: Report) -> str:
    """A list of what was not checked. Many partly checked places are folded into one entry."""
    shown, folded = gathered(report.warnings)
    entries = [f"<li>error: {prose(f'{one.path}: {one.message}')}</li>" for one in report.errors]
    entries += map(_warning, shown)
    if folded:
        listed = "".join(_warning(one) for one in report.warnings if one.is_gap)
        entries.append(f"<li><details><summary>warning: {prose(folded)}</summary><ul>{listed}</ul></details></li>")
    return f"<ul>{''.join(entries)}</ul>" if entries else ""


def _warning(warning: FileWarning) -> str:
    return f"<li>warning: {prose(f'{place(warning.location)}: {warning.message}')}</li>"


def counted(report: Report, *, by_rule: bool = True) -> str:
    """The counts in words. They never claim that everything is in order if something could not be checked.

    Args:
        report: The report.
        by_rule: Whether to add the counts of each rule, and of cells that are not Python.
    """
    hidden = f" {suppressed(report)}".rstrip()
    if not report.findings:
        if report.errors:
            return "Something could not be checked."
        if report.files:
            more = unparsed(report.unparsed) + hidden
            return f"{nothing(report)}{limit(report.warnings)}.{more * by_rule}"
        return "Nothing to check: no Keras layers." if report.passed_over else "Nothing to check."
    codes = Counter(finding.code for finding in report.findings)
    total = how_many(report.findings)
    if not by_rule:
        return total
    kinds = ", ".join(f"{code} × {count}" if count > 1 else code for code, count in sorted(codes.items()))
    return f"{total}: {kinds}{'.' * bool(hidden)}{hidden}"


def of_finding(finding: Finding) -> str:
    """A finding without styles: the message, the place, the drawing and the repair."""
    code = escape(finding.code)
    if finding.url:
        code = f'<a href="{escape(finding.url, quote=True)}">{code}</a>'
    level = " (warning)" if finding.severity is Severity.WARNING else ""
    parts = [
        (
            f'<p class="ol-what"><b>{code}</b>{level} {prose(finding.message)} '
            f'<span class="ol-dim">{escape(place(finding.location))}</span></p>'
        )
    ]
    if finding.chain:
        parts.append(draw(finding.chain, finding.recommended, mover(finding)))
    if (repair := repair_in_words(finding)) is not None:
        parts.append(f'<p class="ol-dim">{prose(repair)}</p>')
    return "".join(parts)
