"""`orderlint clean`: remove the cache."""

from __future__ import annotations

from pathlib import Path

import click

from orderlint.commands._options import cache_dir_option
from orderlint.text.failures import in_words

__all__ = ["command"]


@click.command(short_help="Remove the cache of `orderlint check`.")
@cache_dir_option
def command(cache_dir: Path | None) -> None:
    """Remove the cache of `orderlint check`. Nothing else is touched."""
    from orderlint.console import Output
    from orderlint.discovery import shown_path
    from orderlint.engine.places import cache_folder
    from orderlint.engine.store import remove_cache

    folder = Path(cache_folder(cache_dir))
    shown = shown_path(folder)
    try:
        size = remove_cache(folder)
    except ValueError as error:
        raise click.ClickException(f"{shown}: {error}") from None
    except OSError as error:
        raise click.ClickException(f"{shown}: {in_words(error)}") from None
    what = f"There is no cache at {shown}" if size is None else f"Removed {shown} ({_readable(size)})"
    Output.to_stdout().write(f"{what}.\n")


def _readable(size: int) -> str:
    """A number of bytes with a unit.

    >>> _readable(2_400_000), _readable(12)
    ('2.4 MB', '12 bytes')
    """
    for limit, unit in ((1_000_000, "MB"), (1_000, "kB")):
        if size >= limit:
            return f"{size / limit:.1f} {unit}"
    return f"{size} bytes"
