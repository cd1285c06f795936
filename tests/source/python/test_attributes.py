"""Attributes: of objects, classes, modules and tensors."""

from __future__ import annotations

import pytest

from orderlint.source.python import attributes
from orderlint.source.state.frames import Method
from orderlint.source.state.values import Choice, Const, External, NativeMethod, Unknown
from tests.source.running import interpreter, is_unknown, python_value, value_of

HEADER = """
from keras import Input, layers
class Net:
    size = 1
    def __init__(self, rate):
        self.rate = rate
    @property
    def double(self):
        return self.rate * 2
    @staticmethod
    def three():
        return 3
    @classmethod
    def make(cls):
        return cls(4)
    def add(self, n):
        return self.rate + n
class Sub(Net):
    def add(self, n):
        return super().add(n) + 100
net = Net(2)
sub = Sub(2)
x = Input((3,))
"""


@pytest.mark.parametrize(
    ("expression", "wanted"),
    [
        ("net.rate", 2),
        ("net.size", 1),
        ("Net.size", 1),
        ("net.double", 4),
        ("net.three()", 3),
        ("Net.make().rate", 4),
        ("net.add(1)", 3),
        ("Net.add(net, 1)", 3),
        ("sub.add(1)", 103),
        ("net.__class__.size", 1),
    ],
)
def test_attributes_are_found_as_python_finds_them(expression: str, wanted: object) -> None:
    """Own attributes, attributes of the class and its bases, properties, and bound and unbound methods are found."""
    assert python_value(interpreter(HEADER), expression) == wanted


def test_methods_are_bound_to_their_object() -> None:
    """A method that is read from an object is bound to it."""
    m = interpreter(HEADER)
    found = value_of(m, "net.add")
    assert isinstance(found, Method)
    assert found.receiver == value_of(m, "net")


def test_an_attribute_is_written_where_it_is_read() -> None:
    """An attribute that is set on an object is read from this object only."""
    m = interpreter(f"{HEADER}other = Net(5)\nnet.rate = 7\n")
    assert (python_value(m, "net.rate"), python_value(m, "other.rate")) == (7, 5)


def test_an_attribute_that_is_set_on_some_paths() -> None:
    """After a branch an attribute has the value of each arm."""
    found = value_of(interpreter(f"{HEADER}if deep:\n    net.rate = 7\n"), "net.rate")
    assert isinstance(found, Choice)
    assert {value for _, value in found.alternatives} == {Const(2), Const(7)}


def test_what_an_object_does_not_have_is_unknown() -> None:
    """An attribute that no visible code sets is unknown, and not part of the network."""
    m = interpreter(HEADER)
    assert is_unknown(m, "net.mystery")
    assert value_of(m, "net.mystery") == value_of(m, "net.mystery")


def test_what_a_base_out_of_view_may_have_is_unknown() -> None:
    """`config.use_bn` of a `Munch` may be data; only the names of methods that add layers are taken for methods."""
    classes = "from munch import Munch\nclass Config(Munch):\n    size = 2\nclass Options(dict): pass\n"
    m = interpreter(f"{classes}config = Config({{}})\noptions = Options()\n")
    assert is_unknown(m, "config.use_bn")
    assert is_unknown(m, "options.use_bn")
    assert value_of(m, "config.use_bn") != value_of(m, "options.use_bn")
    assert python_value(m, "config.size") == 2
    assert isinstance(value_of(m, "config.add"), NativeMethod)


def test_unknown_objects_keep_what_is_written_into_them() -> None:
    """An attribute that is set on an unknown object can be read from it."""
    m = interpreter("config.size = 3\n")
    assert python_value(m, "config.size") == 3
    assert is_unknown(m, "config.rate")


def test_facts_of_a_tensor_are_scalars() -> None:
    """The shape of a tensor can be read, and is not a step of the network."""
    m = interpreter(HEADER)
    shape = value_of(m, "x.shape")
    assert isinstance(shape, Unknown)
    assert shape.scalar
    assert isinstance(value_of(m, "x.mystery"), NativeMethod)


def test_writing_on_constants_is_nothing() -> None:
    """Values without attributes stay unchanged; an external name has names below it."""
    m = interpreter(HEADER)
    attributes.write(m, Const(1), "a", Const(2))
    assert attributes.read(m, External("numpy"), "float32") == External("numpy.float32")


def test_the_member_of_an_enum_has_its_value() -> None:
    """`Kind.RELU.value` is the value in the class; other attributes of a scalar are unknown."""
    m = interpreter("from enum import Enum\nclass Kind(Enum):\n    RELU = 'relu'\n")
    assert value_of(m, "Kind.RELU.value") == Const("relu")
    assert value_of(m, "Kind.RELU.upper") != Const("relu")


def test_definitions_and_listed_classes_have_names() -> None:
    """`f.__name__` is known for definitions in the analyzed code and for classes in the catalog."""
    m = interpreter("import os\nfrom keras import layers as l\ndef f(): pass\nclass A: pass\n")
    assert [python_value(m, f"{name}.__name__") for name in ("f", "A", "l.ReLU")] == ["f", "A", "ReLU"]
    assert not isinstance(value_of(m, "os.__name__"), Const)
