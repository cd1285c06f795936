"""Computes the units that a file should have after repairs, to compare them with the new text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from itertools import pairwise
from typing import TypeGuard

from orderlint.catalog import chain_name
from orderlint.graph import End, LayerCall, LayerGraph, Role, Site, Unit, UnitStep, units_of
from orderlint.graph.guards import NEVER, GuardSpaceFull
from orderlint.judging import MoveAfter, MoveBefore, ReplaceLayer, SetArgument, Wish
from orderlint.judging.moves import IDENTITIES, is_inline
from orderlint.records import record
from orderlint.repair.net.moves import IDEMPOTENT

__all__ = [
    "Paths",
    "Shape",
    "Shapes",
    "Steps",
    "Units",
    "are_alike",
    "expected",
    "granted",
    "leaves_unit",
    "paths_of",
    "shapes",
    "steps_of",
]


@record(frozen=True, slots=True)
class Shape:
    """The parts of a unit that a repair must not change.

    Attributes:
        steps: The numbers of its steps (see `Steps`).
        is_headed: Whether it starts at a linear layer.
        end: Its end, whether that is a model output, and whether it is open.
        follower: The number of the layer that ends it, if there is one.
    """

    steps: tuple[int, ...]
    is_headed: bool
    end: tuple[Hashable, ...]
    follower: int | None

    @property
    def may_end(self) -> bool:
        """Whether it ends at an output that is not known to be one of the model."""
        return self.end[0] is End.OUTPUT and not self.end[1]


_ACTIVATION_FACTS = frozenset({"activation", "activation_unknown", "axes", "commutes"})
_IDEMPOTENT = frozenset((Role.ACTIVATION, chain_name(name), name) for name in IDEMPOTENT)


class Units(tuple[Unit, ...]):  # noqa: SLOT001 - it caches `by_place`
    """The units of a graph, with an index by place: many plans search thousands of units."""

    @cached_property
    def by_place(self) -> Mapping[Site, Sequence[int]]:
        """For each place, the indices of the units with a call there."""
        holding: dict[Site, list[int]] = {}
        for at, unit in enumerate(self):
            for place in {step.call.place for step in unit.steps}:
                holding.setdefault(place, []).append(at)
        return holding


Paths = Sequence[tuple[LayerGraph, Units]]
"""Graphs, each with its units."""


class Steps:
    """Numbers for the steps of units: equal steps have equal numbers.

    A large builder has thousands of units with the same few steps, and comparing numbers is much faster.

    Args:
        skips_unknown: Whether to leave out unknown `Activation` layers (see `_may_be_unknown`).
    """

    def __init__(self, *, skips_unknown: bool = False) -> None:
        self.skips_unknown = skips_unknown
        self._numbers: dict[Hashable, int] = {}
        self._idempotent: set[int] = set()

    def skipping(self) -> Steps:
        """The same numbers, without the `Activation` layers of which nothing is known."""
        other = Steps(skips_unknown=True)
        other._numbers, other._idempotent = self._numbers, self._idempotent
        return other

    def number(self, step: Hashable) -> int:
        """The number of a step. A new step gets a new number."""
        number = self._numbers.setdefault(step, len(self._numbers))
        if step in _IDEMPOTENT:
            self._idempotent.add(number)
        return number

    def is_idempotent(self, number: int) -> bool:
        """Whether applying a step twice is the same as once."""
        return number in self._idempotent


def paths_of(graphs: Iterable[LayerGraph]) -> Paths:
    """Graphs with their units."""
    return [(graph, Units(units_of(graph))) for graph in graphs]


def _may_be_unknown(paths: Paths, wishes: Sequence[Wish]) -> bool:
    """Whether an activation that wishes take out of a linear layer is unknown on other paths (`activation=acts[i]`).

    There, it becomes a layer as well, and it is not known whether this layer does anything.
    """
    places = {
        step.call.place
        for wish in wishes
        if isinstance(wish, (MoveBefore, MoveAfter))
        for step in (wish.anchor if isinstance(wish, MoveBefore) else wish.moved,)
        if is_inline(step)
    }
    calls = (call for graph, _ in paths for call in graph.calls) if places else ()
    return any(call.facts.get("activation_unknown") is True and call.place in places for call in calls)


def are_alike(before: Paths, after: Paths) -> bool:
    """Whether two texts are made of the same functions, as far as their names tell."""
    return [graph.name for graph, _ in before] == [graph.name for graph, _ in after]


def steps_of(before: Paths, after: Paths, wishes: Sequence[Wish]) -> tuple[list[Steps], list[Steps]]:
    """The numbers of steps for each graph before repairs and after them.

    What is unknown in one graph may be known in another, where it matters.
    """
    steps = Steps()
    skipping = steps.skipping()
    if are_alike(before, after):
        each = [skipping if _may_be_unknown([one], wishes) else steps for one in before]
        return each, each
    steps = skipping if _may_be_unknown(before, wishes) else steps
    return [steps for _ in before], [steps for _ in after]


def shapes(paths: Paths, steps: Steps) -> Counter[Shape]:
    """The shapes of all units of some graphs, with their counts."""
    taken = Shapes((), steps)
    return Counter(taken.of(unit) for _, units in paths for unit in units)


def expected(paths: Paths, wishes: Sequence[Wish], steps: Sequence[Steps]) -> list[Counter[Shape]]:
    """The shapes that the units of each graph should have after some wishes are granted, with their counts.

    Args:
        paths: The graphs with their units.
        wishes: The wishes.
        steps: The numbers of steps for each graph, shared with the shapes to compare with.
    """
    beside: dict[Site, list[int]] = {}
    for number, wish in enumerate(wishes):
        if isinstance(wish, (MoveBefore, MoveAfter)):
            beside.setdefault(wish.anchor.call.place, []).append(number)

    def near(units: Units) -> list[Wish]:
        """The wishes that can change these units: hundreds of functions may have hundreds of different wishes."""
        return [wishes[number] for number in sorted({at for place in units.by_place for at in beside.get(place, ())})]

    taken = {one: Shapes(wishes, one) for one in dict.fromkeys(steps)}
    return [
        Counter(taken[one].of(unit) for unit in granted(graph, units, near(units)))
        for (graph, units), one in zip(paths, steps, strict=True)
    ]


def granted(graph: LayerGraph, units: Units, wishes: Sequence[Wish]) -> Iterator[Unit]:
    """The units of a graph after every wish to move a layer is granted. A unit that stays is the same object."""
    after = list(units)
    beside: dict[Site, frozenset[int]] = {}
    inline: dict[Site, UnitStep] = {}
    for wish in wishes:
        if isinstance(wish, (MoveBefore, MoveAfter)):
            place = wish.anchor.call.place
            if place not in beside:  # many wishes may have the same anchor, which thousands of units pass
                beside[place] = frozenset(units.by_place.get(place, ()))
            if isinstance(wish, MoveBefore) and wish.anchor.role is not Role.LINEAR and is_inline(wish.anchor):
                inline[place] = wish.anchor
            for at in beside[place].intersection(units.by_place.get(wish.call.place, ())):
                after[at] = _granted(after[at], wish)
    for place, anchor in inline.items():  # it becomes a layer, also in the units without the moved layer
        shorter = {at: _with_steps(after[at], _without_repeat(list(after[at].steps), anchor)) for at in beside[place]}
        if all(shorter[at] is not after[at] for at in shorter if after[at] is not units[at]):  # else a layer is made
            for at, unit in shorter.items():
                after[at] = unit
    for wish in wishes:
        if leaves_unit(wish):
            after = list(_before_linear(graph, after, wish))
    yield from after


def _before_linear(graph: LayerGraph, units: Sequence[Unit], wish: MoveBefore) -> Iterator[Unit]:
    """The units after a layer has moved from behind a linear layer to the ends of the units before that one."""
    moved = UnitStep(wish.call, wish.call.steps[0])
    drops = {unit.steps[0].call.id: _found(unit, moved) for unit in units if _holds(unit, wish.anchor, moved)}
    known: set[Hashable] = set()
    for unit in units:
        is_left = bool(unit.steps) and unit.steps[0].call.id in drops
        steps = tuple(step for step in unit.steps if not _same(step, moved)) if is_left else unit.steps
        drop = drops.get(unit.follower.id) if unit.follower is not None else None
        rest = replace(unit, steps=steps) if is_left else unit
        for one in (rest,) if drop is None else _optional(rest, drop):
            way = _way(one) if is_left else None
            if way is None or way not in known:  # a path with the layer and one without it become equal
                yield one
            known.add(way)
    for number, drop in drops.items():
        linear = graph.calls[number]
        starts = [edge for edge in graph.producers(linear) if _is_start(graph.calls[edge.source])]
        for _ in range(len(starts) + (graph.outside(linear) is not NEVER)):
            yield Unit((drop,), None, End.LINEAR, linear)


def _optional(unit: Unit, drop: UnitStep) -> Iterator[Unit]:
    """A unit that leads to a linear layer, with and without the layer that moves before that one.

    It depends on the conditions of both which of the two is possible.
    """
    assert unit.follower is not None
    try:
        guard = unit.guard & unit.follower.guard
        with_it, without_it = guard.meets(drop.call.guard), not guard.implies(drop.call.guard)
    except GuardSpaceFull:
        with_it = without_it = True
    if with_it:
        yield replace(unit, steps=(*unit.steps, drop))
    if without_it:
        yield unit


def _way(unit: Unit) -> Hashable:
    """The steps of a unit, and its end."""
    calls = tuple((step.call.id, step.step) for step in unit.steps)
    return calls, unit.follower and unit.follower.id, unit.end, unit.model_output, unit.is_open


def _found(unit: Unit, moved: UnitStep) -> UnitStep:
    """The step of a unit that is to move."""
    return next(step for step in unit.steps if _same(step, moved))


def _holds(unit: Unit, head: UnitStep, step: UnitStep) -> bool:
    """Whether a unit has a head and, later, a step."""
    return unit.head is not None and _same(unit.head, head) and any(_same(one, step) for one in unit.steps)


def _is_start(call: LayerCall) -> bool:
    """Whether a unit without a linear layer starts behind a call: its last step is a merge or a boundary."""
    return bool(call.steps) and call.steps[-1].role in (Role.MERGE, Role.BOUNDARY)


def _changes(wish: Wish) -> list[tuple[Site | None, tuple[str, object]]]:
    """The changes of a layer itself by a wish: where the layer is constructed, and its new fact or class."""
    if isinstance(wish, SetArgument):
        return [(wish.call.constructed, ("use_bias", False))]
    if isinstance(wish, MoveAfter) and wish.becomes is not None:
        return [(wish.call.constructed, ("layer", wish.becomes))]
    if isinstance(wish, ReplaceLayer):
        return [(wish.call.constructed, ("layer", wish.layer))]
    return []


def leaves_unit(wish: Wish) -> TypeGuard[MoveBefore]:
    """Whether a layer is to move to another unit, before the linear layer of its own. Then other units result."""
    return isinstance(wish, MoveBefore) and wish.anchor.role is Role.LINEAR


def _granted(unit: Unit, wish: MoveBefore | MoveAfter) -> Unit:
    """The unit after a wish is granted. A wish that moves a layer out of the unit is ignored here."""
    if isinstance(wish, MoveAfter):
        steps = _moved(list(unit.steps), wish.moved, wish.anchor, after=True)
    elif leaves_unit(wish):
        return unit
    else:
        steps = _moved(list(unit.steps), UnitStep(wish.call, wish.call.steps[0]), wish.anchor, after=False)
    return _with_steps(unit, steps)


def _with_steps(unit: Unit, steps: Sequence[UnitStep]) -> Unit:
    """The unit with other steps; the same object if its steps are the same."""
    same = len(steps) == len(unit.steps) and all(one is other for one, other in zip(steps, unit.steps, strict=True))
    return unit if same else replace(unit, steps=tuple(steps))


def _without_repeat(steps: list[UnitStep], anchor: UnitStep) -> list[UnitStep]:
    """The steps without an inline activation that is followed by the same one: then it does not become a layer."""
    for at, (one, other) in enumerate(pairwise(steps)):
        if _same(one, anchor) and _plain_step(one) == _plain_step(other) and _plain_step(one) in _IDEMPOTENT:
            return [*steps[:at], *steps[at + 1 :]]
    return steps


def _plain_step(step: UnitStep) -> Hashable:
    return (step.role, step.name, step.call.facts.get("activation"))


def _moved(steps: list[UnitStep], moved: UnitStep, anchor: UnitStep, *, after: bool) -> list[UnitStep]:
    """The steps after each occurrence of a step has moved next to the nearest anchor.

    A layer in a loop may occur several times.
    """
    for call in [step.call.id for step in steps if _same(step, moved)]:
        steps = _moved_once(steps, call, moved, anchor, after=after)
    return steps


def _moved_once(steps: list[UnitStep], call: int, moved: UnitStep, anchor: UnitStep, *, after: bool) -> list[UnitStep]:
    index = next(at for at, step in enumerate(steps) if step.call.id == call and _same(step, moved))
    places = [at for at, step in enumerate(steps) if _same(step, anchor) and (at > index) == after]
    if not places:
        return steps
    place = min(places, key=lambda at: abs(at - index))
    own = {index} if after else {at for at, step in enumerate(steps) if step.call.id == call}
    rest = [at for at in range(len(steps)) if at not in own]
    gap = rest.index(place) + after
    return [steps[at] for at in (*rest[:gap], *sorted(own), *rest[gap:])]


def _same(step: UnitStep, other: UnitStep) -> bool:
    one, two = step.step, other.step
    if one is not two and (one.role is not two.role or step.name != other.name):  # this distinguishes most
        return False
    return step.call is other.call or step.call.place == other.call.place


class Shapes:
    """Determines the shapes of units. The numbers of steps and calls are cached, because units share them.

    Args:
        wishes: The wishes, some of which change the layers themselves.
        steps: The numbers of steps.
    """

    def __init__(self, wishes: Iterable[Wish], steps: Steps) -> None:
        self._changes = {site: change for wish in wishes for site, change in _changes(wish)}
        self._all = steps
        self._steps: dict[tuple[int, int], int | None] = {}
        self._followers: dict[int, int] = {}
        self._kept: list[object] = []  # this keeps the objects alive, so that no other object gets the same `id`

    def of(self, unit: Unit) -> Shape:
        inner: list[int] = []
        for step in unit.steps:
            number = self.number(step)
            if number is not None and not (inner and inner[-1] == number and self._all.is_idempotent(number)):
                inner.append(number)
        follower = None if unit.follower is None else self.follower(unit.follower)
        return Shape(tuple(inner), unit.head is not None, (unit.end, unit.model_output, unit.is_open), follower)

    def number(self, step: UnitStep) -> int | None:
        """The number of a step; `None` for one that a repair may add or remove."""
        key = id(step.call), id(step.step)
        if key not in self._steps:
            self._kept.append(step)
            is_left_out = _is_nothing(step) or (self._all.skips_unknown and _is_unknown(step))
            self._steps[key] = None if is_left_out else self._all.number(_step(step, self._changes))
        return self._steps[key]

    def is_idempotent(self, number: int) -> bool:
        """Whether doing a step of this number twice is doing it once."""
        return self._all.is_idempotent(number)

    def follower(self, call: LayerCall) -> int:
        """The number of a layer that ends a unit."""
        if id(call) not in self._followers:
            self._kept.append(call)
            self._followers[id(call)] = self._all.number(_call(call, self._changes))
        return self._followers[id(call)]


def _is_nothing(step: UnitStep) -> bool:
    """Whether a step does nothing: an identity, or a dropout that is off in this use."""
    return step.role is Role.PASS and (step.call.layer in IDENTITIES or step.call.facts.get("off") is True)


def _is_unknown(step: UnitStep) -> bool:
    """Whether a step is an `Activation` with an unknown function."""
    return step.role is Role.ACTIVATION and (step.call.layer, step.call.facts.get("activation")) == ("Activation", None)


def _step(step: UnitStep, changes: dict[Site | None, tuple[str, object]]) -> Hashable:
    if step.role is Role.ACTIVATION:
        return _plain_step(step)
    return (step.role, *_call(step.call, changes))


def _call(call: LayerCall, changes: dict[Site | None, tuple[str, object]]) -> tuple[Hashable, ...]:
    facts = {name: value for name, value in call.facts.items() if name not in _ACTIVATION_FACTS}
    layer = call.layer
    change = changes.get(call.constructed) if call.constructed is not None else None
    if change is not None:
        if change[0] == "layer":
            layer = str(change[1])
        elif "use_bias" in facts:
            facts["use_bias"] = change[1]
    if call.layer.startswith("SpatialDropout"):  # it may become one without a rank, and the other way round
        facts.pop("rank", None)
    return (layer, frozenset((name, repr(value)) for name, value in facts.items()))
