"""ORD109."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Hashable, Iterator, Sequence
from typing import NamedTuple

from orderlint.graph import LayerCall, Role, Unit
from orderlint.graph.guards import NEVER, Guard, GuardSpaceFull
from orderlint.judging.order import Order
from orderlint.judging.rule import Example, NearMiss, Rule, Violation

_MOST_CONDITIONS = 32
"""The most conditions under which the search goes past one layer. Each option of a model may double their number."""


class DropoutAheadOfNorm(Rule):
    """Dropout reaches a batch normalization across linear layers.

    ## What it does
    Checks for dropout that reaches a later batch normalization of the same model across one or more linear layers
    (`Dense` or a convolution). Li et al. recommend dropout only after the last batch normalization of the network, and
    this rule enforces that. ORD002 reports dropout and normalization with no linear layer between them. This rule
    reports the rest.

    **The rule also reports the recommended order** as soon as two blocks of it are stacked. For that reason, it is off
    by default. Turn it on for a model whose variances should be the same in training and at inference.

    ## Why is this bad?
    Dropout increases the variance of its values in training and does nothing at inference. A linear layer passes the
    larger variance on. The normalization after it stores that variance, and sees a smaller one at inference. The
    shift of one normalization also affects the next ones.

    ## Evidence
    For it:

    - Measured in Keras, with three blocks in the recommended order, a width of 128, ReLU, fresh weights and standard
      normal input: at a rate of 0.3, the variance at the three normalizations is 1.00, 1.63 and 2.67 times larger in
      training than at inference. At a rate of 0.5, it is 1.00, 2.45 and 5.98 times larger. `orderlint measure` shows
      the ratios in your model.
    - Li et al. (2019) improve networks with dropout after the last normalization, where dropout in every block hurts.

    Against it:

    - A shift is not a loss, because networks adapt to it in training. `docs/study.md` stacks the
      recommended order, and in most settings no other order with dropout is better.
    - `orderlint recalibrate` removes the shift from a trained model without changing the order.

    ## What a repair changes
    There is no repair. Removing all dropouts but the last changes the regularization, and that is for the author to
    decide.

    ## Known limits
    - Nothing is reported across a merge or an unknown call.
    - A model inside another model is only included if both are visible.

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
    why = "In training, the normalization learns a larger variance than it sees at inference."
    obstructs = False  # the recommended order, at which repairs aim, makes it common
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
            "ORD002 reports this dropout",
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
        across = _Across(units)
        for unit in units:
            drops = [step for step in unit.steps if step.role is Role.DROPOUT]
            norm = across.norm_behind(unit) if drops else None
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
                    refusal="which dropouts to keep is a question of regularization",
                )


class _Way(NamedTuple):
    """How units with one head continue under one condition: to a normalization in the unit, or across the follower."""

    guard: Guard
    norm: LayerCall | None
    follower: LayerCall | None


class _Across:
    """Looks for normalizations across linear layers.

    Thousands of units may differ in layers that do not matter here. So each way is stored and followed only once.
    """

    def __init__(self, units: Sequence[Unit]) -> None:
        self._ways: dict[int, dict[Hashable, _Way]] = {}
        self._known: dict[Hashable, LayerCall | None] = {}
        for unit in units:
            norm = next((step.call for step in unit.steps if step.role is Role.NORM), None)
            if unit.head is not None and (norm is not None or unit.follower is not None):
                ways = self._ways.setdefault(id(unit.head.call), {})
                ways.setdefault((_key(unit.guard), id(norm), id(unit.follower)), _Way(unit.guard, norm, unit.follower))

    def norm_behind(self, unit: Unit) -> LayerCall | None:
        """The nearest normalization behind the linear layer at which a unit ends; `None` if there is none."""
        key = (_key(unit.guard), id(unit.follower))
        if key not in self._known:
            self._known[key] = self._found(_Way(unit.guard, None, unit.follower))
        return self._known[key]

    def _found(self, start: _Way) -> LayerCall | None:
        waiting = deque([start])
        seen: set[Hashable] = set()
        looked: Counter[int] = Counter()
        while waiting:
            last = waiting.popleft()
            key, follower = (_key(last.guard), id(last.follower)), id(last.follower)
            if last.follower is None or key in seen or looked[follower] == _MOST_CONDITIONS:
                continue
            seen.add(key)
            looked[follower] += 1
            for way in self._ways.get(id(last.follower), {}).values():
                both = _both(last.guard, way.guard)
                if both is NEVER:
                    continue
                if way.norm is not None:
                    return way.norm
                waiting.append(way._replace(guard=both))
        return None


def _key(guard: Guard) -> Hashable:
    """Equal for guards that are made of the same terms."""
    return (guard.required, guard.barred, frozenset(guard.parts)) if guard is not NEVER else None


def _both(left: Guard, right: Guard) -> Guard:
    try:
        return left.narrowed(right)
    except GuardSpaceFull:
        return NEVER  # not known to be possible
