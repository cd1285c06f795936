"""Dictionaries: an entry that is set under a key, known or not, is found there."""

from __future__ import annotations

import pytest

from orderlint.source.python import dictionaries
from orderlint.source.state.values import Choice, Const, DictObject, Unknown
from tests.source.running import interpreter, is_unknown, python_value, value_of


def test_entries_are_those_that_were_set() -> None:
    """The keys are in the order in which they were first set, each with its latest value."""
    m = interpreter()
    made = dictionaries.new_dict(m)
    for key, value in (("b", 1), ("a", 2), ("b", 3)):
        dictionaries.set_entry(m, made, Const(key), Const(value))
    assert [key.value for key in dictionaries.keys(m, made)] == [Const("b"), Const("a")]
    assert dictionaries.get(m, made, Const("b")) == Const(3)


def test_items_are_set() -> None:
    """A value that is set at an index or a key is read there; other entries are unchanged."""
    m = interpreter("a = [1, 2]\na[0] = 3\nb = {'x': 1}\nb['y'] = 2\ndel b['x']\n")
    assert python_value(m, "a") == [3, 2]
    assert python_value(m, "b") == {"y": 2}


@pytest.mark.parametrize(
    ("code", "is_known"),
    [
        ("d[k] = a\nd[k] = b", True),
        ("d[j] = a\nd[k] = b", True),
        ("d[k] = b\nd[j] = a", False),
        ("d[k] = b\nd[j] = 1", False),
        ("d[k] = b\nd['a'] = a", False),
        ("d[k] = b\nd[0] = a", False),
        ("d[k] = b\nd.update(j)", False),
        ("d[k] = b\nd.clear()", False),
    ],
)
def test_what_was_just_set_under_an_unknown_key_is_found_there(code: str, is_known: bool) -> None:
    """`d[k] = x; y = d[k]` gives `x`, unless an entry that may be the same one was changed in between."""
    m = interpreter(f"from keras.layers import ReLU\na, b = ReLU(), ReLU()\nj, k = read()\nd = {{}}\n{code}\n")
    assert (value_of(m, "d[k]") == value_of(m, "b")) is is_known


def test_a_key_that_cannot_be_the_same_one_changes_nothing() -> None:
    """A string with another prefix is another key."""
    m = interpreter("from keras.layers import ReLU\na = ReLU()\nk = f'conv_{n}'\nd = {}\nd[k] = a\nd['pool'] = 1\n")
    assert value_of(m, "d[k]") == value_of(m, "a")


def test_an_entry_under_an_unknown_key_hides_nothing() -> None:
    """After `d[name] = 2` the known entries are still known."""
    assert python_value(interpreter("d = {'x': 1}\nd[name] = 2\n"), "d['x']") == 1


@pytest.mark.parametrize("other", ["options", "conf.OPTIONS", "{**options}"])
def test_options_that_are_not_in_view_may_hold_any_entry(other: str) -> None:
    """An update may replace any entry, if its source is a parameter or a name of a module that is not visible."""
    m = interpreter(f"import conf\nfrom conf import options\na = {{'rate': 0}}\na.update({other})\n")
    assert is_unknown(m, "a['rate']")


def test_an_unknown_key_of_a_table_of_data() -> None:
    """With few entries the value is a choice; with many entries that are data, it is an unknown one of them."""
    text = "import os\nkey = os.environ['key']\nfew = {'a': 1, 'b': 2}\nmany = {chr(n): n for n in range(65, 91)}\n"
    m = interpreter(text)
    assert isinstance(value_of(m, "few[key]"), Choice)
    before = len(m.conditions.space._atoms)
    found = value_of(m, "many[key]")
    assert isinstance(found, Unknown)
    assert Const(70) in found.among
    assert len(m.conditions.space._atoms) == before


@pytest.mark.parametrize("key", ["'b'", "name"], ids=["known", "unknown"])
def test_a_copy_is_a_dictionary_of_its_own(key: str) -> None:
    """A copy has the same entries, also under unknown keys; later changes of either do not affect the other."""
    m = interpreter(f"a = {{'a': 1}}\na[{key}] = 2\n")
    original = value_of(m, "a")
    assert isinstance(original, DictObject)
    copy = dictionaries.copied(m, original)
    assert [one.value for one in dictionaries.keys(m, copy)] == [one.value for one in dictionaries.keys(m, original)]
    assert dictionaries.get(m, copy, Const("a")) == Const(1)
    assert (dictionaries.get(m, copy, Const("b")) == Const(2)) is (key == "'b'")
    dictionaries.set_entry(m, copy, Const("a"), Const(3))
    assert dictionaries.get(m, original, Const("a")) == Const(1)
    assert dictionaries.get(m, copy, Const("a")) == Const(3)


@pytest.mark.parametrize("key", ["'a', 1", "('a', 1)", "tuple(['a', 1])", "'a', n"])
def test_tuples_are_keys_by_their_elements(key: str) -> None:
    """Equal tuples are the same key, wherever they are written."""
    m = interpreter("n = 1\nd = {}\nd['a', n] = 2\nd[('b', n)] = 3\n")
    assert python_value(m, f"d[{key}]") == 2
    assert python_value(m, f"({key}) in d") is True
    assert python_value(interpreter(f"n = 1\nd = {{('a', 1): 2, ('b', 1): 3}}\ndel d[{key}]"), "d") == {("b", 1): 3}
