"""The tokens of Python, to scan text without parsing it."""

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
"""Alternatives for a verbose regular expression in which `.` also matches newlines: text that contains no code. The
prefix of a string is not included."""
