"""ORD002."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from orderlint.graph import Role, Unit
from orderlint.judging.moves import dropout_move
from orderlint.judging.order import CONFIGURED, Order
from orderlint.judging.ordering import Pair, against, inversions
from orderlint.judging.rule import Example, Fixable, NearMiss, Rule, Sign, Violation


class DropoutBeforeNorm(Rule):
    """Dropout feeds a batch normalization.

    ## What it does
    Checks for dropout that comes before a batch normalization in the same unit. A unit is the sequence of layers from
    one linear layer (`Dense` or a convolution) up to the next one. The rule also applies if a unit starts at another
    layer (`LSTM → Dropout → BatchNormalization`).

    ## Why is this bad?
    In training, dropout scales the values that it keeps by `1 / (1 - rate)`. At inference, it does nothing. The mean of
    the values stays the same, but their variance does not. The normalization learns and stores the variance of
    training, and sees a smaller one at inference. The ratio of the two is called the *variance shift*. Theory,
    measurements and published comparisons all support this rule.

    Only dropout after the last normalization of the whole *network* causes no shift. If blocks in the recommended order
    are stacked, each dropout still reaches the next normalization across a linear layer (see ORD109). `orderlint
    measure` shows the shift in your model.

    ## Evidence
    For the order:

    - Li et al. (2018) trained DenseNet on CIFAR-100. Without dropout, the accuracy was 77.42 %. With a dropout of 0.5
      in each bottleneck, it was 68.55 % (figure 1). They recommend dropout after the last batch normalization.
    - Measured in Keras, with `Dropout(0.5)` before `BatchNormalization` and standard normal input: the stored variance
      is 1.994, and the variance of the input at inference is 1.0. So the variance of the output is 0.50 instead of 1.
    - mlcolvar#267 and #268 (2026) switched to this order and report better stability.
    - Huang et al. (2022) show that the shift of estimated statistics accumulates over stacked normalizations.

    Against it, or limiting it:

    - Li et al. also find that small rates (0.1) cost little, and that wide layers tolerate dropout. Their *uniform*
      dropout does less harm. `GaussianDropout` in Keras does not: its shift is that of `Dropout` (1.65 and 1.64 at a
      rate of 0.3).
    - The rate matters too. CaffeNet-128 with normalization after the ReLU reaches a top-1 accuracy of 0.513 without
      dropout in its two large dense layers, 0.527 with a rate of 0.2, and 0.499 with 0.5 (caffenet-benchmark; single
      runs that never vary the position).
    - Kim et al. (2023) put dropout after the last normalization of a branch and before its last linear layer.

    ## Measured
    The table compares two orders to the recommended order L B A D. The letters stand for linear layer, batch
    normalization, activation and dropout. In L A D B, the normalization also comes after the activation (ORD001). The
    values are differences in accuracy, in percentage points, with 95 % intervals. They are paired by seed. `*` means
    that the interval excludes 0 even after a correction for the number of comparisons. `–` means that the setting was
    not trained. `docs/study.md` has the details. The networks are small; for public models,
    see `docs/models.md`.

    | order, data, activation | rate 0.1 | rate 0.3 | rate 0.5 |
    |---|---|---|---|
    | L D B A, digits, relu | −0.02 [−0.13, +0.08] | −0.30* [−0.46, −0.15] | −0.79* [−1.02, −0.56] |
    | L D B A, digits, tanh | −0.09 [−0.18, 0.00] | −0.08 [−0.18, +0.02] | −0.48* [−0.63, −0.33] |
    | L D B A, digits, gelu | −0.10 [−0.21, 0.00] | −0.46* [−0.58, −0.36] | −0.85* [−1.12, −0.60] |
    | L D B A, digits, elu | −0.10 [−0.19, −0.02] | −0.22 [−0.34, −0.08] | −0.31* [−0.46, −0.17] |
    | L D B A, MNIST-1D, relu | −2.21* [−2.53, −1.89] | −6.24* [−7.66, −4.77] | −6.69* [−8.83, −4.66] |
    | L D B A, MNIST-1D, relu, 60 epochs | – | −3.55* [−4.47, −2.65] | – |
    | L D B A, MNIST-1D, tanh | +0.03 [−0.31, +0.33] | −0.77 [−1.50, −0.03] | +1.98* [+1.22, +2.68] |
    | L D B A, MNIST-1D, gelu | −1.25* [−1.57, −0.98] | −8.46* [−9.34, −7.61] | −16.87* [−19.27, −14.59] |
    | L D B A, MNIST-1D, elu | −0.41 [−0.64, −0.16] | −5.69* [−6.79, −4.42] | −9.53* [−10.32, −8.78] |
    | L A D B, digits, relu | −0.53* [−0.70, −0.35] | −0.61* [−0.79, −0.41] | −0.89* [−1.12, −0.67] |
    | L A D B, digits, tanh | −0.02 [−0.15, +0.13] | −0.27* [−0.38, −0.15] | −0.46* [−0.60, −0.31] |
    | L A D B, digits, gelu | −0.16 [−0.28, −0.05] | −0.34* [−0.49, −0.19] | −0.63* [−0.84, −0.44] |
    | L A D B, digits, elu | −0.03 [−0.13, +0.06] | −0.23* [−0.33, −0.10] | −0.32* [−0.46, −0.18] |
    | L A D B, MNIST-1D, relu | −0.11 [−0.76, +0.55] | +0.26 [−0.79, +1.39] | −0.75 [−2.36, +0.80] |
    | L A D B, MNIST-1D, tanh | −4.61* [−5.86, −3.33] | −5.73* [−6.74, −4.75] | +1.15 [+0.01, +2.26] |
    | L A D B, MNIST-1D, gelu | −2.59* [−3.56, −1.62] | −1.03 [−1.80, −0.33] | −1.83 [−3.12, −0.54] |
    | L A D B, MNIST-1D, elu | +3.41* [+2.81, +4.06] | +4.39* [+3.65, +5.31] | +2.05 [+0.77, +3.24] |
    | L A D B, MNIST-1D, elu, 60 epochs | – | +8.47* [+7.75, +9.25] | – |

    On the digits, L D B A loses at most 0.1 points at a rate of 0.1. At 0.5, the loss is between 0.3 and 0.9 points,
    and clear with every activation. Recalibration recovers only a small part of it (*recalibrated* in `docs/study.md`),
    because the network has learned with the larger variance.

    On MNIST-1D with ReLU, L D B A loses 2.2 points at a rate of 0.1, more than 6 at higher rates, and 3.6 at 0.3 after
    three times as many epochs. At rates of 0.1, 0.3 and 0.5, it loses 1.3, 8.5 and 16.9 points with GELU, and 0.4, 5.7
    and 9.5 points with ELU. Most of the losses with GELU and ELU, and with ReLU at 0.3, come from the stored
    statistics, and recalibration recovers them. With tanh, there is no loss at 0.1 and a small one at 0.3, and
    recalibration does not help. L A D B loses 2.6, 1.0 and 1.8 points with GELU, and 4.6 and 5.7 points with tanh at
    0.1 and 0.3.

    Three results speak **against the rule**, all on MNIST-1D. With ReLU, L A D B shows no clear loss at any rate. After
    recalibration, it is even better than the recommended order as trained, at rates of 0.3 and 0.5. With ELU, it is
    better by 3.4, 4.4 and 2.1 points at 0.1, 0.3 and 0.5, and by 8.5 points at 0.3 after three times as many epochs. L
    A B D, which also has the normalization after the activation, is better by about as much. So the gain comes from
    that position, and the dropout before the normalization does not cancel it. With tanh at 0.5, where no order gets
    more than 28 % of the signals right, L D B A is better by 2.0 points and L A D B by 1.2 points.

    In most of the public models with this finding, recalibration alone helps, and the repair helps on top of that.
    There are two exceptions. `fashion` is worse after the repair if both versions are recalibrated. `question_pairs` is
    only worse as trained, because its moving averages have not converged. So try `orderlint recalibrate` on a model
    that is already trained. The repair of the source code pays off once the model is trained again.

    The repair does not remove the whole shift, because dropout still reaches the normalizations of the following
    blocks. With fresh weights, three blocks of width 128 and a rate of 0.3, the shift at the three normalizations goes
    from 1.43, 2.49 and 4.10 to 1.00, 1.63 and 2.67. Only dropout after the last normalization of the network removes it
    completely (ORD109).

    ## What a repair changes
    - Training: the normalization receives values before dropout. Train the model again to benefit.
    - Inference: nothing, because dropout does nothing there.
    - Checkpoints: old weights load and give the same predictions.

    The dropout moves down to just after the last normalization or activation of its unit, and after a max pooling that
    follows. If that position is the output of the model, the dropout moves up to just before the linear layer instead
    (see ORD003). If the unit has no linear layer, the finding is not repaired. The dropout also goes before the linear
    layer if the data flow splits after it and an activation comes directly before it, as in the blocks of DenseNet.

    ## Known limits
    - Nothing is reported across a merge, an unknown call, or a linear layer between the two, although the effect of
      dropout on the variance reaches further.
    - A dropout with a literal rate of 0 does nothing and is ignored. A dropout with an unknown rate is reported.
    - A spatial dropout, or one with a `noise_shape`, is not repaired if the shape changes on the way. One case is an
      exception: a spatial dropout before a global pooling becomes a plain `Dropout` after the pooling.
    - If the configured order puts dropout first, the rule reports a dropout *after* a normalization.

    ## Published designs
    No well-known design with this order has been found. The decoder of pix2pix has its dropout after the normalization.

    ## References
    - Li, Chen, Hu and Yang 2018, Understanding the Disharmony between Dropout and Batch Normalization by Variance
      Shift, arXiv:1801.05134
    - ducha-aiki/caffenet-benchmark, batchnorm.md
    - Huang et al. 2022, CVPR, arXiv:2203.10778; Kim et al. 2023, UAI, arXiv:2302.06112
    - Hendrycks and Gimpel 2016, Adjusting for Dropout Variance in Batch Normalization and Weight Initialization,
      arXiv:1607.02488
    - mlcolvar#267 and #268; stackoverflow.com/q/39691902
    """

    code = "ORD002"
    name = "dropout-before-norm"
    default_on = True
    by_roles = True
    is_about_order = True
    needs = (frozenset({Role.DROPOUT, Role.NORM}),)
    why = "In training, the normalization learns a larger variance than it sees at inference, which costs accuracy."
    fixable = Fixable.SOMETIMES
    examples = (
        Example(
            "dropout in the middle",
            bad="""\
model = Sequential([
    Dense(64),
    ReLU(),
    Dropout(0.5),  # error: 5
    BatchNormalization(),
    Dense(10),
])
""",
            good="""\
model = Sequential([
    Dense(64),
    BatchNormalization(),
    ReLU(),
    Dropout(0.5),
    Dense(10),
])
""",
        ),
        Example(
            "after a recurrent layer",
            bad="""\
x = inputs = Input((20, 8))
x = LSTM(16)(x)
x = Dropout(0.3)(x)  # error: 5
x = BatchNormalization()(x)
outputs = Dense(1)(x)
""",
            good="""\
x = inputs = Input((20, 8))
x = LSTM(16)(x)
x = BatchNormalization()(x)
x = Dropout(0.3)(x)
outputs = Dense(1)(x)
""",
        ),
    )
    near_misses = (
        NearMiss(
            "dropout comes last",
            """\
model = Sequential([Dense(8), BatchNormalization(), ReLU(), Dropout(0.3), Dense(8), BatchNormalization()])
""",
        ),
        NearMiss(
            "a dropout of rate 0 does nothing",
            """\
model = Sequential([Dense(8), Dropout(0), BatchNormalization()])
""",
        ),
        NearMiss(
            "a merge lies between",
            """\
inputs = Input((8,))
left, right = Dropout(0.3)(Dense(8)(inputs)), Dense(8)(inputs)
x = BatchNormalization()(Concatenate()([left, right]))
""",
        ),
        NearMiss(
            "the two branches exclude each other",
            """\
def head(x, noisy=False):
    x = Dense(8)(x)
    if noisy:
        x = Dropout(0.3)(x)
    if not noisy:
        x = BatchNormalization()(x)
    return x
""",
        ),
    )

    def signs(self, order: Order) -> Sequence[Sign]:
        return [against(order, Role.DROPOUT, Role.NORM)]

    def check(self, units: Sequence[Unit], order: Order) -> Iterator[Violation]:
        for unit in units:
            for pair in inversions(unit.steps, order, Role.NORM):
                yield self._violation(unit, pair, order)

    def _violation(self, unit: Unit, pair: Pair, order: Order) -> Violation:
        drop, norm = (unit.steps[index] for index in pair)
        wish, refusal = dropout_move(unit, pair[0], order)
        is_usual = order.is_before(Role.NORM, Role.DROPOUT)
        return Violation(
            rule=self,
            at=drop.call,
            because=(norm.call,),
            because_message="normalization applied here",
            message=f"`{drop.name}` {'before' if is_usual else 'after'} `{norm.name}`",
            unit=unit,
            wish=wish,
            refusal=refusal,
            why=None if is_usual else CONFIGURED,
        )
