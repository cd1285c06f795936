"""`orderlint baseline`: record the current findings, so that only new ones fail."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import click

from orderlint.commands._bundling import bundled
from orderlint.commands._options import file_options, per_file_option, rule_options, run_options
from orderlint.commands._places import PathName
from orderlint.commands._running import Running, checked
from orderlint.commands._scope import Scope

if TYPE_CHECKING:
    from orderlint.diagnostics import Report
    from orderlint.engine.baselines import Baseline
    from orderlint.engine.resolving import Worklist
    from orderlint.engine.session import Session

__all__ = ["command"]


@click.command(short_help="Record the current findings, so that only new ones fail.")
@file_options
@rule_options
@per_file_option
@click.option(
    "-o",
    "--output-file",
    metavar="FILE",
    type=PathName(path_type=Path, dir_okay=False),
    help="The baseline (default: `baseline` of the configuration, else orderlint-baseline.json).",
)
@click.option("--prune", is_flag=True, help="Only remove entries that no longer apply.")
@click.option("--add", is_flag=True, help="Add new findings to an existing baseline.")
@click.option("-q", "--quiet", is_flag=True, help="Print errors only.")
@run_options
@bundled(scope=Scope, running=Running)
def command(scope: Scope, running: Running, output_file: Path | None, prune: bool, add: bool, quiet: bool) -> int:
    """Record the findings in PATHS (default: the current folder) in a baseline. `orderlint check --baseline FILE`, or
    `baseline = "FILE"` in the configuration, then fails only for new findings. Commit the file.

    The file holds no line numbers, so code may move, and files may be renamed. If the baseline exists, entries that no
    longer apply are removed, and new findings are added only with --add.

    Exit status: 0 the baseline has every finding, 1 new findings were not added, 2 invalid options or an error.
    """
    from orderlint.engine.session import Session

    if scope.reads_stdin:
        raise click.UsageError("a baseline records findings in files and cannot be made from standard input")
    if prune and add:
        raise click.UsageError("--prune only removes entries, --add adds some; use only one of them")
    session = Session()
    work = scope.worklist(session, has_baseline=False)
    return _written(work, session, _file_of(work, output_file), prune, add, quiet, running)


def _file_of(work: Worklist, asked: Path | None) -> Path:
    """The path of the baseline, which may not exist yet.

    Raises:
        click.UsageError: The files have several baselines.
    """
    from orderlint.engine.baselines import USUAL_NAME

    if asked is not None:
        return asked.absolute()
    configured = {one.baseline_file for one in work.configurations.values() if one.baseline_file is not None}
    if len(configured) > 1:
        names = ", ".join(sorted(map(str, configured)))
        raise click.UsageError(f"these files have several baselines ({names}): choose one with --output-file")
    return configured.pop() if configured else Path.cwd() / USUAL_NAME


def _written(
    work: Worklist, session: Session, file: Path, prune: bool, add: bool, quiet: bool, running: Running
) -> int:
    from orderlint.console import Output, write_problems
    from orderlint.discovery import shown_path
    from orderlint.engine.baselines import Baseline, updated
    from orderlint.engine.renames import followed
    from orderlint.engine.writing import WriteError, put_file
    from orderlint.progress import ProgressLine
    from orderlint.report.terminal import fitted, styled

    if work.errors:  # for example a mistyped path: nothing is written
        write_problems("error", work.errors)
        return 2
    old = _old(file, prune)
    with ProgressLine() as progress:
        report = checked(session, work, progress, running, plans=False)
    if report.errors and not (report.files or report.findings or old):
        write_problems("error", report.errors)  # with an empty baseline, all findings would be new
        return 2
    old = None if old is None else followed(old, work.targets)
    new, left = updated(old or Baseline(file), report, work.targets, adds=add or old is None)
    shown = shown_path(file)
    if old is None or new.text() != old.text():
        try:
            put_file(file, new.text().encode())
        except WriteError as error:
            raise click.ClickException(f"{shown} {error.message}") from None
    if not quiet:
        output = Output.to_stdout()
        lines = [*_unchecked(report), *_said(shown, old, new, len(left))]
        said = "".join(f"{fitted(line, output.room)}\n" for line in lines)
        output.write(styled(said, color=output.color))
    write_problems("error", report.errors)
    return 2 if report.errors else int(bool(left))


def _old(file: Path, prune: bool) -> Baseline | None:
    """The existing baseline; `None` if there is none yet.

    Raises:
        click.ClickException: It cannot be read, or does not exist, but `prune` needs it.
    """
    from orderlint.config import ConfigError
    from orderlint.engine.baselines import read_baseline
    from orderlint.text.regular import exists

    if not exists(file) and not prune:
        return None
    try:
        return read_baseline(file)
    except ConfigError as error:
        raise click.ClickException(str(error)) from None


def _unchecked(report: Report) -> list[str]:
    """The line that says that there was nothing to check; empty otherwise."""
    from orderlint.report.clean import nothing_found

    return [] if report.files or report.errors or report.skipped else [nothing_found(0, report.passed_over)]


def _said(shown: str, old: Baseline | None, new: Baseline, num_left: int) -> list[str]:
    from orderlint.report.clean import number

    files = len({entry.path for entry in new.entries})
    if old is None:
        lines = [f"Wrote {shown}: {number(len(new.entries), 'finding')} in {number(files, 'file')}."]
        lines.append(f"`orderlint check --baseline {shown}` now fails only for new findings.")
        return lines
    before, after = _counted(old, old), _counted(new, old)
    followed_to = {path for path, _ in before & after} & {*old.renamed}
    parts = [f"{number(len(followed_to), 'renamed file')} followed"] if followed_to else []
    parts += [f"{(before - after).total()} removed"] if before - after else []
    parts += [f"{(after - before).total()} added"] if after - before else []
    said = f"{', '.join(parts)}; it now has" if parts else "nothing to change; it has"
    lines = [f"{shown}: {said} {number(len(new.entries), 'finding')}."]
    if num_left:
        it = "it" if num_left == 1 else "them"
        lines.append(
            f"{number(num_left, 'new finding')} {'is' if num_left == 1 else 'are'} not in it: `orderlint check "
            f"--baseline {shown}` shows {it}, `orderlint baseline --add` adds {it}."
        )
    return lines


def _counted(one: Baseline, old: Baseline) -> Counter[tuple[str, str]]:
    """The number of equal findings, by the current name of their file and by their fingerprint."""
    from orderlint.diagnostics.fingerprints import unnumbered

    counts: Counter[tuple[str, str]] = Counter()
    for entry in one.entries:
        path = old.called_now.get(entry.path, entry.path)
        counts[path, unnumbered(entry.likeness if path in old.renamed else entry.fingerprint)] += 1
    return counts
