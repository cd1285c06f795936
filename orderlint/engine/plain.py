"""Turns records into plain values for JSON, and back. What is read is checked against the declared types.

Only data is read, so a file from someone else can be wrong, but cannot run code.
"""

from __future__ import annotations

import types
from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from enum import Enum
from functools import cache
from typing import Any, TypeVar, Union, cast, get_args, get_origin, get_type_hints

__all__ = ["from_plain", "to_plain"]

Record = TypeVar("Record")
Reader = Callable[[Any], Any]


def to_plain(value: Any) -> Any:
    """A record as dicts, lists, strings and numbers, without fields that have their default value.

    >>> from orderlint.graph import Location
    >>> to_plain((Location("net.py", 3), None))
    [{'path': 'net.py', 'line': 3}, None]
    """
    if value is None or type(value) in (str, int, float, bool):
        return value
    if isinstance(value, Enum):
        return value.value
    if hasattr(value, "plain"):
        return value.plain()
    if is_dataclass(value):
        return {
            field.name: to_plain(given)
            for field in fields(value)
            if (given := getattr(value, field.name)) != field.default or field.default is MISSING
        }
    if isinstance(value, (set, frozenset)):
        return sorted(map(to_plain, value))
    if isinstance(value, Mapping):
        return {str(key): to_plain(one) for key, one in value.items()}
    return [to_plain(one) for one in value]


def from_plain(kind: type[Record], value: Any) -> Record:
    """The record that some plain values represent.

    Raises:
        ValueError: They are no such record.

    >>> from orderlint.graph import Location
    >>> from_plain(Location, {"path": "net.py", "line": 3}).line
    3
    """
    read: Reader = _reader(cast("Any", kind))
    return cast("Record", read(value))


@cache
def _reader(kind: Any) -> Reader:
    """The function that reads a value of a declared type."""
    origin, inner = get_origin(kind), get_args(kind)
    if origin in (Union, types.UnionType):
        (given,) = [one for one in inner if one is not type(None)]
        inside = _reader(given)
        return lambda value: None if value is None else inside(value)
    if origin is tuple and inner[1:] != (Ellipsis,):
        return _fixed([_reader(one) for one in inner])
    if origin in (tuple, list, set, frozenset):
        return _many(origin, _reader(inner[0]))
    if origin is not None:
        raise TypeError(f"{kind} cannot be read")
    if hasattr(kind, "of_plain"):
        read: Reader = kind.of_plain
        return read
    if is_dataclass(kind):
        return _record(kind)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return kind
    return _simple(kind)


def _record(kind: Any) -> Reader:
    hints = get_type_hints(kind)
    readers: dict[str, Reader] = {}

    def read(value: Any) -> Any:
        if not isinstance(value, dict) or not value.keys() <= hints.keys():
            raise ValueError(f"expected a {kind.__name__}, found {value!r}")
        for name in value.keys() - readers.keys():
            readers[name] = _reader(hints[name])
        try:
            return kind(**{name: readers[name](given) for name, given in value.items()})
        except TypeError as error:
            raise ValueError(str(error)) from None

    return read


def _many(collect: Callable[[Any], Any], read: Reader) -> Reader:
    def read_all(value: Any) -> Any:
        if not isinstance(value, list):
            raise ValueError(f"expected a list, found {value!r}")
        return collect(map(read, value))

    return read_all


def _fixed(readers: list[Reader]) -> Reader:
    def read(value: Any) -> Any:
        if not isinstance(value, list) or len(value) != len(readers):
            raise ValueError(f"expected {len(readers)} values, found {value!r}")
        return tuple(one(given) for one, given in zip(readers, value, strict=True))

    return read


def _simple(kind: type) -> Reader:
    def read(value: Any) -> Any:
        if type(value) is not kind:
            raise ValueError(f"expected {kind.__name__}, found {value!r}")
        return value

    return read
