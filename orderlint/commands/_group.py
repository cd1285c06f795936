"""The `orderlint` command as a group of click. Each subcommand is a module in this folder, imported when it is used."""

from __future__ import annotations

import importlib
import pkgutil
from typing import TYPE_CHECKING

import click

from orderlint import __version__
from orderlint.commands._help import Formatter

if TYPE_CHECKING:
    from orderlint.fast_path import FastPath

__all__ = ["group", "run"]

_ELSEWHERE = {"explain": "rule", "lint": "check", "format": "fix", "lsp": "server"}  # their names in other linters
_INTERRUPTED = 130  # the status of a command that Ctrl-C ends


class _Context(click.Context):
    formatter_class = Formatter


class _Commands(click.Group):
    """The modules of `orderlint.commands`: `command` in `commands/check.py` is `orderlint check`."""

    def list_commands(self, context: click.Context) -> list[str]:
        from orderlint import commands

        names = (module.name for module in pkgutil.iter_modules(commands.__path__))
        return sorted(name for name in names if not name.startswith("_"))

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        if name not in self.list_commands(context):
            return None
        command = importlib.import_module(f"orderlint.commands.{name}").command
        assert isinstance(command, click.Command)
        command.context_class = _Context
        return command

    def resolve_command(
        self, context: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        first, *others = args
        if first == "help":  # `orderlint help check`
            args = [*others[:1], "--help"] if others else ["check", "--help"]
        elif first not in self.list_commands(context) and _is_path(first):
            args = ["check", *args]  # `orderlint src`
        try:
            return super().resolve_command(context, args)
        except click.UsageError as error:
            raise click.UsageError(error.message + self._hint(context, args[0]), context) from None

    def parse_args(self, context: click.Context, args: list[str]) -> list[str]:
        if args == ["help"]:
            args = ["--help"]
        try:
            return super().parse_args(context, args)
        except click.NoSuchOption as error:
            raise _of_check(error, context) from None

    def _hint(self, context: click.Context, given: str) -> str:
        from orderlint.words import nearest

        near = _ELSEWHERE.get(given) or nearest(given, self.list_commands(context))
        # `checks` is a typing error, but `checkpoint` does not mean `check`.
        is_slip = near is not None and (near not in given or len(given) == len(near) + 1)
        return f" Did you mean '{near}'?" if is_slip else ""


def _is_path(text: str) -> bool:
    from orderlint.text.regular import exists

    return text == "-" or text.endswith((".py", ".ipynb")) or exists(text)


def _of_check(error: click.NoSuchOption, context: click.Context) -> click.UsageError:
    """The error about an option before the name of the command."""
    from orderlint.commands.check import command

    name = error.option_name.partition("=")[0]
    if any(name in param.opts for param in command.params):
        return click.UsageError(f"{name} belongs after the name of a command, as in `orderlint check {name}`", context)
    return error


def _remember_verbose(context: click.Context, _: click.Parameter, value: bool) -> None:
    context.meta[__name__] = value


def _show_version(context: click.Context, _: click.Parameter, value: bool) -> None:
    is_verbose = context.meta.get(__name__, False)
    if not value:
        if is_verbose:
            raise click.UsageError("--verbose is only for --version", context)
        return
    if is_verbose:
        from orderlint.engine.about import about

        click.echo(about(), nl=False)
    else:
        click.echo(f"orderlint {__version__}")
    context.exit()


@click.group(
    cls=_Commands,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Exit status: 0 no findings, 1 findings, 2 invalid options or configuration, or an unreadable file.",
)
@click.option(
    "-V", "--version", is_flag=True, expose_value=False, callback=_show_version, help="Show the version and exit."
)
@click.option(
    "--verbose",
    is_flag=True,
    is_eager=True,  # so that it is known when the version is shown
    expose_value=False,
    callback=_remember_verbose,
    help="With --version: show what a bug report needs.",
)
def group() -> None:
    """Find layers that are out of order in Keras models, and repair them.

    The order is: linear layer, batch normalization, activation, dropout.

    `orderlint PATH` is short for `orderlint check PATH`.
    """


def run(args: list[str], fast_path: FastPath | None = None) -> int:
    """Run a command line and return its exit status.

    Args:
        args: The arguments.
        fast_path: The fast path, if it has already read them.
    """
    from orderlint.console import prepare_streams
    from orderlint.engine.garbage import collect_seldom, leave_the_rest

    prepare_streams()
    collect_seldom()
    try:
        status = group.main(args, prog_name="orderlint", standalone_mode=False, obj=fast_path)
    except click.ClickException as error:
        from orderlint.commands._errors import show

        show(error)
        status = 2
    except (click.Abort, KeyboardInterrupt):
        status = _INTERRUPTED
    except click.exceptions.Exit as error:
        status = error.exit_code
    leave_the_rest()
    return status or 0
