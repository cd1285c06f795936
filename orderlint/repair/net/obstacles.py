"""Reasons in the graph why a chain of layers must not be rearranged."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from itertools import pairwise

from orderlint.graph import LayerCall, LayerGraph, Role, Site
from orderlint.graph.calls import ENDS_UNIT
from orderlint.graph.guards import NEVER, Guard, GuardSpaceFull
from orderlint.repair.net.moves import Move
from orderlint.repair.text.drafts import Refused, RuledOut, described
from orderlint.repair.text.reasons import DIFFERENT_REPAIRS
from orderlint.source.neighborhood import shown_beside

__all__ = ["Obstacles"]


class Obstacles:
    """The obstacles to moves in the graphs of a file."""

    def __init__(self, graphs: Sequence[LayerGraph]) -> None:
        self.graphs = graphs
        self._graph_of: dict[int, LayerGraph] = {id(call): graph for graph in graphs for call in graph.calls}
        self._uses: dict[Hashable, list[LayerCall]] = {}
        for graph in graphs:
            for call in graph.calls:
                if call.layer_id is not None:
                    self._uses.setdefault((graph.name, call.layer_id), []).append(call)

    @cached_property
    def _by_place(self) -> Mapping[Site, Sequence[tuple[LayerGraph, LayerCall]]]:
        found: dict[Site, list[tuple[LayerGraph, LayerCall]]] = {}
        for graph in self.graphs:
            for call in graph.calls:
                found.setdefault(call.place, []).append((graph, call))
        return found

    @cached_property
    def _by_making(self) -> Mapping[Site | None, Sequence[tuple[LayerGraph, LayerCall]]]:
        found: dict[Site | None, list[tuple[LayerGraph, LayerCall]]] = {}
        for graph in self.graphs:
            for call in graph.calls:
                found.setdefault(call.constructed, []).append((graph, call))
        return found

    @cached_property
    def _by_applied(self) -> Mapping[Site, Sequence[tuple[LayerGraph, LayerCall]]]:
        found: dict[Site, list[tuple[LayerGraph, LayerCall]]] = {}
        for graph in self.graphs:
            for call in graph.calls:
                found.setdefault(call.applied, []).append((graph, call))
        return found

    def at(self, place: Site) -> Sequence[tuple[LayerGraph, LayerCall]]:
        """The calls at a place, each with its graph. It is cached, because many plans ask for thousands of calls."""
        return self._by_place.get(place, ())

    def check(self, move: Move, alike: Sequence[Move] = ()) -> None:
        """Check that there is no obstacle to a move.

        Args:
            move: The move.
            alike: The moves that are made together with it. They may share layers with weights.

        Raises:
            RuledOut: An intermediate value or a layer with weights is used elsewhere, or an expression that changes
                also applies layers of another kind.
        """
        path = move.path
        graph = self._graph_of.get(id(path[-1]))
        if graph is None:
            return
        for call, following in pairwise(path):
            self._check_consumers(graph, call, following)
        self._check_shared(move, alike)
        if not move.is_merged:
            self._check_alike(move)

    def path(self, first: LayerCall, last: LayerCall) -> list[LayerCall]:
        """A shortest path of the data from one call to another.

        Raises:
            Refused: There is none.
        """
        way = self._way(first, lambda call: call.id == last.id)
        if way is None:
            raise Refused(DIFFERENT_REPAIRS)
        return way

    def ways(self, first: Site, last: Site) -> Iterator[list[LayerCall]]:
        """For each call at a place, a shortest path to a call at another place in the same unit, if there is one."""
        for graph, call in self.at(first):
            if call.id not in graph.background:
                way = self._way(call, lambda other: other.place == last, in_unit=True)
                if way is not None:
                    yield way

    def check_shared_everywhere(self, first: LayerCall, last: LayerCall) -> None:
        """Check that layers with weights at the ends of paths between two places are applied nowhere else.

        Raises:
            RuledOut: The weights of one are also used in another order, which would change.
        """
        ends = [call for way in self.ways(first.place, last.place) for call in (way[0], way[-1])]
        moved = {id(call) for call in ends}
        for end in ends:
            for call in self.sharing_weights(end):
                if id(call) not in moved and call.id not in self._graph_of[id(call)].background:
                    raise _shares_weights(f"`{end.layer}` in {_where(end)}", "another order")

    def sharing_weights(self, call: LayerCall) -> Sequence[LayerCall]:
        """All calls of the same layer object, including this one, if it has weights; otherwise none."""
        if call.layer_id is None or not _has_weights(call):
            return ()
        graph = self._graph_of.get(id(call))
        return self._uses[graph.name, call.layer_id] if graph is not None else ()

    def _way(
        self, first: LayerCall, is_end: Callable[[LayerCall], bool], *, in_unit: bool = False
    ) -> list[LayerCall] | None:
        graph = self._graph_of.get(id(first))
        before: dict[int, int] = {first.id: -1}
        queue = deque([first.id] if graph is not None else [])
        while queue and graph is not None:
            number = queue.popleft()
            if is_end(graph.calls[number]):
                way = [number]
                while before[way[-1]] >= 0:
                    way.append(before[way[-1]])
                return [graph.calls[one] for one in reversed(way)]
            for edge in graph.consumers(graph.calls[number]):
                ends_unit = in_unit and ENDS_UNIT & set(graph.calls[edge.target].roles)
                if edge.target not in before and not ends_unit:
                    before[edge.target] = number
                    queue.append(edge.target)
        return None

    def fan(self, move: Move) -> list[LayerCall]:
        """The norms that read one activation, if a move brings one of them before it and nothing else reads it.

        Raises:
            Refused: It is not such a move, or the activation has weights, or one of the norms is shared.
        """
        source, norm = move.path[-2:]
        found = {call.place: call for call in self.consumers(source)}
        others = [
            {call.place for call in self.consumers(one)} if one.id not in graph.outputs else set()
            for graph, one in self.at(source.place)
            if one.id not in graph.background
        ]
        alone = len(found) < 2 or any(places != set(found) for places in others)
        if alone or len(move.linears) > 1 or (not move.splits and _has_weights(source)):
            raise Refused(DIFFERENT_REPAIRS)
        if any(call.roles != (Role.NORM,) for call in found.values()) or norm.place not in found:
            raise Refused(DIFFERENT_REPAIRS)
        for call in found.values():
            self._check_shared(replace(move, calls=(*move.calls[:-1], call)))
        return list(found.values())

    def consumers(self, call: LayerCall) -> list[LayerCall]:
        """The calls that a call feeds."""
        graph = self._graph_of.get(id(call))
        return [graph.calls[edge.target] for edge in graph.consumers(call)] if graph is not None else []

    def producers(self, call: LayerCall) -> list[LayerCall]:
        """The calls that feed a call."""
        graph = self._graph_of.get(id(call))
        return [graph.calls[edge.source] for edge in graph.producers(call)] if graph is not None else []

    def as_output(self, call: LayerCall) -> str | None:
        """Why a layer must stay whose output is also an output of a visible model; `None` if it is not."""
        graph = self._graph_of.get(id(call))
        return _also_output(graph, call) if graph is not None and call.id in graph.models else None

    def is_returned(self, call: LayerCall) -> bool:
        """Whether a function returns the output of a layer to unknown callers."""
        return any(one.id in graph.returned for graph, one in self.at(call.place) if one.id not in graph.background)

    def check_follows_activation(self, linear: LayerCall, dropout: LayerCall) -> None:
        """Check that every layer that is constructed where a linear one is gets its input from an activation.

        That is a pre-activation block. Elsewhere, for example at the input of a model, a dropout before a linear layer
        would drop values that were not dropped before. If the layers before it have a dropout, it would be the second.

        Raises:
            Refused: One gets its input from another layer, or there is a dropout before its activation.
        """
        alike = self._made_alike(linear)
        if not all(self._is_activated(call) and not self._is_dropped(call, dropout) for call in alike):
            raise Refused(DIFFERENT_REPAIRS)

    def _made_alike(self, call: LayerCall) -> list[LayerCall]:
        """The calls of layers that are constructed at the same place as one, without those that are only context."""
        return [other for graph, other in self._by_making.get(call.constructed, ()) if other.id not in graph.background]

    def _is_activated(self, call: LayerCall) -> bool:
        """Whether a call is only fed by activations, maybe through `pass` layers."""
        stack, seen = self.producers(call), {call.id}
        if self._is_fed_outside(call):
            return False
        while stack:
            one = stack.pop()
            if one.roles[-1:] == (Role.PASS,) and one.id not in seen:
                if self._is_fed_outside(one):
                    return False
                stack += self.producers(one)
            elif one.id not in seen and one.roles[-1:] != (Role.ACTIVATION,):
                return False
            seen.add(one.id)
        return True

    def _is_fed_outside(self, call: LayerCall) -> bool:
        """Whether a call has an input from outside the graph on some path."""
        graph = self._graph_of.get(id(call))
        return graph is None or graph.outside(call) is not NEVER

    def _is_dropped(self, call: LayerCall, moved: LayerCall) -> bool:
        """Whether there is another dropout before the activation that feeds a call. The search ends at a norm."""
        stack, seen = self.producers(call), {call.id}
        while stack:
            one = stack.pop()
            if Role.DROPOUT in one.roles and one.place != moved.place:
                return True
            if one.id not in seen and not (ENDS_UNIT | {Role.NORM}) & set(one.roles):
                seen.add(one.id)
                stack += self.producers(one)
        return False

    def neighbors(self, call: LayerCall) -> list[LayerCall]:
        """The calls that feed a call, and those that it feeds."""
        return [*self.producers(call), *self.consumers(call)]

    def applies_others(self, call: LayerCall) -> bool:
        """Whether the expression that applies a layer also applies layers that are constructed elsewhere."""
        return any(other.constructed != call.constructed for _, other in self._by_applied.get(call.applied, ()))

    def is_made_for_others(self, call: LayerCall) -> bool:
        """Whether the expression that constructs a layer also constructs layers that are used elsewhere."""
        return any(other.place != call.place for _, other in self._by_making.get(call.constructed, ()))

    def is_always_followed(self, linear: LayerCall, norm: LayerCall) -> bool:
        """Whether every layer that is constructed where a linear one is leads to a norm in its unit on some path."""
        alike = self._made_alike(linear)
        return all(self._leads_to(call, norm.place) for call in alike)

    def always_leads_to(self, call: LayerCall, place: Site) -> bool:
        """Whether every path from a call reaches a place before the unit ends."""
        stack, seen = [call], {call.id}
        while stack:
            one = stack.pop()
            following = self.consumers(one)
            if not following or ENDS_UNIT & set(one.roles):
                return False
            stack += [other for other in following if other.place != place and other.id not in seen]
            seen.update(other.id for other in following)
        return True

    def _leads_to(self, call: LayerCall, place: Site) -> bool:
        stack, seen = self.consumers(call), {call.id}
        while stack:
            one = stack.pop()
            if one.place == place:
                return True
            if one.id not in seen and not ENDS_UNIT & set(one.roles):
                seen.add(one.id)
                stack += self.consumers(one)
        return False

    def _check_consumers(self, graph: LayerGraph, call: LayerCall, following: LayerCall) -> None:
        """Check that the value between two layers goes nowhere else on the paths on which it goes to the second.

        Raises:
            RuledOut: It does.
        """
        if call.id in graph.outputs and self._is_consumed_always(graph, call) and _leaves(graph, call, following):
            raise RuledOut(_also_output(graph, call))
        ways = [edge for edge in graph.consumers(call) if edge.target == following.id]
        for edge in graph.consumers(call):
            other = graph.calls[edge.target]
            if edge.target == following.id or other.place == following.place:
                continue
            if any(_together(way.guard, edge.guard, following, other) for way in ways):
                raise RuledOut(
                    f"the output of `{call.layer}` in {_where(call)} is also used in {_beside(call, other.place)}, "
                    "which would get a different value; give each path its own layer"
                )

    def _is_consumed_always(self, graph: LayerGraph, call: LayerCall) -> bool:
        """Whether an output always feeds other layers, under any condition: then it is used both ways."""
        try:
            rest = call.guard
            for edge in graph.consumers(call):
                rest = rest & ~(edge.guard & graph.calls[edge.target].guard)
        except GuardSpaceFull:
            return True
        return rest is NEVER

    def _check_alike(self, move: Move) -> None:
        """Check that the expressions that change places do not also apply layers of another kind.

        `self.other(x)` may apply a dropout on one path and a linear layer on another.
        """
        for call in (move.calls[0], move.calls[-1]):
            if call.reported is not None:
                continue  # then the expressions that construct the layers change places
            others = [other for _, other in self._by_applied.get(call.applied, ()) if other.constructed is not None]
            odd = next((one for one in others if ENDS_UNIT & set(one.roles) and not ENDS_UNIT & set(call.roles)), None)
            if odd is not None:
                raise RuledOut(
                    f"the expression in {_where(call)} also applies `{odd.layer}`, which would change; "
                    "apply them separately"
                )

    def _check_shared(self, move: Move, alike: Sequence[Move] = ()) -> None:
        """Check that a layer with weights that changes places is not applied where it stays.

        Raises:
            RuledOut: It is.
        """
        changed = {call.place for one in (move, *alike) for call in _displaced(one)}
        for call in _displaced(move):
            # If the uses are reported where the layer is constructed, all of them change in the same way.
            uses = [one for one in self.sharing_weights(call) if one.place not in changed]
            places = {one.applied for one in uses if one.applied != call.applied}
            if places:
                raise _shares_weights(f"`{call.layer}`", described(min(place.location() for place in places)))


def _displaced(move: Move) -> Iterator[LayerCall]:
    """The layers whose inputs or outputs change by a move."""
    if move.up or move.down:
        yield move.calls[-1 if move.up else 0]
    yield from move.linears
    if Role.ACTIVATION in (move.linears or move.calls)[0].roles:
        yield move.calls[-1]  # a norm gets other values if the activation moves behind it


def _also_output(graph: LayerGraph, call: LayerCall) -> str:
    site = graph.models.get(call.id)
    model = f"the model in {_beside(call, site)}" if site is not None else "a model"
    what = f"the output of `{call.layer}` in {_where(call)}"
    return f"{what} is also an output of {model}, which would change; change the order by hand"


def _leaves(graph: LayerGraph, call: LayerCall, following: LayerCall) -> bool:
    """Whether a value can be an output and feed another layer under the same condition."""
    leaves = graph.leaves(call)
    try:
        ways = [edge.guard for edge in graph.consumers(call) if edge.target == following.id]
        return any((way & leaves & following.guard) is not NEVER for way in ways)
    except GuardSpaceFull:
        return True


def _together(way: Guard, edge: Guard, following: LayerCall, other: LayerCall) -> bool:
    """Whether a value can feed two layers at once."""
    try:
        return (way & edge & following.guard & other.guard) is not NEVER
    except GuardSpaceFull:
        return True


def _has_weights(call: LayerCall) -> bool:
    return bool(set(call.roles) & {Role.NORM, Role.LINEAR}) or call.layer == "PReLU"


def _shares_weights(layer: str, elsewhere: str) -> RuledOut:
    return RuledOut(
        f"{layer} is one layer object that is also applied in {elsewhere}, and its weights are shared; "
        "construct a layer for each use"
    )


def _where(call: LayerCall) -> str:
    return described(call.place.location())


def _beside(call: LayerCall, other: Site) -> str:
    """The position of another layer or a model, with its file if that is another one."""
    here, there = call.place.location().path, other.location().path
    return described(other.location()) + (f" of {shown_beside(here, there)}" if here != there else "")
