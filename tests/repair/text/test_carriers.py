"""Arguments that several calls share: where they are stored, and which calls use them."""

from __future__ import annotations

import libcst as cst
import pytest

from orderlint.repair.text.carriers import Carrier, entry, find_carrier
from tests.repair.texts import find_call, syntax_of


def carrier(text: str, call: str) -> Carrier | None:
    syntax = syntax_of(text)
    tree = syntax.trees[0]
    return find_carrier(syntax, tree, find_call(tree, call), "activation")


@pytest.mark.parametrize(
    ("text", "call", "users"),
    [
        ("o = {'activation': 'relu'}\nDense(8, **o)\n", "Dense(8, **o)", 1),
        ("o = dict(activation='relu')\nDense(8, **o)\nDense(9, **o)\n", "Dense(9, **o)", 2),
        ("o = dict(activation='relu')\nDense(8, **o)\nself.o = f(o=1)\n", "Dense(8, **o)", 1),  # labels are not uses
        ("D = partial(Dense, activation='relu')\nD(8)\n", "D(8)", 1),
        ("def f():\n    o = dict(activation='relu')\n    Dense(8, **o)\n", "Dense(8, **o)", 1),
        ("Dense(8, **dict(units=8, activation='relu'))\n", "Dense(8, **dict(units=8, activation='relu'))", 0),
    ],
)
def test_what_is_shared_is_found_with_its_users(text: str, call: str, users: int) -> None:
    """A dictionary or a `partial`, written at its use or assigned to a name once."""
    found = carrier(text, call)
    assert found is not None
    assert found.tree.code(found.value) == "'relu'"
    assert len(found.users) == users


def test_a_dictionary_that_would_be_empty_goes_as_a_whole() -> None:
    """`**{"activation": "relu"}` is removed completely."""
    found = carrier("Dense(8, **{'activation': 'relu'})\n", "Dense(8, **{'activation': 'relu'})")
    assert found is not None
    assert isinstance(found.node, cst.Call)
    assert found.index == 1


@pytest.mark.parametrize(
    "text",
    [
        "o = dict(activation='relu')\no = {}\nDense(8, **o)\n",
        "o = dict(activation='relu')\nprint(o)\nDense(8, **o)\n",
        "o = dict(activation='relu')\no.update(p)\nDense(8, **o)\n",
        "o = p = dict(activation='relu')\nDense(8, **o)\n",
        "o = dict(units=8)\nDense(8, **o)\n",
        "def f(o):\n    Dense(8, **o)\n",
        "Dense(8, **o)\n",
    ],
)
def test_what_may_be_another_is_no_carrier(text: str) -> None:
    """Assigned twice, aliased, also used otherwise, without the argument, a parameter, or unknown."""
    assert carrier(text, "Dense(8, **o)") is None


@pytest.mark.parametrize(
    ("code", "wanted"),
    [("dict(a=1, b=2)", 1), ("{'a': 1, 'b': 2}", 1), ("partial(f, b=2)", 1), ("f(b=2)", None), ("{a: 1}", None)],
)
def test_entries_are_found_by_their_key(code: str, wanted: int | None) -> None:
    """In both forms of dictionaries, and in a `partial`."""
    found = entry(cst.parse_expression(code), "b")
    assert (found[1] if found else None) == wanted
