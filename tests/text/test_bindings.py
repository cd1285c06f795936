"""The names and attributes that code binds."""

from __future__ import annotations

import ast

import pytest

from orderlint.text.bindings import bindings_in

NAMES = {
    "a = 1": "a",
    "a, (b, *c) = d": "a b c",
    "a: int = b": "a",
    "a += b": "a",
    "del a": "a",
    "(a := b)": "a",
    "for a in b: pass": "a",
    "[a for a in b]": "a",
    "with b as a: pass": "a",
    "try: b\nexcept c as a: pass": "a",
    "try: b\nexcept c: pass": "",
    "def a(b): c = d": "a c",
    "async def a(): pass": "a",
    "class a(b): c = d": "a c",
    "lambda b: c": "",
    "import a.b": "a",
    "import b.c as a": "a",
    "from b import a, c as d": "a d",
    "from b import *": "*",
    "match b:\n    case [a, *c]: pass": "a c",
    "match b:\n    case {1: a, **c}: pass": "a c",
    "match b:\n    case {1: _} | [*_]: pass": "",
    "a[0] = b": "",
}


@pytest.mark.parametrize("code", NAMES)
def test_every_statement_that_binds_a_name(code: str) -> None:
    """A statement may be anywhere, including functions and classes."""
    assert bindings_in(ast.parse(code)).names == set(NAMES[code].split())
    assert bindings_in(ast.parse(f"class f:\n  def f():\n    if f:\n{_indented(code)}")).names == {
        "f",
        *NAMES[code].split(),
    }


@pytest.mark.parametrize("code", ["a.b = c", "a.c.b = d", "del a.b", "for a[0].b in c: pass", "a().b += c"])
def test_every_statement_that_binds_an_attribute(code: str) -> None:
    """The attribute may be of any object; an attribute that is only read is not bound."""
    found = bindings_in(ast.parse(f"{code}\na.read"))
    assert (found.names, found.attributes) == (frozenset(), frozenset({"b"}))


@pytest.mark.parametrize("code", ["a = 1\nimport a", "for a in b:\n  a += 1", "def a():\n  a = 1", "a = b\ndel a"])
def test_what_is_bound_more_than_once(code: str) -> None:
    """The second binding may be anywhere."""
    assert bindings_in(ast.parse(code)).repeated == {"a"}
    assert not bindings_in(ast.parse("a = 1\nimport b.c")).repeated


def _indented(code: str) -> str:
    return "\n".join(f"      {line}" for line in code.splitlines())
