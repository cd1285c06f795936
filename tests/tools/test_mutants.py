"""Mutants of a module, and finding their tests."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.tools.mutants import unit_tests
from tests.tools.mutating import mutants


def changed(line: str) -> set[str]:
    """The mutants of one line of code."""
    return {ast.unparse(one.tree).strip() for one in mutants(line)}


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("x = a < b", {"x = a <= b", "pass"}),
        ("x = a and b", {"x = a or b", "x = a", "x = b", "pass"}),
        ("x = not a", {"x = a", "pass"}),
        ("x = 1", {"x = 2", "pass"}),
        ("run()", {"pass"}),
        ("x = [a for a in b if a]", {"x = [a for a in b]", "pass"}),
        ("x = 'text'", {"pass"}),
        ("__all__ = ['x']", set()),
    ],
)
def test_one_place_is_changed_at_a_time(line: str, expected: set[str]) -> None:
    """Each mutant differs from the module in one expression or statement."""
    assert changed(line) == expected


def test_what_is_returned_is_dropped_and_a_branch_turned_round() -> None:
    """So tests have to check results and both arms."""
    made = changed("def f(x):\n    if x:\n        return 'a'\n    return x")
    assert "def f(x):\n    if not x:\n        return 'a'\n    return x" in made
    assert "def f(x):\n    if x:\n        return None\n    return x" in made


def test_tests_are_found_by_the_name_of_the_module() -> None:
    """The tests of a rule are those of all rules."""
    assert unit_tests(Path("orderlint/graph/guards.py")) == [Path("tests/graph/test_guards.py")]
    assert unit_tests(Path("orderlint/rules/repeated_norm.py")) == [Path("tests/rules")]
