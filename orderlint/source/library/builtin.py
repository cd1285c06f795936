"""Python's own functions and methods on abstract values, as far as model-building code uses them."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import libcst as cst

from orderlint.graph import Site
from orderlint.graph.guards import ALWAYS, NEVER
from orderlint.source.library import methods, sequences
from orderlint.source.python import attributes, containers, imports, inheritance, operations, truth
from orderlint.source.state.arguments import Arguments
from orderlint.source.state.frames import ClassObject, Function, Instance
from orderlint.source.state.machine import Machine
from orderlint.source.state.values import (
    MISSING,
    NONE,
    Condition,
    Const,
    DictObject,
    External,
    Layer,
    ListObject,
    ModuleValue,
    Partial,
    Sequence,
    SequentialModel,
    Tensor,
    Unknown,
    Value,
    sequence,
)

__all__ = ["call", "call_method", "set_attribute"]

_Native = Callable[[Machine, Arguments, Site], Value]

# Functions that are computed when every argument is a known scalar, and give a scalar in any case.
_COMPUTED: dict[str, Callable[..., Any]] = {
    "builtins.int": int,
    "builtins.float": float,
    "builtins.str": str,
    "builtins.abs": abs,
    "builtins.round": round,
    "builtins.min": min,
    "builtins.max": max,
    "builtins.divmod": divmod,
    "builtins.ord": ord,
    "builtins.chr": chr,
    "builtins.repr": repr,
    **{f"math.{name}": getattr(math, name) for name in ("ceil", "floor", "sqrt", "log", "log2", "exp", "fabs")},
    "numpy.ceil": math.ceil,
    "numpy.floor": math.floor,
    "numpy.sqrt": math.sqrt,
    "numpy.round": round,
}


def call(m: Machine, name: str, arguments: Arguments, site: Site) -> Value | None:
    """Call a function of Python or its standard library; `None` if it is not modelled."""
    if name in _COMPUTED:
        return _computed(m, name, arguments)
    run = _FUNCTIONS.get(name) or sequences.FUNCTIONS.get(name)
    return run(m, arguments, site) if run is not None else None


def _computed(m: Machine, name: str, arguments: Arguments) -> Value | None:
    values = arguments.positional
    if len(values) == 1 and name in ("builtins.min", "builtins.max") and not isinstance(values[0], Const):
        values = [element.value for element in containers.iterate(m, values[0])]
    if any(operations.tensors(m, value) for value in values):
        return None
    if len(values) == 1 and not isinstance(values[0], Const):
        return m.each(values[0], lambda value: _compute(m, name, [value]))
    return _compute(m, name, values)


def _compute(m: Machine, name: str, values: list[Value]) -> Value:
    constants = [value.value for value in values if isinstance(value, Const)]
    if len(constants) == len(values):
        try:
            result = _COMPUTED[name](*constants)
        except (ArithmeticError, TypeError, ValueError):
            return m.fresh("computed", scalar=True)
        return sequence(*map(Const, result)) if isinstance(result, tuple) else Const(result)
    return m.unknown(("computed", name, tuple(values)), scalar=True)


# -- functions --------------------------------------------------------------------------------------------------


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


_TYPES: dict[str, tuple[type, ...]] = {
    "str": (str,),
    "int": (int,),
    "float": (float,),
    "bool": (bool,),
    "bytes": (bytes,),
}
_CONTAINERS: dict[type[Value], frozenset[str]] = {
    Sequence: frozenset({"tuple", "Sequence", "Iterable"}),
    ListObject: frozenset({"list", "Sequence", "Iterable", "set"}),
    DictObject: frozenset({"dict", "Mapping", "MutableMapping"}),
}


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
        return Const(bool({value.name, "Layer"} & last))
    if isinstance(value, Unknown):
        types = tuple(t for name in last for t in _TYPES.get(name, ()))
        known = types and len(types) >= len(wanted)
        key = ("isinstance", frozenset(last))
        return Condition(
            m.conditions.predicate(value, key, lambda v: isinstance(v, types) if known or v is None else False)
        )
    if isinstance(value, Tensor):
        return Const(bool(last & {"Tensor", "KerasTensor", "EagerTensor"}))
    return Const(False)


def _inherits(m: Machine, cls: ClassObject, wanted: list[Value], last: set[str]) -> bool:
    order = inheritance.mro(m, cls)
    if any(base in wanted for base in order):
        return True
    return any(isinstance(base, External) and base.name.rpartition(".")[2] in last for base in order)


def _getattr(m: Machine, arguments: Arguments, site: Site) -> Value:
    owner, name = arguments.get(0, "object"), arguments.get(1, "name")
    if owner is None or name is None:
        return m.fresh("getattr")
    return m.each(owner, lambda one: m.each(containers.settled(m, name), lambda which: _get(m, one, which, arguments)))


def _get(m: Machine, owner: Value, name: Value, arguments: Arguments) -> Value:
    if isinstance(name, Const) and isinstance(name.value, str):
        found = m.attribute(owner, name.value)
        given = arguments.get(2, "default")
        missing = isinstance(owner, Instance) and isinstance(found, Unknown)
        return given if missing and given is not None else found
    if isinstance(owner, Instance):
        return m.attribute_by(owner, name)
    return m.unknown(("attribute", owner, name))


def set_attribute(m: Machine, values: list[Value]) -> Value:
    """`setattr(owner, name, value)`."""
    if len(values) == 3:
        owner, name, value = values
        if isinstance(name, Const) and isinstance(name.value, str):
            attributes.write(m, owner, name.value, value)
        elif isinstance(owner, Instance):
            m.store.write(owner.uid, ("by name", name), value)
    return NONE


def _setattr(m: Machine, arguments: Arguments, site: Site) -> Value:
    return set_attribute(m, arguments.positional)


def _hasattr(m: Machine, arguments: Arguments, site: Site) -> Value:
    if len(arguments.positional) == 2:
        owner, name = arguments.positional
        if isinstance(owner, Instance) and isinstance(name, Const) and isinstance(name.value, str):
            found = m.attribute(owner, name.value)
            if not isinstance(found, Unknown):
                return Const(True)
    return Condition(m.conditions.opaque(("hasattr", tuple(arguments.positional))))


def _callable(m: Machine, arguments: Arguments, site: Site) -> Value:
    return m.each(arguments.positional[0], lambda value: _is_callable(m, value)) if arguments.positional else NONE


def _is_callable(m: Machine, value: Value) -> Value:
    if isinstance(value, Unknown):
        return Condition(m.conditions.predicate(value, "callable", callable))
    return Const(not isinstance(value, (Const, Sequence, ListObject, DictObject, Tensor)))


def _type(m: Machine, arguments: Arguments, site: Site) -> Value:
    value = arguments.get(0, "object")
    if isinstance(value, Instance):
        return value.cls
    if isinstance(value, Const):
        return External(f"builtins.{type(value.value).__name__}")
    for kind, name in ((Sequence, "tuple"), (ListObject, "list"), (DictObject, "dict"), (Function, "function")):
        if isinstance(value, kind):
            return External(f"builtins.{name}")
    return m.unknown(("type", value))


def _evaluate_text(m: Machine, arguments: Arguments, site: Site) -> Value:
    """`eval(text)` of a name or an attribute chain."""
    text = containers.settled(m, arguments.positional[0]) if arguments.positional else NONE
    if isinstance(text, Const) and isinstance(text.value, str) and len(text.value) < 200:
        try:
            node = cst.parse_expression(text.value.strip())
        except cst.ParserSyntaxError:
            return m.fresh("eval")
        if isinstance(node, (cst.Name, cst.Attribute, cst.Call)):
            return m.evaluate(node) if not isinstance(node, cst.Call) else _evaluated_call(m, node)
    return m.unknown(("eval", text))


def _evaluated_call(m: Machine, node: cst.Call) -> Value:
    return m.evaluate(node) if isinstance(node.func, (cst.Name, cst.Attribute)) else m.fresh("eval")


def _scope(m: Machine, arguments: Arguments, site: Site) -> Value:
    """`globals()`: a dictionary of the module's names, as far as they are bound."""
    made = containers.new_dict(m)
    for name, value in m.store.of(m.frame.globals.uid):
        if isinstance(name, str) and isinstance(value, (ClassObject, Function, External, ModuleValue)):
            containers.set_item(m, made, Const(name), value)
    return made


def _partial(m: Machine, arguments: Arguments, site: Site) -> Value:
    if not arguments.positional:
        return m.fresh("partial")
    return Partial(arguments.positional[0], tuple(arguments.positional[1:]), dict(arguments.keywords))


def _reduce(m: Machine, arguments: Arguments, site: Site) -> Value:
    if len(arguments.positional) < 2:
        return m.fresh("reduce")
    function = arguments.positional[0]
    elements = containers.iterate(m, arguments.positional[1])
    start = arguments.get(2, "initial")
    current = start if start is not None else (elements.pop(0).value if elements else m.fresh("reduce"))
    if isinstance(function, Function):
        m.iterated.update(m.call_sites(function))
    for element in elements:
        current = _reduced(m, function, current, element, site)
    return current


def _reduced(m: Machine, function: Value, current: Value, element: containers.Element, site: Site) -> Value:
    def run() -> Value:
        return m.call(function, Arguments([current, element.value]), site)

    return m.under([(element.guard, run), (~element.guard, lambda: current)])


def _copy(m: Machine, arguments: Arguments, site: Site) -> Value:
    return m.each(arguments.positional[0], lambda one: _copied(m, one, 0)) if arguments.positional else NONE


def _copied(m: Machine, value: Value, depth: int) -> Value:
    if depth > 5:
        return value
    if isinstance(value, ListObject):
        elements = containers.iterate(m, value)
        return m.new_list(containers.Element(_copied(m, e.value, depth + 1), e.guard, e.site) for e in elements)
    if isinstance(value, DictObject):
        made = containers.new_dict(m)
        containers.update(m, made, value)
        for key in containers.keys(m, made):
            entry = m.read(made.uid, key.value)
            if entry is not MISSING:
                m.store.write(made.uid, key.value, _copied(m, entry, depth + 1))
        return made
    return value


def _import_module(m: Machine, arguments: Arguments, site: Site) -> Value:
    name = arguments.get(0, "name")
    if isinstance(name, Const) and isinstance(name.value, str) and not name.value.startswith("."):
        return imports.module(m, name.value)
    return m.fresh("module")


def _unknown_scalar(m: Machine, arguments: Arguments, site: Site) -> Value:
    return m.unknown(("scalar", tuple(arguments.positional)), scalar=True)


def _nothing(m: Machine, arguments: Arguments, site: Site) -> Value:
    return NONE


def _object(m: Machine, arguments: Arguments, site: Site) -> Value:
    return m.fresh("object")


_FUNCTIONS: dict[str, _Native] = {
    "builtins.bool": _bool,
    "builtins.isinstance": _isinstance,
    "builtins.getattr": _getattr,
    "builtins.setattr": _setattr,
    "builtins.hasattr": _hasattr,
    "builtins.callable": _callable,
    "builtins.type": _type,
    "builtins.eval": _evaluate_text,
    "builtins.globals": _scope,
    "builtins.locals": _object,
    "builtins.print": _nothing,
    "builtins.object": _object,
    "builtins.id": _unknown_scalar,
    "builtins.hash": _unknown_scalar,
    "builtins.format": _unknown_scalar,
    "builtins.open": _unknown_scalar,
    "builtins.input": _unknown_scalar,
    "functools.partial": _partial,
    "functools.reduce": _reduce,
    "copy.copy": _copy,
    "copy.deepcopy": _copy,
    "importlib.import_module": _import_module,
}


# -- methods ----------------------------------------------------------------------------------------------------

_TEXT_METHODS = frozenset(
    [
        "startswith",
        "endswith",
        "lower",
        "upper",
        "split",
        "rsplit",
        "strip",
        "lstrip",
        "rstrip",
        "replace",
        "title",
        "capitalize",
        "isdigit",
        "count",
    ]
)


def call_method(m: Machine, owner: Value, name: str, arguments: Arguments, site: Site) -> Value:
    """Call a method of a string, list, tuple or dictionary."""
    if isinstance(owner, Const):
        return _text_method(m, owner, name, arguments)
    run = methods.METHODS.get(name)
    if run is not None:
        found = run(m, owner, arguments)
        if found is not None:
            return found
    return operations.unresolved(m, owner, arguments, site, name)


def _text_method(m: Machine, owner: Const, name: str, arguments: Arguments) -> Value:
    constants = [value.value for value in arguments.positional if isinstance(value, Const)]
    if name in _TEXT_METHODS and isinstance(owner.value, str) and len(constants) == len(arguments.positional):
        try:
            result = getattr(owner.value, name)(*constants)
        except (TypeError, ValueError):
            return m.fresh("text", scalar=True)
        if isinstance(result, list):
            return m.new_list(containers.Element(Const(part)) for part in result)
        return Const(result)
    return m.unknown(("text", owner, name, tuple(arguments.positional)), scalar=True)
