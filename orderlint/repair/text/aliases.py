"""Names that refer to another object or to one of its methods: `net = model`, `add = model.add`."""

from __future__ import annotations

from collections.abc import Collection, Iterator

import libcst as cst

from orderlint.repair.text.syntax import Syntax, Tree, bare_name

__all__ = ["method_of", "object_of"]


def method_of(syntax: Syntax, tree: Tree, name: cst.Name, methods: Collection[str]) -> str | None:
    """The code of the bound method that a name refers to (`model.add`).

    Args:
        syntax: The file.
        tree: The cell the name is in.
        name: The name.
        methods: The methods that count.

    Returns: `None` if the name is bound to anything else, or to several methods.
    """
    function = tree.function(name)
    found = list(_values(syntax, tree, function, name.value)) or list(_values(syntax, tree, None, name.value))
    written = {code for _, code, _ in found}
    if len(written) != 1 or not all(isinstance(value, cst.Attribute) for value, *_ in found):
        return None
    (code,) = written
    return code if code.rpartition(".")[2] in methods else None


def object_of(syntax: Syntax, tree: Tree, near: cst.CSTNode, name: str) -> str:
    """A key for the object of a name. It is equal for names that are bound once, to the same object.

    `a = b = Sequential()` binds two names to one object, and so does `b = a`.

    Args:
        near: A node of the function that the name is used in.
    """
    seen: set[str] = set()
    while name not in seen:
        seen.add(name)
        function = tree.function(near)
        found = list(_values(syntax, tree, function, name)) or list(_values(syntax, tree, None, name))
        if len(found) != 1:
            break
        value, _, first = found[0]
        name = value.value if isinstance(value, cst.Name) else first
    return name


def _values(
    syntax: Syntax, tree: Tree, function: cst.CSTNode | None, name: str
) -> Iterator[tuple[cst.BaseExpression, str, str]]:
    """The values that a name is assigned in a function, or outside of functions: node, code, and first target."""
    for one in [tree] if function is not None else syntax.trees:
        if name not in one.text:
            continue
        for node in one.assigns:
            if one.function(node) is function:
                for target, value in _pairs(node):
                    if bare_name(target) == name:
                        yield value, one.code(value), _first_of(one, node, target)


def _first_of(tree: Tree, node: cst.Assign, target: cst.BaseExpression) -> str:
    """The first target of the same value as a target (`a` in `a = b = value`)."""
    is_whole = any(one.target is target for one in node.targets)
    return tree.code(node.targets[0].target if is_whole else target)


def _pairs(node: cst.Assign) -> Iterator[tuple[cst.BaseExpression, cst.BaseExpression]]:
    """The targets of an assignment, each with its value: `add, fit = model.add, model.fit` has two."""
    for target in node.targets:
        into, value = target.target, node.value
        if isinstance(into, cst.Tuple) and isinstance(value, cst.Tuple) and len(into.elements) == len(value.elements):
            yield from ((one.value, other.value) for one, other in zip(into.elements, value.elements, strict=True))
        else:
            yield into, value
