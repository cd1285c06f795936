"""Shared arguments are overridden at a call."""

from __future__ import annotations

import pytest

from orderlint.repair.text.drafts import Draft
from orderlint.repair.text.overriding import find_inherited, override
from tests.repair.texts import changed, find_call, syntax_of


def overridden(text: str, code: str) -> tuple[str, str] | None:
    """The inherited value, and the last line after `None` is passed instead."""
    syntax = syntax_of(text)
    tree = syntax.trees[0]
    call = find_call(tree, code)
    found = find_inherited(syntax, tree, call, "activation")
    if found is None:
        return None
    draft = Draft()
    override(draft, tree, call, found, "activation", "None")
    return found.tree.code(found.value), changed(tree, draft).splitlines()[-1]


@pytest.mark.parametrize(
    ("text", "call", "wanted"),
    [
        ("D = partial(Dense, activation='relu')\n", "D(8)", "D(8, activation=None)"),
        ("D = partial(Dense, activation='relu')\nE = partial(D, 8)\n", "E()", "E(activation=None)"),
        ("o = dict(activation='relu')\n", "D(8, **o)", 'D(8, **{**o, "activation": None})'),
        ("self.o = dict(activation='relu')\n", "D(**self.o)", 'D(**{**self.o, "activation": None})'),
        ("o = {'activation': 'relu'}\nprint(o)\n", "D(8, **o)", 'D(8, **{**o, "activation": None})'),
        (
            "def f():\n    o = {}\ndef g():\n    o = dict(activation='relu')\n    ",
            "D(8, **o)",
            '    D(8, **{**o, "activation": None})',
        ),
        ("o = dict(activation='relu')\ndef f():\n    ", "D(8, **o)", '    D(8, **{**o, "activation": None})'),
    ],
)
def test_a_call_gets_an_argument_of_its_own(text: str, call: str, wanted: str) -> None:
    """The argument is in a dictionary or a `partial`, or in one of which that is made; local names first."""
    assert overridden(f"{text}{call}\n", call) == ("'relu'", wanted)


@pytest.mark.parametrize(
    "text",
    [
        "o = dict(activation='relu')\no['activation'] = 'elu'\n",
        "o = dict(activation='relu')\no.update(a=1)\n",
        "o = dict(activation='relu')\no = {}\n",
        "o = dict(units=8)\n",
        "o = load()\n",
    ],
)
def test_what_may_have_changed_is_not_relied_on(text: str) -> None:
    """Assigned twice, modified, or not written out."""
    assert overridden(f"{text}D(8, **o)\n", "D(8, **o)") is None


def test_an_attribute_is_one_for_all_methods() -> None:
    """Another method may assign the attribute again."""
    text = "def f(self):\n    self.o = {}\ndef g(self):\n    self.o = dict(activation='relu')\n    D(**self.o)\n"
    assert overridden(text, "D(**self.o)") is None
