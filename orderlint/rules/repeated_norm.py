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
    Reports a batch normalization that follows another with nothing but `pass` layers (pooling, reshaping, …) and
    dropout between, in any path.

    ## Why is this bad?
    The second normalizes what is normalized: two affine maps in a row are one, so it costs time and parameters and
    gains no expressiveness.

    ## What a repair changes
    There is none: taking a layer away changes the weight files, and which of the two is meant is for the author to say.

    ## Known limits
    - A pooling between the two changes the statistics a little; that is reported all the same.

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
            "one too many",
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
            "another normalization is not a batch normalization",
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
                    refusal="which of the two normalizations is meant is not known",
                )
