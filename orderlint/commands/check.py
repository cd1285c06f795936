"""`orderlint check`: find layers out of order."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from orderlint.commands._bundling import bundled
from orderlint.commands._options import (
    baseline_option,
    cache_options,
    file_options,
    per_file_option,
    rule_options,
    run_options,
    stdin_option,
    warn_option,
)
from orderlint.commands._output import Reporting, deliver, report_options, view_of, writer_of
from orderlint.commands._running import Running, checked
from orderlint.commands._scope import Scope

if TYPE_CHECKING:
    from orderlint.console import Output
    from orderlint.diagnostics import FileError, Report
    from orderlint.engine.answers import Question
    from orderlint.engine.resolving import Worklist
    from orderlint.engine.session import Session
    from orderlint.fast_path import FastPath

__all__ = ["command"]


@click.command(short_help="Find layers out of order in source files and notebooks.")
@file_options
@stdin_option
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
@click.option("--fix", is_flag=True, help="Repair first, as `orderlint fix` does, then check what is left.")
@click.option(
    "--add-ignores", is_flag=True, help="Add a suppression comment for each finding, then check what is left."
)
@click.option("--show-files", is_flag=True, help="List the files that would be checked, and exit.")
@click.option("--watch", is_flag=True, help="Check again whenever a file changes, until Ctrl-C.")
@run_options
@click.option(
    "--cluster",
    metavar="ADDRESS",
    help="Spread the work over a Dask cluster, by the address of its scheduler, such as tcp://10.0.0.5:8786.",
)
@cache_options
@bundled(scope=Scope, running=Running, how=Reporting)
def command(
    scope: Scope,
    running: Running,
    how: Reporting,
    fix: bool,
    add_ignores: bool,
    show_files: bool,
    watch: bool,
    no_cache: bool,
    cache_dir: Path | None,
) -> int:
    """Find layers out of order in PATHS: files, notebooks and folders (default: the current folder; `-` for standard
    input). The code is read, never run.

    Exit status: 0 no findings, 1 findings, 2 invalid options or configuration, or a file that
    could not be read.
    """
    from orderlint.console import Output

    _refuse_what_does_not_go_together(scope, running, fix, add_ignores, show_files, watch)
    fast_path: FastPath | None = click.get_current_context().obj
    question = None if fast_path is None else fast_path.question
    output = Output.to_stdout()
    output.said = ([], []) if question is not None else None
    session = _opened(fast_path, cache_dir, is_cached=not no_cache and not show_files)
    if watch:
        return _watched(session, scope, output, how, running)
    work = scope.worklist(session)
    if show_files:
        return _listed(work, output)
    if fix:
        work = replace(work, errors=(*work.errors, *_fixed(session, work, how.quiet, running)))
    if add_ignores:
        work = replace(work, errors=(*work.errors, *_silenced(session, work, how.quiet, running)))
    report = _reported(session, scope, work, output, how, running)
    status = how.status(report)
    if question is not None and not report.warnings:
        _remember(question, status, output, session)
    return status


def _opened(fast_path: FastPath | None, cache_dir: Path | None, *, is_cached: bool) -> Session:
    """A session with the results of the fast path."""
    from orderlint.engine.cache import open_cache
    from orderlint.engine.session import Session

    session = Session()
    if fast_path is not None:
        session.seen, session.screen = fast_path.seen, fast_path.screen
    if is_cached:
        session.cache = open_cache(session.plugins, cache_dir)
    return session


def _listed(work: Worklist, output: Output) -> int:
    """Write the names of the files, unchanged unless people read them. Return the exit status."""
    from orderlint.console import write_problems
    from orderlint.report.terminal import safe

    names = [target.shown if output.room is None else safe(target.shown) for target in work.targets]
    output.write("".join(f"{name}\n" for name in names))
    write_problems("error", work.errors)
    return 2 if work.errors else 0


def _remember(question: Question, status: int, output: Output, session: Session) -> None:
    """Store the output, so that the fast path can repeat it."""
    from orderlint.engine.answers import Answer

    assert session.cache is not None  # otherwise, the fast path has no question
    assert output.said is not None
    said, said_aside = map("".join, output.said)
    question.keep(Answer(status, said, said_aside), session.cache.bases)


def _refuse_what_does_not_go_together(
    scope: Scope, running: Running, fix: bool, add_ignores: bool, show_files: bool, watch: bool
) -> None:
    if (fix or add_ignores) and scope.reads_stdin:
        option = "--fix" if fix else "--add-ignores"
        raise click.UsageError(f"{option} writes to files and cannot be used with standard input")
    if fix and running.diff_base is not None:
        raise click.UsageError("--fix repairs whole files and cannot be combined with --diff-base")
    if watch and (fix or add_ignores or show_files or scope.reads_stdin):
        raise click.UsageError("--watch cannot be combined with --fix, --add-ignores, --show-files or standard input")
    if running.cluster is not None and running.jobs is not None:
        raise click.UsageError("--jobs starts processes here, --cluster uses workers elsewhere; use only one of them")


def _watched(session: Session, scope: Scope, output: Output, how: Reporting, running: Running) -> int:
    """Check whenever something has changed."""
    from orderlint.commands._watching import watch, watched

    def run() -> tuple[str, ...]:
        _reported(session, scope, scope.worklist(session), output, how, running)
        return session.project.modules

    scope.options(session)  # a wrong option ends the command; a wrong configuration can be corrected in the meantime
    return watch(run, lambda: watched(scope.worklist(session)))


def _fixed(session: Session, work: Worklist, quiet: bool, running: Running) -> tuple[FileError, ...]:
    """Repair the files. Return the errors."""
    from orderlint.commands._repairing import kinds_of, repaired
    from orderlint.report.repairs import brief

    repairs = repaired(session, replace(work, errors=()), kinds_of(work), running)
    repairs.write()
    if not quiet and repairs.made:
        click.echo(brief(repairs.made), err=True)
    return repairs.problems


def _silenced(session: Session, work: Worklist, quiet: bool, running: Running) -> tuple[FileError, ...]:
    """Write a comment for each finding. Return the errors."""
    from orderlint.console import write_warnings
    from orderlint.engine.silencing import silence
    from orderlint.progress import ProgressLine
    from orderlint.report.clean import number

    with ProgressLine() as progress:
        report = checked(session, work, progress, replace(running, cluster=None), plans=False)
    done = silence(report, work.targets, session.registry)
    if not quiet:
        click.echo(f"Wrote {number(done.num_comments, 'comment')} in {number(done.num_files, 'file')}.", err=True)
        write_warnings(done.warnings)
    return done.errors


def _reported(
    session: Session, scope: Scope, work: Worklist, output: Output, how: Reporting, running: Running
) -> Report:
    """Check the files, and write the report. If the format allows it, findings are written as soon as possible."""
    from orderlint.engine.sources import Sources
    from orderlint.progress import ProgressLine
    from orderlint.report import summary
    from orderlint.report.formats import shows_repairs

    plans = shows_repairs(how.form)
    view = view_of(output, Sources(work.targets), session.registry.rules, how.output_file)
    with ProgressLine() as progress:
        writer = writer_of(view, output, how, progress.clear)
        on_findings = None if writer is None else writer.write
        report = checked(session, work, progress, running, plans=plans, on_findings=on_findings)
    counts = summary.render(
        report,
        width=output.known_width,
        glyphs=view.glyphs,
        color=view.color,
        room=output.room,
        fix=scope.command("fix"),
        is_planned=plans or not _may_be_repaired(report, session),
    )
    deliver(report, counts, view, output, how, writer=writer)
    return report


def _may_be_repaired(report: Report, session: Session) -> bool:
    """Whether any rule with findings has repairs."""
    from orderlint.judging import Fixable

    rules = session.registry.rules
    return any(rules[one.code].fixable is not Fixable.NEVER for one in report.findings)
