"""Converts networks to layer graphs. Nested models are opened, so that units continue through them."""

from __future__ import annotations

from collections.abc import Generator, Hashable, Sequence
from dataclasses import replace

from orderlint.catalog import Description
from orderlint.graph import Edge, LayerCall, LayerGraph, Location, Role, Site, Step
from orderlint.runtime.errors import InspectionError
from orderlint.runtime.network import Application, Network, Tensor

__all__ = ["MAX_CALLS", "assemble"]

MAX_CALLS = 50_000
"""The most layer applications of one model: some 300 MiB and five seconds. The largest model of `keras.applications`
has 1,100. Each nested model that is applied twice doubles what it holds, so a
small file can stand for a graph of any size."""

_Producers = frozenset[int]
_Value = tuple[_Producers, ...]  # the producers of each output of an application
_Expansion = Generator["_Expansion", "_Value", "_Value"]
_NOBODY: _Producers = frozenset()


def assemble(network: Network, target: str, limit: int = MAX_CALLS) -> LayerGraph:
    """The layer graph of a network.

    Args:
        network: The outermost level of the model.
        target: The user's target: the `path` of each place without a known source line.
        limit: The most layer applications.

    Raises:
        InspectionError: The opened model has more applications than `limit`.
    """
    return _Assembler(target, limit).run(network)


class _Assembler:
    def __init__(self, target: str, limit: int) -> None:
        self._target = target
        self._limit = limit
        self._applied = 0
        self._calls: list[LayerCall] = []
        self._edges: dict[tuple[int, int], Edge] = {}

    def run(self, network: Network) -> LayerGraph:
        feeds = tuple(self._input(name) for name in network.inputs.values())
        stack: list[_Expansion] = [self._expand(network, "", feeds)]
        value: _Value | None = None
        outputs: _Value = ()
        while stack:  # nested models wait on the stack: no recursion, however deep they are
            try:
                # The first `send` to a generator must be `None`, which its type cannot express.
                opened = stack[-1].send(value)  # type: ignore[arg-type]
            except StopIteration as stop:
                stack.pop()
                value = outputs = stop.value
            else:
                stack.append(opened)
                value = None
        ends = frozenset().union(*outputs)
        place = Location(self._target)
        return LayerGraph(network.name, place, _reported(self._calls), tuple(self._edges.values()), ends)

    def _input(self, name: str) -> _Producers:
        step = Step(Role.BOUNDARY, "Input")
        return self._add("Input", (step,), {}, Location(self._target, layer=name), None, None, ())

    def _expand(self, network: Network, prefix: str, feeds: _Value) -> _Expansion:
        values: dict[Hashable, _Value] = {key: (feed,) for key, feed in zip(network.inputs, feeds, strict=True)}
        for application in network.applications:
            self._count()
            operation = application.operation
            sources = tuple(_made(values, tensor) for tensor in application.inputs)
            content = operation.content
            if callable(content):
                content = content()
            if isinstance(content, Network):
                inner = yield self._expand(content, _join(prefix, operation.name), _fit(sources, len(content.inputs)))
                values[application.key] = inner
                continue
            path = _join(prefix, operation.name)
            if application.number > 1:
                path = f"{path}#{application.number}"
            values[application.key] = (self._leaf(application, content, path, sources),)
        return tuple(_made(values, tensor) for tensor in network.outputs)

    def _count(self) -> None:
        """Count an application, even of a nested model: an empty model could be applied without end.

        Raises:
            InspectionError: There are too many applications.
        """
        self._applied += 1
        if self._applied > self._limit:
            raise InspectionError(
                f"the opened model has more than {self._limit:,} layer applications; nested models that are applied "
                "several times count each time"
            )

    def _leaf(self, application: Application, what: Description, path: str, sources: _Value) -> _Producers:
        operation = application.operation
        constructed = operation.constructed and replace(operation.constructed, layer=path)
        applied = _place(application.applied or constructed, self._target, path)
        return self._add(what.layer, what.steps, what.facts, applied, constructed, operation.identity, sources)

    def _add(
        self,
        layer: str,
        steps: tuple[Step, ...],
        facts: object,
        applied: Location,
        constructed: Location | None,
        identity: Hashable,
        sources: _Value,
    ) -> _Producers:
        number = len(self._calls)
        assert isinstance(facts, dict)
        self._calls.append(LayerCall(number, layer, steps, applied, constructed, identity, facts))
        for source in sorted(frozenset().union(*sources)):
            self._edges[source, number] = Edge(source, number)
        return frozenset((number,))


def _reported(calls: Sequence[LayerCall]) -> tuple[LayerCall, ...]:
    """The calls. If an expression applies several layers, each is reported where it was constructed."""
    made: dict[Location, set[Location]] = {}
    for call in calls:
        if call.constructed is not None:
            made.setdefault(_source(call.applied), set()).add(_source(call.constructed))
    several = {place for place, constructed in made.items() if len(constructed) > 1 and place.line}
    if not several:
        return tuple(calls)
    return tuple(
        replace(call, reported=call.constructed) if call.constructed and _source(call.applied) in several else call
        for call in calls
    )


def _source(site: Site) -> Location:
    """The source place, without the layer."""
    return replace(site.location(), layer=None)


def _join(prefix: str, name: str) -> str:
    return f"{prefix}/{name}" if prefix and name else prefix or name


def _place(known: Location | None, target: str, path: str) -> Location:
    return replace(known, layer=path) if known else Location(target, layer=path)


def _made(values: dict[Hashable, _Value], tensor: Tensor) -> _Producers:
    """The producers of a tensor; empty if it comes from outside. A value with one output has it at every index."""
    key, index = tensor
    value = values.get(key, ())
    if len(value) == 1:
        return value[0]
    if index < len(value):
        return value[index]
    return _NOBODY.union(*value)


def _fit(sources: Sequence[_Producers], count: int) -> _Value:
    """The sources, one for each of `count` inputs. If the numbers differ, each input has all sources."""
    if len(sources) == count:
        return tuple(sources)
    return (_NOBODY.union(*sources),) * count
