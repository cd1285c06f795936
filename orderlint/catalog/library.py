"""How a library other than Keras lists its layers: see the modules in `orderlint.catalog.libraries`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import field, replace
from types import MappingProxyType
from typing import Final

from orderlint.catalog.entries import Entry, Kind
from orderlint.catalog.families import ANY, family
from orderlint.graph import Role
from orderlint.records import record

__all__ = ["Library", "functions", "layers", "merged"]

_NOTHING: Final[Mapping[str, str]] = MappingProxyType({})


@record(frozen=True, slots=True)
class Library:
    """The names of one library that matter.

    Attributes:
        roots: The names it is imported by.
        entries: Its layers and functions by their last name; what is not among them is a boundary.
        activations: Activations by the strings that name them, with their canonical names; `linear` for quantizers
            that only round.
    """

    roots: tuple[str, ...]
    entries: Mapping[str, Entry]
    activations: Mapping[str, str] = field(default_factory=dict)

    def find(self, parts: list[str]) -> Entry | None:
        """The entry of a dotted name below the root; `None` if there is none.

        Whatever module a name is taken from: libraries keep a class where they like and show it elsewhere.
        """
        *modules, name = parts
        if not all(module.islower() for module in modules):
            return None
        return family(name, self.entries) if ANY in name else self.entries.get(name)


def layers(role: Role, names: str, parameters: Mapping[str, str] = _NOTHING, *, like: str = "") -> Iterator[Entry]:
    """The entries of some layer classes.

    Args:
        role: Their role.
        names: The names, between blanks; `QConv2D:Conv2D` has the shapes of a `Conv2D`.
        parameters: The positional parameters by name, as far as they matter.
        like: The layer of Keras whose shapes all of them have.
    """
    for written in names.split():
        name, _, kin = written.partition(":")
        yield Entry(name, Kind.LAYER, role, tuple(parameters.get(name, "").split()), like=kin or like)


def functions(role: Role, names: str, parameters: str = "x", *, like: str = "") -> Iterator[Entry]:
    """The entries of some functions of tensors, all with the same parameters."""
    for name in names.split():
        yield Entry(name, Kind.FUNCTION, role, tuple(parameters.split()), like=like)


def merged(*groups: Iterator[Entry] | Entry, aliases: Mapping[str, str] = _NOTHING) -> dict[str, Entry]:
    """The entries of a library by name. An alias has the entry of its original name."""
    table: dict[str, Entry] = {}
    for group in groups:
        for entry in (group,) if isinstance(group, Entry) else group:
            table[entry.name] = entry
    table.update((alias, replace(table[name])) for alias, name in aliases.items())
    return table
