"""Properties of the syntax alone."""

from __future__ import annotations

import libcst as cst
import pytest

from orderlint.source.python import syntax


def statement(text: str) -> cst.CSTNode:
    found = cst.parse_statement(text)
    return found.body[0] if isinstance(found, cst.SimpleStatementLine) else found


@pytest.mark.parametrize(("text", "wanted"), [("a", "a"), ("a.b.c", "a.b.c"), ("f()", ""), ("f().b", ".b")])
def test_dotted_names(text: str, wanted: str) -> None:
    """A name or a chain of attributes is written with dots; other expressions give an empty string."""
    assert syntax.dotted(cst.parse_expression(text)) == wanted


@pytest.mark.parametrize(("text", "wanted"), [("a", "a"), ("a.b", "b"), ("f().b", "b"), ("f()", None)])
def test_last_names(text: str, wanted: str | None) -> None:
    """The last name of a chain is found, whatever it is an attribute of."""
    assert syntax.last_name(cst.parse_expression(text)) == wanted


def test_parameters_without_the_starred() -> None:
    """The names of the parameters are in order, without `*args` and `**kwargs`."""
    function = cst.parse_expression("lambda a, /, b, *args, c=1, **kwargs: 0")
    assert isinstance(function, cst.Lambda)
    assert syntax.parameter_names(function.params) == ("a", "b", "c")


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("a = b = 1", ["a", "b"]),
        ("a += 1", ["a"]),
        ("a: int = 1", ["a"]),
        ("def f(): x = 1", ["f"]),
        ("class C: x = 1", ["C"]),
        ("if t:\n    a = 1\nelse:\n    b = 2\n", ["a", "b"]),
        ("for i in x:\n    a = 1\n", ["i", "a"]),
        ("try:\n    a = 1\nexcept E:\n    b = 2\n", ["a"]),
        ("a.b = 1", []),
    ],
)
def test_bound_names(text: str, wanted: list[str]) -> None:
    """The names that a statement binds include those in its blocks, but not attributes."""
    assert syntax.bound_names(statement(text)) == wanted


def test_targets_are_unpacked() -> None:
    """Every name in nested targets is bound."""
    found = statement("(a, [b, (c, d)]), e.f = x")
    assert isinstance(found, cst.Assign)
    assert syntax.target_names(found.targets[0].target) == {"a", "b", "c", "d"}


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("if __name__ == '__main__': x", True),
        ("if '__main__' == __name__: x", True),
        ("if __name__ != '__main__': x", False),
        ("if name == '__main__': x", False),
        ("if __name__: x", False),
    ],
)
def test_main_guards(text: str, wanted: bool) -> None:
    """Only a comparison of `__name__` with `==` is a guard of the main block."""
    found = statement(text)
    assert isinstance(found, cst.If)
    assert syntax.is_main_guard(found) is wanted


@pytest.mark.parametrize(
    ("code", "wanted"),
    [
        *(("a and b.c", True), ("isinstance(x, A)", True), ("len(xs) > 2", True)),
        *(("next(it)", False), ("(y := 1)", False), ("a and len(next(it)) > 2", False)),
    ],
)
def test_only_what_can_be_asked_twice_is_pure(code: str, wanted: bool) -> None:
    """A call of an unknown function, or an assignment expression, is not pure."""
    assert syntax.is_pure(cst.parse_expression(code)) is wanted


def test_further_functions_can_be_called_in_what_is_pure() -> None:
    """The caller names the functions; their arguments have to be pure, too."""
    assert syntax.is_pure(cst.parse_expression("i < min(n, len(xs))"), frozenset({"min"}))
    assert not syntax.is_pure(cst.parse_expression("i < min(n, xs.pop())"), frozenset({"min"}))


def test_fields_are_annotated_or_made_by_attrs() -> None:
    """Class variables, and fields that are left out of `__init__`, do not count."""
    text = """class A:
    a: int
    b: ClassVar[int] = 1
    c: typing.ClassVar = 1
    d: int = field(init=False)
    e: int = field(default=2)
    f = attr.ib(default=3)
    g = field(default=4)
    h = 5
"""
    node = cst.parse_module(text).body[0]
    assert isinstance(node, cst.ClassDef)
    assert syntax.field_names_in(node) == ["a", "e", "f"]
