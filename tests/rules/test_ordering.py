"""The ordering rules on hand-built graphs: all examples of the definition, and permutations of the order."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderlint.graph import LayerGraph, Role, Step, units_of
from orderlint.graph.guards import GuardSpace
from orderlint.judging import DEFAULT_ORDER, MoveAfter, MoveBefore, Order, Violation, judge, recommended
from orderlint.judging.reported import finding_of
from tests.graphs import GraphBuilder, line_of, path
from tests.judged import RULES

NORM, ACTIVATION, DROPOUT = Role.NORM, Role.ACTIVATION, Role.DROPOUT
ORDERING = [RULES[code] for code in ("ORD001", "ORD002", "ORD003")]


def violations(graph: LayerGraph, order: Order = DEFAULT_ORDER) -> list[Violation]:
    return judge([graph], ORDERING, order)


def found(graph: LayerGraph, order: Order = DEFAULT_ORDER) -> list[str]:
    return sorted(f"{violation.rule.code}@{line_of(violation.at)}" for violation in violations(graph, order))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Dense(relu) → BN", ["ORD001@2"]),
        ("Conv → ReLU → Pool → BN", ["ORD001@4"]),
        ("Dense → Dropout → BN → ReLU", ["ORD002@2", "ORD003@2"]),
        ("Dense(relu) → Dropout → BN", ["ORD001@3", "ORD002@2"]),
        ("Dense → BN → ReLU → Dropout → Dense → BN", []),
        ("Conv → BN → ReLU → Pool → BN → ReLU → Conv", []),
        ("Conv → BN → ReLU → BN → Conv", ["ORD001@4"]),
        ("LSTM → Dropout → BN", ["ORD002@2"]),
        ("InputLayer → Dropout → BN → Dense", ["ORD002@2"]),
        ("LSTM → BN", []),
        ("LSTM → ReLU → BN", []),
        ("LSTM → Dropout → ReLU", []),
        ("Dense(relu) → LayerNormalization", []),
        ("Conv → BN → Dropout → ReLU", ["ORD003@3"]),
        ("Dense(relu) → Dropout → Softmax", []),
        ("Dense → Dropout → Softmax", ["ORD003@2"]),
        ("Dense(linear) → Dropout → BN", ["ORD002@2"]),
        ("Dense → Dropout → Activation(linear)", []),
        ("Dense → Dropout → Dense → BN", []),
        ("Dense → Dropout → Add → BN", []),
        ("Dense → ReLU → BN → ReLU → BN → ReLU", ["ORD001@3"]),
        ("Dense → ReLU → BN → BN", ["ORD001@3", "ORD001@4"]),
        ("Dense → Dropout → BN → Dropout → BN", ["ORD002@2", "ORD002@4"]),
        ("Dense → Dropout → GaussianDropout → ReLU", ["ORD003@2", "ORD003@3"]),
        ("Dense → BN", []),
        ("Dense(relu)", []),
    ],
)
def test_examples_of_the_definition(text: str, expected: list[str]) -> None:
    """The findings in straight paths, by code and position in the path."""
    assert found(path(text)) == expected


def test_merge_ends_the_unit() -> None:
    """`Conv → BN → Add([…, shortcut]) → ReLU` and `Add → ReLU → BN` have no findings."""
    build = GraphBuilder()
    shortcut = build.add("InputLayer")
    norm = build.add("BN", build.add("Conv", shortcut))
    merged = build.add("Add", norm, shortcut)
    build.add("BN", build.add("ReLU", merged))
    assert found(build.graph()) == []


def test_merged_activations_do_not_reach_the_norm() -> None:
    """`Concatenate([conv_relu, conv_relu]) → BN` has no finding."""
    build = GraphBuilder()
    left, right = build.add("Conv", activation="relu"), build.add("Conv", activation="relu")
    build.add("BN", build.add("Concatenate", left, right))
    assert found(build.graph()) == []


def test_function_counts_like_its_layer() -> None:
    """`tf.nn.relu` is an activation, and `tf.nn.dropout` is a dropout."""
    build = GraphBuilder()
    last = build.add("Dense")
    for name in ("tensorflow.nn.dropout", "tensorflow.nn.relu", "tensorflow.nn.batch_normalization"):
        last = build.add(name, last)
    assert found(build.graph()) == ["ORD001@4", "ORD002@2", "ORD003@2"]


def test_many_paths_report_a_layer_once() -> None:
    """A norm after two activations that exclude each other has one finding, with a wish for each."""
    build, flag = GraphBuilder(), GuardSpace().atom("leaky")
    dense = build.add("Dense")
    leaky, relu = build.add("LeakyReLU", dense, guard=flag), build.add("ReLU", dense, guard=~flag)
    build.add("BN", leaky, relu)
    (violation,) = violations(build.graph())
    assert violation.everywhere
    assert violation.wish is not None
    assert len(violation.other_wishes) == 1


def test_helper_in_two_contexts_is_reported_once() -> None:
    """One place in two graphs has one finding."""
    graphs = [path("Dense(relu) → BN"), path("Dense(relu) → BN")]
    assert len(judge(graphs, ORDERING)) == 1


def test_violation_on_some_paths_only_says_so() -> None:
    """With an optional dropout before the norm, or a second consumer, nothing is moved."""
    build, flag = GraphBuilder(), GuardSpace().atom("f")
    drop = build.add("Dropout", build.add("Dense"))
    build.add("BN", drop, guard=flag)
    build.add("Dense", (drop, ~flag))
    (violation,) = violations(build.graph())
    assert not violation.everywhere
    (straight,) = violations(path("Dense → Dropout → BN"))
    assert straight.everywhere


def test_path_that_may_go_on_unseen_keeps_the_exemption() -> None:
    """After a second norm an activation may follow unseen; a first norm after an activation is reported."""
    for layers, expected in ((("BN", "ReLU", "BN"), []), (("ReLU", "BN"), ["ORD001@3"])):
        build, flag = GraphBuilder(), GuardSpace().atom("f")
        last = build.add("Dense", guard=flag)
        for name in layers:
            last = build.add(name, last)
        build.add("Dense", (last, ~flag))
        assert found(build.graph()) == expected


def test_pair_in_the_background_is_reported_elsewhere() -> None:
    """A pair of which both layers are only context is not reported; a pair with one other layer is."""
    build = GraphBuilder()
    build.add("BN", build.add("Dense", activation="relu"))
    assert found(build.graph(background=[0, 1])) == []
    assert found(build.graph(background=[0])) == ["ORD001@2"]


def test_because_is_the_nearest_layer_of_the_pair() -> None:
    """The related place is that of the nearest activation or norm."""
    first, second = violations(path("Dense(relu) → tensorflow.tanh → Dropout → BN → BN"))[0:2]
    assert [line_of(call) for call in first.because] == [2]
    (dropout,) = [v for v in violations(path("Dense → Dropout → BN → BN")) if v.rule.code == "ORD002"]
    assert [line_of(call) for call in dropout.because] == [3]
    assert second.rule.code == "ORD001"


# Permutations of the order


@pytest.mark.parametrize(
    ("text", "order", "expected"),
    [
        ("Dense(relu) → BN", (ACTIVATION, NORM, DROPOUT), []),
        ("Dense → BN → ReLU", (ACTIVATION, NORM, DROPOUT), ["ORD001@2"]),
        ("Dense → ReLU → BN → ReLU → BN", (ACTIVATION, NORM, DROPOUT), []),
        ("Dense → ReLU → BN → ReLU", (ACTIVATION, NORM, DROPOUT), ["ORD001@3"]),
        ("LSTM → BN → ReLU", (ACTIVATION, NORM, DROPOUT), []),
        ("Dense → ReLU → Dropout → BN", (ACTIVATION, NORM, DROPOUT), ["ORD002@3"]),
        ("Dense → ReLU → Dropout → BN", (ACTIVATION, DROPOUT, NORM), []),
        ("Dense → ReLU → BN → Dropout", (ACTIVATION, DROPOUT, NORM), ["ORD002@4"]),
        ("LSTM → BN → Dropout", (DROPOUT, NORM, ACTIVATION), ["ORD002@3"]),
        ("Dense → BN → Dropout → ReLU", (NORM, DROPOUT, ACTIVATION), []),
        ("Dense → BN → ReLU → Dropout", (NORM, DROPOUT, ACTIVATION), ["ORD003@4"]),
        ("Dense → Dropout → ReLU → Dropout", (NORM, DROPOUT, ACTIVATION), []),
        ("LSTM → ReLU → Dropout", (NORM, DROPOUT, ACTIVATION), []),
    ],
)
def test_rules_follow_the_configured_order(text: str, order: tuple[Role, ...], expected: list[str]) -> None:
    """If two roles are exchanged in the order, the rule for that pair reports the opposite sequence."""
    assert found(path(text), Order(order)) == expected


@pytest.mark.parametrize("order", list(itertools.permutations((NORM, ACTIVATION, DROPOUT))))
def test_the_configured_order_itself_is_clean(order: tuple[Role, ...]) -> None:
    """Layers in the configured order have no finding, and in all others at least one."""
    layers = {NORM: "BN", ACTIVATION: "ReLU", DROPOUT: "Dropout"}
    for given_order in itertools.permutations(order):
        graph = path("Dense → " + " → ".join(layers[role] for role in given_order))
        assert bool(found(graph, Order(order))) == (given_order != order)


@pytest.mark.parametrize("roles", [(NORM, ACTIVATION), (NORM, NORM, DROPOUT), (NORM, ACTIVATION, Role.MERGE), ()])
def test_order_is_a_permutation(roles: tuple[Role, ...]) -> None:
    """Anything except a permutation is an error."""
    with pytest.raises(ValueError, match="each of `norm`, `activation`, `dropout` once"):
        Order(roles)


# The recommended chain


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Dense(relu) → BN", "Dense BatchNormalization ReLU"),
        ("Dense → Dropout → BN → ReLU", "Dense BatchNormalization ReLU Dropout"),
        ("Dense(relu) → Dropout → BN", "Dense BatchNormalization ReLU Dropout"),
        ("Conv → ReLU → Pool → BN", "Conv2D BatchNormalization ReLU"),
        ("Dense(relu) → Dropout → Softmax", "Dense ReLU Dropout Softmax"),
        ("Conv → BN → ReLU → BN → ReLU", "Conv2D BatchNormalization ReLU BatchNormalization ReLU"),
        ("Dense → ReLU → tensorflow.tanh → BN", "Dense BatchNormalization ReLU tanh"),
        ("LSTM → ReLU → Dropout → BN", "ReLU BatchNormalization Dropout"),
        ("Dense → Dropout → Softmax", "Dropout Dense Softmax"),
        ("Dense → Dropout → BN → Softmax", "Dropout Dense BatchNormalization Softmax"),
        ("Dense(relu) → Dropout → BN → Softmax", "Dense BatchNormalization ReLU Dropout Softmax"),
        ("Dense → Dropout → Dropout → Activation(sigmoid)", "Dropout Dropout Dense sigmoid"),
        ("Dense → Dropout → tensorflow.tanh", "Dense tanh Dropout"),
        ("LSTM → Dropout → BN → Softmax", "Dropout BatchNormalization Softmax"),
    ],
)
def test_recommended_chain_moves_only_what_is_misplaced(text: str, expected: str) -> None:
    """In the recommended chain of the last unit, only misplaced layers have moved."""
    *_, unit = units_of(path(text))
    assert recommended(unit, DEFAULT_ORDER) == tuple(expected.split())


LAYERS = st.lists(st.sampled_from(["BN", "ReLU", "Dropout", "Pool"]), max_size=8)
ORDERS = st.permutations([NORM, ACTIVATION, DROPOUT]).map(tuple).map(Order)


@given(LAYERS, st.sampled_from(["Dense", "Dense(relu)", "LSTM"]))
def test_recommended_chain_is_clean_in_the_default_order(layers: list[str], start: str) -> None:
    """The recommended chain has no finding and the same layers, and equals the chain if that has no finding."""
    graph = path(" → ".join([start, *layers]))
    for unit in units_of(graph):
        chain = recommended(unit, DEFAULT_ORDER)
        assert sorted(chain) == sorted(unit.chain)
        names = {"BatchNormalization": "BN", "LSTM": "LSTM"}
        again = path(" → ".join(["LSTM"] * (unit.head is None) + [names.get(name, name) for name in chain]))
        assert found(again) == []
        if not found(graph):
            assert chain == unit.chain


@given(LAYERS, ORDERS)
def test_recommended_chain_keeps_the_layers_in_every_order(layers: list[str], order: Order) -> None:
    """In any order the recommended chain has the same layers, and the head stays first."""
    for unit in units_of(path(" → ".join(["Dense", *layers]))):
        chain = recommended(unit, order)
        assert sorted(chain) == sorted(unit.chain)
        assert chain[0] == "Dense"


# Wishes


def wish_of(text: str, code: str, order: Order = DEFAULT_ORDER) -> str:
    """The wish of the first finding with a code: what moves where (by line), and its effect; or the refusal."""
    violation = next(v for v in violations(path(text), order) if v.rule.code == code)
    wish = violation.wish
    if isinstance(wish, MoveBefore):
        return f"{line_of(wish.call)} before {line_of(wish.anchor.call)} {wish.anchor.name}: {wish.effect}"
    if isinstance(wish, MoveAfter):
        return f"{line_of(wish.call)} {wish.moved.name} after {line_of(wish.anchor.call)}: {wish.effect}"
    return f"refused: {violation.refusal}"


@pytest.mark.parametrize(
    ("text", "code", "expected"),
    [
        ("Dense → ReLU → BN", "ORD001", "3 before 2 ReLU: changes-model"),
        ("Dense(relu) → BN", "ORD001", "2 before 1 ReLU: changes-model"),
        ("Dense → ReLU → tensorflow.tanh → BN", "ORD001", "4 before 2 ReLU: changes-model"),
        ("Dense → BN → ReLU → Pool → BN", "ORD001", "5 before 3 ReLU: changes-model"),
        ("Conv → ReLU → Flatten → BN", "ORD001", "2 ReLU after 4: changes-model"),
        ("Conv(relu) → GlobalMaxPooling2D → BN", "ORD001", "1 ReLU after 3: changes-model"),
        ("Conv → PReLU → Flatten → BN", "ORD001", "2 PReLU after 4: changes-model"),
        (
            "Conv(softmax) → Flatten → BN",
            "ORD001",
            (
                "refused: `Softmax` works along axes of its input, and the shape changes between it and the "
                "normalization; move the normalization by hand"
            ),
        ),
        ("Conv(softmax) → Pool → BN", "ORD001", "3 before 1 Softmax: changes-model"),
        ("Dense → Dropout → BN", "ORD002", "2 Dropout after 3: same-inference"),
        ("Dense → Dropout → BN → ReLU → Dense", "ORD002", "2 Dropout after 4: same-inference"),
        ("Dense → Dropout → BN → ReLU → Dense", "ORD003", "2 Dropout after 4: same-inference"),
        ("Dense → Dropout → ReLU", "ORD003", "2 Dropout after 3: equivalent"),
        ("Dense → Dropout → LeakyReLU", "ORD003", "2 Dropout after 3: equivalent"),
        ("Conv → SpatialDropout2D → ReLU", "ORD003", "2 SpatialDropout2D after 3: equivalent"),
        ("Dense → Dropout → Identity → ReLU", "ORD003", "2 Dropout after 4: equivalent"),
        ("Dense → Dropout → Softmax", "ORD003", "2 before 1 Dense: same-inference"),
        ("Dense → Dropout → Activation(softmax) → Dense", "ORD003", "2 before 1 Dense: same-inference"),
        ("Dense → Dropout → Activation(sigmoid)", "ORD003", "2 before 1 Dense: same-inference"),
        ("Dense → Dropout → Activation(sigmoid) → Dense", "ORD003", "2 Dropout after 3: same-inference"),
        ("Dense → Dropout → BN → Softmax", "ORD002", "2 before 1 Dense: same-inference"),
        ("Conv → SpatialDropout2D → Softmax", "ORD003", "2 before 1 Conv2D: same-inference"),
        ("Conv → Dropout → BN → Pool", "ORD002", "2 Dropout after 4: same-inference"),
        ("Conv → Dropout → ReLU → Pool → Pool → Conv", "ORD003", "2 Dropout after 5: same-inference"),
        ("Conv → Dropout → ReLU → AveragePooling2D", "ORD003", "2 Dropout after 3: equivalent"),
        (
            "LSTM → Dropout → BN → Softmax",
            "ORD002",
            (
                "refused: after the output of the model, `Dropout` would drop predictions in training, and this path "
                "has no linear layer to move it before; remove it, or put it where the values are computed"
            ),
        ),
        ("Conv → Dropout → Pool → ReLU", "ORD003", "2 Dropout after 4: same-inference"),
        ("Dense → Dropout → tensorflow.tanh", "ORD003", "2 Dropout after 3: same-inference"),
        ("Dense → Dropout → PReLU", "ORD003", "2 Dropout after 3: same-inference"),
        ("Dense → GaussianDropout → ReLU", "ORD003", "2 GaussianDropout after 3: same-inference"),
        ("Dense → AlphaDropout → ReLU", "ORD003", "2 AlphaDropout after 3: same-inference"),
        ("Conv → Dropout → Flatten → ReLU", "ORD003", "2 Dropout after 4: same-inference"),
        (
            "Conv → SpatialDropout2D → Flatten → ReLU",
            "ORD003",
            (
                "refused: the mask of `SpatialDropout2D` has a fixed shape, and `Flatten` changes the shape; "
                "use a plain `Dropout` after it"
            ),
        ),
    ],
)
def test_wish(text: str, code: str, expected: str) -> None:
    """The moves (by line), and their effects on the model."""
    assert wish_of(text, code) == expected


@pytest.mark.parametrize("end", ["BN", "ReLU", "tensorflow.tanh", "ReLU → Flatten"])
def test_dropout_never_goes_behind_a_known_output(end: str) -> None:
    """After the output layer, whatever it is, a dropout would drop predictions."""
    for violation in violations(path(f"Dense → Dropout → {end}", output=True)):
        assert isinstance(violation.wish, MoveBefore)
        assert violation.wish.anchor == violation.unit.head
        assert recommended(violation.unit, DEFAULT_ORDER)[:2] == ("Dropout", "Dense")


@pytest.mark.parametrize(
    ("text", "order", "code", "expected"),
    [
        ("Dense → BN → ReLU", (ACTIVATION, NORM, DROPOUT), "ORD001", "2 BatchNormalization after 3: changes-model"),
        ("Dense → BN → Flatten → ReLU", (ACTIVATION, NORM, DROPOUT), "ORD001", "4 before 2 BatchNormalization"),
        ("Dense → BN → Dropout", (DROPOUT, NORM, ACTIVATION), "ORD002", "3 before 2 BatchNormalization"),
        ("Dense → Dropout → BN → ReLU", (NORM, DROPOUT, ACTIVATION), "ORD002", "2 Dropout after 3: same-inference"),
        ("Dense → ReLU → Dropout", (NORM, DROPOUT, ACTIVATION), "ORD003", "3 before 2 ReLU: equivalent"),
    ],
)
def test_wish_follows_the_configured_order(text: str, order: tuple[Role, ...], code: str, expected: str) -> None:
    """The wish produces the configured order."""
    assert wish_of(text, code, Order(order)).startswith(expected)


def test_dropout_that_is_always_on_changes_the_model() -> None:
    """With `training=True` a dropout is active at inference, so moving it changes inference."""
    build = GraphBuilder()
    drop = build.add("Dropout", build.add("Dense"))
    build.add("BN", drop)
    dict_of = build.calls[drop].facts
    assert isinstance(dict_of, dict)
    dict_of["training"] = True
    (violation,) = violations(build.graph())
    assert violation.wish is not None
    assert violation.wish.effect == "changes-model"


def test_pair_inside_one_composite_layer_has_no_wish() -> None:
    """The steps within one call of a user's composite layer cannot be moved."""
    build = GraphBuilder()
    roles = (Role.LINEAR, ACTIVATION, DROPOUT, NORM)
    build.add("Block", steps=[Step(role, f"Block[{role.value}]") for role in roles])
    refusals = {violation.rule.code: violation.refusal for violation in violations(build.graph())}
    assert refusals == {
        "ORD001": "both are inside `Block`; apply its layers one by one",
        "ORD002": "both are inside `Block`; apply its layers one by one",
    }


# Messages


def message(text: str, code: str, order: Order = DEFAULT_ORDER) -> str:
    return next(v.message for v in violations(path(text), order) if v.rule.code == code)


def why(text: str, code: str, order: Order = DEFAULT_ORDER) -> str:
    found = next(v for v in violations(path(text), order) if v.rule.code == code)
    return finding_of(found, order).why


def test_messages_say_how_well_supported_they_are() -> None:
    """The reasons call the evidence for ORD001 mixed, ORD002 harmful, and ORD003 with ReLU a matter of style."""
    assert "mixed" in why("Dense(relu) → BN", "ORD001")
    assert "costs accuracy" in why("Dense → Dropout → BN", "ORD002")
    assert "style" in why("Dense → Dropout → ReLU", "ORD003")
    assert "style" not in why("Dense → Dropout → tensorflow.tanh", "ORD003")


def test_messages_are_short() -> None:
    """The message is one line about the finding; the reason is shown once in a run."""
    assert message("Dense(relu) → BN", "ORD001") == "`BatchNormalization` after the activation `ReLU` of `Dense`"
    assert message("Dense → Dropout → BN", "ORD002") == "`Dropout` before `BatchNormalization`"
    assert message("Dense → Dropout → ReLU", "ORD003") == "`Dropout` before the activation `ReLU`"


def test_messages_under_another_order_name_it() -> None:
    """A configured order is not called a convention."""
    order = Order((DROPOUT, ACTIVATION, NORM))
    text = "Dense → BN → ReLU → Dropout"
    for code, start in {
        "ORD001": "`BatchNormalization` before the activation `ReLU`",
        "ORD002": "`Dropout` after `BatchNormalization`",
        "ORD003": "`Dropout` after the activation `ReLU`",
    }.items():
        assert message(text, code, order) == start
        assert why(text, code, order) == "The configuration asks for the other order."
