"""Objects of the project's classes: creating them, and calling them as Keras does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from orderlint import catalog
from orderlint.catalog import Entry, Kind
from orderlint.catalog.customary import keras_class
from orderlint.glance import attributes, invoking, layers, models, records
from orderlint.glance.arguments import Given
from orderlint.glance.things import ANY, UNKNOWN, Class, External, Function, Instance, Thing, Value, one
from orderlint.glance.unsure import Unsure

if TYPE_CHECKING:
    from orderlint.glance.machine import Machine

__all__ = ["apply_base", "apply_instance", "base_init", "construct", "is_layer", "is_run_by_making"]

MOST_PARTS_OF_ARGUMENTS = 2_000  # that distinguish an object from others of its class
MOST_LEVELS = 2  # of nested objects of one class


def construct(g: Machine, cls: Class, given: Given) -> Value:
    """Create an object of a class of the project."""
    if attributes.is_enumeration(cls):
        return ANY
    weight = 1 + sum(_weight(thing) for value in given.every for thing in value)
    level = 1 + max((thing.level for value in given.every for thing in value if _is_of(thing, cls)), default=0)
    if weight > MOST_PARTS_OF_ARGUMENTS or level > MOST_LEVELS:
        return _one_of_many(g, cls, given)
    made = g.object_of(cls, (given.place, given.key), weight, level)
    if made in g.instances:
        if made.is_made and not made.is_lasting:
            _initialize(g, made, given)  # the new arguments are joined with the earlier ones
        return one(made)
    g.instances[made] = None
    before = made.attributes
    made.begin(g.branches, g.now)
    g.unmade.append(made)
    made.is_lasting = g.is_lasting(lambda: _initialize(g, made, given))
    g.unmade.pop()
    made.is_made = True
    g.is_anew(made, before, made.attributes)
    return one(made)


def _weight(thing: Thing) -> int:
    return thing.weight if isinstance(thing, Instance) else thing.parts


def _is_of(thing: Thing, cls: Class) -> bool:
    return isinstance(thing, Instance) and thing.cls == cls


def _one_of_many(g: Machine, cls: Class, given: Given) -> Value:
    """An object that stands in for many of its class, because their arguments are large or nested."""
    made = g.object_of(cls, "many", 1, MOST_LEVELS)
    if made not in g.instances:
        made.begin()
        g.instances[made] = None
    made.is_made = True  # so its attributes are joined with those of the others
    mark = (made, given.key)
    if mark not in g.initialized:
        _initialize(g, made, given)
        g.initialized[mark] = None
    return one(made)


def _initialize(g: Machine, made: Instance, given: Given) -> None:
    init = attributes.method(g, made.cls, "__init__")
    if init is not None:
        invoking.invoke(g, invoking.method_of(init), given.after(one(made)), made)
    elif made.is_made and _may_have_fields(g, made.cls):
        raise Unsure("an object that is not distinguished from others")
    else:
        base_init(g, made, given)
        if _may_have_fields(g, made.cls):
            records.take_fields(g, made, given)
            _go_on_with_fields(g, made)
    build = attributes.method(g, made.cls, "build")
    if build is not None and is_layer(g, made.cls):
        invoking.run_by_itself(g, invoking.method_of(build), one(made))


def is_run_by_making(g: Machine, function: Function, cls: Class) -> bool:
    """Whether the creation of an object runs this method with any arguments: the `build` of a layer."""
    return getattr(function.node, "name", "") == "build" and is_layer(g, cls)


def _go_on_with_fields(g: Machine, made: Instance) -> None:
    """Run the methods that a class calls once its object has its fields."""
    for name in ("__post_init__", "__attrs_post_init__"):
        hook = attributes.method(g, made.cls, name)
        if hook is not None:
            invoking.run_by_itself(g, invoking.method_of(hook), one(made))


def _may_have_fields(g: Machine, cls: Class) -> bool:
    """Whether a decorator may create `__init__` from the fields of a class. A class that wraps a layer has Keras's."""
    return _listed_base(g, cls) is None or any(each.node.decorator_list for each in attributes.own_classes(g, cls))


def apply_instance(g: Machine, instance: Instance, given: Given) -> Value:
    """Call an object: its `call`, as Keras does, or its `__call__`, or else the base that it inherits from."""
    g.num_layers += 1
    for name in ("call", "__call__"):
        found = attributes.method(g, instance.cls, name)
        if found is not None:
            return invoking.invoke_any(g, found, given.after(one(instance)), instance)
    return apply_base(g, instance, given)


def is_layer(g: Machine, cls: Class) -> bool:
    """Whether a class inherits from Keras, or from an unknown base."""
    return any(base is None or attributes.is_of_keras(base) for base in attributes.bases_of(g, cls))


def base_init(g: Machine, instance: Instance, given: Given) -> Value:
    """Run Keras's own `__init__` with the arguments that reach it."""
    if not is_layer(g, instance.cls):
        return g.none
    entry = _listed_base(g, instance.cls)
    if entry is not None:
        g.write_attribute(instance, "#base", layers.construct(g, entry, given))
        if entry.wrapper or entry.name == "Wrapper":
            g.write_attribute(instance, "layer", given.get(0, "layer") or UNKNOWN)
        return g.none
    if any(
        isinstance(base, External) and keras_class(base.name) == "Sequential"
        for base in attributes.bases_of(g, instance.cls)
    ):
        if instance.is_made:
            raise Unsure("a model that is not distinguished from others")
        instance.attributes["#base"] = ANY
        return g.none
    outputs = given.get(1, "outputs")
    if outputs is not None:
        if instance.is_made:
            raise Unsure("a model that is not distinguished from others")
        instance.attributes["#base"] = models.functional(g, given)
        instance.attributes["#outputs"] = outputs
    return g.none


def _listed_base(g: Machine, cls: Class) -> Entry | None:
    """The layer with a role that a class inherits from, if any."""
    for base in attributes.bases_of(g, cls):
        if isinstance(base, External):
            entry = catalog.find(base.name)
            if entry is not None and entry.kind is Kind.LAYER and entry.name not in ("Layer", "InputLayer"):
                return entry
    return None


def apply_base(g: Machine, instance: Instance, given: Given) -> Value:
    """Apply an object like the base that it inherits from, as `super().call(x)` does."""
    base = attributes.given_to(g, instance, "#base")
    if base:
        return g.call(base, given)
    if any(known is None for known in attributes.bases_of(g, instance.cls)):
        raise Unsure("an object of what may be anything")
    return invoking.unresolved(g, given)
