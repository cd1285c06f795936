"""The files and rules of a command: the values of the options as one record."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from orderlint.records import record

if TYPE_CHECKING:
    from orderlint.engine.resolving import Options, Resolver, Worklist
    from orderlint.engine.session import Session

__all__ = ["STDIN", "Scope"]

STDIN = "-"
_LONGEST_COMMAND = 60  # the longest command within a sentence
_LONGEST_FOR_ONE = 160  # the longest command for one path


@record(frozen=True, slots=True)
class Scope:
    """The values of `file_options`, `rule_options`, `warn_option`, `per_file_option` and `baseline_option`.

    If a command does not have some of these options, they keep their defaults.
    """

    paths: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    force_exclude: bool = False
    config: Path | None = None
    isolated: bool = False
    stdin_filename: str | None = None
    select: tuple[str, ...] = ()
    extend_select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    warn: tuple[str, ...] = ()
    per_file_ignores: tuple[str, ...] = ()
    baseline: Path | None = None

    @property
    def reads_stdin(self) -> bool:
        return STDIN in self.paths

    def command(self, name: str) -> str:
        """Another command for the same files and rules, for use in a sentence. It is only complete if it is short."""
        text = self._typed(name)
        longest = _LONGEST_FOR_ONE if len(self.paths) == 1 else _LONGEST_COMMAND
        return f"`{text}`" if len(text) <= longest else f"`orderlint {name}` with the same arguments"

    def check_of(self, code: str) -> str:
        """The command that checks one rule in the same files, for use in a sentence."""
        scope = replace(self, select=(code,), extend_select=(), ignore=(), baseline=None)
        text = scope.command("check")
        return text if f" {code}" in text else f"`orderlint check --select {code}` with the same paths"

    def _typed(self, name: str) -> str:
        options: list[tuple[str, Iterable[object]]] = [
            ("--select", self.select),
            ("--extend-select", self.extend_select),
            ("--ignore", self.ignore),
            ("--per-file-ignores", self.per_file_ignores),
            ("--exclude", self.exclude),
            ("--config", [self.config] if self.config else []),
            ("--baseline", [self.baseline] if self.baseline else []),
            ("--stdin-filename", [self.stdin_filename] if self.stdin_filename else []),
        ]
        words = [word for option, values in options for value in values for word in (option, str(value))]
        words += ["--isolated"] * self.isolated + [path for path in self.paths if path != "."]
        return shlex.join(["orderlint", name, *words])

    def options(self, session: Session) -> Options:
        """The options for the engine.

        Raises:
            click.UsageError: The options contradict each other, or name an unknown rule.
        """
        from orderlint.engine.resolving import Options, selection_of

        if self.config is not None and self.isolated:
            raise click.UsageError("--isolated ignores the file that --config names; use only one of them")
        select, extend, ignore, warn = map(_words, (self.select, self.extend_select, self.ignore, self.warn))
        for name, given in (("select", select), ("extend-select", extend), ("ignore", ignore), ("warn", warn)):
            _check_selectors(session, f"--{name}", given)
        if self.select and not select:
            raise click.BadParameter("no rule is given (`orderlint rules` lists all rules)", param_hint="'--select'")
        pairs = [_pair(session, word) for word in _words(self.per_file_ignores)]
        return Options(
            selection=selection_of(session.registry, select or None, extend, ignore),
            exclude=tuple(pattern.removeprefix("./") for pattern in self.exclude),
            force_exclude=self.force_exclude,
            isolated=self.isolated,
            config=self.config,
            warn=warn or None,
            per_file_ignores=tuple(pairs) or None,
            baseline=None if self.baseline is None else self.baseline.absolute(),
        )

    def worklist(self, session: Session, *, has_baseline: bool = True) -> Worklist:
        """The files to work on. Without `has_baseline`, baselines are ignored.

        Raises:
            click.ClickException: A configuration is invalid, or the options contradict each other.
        """
        from orderlint.config import ConfigError
        from orderlint.engine.resolving import Resolver

        options = replace(self.options(session), has_baseline=has_baseline)
        try:
            resolver = Resolver(session, options)
            if self.reads_stdin:
                return self._of_stdin(resolver)
            if self.stdin_filename is not None:
                raise click.UsageError("--stdin-filename names the text on standard input; add `-` as the path")
            return resolver.worklist(self.paths or (".",))
        except ConfigError as error:
            raise click.ClickException(f"{error}{_unusable(session)}") from None

    def _of_stdin(self, resolver: Resolver) -> Worklist:
        if len(self.paths) > 1:
            raise click.UsageError("`-` reads standard input and cannot be combined with other paths")
        if self.stdin_filename == "":
            raise click.UsageError("--stdin-filename is empty; give the name of the file, such as `net.py`")
        data, name = sys.stdin.buffer.read(), self.stdin_filename
        if name is None:
            return resolver.worklist_of_text(data, "<stdin>", "<stdin>")
        from orderlint.text.lone_cell import is_lone_cell, to_notebook

        return resolver.worklist_of_text(to_notebook(data) if is_lone_cell(data, name) else data, name)


def _pair(session: Session, text: str) -> tuple[str, tuple[str, ...]]:
    """A pattern of files, and the selector of the rules that are skipped in them."""
    pattern, colon, code = text.rpartition(":")
    if not colon or not pattern.strip() or not code.strip():
        message = f"{text!r} is not of the form PATTERN:CODE, such as `*.ipynb:CODE`; separate several with commas"
        raise click.BadParameter(message, param_hint="'--per-file-ignores'")
    _check_selectors(session, "--per-file-ignores", (code.strip(),))
    return pattern.strip().removeprefix("./"), (code.strip(),)


def _check_selectors(session: Session, option: str, words: tuple[str, ...]) -> None:
    from orderlint.judging import UnknownRule

    for word in words:
        try:
            session.registry.select(word)
        except UnknownRule as error:
            message = f"{error}{_unusable(session)}"
            raise click.BadParameter(message, param_hint=f"'{option}'") from None


def _words(given: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(word.strip() for text in given for word in text.split(",") if word.strip())


def _unusable(session: Session) -> str:
    """The problems of packages with rules or roles, because an unknown rule may be one of theirs."""
    return "".join(f"\n{problem.path}: {problem.message}" for problem in session.plugins.problems)
