"""The layer graph: the one language between the front ends, the rules and the reports.

A node is a *call*: one layer applied once. An edge is data flow from one call to the next. Rules see only
*units*, the paths between two linear layers.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Protocol

from orderlint.guards import ALWAYS, NEVER, Guard, GuardSpaceFull

__all__ = ["Edge", "End", "LayerCall", "LayerGraph", "Location", "Role", "Site", "Step", "Unit"]


class Role(str, Enum):
    """What a layer application does in a unit."""

    LINEAR = "linear"
    NORM = "norm"
    ACTIVATION = "activation"
    DROPOUT = "dropout"
    PASS = "pass"
    MERGE = "merge"
    BOUNDARY = "boundary"


ENDS_UNIT = frozenset({Role.LINEAR, Role.MERGE, Role.BOUNDARY})


@dataclass(frozen=True, slots=True, order=True)
class Location:
    """Where something stands.

    Attributes:
        path: The file, POSIX style and relative where it can be, or the target of an inspected model.
        cell: The notebook cell, from 1 over all cells; `None` outside notebooks.
        line: From 1, within the cell in a notebook; 0 where a built model keeps no source line.
        column: From 1, in code points; 0 where not known.
        end_line: The last line, from 1.
        end_column: One past the last code point.
        layer: The layer path in a built model (`encoder/block_2/bn`); `None` for source.
    """

    path: str
    line: int = 0
    column: int = 0
    end_line: int = 0
    end_column: int = 0
    cell: int | None = None
    layer: str | None = None

    def location(self) -> Location:
        """This location: a `Location` is the simplest `Site`."""
        return self


class Site(Hashable, Protocol):
    """A place that can tell its location; front ends with dear positions work them out only on demand."""

    def location(self) -> Location: ...


@dataclass(frozen=True, slots=True)
class Step:
    """One role of a call, with the name it has in a chain (`Dense`, `ReLU`, `BatchNormalization`)."""

    role: Role
    name: str


@dataclass(frozen=True, slots=True)
class LayerCall:
    """One layer applied once.

    Attributes:
        id: From 0, in the order of application.
        layer: The canonical layer name (`Conv2D`, whatever the file calls it), or the function's name.
        steps: The roles in the order in which they act: a `Dense(8, activation="relu")` has two.
        applied: Where it was applied.
        constructed: Where the layer was constructed; `None` for functions.
        layer_id: Equal for every call of one layer object; `None` for functions.
        facts: What rules and repairs need to know of the arguments (see `orderlint.catalog.FACTS`).
        guard: The condition under which the call happens.
        reported: Where a finding on this call is reported, if neither `applied` will do.
    """

    id: int
    layer: str
    steps: tuple[Step, ...]
    applied: Site
    constructed: Site | None = None
    layer_id: Hashable = None
    facts: Mapping[str, object] = field(default_factory=dict)
    guard: Guard = ALWAYS
    reported: Site | None = None

    @property
    def roles(self) -> tuple[Role, ...]:
        return tuple(step.role for step in self.steps)

    @property
    def place(self) -> Site:
        """Where a finding on this call is reported."""
        return self.reported or self.applied


@dataclass(frozen=True, slots=True)
class Edge:
    """Data flow from call `source` to call `target`, both ids, while `guard` holds."""

    source: int
    target: int
    guard: Guard = ALWAYS


class End(str, Enum):
    """What ends a unit."""

    LINEAR = "linear"
    MERGE = "merge"
    BOUNDARY = "boundary"
    OUTPUT = "output"


@dataclass(frozen=True, slots=True)
class UnitStep:
    """One step of a unit: a role of a call."""

    call: LayerCall
    step: Step

    @property
    def role(self) -> Role:
        return self.step.role

    @property
    def name(self) -> str:
        return self.step.name


@dataclass(frozen=True, slots=True)
class Unit:
    """One path of data flow, from a linear layer (its head) or a headless start to what ends it.

    Attributes:
        steps: The steps in order, the head first. A linear, merge or boundary that ends it is not among them.
        head: The linear step, or `None` in a headless unit.
        end: What ends the unit.
        follower: The call that ends it; `None` at an output.
        guard: The condition under which the path exists.
        model_output: Whether the value at its end is known to be an output of the model.
        is_open: Whether the value at its end has consumers, none of which is known to be reached on this path: what
            follows is not known.
    """

    steps: tuple[UnitStep, ...]
    head: UnitStep | None
    end: End
    follower: LayerCall | None = None
    guard: Guard = ALWAYS
    model_output: bool = False
    is_open: bool = False

    @property
    def chain(self) -> tuple[str, ...]:
        """The readable chain, `pass` steps left out: `("Dense", "ReLU", "BatchNormalization")`."""
        return tuple(step.name for step in self.steps if step.role is not Role.PASS)


@dataclass(frozen=True)
class LayerGraph:
    """The calls of one model, function or module and the data flow between them. It has no cycle: a loop is
    unrolled so that its body can follow itself.

    Attributes:
        name: What was read (`build_model`, `<module>`, a model's name).
        place: Where it stands.
        calls: `calls[i].id == i`.
        edges: Data flow, each pair of ids at most once.
        outputs: The ids of calls whose value leaves the graph as a model output, as far as that is known.
        background: The ids of calls that are there only as context: a pair of layers that both are in it is
            judged elsewhere.
    """

    name: str
    place: Site
    calls: tuple[LayerCall, ...]
    edges: tuple[Edge, ...]
    outputs: frozenset[int] = frozenset()
    background: frozenset[int] = frozenset()

    def consumers(self, call: LayerCall) -> Sequence[Edge]:
        """The edges that leave a call."""
        return self._outgoing.get(call.id, ())

    def producers(self, call: LayerCall) -> Sequence[Edge]:
        """The edges that enter a call."""
        return self._incoming.get(call.id, ())

    def __post_init__(self) -> None:
        outgoing: dict[int, list[Edge]] = {}
        incoming: dict[int, list[Edge]] = {}
        for edge in self.edges:
            outgoing.setdefault(edge.source, []).append(edge)
            incoming.setdefault(edge.target, []).append(edge)
        object.__setattr__(self, "_outgoing", outgoing)
        object.__setattr__(self, "_incoming", incoming)

    _outgoing: Mapping[int, Sequence[Edge]] = field(init=False, repr=False, compare=False)
    _incoming: Mapping[int, Sequence[Edge]] = field(init=False, repr=False, compare=False)

    def units(self, limit: int = 2_000) -> Iterator[Unit]:
        """Every unit of the graph.

        Args:
            limit: The most steps to follow from one start. Beyond it, a path that reaches a call with the same
                history of roles as an earlier one is not followed again, so the work stays bounded.

        Yields: Units, in the order of their starts. Paths whose guards contradict each other do not exist.
        """
        for call in self.calls:
            for index, step in enumerate(call.steps):
                if step.role is Role.LINEAR:
                    yield from _paths(self, call, index, limit)
                elif step.role in ENDS_UNIT:
                    yield from _paths(self, call, index + 1, limit)
            if not self.producers(call) and call.steps and call.steps[0].role not in ENDS_UNIT:
                yield from _paths(self, call, 0, limit)


@dataclass(frozen=True, slots=True)
class _Partial:
    """A path under way: it has yet to take the steps of `call` from `index` on."""

    call: LayerCall
    index: int
    steps: tuple[UnitStep, ...]
    guard: Guard


def _paths(graph: LayerGraph, call: LayerCall, index: int, limit: int) -> Iterator[Unit]:
    """The units that start at step `index` of `call`."""
    headed = index < len(call.steps) and call.steps[index].role is Role.LINEAR
    stack = [_Partial(call, index, (), call.guard)]
    seen: set[tuple[object, ...]] = set()
    followed = 0
    while stack:
        path = stack.pop()
        if followed >= limit:
            history = (path.call.id, *_history(path.steps))
            if history in seen or followed >= 4 * limit:
                continue
            seen.add(history)
        followed += 1
        steps = list(path.steps)
        ended = False
        for number in range(path.index, len(path.call.steps)):
            step = UnitStep(path.call, path.call.steps[number])
            if step.role in ENDS_UNIT and not (headed and not steps):
                if steps:
                    yield _unit(steps, headed, End(step.role.value), path.call, path.guard)
                ended = True
                break
            steps.append(step)
        if ended:
            continue
        onward = [
            _Partial(target, 0, tuple(steps), guard) for target, guard in _onward(graph, path) if guard is not NEVER
        ]
        model_output = path.call.id in graph.outputs
        if steps and (model_output or not onward):
            is_open = not model_output and bool(graph.consumers(path.call))
            yield _unit(steps, headed, End.OUTPUT, None, path.guard, model_output, is_open)
        stack.extend(reversed(onward))


def _onward(graph: LayerGraph, path: _Partial) -> Iterator[tuple[LayerCall, Guard]]:
    """The calls that take the output of a path's last call, and when."""
    for edge in graph.consumers(path.call):
        target = graph.calls[edge.target]
        try:
            yield target, path.guard & edge.guard & target.guard
        except GuardSpaceFull:
            continue  # not known to be possible


def _history(steps: Sequence[UnitStep]) -> tuple[tuple[Role, ...], tuple[Role, ...]]:
    """What two paths have in common that rules can hardly tell apart: which roles came first, and which last."""
    roles = [step.role for step in steps if step.role is not Role.PASS]
    return tuple(dict.fromkeys(roles)), tuple(roles[-2:])


def _unit(
    steps: list[UnitStep],
    headed: bool,
    end: End,
    follower: LayerCall | None,
    guard: Guard,
    model_output: bool = False,
    is_open: bool = False,
) -> Unit:
    return Unit(tuple(steps), steps[0] if headed else None, end, follower, guard, model_output, is_open)
