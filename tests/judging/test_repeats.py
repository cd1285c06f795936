"""Repeated layers without a relevant layer between them."""

from __future__ import annotations

import pytest

from orderlint.graph import Role, units_of
from orderlint.judging.repeats import repeats
from tests.graphs import path


@pytest.mark.parametrize(
    ("text", "role", "wanted"),
    [
        ("Dense → ReLU → ReLU", Role.ACTIVATION, [(1, 2)]),
        ("Dense → ReLU → Dropout → Flatten → ReLU", Role.ACTIVATION, [(1, 4)]),
        ("Dense → ReLU → BN → ReLU", Role.ACTIVATION, []),
        ("Dense → BN → BN → BN", Role.NORM, [(1, 2), (2, 3)]),
    ],
)
def test_only_dropouts_and_layers_that_pass_may_stand_between(
    text: str, role: Role, wanted: list[tuple[int, int]]
) -> None:
    """Of three such layers, each is reported with the previous one."""
    (unit,) = units_of(path(text))
    assert [(one.call.id, other.call.id) for one, other in repeats(unit, role)] == wanted
