"""ORD101."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from orderlint.graph import LayerCall, Role, Site, Unit, UnitStep
from orderlint.judging.order import Order
from orderlint.judging.rule import Example, Fixable, NearMiss, Rule, Violation
from orderlint.judging.wishes import SetArgument


class RedundantBias(Rule):
    """A linear layer has a bias that the batch normalization after it cancels.

    ## What it does
    Checks for a linear layer (`Dense` or a convolution) that has a bias although all its outputs go to a batch
    normalization with `center=True`. This must be true of every visible use of the layer.

    Pooling, cropping, upsampling and scaling layers may come between the two, because a constant that is added per
    channel before them is still a constant after them. Activations, dropouts, other normalizations, zero padding, and
    layers that move the channel axis end the search.

    ## Why is this bad?
    The normalization subtracts the mean of its input, and the bias with it. The bias costs parameters, an addition and
    optimizer state, but has no effect. The offset that the normalization learns does the same job. Ioffe and Szegedy
    (2015) leave the bias out for this reason.

    ## What a repair changes
    - Training: nothing. The bias had no influence.
    - Inference: nothing, once the model is trained again or the bias is folded into the stored mean.
    - Checkpoints: old weight files **do not fit** the layer any more and fail to load.

    ## Known limits
    - Nothing is reported if `use_bias`, `center` or an inline activation has an unknown value.
    - A normalization over another axis than the channel axis does not cancel the bias and is not reported. An unknown
      axis is treated as the channel axis. Without a `data_format`, channels are assumed to be last. In code for Keras
      1, axis 1 counts as well.
    - After `Dense`, axis 1 is treated as another axis, because the rank of the input is not known.
    - Uses of the layer in other files are only visible if those files are read.

    ## Published designs
    The ResNets (v1) in `keras.applications` have a bias in each convolution, always before a normalization.

    ## References
    - Ioffe and Szegedy 2015, arXiv:1502.03167
    """

    code = "ORD101"
    name = "redundant-bias"
    needs = (frozenset({Role.LINEAR, Role.NORM}),)
    fixable = Fixable.SOMETIMES
    of_every_use = True
    revealed = "After the repair, the normalization cancels the bias of {}"
    repair_note = "Old weight files do not load into layers that have lost their bias."
    why = "The normalization subtracts the mean, and any bias with it: the bias is a parameter that does nothing."
    examples = (
        Example(
            "the default bias",
            bad="""\
model = Sequential([
    Conv2D(16, 3),  # error: 5
    BatchNormalization(),
    ReLU(),
])
""",
            good="""\
model = Sequential([
    Conv2D(16, 3, use_bias=False),
    BatchNormalization(),
    ReLU(),
])
""",
        ),
    )
    near_misses = (
        NearMiss(
            "an activation lies between",
            """\
model = Sequential([Conv2D(16, 3, activation="relu"), BatchNormalization()])
""",
        ),
        NearMiss(
            "padding adds zeros that the bias does not reach",
            """\
model = Sequential([Conv2D(16, 3), ZeroPadding2D(), BatchNormalization(), ReLU()])
""",
        ),
        NearMiss(
            "another consumer sees the bias",
            """\
inputs = Input((32, 32, 3))
x = Conv2D(3, 3, padding="same")(inputs)
y = Add()([BatchNormalization()(x), x])
""",
        ),
        NearMiss(
            "the normalization does not learn a shift",
            """\
model = Sequential([Conv2D(16, 3), BatchNormalization(center=False), ReLU()])
""",
        ),
        NearMiss(
            "one use of the helper has no normalization",
            """\
def conv(x, norm):
    x = Conv2D(16, 3)(x)
    return BatchNormalization()(x) if norm else x

inputs = Input((32, 32, 3))
outputs = ReLU()(conv(ReLU()(conv(inputs, True)), False))
""",
        ),
    )

    def check(self, units: Sequence[Unit], order: Order) -> Iterator[Violation]:
        for group in _by_construction(units):
            norms = [norm for unit in group if (norm := _canceling_norm(unit)) is not None]
            if len(norms) == len(group):
                yield from map(self._violation, group, norms)

    def _violation(self, unit: Unit, norm: UnitStep) -> Violation:
        linear = unit.steps[0].call
        argument = str(linear.facts.get("bias_argument", "use_bias"))
        value = None if argument == "bias_axes" else False
        return Violation(
            rule=self,
            at=linear,
            because=(norm.call,),
            because_message="its bias is canceled here",
            message=f"`{linear.layer}` has a bias that `{norm.name}` cancels",
            unit=unit,
            wish=SetArgument(linear, argument, value, "equivalent"),
        )


def _by_construction(units: Iterable[Unit]) -> Iterable[list[Unit]]:
    """The units with a linear layer at their head, grouped by where that layer is constructed."""
    groups: dict[Site, list[Unit]] = {}
    for unit in units:
        if unit.head is not None:
            linear = unit.head.call
            groups.setdefault(linear.constructed or linear.applied, []).append(unit)
    return groups.values()


def _canceling_norm(unit: Unit) -> UnitStep | None:
    """The norm that cancels the bias of a unit's head on this path; `None` if none does."""
    head, *rest = unit.steps
    facts = head.call.facts
    if facts.get("use_bias") is not True or facts.get("activation_unknown"):
        return None
    for step in rest:
        if step.role is Role.NORM:
            cancels = step.call.facts.get("center") is True and _has_channel_axis(head.call, step.call)
            return step if cancels else None
        if step.role is not Role.PASS or step.call.facts.get("shift") is not True:
            return None
    return None


def _has_channel_axis(linear: LayerCall, norm: LayerCall) -> bool:
    """Whether a norm's axis is the channel axis of a linear layer. An unknown axis counts as the channel axis."""
    axis, rank = norm.facts.get("axis"), linear.facts.get("rank")
    if isinstance(axis, tuple) and len(axis) == 1:
        (axis,) = axis
    if not isinstance(axis, int):
        return axis is None
    channels_first = linear.facts.get("channels_first")
    if channels_first is not None:
        return axis == 1 if channels_first else axis == -1 or axis - 1 == rank
    is_older = linear.facts.get("bias_argument") == "bias"  # Keras 1, where both layouts were usual
    return axis == -1 or axis - 1 == rank or (axis == 1 and is_older)
