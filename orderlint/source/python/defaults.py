"""What a parameter is of which nobody knows whether it is given: it may be anything, and remembers its default."""

from __future__ import annotations

from collections.abc import Hashable

from orderlint.source.python import dictionaries
from orderlint.source.state.frames import Function
from orderlint.source.state.machine import Machine
from orderlint.source.state.values import MISSING, Const, DictObject, ListObject, Sequence, Tensor, Unknown, Value

__all__ = ["open_parameter", "open_value"]


def open_parameter(m: Machine, function: Function, name: str, key: Hashable) -> Value:
    """The value of a parameter of which nobody knows whether it is given: unknown, and it remembers its default.

    A default that is a container, a function or a class is taken as it is: it is there to be used. An empty container
    is there to be replaced (`hidden_units=()`): with it, what is done for each element would never be seen.
    """
    return open_value(m, function.defaults.get(name), key)


def open_value(m: Machine, default: Value | None, key: Hashable) -> Value:
    """As `open_parameter`, of a default."""
    if default is None or isinstance(default, (Const, Unknown, Tensor)):
        return m.unknown(key, default)
    if isinstance(default, DictObject):
        is_empty = not m.elements(default.uid) and m.read(default.uid, dictionaries.OTHERS) is MISSING
        return _open_dictionary(m, key) if is_empty else default
    if isinstance(default, ListObject):
        return default if m.elements(default.uid) else m.unknown(key)
    return m.unknown(key) if isinstance(default, Sequence) and not default.elements else default


def _open_dictionary(m: Machine, key: Hashable) -> DictObject:
    """A dictionary of which no entry is known, for code that puts some into it."""
    made, others = dictionaries.new_dict(m), m.unknown(key)
    dictionaries.set_entry(m, made, others, m.unknown(("item", others)))
    return made
