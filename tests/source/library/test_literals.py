"""Strings in the code that are parsed as data."""

from __future__ import annotations

import pytest

from orderlint.source.library import literals
from orderlint.source.state.values import Unknown
from tests.source.running import interpreter, python_value, value_of

HEADER = "import ast\nimport json\n"


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("""json.loads('{"a": [1, 2.5, null], "b": {"c": true}}')["a"]""", [1, 2.5, None]),
        ("""json.loads('{"a": 1, "b": {"c": true}}')["b"]["c"]""", True),
        ("""json.loads(b'"text"')""", "text"),
        ("""json.loads(s='3')""", 3),
        ("""json.loads('{"a": 1}', object_hook=lambda d: d["a"])""", 1),
        ("""ast.literal_eval("(1, ('a', [2]))")""", (1, ("a", [2]))),
    ],
)
def test_known_texts_are_read(expression: str, expected: object) -> None:
    """Known strings give the same values as in Python."""
    assert python_value(interpreter(HEADER), expression) == expected


@pytest.mark.parametrize(
    "expression",
    [
        "json.loads(text)",
        "json.loads('{')",
        "json.loads('[' * 100_000)",
        "json.loads('1', parse_int=float)",
        "json.loads()",
        "ast.literal_eval('f(x)')",
        f"json.loads('[{'1,' * literals.MOST_CHARACTERS}1]')",
    ],
)
def test_other_texts_are_not_known(expression: str) -> None:
    """Invalid JSON, results of functions that are not modeled, and long strings are unknown."""
    assert isinstance(value_of(interpreter(HEADER), expression), Unknown)
