"""Changes as unified diffs: plain ones are patches, colored ones are for reading."""

from __future__ import annotations

import difflib
from collections.abc import Iterator

from orderlint.diagnostics import ChangedFile, TextChange
from orderlint.report.terminal import safe

__all__ = ["render"]

_BOLD, _RED, _GREEN, _CYAN, _OFF = "\x1b[1m", "\x1b[31m", "\x1b[32m", "\x1b[36m", "\x1b[0m"
_STYLES = {"-": _RED, "+": _GREEN, "@": _CYAN}
_NO_NEWLINE = "\\ No newline at end of file\n"


def render(file: ChangedFile, *, color: bool = False) -> str:
    """The unified diff of a file; a notebook has one for each changed cell.

    A plain diff of a Python file is exact, so that `patch` takes it.
    """
    lines = [line for change in file.changes for line in _lines(file.path, change)]
    return "".join(map(_painted, lines)) if color else "".join(lines)


def _lines(path: str, change: TextChange) -> Iterator[str]:
    name = path if change.cell is None else f"{path}:cell {change.cell}"
    for line in difflib.unified_diff(_split(change.old), _split(change.new), name, name):
        if line.endswith("\n"):
            yield line
        else:
            yield from (f"{line}\n", _NO_NEWLINE)


def _split(text: str) -> list[str]:
    """Lines with their ends; a form feed or a lone carriage return ends none, as `patch` sees it."""
    lines = text.split("\n")
    return [f"{line}\n" for line in lines[:-1]] + ([lines[-1]] if lines[-1] else [])


def _painted(line: str) -> str:
    style = _BOLD if line.startswith(("--- ", "+++ ")) else _STYLES.get(line[:1])
    body = safe(line.rstrip("\r\n"))
    return f"{style}{body}{_OFF}\n" if style else f"{body}\n"
