"""Attributes with computed names (`setattr(self, f"conv{i}", layer)`), and deleted attributes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from orderlint.glance import attributes
from orderlint.glance.patterns import ANY_NAME, NO_KNOWN_NAME, may_be_one
from orderlint.glance.things import ANY, UNKNOWN, Const, Instance, Text, Thing, Value, one
from orderlint.glance.values import join

if TYPE_CHECKING:
    from orderlint.glance.machine import Machine

__all__ = ["delete", "of_any_name", "write"]

(_UNKNOWN_THING,) = UNKNOWN


def of_any_name(g: Machine, instance: Instance, pattern: str) -> Value:
    """The values of all attributes of an object whose names fit. Python's own names (`__init__`) are left out."""
    classes = attributes.own_classes(g, instance.cls)
    g.touch(instance)
    g.late_of_any_name(instance, classes)
    if None in attributes.bases_of(g, instance.cls) or instance.attributes.get("#base") == ANY:
        return ANY
    given = (instance.attributes, g.late.get(instance, {}), g.late.get(None, {}), *(cls.names for cls in classes))
    names = {*(name for each in given for name in each), *(name for _, name in g.late_of_classes), *attributes.OUTPUTS}
    fit = (name for name in names if not name.startswith(("#", "__")) and may_be_one(pattern, name))
    return join(UNKNOWN, *(attributes.attribute(g, one(instance), name) for name in sorted(fit)))


def delete(g: Machine, owner: Value, name: str) -> None:
    """`del owner.name`. The attribute may still be read afterward from the class of the owner."""
    for thing in owner:
        attributes.write(g, one(thing), name, join(attributes.attribute(g, one(thing), name), UNKNOWN))


def write(g: Machine, owner: Value, names: Value, value: Value) -> None:
    """Set an attribute with a computed name."""
    for name in names:
        written = _pattern(name)
        for thing in owner if len(names) > 1 and "*" not in written else ():  # the code may set another name
            value = join(value, attributes.attribute(g, one(thing), written))
        attributes.write(g, owner, written, value)


def _pattern(name: Thing) -> str:
    """A name with `*` in place of its unknown parts."""
    if type(name) is Const and isinstance(name.value, str):
        return name.value
    if type(name) is Text:
        return str(name.pattern)
    return NO_KNOWN_NAME if name is _UNKNOWN_THING else ANY_NAME
