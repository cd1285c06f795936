"""Objects with named values: named tuples, namespaces, and dataclasses.

Named tuples and namespaces have no identity here: what one of them is given under a name, any other may have.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from orderlint.catalog.customary import NAMESPACES
from orderlint.glance import attributes
from orderlint.glance.arguments import Given
from orderlint.glance.lists import Dict, List
from orderlint.glance.patterns import ANY_NAME
from orderlint.glance.things import (
    ANY,
    DATA,
    NOTHING,
    UNKNOWN,
    Class,
    Const,
    Instance,
    Record,
    Value,
    is_plain,
    one,
    only,
)
from orderlint.glance.values import element_of, join

if TYPE_CHECKING:
    from orderlint.glance.machine import Machine

__all__ = ["FUNCTIONS", "make", "take_fields"]


def _give(g: Machine, name: str, value: Value) -> None:
    """Set a field of a named tuple or a namespace; `*` is any field. Any field may hold data anyway."""
    if not is_plain(value):
        g.write_outside(name, value)


# -- named tuples -----------------------------------------------------------------------------------------------


def _named_tuple(g: Machine, given: Given) -> Value:
    """`namedtuple("Name", "field field")`, `NamedTuple("Name", [("field", type)])`."""
    names = _names(given.get(1, "field_names") or given.get(1, "fields") or NOTHING)
    defaults = given.keywords.get("defaults", g.none)
    listed = List(()) if defaults == g.none else only(defaults, List)
    if names is None or listed is None or not listed.is_known or given.more:
        return ANY
    return one(Record(names, listed.items))


def _names(value: Value) -> tuple[str, ...] | None:
    text, listed = only(value, Const), only(value, List)
    if text is not None:
        return tuple(text.value.replace(",", " ").split()) if isinstance(text.value, str) else None
    if listed is None or not listed.is_known:
        return None
    firsts = [pair.items[0] if (pair := only(item, List)) and pair.items else item for item in listed.items]
    names = [only(first, Const) for first in firsts]
    return None if None in names else tuple(str(name.value) for name in names if name is not None)


def make(g: Machine, record: Record, given: Given) -> Value:
    """Call the class of a named tuple."""
    g.share(*given.every)
    others = join(given.more, *given.maybe.values())
    values = []
    for number, name in enumerate(record.names):
        value = given.get(number, name)
        values.append(join(value or record.default_of.get(name, UNKNOWN), others))
        _give(g, name, values[-1])
    return one(List(tuple(values)))


# -- namespaces -------------------------------------------------------------------------------------------------


def _namespace(g: Machine, given: Given) -> Value:
    """`SimpleNamespace(a=1)`, `EasyDict({"a": 1})`. It may also be read as a dictionary."""
    g.share(*given.every)
    entries: dict[Any, Value] = {**given.maybe, **given.keywords}
    others = given.more
    for value in given.positional:
        for thing in value:
            if type(thing) is Dict:
                for key, held in thing.entries.items():
                    entries[key] = join(entries.get(key, NOTHING), held)
                others = join(others, thing.others)
            else:
                others = join(others, NOTHING if is_plain(one(thing)) else ANY)
    _give_all(g, entries, others)
    return join(DATA, one(Dict(entries, others, g.token(given.place), frozenset(entries) - set(given.keywords))))


def _give_all(g: Machine, entries: Mapping[Any, Value], others: Value) -> None:
    """Set entries as attributes. Dictionaries among them become namespaces, so their entries are set, too."""
    for key, value in entries.items():
        _give(g, key if isinstance(key, str) else ANY_NAME, value)
        for thing in value:
            if type(thing) is Dict:
                _give_all(g, thing.entries, thing.others)
    if others:
        _give(g, ANY_NAME, others)


# -- dataclasses ------------------------------------------------------------------------------------------------


def take_fields(g: Machine, made: Instance, given: Given) -> None:
    """Store the arguments of a class without `__init__`, which may be its fields, like those of a `dataclass`."""
    g.share(*given.every)
    names = list(dict.fromkeys(_fields(g, made.cls)))
    for record in (base for base in attributes.bases_of(g, made.cls) if isinstance(base, Record)):
        made.attributes.update(record.default_of)
    made.attributes.update({**given.maybe, **given.keywords})
    made.attributes.update(zip(names, given.positional))  # noqa: B905
    rest = join(given.more, *given.positional[len(names) :])
    if rest:
        if None in attributes.bases_of(g, made.cls):  # the fields of this base are not known
            g.write_attribute(made, ANY_NAME, UNKNOWN if is_plain(rest) else ANY)
        for name in names:
            held = attributes.method(g, made.cls, name) or UNKNOWN
            made.attributes[name] = join(made.attributes.get(name, held), rest)


def _fields(g: Machine, cls: Class) -> Iterator[str]:
    """The names with a type or a value in the bodies of a class and its bases, in the order of the constructor."""
    for base in reversed([cls, *attributes.bases_of(g, cls)]):
        if isinstance(base, Record):
            yield from base.names
        for statement in base.node.body if isinstance(base, Class) else ():
            if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
                yield statement.target.id
            elif isinstance(statement, ast.Assign) and isinstance(statement.value, ast.Call):  # `attr.ib()`
                yield from (target.id for target in statement.targets if isinstance(target, ast.Name))


def _field(g: Machine, given: Given) -> Value:
    """`dataclasses.field(...)`, `attr.ib(...)`: the default value."""
    factory = given.keywords.get("default_factory") or given.keywords.get("factory")
    made = g.call(factory, ()) if factory is not None else NOTHING
    return join(UNKNOWN, DATA if given.more else NOTHING, given.get(0, "default") or NOTHING, made)


def _as_dict(g: Machine, given: Given) -> Value:
    """`dataclasses.asdict(instance)`."""
    instance = only(given.positional[0], Instance) if len(given.every) == 1 and given.positional else None
    if instance is None:
        return ANY
    values = [attributes.attribute(g, one(instance), name) for name in dict.fromkeys(_fields(g, instance.cls))]
    return one(Dict({}, join(UNKNOWN, *values), g.token(given.place)))


def of_tuple(g: Machine, owner: List, name: str, given: Given) -> Value | None:
    """Call a method that only named tuples have; return `None` for any other method."""
    if name == "_replace":
        g.share(*given.every)
        for key, value in {**given.maybe, **given.keywords}.items():
            _give(g, key, value)
        if given.more:
            _give(g, ANY_NAME, given.more)
        return one(List((), join(element_of(owner), *given.every)))
    return one(Dict({}, element_of(owner))) if name == "_asdict" else None


def replaced(g: Machine, owner: Instance, given: Given) -> Value:
    """`owner._replace(a=1)`, if the class inherits from a named tuple. The owner and the copy are one object here."""
    g.share(*given.every)
    for name, value in {**given.maybe, **given.keywords}.items():
        attributes.write(g, one(owner), name, value)
    if given.more:
        attributes.write(g, one(owner), ANY_NAME, given.more)
    return join(one(owner), UNKNOWN)


def of_record(g: Machine, record: Record, name: str, given: Given) -> Value:
    """Call a method of the class of a named tuple."""
    if name != "_make" or len(given.positional) != 1:
        return ANY
    return make(
        g,
        record,
        Given((), more=join(*(element_of(each) if type(each) is List else ANY for each in given.positional[0]))),
    )


FUNCTIONS = {
    "collections.namedtuple": _named_tuple,
    "typing.NamedTuple": _named_tuple,
    **dict.fromkeys(NAMESPACES, _namespace),
    **dict.fromkeys(("attr.ib", "attr.field", "attrs.field", "dataclasses.field"), _field),
    **dict.fromkeys(("attr.asdict", "attrs.asdict", "dataclasses.asdict"), _as_dict),
}
