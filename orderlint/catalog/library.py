"""The layers of libraries other than Keras (see the modules in `orderlint.catalog.libraries`)."""

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
    """The layers and functions of one library.

    Attributes:
        roots: The names of its packages.
        entries: Its layers and functions, by their last names. All others are boundaries.
        activations: The canonical names of activations, by the strings for them; `linear` for quantizers that only
            round.
    """

    roots: tuple[str, ...]
    entries: Mapping[str, Entry]
    activations: Mapping[str, str] = field(default_factory=dict)

    def find(self, parts: list[str]) -> Entry | None:
        """The entry of a dotted name, as its parts without the root; `None` if there is none.

        The module does not matter, because libraries often define a class in one module and export it from another.
        """
        *modules, name = parts
        if not all(module.islower() for module in modules):
            return None
        return family(name, self.entries) if ANY in name else self.entries.get(name)


def layers(role: Role, names: str, parameters: Mapping[str, str] = _NOTHING, *, like: str = "") -> Iterator[Entry]:
    """The entries of some layer classes.

    Args:
        role: Their role.
        names: The names, separated by spaces. `QConv2D:Conv2D` has the shapes of `Conv2D`.
        parameters: The positional parameters by name, as far as they are needed.
        like: The Keras layer whose shapes all of them have.
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
