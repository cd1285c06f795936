"""Classes of the analysed code: defining, instantiating and calling their objects."""

from __future__ import annotations

from collections.abc import Mapping

import libcst as cst

from orderlint import catalog
from orderlint.graph import Site
from orderlint.source.keras import layers, models
from orderlint.source.python import attributes, calls, expressions, names, operations, statements
from orderlint.source.state.arguments import Arguments
from orderlint.source.state.machine import Machine
from orderlint.source.state.values import (
    MISSING,
    NONE,
    TRUE,
    ClassObject,
    External,
    Function,
    Instance,
    Layer,
    Unknown,
    Value,
    alternatives,
)

__all__ = ["call_instance", "define", "instantiate", "listed_base"]

BUILT = "#built"
BASE = "#base"
APPLIED = "#applied"


def define(m: Machine, node: cst.ClassDef) -> ClassObject:
    """Run a class body and return the class."""
    bases = tuple(_one_base(expressions.evaluate(m, argument.value)) for argument in node.bases)
    cls = ClassObject(m.store.new_owner(), node, node.name.value, m.frame, m.frame.cell, bases)
    frame = m.child_frame()
    frame.is_class = True
    frame.uid = cls.uid  # the variables of the body are the attributes of the class
    defining, m.defining = m.defining, cls
    with m.within(frame):
        statements.run_block(m, node.body.body)
    m.defining = defining
    m.classes.append(cls)
    return cls


def _one_base(value: Value) -> Value:
    """A base class; of several spellings of one class of Keras (`keras.Model`, `tf.keras.Model`) the first."""
    options = [option for _, option in alternatives(value)]
    kinds = {names.keras_class(option) for option in options}
    return options[0] if len(kinds) == 1 and None not in kinds else value


def listed_base(m: Machine, cls: ClassObject) -> External | None:
    """The catalogued Keras layer a class inherits from, if it is one."""
    for base in attributes.mro(m, cls):
        if isinstance(base, External):
            entry = m.roles.find(base.name)
            if entry is not None and entry.kind is catalog.Kind.LAYER and entry.name not in ("Layer", "InputLayer"):
                return base
    return None


def instantiate(m: Machine, cls: ClassObject, arguments: Arguments, site: Site) -> Value:
    """An object of the class, its `__init__` run."""
    if not m.frame.background and not m.in_main:
        m.instantiated.update(base.node for base in attributes.mro(m, cls) if isinstance(base, ClassObject))
    given = m.roles.find(f"{cls.frame.scope.name}.{cls.name}") if m.roles.user else None
    if given is not None and given.user_roles:
        return layers.construct(m, given, arguments, site)
    made = Instance(m.store.new_owner(), cls, site)
    m.instances.append(made)
    if models.base_kind(m, cls) == "Sequential":
        m.store.write(made.uid, models.ITEMS, models.Sequence(()))
    init = attributes.class_attribute(m, cls, "__init__")
    if isinstance(init, Function):
        given_args = Arguments([made, *arguments.positional], arguments.keywords, arguments.unknown)
        calls.invoke(m, init, given_args, site, made)
    else:
        models.base_init(m, made, arguments, site)
        _dataclass_fields(m, made, arguments)
    return made


def _dataclass_fields(m: Machine, made: Instance, arguments: Arguments) -> None:
    """The fields of a dataclass or named tuple, from its arguments."""
    for number, name in enumerate(_annotated_names(made.cls.node)):
        value = arguments.get(number, name)
        if value is not None:
            m.store.write(made.uid, name, value)


def _annotated_names(node: cst.ClassDef) -> list[str]:
    found: list[str] = []
    for line in node.body.body:
        for statement in line.body if isinstance(line, cst.SimpleStatementLine) else ():
            if isinstance(statement, cst.AnnAssign) and isinstance(statement.target, cst.Name):
                found.append(statement.target.value)
    return found


def call_instance(m: Machine, instance: Instance, arguments: Arguments, site: Site) -> Value:
    """Apply an object: a model or layer of the analysed code, or anything with `__call__`."""
    m.store.write(instance.uid, APPLIED, TRUE)
    call = attributes.class_attribute(m, instance.cls, "call")
    if not isinstance(call, Function):
        call = attributes.class_attribute(m, instance.cls, "__call__")
    if isinstance(call, Function):
        _build(m, instance, site)
        given = Arguments([instance, *arguments.positional], _with_training(m, call, arguments), arguments.unknown)
        result = calls.invoke(m, call, given, site, instance)
        return _as_output(m, result, arguments, instance, site)
    return apply_base(m, instance, arguments, site)


def _with_training(m: Machine, call: Function, arguments: Arguments) -> Mapping[str, Value]:
    """The keywords, with the `training` flag that Keras passes to a `call` that takes it."""
    parameters = calls.parameter_names(call.node.params)
    if "training" not in parameters or "training" in arguments.keywords:
        return arguments.keywords
    if parameters.index("training") <= len(arguments.positional):
        return arguments.keywords
    return {**arguments.keywords, "training": Unknown(("training",), scalar=True)}


def _as_output(m: Machine, result: Value, arguments: Arguments, instance: Instance, site: Site) -> Value:
    """What `call` returned; where that is unknown though tensors went in, a boundary."""
    if operations.tensors(m, result) or result is MISSING or result == NONE:
        return result
    if isinstance(result, Unknown):
        return calls.unresolved(m, instance, arguments, site, instance.cls.name)
    return result


def apply_base(m: Machine, instance: Instance, arguments: Arguments, site: Site) -> Value:
    """Apply what a class inherits: a functional model, a `Sequential`, or a catalogued layer."""
    functional = m.read(instance.uid, models.FUNCTIONAL)
    if functional is not MISSING:
        return calls.call(m, functional, arguments, site)
    if models.base_kind(m, instance.cls) == "Sequential":
        return models.apply_layers(m, instance.uid, arguments, site)
    base = m.read(instance.uid, BASE)
    if base is not MISSING:
        return m.each(base, lambda one: _apply_named(m, one, instance, arguments, site))
    return calls.unresolved(m, instance, arguments, site, instance.cls.name)


def _apply_named(m: Machine, base: Value, instance: Instance, arguments: Arguments, site: Site) -> Value:
    return layers.apply(m, base, arguments, site) if isinstance(base, Layer) else NONE


def _build(m: Machine, instance: Instance, site: Site) -> None:
    """Run `build` before the first application, as Keras does."""
    if m.store.read(instance.uid, BUILT) is not MISSING:
        return
    m.store.write(instance.uid, BUILT, TRUE)
    build = attributes.class_attribute(m, instance.cls, "build")
    if isinstance(build, Function) and models.base_kind(m, instance.cls) is not None:
        shape = Unknown(("input shape", instance), scalar=True)
        calls.invoke(m, build, Arguments([instance, shape]), site, instance)
