"""Foresees the findings that repairs would cause, from the units, before the text is changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import pairwise

from orderlint.graph import LayerCall, LayerGraph, Role, Site, Unit, UnitStep
from orderlint.judging import MoveAfter, MoveBefore, Rule, Standards, Violation, Wish
from orderlint.judging.moves import dropout_effect
from orderlint.judging.wishes import Effect, worst
from orderlint.records import record
from orderlint.repair.net.simulation import Paths, Units, granted, leaves_unit, paths_of

__all__ = ["Foresight", "unknown_end"]

_FEEDS_ON = frozenset({Role.MERGE, Role.BOUNDARY})  # the roles behind which a path without a linear layer starts
_MOST_PAIRS = 200
"""The most units that are judged one by one, before and after a repair."""


@record(frozen=True)
class Foresight:
    """The units of a file, to foresee what repairs would cause.

    Attributes:
        graphs: The graphs of the file, each with its units.
        standards: Its standards. A repair must not cause findings of rules that do not apply, either.
    """

    graphs: Paths
    standards: Standards

    @classmethod
    def of(cls, graphs: Sequence[LayerGraph], standards: Standards) -> Foresight:
        return cls(paths_of(graphs), standards)

    @cached_property
    def _holding(self) -> Mapping[Site, Sequence[int]]:
        """For each place, the numbers of the graphs with a call there: a file may have thousands of graphs."""
        holding: dict[Site, list[int]] = {}
        for number, (graph, _) in enumerate(self.graphs):
            for place in dict.fromkeys(call.place for call in graph.calls):
                holding.setdefault(place, []).append(number)
        return holding

    def _touched(self, wishes: Sequence[Wish]) -> Iterator[tuple[LayerGraph, Units]]:
        """The graphs that wishes to move a layer can change: those with the layer or the anchor."""
        places = {place for wish in wishes for place in _places(wish)}
        for number in sorted({number for place in places for number in self._holding.get(place, ())}):
            yield self.graphs[number]

    def through(self, place: Site) -> Iterator[Unit]:
        """The units that pass a place."""
        for _, units in (self.graphs[number] for number in self._holding.get(place, ())):
            yield from (units[at] for at in units.by_place.get(place, ()))

    def brought(self, wishes: Sequence[Wish]) -> Violation | None:
        """A finding that would be new if some wishes were granted; `None` if there is none.

        Only the units that change are judged, before and after. A finding that they already had is not new. But one
        more of them in a unit is: the layer of a loop may have it in one iteration, and would have it in another.
        """
        before: list[Unit] = []
        after: list[Unit] = []
        pairs: list[tuple[Unit, Unit]] = []
        for graph, units in self._touched(wishes):
            made = list(granted(graph, units, wishes))
            old, new = _different(units, made)
            before += _foreground(graph, old)
            after += _foreground(graph, new)
            if not any(map(leaves_unit, wishes)):
                pairs += [pair for pair in zip(units, made, strict=True) if pair[0] is not pair[1]]
        if not after:
            return None
        known = {_key(violation) for violation in self._judged(before)}
        brought = next((one for one in self._judged(after) if _key(one) not in known), None)
        if brought is not None or not known or len(pairs) > _MOST_PAIRS:
            return brought
        return next(filter(None, (self._one_more(*pair) for pair in pairs)), None)

    def _one_more(self, old: Unit, new: Unit) -> Violation | None:
        """A finding that a unit would have more often if wishes were granted; `None` if there is none."""
        found = list(self._judged([new]))
        more = Counter(map(_key, found)) - Counter(map(_key, self._judged([old]) if found else ()))
        return next((one for one in found if _key(one) in more), None)

    def in_order(self, violation: Violation, wishes: Sequence[Wish]) -> tuple[LayerCall, LayerCall | None] | None:
        """The start and the end of a path through the layer of a violation that needs none of its wishes.

        Returns: `None` if each path needs one.
        """
        place = violation.at.place
        for graph, units in (self.graphs[number] for number in self._holding.get(place, ())):
            for unit in (units[at] for at in units.by_place.get(place, ())):
                if not unit.is_open:
                    asks = any(_asks(unit, wish) for wish in wishes)
                    if not asks and not graph.background.issuperset(step.call.id for step in unit.steps):
                        return _start(graph, unit), unit.follower
        return None

    def past(self, call: LayerCall, missed: LayerCall, *, is_any: bool = False) -> Unit | None:
        """A path that passes a layer but not another one; `None` if there is none.

        Args:
            is_any: Whether any other layer of the same class counts as the missed one, too.
        """
        for graph, units in self.graphs:
            for unit in _foreground(graph, units):
                places = {step.call.place for step in unit.steps}
                if call.place not in places or missed.place in places or unit.is_open:
                    continue
                if not is_any or all(step.call.layer != missed.layer for step in unit.steps):
                    return unit
        return None

    def effect(self, wish: Wish) -> Effect:
        """What a wish does to the model: a dropout on the path on which it moves past most."""
        if not isinstance(wish, (MoveAfter, MoveBefore)) or wish.call.roles != (Role.DROPOUT,):
            return wish.effect
        crossed = (_crossed(unit, wish) for unit in self.through(wish.call.place))
        return worst([wish.effect, *(dropout_effect(steps[0], steps[1:]) for steps in crossed if steps)])

    def side_by_side(self, wishes: Sequence[Wish]) -> list[tuple[LayerCall, LayerCall]]:
        """The dropouts that would newly follow each other directly, each pair once."""
        pairs: dict[tuple[Site, Site], tuple[LayerCall, LayerCall]] = {}
        for graph, units in self._touched(wishes):
            old, new = _different(units, list(granted(graph, units, wishes)))
            known = {(one.place, other.place) for one, other in _dropouts(old)}
            pairs |= {(one.place, other.place): (one, other) for one, other in _dropouts(new)}
            pairs = {key: pair for key, pair in pairs.items() if key not in known and key[::-1] not in known}
        return list(pairs.values())

    def _judged(self, units: Sequence[Unit]) -> Iterator[Violation]:
        for rule in self.standards.every:
            if rule.obstructs:
                try:
                    yield from rule.check(units, self.standards.order)
                except Exception:  # checking the file reports a rule that fails; here it is ignored
                    continue


def unknown_end(ends: Iterable[LayerCall | None], wishes: Iterable[Wish]) -> tuple[LayerCall, Role] | None:
    """An unknown call at an end of a path, by the expression that applies the anchor of a wish on other paths.

    An example is `act_layer(name)(x)`. The role is that of the anchor, which is a norm or an activation.
    Returns: `None` if there is no such call.
    """
    moves = [wish for wish in wishes if isinstance(wish, (MoveBefore, MoveAfter))]
    anchors = [wish.anchor for wish in moves if wish.anchor.role in (Role.NORM, Role.ACTIVATION)]
    known = {anchor.call.applied: anchor.role for anchor in anchors}
    calls = (end for end in ends if end is not None and end.layer == "call" and end.applied in known)
    return next(((call, known[call.applied]) for call in calls), None)


def _places(wish: Wish) -> Iterator[Site]:
    if isinstance(wish, (MoveBefore, MoveAfter)):
        yield wish.call.place
        yield wish.anchor.call.place


def _asks(unit: Unit, wish: Wish) -> bool:
    """Whether a unit has both layers of a wish. A wish that does not move a layer concerns every unit."""
    if not isinstance(wish, (MoveBefore, MoveAfter)):
        return True
    places = {step.call.place for step in unit.steps}
    return {wish.call.place, wish.anchor.call.place} <= places


def _crossed(unit: Unit, wish: MoveAfter | MoveBefore) -> list[UnitStep]:
    """A dropout and the steps that it moves past in a unit; none if that has only one end of the move."""
    places = [step.call.place for step in unit.steps]
    is_down = isinstance(wish, MoveAfter)
    ends = (wish.call.place, wish.anchor.call.place) if is_down else (wish.anchor.call.place, wish.call.place)
    if ends[0] not in places or ends[1] not in places[places.index(ends[0]) + 1 :]:
        return []
    start = places.index(ends[0])
    end = len(places) - 1 - places[::-1].index(ends[1])
    steps = list(unit.steps[start : end + 1])
    return steps if is_down else [steps[-1], *steps[:-1]]


def _start(graph: LayerGraph, unit: Unit) -> LayerCall:
    """The linear layer at which a unit starts, or the call that feeds it."""
    first = unit.steps[0].call
    if unit.head is not None:
        return first
    sources = [graph.calls[edge.source] for edge in graph.producers(first) if edge.guard.meets(unit.guard)]
    return next((call for call in sources if not _FEEDS_ON.isdisjoint(call.roles)), sources[0] if sources else first)


def _dropouts(units: Sequence[Unit]) -> Iterator[tuple[LayerCall, LayerCall]]:
    """Dropouts that follow each other directly."""
    for unit in units:
        for one, other in pairwise(unit.steps):
            if one.role is other.role is Role.DROPOUT and one.call is not other.call:
                yield one.call, other.call


def _different(old: Sequence[Unit], new: Sequence[Unit]) -> tuple[list[Unit], list[Unit]]:
    """The units that are only on one side."""
    same = set(map(id, old)) & set(map(id, new))
    return [unit for unit in old if id(unit) not in same], [unit for unit in new if id(unit) not in same]


def _foreground(graph: LayerGraph, units: Sequence[Unit]) -> Iterator[Unit]:
    """The units that are not only context. Those are judged elsewhere."""
    for unit in units:
        if not graph.background.issuperset(step.call.id for step in unit.steps):
            yield unit


def _key(violation: Violation) -> tuple[Rule, Site]:
    return violation.rule, violation.at.place
