"""Attributes: of objects, classes, modules, models and tensors."""

from __future__ import annotations

import libcst as cst

from orderlint.source.keras import models
from orderlint.source.python import calls, imports, names
from orderlint.source.state.arguments import Arguments
from orderlint.source.state.machine import Machine
from orderlint.source.state.values import (
    MISSING,
    NONE,
    ClassObject,
    Const,
    External,
    Function,
    FunctionalModel,
    Instance,
    Layer,
    Method,
    ModuleValue,
    NativeMethod,
    SequentialModel,
    Super,
    Tensor,
    Unknown,
    Value,
)

__all__ = ["class_attribute", "module_attribute", "mro", "read", "write"]

OUTPUT = "#output"
# Attributes of a tensor that are read and do not compute with it.
_TENSOR_FACTS = frozenset({"shape", "dtype", "name", "ndim", "rank", "get_shape", "_keras_shape", "_keras_history"})


def read(m: Machine, owner: Value, name: str, node: cst.BaseExpression | None = None) -> Value:
    """`owner.name`. `node` is the expression of the owner, for the fallback of unresolved `layers.X`."""
    fallback = names.unresolved_layer(owner, _last_name(node), name)
    if fallback is not None:
        return fallback
    if isinstance(owner, External):
        return External(f"{owner.name}.{name}")
    if isinstance(owner, Instance):
        return _instance_attribute(m, owner, name)
    if isinstance(owner, ModuleValue):
        found = module_attribute(m, owner, name)
        return found if found is not MISSING else External(f"{owner.name}.{name}")
    if isinstance(owner, Unknown):
        return _unknown_attribute(m, owner, name)
    if isinstance(owner, ClassObject):
        return _class_member(m, owner, name)
    if isinstance(owner, Super):
        return _super_attribute(m, owner, name)
    if isinstance(owner, Tensor):
        return Unknown(("attribute", owner, name), scalar=True) if name in _TENSOR_FACTS else NativeMethod(owner, name)
    if isinstance(owner, (SequentialModel, FunctionalModel, Layer)):
        return _model_attribute(m, owner, name)
    return NativeMethod(owner, name)


def _last_name(node: cst.BaseExpression | None) -> str | None:
    if isinstance(node, cst.Name):
        return node.value
    return node.attr.value if isinstance(node, cst.Attribute) else None


def _unknown_attribute(m: Machine, owner: Unknown, name: str) -> Value:
    written = m.read(m.owner_of(owner), name)
    if written is not MISSING:
        return written
    if name == "add":  # of a model that is not in view, perhaps
        return NativeMethod(owner, name)
    return Unknown(("attribute", owner, name), scalar=name in ("shape", "dtype"))


def _instance_attribute(m: Machine, owner: Instance, name: str) -> Value:
    value = m.read(owner.uid, name)
    if value is not MISSING:
        return value
    value = class_attribute(m, owner.cls, name)
    if value is not MISSING:
        return m.each(value, lambda one: _bound(m, owner, one))
    if name == "__class__":
        return owner.cls
    if models.base_kind(m, owner.cls) is not None:
        return models.native_attribute(m, owner, name)
    if class_attribute(m, owner.cls, "__getattr__") is MISSING and _has_only_own_bases(m, owner.cls):
        return Unknown(("attribute", owner, name))
    return NativeMethod(owner, name)


def _has_only_own_bases(m: Machine, cls: ClassObject) -> bool:
    return all(isinstance(base, ClassObject) or base == External("builtins.object") for base in mro(m, cls))


def _bound(m: Machine, receiver: Instance, member: Value) -> Value:
    if not isinstance(member, Function) or member.wrapper == "staticmethod":
        return member
    if member.owner is None:
        return member  # a function kept in a class attribute by assignment is rare; a lambda there is one
    if member.wrapper == "property":
        return calls.invoke(m, member, Arguments([receiver]), m.site(member.node))
    return Method(receiver.cls if member.wrapper == "classmethod" else receiver, member)


def _class_member(m: Machine, cls: ClassObject, name: str) -> Value:
    member = class_attribute(m, cls, name)
    if isinstance(member, Function) and member.wrapper == "classmethod":
        return Method(cls, member)
    if member is not MISSING:
        return member
    for base in mro(m, cls):
        if isinstance(base, External):
            return External(f"{base.name}.{name}")
    return Unknown(("attribute", cls, name))


def _super_attribute(m: Machine, owner: Super, name: str) -> Value:
    receiver = owner.receiver
    cls = receiver.cls if isinstance(receiver, Instance) else receiver
    if isinstance(cls, ClassObject):
        order = mro(m, cls)
        start = order.index(owner.owner) + 1 if owner.owner in order else 1
        for base in order[start:]:
            member = m.read(base.uid, name) if isinstance(base, ClassObject) else MISSING
            if isinstance(member, Function):
                return Method(receiver, member) if member.wrapper != "staticmethod" else member
            if member is not MISSING:
                return member
    return NativeMethod(owner, name)


def class_attribute(m: Machine, cls: ClassObject, name: str) -> Value:
    """An attribute of a class or of its bases in the analysed code; `MISSING` if there is none."""
    for base in mro(m, cls):
        if isinstance(base, ClassObject):
            value = m.read(base.uid, name)
            if value is not MISSING:
                return value
    return MISSING


def mro(m: Machine, cls: ClassObject) -> list[Value]:
    """The class and its bases, each before its own bases: depth first, a base shared by two at its last place."""
    order: list[Value] = []

    def visit(one: Value, depth: int) -> None:
        order.append(one)
        if isinstance(one, ClassObject) and depth < 20:
            for base in one.bases:
                visit(base, depth + 1)

    visit(cls, 0)
    last = {base: i for i, base in enumerate(order)}
    return [base for i, base in enumerate(order) if last[base] == i]


def module_attribute(m: Machine, module: ModuleValue, name: str) -> Value:
    """A name of a project module: bound in it, or one of its submodules; `MISSING` if neither."""
    dotted = External(f"{module.name}.{name}")
    if m.roles.find(dotted.name) is not None or (names.keras_class(dotted) and names.is_keras(module.name)):
        return dotted
    scope = imports.load(m, module)
    if scope is not None:
        with m.within(scope.frame):
            value = names.own(m, name)
        if value is not MISSING:
            return value
    return imports.submodule(m, module, name)


def _model_attribute(m: Machine, owner: SequentialModel | FunctionalModel | Layer, name: str) -> Value:
    if name in ("output", "outputs"):
        return models.output(m, owner)
    if name in ("input", "inputs"):
        return models.input_of(m, owner)
    if name == "layers" and isinstance(owner, SequentialModel):
        return models.Sequence(m.elements(owner.uid))
    return NativeMethod(owner, name)


# -- writing ----------------------------------------------------------------------------------------------------


def write(m: Machine, owner: Value, name: str, value: Value) -> None:
    """`owner.name = value`."""
    if isinstance(owner, (Instance, ClassObject)):
        if isinstance(owner, Instance) and _set_property(m, owner, name, value):
            return
        m.store.write(owner.uid, name, value)
    elif isinstance(owner, Unknown):
        m.store.write(m.owner_of(owner), name, value)


def _set_property(m: Machine, owner: Instance, name: str, value: Value) -> bool:
    """A property of the class with a setter: the value is kept under the property's name all the same."""
    member = class_attribute(m, owner.cls, name)
    return isinstance(member, Function) and member.wrapper == "property" and value is NONE


def is_constant(value: Value, wanted: object) -> bool:
    """Whether a value is exactly a constant."""
    return isinstance(value, Const) and value.value is wanted
