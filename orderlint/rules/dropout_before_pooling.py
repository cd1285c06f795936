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
    Checks for dropout whose output goes straight into a max pooling, including global max pooling.

    ## Why is this bad?
    Max pooling picks the largest value in each window. It picks among the values that were kept and scaled up, so it
    hides most of what was dropped. It also makes the mean in training differ from the mean at inference. After the
    pooling, dropout works on the values that the next layer receives, and on fewer of them.

    ## What a repair changes
    There is no repair. Moving the dropout changes the training, and dropout before pooling may be intended as
    stochastic pooling.

    ## Known limits
    - Average pooling is linear and is not checked.
    - Dropout before a global average pooling is not reported. Kim et al. (2023) put it there, after the last
      normalization.

    ## References
    - Kim et al. 2023, UAI, arXiv:2302.06112
    - Keras: keras/src/layers/pooling/max_pooling2d.py
    """

    code = "ORD105"
    name = "dropout-before-pooling"
    needs = (frozenset({Role.DROPOUT}),)
    why = "Max pooling takes the largest value, which hides most of what was dropped."
    advice = "put the dropout after the pooling first; then `orderlint fix` can do the rest"
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
                        refusal="it is unclear whether the dropout is meant to act before the pooling",
                    )
