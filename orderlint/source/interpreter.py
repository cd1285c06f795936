"""The interpreter: handles calls of each kind of value, and binds the operations of the machine.

This is the only module that knows both the Python part and the Keras part.
"""

from __future__ import annotations

from dataclasses import replace

import libcst as cst

from orderlint.graph import Site
from orderlint.source import inert, left_out
from orderlint.source.keras import functions, layers, models, objects
from orderlint.source.keras.bases import base_kind
from orderlint.source.python import attributes, by_name, calls, enums, expressions, imports, names, statements
from orderlint.source.python.operations import unresolved
from orderlint.source.python.syntax import last_name
from orderlint.source.state.arguments import Arguments
from orderlint.source.state.frames import ClassObject, Function, Instance, Method
from orderlint.source.state.machine import Machine
from orderlint.source.state.values import (
    Activation,
    Choice,
    Const,
    External,
    FunctionalModel,
    Layer,
    NativeFunction,
    NativeMethod,
    Partial,
    Sequence,
    SequentialModel,
    Unknown,
    Value,
)

__all__ = ["Interpreter"]

# The shapes that a layer computes are not part of the network, and Keras itself calls these methods.
_SHAPES = frozenset({"compute_output_shape", "compute_output_signature", "compute_output_spec"})


def _call(m: Machine, function: Value, arguments: Arguments, site: Site) -> Value:
    if isinstance(function, Choice):
        return m.each(function, lambda one: _call_one(m, one, arguments, site))
    return _call_one(m, function, arguments, site)


def _call_one(m: Machine, function: Value, arguments: Arguments, site: Site) -> Value:
    if isinstance(function, Function):
        return m.invoke(function, arguments, site)
    if isinstance(function, Method):
        return m.invoke(function.function, arguments.after(function.receiver), site, function.receiver)
    if isinstance(function, External):
        return functions.call_external(m, function, arguments, site)
    if isinstance(function, NativeMethod):
        return functions.call_method(m, function, arguments, site)
    if isinstance(function, NativeFunction):
        return function.run(m, arguments, site)
    if isinstance(function, Layer):
        return layers.apply(m, function, arguments, site)
    if isinstance(function, Activation):
        return layers.apply_activation(m, function, arguments, site)
    if isinstance(function, (SequentialModel, FunctionalModel)):
        return models.apply(m, function, arguments, site)
    if isinstance(function, Instance):
        return objects.call_instance(m, function, arguments, site)
    if isinstance(function, ClassObject):
        return objects.instantiate(m, function, arguments, site)
    if isinstance(function, Partial):
        return m.call(function.function, _extended(function, arguments), site)
    if isinstance(function, Unknown):
        return functions.call_unknown(m, function, arguments, site)
    return _call_member(m, function, arguments, site) or unresolved(m, function, arguments, site)


def _call_member(m: Machine, member: Value, arguments: Arguments, site: Site) -> Value | None:
    """Call a member of an enumeration that defines `__call__`; return `None` for any other value."""
    own = enums.of_member(m, member, "__call__") if isinstance(member, (Const, Sequence)) else None
    return m.invoke(own, arguments.after(member), site, member) if isinstance(own, Function) else None


def _extended(partial: Partial, arguments: Arguments) -> Arguments:
    return replace(
        arguments,
        positional=[*partial.args, *arguments.positional],
        keywords={**partial.kwargs, **arguments.keywords},
        unknown=(*partial.unknown, *arguments.unknown),
    )


def _attribute(m: Machine, owner: Value, name: str, node: cst.BaseExpression | None = None) -> Value:
    if type(owner) is External and name != "__dict__":
        return attributes.read(m, owner, name)
    fallback = names.unresolved_layer(owner, last_name(node), name)
    if fallback is not None:
        return fallback
    if name == "__dict__" and (names_of := by_name.namespace(owner)) is not None:
        return names_of
    if isinstance(owner, (Instance, Layer)) and name in _SHAPES:
        return NativeFunction(name, _shape)
    if isinstance(owner, Instance):
        found = attributes.of_instance(m, owner, name)
        return found if found is not None else _inherited(m, owner, name)
    if isinstance(owner, (SequentialModel, FunctionalModel, Layer)):
        return models.attribute(m, owner, name)
    return attributes.read(m, owner, name)


def _shape(m: Machine, arguments: Arguments, site: Site) -> Value:
    return m.fresh("shape", scalar=True)


def _inherited(m: Machine, owner: Instance, name: str) -> Value:
    """An attribute that an object inherits from outside the analyzed code."""
    if base_kind(m, owner.cls) is not None:
        return models.native_attribute(m, owner, name)
    return attributes.of_own_bases(m, owner, name)


class Interpreter(Machine):
    """A machine whose operations are bound: functions that take a machine become its methods."""

    evaluate = expressions.evaluate
    assign = expressions.assign
    run = statements.run
    invoke = calls.invoke
    call = _call
    has_no_layers = inert.has_no_layers
    is_no_loss = left_out.is_no_loss
    attribute = _attribute
    member = imports.module_attribute
    imported = imports.imported
