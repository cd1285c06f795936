"""Messages for errors of the operating system about files."""

from __future__ import annotations

__all__ = ["in_words"]


def in_words(error: OSError | ValueError) -> str:
    """The reason for an error, in lower case, with `folder` instead of `directory`.

    For a path with a NUL character, Python raises a `ValueError`. Its message stays the same.

    >>> in_words(FileNotFoundError(2, "No such file or directory"))
    'no such file or folder'
    """
    why = error.strerror if isinstance(error, OSError) else None
    return why.lower().replace("directory", "folder") if why else str(error)
