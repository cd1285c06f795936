"""The wishes of the ordering rules, and their effects on the model."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from orderlint.graph import Edge, LayerGraph, Role, Step, Unit, UnitStep, units_of
from orderlint.graph.guards import ALWAYS
from orderlint.judging.moves import (
    changes_shape,
    commute,
    dropout_effect,
    dropout_move,
    is_inline,
    moves_masks,
    norm_move,
    plain_past,
    quoted,
)
from orderlint.judging.order import DEFAULT_ORDER, Order
from orderlint.judging.wishes import MoveAfter, MoveBefore
from tests.graphs import GraphBuilder, path


def unit_of(text: str) -> Unit:
    (unit,) = units_of(path(text))
    return unit


@pytest.mark.parametrize(
    ("text", "becomes"),
    [
        ("Conv → SpatialDropout2D → GlobalMaxPooling2D → BN", "Dropout"),
        ("Conv → SpatialDropout2D → GlobalAveragePooling2D → Flatten → BN", "Dropout"),
        ("Conv → Dropout → GlobalMaxPooling2D → BN", None),
        ("Conv → SpatialDropout2D → MaxPooling2D → BN", None),
        ("Conv → SpatialDropout2D → Flatten → GlobalMaxPooling1D → BN", None),
        ("Conv → SpatialDropout2D → BN → GlobalMaxPooling2D → ReLU", "Dropout"),
    ],
)
def test_what_a_spatial_dropout_becomes_behind_a_global_pooling(text: str, becomes: str | None) -> None:
    """It becomes a plain dropout, since each channel has one value left. Otherwise it stays unchanged."""
    steps = unit_of(text).steps
    assert plain_past(steps[1], steps[2:]) == becomes


def test_a_spatial_dropout_in_a_wrapper_stays_what_it_is() -> None:
    """A name in place of `TimeDistributed(SpatialDropout2D(0.5))` would lose the wrapper."""
    plain, wrapped = (
        steps_of(("Conv2D", {}), ("SpatialDropout2D", facts), ("GlobalMaxPooling2D", {}))
        for facts in ({}, {"wrapper": "TimeDistributed"})
    )
    assert plain_past(plain[1], plain[2:]) == "Dropout"
    assert plain_past(wrapped[1], wrapped[2:]) is None


def test_a_dropout_of_another_name_stays_what_it_is() -> None:
    """The behavior of a user's dropout is unknown, whatever its name starts with."""
    steps = unit_of("Conv → SpatialDropout2D → GlobalMaxPooling2D").steps
    own = replace(steps[1], step=replace(steps[1].step, name="SpatialThing"))
    assert plain_past(steps[1], steps[2:]) == "Dropout"
    assert plain_past(own, steps[2:]) is None


def test_a_spatial_dropout_has_masks_that_fit_before_a_linear_layer() -> None:
    """It drops channels of any input, unless its noise shape is given."""
    conv, drop = unit_of("Conv → SpatialDropout2D").steps
    assert not moves_masks(drop, conv)
    wish, refusal = dropout_move(unit_of("Conv → SpatialDropout2D → Softmax"), 1, DEFAULT_ORDER)
    assert isinstance(wish, MoveBefore)
    assert (wish.anchor.name, refusal) == ("Conv2D", None)


def test_a_spatial_dropout_moves_past_a_global_pooling_as_a_plain_one() -> None:
    """The wish says so; past layers that keep the shape it moves unchanged."""
    wish, refusal = dropout_move(unit_of("Conv → SpatialDropout2D → GlobalMaxPooling2D → BN"), 1, DEFAULT_ORDER)
    assert isinstance(wish, MoveAfter)
    assert (wish.anchor.name, wish.becomes, refusal) == ("BatchNormalization", "Dropout", None)
    wish, _ = dropout_move(unit_of("Conv → SpatialDropout2D → BN"), 1, DEFAULT_ORDER)
    assert isinstance(wish, MoveAfter)
    assert wish.becomes is None


def test_a_norm_moves_before_the_activation() -> None:
    """The norm moves before all adjacent activations."""
    steps = unit_of("Dense → ReLU → Activation(tanh) → BN").steps
    wish, refusal = norm_move(steps, (3, 2), DEFAULT_ORDER)
    assert isinstance(wish, MoveBefore)
    assert (wish.anchor.name, wish.effect, refusal) == ("ReLU", "changes-model", None)


def test_where_the_shape_changes_the_activation_moves() -> None:
    """The parameters of the norm keep their shape."""
    steps = unit_of("Conv → ReLU → Flatten → BN").steps
    wish, _ = norm_move(steps, (3, 1), DEFAULT_ORDER)
    assert isinstance(wish, MoveAfter)
    assert (wish.moved.name, wish.anchor.name) == ("ReLU", "BatchNormalization")
    assert [changes_shape(step) for step in steps] == [False, False, True, False]


def test_an_activation_with_axes_does_not_pass_a_change_of_shape() -> None:
    """Its axes would have another meaning."""
    steps = unit_of("Conv → Softmax → Flatten → BN").steps
    if steps[1].call.facts.get("axes"):
        wish, refusal = norm_move(steps, (3, 1), DEFAULT_ORDER)
        assert wish is None
        assert refusal is not None
        assert "works along axes" in refusal


@pytest.mark.parametrize(
    ("text", "anchor", "effect"),
    [
        ("Dense → Dropout → ReLU", "ReLU", "equivalent"),
        ("Dense → Dropout → BN → ReLU", "ReLU", "same-inference"),
        ("Dense → Dropout → Activation(tanh)", "Tanh", "same-inference"),
    ],
)
def test_a_dropout_moves_behind_the_last_layer(text: str, anchor: str, effect: str) -> None:
    """The effect on the model depends on the layers that it passes."""
    wish, _ = dropout_move(unit_of(text), 1, DEFAULT_ORDER)
    assert isinstance(wish, MoveAfter)
    assert (wish.anchor.name.lower(), wish.effect) == (anchor.lower(), effect)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Conv → SpatialDropout2D → Flatten → BN", "has a fixed shape"),
        ("Dropout → BN → Softmax", "no linear layer"),
    ],
)
def test_where_there_is_no_wish_the_reason_is_told(text: str, reason: str) -> None:
    """The user can act on the reason."""
    unit = unit_of(text)
    at = next(index for index, step in enumerate(unit.steps) if "Dropout" in step.name)
    wish, refusal = dropout_move(unit, at, DEFAULT_ORDER)
    assert wish is None
    assert refusal is not None
    assert reason in refusal


def test_a_dropout_commutes_with_what_keeps_zeros_and_factors() -> None:
    """A dropout commutes with relu, but not with tanh; a dropout with noise does not commute either."""
    drop, relu, tanh, noise = (
        unit_of(f"Dense → {name}").steps[1] for name in ("Dropout", "ReLU", "Activation(tanh)", "GaussianDropout")
    )
    assert commute(drop, relu)
    assert not commute(drop, tanh)
    assert not commute(noise, relu)


def test_an_inline_activation_is_named_with_its_layer() -> None:
    """An inline activation is an argument, and has no statement of its own."""
    steps = unit_of("Dense(relu)").steps
    assert [is_inline(step) for step in steps] == [False, True]
    assert [quoted(step) for step in steps] == ["`Dense`", "`ReLU` of `Dense`"]


def steps_of(*layers: tuple[str, dict[str, Any]]) -> tuple[UnitStep, ...]:
    """The steps of one path of layers with arguments."""
    build = GraphBuilder()
    last: tuple[int, ...] = ()
    for name, arguments in layers:
        last = (build.add(name, *last, **arguments),)
    (unit,) = units_of(build.graph())
    return tuple(unit.steps)


ACTIVATION_FIRST = Order((Role.ACTIVATION, Role.NORM, Role.DROPOUT))
DROPOUT_FIRST = Order((Role.DROPOUT, Role.NORM, Role.ACTIVATION))


def test_with_the_other_order_the_norm_moves_down() -> None:
    """It moves after the activation; if the shape changes in between, the activation moves before the norm."""
    wish, _ = norm_move(unit_of("Dense → BN → ReLU").steps, (1, 2), ACTIVATION_FIRST)
    assert isinstance(wish, MoveAfter)
    assert (wish.moved.name, wish.anchor.name, wish.effect) == ("BatchNormalization", "ReLU", "changes-model")
    wish, _ = norm_move(unit_of("Conv → BN → Flatten → ReLU").steps, (1, 3), ACTIVATION_FIRST)
    assert isinstance(wish, MoveBefore)
    assert (wish.call.layer, wish.anchor.name, wish.effect) == ("ReLU", "BatchNormalization", "changes-model")


def test_with_the_other_order_the_dropout_moves_up() -> None:
    """It moves from after the norm to before it; predictions do not change."""
    unit = unit_of("Dense → BN → Dropout → ReLU")
    wish, refusal = dropout_move(unit, 2, DROPOUT_FIRST)
    assert isinstance(wish, MoveBefore)
    assert (wish.call.layer, wish.anchor.name, wish.effect) == ("Dropout", "BatchNormalization", "same-inference")
    assert refusal is None


def test_a_spatial_dropout_does_not_move_up_past_a_global_pooling() -> None:
    """Before the pooling each channel has many values; only after it is there one."""
    unit = unit_of("Conv → BN → GlobalMaxPooling2D → SpatialDropout2D → ReLU")
    wish, refusal = dropout_move(unit, 3, DROPOUT_FIRST)
    assert wish is None
    assert refusal is not None
    assert refusal.endswith("`GlobalMaxPooling2D` changes the shape; use a plain `Dropout` before it")


def test_axes_are_others_only_where_the_shape_changes() -> None:
    """A norm passes a softmax over an axis like any activation."""
    softmax: tuple[str, dict[str, object]] = ("Softmax", {"axis": 1})
    plain = steps_of(("Conv", {}), softmax, ("BN", {}))
    assert plain[1].call.facts.get("axes")
    assert isinstance(norm_move(plain, (2, 1), DEFAULT_ORDER)[0], MoveBefore)
    reshaped = steps_of(("Conv", {}), softmax, ("Flatten", {}), ("BN", {}))
    wish, refusal = norm_move(reshaped, (3, 1), DEFAULT_ORDER)
    assert wish is None
    assert refusal is not None
    assert "works along axes" in refusal


def test_only_a_layer_that_passes_values_on_changes_the_shape() -> None:
    """The linear layer at the start of a unit defines a shape, and does not change one between two other layers."""
    steps = unit_of("Dense → ReLU → BN → Dropout").steps
    assert not any(map(changes_shape, steps))


def test_a_dropout_with_a_noise_shape_has_masks_for_one_shape() -> None:
    """It does not move past a layer that changes the shape, or past the linear layer."""
    noisy: tuple[str, dict[str, object]] = ("Dropout", {"noise_shape": (1, 8)})
    steps = steps_of(("Conv", {}), noisy, ("Flatten", {}), ("BN", {}))
    assert steps[1].call.facts.get("noise_shape") is True
    refusal = _refusal(steps, 1)
    assert refusal.startswith("the mask of `Dropout` has a fixed shape, and `Flatten`")
    assert refusal.endswith("use a plain `Dropout` after it")
    refusal = _refusal(steps_of(("Dense", {}), noisy, ("Softmax", {})), 1, output=True)
    assert refusal.endswith("`Dense` changes the shape; use a plain `Dropout` before it")
    plain = unit_of("Dense → Dropout → Flatten → BN")
    assert dropout_move(plain, 1, DEFAULT_ORDER)[1] is None


def graph_of(steps: tuple[UnitStep, ...], *, output: bool = False) -> LayerGraph:
    """The graph of a sequence of steps."""
    build = GraphBuilder()
    build.calls += [replace(step.call, id=number) for number, step in enumerate(steps)]
    build.edges += [Edge(number - 1, number, ALWAYS) for number in range(1, len(steps))]
    return build.graph(outputs=(len(steps) - 1,) if output and steps else ())


def _refusal(steps: tuple[UnitStep, ...], drop: int, *, output: bool = False) -> str:
    (unit,) = units_of(graph_of(steps, output=output))
    wish, refusal = dropout_move(unit, drop, DEFAULT_ORDER)
    assert wish is None
    assert refusal is not None
    return refusal


def test_a_dropout_commutes_with_what_hands_on_its_input() -> None:
    """The identity commutes with a dropout; a pooling does not, and a dropout in a wrapper commutes with nothing."""
    drop, identity, pool = unit_of("Conv → Dropout → Activation(linear) → Pool").steps[1:]
    assert identity.role is Role.PASS
    assert commute(drop, identity)
    assert not commute(drop, pool)
    build = GraphBuilder()
    build.add("ReLU", build.add("Dropout", build.add("Dense"), wrapper="TimeDistributed"))
    (unit,) = units_of(build.graph())
    assert not commute(unit.steps[1], unit.steps[2])


def test_one_call_of_several_steps_is_not_taken_apart() -> None:
    """A composite layer in the configuration is one layer: a violation inside it is reported, and not repaired."""
    roles = (Role.LINEAR, Role.DROPOUT, Role.ACTIVATION, Role.NORM)
    build = GraphBuilder()
    build.add("Dense", steps=[Step(role, f"Block.{role.value}") for role in roles])
    (unit,) = units_of(build.graph())
    for wish, refusal in (norm_move(unit.steps, (3, 2), DEFAULT_ORDER), dropout_move(unit, 1, DEFAULT_ORDER)):
        assert wish is None
        assert "both are inside `Dense`" in str(refusal)
    build = GraphBuilder()
    inside = [Step(Role.ACTIVATION, "Block.act"), Step(Role.PASS, "Block.end")]
    build.add("Dense", build.add("Dropout", build.add("Dense")), steps=inside)
    (unit,) = units_of(build.graph())
    wish, refusal = dropout_move(unit, 1, DEFAULT_ORDER)
    assert wish is None
    assert "`Block.act` is inside `Dense`, which applies more layers after it" in str(refusal)


def test_a_linear_layer_is_never_inline() -> None:
    """This holds in a wrapper or composite layer where another step comes before it, too."""
    build = GraphBuilder()
    build.add("Dense", steps=[Step(Role.PASS, "Block.start"), Step(Role.LINEAR, "Block.dense")])
    assert not any(is_inline(step) for unit in units_of(build.graph()) for step in unit.steps)


def test_what_keeps_the_shape_is_passed_by_norms_and_masks() -> None:
    """An identity keeps the shape; a flattening does not."""
    steps = unit_of("Conv → Activation(linear) → Flatten").steps
    assert [changes_shape(step) for step in steps] == [False, False, True]


def test_only_what_lies_between_is_crossed() -> None:
    """All layers before the anchor and the anchor are crossed, and none after it."""
    wish, refusal = dropout_move(unit_of("Conv → SpatialDropout2D → ReLU → Flatten"), 1, DEFAULT_ORDER)
    assert isinstance(wish, MoveAfter)
    assert (wish.anchor.name, wish.effect, refusal) == ("ReLU", "equivalent", None)
    wish, _ = dropout_move(unit_of("Dense → Dropout → Activation(tanh) → ReLU"), 1, DEFAULT_ORDER)
    assert isinstance(wish, MoveAfter)
    assert (wish.anchor.name, wish.effect) == ("ReLU", "same-inference")


def test_a_noise_shape_matters_only_where_the_shape_is_another() -> None:
    """A dropout with a noise shape moves past an activation; one without moves before the linear layer."""
    noisy = steps_of(("Dense", {}), ("Dropout", {"noise_shape": (1, 8)}), ("ReLU", {}))
    (unit,) = units_of(graph_of(noisy))
    assert isinstance(dropout_move(unit, 1, DEFAULT_ORDER)[0], MoveAfter)
    (unit,) = units_of(path("Dense → Dropout → Softmax", output=True))
    wish, refusal = dropout_move(unit, 1, DEFAULT_ORDER)
    assert isinstance(wish, MoveBefore)
    assert (wish.anchor.name, refusal) == ("Dense", None)


def test_a_dropout_that_is_on_at_inference_changes_the_model() -> None:
    """The model changes if it does not commute with a layer that it passes."""
    drop, tanh = unit_of("Dense → Dropout → Activation(tanh)").steps[1:]
    always = replace(drop, call=replace(drop.call, facts={**drop.call.facts, "training": True}))
    assert dropout_effect(drop, [tanh]) == "same-inference"
    assert dropout_effect(always, [tanh]) == "changes-model"


def test_a_linear_layer_with_an_activation_that_commutes_does_not_commute_itself() -> None:
    """The facts about the call only describe its activation."""
    dense, relu = unit_of("Dense(relu)").steps
    drop = unit_of("Dense → Dropout").steps[1]
    assert commute(drop, relu)
    assert not commute(drop, dense)


def test_before_a_composite_layer_it_does_not_matter_what_it_does_last() -> None:
    """A wish is only refused if the layer would be placed after a step in the middle of a composite layer."""
    build = GraphBuilder()
    inside = [Step(Role.NORM, "Block.norm"), Step(Role.PASS, "Block.end")]
    build.add("Dropout", build.add("Dense", build.add("Dense"), steps=inside))
    (unit,) = units_of(build.graph())
    wish, _ = dropout_move(unit, 3, DROPOUT_FIRST)
    assert isinstance(wish, MoveBefore)
    assert wish.anchor.name == "Block.norm"


def test_an_activation_of_a_kind_of_its_own_is_left_to_the_user() -> None:
    """Quantized layers take activations that `Activation` does not accept."""
    build = GraphBuilder()
    build.add("BN", build.add("Dense", activation="relu"))
    call = replace(build.calls[0], facts={**build.calls[0].facts, "own_activation": "QActivation"})
    build.calls[0] = call
    (unit,) = units_of(build.graph())
    wish, refusal = norm_move(unit.steps, (2, 1), DEFAULT_ORDER)
    assert wish is None
    assert "the activation of `Dense` would have to become a `QActivation`" in str(refusal)
    build = GraphBuilder()
    build.add("BN", build.add("ReLU", build.add("Dense")))
    build.calls[1] = replace(build.calls[1], facts={**build.calls[1].facts, "own_activation": "QActivation"})
    (unit,) = units_of(build.graph())
    assert isinstance(norm_move(unit.steps, (2, 1), DEFAULT_ORDER)[0], MoveBefore)
