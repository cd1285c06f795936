"""ORD102."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from orderlint.graph import End, Role, Unit, UnitStep
from orderlint.graph.guards import Guard
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
    - Activations that together form one activation are not reported: those whose result is multiplied by their own
      input, as in `x * tanh(softplus(x))`, which is Mish. If the activations are parameters of your own function or
      layer and its caller is not visible, any product with their result counts as such a product.
    - Other activations that are stacked on purpose are reported.

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
            "a Mish by hand",
            """\
model = Sequential([Dense(8), Lambda(lambda x: x * ops.tanh(ops.softplus(x)))])
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
        merged = _merged(units)
        for unit in units:
            for first, second in repeats(unit, Role.ACTIVATION):
                if _are_one(unit, first, second, merged):
                    continue
                yield Violation(
                    rule=self,
                    at=second.call,
                    because=(first.call,),
                    because_message="first activation applied here",
                    message=f"activation {quoted(second)} after the activation {quoted(first)}",
                    unit=unit,
                    refusal="it is unclear which of the two activations is intended",
                )


_Path = tuple[int, ...]  # the calls of a path, by `id`: the units of several graphs are judged together


def _merged(units: Sequence[Unit]) -> dict[tuple[_Path, int], list[Guard]]:
    """For each path and merge, the guards under which the value at the end of the path reaches the merge."""
    found: dict[tuple[_Path, int], list[Guard]] = {}
    for unit in units:
        if unit.end is End.MERGE:
            found.setdefault((_path(unit.steps), id(unit.follower)), []).append(unit.guard)
    return found


def _path(steps: Sequence[UnitStep]) -> _Path:
    """The calls of some steps without `pass` steps at their end."""
    last = max((number for number, step in enumerate(steps) if step.role is not Role.PASS), default=-1)
    return tuple(id(step.call) for step in steps[: last + 1])


def _are_one(
    unit: Unit, first: UnitStep, second: UnitStep, merged: Mapping[tuple[_Path, int], Sequence[Guard]]
) -> bool:
    """Whether two activations are parts of one that is written by hand: their output and input meet in a merge."""
    if unit.end is not End.MERGE:
        return False
    start, end = (next(at for at, step in enumerate(unit.steps) if step is one) for one in (first, second))
    if any(step.role is not Role.PASS for step in unit.steps[end + 1 :]):
        return False
    before = _path(unit.steps[:start])
    if not before:
        return unit.head is None and first.call.constructed is None and second.call.constructed is None
    return any(unit.guard.meets(guard) for guard in merged.get((before, id(unit.follower)), ()))
