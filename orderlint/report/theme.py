"""The styles of reports, and rows of styled text written with them."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable

from rich.console import Console
from rich.text import Text
from rich.theme import Theme

__all__ = ["THEME", "ticked", "written"]

THEME = Theme(
    {
        "frame": "blue",
        "code": "none",
        "error": "bold red",
        "warning": "bold yellow",
        "pair": "cyan",
        "good": "green",
        "key": "dim",
        "place": "bold",
        "name": "bold",
        "markdown.h2": "bold",
        "markdown.code": "cyan",
    }
)


_TICKED = re.compile(r"`([^`]+)`")


def ticked(text: str, *, color: bool) -> Text:
    """A message: what stands in backticks has a style instead of them where there are colors.

    >>> ticked("`relu` of `Dense`", color=True).plain
    'relu of Dense'
    """
    if not color:
        return Text(text)
    row, position = Text(), 0
    for match in _TICKED.finditer(text):
        row.append(text[position : match.start()]).append(match[1], "name")
        position = match.end()
    return row.append(text[position:])


def written(rows: Iterable[Text], *, color: bool, width: int = 200) -> str:
    """The rows as text, with ANSI colors or without, each with its end."""
    out = io.StringIO()
    colors = "standard" if color else None
    console = Console(
        file=out,
        width=width,
        theme=THEME,
        color_system=colors,  # type: ignore[arg-type]
        force_terminal=color,
        no_color=not color,
        legacy_windows=False,
    )
    for row in rows:
        console.print(row, soft_wrap=True)
    return out.getvalue()
