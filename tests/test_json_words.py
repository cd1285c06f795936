"""Messages about JSON use terms of JSON."""

from __future__ import annotations

import pytest

from orderlint.json_words import json_kind, too_many_digits
from orderlint.runtime.errors import FileReadError
from orderlint.runtime.jsontext import parse
from orderlint.text.files import SourceError, source_from_bytes


def test_kinds_of_values_are_those_of_json() -> None:
    """Not those of Python."""
    values: tuple[object, ...] = ({}, [], "", True, None, 1, float("nan"))
    kinds = [json_kind(one) for one in values]
    assert kinds == ["an object", "a list", "a string", "a boolean", "null", "a number", "a number"]
    with pytest.raises(FileReadError, match="the file contains null, expected an object with the model"):
        parse(b"null", "the file")


def test_a_number_with_too_many_digits_is_told_without_advice_to_programmers() -> None:
    """Python's advice to call a function of `sys` does not help the user of a notebook."""
    assert too_many_digits(ValueError("something else; call a function")) == "something else"
    old = ValueError("Exceeds the limit (4300) for integer string conversion: value has 10000 digits; use sys")
    assert too_many_digits(old) == "a number in it has 10,000 digits, expected at most 4,300"
    text = b'{"cells": [], "nbformat": ' + b"9" * 10_000 + b"}"
    with pytest.raises(SourceError, match=r"a number in it has 10,000 digits, expected at most 4,300; save it again"):
        source_from_bytes(text, "a.ipynb")
    with pytest.raises(FileReadError, match=r"the file is not JSON that can be read: a number in it has 10,000 digits"):
        parse(text, "the file")


def test_a_notebook_is_not_advised_to_have_a_coding_comment() -> None:
    """JSON has no comments."""
    with pytest.raises(SourceError, match=r"byte 0xe9 in line 1; save it as UTF-8$"):
        source_from_bytes(b'{"cells": [], "x": "\xe9"}', "a.ipynb")
