"""The lists from which a model gets its layers: `Sequential([*stem, *blocks()])` uses a list and a function."""

from __future__ import annotations

import ast

from orderlint.records import record

__all__ = ["Sources", "dotted", "is_list", "last", "sources_of"]

_COPIES = frozenset({"copy", "deepcopy", "filter", "list", "reversed", "sorted", "tuple"})
_LAYERS = "layers"


@record(frozen=True, slots=True)
class Sources:
    """The sources of the elements of a list.

    Attributes:
        names: The names and attributes of lists.
        calls: The last names of functions that return lists.
    """

    names: frozenset[str] = frozenset()
    calls: frozenset[str] = frozenset()

    def __or__(self, other: Sources) -> Sources:
        return Sources(self.names | other.names, self.calls | other.calls)


def sources_of(node: ast.expr | None) -> Sources:
    """The sources of the elements of a list that are not written out in it.

    The layers of a model that is an element of a list do not count, because the model is one element. The layers of
    `model.layers` do not count, either: notebooks often use the name `model` for one model after the other.
    """
    if isinstance(node, ast.Call):
        return _of_call(node)
    if isinstance(node, (ast.List, ast.Tuple)):
        return _all([one.value for one in node.elts if isinstance(one, ast.Starred)])
    if isinstance(node, (ast.ListComp, ast.GeneratorExp)):
        return _all([one.iter for one in node.generators])
    if isinstance(node, ast.BinOp):
        return sources_of(node.left) | sources_of(node.right)
    if isinstance(node, ast.IfExp):
        return sources_of(node.body) | sources_of(node.orelse)
    if isinstance(node, (ast.Starred, ast.Subscript)):
        return sources_of(node.value)
    name = dotted(node)
    return Sources(frozenset([name])) if name is not None else Sources()


def _of_call(node: ast.Call) -> Sources:
    called = last(node.func)
    if called == "Sequential" or called in _COPIES:
        return _all([*node.args, *(one.value for one in node.keywords if one.arg == _LAYERS)])
    return Sources(calls=frozenset([called])) if called is not None else Sources()


def _all(nodes: list[ast.expr]) -> Sources:
    found = Sources()
    for node in nodes:
        found |= sources_of(node)
    return found


def is_list(node: ast.expr) -> bool:
    """Whether an expression certainly is a list, a tuple, or another iterable of elements."""
    if isinstance(node, ast.BinOp):
        return is_list(node.left) or is_list(node.right)
    if isinstance(node, ast.Call):
        return last(node.func) in _COPIES
    if isinstance(node, ast.Subscript):
        return isinstance(node.slice, ast.Slice)
    return isinstance(node, (ast.List, ast.Tuple, ast.ListComp))


def dotted(node: ast.AST | None) -> str | None:
    """A name or a chain of attributes as written (`self.model`); `None` for anything else."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        base = dotted(node.value)
        return f"{base}.{node.attr}" if base is not None else None
    return None


def last(node: ast.expr) -> str | None:
    """`c` for `a.b.c` or `c`; `None` for anything else."""
    return node.attr if isinstance(node, ast.Attribute) else dotted(node)
