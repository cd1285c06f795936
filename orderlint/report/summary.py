"""The summary of a run: what was found, why it matters, what can be repaired, and what was not checked."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from orderlint.diagnostics import Finding, RepairKind, Report, SuppressedBy
from orderlint.report.claims import how_many, limit, nothing, suppressed
from orderlint.report.clean import nothing_found, number, passed_over, skipped, unparsed
from orderlint.report.described import KIND_WORDS
from orderlint.report.terminal import UNICODE, Glyphs, fitted, safe, styled

__all__ = ["counts", "explained", "render", "statistics"]


def counts(report: Report) -> Mapping[tuple[str, str], int]:
    """The number of findings of each rule, by code and name, most frequent first."""
    found = Counter((finding.code, finding.name) for finding in report.findings)
    return dict(sorted(found.items(), key=lambda item: (-item[1], item[0])))


def statistics(report: Report) -> str:
    """The number of findings: a line for each rule (`  3  ORD001  norm-after-activation`), then one for each folder.

    The folders are left out if there is only one.

    >>> statistics(Report())
    ''
    """
    rules = [(count, f"{code}  {name}") for (code, name), count in counts(report).items()]
    folders = Counter(_folder(finding.location.path) for finding in report.findings)
    in_order = sorted(((count, safe(name)) for name, count in folders.items()), key=lambda row: (-row[0], row[1]))
    return "\n".join(_table(rows) for rows in (rules, in_order if len(in_order) > 1 else []) if rows)


def _table(rows: Sequence[tuple[int, str]]) -> str:
    width = max(len(str(count)) for count, _ in rows)
    return "".join(f"{count:>{width}}  {name}\n" for count, name in rows)


def _folder(path: str) -> str:
    """The folder of a path.

    >>> _folder("src/net.py"), _folder("net.py")
    ('src/', './')
    """
    folder, slash, _ = path.rpartition("/")
    return folder + slash or "./"


def render(
    report: Report,
    *,
    width: int | None = 100,
    glyphs: Glyphs = UNICODE,
    color: bool = False,
    room: int | None = None,
    fix: str = "`orderlint fix`",
    is_planned: bool = True,
) -> str:
    """The summary of a run, without a final newline.

    Args:
        report: The report.
        width: The width of the explanations, in cells; `None` for no limit.
        glyphs: The characters that may be used.
        color: Whether to write ANSI colors.
        room: The width of all other rows, in cells; `None` for no limit.
        fix: The command that makes the repairs, for use in a sentence.
        is_planned: Whether it is known which findings can be repaired.
    """
    lines = [*(fitted(line, room) for line in _found(report)), *explained(report.findings, width)]
    repairable = sum(1 for finding in report.findings if finding.repair is not None and finding.repair.available)
    if repairable:
        share = _share(repairable, len(report.findings))
        lines.append(fitted(f"{fix} can repair {share}; `--diff` shows how.", room))
    elif report.findings and not is_planned:
        lines.append(fitted(f"{fix} repairs what it can; `--diff` shows how.", room))
    if report.findings:
        lines.append(f"`orderlint rule {min(counts(report))[0]}` explains the rule.")
    if report.errors and (report.files or report.findings):
        lines.append(f"{number(len(report.errors), 'error')}: not everything was checked.")
    return styled(glyphs.spell("\n".join(lines)), color=color)


def explained(findings: Sequence[Finding], width: int | None) -> list[str]:
    """The reason for each rule that found something, and the effect of each kind of repair.

    Args:
        findings: The findings.
        width: The width of a row, in cells; `None` for no limit.
    """
    whys = dict.fromkeys((finding.code, finding.why) for finding in findings if finding.why)
    entries = sorted(whys)
    repairs = {finding.repair.kind for finding in findings if finding.repair is not None and finding.repair.available}
    entries += [(kind.value, f"{KIND_WORDS[kind]}.") for kind in RepairKind if kind in repairs]
    column = max((len(name) for name, _ in entries), default=0) + 4
    return [row for name, text in entries for row in _entry(name, text, column, width)]


def _entry(name: str, text: str, column: int, width: int | None) -> list[str]:
    """`  ORD001         By convention ...`, in as many rows as needed."""
    start = f"  {name}".ljust(column)
    if width is None:
        return [start + text]
    if width - column < 30:  # too narrow for its own column
        return textwrap.wrap(f"{name} {text}", width, initial_indent="  ", subsequent_indent="    ")
    return textwrap.wrap(text, width, initial_indent=start, subsequent_indent=" " * column)


def _found(report: Report) -> Iterator[str]:
    files = number(report.files, "file")
    more = _more(report)
    if not report.findings:
        yield _nothing(report, files, more)
    else:
        holding = len({finding.location.path for finding in report.findings})
        where = files if holding == report.files else f"{holding} of {files}"
        yield f"{how_many(report.findings)} in {where}.{more}"
    if known := report.hidden_by(SuppressedBy.BASELINE):
        yield f"{number(known, 'finding')} in the baseline {'is' if known == 1 else 'are'} not shown."
    if old := report.hidden_by(SuppressedBy.UNCHANGED):
        stand = "1 finding is" if old == 1 else f"{old} findings are"
        yield f"{stand} in lines that have not changed since {report.since}."
    if commented := suppressed(report):
        yield commented
    if report.stale:
        entries = "1 entry" if report.stale == 1 else f"{report.stale} entries"
        yield (
            f"{entries} of the baseline no longer {'applies' if report.stale == 1 else 'apply'}: "
            f"`orderlint baseline` removes {'it' if report.stale == 1 else 'them'}."
        )


def _nothing(report: Report, files: str, more: str) -> str:
    """The sentence without findings. It never claims that everything is in order if something could not be checked."""
    if report.errors:
        rest = "file" if report.files == 1 else files
        return f"No findings in the {rest} that could be checked.{more}" if report.files else "Nothing was checked."
    if report.files:
        return f"{nothing(report)} in {files}{limit(report.warnings)}.{more}"
    if report.skipped and not report.passed_over:
        return f"Nothing to check.{more}"
    return nothing_found(0, report.passed_over) + unparsed(report.unparsed) + skipped(report.skipped)


def _more(report: Report) -> str:
    """What was not checked, as further sentences."""
    return passed_over(report.passed_over) + unparsed(report.unparsed) + skipped(report.skipped)


def _share(count: int, whole: int) -> str:
    """A share of the findings that were just counted, in words.

    >>> _share(1, 1), _share(2, 2), _share(1, 2)
    ('it', 'all of them', '1 of them')
    """
    if count < whole:
        return f"{count} of them"
    return "it" if whole == 1 else "all of them"
