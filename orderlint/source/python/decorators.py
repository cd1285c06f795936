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
    """The value that the name of a definition is bound to.

    Decorators of other libraries (`@tf.function`), and those that cannot be followed, are assumed not to change it.
    """
    value: Value = definition
    for decorator in reversed(decorators):
        value = _applied(m, decorator.decorator, value)
    if isinstance(value, Function) and isinstance(definition, Function) and definition.owner is not None:
        return replace(value, owner=definition.owner, wrapper=definition.wrapper)  # it is bound like the method
    return value


def _applied(m: Machine, decorator: cst.BaseExpression, value: Value) -> Value:
    makes = decorator.func if isinstance(decorator, cst.Call) else decorator
    if not _are_own(m.evaluate(makes)):
        return value
    given = m.call(m.evaluate(decorator), Arguments([value]), m.site(decorator))
    return given if _can_replace(value, given) else value


def _are_own(value: Value) -> bool:
    """Whether a call of a value certainly runs code of the project."""
    return all(isinstance(one, (Function, Method, ClassObject, Instance)) for _, one in alternatives(value))


def _can_replace(value: Value, given: Value) -> bool:
    """Whether the result of a decorator can be used like its argument: other classes may inherit from a class."""
    if isinstance(value, ClassObject):
        return isinstance(given, ClassObject)
    if isinstance(value, Function) and value.owner is not None:
        return isinstance(given, Function)  # only a function is bound to the object that it is read from
    return all(isinstance(one, (Function, Method, Instance, Partial)) for _, one in alternatives(given))
