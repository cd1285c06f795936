"""Converts TOML to a configuration, and validates every key and value."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from orderlint.config.configuration import ORDERED_ROLES, Configuration, Selection, is_selector
from orderlint.config.errors import ConfigError, line_of, nearest
from orderlint.diagnostics import RepairKind
from orderlint.graph import Role
from orderlint.words import meant, nearest_rule

__all__ = ["KEYS", "read_configuration"]

_KINDS = {dict: "a table", list: "a list", str: "a string", bool: "a boolean", int: "a number", float: "a number"}
_REPAIRS = tuple(kind.value for kind in RepairKind)
_ROLES = tuple(role.value for role in Role)
_ORDERED = tuple(role.value for role in ORDERED_ROLES)
_MOST_SHOWN = 10  # words of a wrong list that a message shows
_PLAIN = re.compile(r"[A-Za-z0-9_-]+")
_DOTTED_NAME = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*)*")


def read_configuration(
    table: Mapping[str, Any], file: Path, text: str, prefix: tuple[str, ...], rules: Mapping[str, str]
) -> Configuration:
    """The configuration in a table.

    Args:
        table: The table, as the TOML reader returns it.
        file: The file, for messages.
        text: Its text, to find the lines of errors.
        prefix: The keys that lead to the table.
        rules: The names of the rules, by code.

    Raises:
        ConfigError: A key or value is unknown or of the wrong type.
    """
    return _Reader(file, text, prefix, rules).settings(table)


class _Reader:
    """Reads one table. Its errors contain the line."""

    def __init__(self, file: Path, text: str, prefix: tuple[str, ...], rules: Mapping[str, str]) -> None:
        self._file = file
        self._text = text
        self._prefix = prefix
        self._rules = rules

    def settings(self, table: Mapping[str, Any]) -> Configuration:
        values: dict[str, Any] = {}
        for key, value in table.items():
            read = KEYS.get(key)
            if read is None:
                raise self.error((key,), f"unknown key `{key}`{self._hint(key)}")
            values[key.replace("-", "_")] = read(self, key, value)
        chosen = {name: values.pop(name) for name in ("select", "extend_select", "ignore") if name in values}
        return Configuration(selection=Selection(**chosen), file=self._file, **values)

    def _hint(self, key: str) -> str:
        if key == "tool" and not self._prefix:
            return f"; in {self._file.name} the keys are at the top level, without `[tool.orderlint]`"
        return nearest(key, KEYS)

    def error(self, keys: tuple[str, ...], message: str, value: str | None = None) -> ConfigError:
        return ConfigError(self._file, line_of(self._text, (*self._prefix, *keys), value), message)

    def strings(self, keys: tuple[str, ...], value: object, *such_as: str) -> tuple[str, ...]:
        """The strings of a list. `such_as` is the example in an error."""
        if isinstance(value, list):
            others = [entry for entry in value if not isinstance(entry, str)]
            if not others:
                return tuple(value)
            given = f"contains {_kind(others[0])}"
        else:
            given = f"is {_kind(value)}"
        plain = (value,) if isinstance(value, str) and '"' not in value else such_as
        example = ", ".join(f'"{one}"' for one in plain)
        raise self.error(keys, f"`{_spelled(keys)}` {given}, expected a list of strings, such as [{example}]")

    def selectors(self, keys: tuple[str, ...], value: object) -> tuple[str, ...]:
        selectors = self.strings(keys, value, next(iter(self._rules), "ALL"))
        for selector in selectors:
            if not is_selector(selector, self._rules):
                near = meant(
                    nearest_rule(selector, self._rules), otherwise=f"; known are {_quoted(tuple(self._rules))}"
                )
                raise self.error(keys, f"unknown rule `{selector}`{near}", selector)
        return selectors

    def word(self, keys: tuple[str, ...], value: object, known: tuple[str, ...]) -> str:
        if not isinstance(value, str):
            raise self.error(keys, f"`{_spelled(keys)}` is {_kind(value)}, expected one of {_quoted(known)}")
        if value not in known:
            raise self.error(keys, f"unknown value `{value}` of `{_spelled(keys)}`{nearest(value, known)}", value)
        return value

    def table(self, keys: tuple[str, ...], value: object) -> Mapping[str, Any]:
        if not isinstance(value, dict):
            raise self.error(keys, f"`{_spelled(keys)}` is {_kind(value)}, expected a table")
        return value


def _read_selectors(reader: _Reader, key: str, value: object) -> tuple[str, ...]:
    return reader.selectors((key,), value)


def _read_patterns(reader: _Reader, key: str, value: object) -> tuple[str, ...]:
    return tuple(pattern.removeprefix("./") for pattern in reader.strings((key,), value, "third_party/"))


def _read_flag(reader: _Reader, key: str, value: object) -> bool:
    if not isinstance(value, bool):
        raise reader.error((key,), f"`{key}` is {_kind(value)}, expected `true` or `false`")
    return value


def _read_file(reader: _Reader, key: str, value: object) -> str:
    if not isinstance(value, str) or not value:
        given = "an empty string" if value == "" else _kind(value)
        raise reader.error((key,), f"`{key}` is {given}, expected the path of a file")
    return value


def _read_per_file(reader: _Reader, key: str, value: object) -> tuple[tuple[str, tuple[str, ...]], ...]:
    table = reader.table((key,), value)
    return tuple(
        (pattern.removeprefix("./"), reader.selectors((key, pattern), given)) for pattern, given in table.items()
    )


def _read_repair(reader: _Reader, key: str, value: object) -> tuple[RepairKind, ...]:
    """The allowed kinds. A single kind also allows the milder kinds; a list allows exactly its kinds."""
    if isinstance(value, list):
        given = {reader.word((key,), entry, _REPAIRS) for entry in value}
        return tuple(kind for kind in RepairKind if kind.value in given)
    mildest = reader.word((key,), value, _REPAIRS)
    return tuple(RepairKind)[: _REPAIRS.index(mildest) + 1]


def _read_order(reader: _Reader, key: str, value: object) -> tuple[Role, ...]:
    words = reader.strings((key,), value, *_ORDERED)
    words = words[1:] if words[:1] == (Role.LINEAR.value,) else words
    roles = tuple(Role(reader.word((key,), word, _ORDERED)) for word in words)
    if sorted(roles) != sorted(ORDERED_ROLES):
        given = _quoted(words[:_MOST_SHOWN]) + (", ..." if len(words) > _MOST_SHOWN else "") or "empty"
        raise reader.error((key,), f"`{key}` is {given}, expected each of {_quoted(_ORDERED)} once")
    return roles


def _read_roles(reader: _Reader, key: str, value: object) -> Mapping[str, tuple[Role, ...]]:
    table = reader.table((key,), value)
    return {name: _roles(reader, keys, given) for name, keys, given in _names(table, (key,))}


def _names(
    table: Mapping[str, Any], keys: tuple[str, ...], before: str = ""
) -> Iterator[tuple[str, tuple[str, ...], Any]]:
    """Each name with its keys and its value. Without quotes, each part of a dotted name is a table in TOML."""
    for key, value in table.items():
        name = before + key
        if isinstance(value, dict):
            yield from _names(value, (*keys, key), name + ".")
        else:
            yield name, (*keys, key), value


def _roles(reader: _Reader, keys: tuple[str, ...], value: object) -> tuple[Role, ...]:
    name = ".".join(keys[1:])
    if not _DOTTED_NAME.fullmatch(name):
        raise reader.error(keys, f"`{name}` is not a dotted name, such as `mylib.layers.ConvBlock`")
    if "." not in name:
        given = f"expected the name that the layer is imported by, such as `mylib.layers.{name}`"
        raise reader.error(keys, f"`{name}` names no module: {given}")
    words = [value] if isinstance(value, str) else value
    if not isinstance(words, list) or not words:
        raise reader.error(keys, f"the role of `{name}` is {_kind(value)}, expected a role or a list of roles")
    return tuple(Role(reader.word(keys, word, _ROLES)) for word in words)


KEYS: Mapping[str, Callable[[_Reader, str, object], Any]] = {
    "select": _read_selectors,
    "extend-select": _read_selectors,
    "ignore": _read_selectors,
    "per-file-ignores": _read_per_file,
    "exclude": _read_patterns,
    "force-exclude": _read_flag,
    "warn": _read_selectors,
    "baseline": _read_file,
    "repair": _read_repair,
    "order": _read_order,
    "roles": _read_roles,
}


def _kind(value: object) -> str:
    if value == []:
        return "an empty list"
    return _KINDS.get(type(value), "a date or time")


def _spelled(keys: tuple[str, ...]) -> str:
    """Keys as in TOML, in quotes if they are not plain words."""
    return ".".join(key if _PLAIN.fullmatch(key) else f'"{key}"' for key in keys)


def _quoted(words: tuple[str, ...]) -> str:
    return ", ".join(f"`{word}`" for word in words)
