"""Models: `Sequential`, and `Model(inputs, outputs)`."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from orderlint.glance.arguments import Given
from orderlint.glance.layers import joined_flow
from orderlint.glance.lists import List, Tail
from orderlint.glance.orders import FRESH, Flow, Way
from orderlint.glance.things import (
    ANY,
    NOTHING,
    UNKNOWN,
    Class,
    External,
    Model,
    Stack,
    Tensor,
    Value,
    is_plain,
    one,
    only,
)
from orderlint.glance.unsure import Unsure
from orderlint.glance.values import flow_of, holds_any, join

if TYPE_CHECKING:
    from orderlint.glance.machine import Machine

__all__ = ["add", "apply_model", "functional", "sequential"]

MOST_DISTINGUISHED = 8  # models from one place that are distinguished


def sequential(g: Machine, given: Given) -> Value:
    """`Sequential([...])`.

    Raises:
        Unsure: It may hold any layers. They are judged even if nothing uses the model.
    """
    if g.orders.sites is not None:
        g.orders.sites.listed(given.place)
    layers = given.get(0, "layers")
    made = Stack((), NOTHING, FRESH, g.token(given.place, MOST_DISTINGUISHED))
    if layers is None or layers == g.none:
        return one(made)
    result = NOTHING
    for thing in layers:
        if thing in ANY:
            raise Unsure("a model of what may be anything")
        is_list = type(thing) is List
        result = join(result, one(_of_list(g, made, thing)) if is_list else UNKNOWN if is_plain(one(thing)) else ANY)
    return result


def _of_list(g: Machine, stack: Stack, listed: List) -> Stack:
    """A `Sequential` with the layers of a list."""
    parts = listed.parts_in_order
    if parts is None:
        return _add_any(g, _of_list(g, stack, List(listed.items)), listed.rest)
    for elements, is_repeated in parts:
        stack = (_add_often if is_repeated else _add_all)(g, stack, elements)
    return stack


def _add_all(g: Machine, stack: Stack, elements: Tail) -> Stack:
    """A `Sequential` with more layers, some of which may be missing."""
    for layer, may_miss in elements:
        longer = add(g, stack, layer)
        stack = only(join(one(stack), one(longer)), Stack) if may_miss else longer
    return stack


def _add_often(g: Machine, stack: Stack, elements: Tail) -> Stack:
    """A `Sequential` with the same layers added any number of times."""
    rest = join(stack.rest, *(layer for layer, _ in elements))

    def with_flow(flow: Flow) -> Stack:
        return Stack(stack.layers, rest, flow, stack.token)

    return with_flow(_settled(g, stack.flow, lambda flow: _add_all(g, with_flow(flow), elements).flow))


def add(g: Machine, stack: Stack, layer: Value) -> Stack:
    """A `Sequential` with one more layer. An input that is added, such as `Input(...)`, changes nothing."""
    if all(type(thing) is Tensor for thing in layer):
        return stack
    flow = _applied(g, stack.flow, layer)
    if stack.rest:
        return Stack(stack.layers, join(stack.rest, layer), flow, stack.token)
    return Stack((*stack.layers, layer), NOTHING, flow, stack.token)


def _add_any(g: Machine, stack: Stack, layer: Value) -> Stack:
    """A `Sequential` with any number of further layers."""
    rest = join(stack.rest, layer)
    return Stack(stack.layers, rest, _applied_often(g, stack.flow, rest), stack.token)


def _applied(g: Machine, flow: Flow, layer: Value) -> Flow:
    """The ways after a layer of a `Sequential`."""
    if any(isinstance(thing, (External, Class)) for thing in layer):
        raise Unsure("a class in place of a layer")
    g.tick()  # a model that holds another one several times applies its layers each time
    g.num_layers += 1
    given = flow_of(g.call(layer, (one(Tensor(flow)),)))
    if given is None:
        raise Unsure("a layer that may be anything")
    return given or FRESH


def _applied_often(g: Machine, flow: Flow, layer: Value) -> Flow:
    return _settled(g, flow, lambda before: _applied(g, before, layer))


def _settled(g: Machine, flow: Flow, after: Callable[[Flow], Flow]) -> Flow:
    """The ways after any number of steps."""
    while True:
        g.tick()
        more = flow | after(flow)
        if more == flow:
            return flow
        flow = more


def functional(g: Machine, given: Given) -> Value:
    """`Model(inputs, outputs)`."""
    outputs = given.get(1, "outputs") or given.keywords.get("output")
    if outputs is None:
        return UNKNOWN
    g.consume((outputs,))
    return one(Model(given.get(0, "inputs") or given.keywords.get("input") or UNKNOWN, outputs))


def apply_model(g: Machine, model: Stack | Model, given: Given) -> Value:
    """Apply a model, so that its layers are applied again."""
    g.num_layers += 1
    if not given.every:
        raise Unsure("a model that is applied to nothing")
    if isinstance(model, Model):
        return _apply_functional(g, model, given)
    flow = g.flow(given.every) or FRESH
    first, *others = model.layers or (NOTHING,)
    if flow != FRESH and first:
        flow = _applied(g, flow, first)
        if flow == _applied(g, FRESH, first):  # as after a linear layer: the flow is the same as without an input
            return one(Tensor(model.flow))
    if flow == FRESH:
        return one(Tensor(model.flow))
    for layer in others:
        flow = _applied(g, flow, layer)
    return one(Tensor(_applied_often(g, flow, model.rest) if model.rest else flow))


def _apply_functional(g: Machine, model: Model, given: Given) -> Value:
    """Apply a model of which only the outputs are known. Its inputs must not affect the ways of the outputs."""
    flow = joined_flow(given)
    is_any = any(map(holds_any, given.every))
    if not is_any and all(way == Way(False, origin=way.origin) for way in flow):
        return model.outputs
    origins = {way.origin for way in (flow_of(model.inputs) or FRESH)}
    left = {way.origin for way in (flow_of(model.outputs) or FRESH)}
    if 0 in origins or origins & (g.orders.at_input.keys() | left):
        raise Unsure("a model within a unit")
    g.orders.end(flow)
    return model.outputs
