"""Attributes that are accessed by name."""

from __future__ import annotations

from orderlint.source.library.attributes import set_attribute
from orderlint.source.state.values import Const, Layer, alternatives
from tests.source.running import interpreter, is_unknown, python_value, value_of

HEADER = """
from keras import layers
class Net:
    size = 3
net = Net()
"""


def test_a_known_name_is_read() -> None:
    """`getattr` with a constant name reads the attribute, of objects and of modules."""
    m = interpreter(HEADER)
    assert python_value(m, "getattr(net, 'size')") == 3
    assert isinstance(value_of(m, "getattr(layers, 'ReLU')()"), Layer)


def test_a_missing_name_has_the_default() -> None:
    """If an object certainly lacks the attribute, the result is the default."""
    assert python_value(interpreter(HEADER), "getattr(net, 'rate', 0.5)") == 0.5


def test_a_name_that_was_set_is_there() -> None:
    """`getattr` and attribute access read what `setattr` sets, and `hasattr` sees it."""
    m = interpreter(f"{HEADER}setattr(net, 'rate', 0.1)\n")
    assert python_value(m, "net.rate") == 0.1
    assert python_value(m, "hasattr(net, 'rate')") is True


def test_a_computed_name_is_the_same_where_it_is_computed_alike() -> None:
    """`getattr(self, f"conv{i}")` reads what `setattr(self, f"conv{i}", layer)` has set."""
    m = interpreter(f"{HEADER}setattr(net, f'conv{{i}}', 7)\n")
    assert python_value(m, "getattr(net, f'conv{i}')") == 7
    assert is_unknown(m, "getattr(net, f'norm{i}')")


def test_setting_needs_three_arguments() -> None:
    """A call that Python rejects sets nothing."""
    m = interpreter(HEADER)
    assert set_attribute(m, [value_of(m, "net")]) == Const(None)


DELETED = """
class Net:
    size = 3
    def __init__(self, test=False):
        self.size = 5
        self.kept = 1
        if test: del self.size
        if not test: self.rate = 0.5
net, other = Net(), Net()
delattr(net, "size")
del other.kept, other.size
"""


def test_what_is_deleted_is_no_more() -> None:
    """Afterwards the attribute of the class is read again; other objects keep theirs."""
    m = interpreter(DELETED)
    assert python_value(m, "(net.size, net.kept, other.size)") == (3, 1, 3)
    assert is_unknown(m, "other.kept")
    assert python_value(m, "getattr(other, 'kept', 9)") == 9
    assert python_value(m, "(Net(True).size, Net(False).size)") == (3, 5)


def test_an_attribute_may_be_there_on_some_paths() -> None:
    """`hasattr` is then undecided, and the attribute of the class is read on the other paths."""
    m = interpreter(DELETED)
    m.store.write(m.frame.uid, "one", value_of(m, "Net(test)"))
    value = value_of(m, "(1 if hasattr(one, 'rate') else 0) if not test else 2 if hasattr(one, 'rate') else one.size")
    assert {one for _, one in alternatives(value)} == {Const(1), Const(3)}
