"""Enumerations: their members, how members are found, and their attributes."""

from __future__ import annotations

import pytest

from orderlint.source.python import enums
from orderlint.source.state.frames import ClassObject
from orderlint.source.state.values import Const
from tests.source.running import interpreter, python_value, value_of

TEXT = """
from enum import Enum, IntEnum, auto

class Kind(Enum):
    _ignore_ = []
    DENSE = "dense"
    NORM = "norm"
    LINEAR = "dense"

    @property
    def length(self):
        return len(self.value)

    def with_end(self, end):
        return self.value + end

class Place(IntEnum):
    BEFORE = auto()
    FIFTH = 5
    AFTER = auto()

class Plain:
    DENSE = "dense"
"""


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("[one.value for one in Kind]", ["dense", "norm"]),
        ("[one.name for one in Kind]", ["DENSE", "NORM"]),
        ("[one.value for one in Place]", [1, 5, 6]),
        ("Kind('norm').name", "NORM"),
        ("Kind['LINEAR'].value", "dense"),
        ("Kind.NORM.length", 4),
        ("Kind.NORM.with_end('s')", "norms"),
        ("len(list(Kind))", 2),
    ],
)
def test_members_are_what_python_makes_of_them(code: str, expected: object) -> None:
    """They are iterated over without aliases, found by value and by name, and have methods."""
    names: dict[str, object] = {"__name__": "module"}
    exec(f"{TEXT}\nfound = {code}\n", names)  # code of this test
    assert names["found"] == expected
    assert python_value(interpreter(f"{TEXT}\nfound = {code}\n"), "found") == expected


def test_other_classes_have_no_members() -> None:
    """Only the bases of a class make it an enumeration."""
    m = interpreter(TEXT)
    kind, plain = value_of(m, "Kind"), value_of(m, "Plain")
    assert isinstance(kind, ClassObject)
    assert isinstance(plain, ClassObject)
    assert enums.is_enumeration(kind)
    assert not enums.is_enumeration(plain)


def test_what_two_enumerations_define_is_not_told_apart() -> None:
    """A member is its value: if two enumerations have the same value, the methods of either may be meant."""
    other = "class Other(Enum):\n    NORM = 'norm'\n    def with_end(self, end):\n        return end\n"
    m = interpreter(TEXT + other)
    assert enums.of_member(m, Const("norm"), "with_end") is None
    assert enums.of_member(m, Const("dense"), "with_end") is not None
    assert enums.of_member(m, Const("other"), "with_end") is None
