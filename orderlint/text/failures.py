"""Errors of the operating system about files, in the words of our messages."""

from __future__ import annotations

__all__ = ["in_words"]


def in_words(error: OSError | ValueError) -> str:
    """Why something failed, in lower case, where a folder is called a folder.

    Python refuses a path with a NUL character itself, by a `ValueError`, whose words stay as they are.

    >>> in_words(FileNotFoundError(2, "No such file or directory"))
    'no such file or folder'
    """
    why = error.strerror if isinstance(error, OSError) else None
    return why.lower().replace("directory", "folder") if why else str(error)
