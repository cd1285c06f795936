"""Entries of dictionaries under unknown keys."""

from __future__ import annotations

import pytest

from orderlint.source.python import unknown_keys
from orderlint.source.state.values import MISSING, Choice, DictObject, Unknown, Value, alternatives
from tests.source.running import interpreter, value_of

_LAYERS = "from keras.layers import *\na, b, c = ReLU(), ReLU(), ReLU()\nj, k = read()\nd = {}\n"


@pytest.mark.parametrize(
    ("code", "key", "found"),
    [
        ("d[f'a{k}'] = a; d[f'b{k}'] = b", "f'a{j}'", "a"),
        ("d[f'a{k}'] = a; d[f'b{k}'] = b", "'b1'", "b"),
        ("d[f'a{k}'] = a; d[f'b{k}'] = b; d[f'b{j}'] = c", "'b1'", "b c"),
        ("d[f'a{k}'] = a; d[f'{k}b'] = b; d[f'c{k}'] = c", "'ab'", "a b"),
        ("d[f'a{k}'] = a; d[k] = b", "'c1'", "a b"),
        ("e = {f'a{k}': a, f'b{k}': b}; d.update(e)", "'a1'", "a"),
        ("d[f'a{k}'] = a; d[f'b{k}'] = b", "f'a{k}'", "a"),
        ("d[f'a{k}'] = a; d[f'a{j}'] = b; d[f'b{k}'] = c", "f'a{j}'", "b"),
        ("d[f'a{k}'] = a; d[f'{k}a'] = b", "f'a{k}'", "a b"),
    ],
)
def test_what_is_found_is_what_may_be_there(code: str, key: str, found: str) -> None:
    """Keys with different known parts are distinguished."""
    m = interpreter(_LAYERS + code)
    assert _found(value_of(m, f"d[{key}]")) == {value_of(m, name) for name in found.split()}


def _found(value: Value) -> set[Value]:
    options = value.alternatives if isinstance(value, Choice) else alternatives(value)
    return {option for _, option in options}


@pytest.mark.parametrize("code", ["", "d[f'a{k}'] = a", "d[f'a{k}'] = a; d.clear()", "d[f'a{k}'] = a; d[f'c{k}'] = c"])
def test_nothing_is_there_under_other_keys(code: str) -> None:
    """No entry is found under other keys, or after all entries were removed."""
    m = interpreter(_LAYERS + code)
    held, key = value_of(m, "d"), value_of(m, "f'b{k}'")
    assert isinstance(held, DictObject)
    assert unknown_keys.under(m, held, key) is MISSING
    assert isinstance(value_of(m, "d['b1']"), Unknown)


def test_many_spellings_are_not_told_apart() -> None:
    """Beyond the bound, each entry may have any key."""
    m = interpreter(_LAYERS + "".join(f"d[f'a{n}_{{k}}'] = a\n" for n in range(40)) + "d[f'b_{k}'] = b\n")
    assert value_of(m, "b") in _found(value_of(m, "d[f'a3_{j}']"))
