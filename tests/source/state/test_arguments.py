"""The arguments of a call: positional, by keyword, and unknown."""

from __future__ import annotations

from orderlint.source.state.arguments import Arguments
from orderlint.source.state.values import Const, Unknowns


def test_an_argument_is_found_by_name_or_position() -> None:
    """A keyword takes precedence over a position; a missing argument is `None`."""
    given = Arguments([Const(1)], {"rate": Const(2)})
    assert given.get(0, "units") == Const(1)
    assert given.get(0, "rate") == Const(2)
    assert given.get(1, "other") is None


def test_every_argument_is_among_all() -> None:
    """The unknown arguments of `*args` are included."""
    rest = Unknowns().of("rest")
    assert Arguments([Const(1)], {"rate": Const(2)}, (rest,)).every() == [Const(1), Const(2), rest]
