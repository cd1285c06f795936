"""`orderlint check`: find layers out of order."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from orderlint.commands._options import (
    STDIN,
    baseline_option,
    cache_options,
    file_options,
    options_of,
    per_file_option,
    refined,
    rule_options,
    run_options,
    warn_option,
    worklist_of,
)
from orderlint.commands._output import Reporting, deliver, report_options, reporting_of, teller_of, view_of
from orderlint.commands._running import checked

if TYPE_CHECKING:
    from orderlint.console import Output
    from orderlint.diagnostics import FileError, Report
    from orderlint.engine.resolving import Options, Worklist
    from orderlint.engine.session import Session

__all__ = ["command"]


@click.command(short_help="Find layers out of order in source files and notebooks.")
@file_options
@rule_options
@warn_option
@per_file_option
@baseline_option
@click.option(
    "--diff-base",
    metavar="REV",
    help="Report only findings in lines that changed since a Git revision, such as origin/main.",
)
@report_options
@click.option(
    "--add-ignores", is_flag=True, help="Add a suppression comment for each finding, then check what is left."
)
@click.option("--show-files", is_flag=True, help="List the files that would be checked, and exit.")
@click.option("--watch", is_flag=True, help="Check again whenever a file changes, until Ctrl-C.")
@run_options
@click.option(
    "--cluster",
    metavar="ADDRESS",
    help="Work on the Dask cluster whose scheduler has this address, such as tcp://10.0.0.5:8786.",
)
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
    warn: tuple[str, ...],
    per_file_ignores: tuple[str, ...],
    baseline: Path | None,
    diff_base: str | None,
    form: str,
    output_file: Path | None,
    quiet: bool,
    statistics: bool,
    max_findings: int | None,
    exit_zero: bool,
    add_ignores: bool,
    show_files: bool,
    watch: bool,
    jobs: int | None,
    debug: bool,
    cluster: str | None,
    no_cache: bool,
    cache_dir: Path | None,
) -> int:
    """Find layers out of order in PATHS: files, notebooks and folders (default: the current folder; `-` for standard
    input). The code is read, never run.

    Exit status: 0 nothing found, 1 findings, 2 wrong use, bad configuration, or a file that could not be read.
    """
    from orderlint.console import Output, write_problems
    from orderlint.engine.cache import open_cache
    from orderlint.engine.session import Session

    if add_ignores and STDIN in paths:
        raise click.UsageError("--add-ignores writes to files: it cannot be used with standard input")
    if watch and (add_ignores or show_files or STDIN in paths):
        raise click.UsageError("--watch goes with none of --add-ignores, --show-files and standard input")
    if cluster is not None and jobs is not None:
        raise click.UsageError("--jobs is about processes here, --cluster about workers elsewhere: give one of them")
    session = Session()
    session.seen = click.get_current_context().obj  # by the fast door
    options = options_of(session, select, extend_select, ignore, exclude, force_exclude, config, isolated, baseline)
    options = refined(session, options, warn, per_file_ignores)
    output = Output.to_stdout()
    how = reporting_of(form, output_file, quiet, statistics, max_findings)
    if not no_cache and not show_files:
        session.cache = open_cache(session.plugins, cache_dir)
    if watch:
        return _watched(session, paths, options, output, how, jobs, debug, diff_base, cluster)
    work = worklist_of(session, paths, options, stdin_filename)
    if show_files:
        output.write("".join(f"{target.shown}\n" for target in work.targets))
        write_problems("error", work.errors)
        return 2 if work.errors else 0
    if add_ignores:
        refused = _silenced(session, work, quiet, jobs, debug, diff_base)
        work = replace(work, errors=(*work.errors, *refused))
    report = _reported(session, work, output, how, jobs, debug, diff_base, cluster)
    return 0 if exit_zero and report.exit_status == 1 else report.exit_status


def _watched(
    session: Session,
    paths: tuple[str, ...],
    options: Options,
    output: Output,
    how: Reporting,
    jobs: int | None,
    debug: bool,
    since: str | None,
    cluster: str | None,
) -> int:
    """Check whenever something has changed."""
    from orderlint.commands._watching import watch, watched

    def found() -> Worklist:
        return worklist_of(session, paths, options, None)

    def run() -> tuple[str, ...]:
        _reported(session, found(), output, how, jobs, debug, since, cluster)
        return session.project.modules

    return watch(run, lambda: watched(found()))


def _silenced(
    session: Session, work: Worklist, quiet: bool, jobs: int | None, debug: bool, since: str | None
) -> tuple[FileError, ...]:
    """Write a comment for each finding; what could not be written."""
    from orderlint.console import write_warnings
    from orderlint.engine.silencing import silence
    from orderlint.progress import ProgressLine
    from orderlint.report.clean import number

    with ProgressLine() as progress:
        report = checked(session, work, progress, jobs, debug, plans=False, since=since)
    done = silence(report, work.targets, session.registry)
    if not quiet:
        click.echo(f"Wrote {number(done.num_comments, 'comment')} in {number(done.num_files, 'file')}.", err=True)
        write_warnings(done.warnings)
    return done.errors


def _reported(
    session: Session,
    work: Worklist,
    output: Output,
    how: Reporting,
    jobs: int | None,
    debug: bool,
    since: str | None,
    cluster: str | None,
) -> Report:
    """Check the files and write what is found, as it is found where the format allows that."""
    from orderlint.engine.sources import Sources
    from orderlint.progress import ProgressLine
    from orderlint.report import summary

    view = view_of(output, Sources(work.targets), session.registry.rules, how.file)
    with ProgressLine() as progress:
        teller = teller_of(view, output, how, progress.clear)
        tell = None if teller is None else teller.tell
        report = checked(session, work, progress, jobs, debug, tell=tell, since=since, cluster=cluster)
    counts = summary.render(report, width=view.width, glyphs=view.glyphs, colour=view.colour, room=output.room)
    deliver(report, counts, view, output, how, teller=teller)
    return report
