"""Finds the dropout whose output reaches a normalization in the layer graph."""

from __future__ import annotations

from collections import deque
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from orderlint.catalog import DEFAULT
from orderlint.graph import LayerCall, LayerGraph, Role
from orderlint.runtime.kinds import wrapped_layer
from orderlint.runtime.measuring.watching import parts_of

__all__ = ["Feed", "feed_of", "norm_calls"]


@dataclass(frozen=True, slots=True)
class Feed:
    """A dropout that reaches a normalization.

    Attributes:
        call: The dropout.
        rate: Its rate; `None` if it is not known.
        num_linear: The number of linear layers in between; 0 if it feeds the normalization directly.
        is_next: Whether there is nothing in between.
    """

    call: LayerCall
    rate: float | None
    num_linear: int
    is_next: bool


def feed_of(graph: LayerGraph, norm: LayerCall) -> Feed | None:
    """The dropout that reaches a normalization across the fewest linear layers; `None` if there is none."""
    nearest: deque[tuple[LayerCall, int, bool]] = deque([(norm, 0, True)])
    seen: set[int] = set()
    while nearest:
        call, num_linear, is_next = nearest.popleft()
        if call.id in seen:
            continue
        seen.add(call.id)
        if Role.DROPOUT in call.roles:
            rate = call.facts.get("rate")
            return Feed(call, float(rate) if isinstance(rate, (int, float)) else None, num_linear, is_next)
        crosses = Role.LINEAR in call.roles
        for edge in graph.producers(call):
            onward = (graph.calls[edge.source], num_linear + crosses, is_next and call is norm)
            nearest.append(onward) if crosses else nearest.appendleft(onward)
    return None


def norm_calls(model: Any, graphs: Sequence[LayerGraph]) -> Mapping[int, list[tuple[LayerGraph, LayerCall]]]:
    """The applications of each normalization in the layer graph, by the id of the layer object, in order.

    Args:
        model: The model.
        graphs: Its graph, or those of inference and training. The last one is used, since it has the dropouts.
    """
    graph = graphs[-1]
    inside = dict(_insides(model))
    found: dict[int, list[tuple[LayerGraph, LayerCall]]] = {}
    for call in graph.calls:
        if Role.NORM in call.roles and isinstance(call.layer_id, int):
            found.setdefault(inside.get(call.layer_id, call.layer_id), []).append((graph, call))
    return found


def _insides(model: Any) -> Iterator[tuple[Hashable, int]]:
    """The ids of each wrapper and of its inner layer. The graph has the wrapper, and a run has the inner layer."""
    for part in parts_of(model):
        layer = part
        while (inner := wrapped_layer(layer, DEFAULT)) is not None:
            layer = inner[1]
        if layer is not part:
            yield id(part), id(layer)
