"""Finds the parts of a graph in which a finding is possible, so that only their paths are followed.

Most of the time of judging a builder with options goes into following every path, because guards have to be combined at
each call. Rules say which two roles a finding needs, one somewhere before the other (`Sign`). One pass over the calls
of a graph shows whether it has such a pair, on paths whose guards may contradict each other. Most graphs have none, and
then no path has to be followed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from orderlint.graph import LayerCall, LayerGraph, Role, Site
from orderlint.graph.calls import ENDS_UNIT
from orderlint.graph.guards import NEVER
from orderlint.judging.order import Order
from orderlint.judging.rule import Rule, Sign, Subject

__all__ = ["signs_of", "starts_in"]

# The paths that reach a step: whether any is headless, or headed, and which roles they have passed in their unit.
_SEEN: Final = {Role.NORM: 1, Role.DROPOUT: 2, Role.ACTIVATION: 4}
_HEADLESS: Final = 8
_HEADED: Final = 8 << 4
_EITHER: Final = _HEADLESS | _HEADED


def signs_of(rules: Iterable[Rule], order: Order) -> list[Sign] | None:
    """The signs of the findings of some rules; `None` if a rule does not give any: then all units have to be judged."""
    found: list[Sign] = []
    for rule in rules:
        if rule.subject is not Subject.UNITS:
            continue
        signs = rule.signs(order)
        if signs is None:
            return None
        found += signs
    return found


def starts_in(graphs: Sequence[LayerGraph], signs: Sequence[Sign]) -> Iterator[frozenset[int] | None]:
    """For each graph, the calls at which units start that pass a place where a finding is possible; `None` for all.

    All paths through such a place are needed, in every graph: what is out of order in one use of a helper may be in
    order in another.
    """
    found = [_possible(graph, signs) for graph in graphs]
    places = {graph.calls[number].place for graph, some in zip(graphs, found, strict=True) for number in some or ()}
    for graph, some in zip(graphs, found, strict=True):
        yield None if some is None else _leading_to(graph, places)


def _possible(graph: LayerGraph, signs: Sequence[Sign]) -> set[int] | None:
    """The calls that may be one of such a pair; `None` if data flows from a call to an earlier one."""
    if any(edge.source >= edge.target for edge in graph.edges):
        return None
    before = _passed(graph)
    found = {call.id for call in graph.calls if _is_second(call, before[call.id], signs)}
    if not found:
        return found
    behind = _to_come(graph)
    return found | {call.id for call in graph.calls if _is_first(call, before[call.id], behind[call.id], signs)}


def _passed(graph: LayerGraph) -> list[int]:
    """For each call, the paths that reach it."""
    leaving: list[int] = []
    reaching: list[int] = []
    for call in graph.calls:
        producers = graph.producers(call)
        state = 0 if graph.outside(call) is NEVER else _HEADLESS
        for edge in producers:
            state |= leaving[edge.source]
        reaching.append(state)
        for step in call.steps:
            state = _after(state, step.role)
        leaving.append(state)
    return reaching


def _after(state: int, role: Role) -> int:
    """The paths behind a step, by those that reach it."""
    if role in ENDS_UNIT:
        return _HEADED if role is Role.LINEAR else _HEADLESS
    bit = _SEEN.get(role, 0)
    if state & _HEADLESS:
        state |= bit
    if state & _HEADED:
        state |= bit << 4
    return state


def _is_second(call: LayerCall, state: int, signs: Sequence[Sign]) -> bool:
    """Whether a call may be the later one of a pair."""
    for step in call.steps:
        for sign in signs:
            if step.role is sign.second:
                bit = _SEEN[sign.first]
                if state & bit << 4 or (state & bit and not sign.is_headed):
                    return True
        state = _after(state, step.role)
    return False


def _to_come(graph: LayerGraph) -> list[int]:
    """For each call, the roles that come after it before the unit ends."""
    entering = [0] * len(graph.calls)
    leaving = [0] * len(graph.calls)
    for call in reversed(graph.calls):
        for edge in graph.consumers(call):
            leaving[call.id] |= entering[edge.target]
        entering[call.id] = _met(call, 0, leaving[call.id])
    return leaving


def _met(call: LayerCall, index: int, behind: int) -> int:
    """The roles of a call from a step on, and behind it, before the unit ends."""
    found = 0
    for step in call.steps[index:]:
        if step.role in ENDS_UNIT:
            return found
        found |= _SEEN.get(step.role, 0)
    return found | behind


def _is_first(call: LayerCall, state: int, behind: int, signs: Sequence[Sign]) -> bool:
    """Whether a call may be the earlier one of a pair."""
    for index, step in enumerate(call.steps):
        for sign in signs:
            reached = state & (_HEADED if sign.is_headed else _EITHER)
            if step.role is sign.first and reached and _met(call, index + 1, behind) & _SEEN[sign.second]:
                return True
        state = _after(state, step.role)
    return False


def _leading_to(graph: LayerGraph, places: set[Site]) -> frozenset[int]:
    """The calls at which a unit starts that passes one of some places, or ends there."""
    if not places:
        return frozenset()
    entering = [False] * len(graph.calls)
    starts: list[int] = []
    for call in reversed(graph.calls):
        is_there = call.place in places
        leads_on = any(entering[edge.target] for edge in graph.consumers(call))
        is_end = any(step.role in ENDS_UNIT for step in call.steps)
        entering[call.id] = is_there or (leads_on and not is_end)
        if (is_there or leads_on) and (is_end or graph.outside(call) is not NEVER):
            starts.append(call.id)
    return frozenset(starts)
