"""Regular expressions on known strings."""

from __future__ import annotations

import re

import pytest

from orderlint.source.library.regex import OWNER
from orderlint.source.state.matches import Regex
from tests.source.running import interpreter, is_unknown, python_value, value_of

HEADER = "import re\nfrom re import split\nOPTION = re.compile(r'([a-z]+)([\\d.]+)')\n"


@pytest.mark.parametrize(
    ("expression", "wanted"),
    [
        (r"re.split(r'(\d.*)', 'se0.25')", ["se", "0.25", ""]),
        ("split('_', 'r1_k3')", ["r1", "k3"]),
        ("OPTION.split('k3')", ["", "k", "3", ""]),
        ("OPTION.findall('r1_k3')", [("r", "1"), ("k", "3")]),
        (r"re.findall(r'\d', 's22')", ["2", "2"]),
        (r"re.sub(r'\d+', 'N', 'conv12')", "convN"),
        ("re.match('[A-Z]', 'conv') is None", True),
        ("re.match('[A-Z]', 'conv', re.I) is None", False),
        ("bool(re.search(pattern='no', string='no skip'))", True),
        ("re.fullmatch(r'c(\\d)', 'c32') is None", True),
    ],
)
def test_what_is_known_is_looked_up(expression: str, wanted: object) -> None:
    """The result for a known string is the same as in Python."""
    assert python_value(interpreter(HEADER), expression) == wanted


@pytest.mark.parametrize(
    "expression",
    ["re.split('_', text)", "re.match(pattern, 'k3')", "re.split('_', 'a_b_c', 1)", "re.match('(', 'k3')"],
)
def test_what_is_not_known_is_unknown(expression: str) -> None:
    """The result is unknown for an unknown string or pattern, a number of splits, or an invalid pattern."""
    assert is_unknown(interpreter(HEADER), expression)


@pytest.mark.parametrize(
    ("pattern", "text"), [("(a+)+b", "a" * 40), ("(a|a)" * 30, "a" * 29), ("a*a*a*a*a*a*b", "a" * 100)]
)
def test_what_may_take_long_is_not_looked_up(pattern: str, text: str) -> None:
    """If backtracking could take exponential time, the result is unknown at once."""
    assert is_unknown(interpreter(HEADER), f"re.match({pattern!r}, {text!r})")


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("pattern", ["[[a]", "[^[a]", "[a--b]", "[a&&b]", "[a~~b]", "[a||b]"])
def test_what_python_warns_of_is_not_looked_up(pattern: str) -> None:
    """A pattern that Python warns of is not compiled: the warning would appear between the findings."""
    assert is_unknown(interpreter(HEADER), f"re.match({pattern!r}, 'a')")


def test_a_compiled_expression_has_its_flags() -> None:
    """Flags are given by name or as a number."""
    m = interpreter(HEADER)
    assert value_of(m, "re.compile('k', re.IGNORECASE)") == Regex("k", re.IGNORECASE)
    assert value_of(m, "re.compile('k', 2)") == OWNER("k", 2)
