"""The pairs that the ordering rules look for, and where a repair puts a layer."""

from __future__ import annotations

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderlint.graph import Role, Unit, units_of
from orderlint.judging.order import DEFAULT_ORDER, Order
from orderlint.judging.ordering import inversions, is_output, misplaced_norms, recommended
from tests.graphs import path

LAYERS = st.lists(st.sampled_from(["BN", "ReLU", "Dropout", "MaxPooling2D", "Activation(tanh)"]), max_size=6)
ORDERS = [Order(roles) for roles in permutations((Role.NORM, Role.ACTIVATION, Role.DROPOUT))]


def unit_of(text: str, output: bool = False) -> Unit:
    (unit,) = units_of(path(text, output))
    return unit


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Dense → ReLU → BN", [(2, 1)]),
        ("Dense(relu) → BN", [(2, 1)]),
        ("Dense → ReLU → MaxPooling2D → BN", [(3, 1)]),
        ("Dense → BN → ReLU → BN", [(3, 2)]),
        ("Dense → BN → ReLU → BN → ReLU", []),
        ("Dense → ReLU → BN → ReLU → BN", [(2, 1), (4, 3)]),
        ("Dense → BN → ReLU", []),
    ],
)
def test_misplaced_norms_are_told_with_the_nearest_activation(text: str, wanted: list[tuple[int, int]]) -> None:
    """A norm that opens a pre-activation block is not misplaced."""
    assert list(misplaced_norms(unit_of(text).steps, DEFAULT_ORDER)) == wanted


@pytest.mark.parametrize(
    ("text", "role", "wanted"),
    [
        ("Dense → Dropout → BN", Role.NORM, [(1, 2)]),
        ("Dense → Dropout → ReLU", Role.ACTIVATION, [(1, 2)]),
        ("Dense → ReLU → Dropout → Softmax", Role.ACTIVATION, []),
        ("Dense → Dropout → Dropout → BN", Role.NORM, [(1, 3), (2, 3)]),
        ("Dense → BN → ReLU → Dropout", Role.NORM, []),
    ],
)
def test_misplaced_dropouts_are_told_with_the_nearest_layer(
    text: str, role: Role, wanted: list[tuple[int, int]]
) -> None:
    """An activation on the right side settles it."""
    assert list(inversions(unit_of(text).steps, DEFAULT_ORDER, role)) == wanted


def test_an_output_is_known_or_told_by_its_activation() -> None:
    """A softmax always; a sigmoid that ends the unit; anything that leaves the model."""
    for text, output, wanted in (
        ("Dense → Softmax", False, True),
        ("Dense → Activation(sigmoid)", False, True),
        ("Dense → ReLU", False, False),
        ("Dense → ReLU", True, True),
    ):
        unit = unit_of(text, output)
        assert is_output(unit, unit.steps, 1) is wanted


@given(LAYERS, st.sampled_from(ORDERS))
def test_the_recommended_chain_has_no_misplaced_layer(layers: list[str], order: Order) -> None:
    """It holds the same layers, and is recommended again for itself."""
    unit = unit_of(" → ".join(["Dense", *layers]))
    chain = recommended(unit, order)
    assert sorted(chain) == sorted(unit.chain)
    if chain[0] == "Dense" and "Softmax" not in chain:
        again = unit_of(" → ".join(name if name != "tanh" else "Activation(tanh)" for name in chain))
        assert recommended(again, order) == again.chain
        assert not list(misplaced_norms(again.steps, order))


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Dense → Dropout → Softmax", ("Dropout", "Dense", "Softmax")),
        ("Dense → Dropout → BN → ReLU", ("Dense", "BatchNormalization", "ReLU", "Dropout")),
        ("Dropout → BN", ("BatchNormalization", "Dropout")),
    ],
)
def test_a_dropout_goes_behind_or_before_the_output(text: str, wanted: tuple[str, ...]) -> None:
    """Behind a softmax it would drop predictions."""
    assert recommended(unit_of(text), DEFAULT_ORDER) == wanted
