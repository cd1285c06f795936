"""ORD103."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from orderlint.graph import Role, Unit
from orderlint.judging.order import Order
from orderlint.judging.repeats import repeats
from orderlint.judging.rule import Example, NearMiss, Rule, Violation


class RepeatedNorm(Rule):
    """Two batch normalizations follow each other.

    ## What it does
    Checks for a batch normalization after another one, with only dropout or layers such as pooling and reshaping
    between them.

    ## Why is this bad?
    The second normalization receives values that are already normalized. Two affine functions in a row can be replaced
    by one, so the second normalization costs time and parameters without making the model more expressive.

    ## What a repair changes
    There is no repair. Removing a layer changes the weight files, and only the author knows which normalization is
    intended.

    ## Known limits
    - Pooling between the two changes the statistics a little. The second normalization is still reported.

    ## References
    - Ioffe and Szegedy 2015, arXiv:1502.03167
    """

    code = "ORD103"
    name = "repeated-norm"
    needs = (frozenset({Role.NORM}),)
    why = "The second one normalizes what is already normalized."
    advice = "remove one of the two normalizations"
    examples = (
        Example(
            "one normalization too many",
            bad="""\
model = Sequential([
    Conv2D(8, 3),
    BatchNormalization(),
    MaxPooling2D(),
    BatchNormalization(),  # error: 5
    ReLU(),
])
""",
            good="""\
model = Sequential([
    Conv2D(8, 3),
    BatchNormalization(),
    MaxPooling2D(),
    ReLU(),
])
""",
        ),
    )
    near_misses = (
        NearMiss(
            "an activation lies between",
            """\
model = Sequential([Conv2D(8, 3), BatchNormalization(), ReLU(), BatchNormalization(), ReLU(), Conv2D(8, 3)])
""",
        ),
        NearMiss(
            "the other normalization is not a batch normalization",
            """\
model = Sequential([Conv2D(8, 3), LayerNormalization(), BatchNormalization(), ReLU()])
""",
        ),
    )

    def check(self, units: Sequence[Unit], order: Order) -> Iterator[Violation]:
        for unit in units:
            for first, second in repeats(unit, Role.NORM):
                yield Violation(
                    rule=self,
                    at=second.call,
                    because=(first.call,),
                    because_message="first normalization applied here",
                    message=f"`{second.name}` after `{first.name}`",
                    unit=unit,
                    refusal="it is unclear which of the two normalizations is intended",
                )
