"""`match`: the case that applies, and the names that it binds."""

from __future__ import annotations

import pytest

from orderlint.source.python import patterns
from orderlint.source.state.values import Choice, Const
from tests.source.running import interpreter, python_value, value_of


def run(subject: str, *cases: str) -> str:
    body = "".join(f"    case {case}:\n        found = {number}\n" for number, case in enumerate(cases))
    return f"found = None\nmatch {subject}:\n{body}"


@pytest.mark.parametrize(
    ("subject", "cases", "wanted"),
    [
        ("'max'", ("'avg'", "'max'"), 1),
        ("3", ("1 | 2 | 3", "_"), 0),
        ("None", ("None", "_"), 0),
        ("(1, 2)", ("(1, 3)", "(1, 2)", "_"), 1),
        ("[1]", ("[]", "[1, 2]", "[_]"), 2),
        ("5", ("1", "x if x > 9", "x if x > 4"), 2),
        ("5", ("1", "2"), None),
    ],
)
def test_the_first_case_that_matches_applies(subject: str, cases: tuple[str, ...], wanted: object) -> None:
    """For a known subject the case is the same as in Python."""
    assert python_value(interpreter(run(subject, *cases)), "found") == wanted


def test_names_of_a_pattern_are_bound() -> None:
    """A name, an alias and the parts of a sequence are bound to the matched values."""
    m = interpreter("match (1, (2, 3)):\n    case (a, (b, c) as d):\n        pass\n")
    assert [python_value(m, name) for name in "abcd"] == [1, 2, 3, (2, 3)]


def test_cases_of_an_unknown_exclude_each_other() -> None:
    """The case of an unknown subject is undecided, and at most one applies."""
    m = interpreter(run("kind", "'max'", "'avg'", "_"))
    found = value_of(m, "found")
    assert isinstance(found, Choice)
    assert [value for _, value in found.alternatives] == [Const(0), Const(1), Const(2)]
    first = m.conditions.equal(value_of(m, "kind"), Const("max"))  # type: ignore[arg-type]
    assert found.alternatives[0][0] is first


def test_patterns_that_are_not_modeled_may_match() -> None:
    """A class pattern is undecided: its case and later ones may apply."""
    found = value_of(interpreter(run("net", "Point(x=0)", "_")), "found")
    assert isinstance(found, Choice)
    assert len(found.alternatives) == 2
    assert patterns.__all__ == ["capture", "matches"]
