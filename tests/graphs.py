"""Small hand-built layer graphs: one line a call, so that a call is known by its line."""

from __future__ import annotations

from collections.abc import Sequence

from orderlint.catalog import UNKNOWN, Description, Entry, bind, describe, find, find_layer, wrapped
from orderlint.graph import Edge, LayerCall, LayerGraph, Location, Step, Unit, units_of
from orderlint.graph.guards import ALWAYS, Guard

__all__ = ["GraphBuilder", "chains", "line_of", "path"]

SHORT = {"BN": "BatchNormalization", "Conv": "Conv2D", "Pool": "MaxPooling2D"}


class GraphBuilder:
    """Builds a `LayerGraph` call by call; call `i` stands on line `i + 1`.

    >>> build = GraphBuilder()
    >>> dense = build.add("Dense", activation="relu")
    >>> bn = build.add("BN", dense)
    >>> chains(build.graph())
    [('Dense', 'ReLU', 'BatchNormalization')]
    """

    def __init__(self) -> None:
        self.calls: list[LayerCall] = []
        self.edges: list[Edge] = []

    def add(
        self,
        name: str,
        *sources: int | tuple[int, Guard],
        guard: Guard = ALWAYS,
        line: int | None = None,
        made_on: int | None = None,
        wrapper: str | None = None,
        steps: Sequence[Step] | None = None,
        **arguments: object,
    ) -> int:
        """Apply a layer or function (a dotted name) to the outputs of earlier calls; returns its id.

        Args:
            name: A Keras layer, one of `SHORT`, or a dotted function name.
            sources: The ids of the calls that feed it, each alone or with the guard of the edge.
            guard: When it is applied.
            line: The line of the application, where not a line of its own.
            made_on: The line of the construction, where not the line of the application.
            wrapper: A wrapper layer around it.
            steps: The steps, for calls the catalog has no name for.
            arguments: The arguments of the constructor or function.
        """
        number = len(self.calls)
        description = Description(name, tuple(steps), {}) if steps else self._describe(name, arguments, wrapper)
        applied = Location("net.py", line or number + 1, 1)
        made = Location("net.py", made_on or applied.line, 1) if "." not in name else None
        call = LayerCall(number, description.layer, description.steps, applied, made, made, description.facts, guard)
        self.calls.append(call)
        for source in sources:
            origin, when = source if isinstance(source, tuple) else (source, ALWAYS)
            self.edges.append(Edge(origin, number, when))
        return number

    @staticmethod
    def _describe(name: str, arguments: dict[str, object], wrapper: str | None) -> Description:
        name = SHORT.get(name, name)
        entry = find(name) or find_layer(name)
        assert entry is not None, name
        if entry.role.value == "dropout":
            arguments.setdefault("rate", UNKNOWN)
        description = describe(entry, bind(entry, (), arguments))
        if wrapper is None:
            return description
        around: Entry | None = find_layer(wrapper)
        assert around is not None, wrapper
        return wrapped(around, description)

    def graph(self, outputs: Sequence[int] = (), background: Sequence[int] = ()) -> LayerGraph:
        """The graph so far."""
        place = Location("net.py", 1, 1)
        calls, edges = tuple(self.calls), tuple(self.edges)
        return LayerGraph("net", place, calls, edges, frozenset(outputs), frozenset(background))


def path(text: str, output: bool = False, start: int = 1) -> LayerGraph:
    """The graph of one straight path, its calls separated by arrows.

    Args:
        text: Layers such as `Dense`, `Dense(relu)` (an inline activation) or `Activation(tanh)`.
        output: Whether the last call is a model output.
        start: The line of the first call; each of the others is on the next line.

    >>> chains(path("Dense(relu) → BN"))
    [('Dense', 'ReLU', 'BatchNormalization')]
    """
    build = GraphBuilder()
    last: tuple[int, ...] = ()
    for line, word in enumerate(text.split("→"), start):
        name, _, argument = word.strip().rstrip(")").partition("(")
        if argument:
            last = (build.add(name, *last, line=line, activation=argument),)
        else:
            last = (build.add(name, *last, line=line),)
    return build.graph(outputs=last if output else ())


def chains(graph: LayerGraph) -> list[tuple[str, ...]]:
    """The chains of a graph's units."""
    return [unit.chain for unit in units_of(graph)]


def line_of(call: LayerCall | Unit) -> int:
    """The line on which a finding on a call is reported, or on which a unit starts."""
    return (call.steps[0].call if isinstance(call, Unit) else call).place.location().line
