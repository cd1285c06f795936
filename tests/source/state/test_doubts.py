"""What comes of code that was not run to its end is known by what it came of, however it was computed from it."""

from __future__ import annotations

from orderlint.graph import Limit
from orderlint.source.state.doubts import Doubts
from orderlint.source.state.values import Const, External, Unknowns, sequence


def test_what_is_computed_from_a_doubt_is_one() -> None:
    """An attribute, an item or a call of it, and a tuple with it; what has nothing to do with it is none."""
    unknowns, doubts = Unknowns(), Doubts()
    left = unknowns.of("left")
    attribute = unknowns.of(("attribute", left, "model"))
    call = unknowns.of(("call", attribute, (Const(1),), ()))
    assert doubts.about(call) is None
    doubts.note(Limit.CONDITIONS, left)
    for value in (left, attribute, call, sequence(Const(1), call)):
        assert doubts.about(value) is Limit.CONDITIONS
    assert doubts.about(unknowns.of(("attribute", unknowns.of("right"), "model"))) is None
    assert doubts.about(Const(1)) is None


def test_what_a_module_that_was_not_read_defines_is_one() -> None:
    """By its dotted name, also where it was called."""
    unknowns, doubts = Unknowns(), Doubts()
    doubts.note_module("net.blocks")
    block = External("net.blocks.Block")
    assert doubts.about(block) is Limit.IMPORTS
    assert doubts.about(unknowns.of(("call", block, (), ()))) is Limit.IMPORTS
    assert doubts.about(External("net.heads.Head")) is None
