"""The text of the cells of notebooks, and whether each cell can be parsed."""

from __future__ import annotations

from collections.abc import Callable

from orderlint.text.files import SourceError, SourceFile, source_from_bytes

__all__ = ["code_of", "is_sound"]


def _notebook(path: str, read: Callable[[str], bytes]) -> SourceFile | None:
    try:
        return source_from_bytes(read(path), path)
    except (SourceError, OSError):
        return None


def code_of(path: str, read: Callable[[str], bytes]) -> bytes | None:
    """The Python code of a notebook; `None` if it cannot be read."""
    notebook = _notebook(path, read)
    return None if notebook is None else "\n".join(cell.text for cell in notebook.cells).encode("utf-8", "replace")


def is_sound(path: str, read: Callable[[str], bytes]) -> bool:
    """Whether a notebook can be read and all its cells parse."""
    notebook = _notebook(path, read)
    return notebook is not None and all(cell.check_syntax() is None for cell in notebook.cells)
