"""Describes JSON values in error messages: their kind, and numbers that are too long."""

from __future__ import annotations

import re

__all__ = ["json_kind", "too_many_digits"]

_KINDS = {dict: "an object", list: "a list", str: "a string", bool: "a boolean", type(None): "null"}
_DIGITS = re.compile(r"\((\d+)(?: digits)?\).*has (\d+) digits")  # without the first "digits" in Python 3.10


def json_kind(value: object) -> str:
    """The kind of a value.

    >>> json_kind(None), json_kind([]), json_kind(1e999)
    ('null', 'a list', 'a number')
    """
    return _KINDS.get(type(value), "a number")


def too_many_digits(error: ValueError) -> str:
    """The message of Python about a number with too many digits, without the advice to programmers.

    >>> too_many_digits(ValueError("Exceeds the limit (4300 digits) for integer conversion: value has 5000 digits"))
    'a number in it has 5,000 digits, expected at most 4,300'
    """
    found = _DIGITS.search(str(error))
    if found is None:
        return str(error).partition(";")[0]
    most, given = (f"{int(one):,}" for one in found.groups())
    return f"a number in it has {given} digits, expected at most {most}"
