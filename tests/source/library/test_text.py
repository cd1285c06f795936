"""Methods of strings."""

from __future__ import annotations

import pytest

from orderlint.source.library.text import METHODS
from orderlint.source.state.values import Unknown
from tests.source.running import interpreter, python_value, value_of


@pytest.mark.parametrize(
    ("expression", "wanted"),
    [
        ("'ReLU'.lower()", "relu"),
        ("'a_b'.split('_')", ["a", "b"]),
        ("'conv1'.startswith('conv')", True),
        ("' x '.strip()", "x"),
        ("'a.b'.replace('.', '_')", "a_b"),
    ],
)
def test_methods_of_known_text_are_computed(expression: str, wanted: object) -> None:
    """The result for constants is the same as in Python."""
    assert python_value(interpreter(), expression) == wanted


@pytest.mark.parametrize("expression", ["'a'.encode()", "'a'.join(parts)", "'a'.split(by)", "'a'.split(1)"])
def test_other_methods_give_scalars(expression: str) -> None:
    """The result of any method of strings is a scalar."""
    found = value_of(interpreter(), expression)
    assert isinstance(found, Unknown)
    assert found.scalar


def test_every_method_is_one_of_strings() -> None:
    """Every method in the table is a method of strings in Python."""
    assert all(hasattr(str, name) for name in METHODS)
