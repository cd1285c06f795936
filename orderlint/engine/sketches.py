"""Sketches of texts: short strings that show whether two texts have most of their lines in common.

A sketch contains the smallest hashes of the lines of a text. The smallest hashes of two texts together are a random
sample of all their lines. The share of the sample that is in both texts estimates the share of common lines (Broder
1997, *On the resemblance and containment of documents*).
"""

from __future__ import annotations

import zlib

__all__ = ["resemblance", "sketch_of"]

_MOST = 24  # lines of the sample
_DIGITS = 8


def sketch_of(text: bytes) -> str:
    """The sketch of a text. Blank lines, the indentation and the order of the lines do not count."""
    lines = {line.strip() for line in text.splitlines()} - {b""}
    return "".join(f"{one:0{_DIGITS}x}" for one in sorted(map(zlib.crc32, lines))[:_MOST])


def resemblance(one: str, other: str) -> float:
    """The approximate share of lines that two texts have in common, from 0 to 1.

    >>> resemblance(sketch_of(b"x = 1\\ny = 2\\n"), sketch_of(b"y = 2\\n\\n    x = 1\\n"))
    1.0
    """
    first, second = ({sketch[at : at + _DIGITS] for at in range(0, len(sketch), _DIGITS)} for sketch in (one, other))
    sample = sorted(first | second)[:_MOST]
    return len(first & second & {*sample}) / len(sample) if sample else 0.0
