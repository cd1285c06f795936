"""Frames: the scopes of the analyzed code, with its functions, classes and objects."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import TYPE_CHECKING

from orderlint.graph import Site
from orderlint.graph.guards import Guard
from orderlint.records import record
from orderlint.source.state.values import Value
from orderlint.text.files import Cell, SourceFile

if TYPE_CHECKING:
    import libcst as cst

__all__ = ["ClassObject", "Frame", "Function", "Instance", "Method", "ModuleScope", "Super"]


@record(eq=False, slots=True)
class ModuleScope:
    """A module that is interpreted.

    Attributes:
        name: Its absolute dotted name, `""` for a script outside of packages.
        file: Its source.
        frame: Its global variables.
        rebound: Names that the module binds more than once, so a function that is called later cannot rely on them.
        distance: The length of the chain of imports that leads to it from the judged file.
    """

    name: str
    file: SourceFile
    frame: Frame = field(init=False)
    rebound: frozenset[str] = frozenset()
    is_package: bool = False
    distance: int = 0


@record(eq=False, slots=True)
class Frame:
    """One activation of a function, a class body, a comprehension or a module.

    Attributes:
        uid: The owner of its variables in the store.
        scope: The module that contains its code.
        cell: The notebook cell, or the file, that contains its code.
        parent: The enclosing frame, where its free names are looked up; `None` for a module.
        function: The function that it runs; `None` for modules and class bodies.
        parameters: The names of the parameters of that function, without `*args` and `**kwargs`.
        receiver: The value of `self`, for `super()`.
        shared: Names that are declared `global` or `nonlocal`, with the frame that holds them.
        returns: The values that were returned so far, with their guards.
        iterated: Names that are bound to elements of a container.
        stars: Modules whose names were imported with `*`, oldest first.
        background: Whether its calls of layers are only context (see `LayerGraph.background`).
        is_class: Whether it is a class body. Functions in it do not see its names.
        is_comprehension: Whether it is a comprehension. Names that `:=` binds in it belong to the enclosing scope.
    """

    uid: int
    scope: ModuleScope
    cell: Cell
    parent: Frame | None = None
    function: Function | None = None
    parameters: tuple[str, ...] = ()
    receiver: Value | None = None
    shared: dict[str, Frame] = field(default_factory=dict)
    returns: list[tuple[Guard, Value]] = field(default_factory=list)
    yields: list[tuple[Guard, Value, cst.CSTNode]] = field(default_factory=list)
    iterated: set[str] = field(default_factory=set)
    stars: list[Value] = field(default_factory=list)
    background: bool = False
    is_class: bool = False
    is_comprehension: bool = False

    @property
    def globals(self) -> Frame:
        return self.scope.frame


@record(frozen=True, slots=True, eq=False)
class Function(Value):
    """A function of the analyzed code, with the frame it closes over."""

    node: cst.FunctionDef | cst.Lambda
    name: str
    frame: Frame
    cell: Cell
    defaults: Mapping[str, Value]
    owner: ClassObject | None = None
    wrapper: str | None = None  # "staticmethod", "classmethod" or "property"


@record(frozen=True, slots=True, eq=False)
class ClassObject(Value):
    """A class of the analyzed code. Its attributes are in the store."""

    uid: int
    node: cst.ClassDef
    name: str
    frame: Frame
    cell: Cell
    bases: tuple[Value, ...]


@record(frozen=True, slots=True)
class Method(Value):
    """A function bound to its receiver."""

    receiver: Value
    function: Function


@record(frozen=True, slots=True, eq=False)
class Instance(Value):
    """An object of a class of the analyzed code. Its attributes are in the store."""

    uid: int
    cls: ClassObject
    site: Site


@record(frozen=True, slots=True)
class Super(Value):
    """`super()` in a method of `owner`."""

    receiver: Value
    owner: ClassObject
