"""The tokens of Python, for scans of text that do not parse it."""

from __future__ import annotations

from typing import Final

__all__ = ["STRINGS_AND_COMMENTS"]

STRINGS_AND_COMMENTS: Final = r"""
      \"{3}(?:[^\\"]|\\.|"(?!""))*\"{3}
    | \'{3}(?:[^\\']|\\.|'(?!\'\'))*\'{3}
    | "(?:[^"\\\r\n]|\\.)*"
    | '(?:[^'\\\r\n]|\\.)*'
    | \#[^\r\n]*
"""
"""Alternatives of a verbose regular expression in which `.` matches newlines too: what brackets, names and signs do not
count in. The prefix of a string is left outside."""
