"""`orderlint check`: find layers out of order."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from orderlint.commands._options import (
    baseline_option,
    cache_options,
    file_options,
    options_of,
    rule_options,
    run_options,
    worklist_of,
)
from orderlint.commands._output import Reporting, deliver, report_options, reporting_of, teller_of, view_of
from orderlint.commands._running import checked

if TYPE_CHECKING:
    from orderlint.console import Output
    from orderlint.diagnostics import Report
    from orderlint.engine.resolving import Worklist
    from orderlint.engine.session import Session

__all__ = ["command"]


@click.command(short_help="Find layers out of order in source files and notebooks.")
@file_options
@rule_options
@baseline_option
@report_options
@click.option("--show-files", is_flag=True, help="List the files that would be checked, and stop.")
@run_options
@cache_options
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
    baseline: Path | None,
    form: str,
    output_file: Path | None,
    quiet: bool,
    statistics: bool,
    max_findings: int | None,
    exit_zero: bool,
    show_files: bool,
    jobs: int | None,
    debug: bool,
    no_cache: bool,
    cache_dir: Path | None,
) -> int:
    """Find layers out of order in PATHS: files, notebooks and folders (default: the current folder; `-` for standard
    input). The code is read, not run.

    Exit status: 0 nothing found, 1 findings, 2 wrong use, bad configuration, or a file that could not be read.
    """
    from orderlint.console import Output, write_problems
    from orderlint.engine.cache import open_cache
    from orderlint.engine.session import Session

    session = Session()
    session.seen = click.get_current_context().obj  # by the fast door
    options = options_of(session, select, extend_select, ignore, exclude, force_exclude, config, isolated, baseline)
    work = worklist_of(session, paths, options, stdin_filename)
    output = Output.to_stdout()
    if show_files:
        output.write("".join(f"{target.shown}\n" for target in work.targets))
        write_problems("error", work.errors)
        return 2 if work.errors else 0
    if not no_cache:
        session.cache = open_cache(session.plugins, cache_dir)
    how = reporting_of(form, output_file, quiet, statistics, max_findings)
    report = _reported(session, work, output, how, jobs, debug)
    return 0 if exit_zero and report.exit_status == 1 else report.exit_status


def _reported(
    session: Session, work: Worklist, output: Output, how: Reporting, jobs: int | None, debug: bool
) -> Report:
    """Check the files and write what is found, as it is found where the format allows that."""
    from orderlint.engine.sources import Sources
    from orderlint.progress import ProgressLine
    from orderlint.report import summary

    view = view_of(output, Sources(work.targets), session.registry.rules, how.file)
    with ProgressLine() as progress:
        teller = teller_of(view, output, how, progress.clear)
        report = checked(session, work, progress, jobs, debug, tell=None if teller is None else teller.tell)
    counts = summary.render(report, width=view.width, glyphs=view.glyphs, colour=view.colour)
    deliver(report, counts, view, output, how, teller=teller)
    return report
