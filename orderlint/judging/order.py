"""The order that the ordering rules follow."""

from __future__ import annotations

from typing import Final

from orderlint.graph import Role
from orderlint.records import record

__all__ = ["CONFIGURED", "DEFAULT_ORDER", "Order"]

ORDERED: Final = (Role.NORM, Role.ACTIVATION, Role.DROPOUT)


@record(frozen=True, slots=True)
class Order:
    """The recommended order of the roles after a linear layer.

    Attributes:
        roles: A permutation of norm, activation and dropout.

    Raises: ValueError: The roles are no such permutation.

    >>> Order((Role.ACTIVATION, Role.NORM, Role.DROPOUT)).is_before(Role.ACTIVATION, Role.NORM)
    True
    """

    roles: tuple[Role, ...] = ORDERED

    def __post_init__(self) -> None:
        if sorted(self.roles) != sorted(ORDERED):
            expected, given = (", ".join(f"`{role.value}`" for role in roles) for roles in (ORDERED, self.roles))
            raise ValueError(f"the order is {given or 'empty'}, expected each of {expected} once")

    def is_before(self, first: Role, second: Role) -> bool:
        """Whether `first` should come before `second`."""
        return self.roles.index(first) < self.roles.index(second)

    @property
    def is_default(self) -> bool:
        return self.roles == ORDERED


DEFAULT_ORDER: Final = Order()
CONFIGURED: Final = "The configuration asks for the other order."
