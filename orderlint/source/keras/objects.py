"""Creates and calls objects of classes of the analyzed code, as Keras does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from orderlint.graph import Site
from orderlint.source.keras import layers, models
from orderlint.source.keras.bases import base_kind
from orderlint.source.python import argument_layers, classes, enums, inheritance, operations
from orderlint.source.python.syntax import parameter_names
from orderlint.source.state.arguments import Arguments
from orderlint.source.state.frames import ClassObject, Function, Instance
from orderlint.source.state.machine import Machine
from orderlint.source.state.values import (
    MISSING,
    NONE,
    TRUE,
    Layer,
    Tensor,
    Unknown,
    Value,
    alternatives,
)

__all__ = ["APPLIED", "apply_base", "call_instance", "instantiate"]

BUILT = "#built"
APPLIED = "#applied"


def instantiate(m: Machine, cls: ClassObject, arguments: Arguments, site: Site) -> Value:
    """Create an object of a class and run its `__init__`; for an enumeration, return the member with a value."""
    if not m.frame.background and not m.in_main:
        m.instantiated.update(base.node for base in inheritance.mro(m, cls) if isinstance(base, ClassObject))
    member = enums.member(m, cls, arguments)
    if member is not None:
        return member
    given = m.roles.find(f"{cls.frame.scope.name}.{cls.name}") if m.roles.user else None
    if given is not None and given.user_roles:
        return layers.construct(m, given, arguments, site)
    made = Instance(m.store.new_owner(), cls, site)
    m.instances.append(made)
    if m.judged is not cls.frame.scope and next(argument_layers.layers_of(m, arguments), None) is not None:
        m.given_layers.add(made.uid)
    if base_kind(m, cls) == "Sequential":
        m.store.write(made.uid, models.ITEMS, models.Sequence(()))
    init = inheritance.class_attribute(m, cls, "__init__")
    if isinstance(init, Function):
        given_args = replace(arguments.after(made), nodes=())
        m.invoke(init, given_args, site, made)
    else:
        models.base_init(m, made, arguments, site)
        classes.dataclass_fields(m, made, arguments, site)
    return made


def call_instance(m: Machine, instance: Instance, arguments: Arguments, site: Site) -> Value:
    """Apply an object: a model or layer of the analyzed code, or anything with `__call__`."""
    m.store.write(instance.uid, APPLIED, TRUE)
    if any(operations.tensors(m, value) for value in arguments.every()):
        m.doubt([instance])
    call = inheritance.class_attribute(m, instance.cls, "call")
    if not isinstance(call, Function):
        call = inheritance.class_attribute(m, instance.cls, "__call__")
    if isinstance(call, Function):
        _build(m, instance, arguments, site)
        given = replace(
            arguments,
            positional=[instance, *arguments.positional],
            keywords=_with_training(m, call, arguments),
            nodes=(),
        )
        before = m.recorder.size
        result = m.invoke(call, given, site, instance)
        m.nested.append((before, m.recorder.size))
        if _is_transparent(m, instance, arguments, result, before):
            m.recorder.move(range(before, m.recorder.size), site, site in m.iterated)
        return _as_output(m, result, arguments, instance, site)
    return apply_base(m, instance, arguments, site)


def _is_transparent(m: Machine, instance: Instance, arguments: Arguments, result: Value, before: int) -> bool:
    """Whether a `call` only passed its input to the catalog layer that its class inherits from or wraps.

    Then the object is that layer, applied where the object is called: Monte Carlo dropout, a frozen normalization.
    """
    own = [m.read(instance.uid, key) for key in (models.BASE, models.WRAPPED)]
    uids = {option.uid for value in own for _, option in alternatives(value) if isinstance(option, Layer)}
    made = m.recorder.calls[before:]
    if not uids or not made or any(call.layer_id not in uids for call in made):
        return False
    given = arguments.get(0, "inputs")
    came = {node for _, node in operations.tensors(m, given)} if given is not None else set()
    if any(m.recorder.sources(call.id) != came for call in made):
        return False
    ends = [option for _, option in alternatives(result)]
    return {end.node for end in ends if isinstance(end, Tensor)} == {call.id for call in made} and len(ends) == len(
        made
    )


def _with_training(m: Machine, call: Function, arguments: Arguments) -> Mapping[str, Value]:
    """The keyword arguments, with the `training` flag that Keras passes to a `call` with that parameter."""
    parameters = parameter_names(call.node.params)
    if "training" not in parameters or "training" in arguments.keywords:
        return arguments.keywords
    if parameters.index("training") <= len(arguments.positional):
        return arguments.keywords
    return {**arguments.keywords, "training": m.unknown(("training",), scalar=True)}


def _as_output(m: Machine, result: Value, arguments: Arguments, instance: Instance, site: Site) -> Value:
    """The result of `call`. If it is unknown although tensors were passed, it is a boundary."""
    if operations.tensors(m, result) or result is MISSING or result == NONE:
        return result
    if isinstance(result, Unknown) and not any(result is one for one in arguments.positional):
        return operations.unresolved(m, instance, arguments, site, instance.cls.name)
    return result


def apply_base(m: Machine, instance: Instance, arguments: Arguments, site: Site) -> Value:
    """Apply what a class inherits from: a functional model, a `Sequential`, or a layer of the catalog."""
    functional = m.read(instance.uid, models.FUNCTIONAL)
    if functional is not MISSING:
        return m.call(functional, arguments, site)
    if base_kind(m, instance.cls) == "Sequential":
        return models.apply_layers(m, instance.uid, arguments, site)
    base = m.read(instance.uid, models.BASE)
    if base is not MISSING:
        return m.each(base, lambda one: _apply_named(m, one, arguments, site))
    return operations.unresolved(m, instance, arguments, site, instance.cls.name)


def _apply_named(m: Machine, base: Value, arguments: Arguments, site: Site) -> Value:
    return layers.apply(m, base, arguments, site) if isinstance(base, Layer) else NONE


def _build(m: Machine, instance: Instance, arguments: Arguments, site: Site) -> None:
    """Run `build` before the first call, as Keras does.

    It gets the shape of the input of the object, and this shape is marked as such. So checks of the shape that raise an
    error are not kept as conditions, just like tests of a tensor's own shape.
    """
    if m.store.read(instance.uid, BUILT) is not MISSING:
        return
    m.store.write(instance.uid, BUILT, TRUE)
    build = inheritance.class_attribute(m, instance.cls, "build")
    if isinstance(build, Function) and base_kind(m, instance.cls) is not None:
        inputs = tuple(Tensor(node) for value in arguments.positional for _, node in operations.tensors(m, value))
        shape = m.unknown(("input shape", instance, inputs), scalar=True)
        m.invoke(build, Arguments([instance, shape]), site, instance)
