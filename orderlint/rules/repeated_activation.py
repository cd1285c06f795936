"""ORD102."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from orderlint.graph import Role, Unit
from orderlint.judging.moves import quoted
from orderlint.judging.order import Order
from orderlint.judging.repeats import repeats
from orderlint.judging.rule import Example, NearMiss, Rule, Violation


class RepeatedActivation(Rule):
    """Two activations follow each other.

    ## What it does
    Reports an activation that follows another with nothing but `pass` layers (pooling, reshaping, …) and dropout
    between, in any path.

    ## Why is this bad?
    One of the two is rarely meant. `relu` after `relu` does nothing, and a `softmax` after `relu` cannot tell apart
    the classes that `relu` has set to zero. Usually an `activation=` argument was forgotten when a layer was added.

    ## What a repair changes
    There is none: which of the two is meant is for the author to say.

    ## Known limits
    - An inline activation whose value cannot be known counts as none.
    - Activations that are meant to be stacked (`softplus`, then `tanh`, for Mish by hand) are reported too.

    ## References
    - Keras: keras/src/activations/activations.py
    """

    code = "ORD102"
    name = "repeated-activation"
    needs = (frozenset({Role.ACTIVATION}),)
    why = "Two activations in a row are rarely intended; one is often an overlooked argument."
    advice = "remove one of the two activations"
    examples = (
        Example(
            "an argument that was forgotten",
            bad="""\
model = Sequential([
    Dense(10, activation="relu"),
    Softmax(),  # error: 5
])
""",
            good="""\
model = Sequential([
    Dense(10),
    Softmax(),
])
""",
        ),
    )
    near_misses = (
        NearMiss(
            "a normalization lies between",
            """\
model = Sequential([Dense(8, activation="relu"), BatchNormalization(), ReLU()])
""",
        ),
        NearMiss(
            "a linear layer lies between",
            """\
model = Sequential([Dense(8, activation="relu"), Dense(8, activation="relu")])
""",
        ),
    )

    def check(self, units: Sequence[Unit], order: Order) -> Iterator[Violation]:
        for unit in units:
            for first, second in repeats(unit, Role.ACTIVATION):
                yield Violation(
                    rule=self,
                    at=second.call,
                    because=(first.call,),
                    because_message="first activation applied here",
                    message=f"activation {quoted(second)} after the activation {quoted(first)}",
                    unit=unit,
                    refusal="which of the two activations is meant is not known",
                )
