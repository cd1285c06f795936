"""Strings that are composed of parts."""

from __future__ import annotations

import pytest

from orderlint.source.python import pieces, texts
from orderlint.source.state.values import Choice, Const, Unknown
from tests.source.running import interpreter, is_unknown, python_value, value_of

SPELLINGS = [
    "f'Conv{n}D'",
    "f'Conv{n:d}D'",
    "f'Conv{n!s}D'",
    "'Conv%dD' % n",
    "'Conv%sD' % (n,)",
    "'Conv%(rank)iD' % {'rank': n}",
    "'Conv{}D'.format(n)",
    "'Conv{0}D'.format(n)",
    "'Conv{rank:d}D'.format(rank=n)",
    "'Conv' + str(n) + 'D'",
    "'Conv' + (str(n) + 'D')",
    "''.join(['Conv', str(n), 'D'])",
]


@pytest.mark.parametrize("expression", SPELLINGS)
def test_one_text_is_one_value_however_it_is_spelled(expression: str) -> None:
    """All of these are the same unknown string."""
    m = interpreter()
    found = value_of(m, expression)
    assert found == value_of(m, SPELLINGS[0])
    assert isinstance(found, Unknown)
    assert found.scalar
    assert pieces.pattern(found) == "Conv*D"


@pytest.mark.parametrize(
    "expression",
    [
        "'{{{}}}_{}'.format(1, 'a')",
        "'{1}{0}'.format('a', 'b')",
        "'%d%% of %-3s|' % (5, 'a')",
        "'%(a)s' % {'a': 1}",
        "f'{1.5:.2f}{2!r:>3}'",
        "'-'.join(['a', 'b', str(3)])",
        "'%s' % 'a'",
    ],
)
def test_known_text_is_pythons(expression: str) -> None:
    """If all parts are known, the string is the same as in Python."""
    assert python_value(interpreter(), expression) == eval(expression)  # code of this test


@pytest.mark.parametrize(
    "expression",
    [
        "'{:>999999999}'.format(1)",
        "'%999999999d' % 1",
        "f'{1:999999999}'",
        "'{'.format(1)",
        "'%d' % 'a'",
        "'%*d' % (9, 1)",
    ],
)
def test_what_is_large_or_fails_is_unknown(expression: str) -> None:
    """A string that needs too much memory, or for which Python raises an error, is not computed."""
    assert is_unknown(interpreter(), expression)


@pytest.mark.parametrize("expression", ["name", "f'{a}'", "f'Conv.{n}'", "'a b' + n"])
def test_what_is_no_name_has_no_pattern(expression: str) -> None:
    """A pattern is a name of which a part is known."""
    assert pieces.pattern(value_of(interpreter(), expression)) is None


def test_known_alternatives_are_put_in() -> None:
    """A part with a few known values gives a few strings."""
    m = interpreter("n = 2 if flag else 3\nname = f'Conv{n}D'\n")
    found = texts.possible(m, value_of(m, "name"))
    assert isinstance(found, Choice)
    assert {option for _, option in found.alternatives} == {Const("Conv2D"), Const("Conv3D")}


@pytest.mark.parametrize(
    ("expression", "owner", "name"),
    [
        ("f'keras.layers.Conv{n}D'", "keras.layers", "Conv*D"),
        ("f'Conv{n}D'", None, "Conv*D"),
        ("f'{package}.Conv{n}D'", None, None),
    ],
)
def test_a_dotted_text_is_divided(expression: str, owner: str | None, name: str | None) -> None:
    """The owner is the part before the last dot, if it is known."""
    m = interpreter()
    found, rest = texts.owner_and_name(m, value_of(m, expression))
    assert (found, rest and pieces.pattern(rest)) == (owner, name)


def test_a_text_may_be_what_its_parts_allow() -> None:
    """The known parts have to occur in the string; another unknown value may be any string."""
    m = interpreter()
    text = value_of(m, "f'conv{n}d'")
    assert [pieces.may_be(text, Const(name)) for name in ("conv2d", "pool2d", 3)] == [True, False, False]
    assert pieces.may_be(value_of(m, "anything"), Const("pool2d"))


def test_what_fills_the_gap_of_a_text() -> None:
    """If a string has one unknown part, the whole string determines this part."""
    m = interpreter()
    text, part = value_of(m, "f'x{n}_y'"), value_of(m, "n")
    assert pieces.filling(text, "x12_y") == (part, "12")
    assert pieces.filling(text, "z") is None
    assert pieces.filling(value_of(m, "f'{n}{k}'"), "12") is None
