"""The order that the ordering rules follow."""

from __future__ import annotations

from itertools import permutations

import pytest

from orderlint.graph import Role
from orderlint.judging.order import DEFAULT_ORDER, Order

ORDERED = (Role.NORM, Role.ACTIVATION, Role.DROPOUT)


@pytest.mark.parametrize("roles", list(permutations(ORDERED)))
def test_any_permutation_is_an_order(roles: tuple[Role, ...]) -> None:
    """One of two roles comes before the other, and one of the six permutations is the default."""
    order = Order(roles)
    for one in ORDERED:
        for other in ORDERED:
            assert order.is_before(one, other) == (roles.index(one) < roles.index(other))
    assert order.is_default == (order == DEFAULT_ORDER) == (roles == ORDERED)


@pytest.mark.parametrize("roles", [(), ORDERED[:2], (*ORDERED, Role.NORM), (Role.LINEAR, *ORDERED[1:])])
def test_anything_else_is_told_with_what_is_expected(roles: tuple[Role, ...]) -> None:
    """The error says that each of the three roles is expected once."""
    with pytest.raises(ValueError, match="expected each of `norm`, `activation`, `dropout` once"):
        Order(roles)


def test_an_order_without_roles_is_told_as_empty() -> None:
    """The error names the value, also if it is an empty list."""
    with pytest.raises(ValueError, match="the order is empty, expected"):
        Order(())
    with pytest.raises(ValueError, match="the order is `norm`, `activation`, expected"):
        Order(ORDERED[:2])
