"""Attributes: of objects, classes, modules, models and tensors."""

from __future__ import annotations

from functools import lru_cache, partial

from orderlint.graph import Site
from orderlint.graph.guards import NEVER
from orderlint.source.python import calls, containers, enums, imports, inheritance
from orderlint.source.python.defaults import CHANGEABLE, changeable, set_defaults
from orderlint.source.state.arguments import Arguments
from orderlint.source.state.frames import ClassObject, Function, Instance, Method, Super
from orderlint.source.state.machine import Machine
from orderlint.source.state.records import Record, RecordClass
from orderlint.source.state.values import (
    MISSING,
    NONE,
    Const,
    External,
    Layer,
    ModuleValue,
    NativeFunction,
    NativeMethod,
    Tensor,
    Unknown,
    Value,
    sequence,
    when_missing,
)

__all__ = ["delete", "of_instance", "of_own_bases", "read", "write"]

# Attributes of a tensor that do not compute with it.
_TENSOR_FACTS = frozenset({"shape", "dtype", "name", "ndim", "rank", "_keras_shape", "_keras_history"})

# Methods that an object has if its unknown base is a model. They are called, and not read.
_OF_MODELS = frozenset(
    (
        "__call__",
        "__setattr__",
        "add",
        "add_variable",
        "add_weight",
        "call",
        "from_config",
        "get_layer",
        "get_output_at",
        "pop",
    )
)


def read(m: Machine, owner: Value, name: str) -> Value:
    """`owner.name`, unless the owner is an object of the analyzed code, or part of Keras other than a tensor."""
    of_enum = enums.of_member(m, owner, name)
    if of_enum is not None:
        return _bound(m, owner, of_enum)
    if name in CHANGEABLE and isinstance(owner, Function):
        return changeable(m, owner, name)
    if name == "__name__" and isinstance(owner, (ClassObject, Function)):
        return Const(owner.name)
    if name == "__name__" and isinstance(owner, External) and m.roles.find(owner.name) is not None:
        return Const(owner.name.rpartition(".")[2])
    if isinstance(owner, External):
        return _external(owner.name, name)
    if isinstance(owner, ModuleValue):
        found = imports.module_attribute(m, owner, name)
        return found if found is not MISSING else _external(owner.name, name)
    if isinstance(owner, Unknown):
        return _unknown_attribute(m, owner, name)
    if isinstance(owner, ClassObject):
        return _class_member(m, owner, name)
    if isinstance(owner, Super):
        return _super_attribute(m, owner, name)
    if isinstance(owner, Record):
        return owner.get(name) or NativeMethod(owner, name)
    if isinstance(owner, RecordClass):
        return _record_class_attribute(owner, name)
    if isinstance(owner, Tensor):
        return (
            m.unknown(("attribute", owner, name), scalar=True) if name in _TENSOR_FACTS else NativeMethod(owner, name)
        )
    return NativeMethod(owner, name)


@lru_cache(maxsize=4096)
def _external(owner: str, name: str) -> External:
    return External(f"{owner}.{name}")


def _unknown_attribute(m: Machine, owner: Unknown, name: str) -> Value:
    written = m.read(m.owner_of(owner), name)
    if written is not MISSING:
        return written
    if name == "add":  # the owner may be a model that the analysis does not see
        return NativeMethod(owner, name)
    return m.unknown(("attribute", owner, name), scalar=name in ("shape", "dtype"))


def of_instance(m: Machine, owner: Instance, name: str) -> Value | None:
    """An attribute that an object has from analyzed code; `None` if it has none."""
    value = m.read(owner.uid, name)
    missing = when_missing(m.store.read(owner.uid, name)) & m.path if value is not MISSING else m.path
    if missing is NEVER:
        return value
    of_class = inheritance.class_attribute(m, owner.cls, name)
    if of_class is not MISSING:
        of_class = m.each(of_class, lambda one: _bound(m, owner, one))
        return of_class if value is MISSING else m.choose([(missing, of_class), (~missing, value)])
    if value is not MISSING:
        return value
    return owner.cls if name == "__class__" else None


def of_own_bases(m: Machine, owner: Instance, name: str) -> Value:
    """An attribute that the analyzed code defines neither for the object nor for its classes. It may be anything."""
    no_getter = inheritance.class_attribute(m, owner.cls, "__getattr__") is MISSING
    if name not in _OF_MODELS or (no_getter and inheritance.has_only_own_bases(m, owner.cls)):
        return m.unknown(("attribute", owner, name))
    return NativeMethod(owner, name)


def _bound(m: Machine, receiver: Value, member: Value) -> Value:
    if not isinstance(member, Function) or member.wrapper == "staticmethod":
        return member
    if member.owner is None:
        return member  # functions are rarely assigned to class attributes to be methods, and a lambda there is not one
    if member.wrapper == "property":
        return calls.invoke(m, member, Arguments([receiver]), m.site(member.node))
    cls = receiver.cls if isinstance(receiver, Instance) else member.owner
    return Method(cls if member.wrapper == "classmethod" else receiver, member)


def _class_member(m: Machine, cls: ClassObject, name: str) -> Value:
    member = inheritance.class_attribute(m, cls, name)
    if isinstance(member, Function) and member.wrapper == "classmethod":
        return Method(cls, member)
    if member is not MISSING:
        return member
    for base in inheritance.mro(m, cls):
        if isinstance(base, External):
            return External(f"{base.name}.{name}")
    return m.unknown(("attribute", cls, name))


def _record_class_attribute(owner: RecordClass, name: str) -> Value:
    if name == "_fields":
        return sequence(*map(Const, owner.names))
    if name == "_make":
        return NativeFunction(name, partial(_made_of_iterable, owner))
    return NativeMethod(owner, name)


def _made_of_iterable(cls: RecordClass, m: Machine, arguments: Arguments, site: Site) -> Value:
    values = [element.value for element in containers.iterate(m, arguments.positional[0])]
    return m.call(cls, Arguments(values), site)


def _super_attribute(m: Machine, owner: Super, name: str) -> Value:
    receiver = owner.receiver
    cls = receiver.cls if isinstance(receiver, Instance) else receiver
    if isinstance(cls, ClassObject):
        order = inheritance.mro(m, cls)
        start = order.index(owner.owner) + 1 if owner.owner in order else 1
        for base in order[start:]:
            member = m.read(base.uid, name) if isinstance(base, ClassObject) else MISSING
            if isinstance(member, Function):
                return Method(receiver, member) if member.wrapper != "staticmethod" else member
            if member is not MISSING:
                return member
    return NativeMethod(owner, name)


# -- writing ----------------------------------------------------------------------------------------------------


def write(m: Machine, owner: Value, name: str, value: Value) -> None:
    """`owner.name = value`."""
    if isinstance(owner, (Instance, ClassObject)):
        if isinstance(owner, Instance) and _set_property(m, owner, name, value):
            return
        m.store.write(owner.uid, name, value)
    elif isinstance(owner, Layer):
        m.store.write(owner.uid, name, value)
    elif isinstance(owner, Function) and name in CHANGEABLE:
        set_defaults(m, owner, name, value)
    elif isinstance(owner, Unknown):
        m.store.write(m.owner_of(owner), name, value)


def delete(m: Machine, owner: Value, name: str) -> None:
    """`del owner.name`. Later reads return the attribute of the class, if there is one."""
    if isinstance(owner, (Instance, ClassObject, Layer)):
        m.store.write(owner.uid, name, MISSING)
    elif isinstance(owner, Unknown):
        m.store.write(m.owner_of(owner), name, MISSING)


def _set_property(m: Machine, owner: Instance, name: str, value: Value) -> bool:
    """Whether `None` is assigned to a property. Other values are stored under the name of the property."""
    if value is not NONE:
        return False
    member = inheritance.class_attribute(m, owner.cls, name)
    return isinstance(member, Function) and member.wrapper == "property"
