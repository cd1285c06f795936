"""Decorators of the analyzed code: the value of a name after its decorators are applied."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import libcst as cst

from orderlint.source.state.arguments import Arguments
from orderlint.source.state.frames import ClassObject, Function, Instance, Method
from orderlint.source.state.machine import Machine
from orderlint.source.state.values import Partial, Value, alternatives

__all__ = ["decorated"]


def decorated(m: Machine, decorators: Sequence[cst.Decorator], definition: Function | ClassObject) -> Value:
    """What the name of a definition is bound to.

    Decorators of other libraries (`@tf.function`), and what cannot be followed, are taken to leave it as it is.
    """
    value: Value = definition
    for decorator in reversed(decorators):
        value = _applied(m, decorator.decorator, value)
    if isinstance(value, Function) and isinstance(definition, Function) and definition.owner is not None:
        return replace(value, owner=definition.owner, wrapper=definition.wrapper)  # bound as the method would be
    return value


def _applied(m: Machine, decorator: cst.BaseExpression, value: Value) -> Value:
    makes = decorator.func if isinstance(decorator, cst.Call) else decorator
    if not _are_own(m.evaluate(makes)):
        return value
    given = m.call(m.evaluate(decorator), Arguments([value]), m.site(decorator))
    return given if _can_replace(value, given) else value


def _are_own(value: Value) -> bool:
    """Whether code of the project is certainly run when a value is called."""
    return all(isinstance(one, (Function, Method, ClassObject, Instance)) for _, one in alternatives(value))


def _can_replace(value: Value, given: Value) -> bool:
    """Whether what a decorator gave can be followed as what it was given can: others inherit from a class."""
    if isinstance(value, ClassObject):
        return isinstance(given, ClassObject)
    if isinstance(value, Function) and value.owner is not None:
        return isinstance(given, Function)  # only a function is bound to the object that it is read from
    return all(isinstance(one, (Function, Method, Instance, Partial)) for _, one in alternatives(given))
