"""Writes the report of a command: the options, and what is written to which stream or file."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from orderlint.commands._options import AtLeast, Choice, with_options
from orderlint.commands._places import OutputName
from orderlint.records import record
from orderlint.text.failures import in_words

if TYPE_CHECKING:
    from orderlint.console import Output
    from orderlint.diagnostics import Finding, FixReport, Report
    from orderlint.engine.sources import Sources
    from orderlint.judging import Rule
    from orderlint.report.picture import Picture
    from orderlint.report.view import View

__all__ = [
    "FindingWriter",
    "Reporting",
    "color_option",
    "deliver",
    "draw",
    "fix_format_option",
    "graph_format_option",
    "model_report_options",
    "report_options",
    "verbose_option",
    "view_of",
    "write_report",
    "writer_of",
]

Command = TypeVar("Command", bound=Callable[..., Any])


@record(frozen=True, slots=True)
class Reporting:
    """The output format.

    Attributes:
        form: The name of the format.
        output_file: The file for the report; `None` for standard output.
        quiet: Whether to write only findings and errors.
        verbose: Whether to list everything that was only partly checked.
        statistics: Whether to count the findings of each rule.
        max_findings: The most findings to show; `None` for all.
        exit_zero: Whether the exit status is 0 even if there are findings.
    """

    form: str
    output_file: Path | None = None
    quiet: bool = False
    verbose: bool = False
    statistics: bool = False
    max_findings: int | None = None
    exit_zero: bool = False

    def status(self, report: Report | FixReport) -> int:
        """The exit status of a command with this report."""
        return 0 if self.exit_zero and report.exit_status == 1 else report.exit_status


class _FormatName(click.ParamType):  # type: ignore[type-arg]  # generic from click 8.2 on, for the type checker only
    """The name of a format. The modules are only listed when needed, and none is imported.

    Args:
        names: Returns the names, in the order of the help.
    """

    name = "format"

    def __init__(self, names: Callable[[], tuple[str, ...]]) -> None:
        self.names = names

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        names = self.names()
        if value not in names:
            from orderlint.words import hint

            known = f"; choose one of {', '.join(names)}"
            end = _of_others(value) or hint(value, names, otherwise=known)
            self.fail(f"unknown format {value!r}{end}", param, ctx)
        return str(value)

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> Any:
        return click.Choice(self.names()).shell_complete(ctx, param, incomplete)


class _FormatOption(click.Option):
    """An option whose help lists the formats. As alternatives before the help, they would not fit a line."""

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        assert isinstance(self.type, _FormatName)
        self.help = f"The output format: {', '.join(self.type.names())}."
        return super().get_help_record(ctx)


def _of_others(name: str) -> str:
    """The end of a message about a format of other commands; empty if no command has it."""
    having = {"check": _of_reports(), "inspect": _of_models(), "graph": _of_graphs()}
    commands = [f"`orderlint {command}`" for command, names in having.items() if name in names]
    return f"; it is a format of {' and '.join(commands)}" if commands else ""


def _of_repairs() -> tuple[str, ...]:
    return ("full", "concise", "json")


def _of_reports() -> tuple[str, ...]:
    from orderlint.report import formats

    return formats.names()


def _of_models() -> tuple[str, ...]:
    from orderlint.report import pictures

    return (*_of_reports(), *pictures.names())


def _of_graphs() -> tuple[str, ...]:
    from orderlint.report import pictures

    return ("tree", "json", *pictures.names())


def _format_option(names: Callable[[], tuple[str, ...]], default: str, *spellings: str) -> Callable[[Command], Command]:
    return click.option(
        *spellings,
        "form",
        cls=_FormatOption,
        type=_FormatName(names),
        metavar="FORMAT",
        default=default,
        show_default=True,
        help="The output format.",
    )


graph_format_option = _format_option(_of_graphs, "tree", "--format")
fix_format_option = _format_option(_of_repairs, "full", "--format", "--output-format")


verbose_option = click.option("-v", "--verbose", is_flag=True, help="List all places that were only partly checked.")


def report_options(command: Command) -> Command:
    """The options for reports: the format, the file, what is shown, and the exit status."""
    return _report_options(command, _of_reports)


def model_report_options(command: Command) -> Command:
    """The same for models. They have more formats: pictures."""
    return _report_options(command, _of_models)


def _report_options(command: Command, names: Callable[[], tuple[str, ...]]) -> Command:
    return with_options(
        command,
        _format_option(names, "full", "--format", "--output-format"),
        click.option(
            "-o",
            "--output-file",
            metavar="FILE",
            type=OutputName(path_type=Path, dir_okay=False),
            help="Write the report to FILE; the summary stays on the terminal.",
        ),
        click.option("-q", "--quiet", is_flag=True, help="Print findings and errors only."),
        verbose_option,
        color_option,
        *_COUNTING,
    )


# How many findings are shown, and whether they change the exit status.
_COUNTING = (
    click.option("--statistics", is_flag=True, help="Count the findings of each rule, and of each folder."),
    click.option(
        "--max-findings",
        metavar="N",
        type=AtLeast(0),
        help="Show at most N findings; the summary counts all.",
    ),
    click.option(
        "--exit-zero", is_flag=True, help="Exit with status 0 even if there are findings (errors still exit with 2)."
    ),
)


def _remember_color(ctx: click.Context, param: click.Parameter, value: str) -> None:
    ctx.color = {"always": True, "never": False}.get(value)


color_option = click.option(
    "--color",
    type=Choice(["auto", "always", "never"]),
    default="auto",
    show_default=True,
    callback=_remember_color,
    expose_value=False,
    help="Whether to use colors; auto uses them on a terminal, unless NO_COLOR is set.",
)


def view_of(output: Output, sources: Sources, rules: Mapping[str, Rule], file: Path | None = None) -> View:
    """The view for a format. A file may contain any character, and only has colors if they are requested."""
    from orderlint.report.terminal import UNICODE
    from orderlint.report.view import View

    context = click.get_current_context(silent=True)
    asked = context is not None and context.color is True
    return View(
        lines=sources.lines,
        text=sources.text,
        in_file=sources.in_file,
        rules=rules,
        width=output.width,
        glyphs=output.glyphs if file is None else UNICODE,
        color=output.color if file is None else asked,
    )


class FindingWriter:
    """Writes findings as soon as they are complete, as one report.

    Args:
        view: What the format needs in addition to the report.
        output: Standard output.
        how: The format and the file.
        clear: Clears the progress line.
    """

    def __init__(self, view: View, output: Output, how: Reporting, clear: Callable[[], None]) -> None:
        from orderlint.report.formats import load

        self._render = load(how.form).render
        self._view = view
        self._output = output
        self._clear = clear
        self._room = how.max_findings
        self._last = ""

    def write(self, findings: Sequence[Finding]) -> None:
        """Write some findings, up to the maximum number."""
        from orderlint.diagnostics import Report

        shown = findings[: self._room]
        if self._room is not None:
            self._room -= len(shown)
        if shown:
            self._last = self._render(Report(findings=tuple(shown)), self._view)
            self._clear()
            self._output.write(self._last)

    def end(self, report: Report, *, is_read: bool) -> None:
        """Write the rest of the report. `is_read` means that the summary follows."""
        self._output.write(self._render(replace(report, findings=()), self._view))
        if is_read and self._last and not self._last.endswith("\n\n"):
            self._output.write("\n")


def writer_of(view: View, output: Output, how: Reporting, clear: Callable[[], None]) -> FindingWriter | None:
    """The writer of findings; `None` for a file, or if the format needs the whole report."""
    from orderlint.report.formats import Use, load

    return (
        None
        if how.output_file is not None or load(how.form).USE is Use.DATA
        else FindingWriter(view, output, how, clear)
    )


def deliver(
    report: Report,
    summary: str,
    view: View,
    output: Output,
    how: Reporting,
    *,
    before: str = "",
    writer: FindingWriter | None = None,
) -> None:
    """Write a report.

    Args:
        report: The report.
        summary: The last lines, without a final newline.
        view: What the format needs in addition to the report.
        output: Standard output.
        how: The format and the file.
        before: Text before the findings, for formats that people read.
        writer: The writer that has already written the findings, if any.

    Findings are written to standard output or to a file. The summary follows in formats that people read, and
    everything else is written to standard error.

    Raises:
        click.ClickException: The file cannot be written.
    """
    from orderlint.console import write_problems, write_warnings
    from orderlint.report.formats import Use, load
    from orderlint.report.summary import statistics

    form = load(how.form)
    is_read = form.USE is Use.READING and how.output_file is None
    is_piped = form.USE is Use.DATA and how.output_file is None  # the report is data that others read
    shown = report if how.max_findings is None else replace(report, findings=report.findings[: how.max_findings])
    if writer is not None:
        writer.end(report, is_read=is_read)
    else:
        text = form.render(shown, view)
        if is_read:
            text = before + text + "\n" * bool(text and not text.endswith("\n\n"))
        write_report(text, output, how)
    if how.statistics and (counted := statistics(report)):
        output.write(counted + "\n" * is_read, err=is_piped)
    if not how.quiet:
        if not is_piped:
            output.write(f"{_left_out(report, how)}{summary}\n", err=not is_read)
        write_warnings(report.warnings, verbose=how.verbose)
    write_problems("error", report.errors)


def _left_out(report: Report, how: Reporting) -> str:
    """A line with the number of findings that are not shown; empty if all are shown."""
    room = len(report.findings) if how.max_findings is None else how.max_findings
    more = len(report.findings) - room
    return f"{more} more not shown (--max-findings {room}).\n" if more > 0 else ""


def draw(drawings: Sequence[Picture], target: str, output: Output, how: Reporting) -> None:
    """Write pictures, and warn if they cannot be displayed."""
    from orderlint.console import write_problems
    from orderlint.diagnostics import FileWarning
    from orderlint.graph import Location
    from orderlint.report import pictures

    text, caution = pictures.drawn(how.form, drawings)
    write_report(text, output, how)
    if caution:
        write_problems("warning", [FileWarning(Location(target), caution)])


def write_report(text: str, output: Output, how: Reporting) -> None:
    """Write the text of a report to its file, or else to standard output.

    Raises:
        click.ClickException: The file cannot be written.
    """
    if how.output_file is not None:
        _write_file(how.output_file, text)
    else:
        output.write(text)


def _write_file(path: Path, text: str) -> None:
    from orderlint.engine.writing import put_report

    try:
        put_report(path, text.encode("utf-8", "surrogateescape"))
    except OSError as error:
        why = in_words(error) if path.parent.is_dir() else f"no such folder: {path.parent}"
        raise click.ClickException(f"the report cannot be written to {path}: {why}") from None
