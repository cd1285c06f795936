"""The changes of a chain of layers that a wish asks for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderlint.graph import LayerCall, Role, Step, UnitStep, units_of
from orderlint.judging import MoveAfter, MoveBefore
from orderlint.repair.net.moves import Move, merged, move_of
from orderlint.repair.text.drafts import Refused
from orderlint.repair.text.rows import rotated
from tests.graphs import GraphBuilder, path


def steps(text: str) -> tuple[list[LayerCall], tuple[UnitStep, ...]]:
    """The calls of a path without branches, and the steps of its unit."""
    graph = path(text)
    (unit,) = units_of(graph)
    return list(graph.calls), unit.steps


def names(calls: tuple[LayerCall, ...]) -> list[str]:
    return [call.layer for call in calls]


@given(st.integers(1, 6), st.booleans())
def test_rotating_up_and_then_down_is_nothing(count: int, up: bool) -> None:
    """Rotating moves one end of a row to the other end; the others keep their order."""
    there, back = rotated(count, up, not up), rotated(count, not up, up)
    assert [there[at] for at in back] == list(range(count))
    moved = there[0 if up else -1]
    assert moved == (count - 1 if up else 0)
    assert [at for at in there if at != moved] == sorted(set(there) - {moved})


def test_a_norm_moves_up_over_a_layer() -> None:
    """A norm that moves up is the last call, which becomes the first."""
    calls, units = steps("Dense → ReLU → BN")
    move = move_of(MoveBefore(calls[2], units[1], "changes-model"), calls)
    assert (names(move.calls), move.up, move.splits) == (["ReLU", "BatchNormalization"], True, False)
    assert move.order == [1, 0]


def test_an_inline_activation_is_split_off() -> None:
    """The linear layer stays, and the new activation layer goes after the call that is then first."""
    calls, units = steps("Dense(relu) → BN")
    move = move_of(MoveBefore(calls[1], units[1], "changes-model"), calls)
    assert (names(move.calls), names(move.linears), move.up) == (["BatchNormalization"], ["Dense"], False)
    assert (move.added, names(move.path)) == (0, ["Dense", "BatchNormalization"])


def test_an_inline_activation_that_follows_anyway_is_merged() -> None:
    """A second relu is merged with the first; a second tanh is not, nor is a relu with a tanh."""
    calls, units = steps("Dense(relu) → BN → Activation(tanh)")
    assert not move_of(MoveBefore(calls[1], units[1], "changes-model"), calls).is_merged
    for name, wanted in (("relu", True), ("tanh", False)):
        calls, units = steps(f"Dense({name}) → BN → Activation({name})")
        assert move_of(MoveBefore(calls[1], units[1], "changes-model"), calls).is_merged is wanted


def test_an_inline_activation_is_merged_only_with_the_one_behind_what_moves() -> None:
    """It is merged only with the next layer; a norm that passes others moves up over them."""
    for text in ("Dense(relu) → Dropout → BN", "Dense(relu) → Dropout → Activation(relu) → BN"):
        calls, units = steps(text)
        move = move_of(MoveBefore(calls[-1], units[1], "changes-model"), calls)
        assert (move.is_merged, move.up, move.added) == (False, True, 0)


def test_a_dropout_moves_down() -> None:
    """A dropout that moves down is the first call, which becomes the last."""
    calls, units = steps("Dense → Dropout → BN → ReLU")
    move = move_of(MoveAfter(units[1], units[3], "same-inference"), calls)
    assert (move.down, move.order) == (True, [1, 2, 0])


def test_what_is_inside_another_layer_does_not_move() -> None:
    """A step can leave its layer only if it is the inline activation, and nothing goes between two of its steps."""
    drop, dense = path("Dropout → Dense(relu)").calls
    wish = MoveAfter(UnitStep(drop, drop.steps[0]), UnitStep(dense, dense.steps[0]), "equivalent")
    with pytest.raises(Refused, match="applies several layers"):
        move_of(wish, [drop, dense])


def test_of_a_layer_of_three_steps_none_is_split_off() -> None:
    """Only an inline activation can become a layer of its own."""
    build = GraphBuilder()
    names = ((Role.LINEAR, "Block"), (Role.ACTIVATION, "Block.act"), (Role.PASS, "Block.pad"))
    block = build.add("Block", steps=[Step(role, name) for role, name in names])
    build.add("BN", block)
    first, norm = build.graph().calls
    with pytest.raises(Refused, match=r"`Block\.act` is inside `Block`"):
        move_of(MoveBefore(norm, UnitStep(first, first.steps[1]), "changes-model"), [first, norm])


def test_ends_in_the_wrong_order_are_those_of_a_loop() -> None:
    """The layer to move past comes before it."""
    calls, units = steps("Dense → Dropout → BN")
    with pytest.raises(Refused, match="loop"):
        move_of(MoveAfter(units[2], units[1], "equivalent"), calls)


def parallel(*activations: str) -> list[Move]:
    """A move for each of several linear layers that one norm follows."""
    build = GraphBuilder()
    dense = [build.add("Dense", activation=name) for name in activations]
    norm = build.add("BN", *dense)
    graph = build.graph()
    return [
        move_of(
            MoveBefore(graph.calls[norm], UnitStep(call := graph.calls[one], call.steps[1]), "changes-model"),
            [call, graph.calls[norm]],
        )
        for one in dense
    ]


def test_moves_that_differ_in_their_linear_layers_are_one() -> None:
    """All of them lose their activation, and one layer replaces it."""
    move = merged(parallel("relu", "relu"))
    assert len(move.linears) == 2
    assert merged([move]) == move


def test_moves_that_differ_in_more_are_refused() -> None:
    """One moves up, the other down, so no edit is right for both."""
    first, second = parallel("relu", "relu")
    with pytest.raises(Refused, match="different repairs"):
        merged([first, Move(second.calls, down=True, linears=second.linears)])
