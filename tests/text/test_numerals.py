"""The numerals of Python 2 are written as in Python 3; the rest of the text does not change."""

from __future__ import annotations

import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderlint.text.files import source_from_text
from orderlint.text.numerals import mask_numerals

MASKED = [
    ("0777", "511 "),
    ("00777", "511  "),
    ("0777L", "511  "),
    ("f(0755, x)", "f(493 , x)"),
    ("-07", "-7 "),
    ("[01,02]", "[1 ,2 ]"),
    ("0L", "0 "),
    ("10l", "10 "),
    ("0xFFL", "0xFF "),
]
KEPT = [
    "0",
    "00",
    "0o777",
    "1.0777",
    "0777.5",
    "0777j",
    "0777e3",
    "x0777",
    "x.a0777",
    "089",
    '"0777"',
    "# 0777",
    "10_000",
    "0xL",
]


@pytest.mark.parametrize(("text", "masked"), MASKED, ids=[text for text, _ in MASKED])
def test_a_numeral_keeps_its_value_and_its_length(text: str, masked: str) -> None:
    """If the new numeral is shorter, spaces follow it."""
    assert mask_numerals(text) == masked
    assert len(masked) == len(text)
    ast.parse(masked)


@pytest.mark.parametrize("text", KEPT)
def test_what_is_no_old_numeral_stays(text: str) -> None:
    """Numerals in strings and comments do not change either."""
    assert mask_numerals(text) == text


@given(st.text(st.sampled_from("0178lLxo.j\"'#\n e+a_"), max_size=40))
def test_every_text_keeps_its_length_and_lines(text: str) -> None:
    """Offsets stay the same for any text."""
    masked = mask_numerals(text)
    assert len(masked) == len(text)
    assert [i for i, one in enumerate(masked) if one == "\n"] == [i for i, one in enumerate(text) if one == "\n"]


def test_a_script_with_old_numerals_is_read() -> None:
    """The script does not parse otherwise."""
    cell = source_from_text('import os\nos.mkdir("x", 0777)\n').cells[0]
    assert cell.problem is None
