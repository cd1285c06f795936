"""What the operating system says of a file, in the words of all messages."""

from __future__ import annotations

__all__ = ["in_words"]


def in_words(error: OSError) -> str:
    """Why something failed, in lower case, where a folder is called a folder.

    >>> in_words(FileNotFoundError(2, "No such file or directory"))
    'no such file or folder'
    """
    return error.strerror.lower().replace("directory", "folder") if error.strerror else str(error)
