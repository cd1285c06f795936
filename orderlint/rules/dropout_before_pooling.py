"""ORD105."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from orderlint.graph import Role, Unit
from orderlint.judging.order import Order
from orderlint.judging.rule import Example, NearMiss, Rule, Violation


class DropoutBeforePooling(Rule):
    """Dropout comes directly before a max pooling.

    ## What it does
    Reports a dropout whose output goes straight into a max pooling, global ones included.

    ## Why is this bad?
    The pooling picks the largest value of a window among those that were kept and scaled up, so it hides most of what
    was dropped and shifts the mean between training and inference. After the pooling the dropout drops what the next
    layer sees, and has fewer values to work on.

    ## What a repair changes
    There is none: the move changes what training sees, and a dropout before the pooling may be meant as a stochastic
    pooling.

    ## Known limits
    - Average pooling is linear and is not judged.
    - A dropout before a global average pooling is no finding: Kim et al. 2023 put one there, behind the last
      normalization.

    ## References
    - Kim et al. 2023, UAI, arXiv:2302.06112
    - Keras: keras/src/layers/pooling/max_pooling2d.py
    """

    code = "ORD105"
    name = "dropout-before-pooling"
    needs = (frozenset({Role.DROPOUT}),)
    why = "Max pooling takes the largest value, which hides most of what was dropped."
    advice = "put the dropout after the pooling"
    examples = (
        Example(
            "before the pooling",
            bad="""\
model = Sequential([
    Conv2D(16, 3, activation="relu"),
    Dropout(0.25),  # error: 5
    MaxPooling2D(),
])
""",
            good="""\
model = Sequential([
    Conv2D(16, 3, activation="relu"),
    MaxPooling2D(),
    Dropout(0.25),
])
""",
        ),
    )
    near_misses = (
        NearMiss(
            "an average pooling",
            """\
model = Sequential([Conv2D(16, 3, activation="relu"), Dropout(0.25), AveragePooling2D()])
""",
        ),
        NearMiss(
            "an activation lies between",
            """\
model = Sequential([Conv2D(16, 3), Dropout(0.25), ReLU(), MaxPooling2D()])
""",
        ),
    )

    def check(self, units: Sequence[Unit], order: Order) -> Iterator[Violation]:
        for unit in units:
            for drop, pooling in pairwise(unit.steps):
                if drop.role is Role.DROPOUT and pooling.call.facts.get("max_pooling") is True:
                    yield Violation(
                        rule=self,
                        at=drop.call,
                        because=(pooling.call,),
                        because_message="pooling applied here",
                        message=f"`{drop.name}` directly before `{pooling.name}`",
                        unit=unit,
                        refusal="whether the dropout is meant to work on the pooling is not known",
                    )
