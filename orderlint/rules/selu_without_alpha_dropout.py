"""ORD107."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from orderlint.graph import Role, Unit, UnitStep
from orderlint.judging.moves import quoted
from orderlint.judging.order import Order
from orderlint.judging.rule import Example, NearMiss, Rule, Violation


class SeluWithoutAlphaDropout(Rule):
    """A `selu` activation is followed by a plain dropout or a normalization.

    ## What it does
    Checks for a batch normalization, or a dropout other than `AlphaDropout`, after a `selu` activation and before the
    next linear layer (`Dense` or a convolution).

    ## Why is this bad?
    `selu` keeps the mean near 0 and the variance near 1 without a normalization layer. A plain dropout sets values to 0
    and scales the rest, which destroys this property. `AlphaDropout` sets dropped values to the saturation value of
    `selu` instead, and keeps mean and variance. A batch normalization repeats what `selu` already does.

    ## What a repair changes
    There is no repair, because the activation may be the mistake.

    ## Known limits
    - An activation with an unknown value is not treated as `selu`.
    - The rule does not check for the `lecun_normal` initializer that `selu` needs.

    ## References
    - Klambauer et al. 2017, Self-Normalizing Neural Networks, arXiv:1706.02515
    - Keras: keras/src/layers/regularization/alpha_dropout.py
    """

    code = "ORD107"
    name = "selu-without-alpha-dropout"
    needs = (frozenset({Role.ACTIVATION, Role.DROPOUT}), frozenset({Role.ACTIVATION, Role.NORM}))
    why = "`selu` keeps its values normalized by itself; a plain dropout or a normalization disturbs that."
    advice = "use `AlphaDropout`, or another activation"
    examples = (
        Example(
            "a plain dropout",
            bad="""\
model = Sequential([
    Dense(64, activation="selu"),
    Dropout(0.1),  # error: 5
    Dense(10),
])
""",
            good="""\
model = Sequential([
    Dense(64, activation="selu"),
    AlphaDropout(0.1),
    Dense(10),
])
""",
        ),
        Example(
            "a normalization",
            bad="""\
model = Sequential([
    Dense(64, activation="selu"),
    BatchNormalization(),  # error: 5
    Dense(10),
])
""",
            good="""\
model = Sequential([
    Dense(64, activation="selu"),
    Dense(10),
])
""",
        ),
    )
    near_misses = (
        NearMiss(
            "another activation",
            """\
model = Sequential([Dense(64, activation="elu"), Dropout(0.1), Dense(10)])
""",
        ),
        NearMiss(
            "the dropout belongs to the next linear layer",
            """\
model = Sequential([Dense(64, activation="selu"), Dense(64, activation="relu"), Dropout(0.1)])
""",
        ),
    )

    def check(self, units: Sequence[Unit], order: Order) -> Iterator[Violation]:
        for unit in units:
            selu: UnitStep | None = None
            for step in unit.steps:
                if step.role is Role.ACTIVATION and step.name == "selu":
                    selu = step
                elif selu is not None and _disturbs(step):
                    yield self._violation(unit, step, selu)

    def _violation(self, unit: Unit, step: UnitStep, selu: UnitStep) -> Violation:
        instead = ", not `AlphaDropout`" if step.role is Role.DROPOUT else ""
        return Violation(
            rule=self,
            at=step.call,
            because=(selu.call,),
            because_message="selu applied here",
            message=f"`{step.name}` after {quoted(selu)}{instead}",
            unit=unit,
            refusal="it is unclear whether the activation or the layer after it is intended",
        )


def _disturbs(step: UnitStep) -> bool:
    return step.role is Role.NORM or (step.role is Role.DROPOUT and step.name != "AlphaDropout")
