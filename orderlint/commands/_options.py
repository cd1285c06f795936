"""Options that several commands share. A command receives their values as one record (see `bundled`)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, cast

import click
from click.shell_completion import CompletionItem

from orderlint.commands._places import PathName

__all__ = [
    "AtLeast",
    "Choice",
    "FactorAtLeast",
    "baseline_option",
    "batch_options",
    "cache_dir_option",
    "cache_options",
    "complete_rules",
    "config_options",
    "file_options",
    "per_file_option",
    "rule_options",
    "run_options",
    "stdin_option",
    "warn_option",
    "with_options",
]

Command = TypeVar("Command", bound=Callable[..., Any])


class Choice(click.Choice):  # type: ignore[type-arg]  # generic from click 8.2 on
    """One of a few words. The message about any other word names the most similar one."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        try:
            return super().convert(value, param, ctx)
        except click.BadParameter as error:
            from orderlint.words import hint

            near = hint(str(value), map(str, self.choices))
            raise click.BadParameter(f"{error.message.rstrip('.')}{near or '.'}", ctx, param) from None


class _AtLeast(click.ParamType):  # type: ignore[type-arg]  # generic from click 8.2 on
    """A number that is not less than a minimum. The message about anything else contains the minimum."""

    kind: str
    min: Any  # defined in the range class

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        try:
            found = super().convert(value, param, ctx)
            if abs(found) < float("inf"):  # false for NaN, which ranges do not exclude
                return found
        except click.BadParameter:
            pass
        raise click.BadParameter(f"{str(value)!r} is not a {self.kind} of at least {self.min:g}.", ctx, param)


class FactorAtLeast(_AtLeast, click.FloatRange):
    """A number of at least `min`."""

    kind = "number"


class AtLeast(_AtLeast, click.IntRange):
    """A whole number of at least `min`."""

    kind = "whole number"


def complete_rules(_: click.Context, __: click.Parameter, begun: str) -> list[CompletionItem]:
    """The codes and names of rules that complete a word, or the last one of several words."""
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
    return with_options(
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
    """The files to work on, and their configuration."""
    return with_options(
        command,
        click.argument("paths", nargs=-1, type=PathName(path_type=str)),
        click.option(
            "--exclude",
            multiple=True,
            metavar="PATTERN",
            help="Skip files and folders that match, as in .gitignore. May be repeated.",
        ),
        click.option("--force-exclude", is_flag=True, help="Apply --exclude to files and folders that are named, too."),
        config_options,
    )


def stdin_option(command: Command) -> Command:
    """`--stdin-filename`, where `-` as a path is standard input."""
    return with_options(
        command, click.option("--stdin-filename", metavar="FILE", help="The file name of the text on standard input.")
    )


def config_options(command: Command) -> Command:
    """`--config`, `--isolated`."""
    return with_options(
        command,
        click.option("--config", metavar="FILE", type=PathName(path_type=Path), help="Read the settings from FILE."),
        click.option("--isolated", is_flag=True, help="Ignore all configuration files."),
    )


def run_options(command: Command) -> Command:
    """How the work is done."""
    return with_options(
        command,
        click.option(
            "-j",
            "--jobs",
            type=AtLeast(1),
            metavar="N",
            help="The number of processes (default: chosen by the amount of work).",
        ),
        click.option("--debug", is_flag=True, help="Show the traceback of an internal error."),
    )


def baseline_option(command: Command) -> Command:
    """`--baseline`."""
    return with_options(
        command,
        click.option(
            "--baseline",
            metavar="FILE",
            type=PathName(path_type=Path),
            help="Ignore the findings recorded in FILE by `orderlint baseline`.",
        ),
    )


def warn_option(command: Command) -> Command:
    """`--warn`."""
    help_text = "Report these rules as warnings, which do not fail. Overrides `warn` in the configuration."
    return with_options(
        command, click.option("--warn", multiple=True, metavar="CODES", shell_complete=complete_rules, help=help_text)
    )


def per_file_option(command: Command) -> Command:
    """`--per-file-ignores`."""
    return with_options(
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
    return with_options(
        command,
        click.option("--no-cache", is_flag=True, help="Do not read or write the cache."),
        cache_dir_option,
    )


def cache_dir_option(command: Command) -> Command:
    """`--cache-dir`."""
    return with_options(
        command,
        click.option(
            "--cache-dir",
            metavar="FOLDER",
            type=PathName(file_okay=False, path_type=Path),
            help="The folder of the cache (default: $ORDERLINT_CACHE_DIR, else .orderlint_cache in the root of the "
            "project).",
        ),
    )


def batch_options(command: Command) -> Command:
    """`--labels` and `--batch-size`, for commands that run a model."""
    return with_options(
        command,
        click.option(
            "--labels",
            metavar="FILE",
            type=PathName(path_type=Path),
            help="The labels of the examples, for the accuracy.",
        ),
        click.option(
            "--batch-size",
            metavar="N",
            type=AtLeast(2),
            default=128,
            show_default=True,
            help="How many examples to run at a time.",
        ),
    )


def with_options(command: Command, *decorators: Callable[[Any], Any]) -> Command:
    decorated: Any = command
    for decorator in reversed(decorators):
        decorated = decorator(decorated)
    return cast("Command", decorated)
