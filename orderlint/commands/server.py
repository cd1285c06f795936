"""`orderlint server`: run the language server on standard input and output."""

from __future__ import annotations

import click

__all__ = ["command"]

_MISSING = "the language server needs pygls: pip install 'orderlint[lsp]'"


@click.command(short_help="Run the language server, which shows findings in an editor.")
@click.option("--stdio", is_flag=True, help="Use standard input and output (the default).")
def command(stdio: bool) -> None:
    """Run the language server on standard input and output.

    An editor starts this command and shows findings as you type, with quick fixes and hovers. The manual explains how
    to set up your editor.
    """
    try:
        from orderlint.lsp.server import create
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in ("pygls", "lsprotocol"):
            raise
        raise click.ClickException(_MISSING) from None
    try:
        create().start_io()
    except (MemoryError, OverflowError):  # the client announces the length of a message
        raise click.ClickException(
            "a message on standard input claims to be larger than the available memory"
        ) from None
