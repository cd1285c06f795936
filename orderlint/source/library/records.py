"""Objects with named values: named tuples, namespaces, dictionaries with attributes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from orderlint.catalog.customary import NAMESPACES
from orderlint.graph import Site
from orderlint.source.library.kinds import Modeled
from orderlint.source.python import attributes, containers, dictionaries, inheritance
from orderlint.source.python.containers import iterate
from orderlint.source.state.arguments import Arguments
from orderlint.source.state.frames import Instance
from orderlint.source.state.machine import Machine
from orderlint.source.state.records import Record, RecordClass
from orderlint.source.state.values import (
    MISSING,
    Const,
    DictObject,
    Element,
    ListObject,
    Sequence,
    Value,
)

OWNER = Record


def _namedtuple(m: Machine, arguments: Arguments, site: Site) -> Value | None:
    """`namedtuple("Point", ["x", "y"], defaults=[0])`, `NamedTuple("Point", [("x", int)])`."""
    names = _field_names(m, arguments.get(1, "field_names") or arguments.keywords.get("fields"))
    if names is None:
        return None
    defaults = arguments.keywords.get("defaults")
    values = [element.value for element in iterate(m, defaults)] if defaults is not None else []
    title = arguments.get(0, "typename")
    return record_class(
        str(title.value) if isinstance(title, Const) else "record",
        names,
        dict(zip(names[len(names) - len(values) :], values, strict=False)),
    )


def _field_names(m: Machine, given: Value | None) -> tuple[str, ...] | None:
    if isinstance(given, Const) and isinstance(given.value, str):
        return tuple(given.value.replace(",", " ").split())
    if not isinstance(given, (Sequence, ListObject)):
        return None
    names = []
    for element in iterate(m, given):
        name = element.value
        if isinstance(name, (Sequence, ListObject)):  # a pair of name and type
            name = containers.item(m, name, Const(0))
        if not isinstance(name, Const) or not isinstance(name.value, str):
            return None
        names.append(name.value)
    return tuple(names)


def record_class(name: str, names: tuple[str, ...], defaults: Mapping[str, Value]) -> RecordClass:
    """The class of named tuples with these fields."""
    return RecordClass(name, partial(_make, names, defaults), names, defaults)


def _make(
    names: tuple[str, ...], defaults: Mapping[str, Value], m: Machine, arguments: Arguments, site: Site
) -> Record:
    values = []
    for number, name in enumerate(names):
        value = arguments.get(number, name)
        values.append(value if value is not None else defaults.get(name) or m.fresh("field"))
    return Record(tuple(map(Element, values)), names)


def _replace(m: Machine, owner: Record, arguments: Arguments) -> Value | None:
    elements = [
        Element(arguments.keywords.get(name, element.value))
        for name, element in zip(owner.names, owner.elements, strict=True)
    ]
    return Record(tuple(elements), owner.names)


def _as_dict(m: Machine, owner: Record, arguments: Arguments) -> Value | None:
    return _dictionary(m, {name: element.value for name, element in zip(owner.names, owner.elements, strict=True)})


def _dictionary(m: Machine, values: Mapping[str, Value]) -> DictObject:
    made = dictionaries.new_dict(m)
    for name, value in values.items():
        dictionaries.set_entry(m, made, Const(name), value)
    return made


# -- namespaces -------------------------------------------------------------------------------------------------


def _namespace(m: Machine, arguments: Arguments, site: Site) -> Value:
    """An object whose attributes come from keyword arguments or a dictionary."""
    made = m.fresh("namespace")
    values = dict(arguments.keywords)
    for given in arguments.positional:
        if isinstance(given, DictObject):
            values = {**_entries(m, given), **values}
    for name, value in values.items():
        attributes.write(m, made, name, value)
    return made


def _entries(m: Machine, given: DictObject) -> dict[str, Value]:
    """The entries of a dictionary whose keys are names."""
    entries = {}
    for key in dictionaries.keys(m, given):
        value = m.read(given.uid, key.value)
        if isinstance(key.value, Const) and isinstance(key.value.value, str) and value is not MISSING:
            entries[key.value.value] = value
    return entries


# -- dataclasses ------------------------------------------------------------------------------------------------


def _field(m: Machine, arguments: Arguments, site: Site) -> Value | None:
    """`dataclasses.field(...)`: its default value."""
    if "default" in arguments.keywords:
        return arguments.keywords["default"]
    factory = arguments.keywords.get("default_factory") or arguments.keywords.get("factory")
    return m.call(factory, Arguments([]), site) if factory is not None else None


def _dataclass_dict(m: Machine, arguments: Arguments, site: Site) -> Value | None:
    """`dataclasses.asdict(instance)`."""
    instance = arguments.get(0, "obj") or arguments.get(0, "inst")
    if not isinstance(instance, Instance):
        return None
    names = inheritance.field_names(m, instance.cls)
    return _dictionary(m, {name: m.attribute(instance, name) for name in names}) if names else None


def _dataclass_replace(m: Machine, arguments: Arguments, site: Site) -> Value | None:
    """`dataclasses.replace(instance, **changes)`."""
    instance = arguments.get(0, "obj") or arguments.get(0, "inst")
    if not isinstance(instance, Instance):
        return None
    names = inheritance.field_names(m, instance.cls)
    if inheritance.class_attribute(m, instance.cls, "__init__") is MISSING:  # the other fields keep their defaults
        kept = [name for name in names if m.read(instance.uid, name) is not MISSING or name in arguments.keywords]
    else:
        kept = names
    values = {name: arguments.keywords.get(name) or m.attribute(instance, name) for name in kept}
    return m.call(instance.cls, Arguments([], values, arguments.unknown), site) if names else None


FUNCTIONS: dict[str, Modeled] = {
    "collections.namedtuple": _namedtuple,
    "typing.NamedTuple": _namedtuple,
    "attr.asdict": _dataclass_dict,
    "attr.evolve": _dataclass_replace,
    "attr.ib": _field,
    "attr.field": _field,
    "attrs.asdict": _dataclass_dict,
    "attrs.evolve": _dataclass_replace,
    "attrs.field": _field,
    "dataclasses.asdict": _dataclass_dict,
    "dataclasses.field": _field,
    "dataclasses.replace": _dataclass_replace,
    **dict.fromkeys(NAMESPACES, _namespace),
}
METHODS: dict[str, Callable[[Machine, Record, Arguments], Value | None]] = {
    "_replace": _replace,
    "_asdict": _as_dict,
}
