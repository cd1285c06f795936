"""ORD001."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from orderlint.graph import Role, Unit
from orderlint.judging.moves import norm_move, quoted
from orderlint.judging.order import CONFIGURED, Order
from orderlint.judging.ordering import Pair, against, misplaced_norms
from orderlint.judging.rule import Example, Fixable, NearMiss, Rule, Sign, Violation


class NormAfterActivation(Rule):
    """Batch normalization comes after an activation.

    ## What it does
    Checks for batch normalization after an activation in the same unit. A unit is the sequence of layers from one
    linear layer (`Dense` or a convolution) up to the next one. The activation can be a layer, a function, or the
    `activation=` argument of the linear layer.

    A normalization that opens a pre-activation block, as in ResNet v2 and DenseNet, is not reported. In such a block, a
    first normalization comes before the activation, and a further activation comes after the second normalization.

    ## Why is this bad?
    The order is a convention, and the evidence for it is mixed. Batch normalization was introduced right before the
    activation. The output of a linear layer is closer to symmetric than the output of an activation, so normalizing it
    gives the activation inputs with a stable spread. After a ReLU, all values are zero or positive. Readers also expect
    the usual order, and they easily overlook an unintended deviation from it.

    If your project prefers the other order, configure it: `order = ["activation", "norm", "dropout"]`.

    ## Evidence
    For the order:

    - Ioffe and Szegedy (2015) put the normalization before the activation. They needed 14 times fewer training steps
      than without normalization. They did not measure the other order.
    - GoogLeNet-128 on ImageNet reaches a top-1 accuracy of 0.603 with normalization before the activation and 0.596
      with normalization after it, both with LSUV initialization. With orthonormal initialization, the values are 0.607
      and 0.584 (caffenet-benchmark; single runs).
    - The 40 models of `keras.applications` have 3,610 batch normalizations. Apart from pre-activation stems, none of
      them comes after the activation of its linear layer.

    Against it:

    - CaffeNet-128 on ImageNet reaches a top-1 accuracy of 0.478 with normalization before the activation and 0.499 with
      normalization after it, both with LSUV initialization. With orthonormal initialization, the values are 0.482 and
      0.500 (caffenet-benchmark; single runs).
    - Chen et al. (2019) argue against batch normalization before ReLU. They normalize the input of a layer and apply
      dropout to it: ReLU, normalization, dropout, convolution.
    - He et al. (2016) trained ResNet-110 on CIFAR-10. The error was 6.61 % with the original block and 6.37 % with full
      pre-activation. So a normalization can open a block, and the rule does not report it there. Normalization after
      the addition was worst, with 8.17 %. orderlint does not compare layers across an addition.

    ## Measured
    The table compares L A B D, with normalization after the activation, to the recommended order L B A D. The letters
    stand for linear layer, batch normalization, activation and dropout. The values are differences in accuracy, in
    percentage points, with 95 % intervals. They are paired by seed. `*` means that the interval excludes 0 even after a
    correction for the number of comparisons. `–` means that the setting was not trained. `docs/study.md` has the
    details. The networks are small; for public models,
    see `docs/models.md`.

    | data, activation | rate 0 | rate 0.1 | rate 0.3 | rate 0.5 |
    |---|---|---|---|---|
    | digits, relu | −0.85* [−1.02, −0.67] | −0.53* [−0.73, −0.33] | −0.30 [−0.48, −0.13] | +0.08 [−0.15, +0.31] |
    | digits, tanh | +0.06 [−0.10, +0.22] | +0.15 [+0.04, +0.25] | +0.12 [−0.02, +0.26] | −0.19 [−0.32, −0.06] |
    | digits, gelu | −0.30* [−0.47, −0.13] | −0.19* [−0.31, −0.08] | −0.08 [−0.21, +0.05] | 0.00 [−0.16, +0.16] |
    | digits, elu | −0.07 [−0.18, +0.04] | +0.05 [−0.05, +0.17] | +0.08 [−0.04, +0.20] | +0.06 [−0.04, +0.15] |
    | MNIST-1D, relu | −3.63* [−4.65, −2.62] | −0.76 [−1.67, +0.28] | +1.87* [+0.89, +3.05] | +2.29 [+0.89, +3.53] |
    | MNIST-1D, relu, 60 epochs | – | – | +1.15 [+0.35, +1.98] | – |
    | MNIST-1D, tanh | −5.73* [−6.64, −4.89] | −5.54* [−6.95, −4.08] | −9.37* [−10.41, −8.37] | −3.80* [−5.59, −2.39] |
    | MNIST-1D, tanh, 60 epochs | – | – | −3.12* [−4.43, −1.77] | – |
    | MNIST-1D, gelu | −5.25* [−6.31, −4.37] | −3.23* [−4.23, −2.23] | −0.61 [−1.49, +0.18] | +0.25 [−1.08, +1.47] |
    | MNIST-1D, elu | +0.97 [−0.22, +2.15] | +3.36* [+2.89, +3.90] | +4.40* [+3.56, +5.39] | +1.83* [+0.81, +2.90] |
    | MNIST-1D, elu, 60 epochs | – | – | +8.83* [+8.03, +9.64] | – |

    Without dropout, the recommended order is better with ReLU and GELU, on the digits and on MNIST-1D, and with tanh on
    MNIST-1D. On the digits, the advantage shrinks as the rate of the dropout grows, and at 0.5 there is no clear
    difference. With ELU, there is no clear difference on the digits at any rate. With tanh, L A B D is slightly better
    there at 0.1 and slightly worse at 0.5.

    On MNIST-1D with dropout, the result depends on the activation. With tanh, the recommended order is better by 3.8 to
    9.4 points. At 0.3, its advantage shrinks from 9.4 to 3.1 points after three times as many epochs. With GELU, it is
    better by 3.2 points at a rate of 0.1, and not clearly at 0.3 and 0.5.

    With two activations, the result is **reversed**. With ReLU, normalization after the activation is better at rates
    of 0.3 and 0.5. At 0.3, it is still better after three times as many epochs. At 0.1, there is no clear difference.
    With ELU, normalization after the activation is better by 3.4, 4.4 and 1.8 points at 0.1, 0.3 and 0.5, and by 8.8
    points at 0.3 after three times as many epochs.

    Four of the public models have only this finding. Two of them have no dropout and gain accuracy by the repair
    (`cancer`, `digits_lesson`). One shows no clear difference (`pruning`). A convolutional model for signals loses 3.8
    points (`exoplanets`).

    So this rule enforces a convention, and in some settings the other order is better. If accuracy matters, train both,
    or turn the rule off. `docs/study.md` proposes to make it a warning by default.

    ## What a repair changes
    - Training: the layers receive different values. Train the model again.
    - Inference: the model computes a different function.
    - Checkpoints: old weights may load **without an error** and give wrong outputs, because the shapes still match.

    The normalization moves up to just before the activation. If a layer between the two changes the shape (`Flatten`,
    `Reshape`, `Permute`, a global pooling), the activation moves down instead. That way, the parameters of the
    normalization keep their shape. An inline `activation=` becomes a separate layer.

    ## Known limits
    - An inline activation with an unknown value is treated as no activation.
    - Nothing is reported across a merge (`Add`, `Concatenate`) or after a layer that is not linear.
    - Layer, group and other normalizations are ignored, unless the configuration lists them as `norm`.
    - If several activations come before the normalization, the nearest one decides whether the normalization opens a
      pre-activation block.
    - If the configured order puts the activation first, the rule reports a normalization *before* its activation. The
      exception for pre-activation blocks is reversed as well.

    ## Published designs
    Some published designs are reported although they work: VGG variants with `Conv(relu) → BatchNormalization`, and the
    first InceptionV3 of Keras. The current InceptionV3 has the usual order.

    ## References
    - Ioffe and Szegedy 2015, arXiv:1502.03167; keras-team/keras#1802 quotes the sentence on the placement
    - He et al. 2016, arXiv:1603.05027
    - Chen et al. 2019, arXiv:1905.05928
    - ducha-aiki/caffenet-benchmark, batchnorm.md
    - keras-team/keras#4618 and #5465 on InceptionV3; stackoverflow.com/q/39691902 and q/55827660 for the debate
    """

    code = "ORD001"
    name = "norm-after-activation"
    default_on = True
    by_roles = True
    is_about_order = True
    needs = (frozenset({Role.LINEAR, Role.NORM}),)
    why = "By convention the normalization comes before the activation; the evidence for that is mixed."
    fixable = Fixable.SOMETIMES
    examples = (
        Example(
            "an inline activation",
            bad="""\
model = Sequential([
    Dense(64, activation="relu"),
    BatchNormalization(),  # error: 5
    Dense(10),
])
""",
            good="""\
model = Sequential([
    Dense(64),
    BatchNormalization(),
    Activation("relu"),
    Dense(10),
])
""",
        ),
        Example(
            "layers applied one by one",
            bad="""\
x = inputs = Input((32, 32, 3))
x = Conv2D(16, 3)(x)
x = ReLU()(x)
x = MaxPooling2D()(x)
x = BatchNormalization()(x)  # error: 5
x = Conv2D(16, 3)(x)
""",
            good="""\
x = inputs = Input((32, 32, 3))
x = Conv2D(16, 3)(x)
x = BatchNormalization()(x)
x = ReLU()(x)
x = MaxPooling2D()(x)
x = Conv2D(16, 3)(x)
""",
        ),
        Example(
            "the shape changes between",
            bad="""\
model = Sequential([
    Conv2D(16, 3),
    ReLU(),
    Flatten(),
    BatchNormalization(),  # error: 5
    Dense(10),
])
""",
            good="""\
model = Sequential([
    Conv2D(16, 3),
    Flatten(),
    BatchNormalization(),
    ReLU(),
    Dense(10),
])
""",
        ),
    )
    near_misses = (
        NearMiss(
            "the next linear layer starts a new unit",
            """\
model = Sequential([Dense(8), BatchNormalization(), ReLU(), Dense(8), BatchNormalization(), ReLU()])
""",
        ),
        NearMiss(
            "a pre-activation block",
            """\
x = inputs = Input((32, 32, 3))
x = ReLU()(BatchNormalization()(Conv2D(16, 3)(x)))
x = MaxPooling2D()(x)
x = ReLU()(BatchNormalization()(x))
x = Conv2D(16, 3)(x)
""",
        ),
        NearMiss(
            "a merge lies between",
            """\
inputs = Input((32, 32, 3))
x = BatchNormalization()(Conv2D(3, 3, padding="same")(inputs))
x = ReLU()(Add()([x, inputs]))
x = BatchNormalization()(x)
""",
        ),
        NearMiss(
            "a recurrent layer uses its activation argument internally",
            """\
model = Sequential([Input((8, 4)), LSTM(8, activation="relu"), BatchNormalization(), Dense(1)])
""",
        ),
        NearMiss(
            "layer normalization is not batch normalization",
            """\
model = Sequential([Dense(8, activation="relu"), LayerNormalization(), Dense(1)])
""",
        ),
        NearMiss(
            "a linear activation does nothing",
            """\
model = Sequential([Dense(8, activation="linear"), BatchNormalization(), ReLU()])
""",
        ),
    )

    def signs(self, order: Order) -> Sequence[Sign]:
        return [against(order, Role.ACTIVATION, Role.NORM, is_headed=True)]

    def check(self, units: Sequence[Unit], order: Order) -> Iterator[Violation]:
        for unit in units:
            if unit.head is None:
                continue
            for pair in misplaced_norms(unit.steps, order, is_open=unit.is_open):
                yield self._violation(unit, pair, order)

    def _violation(self, unit: Unit, pair: Pair, order: Order) -> Violation:
        norm, activation = (unit.steps[index] for index in pair)
        wish, refusal = norm_move(unit.steps, pair, order)
        side = "after" if order.is_before(Role.NORM, Role.ACTIVATION) else "before"
        return Violation(
            rule=self,
            at=norm.call,
            because=(activation.call,),
            because_message="activation applied here",
            message=f"`{norm.name}` {side} the activation {quoted(activation)}",
            unit=unit,
            wish=wish,
            refusal=refusal,
            why=None if order.is_default else CONFIGURED,
        )
