"""Attributes by their name."""

from __future__ import annotations

from orderlint.source.library.attributes import set_attribute
from orderlint.source.state.values import Const, Layer
from tests.source.running import interpreter, is_unknown, python_value, value_of

HEADER = """
from keras import layers
class Net:
    size = 3
net = Net()
"""


def test_a_known_name_is_read() -> None:
    """`getattr` with a constant name is the attribute, of an object as of a module."""
    m = interpreter(HEADER)
    assert python_value(m, "getattr(net, 'size')") == 3
    assert isinstance(value_of(m, "getattr(layers, 'ReLU')()"), Layer)


def test_a_missing_name_has_the_default() -> None:
    """What an object certainly has not is the default."""
    assert python_value(interpreter(HEADER), "getattr(net, 'rate', 0.5)") == 0.5


def test_a_name_that_was_set_is_there() -> None:
    """`setattr` writes what `getattr` and the attribute read; `hasattr` knows of it."""
    m = interpreter(f"{HEADER}setattr(net, 'rate', 0.1)\n")
    assert python_value(m, "net.rate") == 0.1
    assert python_value(m, "hasattr(net, 'rate')") is True


def test_a_computed_name_is_the_same_where_it_is_computed_alike() -> None:
    """`setattr(self, f"conv{i}", layer)` is read by `getattr(self, f"conv{i}")`."""
    m = interpreter(f"{HEADER}setattr(net, f'conv{{i}}', 7)\n")
    assert python_value(m, "getattr(net, f'conv{i}')") == 7
    assert is_unknown(m, "getattr(net, f'norm{i}')")


def test_setting_needs_three_arguments() -> None:
    """A call that Python refuses sets nothing."""
    m = interpreter(HEADER)
    assert set_attribute(m, [value_of(m, "net")]) == Const(None)
