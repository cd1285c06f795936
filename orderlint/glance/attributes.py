"""Names and attributes: reading and binding them."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from orderlint import catalog
from orderlint.catalog import customary
from orderlint.catalog.customary import ENUMERATIONS, is_keras
from orderlint.glance import imports, texts
from orderlint.glance.frames import Frame
from orderlint.glance.lists import Dict, List
from orderlint.glance.patterns import ANY_NAME
from orderlint.glance.things import (
    ANY,
    DATA,
    NOTHING,
    OF_NOBODY,
    SCALAR,
    UNKNOWN,
    Bound,
    Class,
    Const,
    External,
    Function,
    Instance,
    Layer,
    Model,
    ModuleOf,
    Native,
    Partial,
    Record,
    SomeOf,
    Stack,
    Tensor,
    Text,
    Thing,
    Value,
    is_plain,
    one,
)
from orderlint.glance.unsure import Unsure
from orderlint.glance.values import join

if TYPE_CHECKING:
    from orderlint.glance.machine import Machine

__all__ = [
    "NAMES",
    "OUTPUTS",
    "READERS",
    "attribute",
    "bases_of",
    "bound_method",
    "every_given_to",
    "given_to",
    "method",
    "own_classes",
    "read",
    "write",
]

_MOST_BASES = 300  # of a class; a shared base counts once for each class that has it

_ANY_THING, _UNKNOWN_THING = next(iter(ANY)), next(iter(UNKNOWN))
_SCALAR_THING, _DATA_THING = next(iter(SCALAR)), next(iter(DATA))
_SHAPES = frozenset({"shape", "dtype", "ndim", "name", "get_shape", "set_shape", "numpy", "_keras_shape"})
_HARMLESS = frozenset(
    {"trainable", "name", "_name", "supports_masking", "__name__", "__doc__"}
)  # no rule depends on them
_PLAIN = frozenset(
    """
    startswith endswith lower upper strip lstrip rstrip split rsplit splitlines join replace title capitalize zfill
    encode decode format isdigit keys astype tolist get_shape set_shape as_list
    """.split()  # noqa: SIM905
)
"""Methods of strings, dictionaries and arrays that return nothing a layer can be made of."""
NAMES = "__dict__"
"""The name of the dictionary of the names of a module or an object."""
_MEANINGFUL = frozenset(
    """
    Sequential Model Functional Layer Input InputLayer clone_model clone_and_build_model deserialize
    tf tensorflow keras layers nn ops math activations backend K python compat v1 v2 core contrib slim applications
    get setdefault pop popleft popitem update values items copy clear append appendleft add insert extend extendleft
    remove reverse rotate sort iterkeys itervalues iteritems viewkeys viewvalues viewitems next send group groups
    groupdict search match fullmatch findall sub value default most_common elements index count
    call __call__ get_layer get_output_at output outputs input inputs from_config layer cell forward_layer
    __next__ __iter__ __getitem__ __enter__ __setattr__ __getattr__ __dict__ __class__ __self__ __wrapped__ __func__
    _replace _asdict _make func args keywords __defaults__
    """.split()  # noqa: SIM905
)
"""Names that mean something to the analysis, whatever object they are read from."""
_MEANINGFUL_OF_ANY = _MEANINGFUL - _PLAIN
READERS = frozenset("get items values keys copy iteritems itervalues iterkeys viewitems viewvalues viewkeys".split())  # noqa: SIM905
"""Methods of dictionaries that return some of their contents, and change nothing."""
_OF_FIELDS = UNKNOWN | DATA
"""What any field of a named tuple or a namespace may hold, so the file runs again only for other values."""
_INNER = frozenset({"__dict__", "__class__", "__getattribute__", "__func__", "__wrapped__", "func", "args", "keywords"})
_DEFAULTS = ("__defaults__", "__kwdefaults__")
_FACTS = frozenset({"__name__", "__qualname__", "__module__", "__doc__"})  # attributes of a function
OUTPUTS = frozenset({"output", "outputs"})
"""The attributes of a model that hold its outputs."""
_INPUTS = frozenset({"input", "inputs"})


def read(g: Machine, name: str) -> Value:
    """The value of a name here."""
    here = g.frame
    frame: Frame | None = here.shared.get(name, here)
    while frame is not None:
        if frame is here or not frame.is_class:
            value = _held(g, frame, name)
            if value is not None:
                return value
        frame = frame.parent
    dotted = customary.unbound(name)
    return imports.starred(g, g.frame.module, name, set()) or (UNKNOWN if dotted is None else one(External(dotted)))


def _held(g: Machine, frame: Frame, name: str) -> Value | None:
    """The value of a name in a scope; all its values, for a name of a module that another function may change."""
    module = frame.module
    if frame is module.frame:
        if name in module.put_off:
            imports.bring(g, module, (name,))
        if frame is not g.frame or name in module.elsewhere:
            return g.ask_module(module, name, module.ever.get(name, NOTHING)) or None
        module.read.setdefault(name, g.now)
    elif frame is not g.frame:
        return _around(g, frame, name)
    held, rebound = (frame.names or {}).get(name), frame.rebound.get(name)
    return held if rebound is None else join(rebound, held or NOTHING)


def _around(g: Machine, frame: Frame, name: str) -> Value | None:
    """The value of a name in the scope of an enclosing function."""
    g.asks_scope(frame)
    ways = [frame.names or {}, frame.rebound]
    if frame in g.ended and not frame.is_done:  # it runs again, and the function may come from the previous run
        ways.append(frame.before)
    found = [names[name] for names in ways if name in names]
    return join(*found) if found else None


# -- attributes -------------------------------------------------------------------------------------------------


def attribute(g: Machine, owner: Value, name: str, node: ast.Attribute | None = None) -> Value:
    """`owner.name`."""
    if name == "__kwdefaults__":
        raise Unsure("a dictionary of defaults, which may change")
    return join(*(_of(g, thing, name, node) for thing in owner)) if owner else UNKNOWN


def _of(g: Machine, thing: Thing, name: str, node: ast.Attribute | None) -> Value:
    if isinstance(thing, _INSIDE):
        g.asks_inside(thing if isinstance(thing, Instance) else None, name)
        value = _OF[type(thing)](g, thing, name, node)
        return join(value, g.late_of(None, name), g.late_of(None, ANY_NAME)) if None in g.late else value
    given = g.read_outside(name)
    if thing is _ANY_THING:
        if name in READERS and g.is_of_python(name):
            return join(given, one(Native(thing, name)))
        if name in _MEANINGFUL_OF_ANY:
            return ANY
        own = NOTHING if g.is_of_python(name) else _given_anywhere(g, name)
        return join(given, DATA, own, *(one(External(dotted)) for dotted in texts.bearers(name)))
    if thing is _UNKNOWN_THING:
        return join(given, _unresolved(name, node))
    if thing is _SCALAR_THING or thing is _DATA_THING:
        return join(given, _unresolved(name, node), DATA)
    if name == "__class__" and thing.is_plain:
        return DATA
    read_one = _OF.get(type(thing))
    if read_one is None or (name in _INNER and not (type(thing) is External and thing.is_plain)):
        return ANY
    return join(given, read_one(g, thing, name, node))


def _given_anywhere(g: Machine, name: str) -> Value:
    """All values that code gives to a name."""
    for module in list(g.known_modules.values()):
        imports.bring(g, module, (name,))
    return g.given_anywhere(name)


def _of_module(g: Machine, module: ModuleOf, name: str, node: object) -> Value:
    found = imports.member(g, module, name)
    return one(External(f"{module.name}.{name}")) if found is None else found


def _of_class(g: Machine, cls: Class, name: str, node: object) -> Value:
    if name == "__name__":
        return SCALAR
    if name in _INNER:
        return ANY
    found = method(g, cls, name)
    if found is None:
        return _of_bases(g, cls, name)
    return join(*(one(Bound(thing, cls)) if _is_of_classes(thing) else one(thing) for thing in found))


def _of_bases(g: Machine, cls: Class, name: str) -> Value:
    """An attribute of a class that comes from bases outside the project."""
    bases = [base for base in bases_of(g, cls) if not isinstance(base, Class)]
    if not all(isinstance(base, External) for base in bases):
        return ANY
    return join(UNKNOWN, *(one(External(f"{base.name}.{name}")) for base in bases))


def _is_of_classes(thing: Thing) -> bool:
    return isinstance(thing, Function) and thing.wrapper == "classmethod"


def _of_external(g: Machine, external: External, name: str, node: object) -> Value:
    if (external.name, name) == ("sys", "modules"):
        return UNKNOWN
    if name in ("__call__", "call") and not external.is_plain:
        return ANY
    return one(External(f"{external.name}.{name}"))


def _of_constant(g: Machine, constant: Const, name: str, node: ast.Attribute | None) -> Value:
    return one(Native(constant, name)) if isinstance(constant.value, str) else _unresolved(name, node)


def _of_model(g: Machine, model: Model, name: str, node: object) -> Value:
    if name in OUTPUTS:
        return model.outputs
    if name == "layers":
        return ANY
    return model.inputs if name in _INPUTS else one(Native(model, name))


def _of_stack(g: Machine, stack: Stack, name: str, node: object) -> Value:
    if name in OUTPUTS:
        return one(Tensor(stack.flow))
    if name == "layers":
        return one(List(stack.layers, stack.rest))
    return UNKNOWN if name in _INPUTS else one(Native(stack, name))


def _of_container(held: List | Dict, name: str) -> Value:
    """A method of a list or dictionary. Any other name may be a field of a named tuple, or of a namespace."""
    if name in _MEANINGFUL or name in _PLAIN or name in READERS:
        return one(Native(held, name))
    return join(_OF_FIELDS, one(Native(held, name)) if held.has_tensor or held.has_any else NOTHING)


def _of_native(g: Machine, native: Native, name: str, node: object) -> Value:
    return one(Native(native, name)) if native.name in ("super", NAMES) else UNKNOWN


def _unresolved(name: str, node: ast.Attribute | None) -> Value:
    """The attribute of an unknown object. `layers.Dense` is assumed to be the Keras layer."""
    owner = None if node is None else node.value
    last = owner.id if isinstance(owner, ast.Name) else owner.attr if isinstance(owner, ast.Attribute) else None
    dotted = customary.of_unknown_owner(last, name)
    return UNKNOWN if dotted is None else one(External(dotted))


def _of_instance(g: Machine, instance: Instance, name: str) -> Value:
    if name == NAMES:
        return one(Native(instance, NAMES))
    if name in _INNER:
        return one(instance.cls) if name == "__class__" else ANY
    g.touch(instance)
    late = g.late_of(instance, name)
    for pattern in g.fitting(name):
        late = join(late, g.late_of(instance, pattern), instance.attributes.get(pattern, NOTHING))
    held = instance.attributes.get(name)
    found = method(g, instance.cls, name)
    if found is not None:
        of_class = (_bound(g, thing, instance) for thing in found)
        return join(held or NOTHING, late, *of_class)  # the object may have it on some paths only
    if held is not None:
        return join(held, late)
    if late:
        return late
    if name in OUTPUTS:
        return instance.attributes.get("#outputs", ANY)
    bases = [base for base in bases_of(g, instance.cls) if not isinstance(base, Class) and base != _OBJECT]
    if None in bases:
        return ANY
    return one(Native(instance, name)) if bases or name == "__call__" else UNKNOWN


def _of_bound(g: Machine, bound: Bound, name: str) -> Value:
    return ANY if name == "__self__" else _of_function(g, bound.function, name)


def _of_function(g: Machine, function: Function, name: str) -> Value:
    if name == "__defaults__":
        values = join(*function.defaults.values())
        g.share(values)
        return join(one(List((), values)), g.none)
    if name == "__call__":
        return ANY
    return SCALAR if name in _FACTS else DATA


_OBJECT = External("builtins.object")
_INSIDE = (Instance, Class, ModuleOf)
_OF: dict[type[Any], Callable[[Any, Any, str, Any], Value]] = {
    External: _of_external,
    ModuleOf: _of_module,
    Instance: lambda g, thing, name, node: _of_instance(g, thing, name),
    Class: _of_class,
    Const: _of_constant,
    Tensor: lambda g, thing, name, node: SCALAR if name in _SHAPES else one(Native(thing, name)),
    Model: _of_model,
    Stack: _of_stack,
    Layer: lambda g, thing, name, node: g.output(thing) if name in OUTPUTS else one(Native(thing, name)),
    Native: _of_native,
    List: lambda g, thing, name, node: _of_container(thing, name),
    Dict: lambda g, thing, name, node: _of_container(thing, name),
    Text: lambda g, thing, name, node: DATA,
    Record: lambda g, thing, name, node: one(Native(thing, name)),
    Partial: lambda g, thing, name, node: one(Native(thing, name)),
    SomeOf: lambda g, thing, name, node: SCALAR if name in _FACTS else ANY,
    Function: lambda g, thing, name, node: _of_function(g, thing, name),
    Bound: lambda g, thing, name, node: _of_bound(g, thing, name),
}


def given_to(g: Machine, instance: Instance, name: str) -> Value:
    """What an object was given under a name, during its creation or later; empty if only its class has the name."""
    g.asks_inside(instance, name)
    g.touch(instance)
    return join(instance.attributes.get(name, NOTHING), g.late_of(instance, name))


def every_given_to(g: Machine, instance: Instance) -> Value:
    """What an object was given under any name, during its creation or later."""
    g.touch(instance)
    own = (value for name, value in instance.attributes.items() if not name.startswith("#"))
    return join(UNKNOWN, *own, g.late_of_any_name(instance))


def bound_method(g: Machine, instance: Instance, name: str) -> Value:
    """What the class of an object gives it under a name; `ANY` for a property, which runs code."""
    found = method(g, instance.cls, name) or NOTHING
    is_run = any(isinstance(thing, Function) and thing.wrapper == "property" for thing in found)
    return ANY if is_run else join(*(_bound(g, thing, instance) for thing in found))


def _bound(g: Machine, thing: Thing, instance: Instance) -> Value:
    if not isinstance(thing, Function) or thing.wrapper == "staticmethod":
        return one(thing)
    if thing.owner is None:  # the analysis does not treat what is assigned in a class as a method, either
        return one(thing)
    if thing.wrapper == "classmethod":
        return one(Bound(thing, instance.cls))
    bound = Bound(thing, instance)
    return g.call(one(bound), ()) if thing.wrapper == "property" else one(bound)


def method(g: Machine, cls: Class, name: str, after: Class | None = None) -> Value | None:
    """The value of a name in a class or its bases; `None` if none of them binds it.

    Args:
        g: The machine.
        cls: The class.
        name: The name.
        after: Search only the classes after this one, as `super()` does.
    """
    order = own_classes(g, cls)
    if after is not None:
        order = order[order.index(after) + 1 :] if after in order else []
    for one_class in order:
        g.asks_inside(one_class.node, name)
        late = NOTHING
        if g.late_of_classes:
            late = join(*(g.late_of_classes.get((one_class.node, given), NOTHING) for given in (name, ANY_NAME)))
        if late or name in one_class.names:
            return join(late, one_class.names.get(name, NOTHING))
    return None


def own_classes(g: Machine, cls: Class) -> list[Class]:
    """A class and its bases in the project, nearest first."""
    return [cls, *(base for base in bases_of(g, cls) if isinstance(base, Class))]


def bases_of(g: Machine, cls: Class) -> list[Any]:
    """The bases of a class, nearest first: `Class`, `Record` or `External`, or `None` for an unknown one."""
    found = g.known_bases.get(cls)
    if found is None:
        found = g.known_bases[cls] = _bases_of(cls)
    return found


def _bases_of(cls: Class) -> list[Any]:
    """The bases, each before its own bases. A shared base comes after all classes that share it."""
    found: list[Any] = []
    waiting = list(cls.bases)
    while waiting:
        if len(found) >= _MOST_BASES:
            raise Unsure("a class of many bases")
        base = waiting.pop(0)
        known = [thing for thing in base if thing not in OF_NOBODY]
        if len(known) > 1 or not all(isinstance(thing, (Class, Record, External)) for thing in known):
            externals = [thing for thing in known if isinstance(thing, External)]
            known = [_likeliest(externals)] if len(externals) == len(known) < 4 else [None]
        found += known if len(known) == len(base) else [*known, External("?")]
        waiting = [*(base for thing in known if isinstance(thing, Class) for base in thing.bases), *waiting]
    return list(dict.fromkeys(reversed(found)))[::-1]


def _likeliest(bases: list[External]) -> External:
    """The likeliest of classes that are imported from alternative places: one of Keras; always the same one."""
    return min(bases, key=lambda base: (not is_of_keras(base), base.name))


def is_enumeration(cls: Class) -> bool:
    """Whether a class may be an `Enum`. Its members are found by their values, and have what the class defines."""
    things = [thing for base in cls.bases for thing in base]
    names = [thing.name.rpartition(".")[2] for thing in things if isinstance(thing, External)]
    return not ENUMERATIONS.isdisjoint(names) or any(
        is_enumeration(thing) for thing in things if isinstance(thing, Class) and thing is not cls
    )


def is_tuple(g: Machine, cls: Class) -> bool:
    """Whether the objects of a class may be named tuples."""
    bases = bases_of(g, cls)
    return any(base is None or isinstance(base, Record) or base == External("typing.NamedTuple") for base in bases)


def is_of_keras(base: object) -> bool:
    """Whether a base comes from Keras, or from a library that may build on it."""
    return isinstance(base, External) and (
        is_keras(base.name) or catalog.find(base.name) is not None or base.name == "?"
    )


def write(g: Machine, owner: Value, name: str, value: Value) -> None:
    """`owner.name = value`."""
    for thing in owner:
        if name in _HARMLESS and isinstance(thing, (Instance, Layer, Stack, Model)):
            continue
        if isinstance(thing, Instance):
            g.write_attribute(thing, name, value)
            continue
        name = ANY_NAME if "*" in name else name
        if thing is _ANY_THING:
            g.write_attribute(None, name, value)
            g.write_outside(name, value)
        elif isinstance(thing, Class):
            g.write_class(thing, name, value)
        elif isinstance(thing, ModuleOf):
            imports.write(g, thing, name, value)
        elif isinstance(thing, External) and g.listed(f"{thing.name}.{name}") is not None:
            continue  # the analysis goes on to read what Keras has under this name
        elif name in _DEFAULTS and not ((thing.is_plain or _is_of_record(thing)) and is_plain(value)):
            raise Unsure("the defaults of a function change")
        else:
            g.write_outside(name, value)


def _is_of_record(thing: Thing) -> bool:
    """Whether something belongs to the class of a named tuple. Code sets the defaults of `Args.__new__`."""
    return isinstance(thing, Native) and isinstance(thing.receiver, Record)
