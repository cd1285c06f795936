"""The pairs that the ordering rules report, and the place where a repair puts a layer."""

from __future__ import annotations

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderlint.graph import Role, Unit, units_of
from orderlint.judging.order import DEFAULT_ORDER, Order
from orderlint.judging.ordering import (
    MOST_ORDERED,
    against,
    dropout_anchor,
    inversions,
    is_output,
    misplaced_norms,
    norm_anchor,
    recommended,
)
from orderlint.judging.rule import Sign
from tests.graphs import path

LAYERS = st.lists(st.sampled_from(["BN", "ReLU", "Dropout", "MaxPooling2D", "Activation(tanh)"]), max_size=6)
ORDERS = [Order(roles) for roles in permutations((Role.NORM, Role.ACTIVATION, Role.DROPOUT))]

NORM, ACTIVATION, DROPOUT = Role.NORM, Role.ACTIVATION, Role.DROPOUT
ACTIVATION_FIRST = Order((ACTIVATION, NORM, DROPOUT))
DROPOUT_FIRST = Order((DROPOUT, NORM, ACTIVATION))
DROPOUT_BETWEEN = Order((NORM, DROPOUT, ACTIVATION))


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
        ("Dense → BN → Dropout → BN", Role.NORM, [(2, 3)]),
        ("Dense → Dropout → ReLU", Role.ACTIVATION, [(1, 2)]),
        ("Dense → ReLU → Dropout → Softmax", Role.ACTIVATION, []),
        ("Dense → Dropout → Dropout → BN", Role.NORM, [(1, 3), (2, 3)]),
        ("Dense → BN → ReLU → Dropout", Role.NORM, []),
    ],
)
def test_misplaced_dropouts_are_told_with_the_nearest_layer(
    text: str, role: Role, wanted: list[tuple[int, int]]
) -> None:
    """An activation on the right side is enough."""
    assert list(inversions(unit_of(text).steps, DEFAULT_ORDER, role)) == wanted


def test_an_output_is_known_or_told_by_its_activation() -> None:
    """A softmax is always an output, a sigmoid if it ends the unit, and any layer at the output of the model."""
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
    """It has the same layers, and its own recommendation is the same chain."""
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
    """After a softmax it would drop predictions."""
    assert recommended(unit_of(text), DEFAULT_ORDER) == wanted


def test_a_norm_does_not_leave_a_dropout_at_the_output() -> None:
    """The dropout before the norm moves up first; if another layer is the output, the norm moves."""
    text = "Dense → Dropout → ReLU → Dropout → BN"
    assert recommended(unit_of(text, True), DEFAULT_ORDER) == (
        "Dropout",
        "Dropout",
        "Dense",
        "BatchNormalization",
        "ReLU",
    )
    assert recommended(unit_of(text), DEFAULT_ORDER) == ("Dense", "BatchNormalization", "ReLU", "Dropout", "Dropout")


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Dense → BN → ReLU", [(1, 2)]),
        ("Dense → ReLU → BN", []),
        ("Dense → ReLU → BN → ReLU", [(2, 3)]),
        ("Dense → ReLU → BN → ReLU → BN", []),
        ("Dense → BN → ReLU → BN", [(1, 2)]),
        ("Dense → BN → ReLU → Activation(tanh)", [(1, 2), (1, 3)]),
    ],
)
def test_with_the_other_order_norms_and_activations_change_places(text: str, wanted: list[tuple[int, int]]) -> None:
    """The norm still comes first in the pair; an activation between two norms opens a block."""
    assert list(misplaced_norms(unit_of(text).steps, ACTIVATION_FIRST)) == wanted


def test_where_the_end_is_not_known_another_activation_may_follow() -> None:
    """A second norm may open a block if an activation may follow; a first norm cannot."""
    second, first = unit_of("Dense → BN → ReLU → BN").steps, unit_of("Dense → ReLU → BN").steps
    assert list(misplaced_norms(second, DEFAULT_ORDER, is_open=True)) == []
    assert list(misplaced_norms(first, DEFAULT_ORDER, is_open=True)) == [(2, 1)]


@pytest.mark.parametrize(
    ("text", "role", "wanted"),
    [
        ("Dense → BN → Dropout", NORM, [(2, 1)]),
        ("Dense → Dropout → BN", NORM, []),
        ("Dense → Dropout → BN → Dropout", NORM, [(3, 2)]),
        ("Dense → BN → BN → Dropout", NORM, [(3, 2)]),
        ("Dense → ReLU → Dropout", ACTIVATION, [(2, 1)]),
        ("Dense → Dropout → ReLU → Dropout", ACTIVATION, []),
        ("Dense → ReLU → Dropout → ReLU → Dropout", ACTIVATION, [(2, 1)]),
    ],
)
def test_where_dropouts_come_first_they_are_looked_for_behind(
    text: str, role: Role, wanted: list[tuple[int, int]]
) -> None:
    """An activation with a dropout before it also counts for the dropouts after it."""
    assert list(inversions(unit_of(text).steps, DROPOUT_FIRST, role)) == wanted


@pytest.mark.parametrize(
    ("text", "pair", "order", "wanted"),
    [
        ("Dense → ReLU → BN", (2, 1), DEFAULT_ORDER, 1),
        ("Dense → ReLU → Activation(tanh) → BN", (3, 2), DEFAULT_ORDER, 1),
        ("Conv → ReLU → Pool → Activation(tanh) → BN", (4, 3), DEFAULT_ORDER, 1),
        ("Dense → ReLU → BN → ReLU → BN", (4, 3), DEFAULT_ORDER, 3),
        ("ReLU → BN", (1, 0), DEFAULT_ORDER, 0),
        ("Dense → BN → ReLU", (1, 2), ACTIVATION_FIRST, 2),
        ("Dense → BN → ReLU → Flatten → Activation(tanh)", (1, 2), ACTIVATION_FIRST, 4),
        ("Dense → BN → ReLU → BN → ReLU", (1, 2), ACTIVATION_FIRST, 2),
    ],
)
def test_a_norm_passes_a_run_of_activations(text: str, pair: tuple[int, int], order: Order, wanted: int) -> None:
    """Layers that pass values on may be in between; another norm ends the run."""
    assert norm_anchor(unit_of(text).steps, pair, order) == wanted


@pytest.mark.parametrize(
    ("text", "drop", "order", "wanted"),
    [
        ("Dense → Dropout → BN → ReLU", 1, DEFAULT_ORDER, (3, True)),
        ("Conv → Dropout → ReLU → Pool → Pool → Flatten", 1, DEFAULT_ORDER, (4, True)),
        ("Conv → Dropout → ReLU → Pool → Pool", 1, DEFAULT_ORDER, (4, True)),
        ("Conv → Dropout → ReLU → Pool → Flatten", 1, DEFAULT_ORDER, (3, True)),
        ("Conv → Dropout → ReLU → Flatten → Pool", 1, DEFAULT_ORDER, (2, True)),
        ("Dense → Dropout → Softmax", 1, DEFAULT_ORDER, (0, False)),
        ("Dropout → BN → Softmax", 0, DEFAULT_ORDER, None),
        ("Dense → BN → Dropout → ReLU", 2, DROPOUT_FIRST, (1, False)),
        ("Dense → ReLU → BN → Dropout", 3, DROPOUT_FIRST, (1, False)),
        ("Dense → BN → ReLU → Dropout", 3, DROPOUT_BETWEEN, (2, False)),
        ("Dense → Dropout → BN → ReLU", 1, DROPOUT_BETWEEN, (2, True)),
    ],
)
def test_a_dropout_goes_where_the_order_has_it(
    text: str, drop: int, order: Order, wanted: tuple[int, bool] | None
) -> None:
    """It goes after the last layer that precedes it in the order, and the poolings there; else before the others."""
    unit = unit_of(text)
    assert dropout_anchor(unit, unit.steps, drop, order) == wanted


@pytest.mark.parametrize(
    ("text", "output", "index", "wanted"),
    [
        ("Dense → Softmax → BN", False, 1, True),
        ("Dense → Activation(sigmoid) → ReLU", False, 1, False),
        ("Dense → Activation(sigmoid) → Dropout → Flatten", False, 1, True),
        ("Dense → ReLU → Dropout", True, 1, True),
        ("Dense → ReLU → BN", True, 1, False),
        ("Dense → ReLU → BN", True, 2, True),
        ("Dense → Dropout", False, 0, False),
    ],
)
def test_what_only_passes_values_on_may_follow_an_output(text: str, output: bool, index: int, wanted: bool) -> None:
    """A dropout may follow, too; a layer that computes may not, except after a softmax."""
    unit = unit_of(text, output)
    assert is_output(unit, unit.steps, index) is wanted


def test_a_sigmoid_that_feeds_another_layer_is_no_output() -> None:
    """The unit of the sigmoid ends at that layer."""
    first, _ = units_of(path("Dense → Activation(sigmoid) → Dense"))
    assert not is_output(first, first.steps, 1)


def test_a_sign_has_the_role_that_comes_too_early_first() -> None:
    """The roles may be given in either order; the sign has a head if requested."""
    for one, other in ((NORM, ACTIVATION), (ACTIVATION, NORM)):
        assert against(DEFAULT_ORDER, one, other) == Sign(ACTIVATION, NORM, False)
        assert against(ACTIVATION_FIRST, one, other, is_headed=True) == Sign(NORM, ACTIVATION, True)


def test_a_chain_that_nobody_reads_is_not_recommended() -> None:
    """A chain is recommended up to the maximum length, without counting layers that pass values on."""
    assert (
        len(recommended(unit_of(" → ".join(["Dense"] + ["ReLU"] * (MOST_ORDERED - 1))), DEFAULT_ORDER)) == MOST_ORDERED
    )
    assert recommended(unit_of(" → ".join(["Dense"] + ["ReLU"] * MOST_ORDERED)), DEFAULT_ORDER) == ()
    assert len(recommended(unit_of(" → ".join(["Dense"] + ["Flatten"] * MOST_ORDERED)), DEFAULT_ORDER)) == 1


@pytest.mark.parametrize(
    ("text", "order", "wanted"),
    [
        ("Dense → ReLU → BN → Dropout", ACTIVATION_FIRST, ("Dense", "ReLU", "BatchNormalization", "Dropout")),
        ("Dense → BN → ReLU → Dropout", ACTIVATION_FIRST, ("Dense", "ReLU", "BatchNormalization", "Dropout")),
        ("Dense → BN → ReLU → Dropout", DROPOUT_FIRST, ("Dense", "Dropout", "BatchNormalization", "ReLU")),
        (
            "Dense → Dropout → BN → Dropout → Softmax",
            DEFAULT_ORDER,
            ("Dropout", "Dropout", "Dense", "BatchNormalization", "Softmax"),
        ),
        ("ReLU → BN → Dropout", DEFAULT_ORDER, ("ReLU", "BatchNormalization", "Dropout")),
        ("Dropout → ReLU", DEFAULT_ORDER, ("Dropout", "ReLU")),
        (
            "Dense → Dropout → BN → GaussianDropout",
            DEFAULT_ORDER,
            ("Dense", "BatchNormalization", "Dropout", "GaussianDropout"),
        ),
        ("Dropout → BN → Softmax", DEFAULT_ORDER, ("Dropout", "BatchNormalization", "Softmax")),
    ],
)
def test_the_recommended_chain_follows_the_order(text: str, order: Order, wanted: tuple[str, ...]) -> None:
    """Without a linear layer only dropouts before a norm are misplaced; they stay if there is no other place."""
    assert recommended(unit_of(text), order) == wanted
