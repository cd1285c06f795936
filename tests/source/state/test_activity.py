"""The interpreter's position: it is restored after code elsewhere has run."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pytest

from orderlint.graph import Limit
from orderlint.graph.guards import ALWAYS, NEVER, GuardSpaceFull
from orderlint.source import Project
from orderlint.source.interpreter import Interpreter
from orderlint.source.state.activity import Activity
from orderlint.source.state.budget import OutOfShare
from orderlint.source.state.frames import Function
from orderlint.source.state.values import Const
from tests.source.running import interpreter, value_of

FIELDS = [field.name for field in fields(Activity)]


def disturb(m: Interpreter) -> None:
    """Set every field to another value."""
    for name in FIELDS:
        setattr(m, name, object())


@pytest.mark.parametrize("name", FIELDS)
def test_a_machine_leaves_and_returns(name: str) -> None:
    """`return_to` restores the fields that `place` has saved."""
    m = interpreter()
    before = getattr(m, name)
    place = m.place()
    disturb(m)
    m.return_to(place)
    assert getattr(m, name) is before


def test_entering_restores_all_but_the_path() -> None:
    """The fields that a block sets are restored afterwards; a path that ended in the block stays ended."""
    m = interpreter()
    before = m.place()
    with m.entering(m.child_frame()):
        disturb(m)
        m.path = NEVER
    assert m.path is NEVER
    m.path = ALWAYS
    assert m.place() == before


def test_aside_restores_all_and_keeps_what_was_written() -> None:
    """The writes of code that is run aside hold on all paths: no fork undoes them, and the path is unchanged."""
    m = interpreter()
    before = m.place()
    m.store.fork()
    with m.aside():
        m.store.write(m.frame.uid, "x", Const(1))
        disturb(m)
    m.store.rewind()
    assert m.place() == before
    assert value_of(m, "x") == Const(1)


@pytest.mark.parametrize(
    ("error", "limit"),
    [(GuardSpaceFull, Limit.CONDITIONS), (RecursionError, Limit.NESTING), (OutOfShare, Limit.STEPS)],
)
def test_a_failed_attempt_leaves_no_trace(error: type[Exception], limit: Limit) -> None:
    """An attempt that was too complicated leaves neither its position nor its writes."""
    m = interpreter("x = 1")
    before = m.place()

    def fail() -> None:
        m.store.fork()
        m.store.write(m.frame.uid, "x", Const(2))
        disturb(m)
        raise error

    assert m.attempt(fail) is limit
    assert m.place() == before
    assert m.store.depth == 0
    assert value_of(m, "x") == Const(1)


def test_share_keeps_steps_for_what_follows() -> None:
    """A part gets three quarters of the remaining steps; the steps that it does not use remain."""
    m = interpreter()
    reserve, left = m.reserve, m.steps_left
    seen: list[int] = []
    assert m.share(lambda: seen.append(m.reserve)) is None
    assert seen == [reserve + left // 4]
    assert m.reserve == reserve


def test_a_module_loaded_inside_a_class_body_defines_plain_functions(tmp_path: Path) -> None:
    """The functions of a module that is first needed while a class is defined are not methods of the class."""
    (tmp_path / "helpers.py").write_text("from keras import layers\ndef block(x):\n    return x\n")
    path = tmp_path / "net.py"
    m = interpreter("from helpers import block\nclass Net:\n    block = block\n", str(path), Project())
    block = value_of(m, "block")
    assert isinstance(block, Function)
    assert block.owner is None
