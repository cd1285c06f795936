"""How errors of click are shown: as all other errors are."""

from __future__ import annotations

import click

__all__ = ["show"]


def show(error: click.ClickException) -> None:
    """Write an error to standard error, below the usage of the command if the command line is wrong."""
    from orderlint.console import write_problems
    from orderlint.diagnostics import FileError

    if isinstance(error, getattr(click.exceptions, "NoArgsIsHelpError", ())):  # from click 8.2 on
        error.show()
        return
    if isinstance(error, click.UsageError) and error.ctx is not None:
        click.echo(f"{error.ctx.get_usage()}\nTry `{error.ctx.command_path} --help`.\n", err=True)
    write_problems("error", [FileError("", error.format_message())])
