"""Patterns of attribute names, in which `*` stands for an unknown part."""

from __future__ import annotations

import re
from functools import lru_cache

__all__ = ["ANY_NAME", "NO_KNOWN_NAME", "may_be_one"]

ANY_NAME = "*"
NO_KNOWN_NAME = "*?"
"""A name that nobody can tell: it is only read by names that nobody can tell either, as it fits no name of Python."""


@lru_cache(maxsize=4096)
def may_be_one(pattern: str, name: str) -> bool:
    """Whether two names may be the same; `*` stands for the parts that are not known."""
    if "*" in name:
        ends = ((each.partition("*")[0], each.rpartition("*")[2]) for each in (pattern, name))
        (begin, end), (other_begin, other_end) = ends
        begins_alike = begin.startswith(other_begin) or other_begin.startswith(begin)
        return begins_alike and (end.endswith(other_end) or other_end.endswith(end))
    return re.fullmatch(".*".join(map(re.escape, pattern.split("*"))), name) is not None
