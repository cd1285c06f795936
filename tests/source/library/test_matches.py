"""Matches of regular expressions."""

from __future__ import annotations

import pytest

from orderlint.source.library.matches import OWNER
from orderlint.source.state.matches import Match
from tests.source.running import interpreter, is_unknown, python_value

HEADER = "import re\nmatch = re.match(r'(?P<key>[a-z]+)(\\d)(\\d)?', 's2')\n"


@pytest.mark.parametrize(
    ("expression", "wanted"),
    [
        ("match.group()", "s2"),
        ("match.group(1)", "s"),
        ("match[2]", "2"),
        ("match['key']", "s"),
        ("match.group('key', 2)", ("s", "2")),
        ("match.group(3) is None", True),
        ("match.groups('1')", ("s", "2", "1")),
        ("match.groupdict()", {"key": "s"}),
        ("bool(match)", True),
    ],
)
def test_groups_are_known(expression: str, wanted: object) -> None:
    """The groups of a match are known by number and by name."""
    assert python_value(interpreter(HEADER), expression) == wanted


def test_a_match_is_the_owner_of_the_methods() -> None:
    """Methods are looked up for matches."""
    assert OWNER is Match


@pytest.mark.parametrize("expression", ["match.group(9)", "match.group(name)", "match.span()"])
def test_what_a_match_does_not_have_is_unknown(expression: str) -> None:
    """A missing group, and anything that is not modeled, is unknown."""
    assert is_unknown(interpreter(HEADER), expression)
