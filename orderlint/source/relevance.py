"""Finds the definitions of a file that can apply layers. The others need not be run on their own.

A definition can apply layers if it mentions a name of Keras, a name that other modules of the project define, or
another definition that can, by any of its names in the module. Its arguments are unknown when it is run on its own.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Any

import libcst as cst

from orderlint import catalog
from orderlint.source.python.names import is_keras
from orderlint.source.state.frames import ClassObject, Frame, Function, ModuleScope
from orderlint.source.state.machine import Machine
from orderlint.source.state.values import (
    Condition,
    Const,
    DictObject,
    External,
    ListObject,
    Missing,
    ModuleValue,
    Sequence,
    Unknown,
    Value,
)
from orderlint.text.files import Cell
from orderlint.text.walking import code_fields

__all__ = ["Relevance", "closed_over", "mentioned_names", "names_in"]

Definition = Function | ClassObject

_CUSTOMARY = frozenset({"tf", "keras", "K", "layers", "nn", "ops", "Sequential", "Model", "Layer", "globals"})
_DEEPEST = 3


class Relevance:
    """The relevant names of a module, after its top level has run."""

    def __init__(self, m: Machine, scope: ModuleScope, definitions: Iterable[Definition]) -> None:
        self._m = m
        self._mentions: dict[cst.CSTNode, frozenset[str]] = {}
        self._read: dict[cst.CSTNode, frozenset[str]] = {}
        self._families: dict[ClassObject, bool] = {}
        self._names = set(_CUSTOMARY)
        self._everything = any(_may_bring_layers(m, star) for star in scope.frame.stars)
        named = [(one.name, one) for one in definitions if one.name != "<lambda>"]
        for name, value in m.store.of(scope.frame.uid):
            if isinstance(name, str):
                named += self._of_global(name, value)
        self._close(named)

    def _of_global(self, name: str, value: Value, depth: int = 0) -> Iterator[tuple[str, Definition]]:
        """The definitions that a global name leads to. The name is relevant if it leads to more than these."""
        if isinstance(value, (Function, ClassObject)) and value.name != name:
            yield name, value  # `conv = lambda x: …`, `Block = _Block`
        parts: list[Value] = []
        if isinstance(value, ClassObject):
            parts = [part for _, part in self._m.store.of(value.uid)]  # `Net.norm = _norm`, `Net.norms.append(_norm)`
        elif isinstance(value, Function):
            parts = list(self._closed_over(value))
        for part in parts if depth < _DEEPEST else ():
            if isinstance(part, (Function, ClassObject)):
                yield from self._of_global(name, part, depth + 1)
        if _leads_out(self._m, value) or any(_is_filled(self._m, part) for part in parts):
            self._names.update((name, value.name) if isinstance(value, ClassObject) else (name,))

    def _closed_over(self, function: Function) -> Iterator[Value]:
        """The values that a function reads from its enclosing functions: `wrapped(norm)` may apply `function`."""
        return closed_over(self._m, function, self.mentions(function))

    def _close(self, named: Iterable[tuple[str, Definition]]) -> None:
        """Add the names of definitions that mention a relevant name, until there are no more such definitions."""
        mentioned_by: dict[str, list[str]] = {}
        for own, definition in named:
            for name in self._reads(definition):
                mentioned_by.setdefault(name, []).append(own)
        waiting = list(self._names)
        while waiting:
            new = set(mentioned_by.pop(waiting.pop(), ())) - self._names
            self._names |= new
            waiting += new

    def mentions(self, definition: Definition) -> frozenset[str]:
        """The names that a definition mentions. Layers of the catalog count as one customary name."""
        names = self._mentions.get(definition.node)
        if names is None:
            names = mentioned_names(definition.node, definition.cell)
            if any(catalog.find_layer(name) is not None for name in names):
                names |= {"layers"}
            self._mentions[definition.node] = names
        return names

    def _reads(self, definition: Definition) -> frozenset[str]:
        """The names in the head and body of a definition: a default, a decorator or a base may be a layer."""
        names = self._read.get(definition.node)
        if names is None:
            head = names_in(_head(definition.node), definition.cell)
            names = self._read[definition.node] = self.mentions(definition).union(head)
        return names

    def holds(self, definition: Definition, depth: int = 0) -> bool:
        """Whether a definition can apply layers."""
        if self._everything or not self._names.isdisjoint(self._reads(definition)):
            return True
        owner = definition.owner if isinstance(definition, Function) else definition
        if owner is not None and self._family_holds(owner):
            return True
        return isinstance(definition, Function) and depth < _DEEPEST and self._closes_over_one(definition, depth)

    def _closes_over_one(self, function: Function, depth: int) -> bool:
        """Whether an enclosing function was given something that can apply layers: `composed(dense, norm)`."""
        for part in self._closed_over(function):
            if isinstance(part, (Function, ClassObject)):
                if part is not function and self.holds(part, depth + 1):
                    return True
            elif _is_filled(self._m, part):
                return True
        return False

    def _family_holds(self, cls: ClassObject) -> bool:
        """Whether a class or one of its bases mentions a relevant name."""
        found = self._families.get(cls)
        if found is None:
            found = self._families[cls] = bool(self._family(cls) & self._names)
        return found

    def _family(self, cls: ClassObject, depth: int = 0) -> frozenset[str]:
        """The names that a class and its bases mention, and their own names, since their attributes may be layers."""
        names = self._reads(cls) | {cls.name}
        for base in cls.bases:
            if isinstance(base, ClassObject) and depth < 10:
                names |= self._family(base, depth + 1)
        return names


def _head(node: Any) -> list[cst.CSTNode | None]:
    """The parts of a definition that are evaluated when it runs, except annotations."""
    if isinstance(node, cst.ClassDef):
        return [*node.decorators, *node.bases]
    listed = node.params
    parameters = (*listed.posonly_params, *listed.params, *listed.kwonly_params)
    return [*getattr(node, "decorators", ()), *(parameter.default for parameter in parameters)]


def _may_bring_layers(m: Machine, star: object) -> bool:
    """Whether `from star import *` may import layers whose names are not those of Keras."""
    return isinstance(star, ModuleValue) or (isinstance(star, External) and m.roles.leads_to_layers(star.name))


def _leads_out(m: Machine, value: object) -> bool:
    """Whether a global is, or may hold, something that creates or applies layers."""
    if isinstance(value, External):
        is_framework = is_keras(value.name) or value.name.startswith("tensorflow")
        return is_framework or m.roles.leads_to_layers(value.name)
    return not isinstance(value, (Function, ClassObject, Condition, Const, Missing, Unknown))


def _is_filled(m: Machine, value: Value, depth: int = 0) -> bool:
    """Whether an attribute or a variable holds something that may create layers: `table["norm"] = norm`."""
    if isinstance(value, Sequence):
        parts = [element.value for element in value.elements]
    elif isinstance(value, ListObject):
        parts = [element.value for element in m.elements(value.uid)]
    elif isinstance(value, DictObject):
        parts = [part for _, part in m.store.of(value.uid)]
    else:
        return (depth > 0 and isinstance(value, (Function, ClassObject))) or _leads_out(m, value)
    return depth >= _DEEPEST or any(_is_filled(m, part, depth + 1) for part in parts)


def closed_over(m: Machine, function: Function, names: Collection[str]) -> Iterator[Value]:
    """The values of names in the functions that enclose a function."""
    frame: Frame | None = function.frame
    while frame is not None and frame.parent is not None:
        for name in names if not frame.is_class else ():
            yield m.read(frame.uid, name)
        frame = frame.parent


def mentioned_names(node: cst.CSTNode, cell: Cell) -> frozenset[str]:
    """All names and attributes that the body of a definition in a cell mentions."""
    body: Any = cell.body(node) if isinstance(node, cst.FunctionDef) else node.body  # type: ignore[attr-defined]
    return frozenset(names_in(body, cell))


def names_in(node: Any, cell: Cell) -> Iterable[str]:
    """All names and attributes that code of a cell mentions, as often as it mentions them."""
    # Types are compared directly: `isinstance` with an abstract class takes longer than all the rest.
    stack: list[Any] = [node]
    while stack:
        one = stack.pop()
        kind: Any = type(one)
        if kind is cst.Name:
            yield one.value
        elif kind is list or kind is tuple:
            stack += one
        elif kind is cst.FunctionDef:  # its body may not be in the tree
            stack += [cell.body(one), *(getattr(one, name) for name in code_fields(kind) or () if name != "body")]
        elif (fields := code_fields(kind)) is not None:
            stack += [getattr(one, name) for name in fields]
