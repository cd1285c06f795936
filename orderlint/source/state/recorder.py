"""Records the layer calls of a file, and turns them into graphs."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import fields, replace
from operator import attrgetter
from typing import TypeVar

from orderlint.graph import Edge, LayerCall, LayerGraph, Role, Site, Step
from orderlint.graph.guards import ALWAYS, NEVER, Guard
from orderlint.records import record
from orderlint.source.state.refusals import Refusal, accepted

__all__ = ["Applied", "Recorder", "Root", "Source"]

# The fields of a call between `id` and `reported`: `replace` takes twice as long for each call.
_kept = attrgetter(*(one.name for one in fields(LayerCall)[1:-1]))
_Item = TypeVar("_Item")
Source = tuple[Guard, int]  # a call id, and the guard under which its output is used


@record(frozen=True, slots=True)
class Applied:
    """The layer and the place of a call: the part that is the same in each run."""

    layer: str
    steps: tuple[Step, ...]
    site: Site
    constructed: Site | None
    layer_id: Hashable
    facts: Mapping[str, object]
    iterated: bool = False  # whether the layer expression is an element of a container


@record(frozen=True, slots=True)
class Root:
    """Code that runs although nothing calls it.

    Attributes:
        start: The number of its first call.
        name: Its name (`build_model`, `<module>`).
        place: Its position.
        refusals: The errors that may leave it.
    """

    start: int
    name: str
    place: Site
    refusals: tuple[Refusal, ...] = ()


class Recorder:
    """Records the calls of a file.

    Attributes:
        readings: For each expression of the judged file, the calls whose outputs it read, with the moment of reading.
        followed: The expressions that call visible code, and the functions that were judged on their own.
        placed: By number, the call as it is in a graph.
        novelty: Grows whenever something new is applied. A loop that adds nothing new is ended.
    """

    def __init__(self) -> None:
        self.calls: list[LayerCall] = []
        self.edges: dict[tuple[int, int], Guard] = {}
        self.outputs: dict[int, Guard] = {}
        self.models: dict[int, Site] = {}
        self.returned: set[int] = set()
        self.background: set[int] = set()
        self.readings: dict[object, dict[tuple[str, int], None]] = {}
        self.followed: set[object] = set()
        self.placed: dict[int, LayerCall] = {}
        self.novelty = 0
        self._start = 0
        self._met: dict[object, int] = {}
        self._sources: dict[int, list[int]] = {}
        self._constructed_at: dict[Site, set[Site]] = {}

    def record(self, applied: Applied, sources: list[Source], guard: Guard, background: bool) -> int:
        """Add a call with the inputs `sources`. Return its id."""
        number = len(self.calls)
        call = LayerCall(
            number,
            applied.layer,
            applied.steps,
            applied.site,
            applied.constructed,
            applied.layer_id,
            applied.facts,
            guard,
        )
        self.calls.append(call)
        self._note(applied)
        for when, source in sources:
            self._connect(source, number, when & guard)
        if applied.iterated and applied.constructed is not None:
            self._constructed_at.setdefault(applied.site, set()).add(applied.constructed)
        if background:
            self.background.add(number)
        return number

    def _note(self, applied: Applied) -> None:
        """Count what is new: a layer, or else an expression, that is applied for the first or second time."""
        key = applied.layer_id if applied.layer_id is not None else applied.site
        times = self._met[key] = self._met.get(key, 0) + 1
        if times <= 2:
            self.novelty += 1

    def read(self, node: object, moment: str, number: int) -> None:
        """Record that the value of an expression is the output of a call."""
        self.readings.setdefault(node, {})[moment, number] = None

    @property
    def size(self) -> int:
        """How many calls were recorded."""
        return len(self.calls)

    def is_from_afar(self, number: int) -> bool:
        """Whether a call could not be analyzed, and depends on other calls: `np.argmax(model.predict(x))`."""
        if number >= len(self.calls) or not self._sources.get(number):
            return False
        return all(role is Role.BOUNDARY for role in self.calls[number].roles)

    def sources(self, number: int) -> set[int]:
        """The calls whose outputs are inputs of a call."""
        return set(self._sources.get(number, ()))

    def move(self, numbers: Iterable[int], site: Site, iterated: bool) -> None:
        """Move calls to another place."""
        for number in numbers:
            call = self.calls[number] = replace(self.calls[number], applied=site)
            if iterated and call.constructed is not None:
                self._constructed_at.setdefault(site, set()).add(call.constructed)

    def drop_if_boundary(self, number: int) -> None:
        """Disconnect a call that is only a boundary and whose value is not used."""
        if self.calls[number].roles == (Role.BOUNDARY,):
            for source in self._sources.pop(number, ()):
                del self.edges[source, number]

    def _connect(self, source: int, target: int, guard: Guard) -> None:
        if guard is not NEVER:
            key = (source, target)
            if key not in self.edges:
                self._sources.setdefault(target, []).append(source)
            self.edges[key] = self.edges[key] | guard if key in self.edges else guard

    def leave(self, sources: Iterable[Source], model: Site | None = None) -> None:
        """Mark calls as outputs of a model, which is constructed at a site if it is visible."""
        for guard, number in sources:
            if model is not None:
                self.models.setdefault(number, model)
            self.outputs[number] = self.outputs[number] | guard if number in self.outputs else guard

    def hand_back(self, sources: Iterable[Source]) -> None:
        """Record that the outputs of calls are returned to unknown callers."""
        self.returned.update(number for _, number in sources)

    def copy(
        self, inputs: Mapping[int, list[Source]], outputs: set[int], guard: Guard, background: bool
    ) -> dict[int, int]:
        """Apply the part of the graph between `inputs` and `outputs` again.

        Args:
            inputs: For each call whose output is an input of the model, the new inputs.
            outputs: The calls whose outputs the model returns.

        Returns: For each call of the part, its copy.
        """
        part = self.backward(outputs, set(inputs))
        copies: dict[int, int] = {}
        for number in sorted(part):
            call = self.calls[number]
            joint = call.guard & guard
            copies[number] = len(self.calls)
            self.calls.append(replace(call, id=copies[number], guard=joint))
            if background or number in self.background:
                self.background.add(copies[number])
            for source in self._sources.get(number, ()):
                when = self.edges[source, number]
                if source in copies:
                    self._connect(copies[source], copies[number], when & joint)
                for arrives, outer in inputs.get(source, ()):
                    self._connect(outer, copies[number], when & arrives & joint)
        return copies

    def backward(self, ends: AbstractSet[int], stop: AbstractSet[int]) -> set[int]:
        """The calls that `ends` depend on, back to `stop`, whose calls are not included."""
        part: set[int] = set()
        stack = [end for end in ends if end not in stop]
        while stack:
            number = stack.pop()
            if number not in part:
                part.add(number)
                stack += [source for source in self._sources.get(number, ()) if source not in stop]
        return part

    def cut(self, start: int) -> None:
        """Forget the calls before `start`, and the data flow from them."""
        for source, target in list(self.edges):
            if source < start:
                del self.edges[source, target]
        self._start = start

    def graphs(self, roots: Sequence[Root]) -> list[LayerGraph]:
        """A graph for each root that recorded calls. Roots that exchange data share one graph.

        Args:
            roots: The roots in the order in which they were run.
        """
        starts = [root.start for root in roots]
        root_of = [bisect_right(starts, number) - 1 for number in range(len(self.calls))]
        leader = list(range(len(roots)))
        for source, target in self.edges:
            one, other = (_leader(leader, root_of[number]) for number in (source, target))
            leader[max(one, other)] = min(one, other)
        of_root = [_leader(leader, root) for root in root_of]
        led = Counter(_leader(leader, root) for root in range(len(roots)))
        members = _sorted_out(range(self._start, len(of_root)), of_root.__getitem__)
        edges = _sorted_out(self.edges, lambda edge: of_root[edge[0]])
        outputs = _sorted_out(self.outputs, of_root.__getitem__)
        background = _sorted_out(self.background, of_root.__getitem__)
        several = {site for site, places in self._constructed_at.items() if len(places) > 1}
        return [
            self._part(
                roots[root] if led[root] == 1 else replace(roots[root], refusals=()),
                numbers,
                edges.get(root, ()),
                outputs.get(root, ()),
                background.get(root, ()),
                several,
            )
            for root, numbers in sorted(members.items())
        ]

    def _part(
        self,
        root: Root,
        numbers: Sequence[int],
        pairs: Sequence[tuple[int, int]],
        outputs: Sequence[int],
        background: Sequence[int],
        several: AbstractSet[Site],
    ) -> LayerGraph:
        """The graph of some calls.

        Args:
            root: The root that recorded them.
            numbers: The calls.
            pairs: Their edges.
            outputs: Calls of the root whose outputs are results, also those before the start.
            background: Calls of the root that are only context, also those before the start.
            several: The places where more than one layer was applied.
        """
        new = {number: i for i, number in enumerate(numbers)}
        calls = []
        for number in numbers:
            call = self.calls[number]
            reported = call.constructed if several and call.applied in several else None
            calls.append(LayerCall(new[number], *_kept(call), reported=reported))  # type: ignore[misc]
            self.placed[number] = calls[-1]
        edges = tuple(Edge(new[s], new[t], self.edges[s, t]) for s, t in pairs if s in new)
        return LayerGraph(
            root.name,
            root.place,
            tuple(calls),
            edges,
            frozenset(new[number] for number in outputs if number in new),
            frozenset(new[number] for number in background if number in new),
            {new[number]: self.outputs[number] for number in outputs if number in new},
            frozenset(new[number] for number in self.returned.intersection(new)),
            accepted(root.refusals, [*calls, *edges]) if root.refusals else ALWAYS,
            {new[number]: self.models[number] for number in outputs if number in new and number in self.models},
        )


def _sorted_out(items: Iterable[_Item], root_of: Callable[[_Item], int]) -> dict[int, list[_Item]]:
    """Items by root, in order."""
    parts: dict[int, list[_Item]] = {}
    for item in items:
        parts.setdefault(root_of(item), []).append(item)
    return parts


def _leader(leader: list[int], root: int) -> int:
    while leader[root] != root:
        leader[root] = leader[leader[root]]
        root = leader[root]
    return root
