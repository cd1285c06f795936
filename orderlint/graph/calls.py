"""Layer calls and the graph of the data that flows between them.

A node is a *call*: one layer applied once. An edge is data flow from one call to the next.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import NoReturn, Protocol

from orderlint.graph.guards import ALWAYS, NEVER, Guard, GuardSpaceFull, union
from orderlint.records import record

__all__ = ["ENDS_UNIT", "Edge", "LayerCall", "LayerGraph", "Location", "Role", "Site", "Step"]


class Role(str, Enum):
    """The role of a layer in a unit."""

    LINEAR = "linear"
    NORM = "norm"
    ACTIVATION = "activation"
    DROPOUT = "dropout"
    PASS = "pass"
    MERGE = "merge"
    BOUNDARY = "boundary"

    @classmethod
    def _missing_(cls, value: object) -> NoReturn:
        expected = ", ".join(role.value for role in cls)
        raise ValueError(f"unknown role {value!r}; expected one of {expected}")


ENDS_UNIT = frozenset({Role.LINEAR, Role.MERGE, Role.BOUNDARY})


@dataclass(frozen=True, slots=True, order=True)
class Location:
    """A place in a file or in a model.

    Attributes:
        path: The file, relative to the current folder if it is below it, with `/` on every system. For a model, its
            name or target.
        line: The first line, from 1. In a notebook, it counts within the cell. 0 for a model without source lines.
        column: The first column in code points, from 1. 0 if it is not known.
        end_line: The last line, from 1.
        end_column: The column after the last code point.
        cell: The notebook cell, from 1 over all cells. `None` outside notebooks.
        layer: The layer path in a built model, such as `encoder/block_2/bn`. `None` for source code.
    """

    path: str
    line: int = 0
    column: int = 0
    end_line: int = 0
    end_column: int = 0
    cell: int | None = None
    layer: str | None = None

    def location(self) -> Location:
        """The location itself: a `Location` is the simplest `Site`."""
        return self


class Site(Hashable, Protocol):
    """A place that can compute its location. If positions are expensive, a front end only computes them on demand."""

    def location(self) -> Location: ...


@record(frozen=True, slots=True)
class Step:
    """One role of a call, with its name in a chain (`Dense`, `ReLU`, `BatchNormalization`)."""

    role: Role
    name: str


@record(frozen=True, slots=True)
class LayerCall:
    """One layer applied once.

    Attributes:
        id: From 0, in the order of application.
        layer: The canonical layer name (`Conv2D`, whatever name the file uses), or the function's name.
        steps: The roles in the order in which they act: `Dense(8, activation="relu")` has two.
        applied: Where it was applied.
        constructed: Where the layer was constructed; `None` for functions.
        layer_id: Equal for all calls of one layer object; `None` for functions.
        facts: What rules and repairs need to know about the arguments (see `orderlint.catalog.FACTS`).
        guard: The condition under which the call happens.
        reported: Where a finding on this call is reported, if not at `applied`.
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

    def located(self) -> LayerCall:
        """The same call with plain locations, which do not keep a syntax tree alive."""
        return replace(
            self,
            applied=self.applied.location(),
            constructed=None if self.constructed is None else self.constructed.location(),
            reported=None if self.reported is None else self.reported.location(),
        )


@record(frozen=True, slots=True)
class Edge:
    """Data flow from call `source` to call `target`, both ids, where `guard` holds."""

    source: int
    target: int
    guard: Guard = ALWAYS


@record(frozen=True, eq=False)
class LayerGraph:
    """The calls of one model, function or module and the data flow between them.

    It has no cycle: a loop is unrolled so that its body can follow itself. Graphs are equal if their content is equal,
    whatever objects their places and guards are. A pickled graph has plain locations as places.

    Attributes:
        name: The name of what was read (`build_model`, `<module>`, a model's name).
        place: Its position.
        calls: `calls[i].id == i`.
        edges: Data flow, each pair of ids at most once.
        outputs: The ids of calls whose value is known to leave the graph as a model output.
        background: The ids of calls that are only context: a pair of layers that are both in `background` is judged
            elsewhere.
        leaving: The guards of outputs that leave the graph on some paths only.
        returned: The ids of calls whose value a function returns to callers that are not visible, and that may be used
            further.
        accepted: The guard under which the code that builds the graph does not end in an error.
        models: For outputs of visible models, where the first such model is constructed.
    """

    name: str
    place: Site
    calls: tuple[LayerCall, ...]
    edges: tuple[Edge, ...]
    outputs: frozenset[int] = frozenset()
    background: frozenset[int] = frozenset()
    leaving: Mapping[int, Guard] = field(default_factory=dict)
    returned: frozenset[int] = frozenset()
    accepted: Guard = ALWAYS
    models: Mapping[int, Site] = field(default_factory=dict)

    def leaves(self, call: LayerCall) -> Guard:
        """When the value of a call leaves the graph as a model output."""
        return self.leaving.get(call.id, ALWAYS) if call.id in self.outputs else NEVER

    def consumers(self, call: LayerCall) -> Sequence[Edge]:
        """The edges that leave a call."""
        return self._outgoing.get(call.id, ())

    def producers(self, call: LayerCall) -> Sequence[Edge]:
        """The edges that enter a call."""
        return self._incoming.get(call.id, ())

    def outside(self, call: LayerCall) -> Guard:
        """The guard under which a call has an input from outside the graph, such as a parameter.

        `if deep: x = Dense(8)(x)` comes before `x = ReLU()(x)`: if not `deep`, the ReLU takes the parameter `x`.
        """
        edges = self.producers(call)
        if any(edge.guard is ALWAYS or edge.guard is call.guard for edge in edges):
            return NEVER
        try:
            return call.guard & ~union(edge.guard for edge in edges) if edges else call.guard
        except GuardSpaceFull:
            return NEVER

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, LayerGraph):
            return NotImplemented
        return self._plain() == other._plain() and all(map(Guard.same_as, self.guards, other.guards))

    def __hash__(self) -> int:
        return hash((self.name, len(self.calls), len(self.edges)))

    def __reduce__(self) -> tuple[object, ...]:
        calls = tuple(call.located() for call in self.calls)
        parts = (self.edges, self.outputs, self.background, dict(self.leaving), self.returned, self.accepted)
        models = {number: site.location() for number, site in self.models.items()}
        return LayerGraph, (self.name, self.place.location(), calls, *parts, models)

    def _plain(self) -> tuple[object, ...]:
        """Everything but the guards."""
        calls = [replace(call.located(), guard=ALWAYS) for call in self.calls]
        edges = [(edge.source, edge.target) for edge in self.edges]
        return self.name, self.place.location(), calls, edges, self.outputs, self.background

    @property
    def guards(self) -> list[Guard]:
        """All guards of the graph."""
        leaving = [self.leaving.get(number, ALWAYS) for number in sorted(self.outputs)]
        return [*(call.guard for call in self.calls), *(edge.guard for edge in self.edges), *leaving, self.accepted]

    def __post_init__(self) -> None:
        outgoing: dict[int, list[Edge]] = {}
        incoming: dict[int, list[Edge]] = {}
        for edge in self.edges:
            outgoing.setdefault(edge.source, []).append(edge)
            incoming.setdefault(edge.target, []).append(edge)
        object.__setattr__(self, "_outgoing", outgoing)
        object.__setattr__(self, "_incoming", incoming)
        object.__setattr__(self, "onward", {})

    _outgoing: Mapping[int, Sequence[Edge]] = field(init=False, repr=False, compare=False)
    _incoming: Mapping[int, Sequence[Edge]] = field(init=False, repr=False, compare=False)
    onward: dict[int, list[tuple[LayerCall, Guard]]] = field(init=False, repr=False, compare=False)
    """A cache of graph walks: the calls that take the output of a call, and the guards of that (see `units_of`)."""
