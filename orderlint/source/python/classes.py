"""Classes of the analyzed code: their definitions and instances."""

from __future__ import annotations

import libcst as cst

from orderlint.graph import Site
from orderlint.source.python import inheritance, names
from orderlint.source.python.defaults import open_value
from orderlint.source.python.syntax import field_names_in
from orderlint.source.state.arguments import Arguments
from orderlint.source.state.frames import ClassObject, Function, Instance
from orderlint.source.state.machine import Machine
from orderlint.source.state.values import (
    MISSING,
    Value,
    alternatives,
)

__all__ = ["dataclass_fields", "define", "open_fields"]


def define(m: Machine, node: cst.ClassDef) -> ClassObject:
    """Run a class body and return the class."""
    bases = tuple(_one_base(m.evaluate(argument.value)) for argument in node.bases)
    cls = ClassObject(m.store.new_owner(), node, node.name.value, m.frame, m.frame.cell, bases)
    frame = m.child_frame()
    frame.is_class = True
    frame.uid = cls.uid  # the variables of the body are the attributes of the class
    with m.entering(frame):
        m.defining = cls
        m.run_block(node.body.body)
    m.classes.append(cls)
    _call_subclass_hook(m, cls)
    return cls


def _call_subclass_hook(m: Machine, cls: ClassObject) -> None:
    """Call `__init_subclass__` of the nearest base that defines it. Code registers classes there."""
    for base in inheritance.mro(m, cls)[1:]:
        hook = m.read(base.uid, "__init_subclass__") if isinstance(base, ClassObject) else MISSING
        if isinstance(hook, Function):
            given = {a.keyword.value: m.evaluate(a.value) for a in cls.node.keywords if a.keyword is not None}
            m.invoke(hook, Arguments([cls], given), m.site(cls.node), cls)
            return


def _one_base(value: Value) -> Value:
    """A base class. Of several names of one Keras class (`keras.Model`, `tf.keras.Model`), it is the first."""
    options = [option for _, option in alternatives(value)]
    kinds = {names.keras_class(option) for option in options}
    return options[0] if len(kinds) == 1 and None not in kinds else value


def dataclass_fields(m: Machine, made: Instance, arguments: Arguments, site: Site) -> None:
    """Set the fields of a dataclass or named tuple from its arguments and, for a named tuple, from the defaults.

    Then run what a dataclass does with its fields (`__post_init__`).
    """
    names = inheritance.field_names(m, made.cls)
    given = {**inheritance.record_defaults(m, made.cls), **dict(zip(names, arguments.positional))}  # noqa: B905
    given.update(arguments.keywords)
    for name in names if given else ():
        if name in given:
            m.store.write(made.uid, name, given[name])
    for name in ("__post_init__", "__attrs_post_init__"):
        hook = inheritance.class_attribute(m, made.cls, name)
        if isinstance(hook, Function) and any(inheritance.is_record(m, one) for one in _own(m, made.cls)):
            m.invoke(hook, Arguments([made]), site, made)


def open_fields(m: Machine, cls: ClassObject) -> dict[str, Value]:
    """Arguments for a dataclass that is judged on its own: unknown values with defaults, as for parameters."""
    found: dict[str, Value] = {}
    for base in reversed(_own(m, cls)):
        for name in field_names_in(base.node) if inheritance.is_record(m, base) else ():
            default = m.read(base.uid, name)
            known = None if default is MISSING else default
            found[name] = open_value(m, known, ("parameter", cls, name))
    return found


def _own(m: Machine, cls: ClassObject) -> list[ClassObject]:
    return [base for base in inheritance.mro(m, cls) if isinstance(base, ClassObject)]
