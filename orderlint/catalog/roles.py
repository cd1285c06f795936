"""The roles that users give to their own names. They extend the catalog."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import field, replace
from typing import Final

from orderlint.catalog.entries import Entry, Kind
from orderlint.catalog.names import canonical, find, find_layer, is_library
from orderlint.graph import Role
from orderlint.records import record

__all__ = ["DEFAULT", "RoleTable"]


@record(frozen=True, slots=True)
class RoleTable:
    """The catalog with the roles of `[tool.orderlint.roles]`.

    Attributes:
        user: The roles, by canonical dotted names. `of` canonicalizes names.
    """

    user: Mapping[str, tuple[Role, ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, roles: Mapping[str, Iterable[Role]]) -> RoleTable:
        """Create a table from names as users write them. `tf.keras.layers.X` stands for every spelling of `X`."""
        return cls({canonical(name): tuple(given) for name, given in roles.items()})

    def roles_of(self, dotted: str) -> tuple[Role, ...] | None:
        """The roles that the user gave to a name, in the order in which they act; `None` if there are none."""
        return self.user.get(canonical(dotted)) if self.user else None

    def leads_to_layers(self, dotted: str) -> bool:
        """Whether a name is a layer, a module of a known library, or a (prefix of a) name with the user's roles.

        >>> table = RoleTable.of({"lab.blocks.Fc": [Role.LINEAR]})
        >>> table.leads_to_layers("lab.blocks"), table.leads_to_layers("lab.blocks.Fc"), table.leads_to_layers("lab.bl")
        (True, True, False)
        """
        entry = find(dotted)
        if entry is not None and entry.kind is Kind.LAYER:
            return True
        if is_library(dotted):
            return True
        if not self.user:
            return False
        name = canonical(dotted)
        return name in self.user or any(own.startswith(f"{name}.") for own in self.user)

    def find(self, dotted: str) -> Entry | None:
        """The entry of a fully qualified name, with the user's roles if there are any; `None` if there is none.

        Analyses of source code and of models call this before they look into a class or function of the project.
        """
        entry = find(dotted)
        roles = self.roles_of(dotted)
        if roles is None:
            return entry
        return with_roles(entry or _named(dotted), roles)

    def of_entry(self, entry: Entry) -> Entry:
        """The entry with the roles that the user gave to its Keras layer, if there are any."""
        if not self.user or entry.user_roles or find_layer(entry.name) is not entry:
            return entry
        roles = self.user.get(f"keras.layers.{entry.name}")
        return entry if roles is None else with_roles(entry, roles)


def with_roles(entry: Entry, roles: tuple[Role, ...]) -> Entry:
    """The entry with the user's roles."""
    return replace(entry, role=roles[0] if roles else Role.BOUNDARY, user_roles=roles)


def _named(dotted: str) -> Entry:
    name = dotted.rpartition(".")[2]
    kind = Kind.LAYER if name[:1].isupper() else Kind.FUNCTION
    return Entry(name, kind, Role.BOUNDARY)


DEFAULT: Final = RoleTable()
"""The catalog alone."""
