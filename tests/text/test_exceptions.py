"""The exception syntax of Python 2 is masked; the rest of the text does not change."""

from __future__ import annotations

import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderlint.text.exceptions import mask_exceptions
from orderlint.text.files import source_from_text

MASKED = [
    ("try: x\nexcept OSError, e: y", "try: x\nexcept OSError   : y"),
    ("try: x\nexcept os.error , e : y", "try: x\nexcept os.error     : y"),
    ("try: x\nexcept (OSError, KeyError), e: y", "try: x\nexcept (OSError, KeyError)   : y"),
    ("raise ValueError, 'no'; x", "raise ValueError      ; x"),
    ("raise errors.Bad, message", "raise errors.Bad         "),
]
KEPT = [
    "except OSError as e:",
    "except (OSError, KeyError):",
    "raise ValueError('no', 1)",
    "raise ValueError",
    "'except OSError, e:'",
    "# raise ValueError, 'no'",
    "excepted, e: int",
]


@pytest.mark.parametrize(("text", "masked"), MASKED, ids=[text for text, _ in MASKED])
def test_an_exception_is_read_as_python_3_writes_it(text: str, masked: str) -> None:
    """Removed characters are replaced by spaces."""
    assert mask_exceptions(text) == masked
    ast.parse(masked)


@pytest.mark.parametrize("text", KEPT)
def test_what_python_3_reads_stays(text: str) -> None:
    """Strings and comments do not change either."""
    assert mask_exceptions(text) == text


@given(
    st.lists(st.sampled_from(["except", "raise", " ", "E", ",", "e", ":", "(", ")", "'", "\n", ";", "#"])).map("".join)
)
def test_every_text_keeps_its_length_and_lines(text: str) -> None:
    """Offsets stay the same for any text."""
    masked = mask_exceptions(text)
    assert len(masked) == len(text)
    assert [i for i, one in enumerate(masked) if one == "\n"] == [i for i, one in enumerate(text) if one == "\n"]


def test_a_script_with_old_exceptions_is_read() -> None:
    """The script does not parse otherwise."""
    cell = source_from_text('try:\n    x = 1\nexcept OSError, e:\n    raise ValueError, "no"\n').cells[0]
    assert cell.problem is None
