"""Reasons that several ways of repairing share."""

from __future__ import annotations

import pytest

from orderlint.repair.text import reasons


@pytest.mark.parametrize("name", reasons.__all__)
def test_a_reason_says_what_is_so_and_what_to_do(name: str) -> None:
    """It is a clause that can end a sentence."""
    what, separator, advice = getattr(reasons, name).partition("; ")
    assert separator
    assert what[0].islower()
    assert advice.split()[0] in ("apply", "change", "put", "write")
    assert not advice.endswith(".")
