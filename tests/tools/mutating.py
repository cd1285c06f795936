"""Mutants of a module: one expression or statement of it changed, as a tree.

The changes are in comparisons, `and` and `or`, `not`, the tests of branches, arithmetic, numbers and truth values,
returned values, and statements that are left out. Strings (the pages and messages of rules), annotations, decorators
and docstrings are not changed.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass

__all__ = ["Mutant", "mutants"]

_COMPARISONS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In,
}  # fmt: skip
_OPERATIONS: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.FloorDiv, ast.FloorDiv: ast.Mult, ast.Mod: ast.Mult,
    ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd, ast.BitXor: ast.BitAnd, ast.LShift: ast.RShift,
}  # fmt: skip
_LEFT_OUT = (ast.Expr, ast.AugAssign, ast.Raise, ast.Delete, ast.Continue, ast.Break, ast.Assign)


@dataclass(frozen=True)
class Mutant:
    """A module with one change.

    Attributes:
        line: The line of the change.
        what: The new code and the old code.
        tree: The module.
    """

    line: int
    what: str
    tree: ast.Module


def mutants(text: str) -> Iterator[Mutant]:
    """The mutants of a module, in the order of its text."""
    tree = ast.parse(text)
    places = {node: place for place, node in enumerate(ast.walk(tree))}
    for node in sorted(_nodes(tree), key=lambda node: (node.lineno, node.col_offset)):
        for new in _instead(node):
            yield Mutant(node.lineno, _told(node, new), _with(tree, places[node], ast.copy_location(new, node)))


def _with(tree: ast.Module, place: int, new: ast.AST) -> ast.Module:
    """A copy of a tree with a node replaced, by the index of the node in its walk."""
    result = copy.deepcopy(tree)
    for number, node in enumerate(ast.walk(result)):
        if number == place:
            _Exchange(node, new).visit(result)
            return ast.fix_missing_locations(result)
    raise AssertionError("a place of the tree itself")


class _Exchange(ast.NodeTransformer):
    """Replaces a node with another one."""

    def __init__(self, old: ast.AST, new: ast.AST) -> None:
        self._old = old
        self._new = new

    def visit(self, node: ast.AST) -> ast.AST:
        return self._new if node is self._old else self.generic_visit(node)


def _nodes(node: ast.AST) -> Iterator[ast.expr | ast.stmt]:
    """The nodes that may be changed."""
    for name, value in ast.iter_fields(node):
        if name in ("annotation", "returns", "decorator_list") or _is_for_the_checker(node, name):
            continue
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, (ast.expr, ast.stmt)) and not _is_text(child) and not _is_public_names(child):
                yield child
            if isinstance(child, ast.AST):
                yield from _nodes(child)


def _is_for_the_checker(node: ast.AST, name: str) -> bool:
    """Whether code is only for the type checker."""
    if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING":
        return name == "body"
    return isinstance(node, ast.Assert)


def _is_public_names(node: ast.AST) -> bool:
    return isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__"


def _is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _instead(node: ast.AST) -> Iterator[ast.AST]:
    """The possible replacements of a node."""
    for kind, make in _KINDS.items():
        if isinstance(node, kind):
            yield from make(node)
    if isinstance(node, _LEFT_OUT) and not (isinstance(node, ast.Assign) and isinstance(node.value, ast.Subscript)):
        yield ast.Pass()


def _compared(node: ast.Compare) -> Iterator[ast.AST]:
    for at, kind in enumerate(map(type, node.ops)):
        new = copy.copy(node)
        new.ops = [*node.ops[:at], _COMPARISONS[kind](), *node.ops[at + 1 :]]
        yield new


def _joined(node: ast.BoolOp) -> Iterator[ast.AST]:
    yield ast.BoolOp(ast.Or() if isinstance(node.op, ast.And) else ast.And(), node.values)
    for at in range(len(node.values)):
        rest = [*node.values[:at], *node.values[at + 1 :]]
        yield rest[0] if len(rest) == 1 else ast.BoolOp(node.op, rest)


def _negated(node: ast.UnaryOp) -> Iterator[ast.AST]:
    if isinstance(node.op, ast.Not):
        yield node.operand


def _calculated(node: ast.BinOp) -> Iterator[ast.AST]:
    if (other := _OPERATIONS.get(type(node.op))) and not isinstance(node.left, ast.Constant | ast.JoinedStr):
        yield ast.BinOp(node.left, other(), node.right)


def _constant(node: ast.Constant) -> Iterator[ast.AST]:
    if isinstance(node.value, bool):
        yield ast.Constant(not node.value)
    elif isinstance(node.value, int):
        yield ast.Constant(node.value + 1)


def _branch(node: ast.If | ast.While | ast.IfExp) -> Iterator[ast.AST]:
    if isinstance(node.test, ast.Compare | ast.BoolOp | ast.UnaryOp):
        return  # they have mutants of their own
    new = copy.copy(node)
    new.test = ast.UnaryOp(ast.Not(), node.test)
    yield new


def _filtered(node: ast.GeneratorExp | ast.ListComp | ast.SetComp | ast.DictComp) -> Iterator[ast.AST]:
    for at, loop in enumerate(node.generators):
        if loop.ifs:
            new = copy.copy(node)
            bare = ast.comprehension(loop.target, loop.iter, [], loop.is_async)
            new.generators = [*node.generators[:at], bare, *node.generators[at + 1 :]]
            yield new


def _returned(node: ast.Return) -> Iterator[ast.AST]:
    if node.value is not None and not (isinstance(node.value, ast.Constant) and node.value.value is None):
        yield ast.Return(ast.Constant(None))


_KINDS: dict[type[ast.AST], Callable[..., Iterator[ast.AST]]] = {
    ast.Compare: _compared,
    ast.BoolOp: _joined,
    ast.UnaryOp: _negated,
    ast.BinOp: _calculated,
    ast.Constant: _constant,
    ast.If: _branch,
    ast.While: _branch,
    ast.IfExp: _branch,
    ast.GeneratorExp: _filtered,
    ast.ListComp: _filtered,
    ast.SetComp: _filtered,
    ast.DictComp: _filtered,
    ast.Return: _returned,
}


def _told(old: ast.AST, new: ast.AST) -> str:
    if isinstance(new, ast.Pass):
        return f"left out: {_short(old)}"
    if isinstance(new, ast.If | ast.While):
        return f"if {_short(new.test)}"
    return f"{_short(new)}   for   {_short(old)}"


def _short(node: ast.AST) -> str:
    text = ast.unparse(node).split("\n")[0]
    return text if len(text) <= 100 else f"{text[:97]}..."
