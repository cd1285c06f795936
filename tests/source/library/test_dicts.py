"""Methods of dictionaries."""

from __future__ import annotations

import pytest

from orderlint.source.library import dicts
from orderlint.source.python import containers
from tests.source.running import interpreter, is_unknown, python_value, value_of


@pytest.mark.parametrize(
    "call",
    [
        "update(x=2, y=3)",
        "update({'y': 3})",
        "pop('x')",
        "setdefault('x', 4)",
        "setdefault('y', 4)",
        "clear()",
    ],
)
def test_a_dictionary_is_changed_as_python_changes_it(call: str) -> None:
    """A method changes a known dictionary as in Python."""
    wanted: dict[str, object] = {"a": {"x": 1}}
    exec(f"a.{call}", wanted)  # code of this test
    assert python_value(interpreter(f"a = {{'x': 1}}\na.{call}\n"), "a") == wanted["a"]


@pytest.mark.parametrize(
    ("expression", "wanted"),
    [
        ("a.get('x')", 1),
        ("a.get('y')", None),
        ("a.get('y', 2)", 2),
        ("a.keys()", ("x",)),
        ("a.values()", (1,)),
        ("a.items()", (("x", 1),)),
        ("a.copy()", {"x": 1}),
    ],
)
def test_a_dictionary_is_read_as_python_reads_it(expression: str, wanted: object) -> None:
    """A method of a known dictionary returns the same value as in Python."""
    assert python_value(interpreter("a = {'x': 1}\n"), expression) == wanted


def test_an_entry_of_unknown_key_may_be_any() -> None:
    """After a write under an unknown key, a missing entry is unknown, and not the default."""
    m = interpreter("a = {'x': 1}\na[name] = 2\n")
    assert is_unknown(m, "a.get('y', 3)")
    assert dicts.OWNER.__name__ == "DictObject"


def test_a_copy_is_another_dictionary() -> None:
    """Adding to a copy does not change the original."""
    assert python_value(interpreter("a = {'x': 1}\nb = a.copy()\nb['y'] = 2\n"), "a") == {"x": 1}


@pytest.mark.parametrize("names", ["a", "a.keys()", "a.items()", "a.values()"])
def test_entries_that_nobody_knows_are_walked(names: str) -> None:
    """A dictionary that may have further entries gives its known entries and unknown ones."""
    m = interpreter(f"b = unknown()\na = {{'x': 1}}\na.update(b)\nnames = list({names})\n")
    found = containers.iterate(m, value_of(m, "names"))
    assert len(found) > 1
    assert found[0].iteration is None
    assert all(element.iteration is not None for element in found[1:])


def test_what_is_made_of_such_entries_is_not_known() -> None:
    """Neither its keys nor whether it is empty are known."""
    m = interpreter("b = unknown()\na = {**b}\nc = {k: v for k, v in a.items()}\nd = {k: 1 for k in {}}\n")
    assert is_unknown(m, "c.get('x')")
    assert python_value(m, "d.get('x')") is None
