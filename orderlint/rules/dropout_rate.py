"""ORD108."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from orderlint.graph import Role, Unit
from orderlint.judging.order import Order
from orderlint.judging.rule import Example, NearMiss, Rule, Violation

HIGHEST: Final = 0.8


class DropoutRate(Rule):
    """A dropout has a rate that is probably a mistake.

    ## What it does
    Checks for dropout with a constant rate that is 0 or less, 1 or more, or above 0.8.

    ## Why is this bad?
    A rate of 0 does nothing, and a rate of 1 leaves nothing. A rate above 0.8 is often the probability of *keeping* a
    value, which TensorFlow 1 expected: `tf.nn.dropout(x, keep_prob=0.9)` is `Dropout(0.1)`.

    ## What a repair changes
    There is no repair, because only the author knows which rate is intended.

    ## Known limits
    - Only constant rates are checked, not parameters or variables with several possible values. A rate of 0 that comes
      from the argument of a call, a default, or an attribute switches the dropout off on purpose and is not reported.
    - The second positional argument of `tf.nn.dropout` is not checked: it is a keep probability in TensorFlow 1 and a
      rate in TensorFlow 2. The keyword argument `rate=` is checked.

    ## References
    - Keras: keras/src/layers/regularization/dropout.py
    - TensorFlow: tensorflow/python/ops/nn_ops.py, `dropout` and `dropout_v2`
    """

    code = "ORD108"
    name = "dropout-rate"
    needs = (frozenset({Role.DROPOUT}),)
    why = "The rate is the fraction of values to drop: more than 0 and less than 1."
    examples = (
        Example(
            "a keep probability by mistake",
            bad="""\
model = Sequential([
    Dense(64, activation="relu"),
    Dropout(0.9),  # error: 5
    Dense(10),
])
""",
            good="""\
model = Sequential([
    Dense(64, activation="relu"),
    Dropout(0.1),
    Dense(10),
])
""",
        ),
        Example(
            "a rate that does nothing",
            bad="""\
model = Sequential([
    Dense(64, activation="relu"),
    Dropout(0),  # error: 5
    Dense(10),
])
""",
            good="""\
model = Sequential([
    Dense(64, activation="relu"),
    Dense(10),
])
""",
        ),
    )
    near_misses = (
        NearMiss(
            "a high rate that may be intended",
            """\
model = Sequential([Dense(64, activation="relu"), Dropout(0.8), Dense(10)])
""",
        ),
        NearMiss(
            "a parameter whose default is 0",
            """\
def head(x, rate=0.0):
    return Dense(10)(Dropout(rate)(x))
""",
        ),
        NearMiss(
            "a dropout that a call switches off",
            """\
def head(x, rate=None):
    return Dense(10)(Dropout(0 if rate is None else rate)(x))

outputs = head(Input((8,)))
""",
        ),
        NearMiss(
            "an explicit keep probability",
            """\
def head(x):
    return Dense(10)(tf.compat.v1.nn.dropout(x, keep_prob=0.9))
""",
        ),
    )

    def check(self, units: Sequence[Unit], order: Order) -> Iterator[Violation]:
        for unit in units:
            for step in unit.steps:
                rate = step.call.facts.get("rate")
                fault = _fault(rate) if isinstance(rate, (int, float)) else None
                if fault is not None:
                    yield Violation(
                        rule=self,
                        at=step.call,
                        because=(),
                        because_message="",
                        message=f"`{step.name}` with the rate {rate!r}, {fault}",
                        unit=unit,
                        refusal="it is unclear which rate is intended",
                    )


def _fault(rate: float) -> str | None:
    """What is wrong with a rate; `None` if nothing is."""
    if rate <= 0:
        return "which drops nothing" if rate == 0 else "which is less than 0"
    if rate >= 1:
        return "which leaves nothing" if rate == 1 else "which is more than 1"
    return "perhaps the share to keep" if rate > HIGHEST else None
