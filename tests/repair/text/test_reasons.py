"""Reasons that several ways of a repair have in common."""

from __future__ import annotations

import pytest

from orderlint.repair.text import reasons


@pytest.mark.parametrize("name", reasons.__all__)
def test_a_reason_says_what_is_so_and_what_to_do(name: str) -> None:
    """It is a clause, for any sentence to end with."""
    what, separator, advice = getattr(reasons, name).partition("; ")
    assert separator
    assert what[0].islower()
    assert advice.split()[0] in ("apply", "change", "put", "write")
    assert not advice.endswith(".")
