"""The bases of a class, and the attributes that it inherits."""

from __future__ import annotations

from orderlint.source.python import inheritance
from orderlint.source.state.frames import ClassObject
from orderlint.source.state.values import MISSING, Const, External
from tests.source.running import interpreter, value_of

HEADER = """
from keras import Model
class Root:
    size = 1
    rate = 1
class Left(Root):
    size = 2
class Right(Root):
    rate = 3
class Net(Left, Right): pass
class Outer(Net, Model): pass
"""


def test_each_class_comes_before_its_bases() -> None:
    """A base that two classes share comes after both of them."""
    m = interpreter(HEADER)
    net = value_of(m, "Net")
    assert isinstance(net, ClassObject)
    assert list(inheritance.mro(m, net)) == [value_of(m, name) for name in ("Net", "Left", "Right", "Root")]


def test_an_attribute_is_that_of_the_nearest_class() -> None:
    """An attribute that a class does not bind is looked up in its bases, in order; otherwise it is missing."""
    m = interpreter(HEADER)
    net = value_of(m, "Net")
    assert isinstance(net, ClassObject)
    found = [inheritance.class_attribute(m, net, name) for name in ("size", "rate", "depth")]
    assert found == [Const(2), Const(3), MISSING]


def test_classes_that_reach_outside() -> None:
    """All attributes of a class are known only if all of its bases are visible."""
    m = interpreter(HEADER)
    net, outer = value_of(m, "Net"), value_of(m, "Outer")
    assert isinstance(net, ClassObject)
    assert isinstance(outer, ClassObject)
    assert inheritance.has_only_own_bases(m, net)
    assert not inheritance.has_only_own_bases(m, outer)
    assert External("keras.Model") in inheritance.mro(m, outer)


def test_a_class_that_inherits_from_itself_ends() -> None:
    """A cycle of bases, which Python rejects, does not cause an infinite loop."""
    m = interpreter(HEADER)
    net = value_of(m, "Net")
    assert isinstance(net, ClassObject)
    circle = ClassObject(net.uid, net.node, "Circle", net.frame, net.cell, ())
    object.__setattr__(circle, "bases", (circle,))
    assert inheritance.mro(m, circle) == (circle,)
