"""The companion rules on hand-built graphs."""

from __future__ import annotations

import pytest

from orderlint.catalog import UNKNOWN
from orderlint.graph import Edge, LayerGraph, Role, Step
from orderlint.graph.guards import ALWAYS, Guard, GuardSpace
from orderlint.judging import ReplaceLayer, SetArgument, judge
from orderlint.rules import dropout_ahead_of_norm
from tests.graphs import GraphBuilder, line_of, path
from tests.judged import RULES


def found(code: str, *graphs: LayerGraph) -> list[int]:
    """The lines in which a rule has findings."""
    return sorted(line_of(violation.at) for violation in judge(graphs, [RULES[code]]))


# ORD101 redundant-bias


def straight(linear: dict[str, object], norm: dict[str, object], *between: str, layer: str = "Conv2D") -> LayerGraph:
    build = GraphBuilder()
    last = build.add(layer, **linear)  # type: ignore[arg-type]
    for name in between:
        last = build.add(name, last)
    build.add("BN", last, **norm)  # type: ignore[arg-type]
    return build.graph()


@pytest.mark.parametrize(
    ("linear", "norm", "between", "reported"),
    [
        ({}, {}, (), True),
        ({"use_bias": True}, {"center": True}, (), True),
        ({}, {}, ("MaxPooling2D", "Identity", "UpSampling2D", "Cropping2D"), True),
        ({}, {}, ("GlobalAveragePooling2D",), True),
        ({}, {}, ("tensorflow.identity", "Rescaling"), True),
        ({"use_bias": False}, {}, (), False),
        ({"use_bias": UNKNOWN}, {}, (), False),
        ({}, {"center": False}, (), False),
        ({}, {"center": UNKNOWN}, (), False),
        ({"activation": "relu"}, {}, (), False),
        ({"activation": UNKNOWN}, {}, (), False),
        ({}, {}, ("ReLU",), False),
        ({}, {}, ("Dropout",), False),
        ({}, {}, ("ZeroPadding2D",), False),
        ({}, {}, ("tensorflow.pad",), False),
        ({}, {}, ("Flatten",), False),
        ({}, {}, ("Permute",), False),
        ({}, {}, ("LayerNormalization",), False),
        ({}, {}, ("Masking",), False),
        ({}, {"axis": 3}, (), True),
        ({}, {"axis": 1}, (), False),
        ({}, {"axis": [3]}, (), True),
        ({}, {"axis": [1]}, (), False),
        ({}, {"axis": UNKNOWN}, (), True),
        ({}, {"axis": 2}, (), False),
        ({}, {"axis": [1, 2]}, (), False),
        ({"data_format": "channels_first"}, {"axis": 1}, (), True),
        ({"data_format": "channels_first"}, {}, (), False),
        ({"data_format": "channels_last"}, {"axis": 1}, (), False),
        ({"data_format": "channels_last"}, {"axis": 3}, (), True),
        ({"data_format": "channels_last"}, {"axis": -1}, (), True),
        ({"bias": True}, {"axis": 1}, (), True),  # Keras 1, in which both layouts were common
        ({"bias": True}, {"axis": 2}, (), False),
    ],
)
def test_bias_before_norm(
    linear: dict[str, object], norm: dict[str, object], between: tuple[str, ...], reported: bool
) -> None:
    """A bias is redundant if only operations that keep a shift per channel lie before a centering norm."""
    assert found("ORD101", straight(linear, norm, *between)) == ([1] if reported else [])


def test_bias_with_another_consumer_is_needed() -> None:
    """The bias is redundant only if every consumer is a norm; two norms are fine."""
    build = GraphBuilder()
    conv = build.add("Conv")
    build.add("BN", conv)
    build.add("BN", conv)
    assert found("ORD101", build.graph()) == [1]
    build.add("Add", conv)
    assert found("ORD101", build.graph()) == []


def test_bias_of_a_model_output_is_needed() -> None:
    """The output of the model includes the bias."""
    build = GraphBuilder()
    conv = build.add("Conv")
    build.add("BN", conv)
    assert found("ORD101", build.graph(outputs=[conv])) == []


def test_bias_is_needed_where_one_arm_skips_the_norm() -> None:
    """An optional norm cancels the bias on some paths only."""
    build, flag = GraphBuilder(), GuardSpace().atom("f")
    conv = build.add("Conv")
    norm = build.add("BN", conv, guard=flag)
    build.add("ReLU", (conv, ~flag), norm)
    assert found("ORD101", build.graph()) == []


def test_bias_is_judged_over_all_uses_of_a_construction() -> None:
    """The bias of a layer with one construction and several contexts is judged over all contexts."""
    with_norm, without = GraphBuilder(), GraphBuilder()
    with_norm.add("BN", with_norm.add("Conv", made_on=50))
    without.add("ReLU", without.add("Conv", line=7, made_on=50))
    assert found("ORD101", with_norm.graph()) == [1]
    assert found("ORD101", with_norm.graph(), with_norm.graph()) == [1]
    assert found("ORD101", with_norm.graph(), without.graph()) == []


def test_bias_wish_names_the_argument() -> None:
    """The wish sets the argument for the bias of this layer; the function of the model does not change."""
    cases: list[tuple[str, dict[str, object], str, bool | None]] = [
        ("Conv2D", {}, "use_bias", False),
        ("Conv2D", {"keras1": True}, "bias", False),
        ("EinsumDense", {"bias_axes": "c"}, "bias_axes", None),
    ]
    for layer, arguments, argument, value in cases:
        (violation,) = judge([straight(arguments, {}, layer=layer)], [RULES["ORD101"]])
        assert violation.wish == SetArgument(violation.at, argument, value, "equivalent")


def test_bias_rule_is_silent_about_unknown_linears_and_function_norms() -> None:
    """The mean of a norm function is given by the caller, and EinsumDense has no bias by default."""
    build = GraphBuilder()
    build.add("tensorflow.nn.batch_normalization", build.add("Conv"))
    assert found("ORD101", build.graph()) == []
    assert found("ORD101", straight({}, {}, layer="EinsumDense")) == []


# The others


@pytest.mark.parametrize(
    ("code", "text", "expected"),
    [
        ("ORD102", "Dense(relu) → ReLU", [2]),
        ("ORD102", "Dense(relu) → Dropout → Flatten → Softmax", [4]),
        ("ORD102", "LSTM → ReLU → ReLU → ReLU", [3, 4]),
        ("ORD102", "Dense(relu) → BN → ReLU", []),
        ("ORD102", "Dense(relu) → Dense(relu)", []),
        ("ORD102", "Dense(linear) → ReLU", []),
        ("ORD102", "LSTM → Add → ReLU", []),
        ("ORD103", "Dense → BN → BN", [3]),
        ("ORD103", "Dense → BN → Dropout → Pool → BN", [5]),
        ("ORD103", "LSTM → BN → BN", [3]),
        ("ORD103", "Dense → BN → ReLU → BN", []),
        ("ORD103", "Dense → BN → Dense → BN", []),
        ("ORD105", "Conv → Dropout → Pool", [2]),
        ("ORD105", "LSTM → Dropout → GlobalMaxPooling1D", [2]),
        ("ORD105", "Conv → SpatialDropout2D → tensorflow.nn.max_pool", [2]),
        ("ORD105", "Conv → Dropout → AveragePooling2D", []),
        ("ORD105", "Conv → Dropout → ReLU → Pool", []),
        ("ORD105", "Conv → Pool → Dropout", []),
        ("ORD106", "Conv → Dropout", [2]),
        ("ORD106", "Conv1D → ReLU → MaxPooling1D → Dropout", [4]),
        ("ORD106", "Conv3DTranspose → BN → Dropout", [3]),
        ("ORD106", "DepthwiseConv2D → ZeroPadding2D → Dropout", [3]),
        ("ORD106", "Conv → Flatten → Dropout", []),
        ("ORD106", "Conv → GlobalAveragePooling2D → Dropout", []),
        ("ORD106", "Conv → Reshape → Dropout", []),
        ("ORD106", "Conv → SpatialDropout2D", []),
        ("ORD106", "Conv → GaussianDropout", []),
        ("ORD106", "Conv → Add → Dropout", []),
        ("ORD106", "Dense → Dropout", []),
        ("ORD106", "LSTM → Dropout", []),
        ("ORD106", "Conv → Dense → Dropout", []),
        ("ORD106", "Conv → tensorflow.nn.dropout", []),
        ("ORD107", "Dense(selu) → Dropout", [2]),
        ("ORD107", "Dense(selu) → BN", [2]),
        ("ORD107", "Dense → BN → Activation(selu) → SpatialDropout1D", [4]),
        ("ORD107", "Dense(selu) → Dropout → BN", [2, 3]),
        ("ORD107", "LSTM → Activation(selu) → Dropout", [3]),
        ("ORD107", "Dense(selu) → AlphaDropout", []),
        ("ORD107", "Dense(selu) → Flatten", []),
        ("ORD107", "Dense(selu) → ReLU", []),
        ("ORD107", "Dense(selu) → Dense → Dropout", []),
        ("ORD107", "Dense → Dropout → Activation(selu)", []),
        ("ORD107", "Dense(elu) → Dropout", []),
    ],
)
def test_companion(code: str, text: str, expected: list[int]) -> None:
    """The lines of a straight path in which a companion rule has findings."""
    assert found(code, path(text)) == expected


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("Dense(selu) → Dropout", "`Dropout` after `selu` of `Dense`, not `AlphaDropout`"),
        ("Dense(selu) → BN", "`BatchNormalization` after `selu` of `Dense`"),
    ],
)
def test_ord107_names_the_dropout_that_is_meant(text: str, message: str) -> None:
    """There is no replacement for a normalization."""
    (violation,) = judge([path(text)], [RULES["ORD107"]])
    assert violation.message == message


@pytest.mark.parametrize(
    ("text", "output", "expected"),
    [
        ("Dense → Dropout", True, [2]),
        ("Dense → Dropout → Softmax", True, [2]),
        ("Dense(softmax) → Flatten → Dropout", True, [3]),
        ("Dense → Dropout", False, []),
        ("Dense → Dropout → Dense", True, []),
        ("LSTM → Dropout", True, []),
        ("Dense → Dropout → Add", True, []),
    ],
)
def test_dropout_on_output(text: str, output: bool, expected: list[int]) -> None:
    """ORD104 reports a dropout between the last linear layer and a known output of the model."""
    assert found("ORD104", path(text, output=output)) == expected


@pytest.mark.parametrize(
    ("rate", "words"),
    [
        (0, "drops nothing"),
        (0.0, "drops nothing"),
        (-0.1, "less than 0"),
        (1, "leaves nothing"),
        (1.5, "more than 1"),
        (0.81, "share to keep"),
        (0.9, "share to keep"),
        (0.8, None),
        (0.5, None),
        (UNKNOWN, None),
    ],
)
def test_dropout_rate(rate: object, words: str | None) -> None:
    """ORD108 reports constant rates outside of (0, 0.8], including 0, and says what is wrong."""
    build = GraphBuilder()
    build.add("Dropout", build.add("Dense"), rate=rate)
    messages = [violation.message for violation in judge([build.graph()], [RULES["ORD108"]])]
    assert len(messages) == (words is not None)
    assert all(str(words) in message for message in messages)


def test_keep_probability_is_no_rate() -> None:
    """`tf.nn.dropout(x, keep_prob=0.9)` of TensorFlow 1 is correct; `rate=0.9` is judged."""
    build = GraphBuilder()
    build.add("tensorflow.nn.dropout", build.add("Dense"), rate_or_keep_prob=0.9)
    build.add("tensorflow.nn.dropout", 0, keep_prob=0.9)
    assert found("ORD108", build.graph()) == []
    build.add("tensorflow.nn.dropout", 0, rate=0.9)
    assert found("ORD108", build.graph()) == [4]


def test_spatial_dropout_wish_has_the_rank_of_the_convolution() -> None:
    """The replacement has the rank of the convolution."""
    for rank in (1, 2, 3):
        (violation,) = judge([path(f"Conv{rank}D → Dropout")], [RULES["ORD106"]])
        assert violation.wish == ReplaceLayer(violation.at, f"SpatialDropout{rank}D", "same-inference")


def test_dropout_used_on_other_shapes_has_no_wish() -> None:
    """A dropout layer that is applied to feature maps and to vectors is reported without a wish."""
    build = GraphBuilder()
    conv = build.add("Conv")
    build.add("Dropout", conv, made_on=50)
    build.add("Dropout", build.add("Flatten", conv), made_on=50)
    (violation,) = judge([build.graph()], [RULES["ORD106"]])
    assert line_of(violation.at) == 2
    assert violation.wish is None
    assert violation.refusal == "the same dropout is also used on other shapes"


def test_dropout_that_is_not_plain_is_not_replaced() -> None:
    """ORD106 ignores a dropout with a `noise_shape` or a wrapper, and one after a time-distributed convolution."""
    build = GraphBuilder()
    build.add("Dropout", build.add("Conv"), noise_shape=(None, 1, 1, 8))
    assert found("ORD106", build.graph()) == []
    build = GraphBuilder()
    build.add("Dropout", build.add("Conv", wrapper="TimeDistributed"))
    assert found("ORD106", build.graph()) == []
    build = GraphBuilder()
    build.add("Dropout", build.add("Conv"), wrapper="TimeDistributed")
    assert found("ORD106", build.graph()) == []


def test_what_is_called_dropout_and_is_none_is_left() -> None:
    """A rate of 0 has no effect, and a configured role overrides the name."""
    build = GraphBuilder()
    build.add("Dropout", build.add("Conv"), rate=0)
    assert found("ORD106", build.graph()) == []
    build = GraphBuilder()
    build.add("Dropout", build.add("Conv"), steps=[Step(Role.ACTIVATION, "Dropout")])
    assert found("ORD106", build.graph()) == []


def test_a_place_that_makes_other_layers_too_is_not_replaced_by_their_ranks() -> None:
    """With `[cls() for cls in (ReLU, Dropout)]`, an activation from the same place does not count as another use."""
    build = GraphBuilder()
    build.add("Dropout", build.add("ReLU", build.add("Conv"), made_on=50), made_on=50)
    (violation,) = judge([build.graph()], [RULES["ORD106"]])
    assert violation.wish == ReplaceLayer(violation.at, "SpatialDropout2D", "same-inference")


GAP = "GlobalAveragePooling2D"


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        (f"{GAP} → Conv → Dropout", []),
        (f"Conv → {GAP} → Conv → ReLU → Dropout", []),
        (f"Conv → {GAP} → Reshape → Conv → Dropout", []),
        (f"Conv → {GAP} → Conv → MaxPooling2D → Dropout", []),
        (f"Conv → {GAP} → Conv → Conv → Dropout", []),
        (f"Conv → {GAP} → Conv → UpSampling2D → Dropout", [5]),
        (f"Conv → {GAP} → Conv → ZeroPadding2D → Dropout", [5]),
        (f"Conv → {GAP} → UpSampling2D → Conv → Dropout", [5]),
        (f"Conv → {GAP} → ZeroPadding2D → Conv → Dropout", [5]),
        (f"Conv → UpSampling2D → {GAP} → Conv → Dropout", []),
        (f"Conv → {GAP} → Conv → UpSampling2D → Conv → Dropout", [6]),
        (f"Conv → {GAP} → Conv2DTranspose → Dropout", [4]),
        (f"Conv → {GAP} → Dense → Conv → Dropout", [5]),
        (f"Conv → {GAP} → Add → Conv → Dropout", [5]),
        ("Conv → MaxPooling2D → Conv → Dropout", [4]),
        ("Conv → Conv → Dropout", [3]),
    ],
)
def test_maps_of_one_position_are_left(text: str, lines: list[int]) -> None:
    """A global pooling gives maps of one position without neighbors, unless a later layer enlarges them."""
    assert found("ORD106", path(text)) == lines


def test_maps_have_one_position_only_if_all_that_leads_to_them_has() -> None:
    """A convolution that also gets larger maps, including its own output, has larger maps."""
    build = GraphBuilder()
    pooled, larger = build.add(GAP), build.add("MaxPooling2D")
    build.add("Dropout", build.add("Conv", pooled, larger))
    assert found("ORD106", build.graph()) == [4]
    build = GraphBuilder()
    conv = build.add("Conv", build.add(GAP))
    build.edges.append(Edge(conv, conv, ALWAYS))
    build.add("Dropout", conv)
    assert found("ORD106", build.graph()) == [3]


# ORD102 repeated-activation: two activations that are parts of one


def by_hand(first: str, second: str, *between: str, head: str | None = "Dense", other: bool = True) -> LayerGraph:
    """Two activations, one of the other, whose value is multiplied by their input: `x * tanh(softplus(x))`.

    Args:
        first: The inner activation.
        second: The outer one.
        between: The layers before the multiplication.
        head: The layer that produces the input; a parameter if `None`.
        other: Whether the multiplication is by their input, and not by another value.
    """
    build = GraphBuilder()
    start = [] if head is None else [build.add(head)]
    last = build.add(second, build.add(first, *start))
    for name in between:
        last = build.add(name, last)
    build.add("Multiply", last, *(start if other else [build.add("Dense")]))
    return build.graph()


SOFTPLUS, TANH = "tensorflow.nn.softplus", "tensorflow.nn.tanh"


@pytest.mark.parametrize(
    ("graph", "lines"),
    [
        (by_hand(SOFTPLUS, TANH), []),
        (by_hand("ReLU", "Softmax"), []),
        (by_hand(SOFTPLUS, TANH, "tensorflow.identity"), []),
        (by_hand(SOFTPLUS, TANH, head="LSTM"), []),
        (by_hand(SOFTPLUS, TANH, "Dropout"), [3]),
        (by_hand(SOFTPLUS, TANH, other=False), [3]),
        (by_hand(SOFTPLUS, TANH, head=None), []),  # of a parameter, which may be the other factor
        (by_hand("ReLU", TANH, head=None), [2]),
        (by_hand(SOFTPLUS, "ReLU", head=None), [2]),
        (path(f"Dense → {SOFTPLUS} → {TANH}"), [3]),
    ],
)
def test_ord102_parts_of_one_activation_are_no_repetition(graph: LayerGraph, lines: list[int]) -> None:
    """Their result is combined with their input, with only reshaping in between."""
    assert found("ORD102", graph) == lines


def test_ord102_what_shifts_or_reshapes_a_value_leaves_it_the_value() -> None:
    """`(x + 3) * relu6(tanh(x))` and the like, where `x` is the output of a layer or a parameter."""
    build = GraphBuilder()
    dense = build.add("Dense")
    build.add("Multiply", build.add(TANH, build.add(SOFTPLUS, dense)), build.add("tensorflow.identity", dense))
    assert found("ORD102", build.graph()) == []
    build = GraphBuilder()
    given = build.add("tensorflow.identity", build.add("tensorflow.identity"))
    build.add("Multiply", build.add(TANH, build.add(SOFTPLUS, given)))
    assert found("ORD102", build.graph()) == []


def test_ord102_value_and_activations_meet_on_one_path() -> None:
    """A multiplication under another condition is not by their input."""
    for alike in (True, False):
        build, flag = GraphBuilder(), GuardSpace().atom("flag")
        dense = build.add("Dense")
        last = build.add(TANH, build.add(SOFTPLUS, dense))
        build.add("Multiply", (last, flag), (dense, flag if alike else ~flag))
        assert found("ORD102", build.graph()) == ([] if alike else [3])


# ORD109 dropout-ahead-of-norm


def chain(*names: str) -> LayerGraph:
    build = GraphBuilder()
    last = build.add(names[0])
    for name in names[1:]:
        last = build.add(name, last)
    return build.graph()


@pytest.mark.parametrize(
    ("names", "lines"),
    [
        (("Dense", "Dropout", "Dense", "BN"), [2]),
        (("Dense", "Dropout", "Dense", "ReLU", "Dense", "BN"), [2]),
        (("Dense", "BN", "ReLU", "Dropout", "Dense", "BN", "ReLU", "Dropout", "Dense"), [4]),
        (("Dropout", "Dense", "BN"), [1]),
        (("Dense", "Dropout", "BN", "Dense"), []),
        (("Dense", "Dropout", "Dense", "LayerNormalization"), []),
        (("Dense", "Dropout", "Dense"), []),
        (("Dense", "Dropout", "Add", "Dense", "BN"), []),
        (("Dense", "Dropout", "LSTM", "Dense", "BN"), []),
    ],
)
def test_ord109_across_linear_layers(names: tuple[str, ...], lines: list[int]) -> None:
    """A dropout is reported if only linear layers lie between it and a normalization."""
    assert found("ORD109", chain(*names)) == lines


@pytest.mark.parametrize(("alike", "lines"), [(True, [2]), (False, [])])
def test_ord109_conditions_of_both_units_hold_together(alike: bool, lines: list[int]) -> None:
    """The layers after the linear layer are reached under the condition under which it is fed."""
    build, flag = GraphBuilder(), GuardSpace().atom("flag")
    drop = build.add("Dropout", build.add("Dense"))
    build.add("BN", build.add("Dense", (drop, flag)), guard=flag if alike else ~flag)
    assert found("ORD109", build.graph()) == lines


@pytest.mark.parametrize("first", [True, False])
def test_ord109_a_layer_is_looked_behind_under_each_condition(first: bool) -> None:
    """A layer that is reached under two conditions may be followed by a normalization under either of them."""
    build, flag = GraphBuilder(), GuardSpace().atom("flag")
    dense = build.add("Dense", build.add("Dropout", build.add("Dense")))
    relu = build.add("ReLU", dense, guard=flag)
    last = build.add("Dense", (relu, flag), (dense, ~flag))
    build.add("BN", last, guard=flag if first else ~flag)
    assert found("ORD109", build.graph()) == [2]


def test_ord109_a_condition_counts_once_however_many_ways_have_it() -> None:
    """Forty branches under one condition do not hide a normalization under another one."""
    build, flag = GraphBuilder(), GuardSpace().atom("flag")
    dense = build.add("Dense", build.add("Dropout", build.add("Dense")))
    branches = [build.add("Dense", (dense, flag), guard=flag) for _ in range(40)]
    longer = build.add("Dense", build.add("Dense", (dense, ~flag), guard=~flag), guard=~flag)
    last = build.add("Dense", *((branch, flag) for branch in branches), (longer, ~flag))
    build.add("BN", last, guard=~flag)
    assert found("ORD109", build.graph()) == [2]


def test_ord109_options_do_not_multiply(monkeypatch: pytest.MonkeyPatch) -> None:
    """In a model with many options, the search after a layer covers some of the conditions, not all."""
    steps: list[Guard] = []
    both = dropout_ahead_of_norm._both

    def counted(left: Guard, right: Guard) -> Guard:
        steps.append(left)
        return both(left, right)

    monkeypatch.setattr(dropout_ahead_of_norm, "_both", counted)
    build, space = GraphBuilder(), GuardSpace()
    last = build.add("Dense", build.add("Dropout", build.add("Dense")))
    for number in range(14):
        flag = space.atom(number)
        relu = build.add("ReLU", last, guard=flag)
        last = build.add("Dense", (relu, flag), (last, ~flag))
    assert found("ORD109", build.graph()) == []
    assert len(steps) < 15 * 2 * 32 < 2**14  # two ways at each layer, each under its condition
    build.add("BN", last)
    assert found("ORD109", build.graph()) == [2]


@pytest.mark.parametrize(("limit", "lines"), [(100, [2]), (10, [])])
def test_ord109_conditions_that_are_too_many_make_no_finding(limit: int, lines: list[int]) -> None:
    """A finding is not reported if it cannot be decided whether its condition is possible."""
    build, space = GraphBuilder(), GuardSpace(limit)
    a, b, c = (space.atom(key) for key in "abc")
    drop = build.add("Dropout", build.add("Dense"))
    build.add("BN", build.add("Dense", (drop, a | b)), guard=b | c)
    assert found("ORD109", build.graph()) == lines


def test_ord109_a_normalization_of_the_same_head_is_found_once_for_many_dropouts() -> None:
    """The search after a layer that two dropouts feed is done once, and both dropouts are reported."""
    build = GraphBuilder()
    start = build.add("Dense")
    build.add("BN", build.add("Dense", build.add("Dropout", start), build.add("Dropout", start)))
    assert found("ORD109", build.graph()) == [2, 3]


def test_ord109_a_linear_layer_that_follows_itself_is_looked_behind_once() -> None:
    """The search ends in a loop without a normalization, and finds one after the loop."""
    for after, lines in (("ReLU", []), ("BN", [2])):
        build = GraphBuilder()
        dense = build.add("Dense", build.add("Dropout", build.add("Dense")))
        build.edges.append(Edge(dense, dense, ALWAYS))
        build.add(after, dense)
        assert found("ORD109", build.graph()) == lines
