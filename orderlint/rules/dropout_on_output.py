"""ORD104."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from orderlint.graph import Role, Unit
from orderlint.judging.order import Order
from orderlint.judging.rule import Example, NearMiss, Rule, Violation


class DropoutOnOutput(Rule):
    """Dropout is applied to the output of the model.

    ## What it does
    Checks for dropout between the last linear layer (`Dense` or a convolution) of a model and its output.

    ## Why is this bad?
    In training, dropout sets some predictions to zero and scales up the others. The loss is then computed from values
    that the model never predicts. Before a softmax, a dropped class gets the logit 0, which may even be the largest
    one. No later layer can learn to deal with the noise. Dropout belongs before the last linear layer.

    ## What a repair changes
    There is no repair. The author has to decide whether to remove the dropout or to move it before the last linear
    layer.

    ## Known limits
    - Only values that are visibly outputs of a model are checked, not the return values of helpers.
    - A model that serves as the base of another model ends in features, not in predictions. Suppress the finding there
      with `# orderlint: ignore[ORD104]`.
    - Dropout before the *last linear layer of a branch*, after its last normalization, is not reported. Kim et al.
      (2023) put it there.

    ## References
    - Kim et al. 2023, UAI, arXiv:2302.06112
    - Srivastava et al. 2014, Dropout: A Simple Way to Prevent Neural Networks from Overfitting, JMLR 15
    """

    code = "ORD104"
    name = "dropout-on-output"
    needs = (frozenset({Role.LINEAR, Role.DROPOUT}),)
    why = "Dropout on the output distorts what the loss compares in training."
    advice = "put the dropout before the last linear layer, or remove it"
    examples = (
        Example(
            "after the last layer",
            bad="""\
x = inputs = Input((16,))
x = Dense(32, activation="relu")(x)
x = Dense(10, activation="softmax")(x)
x = Dropout(0.5)(x)  # error: 5
model = Model(inputs, x)
""",
            good="""\
x = inputs = Input((16,))
x = Dense(32, activation="relu")(x)
x = Dropout(0.5)(x)
x = Dense(10, activation="softmax")(x)
model = Model(inputs, x)
""",
        ),
    )
    near_misses = (
        NearMiss(
            "a linear layer follows",
            """\
model = Sequential([Input((16,)), Dense(32, activation="relu"), Dropout(0.5), Dense(10)])
""",
        ),
        NearMiss(
            "the return value of a helper is not an output of the model",
            """\
def block(x):
    return Dropout(0.5)(Dense(32, activation="relu")(x))

inputs = Input((16,))
model = Model(inputs, Dense(10)(block(inputs)))
""",
        ),
    )

    def check(self, units: Sequence[Unit], order: Order) -> Iterator[Violation]:
        for unit in units:
            if unit.head is None or not unit.model_output:
                continue
            for step in unit.steps:
                if step.role is Role.DROPOUT:
                    yield Violation(
                        rule=self,
                        at=step.call,
                        because=(unit.head.call,),
                        because_message="last linear layer applied here",
                        message=f"`{step.name}` on the output of the model",
                        unit=unit,
                        refusal="it is unclear whether to remove the dropout or to move it before the last linear "
                        "layer",
                    )
