"""`orderlint server`: a language server on standard input and output."""

from __future__ import annotations

import click

__all__ = ["command"]

_MISSING = "the language server needs pygls: pip install 'orderlint[lsp]'"


@click.command(short_help="Serve editors: findings as you type, quick fixes, hovers.")
@click.option("--stdio", is_flag=True, help="Use standard input and output (the default).")
def command(stdio: bool) -> None:
    """Serve the Language Server Protocol on standard input and output.

    Editors start this command. The manual has a page on how to set them up.
    """
    try:
        from orderlint.lsp.server import create
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in ("pygls", "lsprotocol"):
            raise
        raise click.ClickException(_MISSING) from None
    try:
        create().start_io()
    except (MemoryError, OverflowError):  # as much is read as the client says that there is
        raise click.ClickException("a message on standard input says that it is longer than the memory") from None
