"""Dispatch: the operations through which the code for one construct of Python runs any other construct.

The constructs contain each other: a call evaluates expressions, and an expression may contain a call. To avoid circular
imports, the modules call each other through these methods, which `interpreter.Interpreter` binds.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING

import libcst as cst

from orderlint.graph import Site
from orderlint.source.state.values import ImportedName, ModuleValue, Value

if TYPE_CHECKING:
    from orderlint.source.state.arguments import Arguments
    from orderlint.source.state.frames import Frame, Function, ModuleScope

__all__ = ["Dispatch"]


class Dispatch(ABC):
    """The operations of the interpreter."""

    @abstractmethod
    def evaluate(self, node: cst.BaseExpression, /) -> Value:
        """The value of an expression in the current scope."""

    @abstractmethod
    def assign(self, target: cst.BaseExpression, value: Value, /) -> None:
        """Bind a target: a name, an attribute, an item, or a nested tuple of targets."""

    @abstractmethod
    def run(self, node: cst.CSTNode, /) -> None:
        """Run one statement or block."""

    @abstractmethod
    def call(self, function: Value, arguments: Arguments, site: Site, /) -> Value:
        """Call a value."""

    @abstractmethod
    def invoke(self, function: Function, arguments: Arguments, site: Site, receiver: Value | None = None, /) -> Value:
        """Run a function of the analyzed code with these arguments."""

    @abstractmethod
    def attribute(self, owner: Value, name: str, node: cst.BaseExpression | None = None, /) -> Value:
        """`owner.name`. `node` is the expression of the owner, for the fallback of unresolved `layers.X`."""

    @abstractmethod
    def member(self, module: ModuleValue, name: str, /) -> Value:
        """A name of a module of the project; `MISSING` if the module does not have it."""

    @abstractmethod
    def imported(self, name: ImportedName, /) -> Value:
        """The value of a name that was imported from a module of the project."""

    @abstractmethod
    def has_no_layers(self, frame: Frame, /) -> bool:
        """Whether code in a function's frame can neither create nor apply nor pass on a layer."""

    @abstractmethod
    def is_no_loss(self, scope: ModuleScope, statement: cst.CSTNode, /) -> bool:
        """Whether no layer remains unchecked if a statement of a module is left out."""
