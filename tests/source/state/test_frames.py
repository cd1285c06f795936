"""Frames: the scopes of the analyzed code."""

from __future__ import annotations

from orderlint.source.state.frames import ClassObject, Frame, Function
from tests.source.running import interpreter, value_of


def test_functions_close_over_their_frame() -> None:
    """A function knows the frame in which it was defined; a method knows its class."""
    m = interpreter("def f():\n    pass\nclass Net:\n    def call(self):\n        pass\ncall = Net.call\n")
    f, call, net = (value_of(m, name) for name in ("f", "call", "Net"))
    assert isinstance(f, Function)
    assert isinstance(call, Function)
    assert isinstance(net, ClassObject)
    assert f.frame is m.frame
    assert f.owner is None
    assert call.owner is net


def test_every_frame_reaches_its_globals() -> None:
    """The globals of a frame are those of the module that contains its code."""
    m = interpreter()
    inner = m.child_frame()
    assert isinstance(inner, Frame)
    assert inner.parent is m.frame
    assert inner.globals is m.frame


def test_things_are_the_same_only_as_objects() -> None:
    """Two functions with the same code are different."""
    m = interpreter("f = lambda x: x\ng = lambda x: x\n")
    assert value_of(m, "f") == value_of(m, "f")
    assert value_of(m, "f") != value_of(m, "g")
