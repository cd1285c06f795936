"""Values from code that was not run to its end are recognized, also after further computation."""

from __future__ import annotations

from orderlint.graph import Limit
from orderlint.source.state.doubts import Doubts
from orderlint.source.state.values import Const, External, Unknowns, sequence


def test_what_is_computed_from_a_doubt_is_one() -> None:
    """An attribute, an item or a call of a doubtful value is doubtful, and so is a tuple with it."""
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
    """A name of a module that was not read is doubtful, and so is the result of calling it."""
    unknowns, doubts = Unknowns(), Doubts()
    doubts.note_module("net.blocks")
    block = External("net.blocks.Block")
    assert doubts.about(block) is Limit.IMPORTS
    assert doubts.about(unknowns.of(("call", block, (), ()))) is Limit.IMPORTS
    assert doubts.about(External("net.heads.Head")) is None
