"""Names that code looks up from strings."""

from __future__ import annotations

import pytest

from orderlint.source.python import by_name
from orderlint.source.state.values import Const, External, Unknown
from tests.source.running import interpreter, python_value, value_of

HEADER = """
from keras import layers
class Net: pass
net = Net()
"""


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("'Conv%dD' % n", "Conv*D"),
        ("f'{kind}Conv2D'", "*Conv2D"),
        ("f'SpatialDropout{n}D'", "SpatialDropout*D"),
        ("f'Global{kind}Pooling{n}D'", "Global*Pooling*D"),
    ],
)
def test_classes_of_one_role_are_one(text: str, name: str) -> None:
    """Every class that matches has the role, so it makes no difference which one is meant."""
    m = interpreter(HEADER)
    assert by_name.read(m, External("keras.layers"), value_of(m, text)) == External(f"keras.layers.{name}")


@pytest.mark.parametrize("text", ["name", "f'{kind}2D'", "f'{kind}Normalization'", "f'No{n}D'"])
def test_classes_of_several_roles_are_unknown(text: str) -> None:
    """If the matching classes have different roles, or none matches, the result is unknown."""
    m = interpreter(HEADER)
    assert isinstance(by_name.read(m, External("keras.layers"), value_of(m, text)), Unknown)


def test_attributes_are_written_and_read() -> None:
    """The name is known, or it is the same computed one."""
    m = interpreter(HEADER)
    net = value_of(m, "net")
    by_name.write(m, net, Const("a"), Const(1))
    by_name.write(m, net, value_of(m, "f'conv{n}'"), Const(2))
    assert python_value(m, "(net.a, getattr(net, 'conv%d' % n))") == (1, 2)


def test_what_is_missing_has_the_default() -> None:
    """A missing attribute has the default, like `getattr` in Python."""
    m = interpreter(HEADER)
    assert by_name.read(m, value_of(m, "net"), Const("b"), Const(3)) == Const(3)
