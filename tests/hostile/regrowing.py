"""Programs with mutated syntax trees. They still parse, so they reach the interpreter, the rules and the repairs."""

from __future__ import annotations

import ast
import random
from collections.abc import Callable, Iterator
from functools import cache

__all__ = ["regrown"]

_MOST_CHANGES = 4
_MOST_NESTED = 60
"""How deep a program may become: a tree of a few hundred levels ends `ast.unparse` itself."""


@cache
def _tree(text: str) -> ast.Module:
    return ast.parse(text)


def regrown(text: str, other: str, chance: random.Random) -> str:
    """A program with statements and expressions swapped, duplicated, deleted, wrapped, or taken from another program.

    Raises:
        SyntaxError: One of the texts does not parse.
        ValueError: The result does not parse.
    """
    tree = ast.parse(text)
    if not tree.body or not _tree(other).body:
        return text
    for _ in range(chance.randint(1, _MOST_CHANGES)):
        chance.choice(_CHANGES)(tree, _tree(other), chance)
    if _depth(tree) > _MOST_NESTED:
        return text
    return ast.unparse(ast.fix_missing_locations(tree))


def _depth(tree: ast.AST) -> int:
    depth, level = 0, [tree]
    while level:
        depth, level = depth + 1, [child for node in level for child in ast.iter_child_nodes(node)]
    return depth


def _blocks(tree: ast.AST) -> list[list[ast.stmt]]:
    return [block for node in ast.walk(tree) for block in _blocks_of(node)]


def _blocks_of(node: ast.AST) -> Iterator[list[ast.stmt]]:
    for name in ("body", "orelse", "finalbody"):
        block = getattr(node, name, None)
        if isinstance(block, list) and block:
            yield block


def _expressions(tree: ast.AST) -> list[tuple[ast.AST, str, int | None, ast.expr]]:
    """The positions of expressions in load context: the node, the field, and the index if the field is a list."""
    found: list[tuple[ast.AST, str, int | None, ast.expr]] = []
    for node in ast.walk(tree):
        for name, value in ast.iter_fields(node):
            if isinstance(value, ast.expr):
                found.append((node, name, None, value))
            elif isinstance(value, list):
                found += [(node, name, at, one) for at, one in enumerate(value) if isinstance(one, ast.expr)]
    return [one for one in found if isinstance(getattr(one[3], "ctx", _LOAD), ast.Load)]


_LOAD = ast.Load()


def _graft(tree: ast.Module, other: ast.Module, chance: random.Random) -> None:
    """Replace an expression by another."""
    node, name, at, _ = chance.choice(_expressions(tree) or [(tree, "", None, ast.Constant(0))])
    new = chance.choice(_expressions(chance.choice([tree, other])) or [(tree, "", None, ast.Constant(0))])[3]
    if not name:
        return
    if at is None:
        setattr(node, name, _copied(new))
    else:
        getattr(node, name)[at] = _copied(new)


def _copied(node: ast.expr) -> ast.expr:
    """A copy, so that a tree never becomes a part of itself."""
    return ast.parse(ast.unparse(ast.fix_missing_locations(ast.Expression(node))), mode="eval").body


def _drop(tree: ast.Module, other: ast.Module, chance: random.Random) -> None:
    block = chance.choice(_blocks(tree))
    block[chance.randrange(len(block))] = ast.Pass()


def _double(tree: ast.Module, other: ast.Module, chance: random.Random) -> None:
    block = chance.choice(_blocks(tree))
    block.insert(chance.randrange(len(block) + 1), _statement(chance.choice(block)))


def _insert(tree: ast.Module, other: ast.Module, chance: random.Random) -> None:
    block = chance.choice(_blocks(tree))
    block.insert(chance.randrange(len(block) + 1), _statement(chance.choice(chance.choice(_blocks(other)))))


def _exchange(tree: ast.Module, other: ast.Module, chance: random.Random) -> None:
    block = chance.choice(_blocks(tree))
    one, two = chance.randrange(len(block)), chance.randrange(len(block))
    block[one], block[two] = block[two], block[one]


def _statement(node: ast.stmt) -> ast.stmt:
    return ast.parse(ast.unparse(ast.fix_missing_locations(ast.Module([node], [])))).body[0]


_WRAPPERS = (
    "if flag:\n    X",
    "if flag:\n    pass\nelse:\n    X",
    "for i in range(3):\n    X",
    "for layer in layers:\n    X",
    "while x is not None:\n    X",
    "while True:\n    X\n    break",
    "try:\n    X\nexcept Exception as error:\n    x = error\nfinally:\n    pass",
    "with scope(x) as y:\n    X",
    "def f(x, *rest, n=2, **more):\n    X\n    return f(x)",
    "class A(B):\n    X\n    def call(self, x):\n        return self.f(x)",
    "match x:\n    case [1, *rest] | {'a': rest}:\n        X\n    case _:\n        pass",
    "async def g(x):\n    X\n    yield x",
)


def _wrap(tree: ast.Module, other: ast.Module, chance: random.Random) -> None:
    """Put a sequence of statements into a compound statement."""
    block = chance.choice(_blocks(tree))
    at = chance.randrange(len(block))
    end = at + chance.randint(1, 3)
    around = ast.parse(chance.choice(_WRAPPERS)).body[0]
    for inner in _blocks(around):
        for place, node in enumerate(inner):
            if isinstance(node, ast.Expr) and isinstance(node.value, ast.Name) and node.value.id == "X":
                inner[place : place + 1] = block[at:end]
                block[at:end] = [around]
                return


_CHANGES: tuple[Callable[[ast.Module, ast.Module, random.Random], None], ...] = (
    *(_graft, _graft, _graft),
    *(_drop, _double, _insert, _exchange, _wrap),
)
