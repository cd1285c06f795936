"""`orderlint check`: find layers out of order."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from orderlint.commands._options import file_options, options_of, plan_of, rule_options, run_options

if TYPE_CHECKING:
    from orderlint.console import Output
    from orderlint.diagnostics import Report
    from orderlint.engine.planning import Plan

__all__ = ["command"]


@click.command(short_help="Find layers out of order in source files and notebooks.")
@file_options
@rule_options
@click.option(
    "--format",
    "form",
    type=click.Choice(["full", "concise", "json"]),
    default="full",
    show_default=True,
    help="How to report.",
)
@click.option("--statistics", is_flag=True, help="Count the findings of each rule.")
@click.option("--exit-zero", is_flag=True, help="Do not fail because of findings (status 2 stays).")
@click.option("--show-files", is_flag=True, help="List the files that would be checked, and stop.")
@run_options
def command(
    paths: tuple[str, ...],
    exclude: tuple[str, ...],
    force_exclude: bool,
    config: Path | None,
    isolated: bool,
    stdin_filename: str | None,
    select: tuple[str, ...],
    extend_select: tuple[str, ...],
    ignore: tuple[str, ...],
    form: str,
    statistics: bool,
    exit_zero: bool,
    show_files: bool,
    jobs: int | None,
    debug: bool,
) -> int:
    """Find layers out of order in PATHS: files, notebooks and folders (default: the current folder; `-` for standard
    input). The code is read, not run.

    Exit status: 0 nothing found, 1 findings, 2 wrong use, bad configuration, or a file that could not be read.
    """
    from orderlint.console import Output, write_problems

    options = options_of(select, extend_select, ignore, exclude, force_exclude, config, isolated)
    plan, _ = plan_of(paths, options, stdin_filename)
    output = Output.to_stdout()
    if show_files:
        output.write("".join(f"{target.shown}\n" for target in plan.targets))
        write_problems("error", plan.errors)
        return 2 if plan.errors else 0
    report = _checked(plan, jobs, debug)
    _write(report, plan, output, form, statistics)
    return 0 if exit_zero and report.exit_status == 1 else report.exit_status


def _checked(plan: Plan, jobs: int | None, debug: bool) -> Report:
    from orderlint.engine.checking import check
    from orderlint.progress import ProgressLine

    with ProgressLine() as progress:

        def trace(text: str) -> None:
            progress.clear()
            click.echo(text, err=True, nl=False)

        return check(plan.targets, jobs=jobs, progress=progress, trace=trace if debug else None, errors=plan.errors)


def _write(report: Report, plan: Plan, output: Output, form: str, statistics: bool) -> None:
    """Findings and counts go to standard output, everything else to standard error."""
    from orderlint.console import write_problems
    from orderlint.report import concise, json, summary

    if form == "json":
        output.write(json.render(report))
    elif form == "concise":
        output.write(concise.render(report, colour=output.colour, glyphs=output.glyphs))
    elif report.findings:
        from orderlint.commands._lines import SourceLines
        from orderlint.report import full

        lines = SourceLines(plan.targets)
        output.write_rows(full.renderables(report, lines, width=output.width, glyphs=output.glyphs))
    is_text = form == "full"
    if statistics:
        output.write(summary.statistics(report) + "\n" * bool(is_text and report.findings), err=form == "json")
    if form != "json":
        output.write(summary.render(report) + "\n", err=not is_text)
    write_problems("warning", report.warnings)
    write_problems("error", report.errors)
