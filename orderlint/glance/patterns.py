"""Patterns of attribute names. In a pattern, `*` is an unknown part."""

from __future__ import annotations

import re
from functools import lru_cache

__all__ = ["ANY_NAME", "NO_KNOWN_NAME", "may_be_one"]

ANY_NAME = "*"
NO_KNOWN_NAME = "*?"
"""A completely unknown name. It fits no name of Python, so only a read of an unknown name finds it."""


@lru_cache(maxsize=4096)
def may_be_one(pattern: str, name: str) -> bool:
    """Whether a pattern and a name, which may be a pattern, too, may be the same name."""
    if "*" in name:
        ends = ((each.partition("*")[0], each.rpartition("*")[2]) for each in (pattern, name))
        (begin, end), (other_begin, other_end) = ends
        begins_alike = begin.startswith(other_begin) or other_begin.startswith(begin)
        return begins_alike and (end.endswith(other_end) or other_end.endswith(end))
    return re.fullmatch(".*".join(map(re.escape, pattern.split("*"))), name) is not None
