"""Recognizes files that are not saved models by their first bytes, and says how to convert them."""

from __future__ import annotations

from typing import Final

__all__ = ["LETTERS", "instead"]

LETTERS: Final = 64
"""The number of bytes that are read."""

_KNOWN: Final = (
    (b"\x89HDF", "it is an HDF5 file; give it the ending .h5"),
    (b"PK\x03\x04", "it is a zip file; give it the ending .keras"),
    (b"version https://git-lfs", "it is a pointer of Git LFS; `git lfs pull` fetches the model"),
)


def instead(start: bytes, expected: str) -> str:
    """The end of a message about a file that does not start as expected.

    Args:
        start: The first bytes of the file.
        expected: The expected kind of file.

    >>> instead(b"", "a zip file")
    'the file is empty; save the model again'
    """
    if not start:
        return "the file is empty; save the model again"
    for mark, what in _KNOWN:
        if start.startswith(mark):
            return what
    return f"it does not begin like {expected}; save the model again, or correct the ending of the file"
