"""The arguments of a call: by position, by name, and those that are not known."""

from __future__ import annotations

from orderlint.source.state.arguments import Arguments
from orderlint.source.state.values import Const, Unknowns


def test_an_argument_is_found_by_name_or_position() -> None:
    """The name goes before the position; what is not given is `None`."""
    given = Arguments([Const(1)], {"rate": Const(2)})
    assert given.get(0, "units") == Const(1)
    assert given.get(0, "rate") == Const(2)
    assert given.get(1, "other") is None


def test_every_argument_is_among_all() -> None:
    """What `*args` of unknown length brings counts among the arguments too."""
    rest = Unknowns().of("rest")
    assert Arguments([Const(1)], {"rate": Const(2)}, (rest,)).every() == [Const(1), Const(2), rest]
