"""The wishes of the ordering rules, and what they do to the model."""

from __future__ import annotations

import pytest

from orderlint.graph import Unit, UnitStep, units_of
from orderlint.judging.moves import changes_shape, commute, dropout_move, is_inline, norm_move, quoted
from orderlint.judging.order import DEFAULT_ORDER
from orderlint.judging.wishes import MoveAfter, MoveBefore
from tests.graphs import path


def unit_of(text: str) -> Unit:
    (unit,) = units_of(path(text))
    return unit


def named(step: UnitStep) -> str:
    return step.name


def test_a_norm_moves_before_the_activation() -> None:
    """Past all activations in a row."""
    steps = unit_of("Dense → ReLU → Activation(tanh) → BN").steps
    wish, refusal = norm_move(steps, (3, 2), DEFAULT_ORDER)
    assert isinstance(wish, MoveBefore)
    assert (wish.anchor.name, wish.effect, refusal) == ("ReLU", "changes-model", None)


def test_where_the_shape_changes_the_activation_moves() -> None:
    """The norm keeps the shape of its parameters."""
    steps = unit_of("Conv → ReLU → Flatten → BN").steps
    wish, _ = norm_move(steps, (3, 1), DEFAULT_ORDER)
    assert isinstance(wish, MoveAfter)
    assert (wish.moved.name, wish.anchor.name) == ("ReLU", "BatchNormalization")
    assert [changes_shape(step) for step in steps] == [False, False, True, False]


def test_an_activation_with_axes_does_not_pass_a_change_of_shape() -> None:
    """Its axes would be others."""
    steps = unit_of("Conv → Softmax → Flatten → BN").steps
    if steps[1].call.facts.get("axes"):
        wish, refusal = norm_move(steps, (3, 1), DEFAULT_ORDER)
        assert wish is None
        assert refusal is not None
        assert "works on axes" in refusal


@pytest.mark.parametrize(
    ("text", "anchor", "effect"),
    [
        ("Dense → Dropout → ReLU", "ReLU", "equivalent"),
        ("Dense → Dropout → BN → ReLU", "ReLU", "same-inference"),
        ("Dense → Dropout → Activation(tanh)", "Tanh", "same-inference"),
    ],
)
def test_a_dropout_moves_behind_the_last_layer(text: str, anchor: str, effect: str) -> None:
    """What it does to the model depends on what it passes."""
    wish, _ = dropout_move(unit_of(text), 1, DEFAULT_ORDER)
    assert isinstance(wish, MoveAfter)
    assert (wish.anchor.name.lower(), wish.effect) == (anchor.lower(), effect)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Conv → SpatialDropout2D → Flatten → BN", "has masks for one shape"),
        ("Dropout → BN → Softmax", "no linear layer"),
    ],
)
def test_where_there_is_no_wish_the_reason_is_told(text: str, reason: str) -> None:
    """So that the user can act on it."""
    unit = unit_of(text)
    at = next(index for index, step in enumerate(unit.steps) if "Dropout" in step.name)
    wish, refusal = dropout_move(unit, at, DEFAULT_ORDER)
    assert wish is None
    assert refusal is not None
    assert reason in refusal


def test_a_dropout_commutes_with_what_keeps_zeros_and_factors() -> None:
    """A relu does; a tanh does not, nor does a dropout with noise."""
    drop, relu, tanh, noise = (
        unit_of(f"Dense → {name}").steps[1] for name in ("Dropout", "ReLU", "Activation(tanh)", "GaussianDropout")
    )
    assert commute(drop, relu)
    assert not commute(drop, tanh)
    assert not commute(noise, relu)


def test_an_inline_activation_is_named_with_its_layer() -> None:
    """It is an argument, and stands nowhere by itself."""
    steps = unit_of("Dense(relu)").steps
    assert [is_inline(step) for step in steps] == [False, True]
    assert [quoted(step) for step in steps] == ["`Dense`", "`ReLU` of `Dense`"]
