"""ORD003."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from orderlint.graph import Role, Unit, UnitStep
from orderlint.judging.moves import commute, dropout_move, quoted
from orderlint.judging.order import CONFIGURED, Order
from orderlint.judging.ordering import Pair, against, inversions
from orderlint.judging.rule import Example, Fixable, NearMiss, Rule, Sign, Violation


class DropoutBeforeActivation(Rule):
    """Dropout comes before the activation of its linear layer.

    ## What it does
    Checks for dropout between a linear layer (`Dense` or a convolution) and its activation. A dropout with another
    activation before it is not reported.

    ## Why is this bad?
    Dropout is meant to silence some outputs of a layer: they become exactly zero, and the others are scaled up. Before
    the activation, dropout works on the *input* of the activation instead. With a plain ReLU or leaky ReLU, this makes
    no difference, and the order is only a matter of **style**. With other activations, it does. A dropped value leaves
    a sigmoid as `sigmoid(0) = 0.5`, and scaling the input of `tanh` or `gelu` is not the same as scaling its output.

    ## Evidence
    For the order:

    - Srivastava et al. (2014) multiply the output of a neuron, not its input, by the dropout mask.
    - Measured: the results with dropout before and after the activation differ by up to 1.0 for tanh, 0.98 for sigmoid
      and 0.27 for gelu.

    Against it:

    - Measured: for ReLU and leaky ReLU, they differ by exactly 0.0. There, the only benefit is a familiar order.

    ## Measured
    The table compares L B D A to the recommended order L B A D. The letters stand for linear layer, batch
    normalization, activation and dropout. The values are differences in accuracy, in percentage points, with 95 %
    intervals. They are paired by seed. `*` means that the interval excludes 0 even after a correction for the number of
    comparisons. `–` means that the setting was not trained. The networks are small; `docs/study.md` has the details.

    | data, activation | rate 0.1 | rate 0.3 | rate 0.5 |
    |---|---|---|---|
    | digits, relu | 0.00 [−0.01, 0.00] | 0.00 [0.00, 0.00] | 0.00 [−0.01, +0.01] |
    | digits, tanh | −0.02 [−0.07, +0.02] | +0.07 [−0.02, +0.16] | −0.12 [−0.24, 0.00] |
    | digits, gelu | −0.03 [−0.06, 0.00] | −0.09 [−0.15, −0.02] | −0.19* [−0.30, −0.09] |
    | digits, elu | +0.08 [+0.03, +0.12] | +0.10 [+0.02, +0.18] | +0.05 [−0.08, +0.19] |
    | MNIST-1D, relu | −0.06 [−0.19, +0.05] | −0.05 [−0.20, +0.11] | 0.00 [0.00, 0.00] |
    | MNIST-1D, tanh | +0.08 [−0.41, +0.61] | −2.00* [−2.76, −1.23] | −1.96* [−2.64, −1.26] |
    | MNIST-1D, gelu | −0.93* [−1.11, −0.74] | −5.86* [−6.56, −5.08] | −11.76* [−13.49, −9.91] |
    | MNIST-1D, elu | −0.13 [−0.55, +0.26] | −4.53* [−5.77, −3.12] | −10.42* [−11.49, −9.51] |

    With ReLU, the order is a matter of style, and the small differences come from rounding.

    With GELU, L B D A loses at most 0.2 points on the digits, but on MNIST-1D 0.9, 5.9 and 11.8 points at rates of 0.1,
    0.3 and 0.5. With ELU, it loses 4.5 and 10.4 points there at 0.3 and 0.5. Recalibration recovers most of the losses
    with GELU and all of those with ELU (*recalibrated* in `docs/study.md`).

    With tanh, it loses 2.0 points on MNIST-1D at 0.3 and 0.5. On the digits, there is no clear difference at small
    rates. At a rate of 0.5, L B D A loses a little, and the loss is clearer after recalibration.

    One activation speaks **against the rule**: on the digits with ELU, L B D A is better at rates of 0.1 and 0.3, by
    0.1 points.

    ## What a repair changes
    - Training: nothing with a plain ReLU or leaky ReLU. With other activations, dropout is applied to other values.
    - Inference: nothing, because dropout does nothing there.
    - Checkpoints: old weights load and give the same predictions.

    The dropout moves down to just after the last normalization or activation before the next linear layer, and after a
    max pooling that follows.

    If that activation is the output of the model, dropout after it would destroy predictions in training. In a
    measurement with a 10-class classifier, 2,000 samples and 15 epochs, the training loss rose from 1.32 to 6.10, and
    the accuracy fell from 0.877 to 0.510. So the dropout moves up to just before the linear layer, and the recommended
    order shows it there. An activation counts as the output if the model ends there, if it is a softmax, or if it is a
    sigmoid with nothing after it.

    ## Known limits
    - Only layers after a linear layer are checked.
    - A capped or shifted ReLU (`max_value`, `threshold`), `relu6` and `PReLU` are treated like the other activations,
      for which the order matters. So is every activation next to a Gaussian or alpha dropout.
    - An activation at the end of the model (`Dense → Dropout → Softmax`) is reported too. Only its repair is different.
      ORD104 checks for dropout on outputs.
    - If the configured order puts dropout first, the rule reports a dropout *after* an activation, unless another
      dropout comes before that activation.

    ## Published designs
    pix2pix is reported: its decoder has `Conv → BatchNormalization → Dropout → ReLU`. With ReLU, the repair changes
    nothing that it computes.

    ## References
    - Srivastava et al. 2014, Dropout: A Simple Way to Prevent Neural Networks from Overfitting, JMLR 15
    - stackoverflow.com/q/39691902
    """

    code = "ORD003"
    name = "dropout-before-activation"
    default_on = True
    by_roles = True
    is_about_order = True
    needs = (frozenset({Role.LINEAR, Role.DROPOUT}),)
    why = "Dropout then acts on the inputs of the activation, not on its outputs."
    fixable = Fixable.SOMETIMES
    examples = (
        Example(
            "between normalization and activation, as in pix2pix",
            bad="""\
model = Sequential([
    Conv2DTranspose(64, 4),
    BatchNormalization(),
    Dropout(0.5),  # error: 5
    ReLU(),
])
""",
            good="""\
model = Sequential([
    Conv2DTranspose(64, 4),
    BatchNormalization(),
    ReLU(),
    Dropout(0.5),
])
""",
        ),
        Example(
            "an activation function",
            bad="""\
x = inputs = Input((16,))
x = Dense(8)(x)
x = Dropout(0.2)(x)  # error: 5
x = tf.nn.tanh(x)
outputs = Dense(1)(x)
""",
            good="""\
x = inputs = Input((16,))
x = Dense(8)(x)
x = tf.nn.tanh(x)
x = Dropout(0.2)(x)
outputs = Dense(1)(x)
""",
        ),
        Example(
            "before the activation of the output",
            bad="""\
model = Sequential([
    Dense(64, activation="relu"),
    Dense(10),
    Dropout(0.5),  # error: 5
    Softmax(),
])
""",
            good="""\
model = Sequential([
    Dense(64, activation="relu"),
    Dropout(0.5),
    Dense(10),
    Softmax(),
])
""",
        ),
    )
    near_misses = (
        NearMiss(
            "the dropout comes after an activation; the softmax is a second one",
            """\
model = Sequential([Dense(8, activation="relu"), Dropout(0.2), Softmax()])
""",
        ),
        NearMiss(
            "the activation belongs to the next linear layer",
            """\
model = Sequential([Dense(8), Dropout(0.2), Dense(8, activation="relu")])
""",
        ),
        NearMiss(
            "no linear layer comes before",
            """\
model = Sequential([Input((8, 4)), LSTM(8), Dropout(0.2), ReLU()])
""",
        ),
        NearMiss(
            "an activation that is the identity",
            """\
model = Sequential([Dense(8), Dropout(0.2), Activation("linear")])
""",
        ),
    )

    def signs(self, order: Order) -> Sequence[Sign]:
        return [against(order, Role.DROPOUT, Role.ACTIVATION, is_headed=True)]

    def check(self, units: Sequence[Unit], order: Order) -> Iterator[Violation]:
        for unit in units:
            if unit.head is None:
                continue
            for pair in inversions(unit.steps, order, Role.ACTIVATION):
                yield self._violation(unit, pair, order)

    def _violation(self, unit: Unit, pair: Pair, order: Order) -> Violation:
        drop, activation = (unit.steps[index] for index in pair)
        wish, refusal = dropout_move(unit, pair[0], order)
        side = "before" if order.is_before(Role.ACTIVATION, Role.DROPOUT) else "after"
        return Violation(
            rule=self,
            at=drop.call,
            because=(activation.call,),
            because_message="activation applied here",
            message=f"`{drop.name}` {side} the activation {quoted(activation)}",
            unit=unit,
            wish=wish,
            refusal=refusal,
            why=_why(drop, activation, order),
        )


def _why(drop: UnitStep, activation: UnitStep, order: Order) -> str | None:
    if not order.is_before(Role.ACTIVATION, Role.DROPOUT):
        return CONFIGURED
    if commute(drop, activation):
        return f"A matter of style: with `{activation.name}` the order makes no difference to the model."
    return None
