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
    Checks for an activation after another activation, with only dropout or layers such as pooling and reshaping between
    them.

    ## Why is this bad?
    Usually only one of the two is intended. A second `relu` does nothing, and a `softmax` after `relu` cannot
    distinguish the classes that `relu` has set to zero. A common cause is a layer that was added without removing the
    `activation=` argument before it.

    ## What a repair changes
    There is no repair, because only the author knows which activation is intended.

    ## Known limits
    - An inline activation with an unknown value is treated as no activation.
    - Activations that are stacked on purpose are reported too, such as `softplus` and then `tanh` for a hand-written
      Mish.

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
            "a forgotten argument",
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
                    refusal="it is not known which of the two activations is meant",
                )
