"""Parameters that may or may not be given: their values are unknown, and remember the defaults."""

from __future__ import annotations

from collections.abc import Hashable

from orderlint.graph.guards import ALWAYS
from orderlint.source.python import containers, dictionaries
from orderlint.source.state.frames import Function
from orderlint.source.state.machine import Machine
from orderlint.source.state.values import (
    MISSING,
    Const,
    DictObject,
    Element,
    ListObject,
    Sequence,
    Tensor,
    Unknown,
    Value,
    alternatives,
    sequence,
)

__all__ = ["CHANGEABLE", "changeable", "default_of", "open_parameter", "open_value", "set_defaults"]

CHANGEABLE = ("__defaults__", "__kwdefaults__")
"""The attributes through which code changes the defaults of a function: of positional and keyword-only parameters."""

_SHAPES = ("shape", "image_size", "img_size", "input_size")


def open_parameter(m: Machine, function: Function, name: str, key: Hashable) -> Value:
    """The value of a parameter if it is not known whether it is given: unknown, with its default.

    A default that is a container, a function or a class is used as the value, because that is its purpose. An empty
    container is a placeholder (`hidden_units=()`): with it, the code for its elements would never run. The numbers of a
    shape are only an example (`input_shape=(64, 64, 3)`): code tests how large they are.
    """
    default = default_of(m, function, name)
    if name.endswith(_SHAPES) and isinstance(default, (Sequence, ListObject)):
        return _open_shape(m, containers.iterate(m, default), key) or default
    return open_value(m, default, key)


def _open_shape(m: Machine, elements: list[Element], key: Hashable) -> Value | None:
    """A shape with the same number of dimensions, each unknown; `None` if it is not a shape."""
    if not elements or not all(_is_size(element) for element in elements):
        return None
    return sequence(*(m.unknown((key, at), element.value, scalar=True) for at, element in enumerate(elements)))


def _is_size(element: Element) -> bool:
    value = element.value
    return element.guard is ALWAYS and isinstance(value, Const) and type(value.value) in (int, type(None))


def open_value(m: Machine, default: Value | None, key: Hashable) -> Value:
    """The same as `open_parameter`, for a known default."""
    if default is None or isinstance(default, (Const, Unknown, Tensor)):
        return m.unknown(key, default)
    if isinstance(default, DictObject):
        is_empty = not m.elements(default.uid) and m.read(default.uid, dictionaries.OTHERS) is MISSING
        return _open_dictionary(m, key) if is_empty else default
    if isinstance(default, ListObject):
        return default if m.elements(default.uid) else m.unknown(key)
    return m.unknown(key) if isinstance(default, Sequence) and not default.elements else default


def _open_dictionary(m: Machine, key: Hashable) -> DictObject:
    """A dictionary with unknown entries, for code that adds entries to it."""
    made, others = dictionaries.new_dict(m), m.unknown(key)
    dictionaries.set_entry(m, made, others, m.unknown(("item", others)))
    return made


def default_of(m: Machine, function: Function, name: str) -> Value | None:
    """The default of a parameter, as it was written or later changed by code; `None` if there is none."""
    written = function.defaults.get(name)
    if function not in m.redefaulted:
        return written
    by_name_alone = [parameter.name.value for parameter in function.node.params.kwonly_params]
    changed = m.read(m.redefaulted[function], CHANGEABLE[name in by_name_alone])
    return m.choose(
        [
            (guard, (written or m.fresh("default")) if value is MISSING else _changed(m, function, name, value))
            for guard, value in alternatives(changed)
        ]
    )


def _changed(m: Machine, function: Function, name: str, value: Value) -> Value:
    """The default of a parameter in a tuple or dictionary of defaults; unknown if it is not known."""
    if isinstance(value, DictObject):
        entry = m.read(value.uid, Const(name))
        return m.fresh("default") if entry is MISSING else entry
    parameters = function.node.params
    names = [parameter.name.value for parameter in (*parameters.posonly_params, *parameters.params)]
    if isinstance(value, Sequence) and all(one.guard is ALWAYS for one in value.elements) and name in names:
        at = names.index(name) - len(names) + len(value.elements)
        if 0 <= at < len(value.elements):
            return value.elements[at].value
    return m.fresh("default")


def set_defaults(m: Machine, function: Function, attribute: str, value: Value) -> None:
    """`function.__defaults__ = value` or `function.__kwdefaults__ = value`."""
    if function not in m.redefaulted:
        m.redefaulted[function] = m.store.lasting_owner()
    m.store.write(m.redefaulted[function], attribute, value)


def changeable(m: Machine, function: Function, attribute: str) -> Value:
    """`function.__defaults__` or `function.__kwdefaults__`. The latter is a dictionary that code may change itself."""
    changed = m.read(m.redefaulted[function], attribute) if function in m.redefaulted else MISSING
    if changed is not MISSING:
        return changed
    parameters = function.node.params
    if attribute == "__defaults__":
        names = [parameter.name.value for parameter in (*parameters.posonly_params, *parameters.params)]
        return sequence(*(function.defaults[name] for name in names if name in function.defaults))
    made = dictionaries.new_dict(m)
    for parameter in parameters.kwonly_params:
        if parameter.name.value in function.defaults:
            name = parameter.name.value
            dictionaries.set_entry(m, made, Const(name), function.defaults[name])
    set_defaults(m, function, attribute, made)
    return made
