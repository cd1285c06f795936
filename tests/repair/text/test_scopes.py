"""Names are resolved by Python's scopes."""

from __future__ import annotations

import pytest

from orderlint.repair.text.scopes import is_bound, is_certain, means_the_same, scope_of, visible
from orderlint.repair.text.syntax import Spot
from tests.repair.texts import find, spot_at, syntax_of


def lines(text: str, name: str = "a") -> list[int]:
    """The lines that bind a name as `at()` sees it."""
    syntax = syntax_of(text)
    found = visible(syntax, name, spot_at(syntax, "at()"))
    return sorted(text.count("\n", 0, one.tree.span(one.node)[0]) + 1 for one in found)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("a = 1\na = 2\nat()\n", [1, 2]),
        ("a = 1\ndef f():\n    a = 2\nat()\n", [1]),
        ("a = 1\ndef f():\n    at()\n    a = 2\n", [4]),
        ("a = 1\ndef f(a):\n    at()\n", [2]),
        ("a = 1\ndef f(b=at()):\n    a = 2\n", [1]),
        ("a = 1\nclass C:\n    a = 2\n    at()\n", [3]),
        ("a = 1\nclass C:\n    a = 2\n    def f(self):\n        at()\n", [1]),
        ("def g():\n    a = 1\n    def f():\n        at()\n", [2]),
        ("def g():\n    global a\n    a = 1\nat()\n", [3]),
        ("a = 1\ndef g():\n    a = 2\n    def f():\n        nonlocal a\n        a = 3\n    at()\n", [3, 6]),
        ("x = [a for a in b]\nat()\n", []),
        ("f = lambda a: at()\n", [1]),
    ],
)
def test_the_innermost_scope_that_binds_a_name_decides(text: str, wanted: list[int]) -> None:
    """Names of a class are visible in its own body only."""
    assert lines(text) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("a = 1\nat()\n", True),
        ("at()\na = 1\n", False),
        ("def f():\n    at()\na = 1\n", True),
        ("if x:\n    a = 1\nat()\n", False),
        ("if x:\n    a = 1\n    at()\n", True),
        ("if x:\n    a = 1\nelse:\n    at()\n", False),
        ("try:\n    a = 1\nexcept E:\n    at()\n", False),
        ("for i in x:\n    a = 1\nat()\n", False),
        ("with x:\n    a = 1\nat()\n", True),
        ("if x:\n    def f():\n        a = 1\n        at()\n", True),
    ],
)
def test_what_may_not_have_been_run_is_not_certain(text: str, wanted: bool) -> None:
    """A later statement, or one in another branch; functions are called later."""
    syntax = syntax_of(text)
    at = spot_at(syntax, "at()")
    (binding,) = visible(syntax, "a", at)
    assert is_certain(binding, at) is wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("a = 1\n", True),
        ("if x:\n    a = 1\nelse:\n    a = 2\n", True),
        ("if x:\n    a = 1\nelif y:\n    a = 2\nelse:\n    a = 3\n", True),
        ("if x:\n    a = 1\nelif y:\n    a = 2\n", False),
        ("try:\n    a = 1\nexcept E:\n    a = 2\n", True),
        ("try:\n    a = 1\nexcept E:\n    a = 2\nexcept F:\n    pass\n", False),
        ("try:\n    a = 1\nexcept E:\n    if x:\n        a = 2\n", False),
        ("for x in y:\n    a = 1\n", False),
    ],
)
def test_arms_that_all_bind_a_name_bind_it(text: str, wanted: bool) -> None:
    """Such as the two imports of a `try`."""
    syntax = syntax_of(f"{text}at()\n")
    at = spot_at(syntax, "at()")
    assert is_bound(visible(syntax, "a", at), at) is wanted


def test_a_name_can_mean_the_same_at_two_places() -> None:
    """If the same statements bind it."""
    syntax = syntax_of("a = 1\none()\ndef f():\n    two()\ndef g(a):\n    three()\n")
    one, two, three = (spot_at(syntax, f"{name}()") for name in ("one", "two", "three"))
    assert means_the_same(syntax, "a", one, two)
    assert not means_the_same(syntax, "a", one, three)


def test_the_scope_of_a_node_is_the_function_or_class_it_is_run_in() -> None:
    """A default is evaluated in the scope around the function."""
    syntax = syntax_of("class C:\n    def f(self, a=b):\n        c\n")
    (tree,) = syntax.trees
    scopes = [scope_of(tree, Spot(tree, find(tree, code)).node) for code in ("c", "b")]
    assert [type(scope).__name__ for scope in scopes] == ["FunctionDef", "ClassDef"]
