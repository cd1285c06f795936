"""Matches of regular expressions."""

from __future__ import annotations

from orderlint.source.state.matches import Match
from orderlint.source.state.values import Const


def test_a_group_has_a_number_and_perhaps_a_name() -> None:
    """A group is found by number or by name; a missing group is `None`."""
    match = Match.of(("k3", "k", None), (("key", 1),))
    assert match.group("key") == match.group(1) == Const("k")
    assert match.group(2) == Const(None)
    assert match.group(3) is match.group("size") is match.group(-1) is match.group(None) is None
