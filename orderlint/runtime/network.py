"""Networks: the common result of all readers of built models.

A `Network` is one level of a model: operations applied to tensors, nested models still closed. Readers build it
from live objects or from a saved file's JSON; `assemble` opens it into a layer graph.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from orderlint.catalog import Description
from orderlint.graph import Location

__all__ = ["Application", "Content", "Network", "Operation", "Tensor", "in_order", "needed"]

Tensor: TypeAlias = tuple[Hashable, int]
"""One output of an application, or an input of the network: the key of who makes it, and which of its outputs."""


@dataclass(frozen=True, slots=True)
class Operation:
    """A layer or function of a model, however often it is applied.

    Attributes:
        name: Its part of the layer path; empty if it adds none.
        identity: Equal for every application of one layer object; `None` for functions.
        content: What it is: one layer, or a network of its own that is opened in place.
        constructed: Where it was constructed, if that is known.
    """

    name: str
    identity: Hashable
    content: Content
    constructed: Location | None = None


@dataclass(frozen=True, slots=True)
class Application:
    """An operation applied once.

    Attributes:
        key: Unlike that of any other application of the network.
        inputs: The tensors of the network that flow in, in the order of the arguments.
        applied: The source place of the application, if that is known.
        turn: Which of the layer's applications in this network it is, from 1, in the order in which they were made.
    """

    key: Hashable
    operation: Operation
    inputs: tuple[Tensor, ...]
    applied: Location | None = None
    turn: int = 1


@dataclass(frozen=True, slots=True)
class Network:
    """One level of a model.

    Attributes:
        inputs: The keys of its inputs, in order, with their names.
        applications: Each after those whose outputs it takes.
        outputs: What leaves it, in order.
    """

    name: str
    inputs: Mapping[Hashable, str]
    applications: tuple[Application, ...]
    outputs: tuple[Tensor, ...]


Content: TypeAlias = "Description | Network | Callable[[], Description | Network]"
"""One layer, a network, or a function that finds out which: nested parts are looked at only when they are reached."""


@dataclass(slots=True)
class _Waiting:
    """An application that waits for so many others."""

    count: int
    consumers: list[Hashable] = field(default_factory=list)


def in_order(applications: Iterable[Application]) -> tuple[Application, ...]:
    """The applications, each after those whose outputs it takes, otherwise in the order given.

    Applications in a cycle, or that wait for one, are left out: no value ever reaches them.
    """
    table = {application.key: application for application in applications}
    waiting = {key: _Waiting(0) for key in table}
    for key, application in table.items():
        producers = {producer for producer, _ in application.inputs if producer in table}
        waiting[key].count = len(producers)
        for producer in producers:
            waiting[producer].consumers.append(key)
    ready = [key for key, state in waiting.items() if state.count == 0]
    ordered: list[Application] = []
    ready.reverse()
    while ready:
        key = ready.pop()
        ordered.append(table[key])
        freed = []
        for consumer in waiting[key].consumers:
            waiting[consumer].count -= 1
            if waiting[consumer].count == 0:
                freed.append(consumer)
        ready.extend(reversed(freed))
    return tuple(ordered)


def needed(applications: Sequence[Application], outputs: Iterable[Tensor]) -> tuple[Application, ...]:
    """The applications that the outputs depend on, in the order given, which is that of the data flow."""
    wanted = {key for key, _ in outputs}
    kept = []
    for application in reversed(applications):
        if application.key in wanted:
            wanted.update(key for key, _ in application.inputs)
            kept.append(application)
    return tuple(reversed(kept))
