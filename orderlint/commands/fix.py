"""`orderlint fix`: put layers into the recommended order."""

from __future__ import annotations

import sys
from dataclasses import replace
from typing import TYPE_CHECKING, TextIO

import click

from orderlint.commands._bundling import bundled
from orderlint.commands._options import (
    Choice,
    baseline_option,
    file_options,
    per_file_option,
    rule_options,
    run_options,
    stdin_option,
    warn_option,
)
from orderlint.commands._output import Reporting, color_option, fix_format_option, verbose_option
from orderlint.commands._places import TargetName
from orderlint.commands._repairing import KINDS, kinds_of, repaired
from orderlint.commands._running import Running
from orderlint.commands._scope import Scope
from orderlint.commands._shapes import input_shape_of, shape_option

if TYPE_CHECKING:
    from collections.abc import Callable

    from orderlint.diagnostics import FixReport, Verification
    from orderlint.engine.repairing import Repairs
    from orderlint.report.terminal import Glyphs
    from orderlint.runtime.specs import InputShape

__all__ = ["command"]


@click.command(short_help="Put layers into the recommended order.")
@file_options
@stdin_option
@rule_options
@warn_option
@per_file_option
@baseline_option
@click.option("--diff", is_flag=True, help="Show the changes as a unified diff; write nothing.")
@click.option("--check", is_flag=True, help="Write nothing; exit with status 1 if files would change (for CI).")
@click.option(
    "-i",
    "--interactive",
    is_flag=True,
    help="Show each repair with its diff and its kind, and ask: yes, no, all of this rule, quit.",
)
@click.option(
    "--only",
    type=Choice(KINDS),
    help="Make only repairs of this kind or a milder one. Overrides `repair` in the configuration.",
)
@click.option("--default-only", type=Choice(KINDS), hidden=True, help="The same, unless `repair` is configured.")
@click.option(
    "--verify",
    type=TargetName(),
    metavar="TARGET",
    help="Build the model of package.module:factory or file.py::factory before and after the repair and compare. "
    "RUNS YOUR CODE.",
)
@shape_option
@fix_format_option
@color_option
@click.option("-q", "--quiet", is_flag=True, help="Print only the diff, the findings that are left, and errors.")
@verbose_option
@click.option(
    "--exit-zero", is_flag=True, help="Exit with status 0 even if findings are left (errors still exit with 2)."
)
@run_options
@bundled(scope=Scope, running=Running, how=Reporting)
def command(
    scope: Scope,
    running: Running,
    how: Reporting,
    diff: bool,
    check: bool,
    interactive: bool,
    only: str | None,
    default_only: str | None,
    verify: str | None,
    shapes: tuple[str, ...],
) -> int:
    """Put layers into the recommended order in PATHS: files, notebooks and folders (default: the current folder; `-`
    reads standard input and writes the result to standard output). Nothing else changes.

    \b
    A repair is one of
      equivalent      the model computes the same function
      same-inference  old weights give the same predictions; only training
                      differs
      changes-model   the model computes a different function and must be
                      trained again; old weights may load without an error
                      and give wrong outputs

    Exit status: 0 nothing is left, 1 findings are left or files would change, 2 invalid options or an error.
    """
    from orderlint.engine.session import Session

    if interactive and (diff or check or scope.reads_stdin):
        raise click.UsageError("--interactive cannot be combined with --diff, --check or standard input")
    if verify is not None:
        _check_target(verify)
    session = Session()
    input_shape = input_shape_of(shapes)
    work = scope.worklist(session)
    repairs = repaired(session, work, kinds_of(work, only, default_only), running, is_interactive=interactive)
    proof = None if verify is None else _verified(repairs, verify, input_shape)
    is_text, is_dry = scope.reads_stdin, diff or check
    if is_text and not is_dry:
        _write_text(repairs)
    elif not is_dry:
        repairs.write()
    report = repairs.report()
    _write(report, proof, how, scope, diff=diff, to_stderr=(is_text and not check) or diff)
    return how.status(report)


def _write_text(repairs: Repairs) -> None:
    """Write the repaired text to standard output, as bytes."""
    from orderlint.text.lone_cell import from_notebook

    sys.stdout.buffer.write(from_notebook(repairs.new_text()))
    sys.stdout.flush()


def _check_target(text: str) -> None:
    """Refuse a target that cannot build a model, before anything is repaired.

    Raises:
        click.BadParameter: It is not code that builds a model.
    """
    from orderlint.runtime.errors import TargetError
    from orderlint.runtime.targets import SavedTarget, parse_target

    try:
        message = "a saved model, expected code that builds it" if isinstance(parse_target(text), SavedTarget) else None
    except TargetError as error:
        message = str(error)
    if message is not None:
        raise click.BadParameter(f"{text}: {message}", param_hint="'--verify'")


def _verified(repairs: Repairs, target: str, input_shape: InputShape | None) -> Verification | None:
    """The verification of the repairs, which are undone if it fails; `None` without repairs, or if it is impossible."""
    from orderlint.diagnostics import FileError
    from orderlint.engine.verifying import VerificationError, verify

    if not repairs.changed:
        return None
    try:
        proof = verify(target, repairs.changed, repairs.kinds, input_shape=input_shape, roles=repairs.roles)
    except VerificationError as error:
        repairs.refuse(FileError(target, str(error)))
        return None
    if proof.refusal is not None:
        repairs.refuse(FileError(target, proof.refusal))
    return proof


def _write(
    report: FixReport, proof: Verification | None, how: Reporting, scope: Scope, *, diff: bool, to_stderr: bool
) -> None:
    """Write the report. If there is a diff, it goes to standard output, and the report to standard error."""
    from orderlint.console import Output, write_problems, write_warnings
    from orderlint.report import diff as diffs
    from orderlint.report import repairs

    output = Output.to_stdout()
    if diff:
        for file in report.changed:
            output.write(diffs.render(file, color=output.color))
    if how.form == "json":
        text = repairs.as_json(report, proof)
    elif how.form == "concise":
        text = repairs.concise(_shortened(report, how), glyphs=output.glyphs)
    else:
        stream = sys.stderr if to_stderr else sys.stdout
        check = None if how.quiet else scope.check_of
        text = _full(_shortened(report, how), proof, check, output.glyphs, stream)
    output.write(text, err=to_stderr)
    if how.form != "json":
        if not how.quiet:
            write_warnings(report.warnings, verbose=how.verbose)
        write_problems("error", report.errors)


def _shortened(report: FixReport, how: Reporting) -> FixReport:
    """The report; with `--quiet`, without the repaired findings."""
    return replace(report, repaired=()) if how.quiet else report


def _full(
    report: FixReport,
    proof: Verification | None,
    check: Callable[[str], str] | None,
    glyphs: Glyphs,
    stream: TextIO,
) -> str:
    """The report, with the verification and the summary if `check` is given."""
    from orderlint.console import room_of, wants_color
    from orderlint.report import proof as proofs
    from orderlint.report import repairs

    color, room = wants_color(stream), room_of(stream)
    parts = [repairs.full(report, color=color, glyphs=glyphs, room=room)]
    if check is None:
        return parts[0]
    if proof is not None:
        parts.append(proofs.render(proof, glyphs=glyphs))
    parts.append(repairs.summary(report, color=color, glyphs=glyphs, room=room, check=check) + "\n")
    return "\n".join(part for part in parts if part)
