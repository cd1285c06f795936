"""The methods of strings."""

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
    """On constants the result is Python's."""
    assert python_value(interpreter(), expression) == wanted


@pytest.mark.parametrize("expression", ["'a'.encode()", "'a'.join(parts)", "'a'.split(by)", "'a'.split(1)"])
def test_other_methods_give_scalars(expression: str) -> None:
    """Whatever a method makes of a string, it is no tensor."""
    found = value_of(interpreter(), expression)
    assert isinstance(found, Unknown)
    assert found.scalar


def test_every_method_is_one_of_strings() -> None:
    """What the table computes is a method of Python's strings."""
    assert all(hasattr(str, name) for name in METHODS)
