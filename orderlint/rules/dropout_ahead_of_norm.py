"""ORD109."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from orderlint.graph import LayerCall, Role, Unit
from orderlint.graph.guards import NEVER, Guard, GuardSpaceFull
from orderlint.judging.order import Order
from orderlint.judging.rule import Example, NearMiss, Rule, Violation


class DropoutAheadOfNorm(Rule):
    """Dropout reaches a batch normalization across linear layers.

    ## What it does
    Reports a dropout from which a batch normalization is reached across one or more linear layers of the same model.
    This is the rule of Li et al.: dropout only after the network's last batch normalization. ORD002 reports what lies
    in one unit; this rule reports the rest.

    **It fires on the recommended order** as soon as blocks of it are stacked, so it is not on by default. Select it
    where you build a model whose variances are to be the same in training and at inference.

    ## Why is this bad?
    Dropout widens the values it works on in training and does nothing at inference. A linear layer hands the wider
    variance on, and the normalization behind it learns a variance that it does not meet at inference. What one
    normalization is shifted by, the next ones are shifted by as well.

    ## Evidence
    For it:

    - Measured with Keras, fresh weights, three blocks of width 128 in the recommended order, ReLU, standard normal
      input: the variance in training is 1.00, 1.63 and 2.67 times the one at inference at a rate of 0.3, and 1.00,
      2.45 and 5.98 times at 0.5 (first, second and third normalization). `orderlint measure` shows it on your model.
    - Li et al. 2019: dropout after the last normalization improves networks where dropout in every block hurts.

    Against it:

    - A shift is no loss: networks train around it. In the study of `docs/study.md` the recommended order is stacked,
      and it is the best or among the best of those with dropout.
    - New statistics take the shift out of a trained model, without another order: `orderlint recalibrate`.

    ## What a repair changes
    There is none: leaving out all dropouts but the last is another regularization, which is for the author to choose.

    ## Known limits
    - Nothing is reported across a merge or an unknown call.
    - A model that is used inside another one is seen with it only where both are in view.

    ## References
    - Li, Chen, Hu and Yang 2019, Understanding the Disharmony between Dropout and Batch Normalization by Variance
      Shift, CVPR, arXiv:1801.05134
    - Huang et al. 2022, CVPR, arXiv:2203.10778: the shift of estimated statistics accumulates over stacked
      normalizations
    - Kim et al. 2023, UAI, arXiv:2302.06112, on where dropout goes in networks with batch normalization
    """

    code = "ORD109"
    name = "dropout-ahead-of-norm"
    needs = (frozenset({Role.DROPOUT, Role.NORM}),)
    why = "The normalization learns a variance in training that it does not meet at inference."
    obstructs = False  # it is in the nature of the recommended order, which repairs bring about
    examples = (
        Example(
            "two blocks of the recommended order",
            bad="""\
model = Sequential([
    Dense(64),
    BatchNormalization(),
    ReLU(),
    Dropout(0.3),  # error: 5
    Dense(64),
    BatchNormalization(),
    ReLU(),
    Dropout(0.3),
    Dense(10),
])
""",
            good="""\
model = Sequential([
    Dense(64),
    BatchNormalization(),
    ReLU(),
    Dense(64),
    BatchNormalization(),
    ReLU(),
    Dropout(0.3),
    Dense(10),
])
""",
        ),
    )
    near_misses = (
        NearMiss(
            "no normalization follows the dropout",
            """\
model = Sequential([Dense(8), BatchNormalization(), ReLU(), Dropout(0.3), Dense(8), ReLU(), Dense(2)])
""",
        ),
        NearMiss(
            "what one unit shows is for ORD002",
            """\
model = Sequential([Dense(8), Dropout(0.3), BatchNormalization(), ReLU(), Dense(2)])
""",
        ),
        NearMiss(
            "a merge lies between",
            """\
inputs = Input((8,))
left, right = Dense(8)(Dropout(0.3)(inputs)), Dense(8)(inputs)
x = BatchNormalization()(Add()([left, right]))
""",
        ),
        NearMiss(
            "layer normalization has no stored statistics",
            """\
model = Sequential([Dense(8), Dropout(0.3), Dense(8), LayerNormalization()])
""",
        ),
        NearMiss(
            "a dropout of rate 0 does nothing",
            """\
model = Sequential([Dense(8), Dropout(0), Dense(8), BatchNormalization()])
""",
        ),
    )

    def check(self, units: Sequence[Unit], order: Order) -> Iterator[Violation]:
        by_head: dict[int, list[Unit]] = {}
        for unit in units:
            if unit.head is not None:
                by_head.setdefault(id(unit.head.call), []).append(unit)
        for unit in units:
            drops = [step for step in unit.steps if step.role is Role.DROPOUT]
            norm = _norm_behind(unit, by_head) if drops else None
            if norm is None:
                continue
            for drop in drops:
                yield Violation(
                    rule=self,
                    at=drop.call,
                    because=(norm,),
                    because_message="normalization applied here",
                    message=f"`{drop.name}` reaches `{norm.layer}` across a linear layer",
                    unit=unit,
                    refusal="which dropouts are to stay is a choice of regularization",
                )


def _norm_behind(unit: Unit, by_head: Mapping[int, Sequence[Unit]]) -> LayerCall | None:
    """The first normalization that is reached across the linear layer at the end of a unit, however many follow."""
    waiting = [(unit, unit.guard)]
    seen: set[int] = set()
    while waiting:
        last, guard = waiting.pop(0)
        follower = last.follower
        if follower is None or id(follower) in seen:
            continue
        seen.add(id(follower))
        for onward in by_head.get(id(follower), ()):
            both = _both(guard, onward.guard)
            if both is NEVER:
                continue
            for step in onward.steps:
                if step.role is Role.NORM:
                    return step.call
            waiting.append((onward, both))
    return None


def _both(left: Guard, right: Guard) -> Guard:
    try:
        return left & right
    except GuardSpaceFull:
        return NEVER  # not known to be possible
