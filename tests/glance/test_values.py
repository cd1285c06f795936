"""Values: a join is everything that any of its parts may be."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderlint.glance.lists import Dict, List
from orderlint.glance.orders import FRESH, HEADED
from orderlint.glance.things import (
    ANY,
    DATA,
    SCALAR,
    UNKNOWN,
    External,
    Layer,
    Stack,
    Tensor,
    Value,
    const,
    is_plain,
    one,
)
from orderlint.glance.values import again, element_of, flow_of, join, of_order, widened
from orderlint.text.files import source_from_text
from tests.glance.looking import analyzed, glance

NORM = one(Layer(frozenset([("norm",)])))
_PLAIN = st.sampled_from([const(1), const("relu"), const(None), SCALAR, DATA, UNKNOWN, one(External("numpy.pi"))])
_OTHERS = st.sampled_from([NORM, one(Tensor(FRESH)), one(Tensor(HEADED)), one(External("keras.layers.Dense"))])
_SIMPLE = st.one_of(_PLAIN, _OTHERS)
_LISTS = st.builds(
    lambda items, token: one(List(tuple(items), token=token)), st.lists(_SIMPLE, max_size=3), st.sampled_from("ab")
)
VALUES = st.lists(st.one_of(_SIMPLE, _LISTS), min_size=1, max_size=3).map(lambda values: join(*values))


@given(VALUES, VALUES)
def test_joining_is_one_for_both_orders(first: Value, second: Value) -> None:
    """The order of the branches makes no difference."""
    assert join(first, second) == join(second, first)


@given(VALUES, VALUES)
def test_joining_again_adds_nothing(first: Value, second: Value) -> None:
    """A loop reaches its fixed point."""
    both = join(first, second)
    assert join(both, first) == both
    assert join(both, both) == both


@given(VALUES, VALUES)
def test_a_flow_holds_those_of_both(first: Value, second: Value) -> None:
    """A layer that is fed by a join is fed by both of its parts."""
    flows = [flow_of(value) or frozenset() for value in (first, second)]
    both = flow_of(join(first, second))
    assert both is not None
    assert flows[0] | flows[1] <= both


@given(VALUES, VALUES)
def test_only_what_is_plain_is_joined_to_what_is_plain(first: Value, second: Value) -> None:
    """A layer is never lost in a join."""
    assert is_plain(join(first, second)) == (is_plain(first) and is_plain(second))


def test_a_list_that_grows_keeps_its_beginning() -> None:
    """A list that a loop appends to keeps the elements from before the loop."""
    short, long = List((NORM,), token=1), List((NORM, SCALAR), token=1)
    (both,) = join(one(short), one(long))
    assert (both.items, both.rest) == ((NORM,), SCALAR)
    assert element_of(both) == join(NORM, SCALAR)


def test_two_lists_stay_two() -> None:
    """Only two states of the same list are joined element by element."""
    assert len(join(one(List((NORM,), token=1)), one(List((NORM,), token=2)))) == 2


def test_a_model_in_two_states_has_the_flows_of_both() -> None:
    """One branch adds a layer to a `Sequential`, and the other does not."""
    (both,) = join(one(Stack((), frozenset(), FRESH, 1)), one(Stack((NORM,), frozenset(), HEADED, 1)))
    assert both.flow == FRESH | HEADED
    assert (both.layers, both.rest) == ((), NORM)


def test_endless_nesting_comes_to_an_end() -> None:
    """A function that nests dictionaries by calling itself does not exhaust the memory."""
    plain, layers = SCALAR, NORM
    for _ in range(30):
        plain, layers = one(Dict({"a": plain})), one(Dict({"a": layers}))
    assert is_plain(plain)
    assert not is_plain(layers)


def test_too_many_things_are_anything() -> None:
    """Two hundred functions under one name are no longer distinguished."""
    assert join(*(one(External(f"lab.f{number}")) for number in range(201))) == ANY


@given(VALUES)
def test_a_list_or_dictionary_tells_what_it_holds(value: Value) -> None:
    """It is plain if its elements are plain, and a layer is fed by the same calls."""
    for held in (List((value,)), List((), value), Dict({"key": value}), Dict({}, value)):
        assert is_plain(one(held)) == is_plain(value)
        assert flow_of(one(held)) == flow_of(value)


def test_a_list_of_ever_so_many_things_holds_its_tensor() -> None:
    """It has so many elements that each of them may be anything."""
    many = [one(External(f"library.part{number}")) for number in range(300)]
    assert flow_of(one(List((one(Tensor(HEADED)), *many)))) == HEADED


def test_what_is_unknown_or_data_starts_a_unit() -> None:
    """To a glance, an input of a model is the same."""
    assert flow_of(DATA) == flow_of(UNKNOWN) == FRESH
    assert flow_of(SCALAR) == frozenset()


def test_a_list_to_which_each_iteration_adds_remembers_what_an_iteration_adds() -> None:
    """The elements of an iteration are in order, after those from before the loop."""
    start = List((NORM,), token="a")
    (grown,) = again(one(start), one(List((NORM, one(Tensor(HEADED))), token="a")))
    assert isinstance(grown, List)
    assert grown.items == (NORM,)
    assert grown.repeated == ((one(Tensor(HEADED)), False),)


def test_a_list_that_is_widened_forgets_the_order_of_what_may_be_missing() -> None:
    """It keeps the elements that certainly come first, and the set of those that may follow."""
    ordered = of_order(((NORM, False), (one(Tensor(HEADED)), True), (NORM, True)))
    assert ordered.has_tail
    (wide,) = widened(one(ordered))
    assert isinstance(wide, List)
    assert not wide.has_tail
    assert (wide.items, wide.rest) == ((NORM,), ordered.rest)


def test_one_of_many_texts_is_not_known_and_stays_so() -> None:
    """An attribute that gets different strings reaches a fixed point, even if it gets one after the other."""
    many = join(*(const(f"kind {number}") for number in range(20)))
    assert many == SCALAR
    assert join(many, const("kind 1")) == join(const("kind 1"), many) == many


DATA_OR_A_TEXT = {
    "the activation of a layer": "x = layers.BatchNormalization()(layers.Dense(8, activation=name)(x))",
    "the name of a class": "x = layers.BatchNormalization()(getattr(layers, name)()(layers.Dense(8)(x)))",
    "the key of a table": """table = {"ReLU": layers.ReLU(), "other": layers.Flatten()}
x = layers.BatchNormalization()(table[name](layers.Dense(8)(x)))""",
    "the name of a function": """function = getattr(keras.activations, name.lower())
x = layers.BatchNormalization()(function(layers.Dense(8)(x)))""",
    "what decides": """x = layers.Dense(8)(x)
if name == "ReLU":
    x = layers.ReLU()(x)
x = layers.BatchNormalization()(x)""",
}


@pytest.mark.parametrize("use", DATA_OR_A_TEXT)
def test_what_may_be_data_may_be_any_text(use: str) -> None:
    """A glance keeps no string beside data, since data may be any string."""
    assert join(DATA, const("ReLU"), SCALAR) == DATA
    start = "import os\nimport sys\nimport keras\nfrom keras import layers\nx = keras.Input((8,))\n"
    either = 'name = os.path.join("a", sys.argv[1]) if len(sys.argv) > 2 else "ReLU"\n'
    text = start + either + DATA_OR_A_TEXT[use] + "\n"
    assert glance(text) is None
    assert analyzed(source_from_text(text, "net.py"))
