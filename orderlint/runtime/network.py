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
"""One output of an application, or an input of the network: the key of its origin, and the index of the output."""


@dataclass(frozen=True, slots=True)
class Operation:
    """A layer or function of a model, however often it is applied.

    Attributes:
        name: Its part of the layer path; empty if it has none.
        identity: Equal for all applications of one layer object; `None` for functions.
        content: One layer, or a nested network.
        constructed: The place where it was constructed, if that is known.
    """

    name: str
    identity: Hashable
    content: Content
    constructed: Location | None = None


@dataclass(frozen=True, slots=True)
class Application:
    """One application of an operation.

    Attributes:
        key: A unique key in the network.
        operation: The operation.
        inputs: The tensors of the network among its arguments, in order.
        applied: The source place of the application, if that is known.
        number: The number of this application among those of the same layer in this network, from 1.
    """

    key: Hashable
    operation: Operation
    inputs: tuple[Tensor, ...]
    applied: Location | None = None
    number: int = 1


@dataclass(frozen=True, slots=True)
class Network:
    """One level of a model.

    Attributes:
        name: Its name.
        inputs: The keys of its inputs, in order, with their names.
        applications: Its applications. Each follows those whose outputs it uses.
        outputs: Its outputs, in order.
    """

    name: str
    inputs: Mapping[Hashable, str]
    applications: tuple[Application, ...]
    outputs: tuple[Tensor, ...]


Content: TypeAlias = "Description | Network | Callable[[], Description | Network]"
"""One layer, a network, or a function that returns one of these, because nested parts are only read when reached."""


@dataclass(slots=True)
class _Waiting:
    """An application that waits for other applications."""

    count: int
    consumers: list[Hashable] = field(default_factory=list)


def in_order(applications: Iterable[Application]) -> tuple[Application, ...]:
    """Sort applications, so that each follows those whose outputs it uses. Otherwise, the order stays the same.

    Applications in or after a cycle are left out, because no value ever reaches them.
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
    """The applications that the outputs depend on, in the same order, which is that of the data flow."""
    wanted = {key for key, _ in outputs}
    kept = []
    for application in reversed(applications):
        if application.key in wanted:
            wanted.update(key for key, _ in application.inputs)
            kept.append(application)
    return tuple(reversed(kept))
