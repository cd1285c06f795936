"""Options that several commands share."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast

import click
from click.shell_completion import CompletionItem

if TYPE_CHECKING:
    from orderlint.engine.resolving import Options, Resolver, Worklist
    from orderlint.engine.session import Session

__all__ = [
    "STDIN",
    "baseline_option",
    "cache_dir_option",
    "cache_options",
    "complete_rules",
    "file_options",
    "options_of",
    "per_file_option",
    "refined",
    "rule_options",
    "run_options",
    "warn_option",
    "worklist_of",
]

STDIN = "-"
Command = TypeVar("Command", bound=Callable[..., Any])


def complete_rules(_: click.Context, __: click.Parameter, begun: str) -> list[CompletionItem]:
    """The codes and names of rules that a word, or the last of several, may end as."""
    from orderlint.engine.session import Session

    before, comma, last = begun.rpartition(",")
    rules = Session().registry.names
    codes = [CompletionItem(f"{before}{comma}{code}", help=name) for code, name in rules.items()]
    names = [CompletionItem(f"{before}{comma}{name}", help=code) for code, name in rules.items()]
    start = before + comma
    return [
        item
        for item in (codes if last.upper() == last else names)
        if item.value.upper().startswith((start + last).upper())
    ]


def rule_options(command: Command) -> Command:
    """`--select`, `--extend-select`, `--ignore`."""
    return _with(
        command,
        click.option(
            "--select",
            multiple=True,
            metavar="CODES",
            shell_complete=complete_rules,
            help="Check only these rules: codes, prefixes of codes, names or ALL, separated by commas.",
        ),
        click.option(
            "--extend-select",
            multiple=True,
            metavar="CODES",
            shell_complete=complete_rules,
            help="Check these rules as well.",
        ),
        click.option(
            "--ignore", multiple=True, metavar="CODES", shell_complete=complete_rules, help="Skip these rules."
        ),
    )


def file_options(command: Command) -> Command:
    """Which files, and by which configuration."""
    return _with(
        command,
        click.argument("paths", nargs=-1, type=click.Path(path_type=str)),
        click.option(
            "--exclude",
            multiple=True,
            metavar="PATTERN",
            help="Skip files and folders that match, as in .gitignore. May be repeated.",
        ),
        click.option("--force-exclude", is_flag=True, help="Apply --exclude to files that are named, too."),
        click.option("--config", metavar="FILE", type=click.Path(path_type=Path), help="Read the settings from FILE."),
        click.option("--isolated", is_flag=True, help="Ignore all configuration files."),
        click.option("--stdin-filename", metavar="FILE", help="The file name of the text on standard input."),
    )


def run_options(command: Command) -> Command:
    """How the work is done."""
    return _with(
        command,
        click.option(
            "--jobs",
            type=click.IntRange(1),
            metavar="N",
            help="The number of processes (default: chosen by the amount of work).",
        ),
        click.option("--debug", is_flag=True, help="Show the traceback of an internal error."),
    )


def baseline_option(command: Command) -> Command:
    """`--baseline`."""
    return _with(
        command,
        click.option(
            "--baseline",
            metavar="FILE",
            type=click.Path(path_type=Path),
            help="Ignore the findings recorded in FILE by `orderlint baseline`.",
        ),
    )


def warn_option(command: Command) -> Command:
    """`--warn`."""
    help_text = "Report these rules as warnings, which do not fail. Overrides `warn` in the configuration."
    return _with(
        command, click.option("--warn", multiple=True, metavar="CODES", shell_complete=complete_rules, help=help_text)
    )


def per_file_option(command: Command) -> Command:
    """`--per-file-ignores`."""
    return _with(
        command,
        click.option(
            "--per-file-ignores",
            multiple=True,
            metavar="PATTERN:CODE,...",
            help="Skip rules in files that match a pattern: '*.ipynb:CODE,tests/:CODE'. Overrides the configuration.",
        ),
    )


def cache_options(command: Command) -> Command:
    """Whether and where results are cached."""
    return _with(
        command,
        click.option("--no-cache", is_flag=True, help="Do not read or write the cache."),
        cache_dir_option,
    )


def cache_dir_option(command: Command) -> Command:
    """`--cache-dir`."""
    return _with(
        command,
        click.option(
            "--cache-dir",
            metavar="FOLDER",
            type=click.Path(file_okay=False, path_type=Path),
            help="The folder of the cache (default: $ORDERLINT_CACHE_DIR, else .orderlint_cache in the root of the "
            "project).",
        ),
    )


def _with(command: Command, *decorators: Callable[[Any], Any]) -> Command:
    decorated: Any = command
    for decorator in reversed(decorators):
        decorated = decorator(decorated)
    return cast("Command", decorated)


def options_of(
    session: Session,
    select: tuple[str, ...],
    extend_select: tuple[str, ...],
    ignore: tuple[str, ...],
    exclude: tuple[str, ...],
    force_exclude: bool,
    config: Path | None,
    isolated: bool,
    baseline: Path | None = None,
) -> Options:
    """The options as values.

    Raises:
        click.UsageError: They cannot be followed.
    """
    from orderlint.engine.resolving import Options, selection_of

    if config is not None and isolated:
        raise click.UsageError("--config names a configuration file and --isolated ignores them all: give one of them")
    for name, given in (("--select", select), ("--extend-select", extend_select), ("--ignore", ignore)):
        _check_selectors(session, name, _words(given))
    return Options(
        selection=selection_of(session.registry, _words(select) or None, _words(extend_select), _words(ignore)),
        exclude=tuple(pattern.removeprefix("./") for pattern in exclude),
        force_exclude=force_exclude,
        isolated=isolated,
        config=config,
        baseline=None if baseline is None else baseline.absolute(),
    )


def refined(
    session: Session, options: Options, warn: tuple[str, ...] = (), per_file_ignores: tuple[str, ...] = ()
) -> Options:
    """Options with what is said of severities and of single files.

    Raises:
        click.UsageError: It cannot be followed.
    """
    from dataclasses import replace

    selectors = _words(warn)
    _check_selectors(session, "--warn", selectors)
    pairs = [_pair(session, word) for word in _words(per_file_ignores)]
    return replace(options, warn=selectors or None, per_file_ignores=tuple(pairs) or None)


def _pair(session: Session, text: str) -> tuple[str, tuple[str, ...]]:
    """A pattern and what is ignored in its files."""
    pattern, colon, code = text.rpartition(":")
    if not colon or not pattern.strip() or not code.strip():
        message = f"{text!r} is not of the form PATTERN:CODE, such as '*.ipynb:CODE'; separate several with commas"
        raise click.BadParameter(message, param_hint="'--per-file-ignores'")
    _check_selectors(session, "--per-file-ignores", (code.strip(),))
    return pattern.strip().removeprefix("./"), (code.strip(),)


def _check_selectors(session: Session, option: str, words: tuple[str, ...]) -> None:
    from orderlint.judging import UnknownRule

    for word in words:
        try:
            session.registry.select(word)
        except UnknownRule as error:
            message = f"{error} (`orderlint rules` lists them){_unusable(session)}"
            raise click.BadParameter(message, param_hint=f"'{option}'") from None


def _words(given: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(word.strip() for text in given for word in text.split(",") if word.strip())


def worklist_of(session: Session, paths: tuple[str, ...], options: Options, stdin_filename: str | None) -> Worklist:
    """The files to work on.

    Raises:
        click.ClickException: A configuration cannot be followed, or the paths make no sense together.
    """
    from orderlint.config import ConfigError
    from orderlint.engine.resolving import Resolver

    try:
        resolver = Resolver(session, options)
        if STDIN in paths:
            return _of_stdin(paths, resolver, stdin_filename)
        if stdin_filename is not None:
            raise click.UsageError("--stdin-filename names the text on standard input: give `-` as the path")
        return resolver.worklist(paths or (".",))
    except ConfigError as error:
        raise click.ClickException(f"{error}{_unusable(session)}") from None


def _unusable(session: Session) -> str:
    """The packages that cannot be used: what is not known may be theirs."""
    return "".join(f"\n{problem.path}: {problem.message}" for problem in session.plugins.problems)


def _of_stdin(paths: tuple[str, ...], resolver: Resolver, name: str | None) -> Worklist:
    if len(paths) > 1:
        raise click.UsageError("`-` reads standard input: it cannot be combined with other paths")
    data = sys.stdin.buffer.read()
    if name is None:
        return resolver.worklist_of_text(data, "<stdin>", "<stdin>")
    from orderlint.text.lone_cell import is_lone_cell, to_notebook

    return resolver.worklist_of_text(to_notebook(data) if is_lone_cell(data, name) else data, name)
