"""The type of a value: `isinstance`, `type`, `callable`, `bool`."""

from __future__ import annotations

from orderlint.graph import Site
from orderlint.graph.guards import ALWAYS, NEVER
from orderlint.source.library.kinds import Modeled
from orderlint.source.python import containers, inheritance, truth
from orderlint.source.state.arguments import Arguments
from orderlint.source.state.frames import ClassObject, Function, Instance
from orderlint.source.state.machine import Machine
from orderlint.source.state.values import (
    NONE,
    Condition,
    Const,
    DictObject,
    External,
    FunctionalModel,
    Layer,
    ListObject,
    Sequence,
    SequentialModel,
    Tensor,
    Unknown,
    Value,
)

_TYPES: dict[str, tuple[type, ...]] = {
    "str": (str,),
    "int": (int,),
    "float": (float,),
    "bool": (bool,),
    "bytes": (bytes,),
    "basestring": (str,),
    "string_types": (str,),
    "text_type": (str,),
    "unicode": (str,),
    "integer_types": (int,),
    "long": (int,),
    "Number": (int, float, complex),
    "Real": (int, float),
    "Integral": (int,),
}


_CONTAINERS: dict[type[Value], frozenset[str]] = {
    Sequence: frozenset({"tuple", "Sequence", "Iterable"}),
    ListObject: frozenset({"list", "Sequence", "Iterable", "set"}),
    DictObject: frozenset({"dict", "Mapping", "MutableMapping"}),
}


_LAYER = frozenset({"Layer", "Module", "Callable"})
_MODEL = _LAYER | {"Model", "Functional", "Network"}
_CODE = {Function: frozenset({"FunctionType", "LambdaType"}), ClassObject: frozenset({"type"})}
_DATA = _MODEL.union(_TYPES, *_CONTAINERS.values()) - {"Callable"}
"""Types that no class and no function has."""


_KERAS_BASES: dict[str, frozenset[str]] = {
    "Sequential": _MODEL,
    **{f"SpatialDropout{rank}D": frozenset({"Dropout"}) for rank in (1, 2, 3)},
    **{f"{kind}Conv{rank}D": frozenset({f"Conv{rank}D"}) for kind in ("Quant", "Q") for rank in (1, 2, 3)},
}
"""The types of Keras layers, in addition to their own class and `Layer`."""


def _bool(m: Machine, arguments: Arguments, site: Site) -> Value:
    if not arguments.positional:
        return Const(False)
    guard = truth.of(m, arguments.positional[0])
    return Const(guard is ALWAYS) if guard in (ALWAYS, NEVER) else Condition(guard)


def _isinstance(m: Machine, arguments: Arguments, site: Site) -> Value:
    if len(arguments.positional) != 2:
        return m.fresh("isinstance", scalar=True)
    value, cls = arguments.positional
    return m.each(value, lambda one: _is_instance(m, one, cls))


def _is_instance(m: Machine, value: Value, cls: Value) -> Value:
    wanted = [element.value for element in containers.iterate(m, cls)] if isinstance(cls, Sequence) else [cls]
    last = {one.name.rpartition(".")[2] for one in wanted if isinstance(one, External)}
    if isinstance(value, Const):
        types = tuple(t for name in last for t in _TYPES.get(name, ()))
        return Const(isinstance(value.value, types))
    for kind, names_of in _CONTAINERS.items():
        if isinstance(value, kind):
            return Const(bool(names_of & last))
    if isinstance(value, Instance):
        return Const(_inherits(m, value.cls, wanted, last))
    if isinstance(value, (Layer, SequentialModel)):
        return Const(bool(_LAYER.union({value.name}, _KERAS_BASES.get(value.name, ())) & last))
    if isinstance(value, FunctionalModel):
        return Const(bool(_MODEL & last))
    if isinstance(value, Unknown):
        types = tuple(t for name in last for t in _TYPES.get(name, ()))
        known = types and len(types) >= len(wanted)
        key = ("isinstance", frozenset(last))
        return Condition(
            m.conditions.predicate(value, key, lambda v: isinstance(v, types) if known or v is None else False)
        )
    if isinstance(value, Tensor):
        return Const(bool(last & {"Tensor", "KerasTensor", "EagerTensor"}))
    if "Callable" in last:
        return _is_callable(m, value)
    if isinstance(value, External) and not last <= _DATA:  # a class, a function or another object of a library
        if "type" in last and value.name.rpartition(".")[2][:1].isupper():
            return Const(True)
        return m.unknown(("isinstance", value, frozenset(last)), scalar=True)
    return Const(bool(last & _CODE.get(type(value), frozenset())))


def _inherits(m: Machine, cls: ClassObject, wanted: list[Value], last: set[str]) -> bool:
    order = inheritance.mro(m, cls)
    if any(base in wanted for base in order):
        return True
    return any(isinstance(base, External) and base.name.rpartition(".")[2] in last for base in order)


def _callable(m: Machine, arguments: Arguments, site: Site) -> Value:
    return m.each(arguments.positional[0], lambda value: _is_callable(m, value)) if arguments.positional else NONE


def _is_callable(m: Machine, value: Value) -> Value:
    if isinstance(value, Unknown):
        return Condition(m.conditions.predicate(value, "callable", callable))
    return Const(not isinstance(value, (Const, Sequence, ListObject, DictObject, Tensor)))


def _type(m: Machine, arguments: Arguments, site: Site) -> Value:
    value = arguments.get(0, "object")
    if value is None or len(arguments.every()) > 1:
        return m.fresh("type")
    return m.each(value, lambda one: class_of(m, one))


def class_of(m: Machine, value: Value) -> Value:
    """The class of a value. For a layer, it is only known if the catalog lists it."""
    if isinstance(value, Layer) and value.name == value.entry.name and not value.entry.members:
        return External(f"keras.layers.{value.name}")
    if isinstance(value, Instance):
        return value.cls
    if isinstance(value, Const):
        return External(f"builtins.{type(value.value).__name__}")
    for kind, name in ((Sequence, "tuple"), (ListObject, "list"), (DictObject, "dict"), (Function, "function")):
        if isinstance(value, kind):
            return External(f"builtins.{name}")
    return m.unknown(("type", value))


FUNCTIONS: dict[str, Modeled] = {
    "builtins.bool": _bool,
    "builtins.isinstance": _isinstance,
    "builtins.callable": _callable,
    "builtins.type": _type,
}
