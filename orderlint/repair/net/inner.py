"""Readers of a layer that only use the layer itself, such as its weights, and not its neighbors."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property

from orderlint.catalog.names import find_layer
from orderlint.graph import Role
from orderlint.repair.net.sources import last

__all__ = ["Takers", "inner_reads", "tables_for_weights"]

_INNER = frozenset(
    {
        "bias",
        "count_params",
        "get_weights",
        "kernel",
        "name",
        "non_trainable_variables",
        "non_trainable_weights",
        "set_weights",
        "trainable",
        "trainable_variables",
        "trainable_weights",
        "variables",
        "weights",
    }
)
"""Attributes of a layer that do not depend on its neighbors."""
_PLAIN = frozenset({"Callback", "Layer", "object"})
"""Base classes that read no attribute of a subclass."""
Function = ast.FunctionDef | ast.AsyncFunctionDef
Definition = Function | ast.ClassDef


class Takers:
    """Finds functions and classes that only use a layer itself, such as its weights, if they receive one.

    Args:
        trees: All cells of a file.
    """

    def __init__(self, trees: Iterable[ast.Module]) -> None:
        self._trees = list(trees)
        self._defined = {node.name: node for tree in self._trees for node in tree.body if isinstance(node, Definition)}

    def take_inner(self, called: str, place: int) -> bool:
        """Whether the function or class with a name only uses the argument at a position in that way.

        It is `False` if the name is not bound exactly once, or if what it does with the argument is not known.
        """
        node = self._defined.get(called)
        if node is None or node.decorator_list or self._bound[called] != 1:
            return False
        function, first = node, 0
        if isinstance(node, ast.ClassDef):
            makers = [one for one in node.body if isinstance(one, ast.FunctionDef) and one.name == "__init__"]
            if len(makers) != 1 or not all(last(base) in _PLAIN for base in node.bases):
                return False
            function, first = makers[0], 1
        assert isinstance(function, Function)
        parameters = function.args.args
        if function.decorator_list or function.args.posonlyargs or first + place >= len(parameters):
            return False
        return self._reads_inner(function, parameters[first + place].arg, may_keep=first == 1)

    @cached_property
    def _bound(self) -> Counter[str]:
        """How often each name is bound."""
        nodes = [node for tree in self._trees for node in ast.walk(tree)]
        return Counter(
            [node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)]
            + [node.name for node in nodes if isinstance(node, Definition)]
            + [(node.asname or node.name) for node in nodes if isinstance(node, ast.alias)]
        )

    def _reads_inner(self, function: Function, name: str, *, may_keep: bool) -> bool:
        """Whether a function only uses a parameter in that way, or stores it in an attribute that the file uses so."""
        kept = dict(_kept(function)) if may_keep else {}
        used = [node for node in ast.walk(function) if isinstance(node, ast.Name) and node.id == name]
        inner = set(map(id, inner_reads(function)))
        others = [node for node in used if id(node) not in inner]
        if any(id(node) not in kept for node in others):
            return False
        return all(self._is_read_so(kept[id(node)]) for node in others)

    def _is_read_so(self, attribute: str) -> bool:
        """Whether every read of an attribute, of any object, only uses the layer itself."""
        for tree in self._trees:
            inner = set(map(id, inner_reads(tree)))
            for node in ast.walk(tree):
                if isinstance(node, ast.Constant) and node.value == attribute:  # `getattr(self, "layer")`
                    return False
                if not isinstance(node, ast.Attribute) or node.attr != attribute:
                    continue
                if isinstance(node.ctx, ast.Load) and id(node) not in inner:
                    return False
        return True


def _kept(function: Function) -> Iterator[tuple[int, str]]:
    """The names that a method stores in attributes, by the `id` of their nodes: `self.layer = layer`."""
    for node in ast.walk(function):
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Name) and len(node.targets) == 1:
            target = node.targets[0]
            if isinstance(target, ast.Attribute) and isinstance(target.value, ast.Name):
                yield id(node.value), target.attr


def inner_reads(tree: ast.AST) -> Iterator[ast.expr]:
    """The expressions of which only an attribute like the weights, the name or the class is used."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in _INNER:
            yield node.value
        elif isinstance(node, ast.Call) and last(node.func) == "isinstance" and node.args:
            yield node.args[0]


# -- tables ---------------------------------------------------------------------------------------------------------


def tables_for_weights(tree: ast.Module) -> set[ast.Dict]:
    """The dictionaries in functions that are only used to look up the weights of layers by their names.

    `for layer in model.layers: layer.set_weights(weights[layer.name])` is such a use, if the layer is not used in
    another way, and if a test shows that it is linear: layers that a repair adds are in no such dictionary.
    """
    found: set[ast.Dict] = set()
    for function in ast.walk(tree):
        if isinstance(function, Function):
            found |= {table for name, table in _tables(function) if _Table(function, name).is_for_weights()}
    return found


def _tables(function: Function) -> Iterator[tuple[str, ast.Dict]]:
    for node in function.body:
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Dict) and len(node.targets) == 1:
            target = node.targets[0]
            if isinstance(target, ast.Name):
                yield target.id, node.value


class _Table:
    """One dictionary that a function binds to a name."""

    def __init__(self, function: Function, name: str) -> None:
        self._function = function
        self._name = name
        self._inner = set(map(id, inner_reads(function)))

    def is_for_weights(self) -> bool:
        """Whether it is only read by loops over the layers of a model that look up the layer's name."""
        reads = self._named(self._name)
        loops = [node for node in ast.walk(self._function) if isinstance(node, ast.For) and _walks_layers(node)]
        found = {id(read) for loop in loops for read in self._lookups(loop)}
        return len(found) == len(reads) - 1  # all but where it is bound

    def _lookups(self, loop: ast.For) -> Iterator[ast.Name]:
        """The lookups of layer names in a loop that only reads the weights of its layers."""
        assert isinstance(loop.target, ast.Name)
        layer = loop.target.id
        if any(id(node) not in self._inner for node in self._named(layer) if isinstance(node.ctx, ast.Load)):
            return
        tests = (node for node in ast.walk(loop) if isinstance(node, ast.If) and _is_linear(node.test, layer))
        nodes = (node for test in tests for statement in test.body for node in ast.walk(statement))
        for node in nodes:
            if isinstance(node, ast.Subscript) and ast.unparse(node) == f"{self._name}[{layer}.name]":
                assert isinstance(node.value, ast.Name)
                yield node.value

    def _named(self, name: str) -> Sequence[ast.Name]:
        return [node for node in ast.walk(self._function) if isinstance(node, ast.Name) and node.id == name]


def _walks_layers(loop: ast.For) -> bool:
    """Whether a loop is `for layer in model.layers`."""
    return isinstance(loop.target, ast.Name) and isinstance(loop.iter, ast.Attribute) and loop.iter.attr == "layers"


def _is_linear(test: ast.expr, name: str) -> bool:
    """Whether a test shows that a layer is linear: `isinstance(layer, Dense)`."""
    if not isinstance(test, ast.Call) or last(test.func) != "isinstance" or len(test.args) != 2:
        return False
    layer, kinds = test.args
    given = kinds.elts if isinstance(kinds, ast.Tuple) else [kinds]
    is_layer = isinstance(layer, ast.Name) and layer.id == name
    return is_layer and all((entry := find_layer(last(kind) or "")) and entry.role is Role.LINEAR for kind in given)
