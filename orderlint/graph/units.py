"""Units: the paths of data flow between two linear layers. Rules see nothing else."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from enum import Enum
from math import inf
from typing import Final

from orderlint.graph.calls import ENDS_UNIT, LayerCall, LayerGraph, Role, Step
from orderlint.graph.guards import ALWAYS, NEVER, Guard, GuardSpaceFull
from orderlint.graph.shortfalls import Limit, Shortfall
from orderlint.graph.terms import Terms
from orderlint.records import record

__all__ = ["End", "Unit", "UnitStep", "units_of"]


class End(str, Enum):
    """What ends a unit."""

    LINEAR = "linear"
    MERGE = "merge"
    BOUNDARY = "boundary"
    OUTPUT = "output"


@record(frozen=True, slots=True)
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


@record(frozen=True, slots=True)
class Unit:
    """One path of data flow, from a linear layer (its head) or a headless start to its end.

    Attributes:
        steps: The steps in order, the head first. A linear, merge or boundary step that ends the unit is not included.
        head: The linear step, or `None` in a headless unit.
        end: What ends the unit.
        follower: The call that ends it; `None` at an output.
        guard: The condition under which the path exists.
        model_output: Whether the value at its end is known to be an output of the model.
        is_open: Whether it is not known what follows. The value at its end has consumers, but either none is known to
            be reached on this path, or the unit stands for invisible callers, to which the value is returned, too.
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
        """The readable chain without `pass` steps: `("Dense", "ReLU", "BatchNormalization")`."""
        return tuple(step.name for step in self.steps if step.role is not Role.PASS)


_LONG: Final = 16
"""The number of steps for which a path counts once more where it ends or splits: rules take time for each step."""

_VERY_LONG: Final = 64
"""The number of steps for which a path counts once more at each call, so that no unit has thousands of steps."""

OnShortfall = Callable[[Shortfall], None]


def units_of(
    graph: LayerGraph,
    limit: int = 2_000,
    on_shortfall: OnShortfall | None = None,
    starts: Collection[int] | None = None,
) -> Iterator[Unit]:
    """Every unit of a graph.

    Args:
        graph: The graph.
        limit: The number of steps to follow from one start. Beyond it, a path that reaches a call with the same history
            of roles as an earlier one is not followed again; at four times the limit, no path is. Once ten times as
            many steps were followed in the graph, which happens in one of some hundreds of public files, each start has
            a tenth of the limit. Once twenty times as many were, it has a hundredth, and ends at four tenths.
        on_shortfall: Called with what is left out because of this, or because it has too many conditions.
        starts: The ids of the calls at which units are to start; `None` for all.

    Yields: Units, in the order of their starts. Paths whose guards contradict each other do not exist. Paths that the
        code never accepts are left out, too: it raises an error there, maybe only after it applied the layers.
    """
    walk = _Walk(graph, limit, on_shortfall)
    for call in graph.calls if starts is None else [graph.calls[number] for number in sorted(starts)]:
        for index, step in enumerate(call.steps):
            if step.role is Role.LINEAR:
                yield from walk.paths(call, index)
            elif step.role in ENDS_UNIT:
                yield from walk.paths(call, index + 1)
        if call.steps and call.steps[0].role not in ENDS_UNIT and (outside := graph.outside(call)) is not NEVER:
            yield from walk.paths(call, 0, outside)


@record(frozen=True, slots=True)
class _History:
    """What two paths share if rules can hardly distinguish them: which roles came first, and which came last."""

    firsts: tuple[Role, ...] = ()
    lasts: tuple[Role, ...] = ()

    def then(self, role: Role) -> _History:
        if role is Role.PASS:
            return self
        firsts = self.firsts if role in self.firsts else (*self.firsts, role)
        return _History(firsts, (*self.lasts[-1:], role))


@record(frozen=True, slots=True)
class _Partial:
    """An unfinished path: it has yet to take the steps of `call` from `index` on."""

    call: LayerCall
    index: int
    steps: tuple[UnitStep, ...]
    history: _History
    guard: Guard


class _Walk:
    """Follows the paths of one graph."""

    def __init__(self, graph: LayerGraph, limit: int, on_shortfall: OnShortfall | None) -> None:
        self._graph = graph
        few = 4 * (limit // 10)
        self._shares = ((10 * limit, limit, 4 * limit), (20 * limit, limit // 10, few), (inf, limit // 100, few))
        self._on_shortfall = on_shortfall
        self._followed = 0
        self._accepted: dict[Terms, bool] = {}

    def paths(self, call: LayerCall, index: int, guard: Guard | None = None) -> Iterator[Unit]:
        """The units that start at step `index` of `call`, under a guard, which is that of the call by default."""
        headed = index < len(call.steps) and call.steps[index].role is Role.LINEAR
        stack = [_Partial(call, index, (), _History(), call.guard if guard is None else guard)]
        seen: set[tuple[int, _History]] = set()
        limit, most = next(bounds for up_to, *bounds in self._shares if self._followed < up_to)
        followed = 0
        while stack:
            path = stack.pop()
            if followed >= limit:
                arrived = (path.call.id, path.history)
                if arrived in seen or followed >= most:
                    self._short(Limit.PATHS)
                    continue
                seen.add(arrived)
            steps, ender = _taken(path, headed)
            followed += 1 + len(steps) // _VERY_LONG
            if ender is not None:
                followed += len(steps) // _LONG
                if steps and self._is_accepted(path.guard):
                    yield _unit(steps, headed, End(ender.role.value), path.call, path.guard)
                continue
            history = _continued(path.history, steps[len(path.steps) :])
            onward = [_Partial(target, 0, steps, history, guard) for target, guard in self._onward_of(path)]
            leaving = self._narrowed(path.guard, self._graph.leaves(path.call), otherwise=path.guard)
            model_output = leaving is not NEVER
            if len(onward) != 1 or model_output:
                followed += len(steps) // _LONG
            goes_on = bool(onward) and path.call.id in self._graph.returned
            if steps and (model_output or not onward or goes_on):
                is_open = not model_output and (goes_on or bool(self._graph.consumers(path.call)))
                guard = leaving if model_output else path.guard
                if self._is_accepted(guard):
                    yield _unit(steps, headed, End.OUTPUT, None, guard, model_output, is_open)
            stack.extend(reversed(onward))
        self._followed += followed

    def _onward_of(self, path: _Partial) -> Iterator[tuple[LayerCall, Guard]]:
        """The calls that take the output of a path's last call, each with the guard of the path that leads there."""
        for target, asked in self._consumers(path.call):
            guard = self._narrowed(path.guard, asked, otherwise=NEVER)  # left out if it is not known to be possible
            if guard is not NEVER:
                yield target, guard

    def _consumers(self, call: LayerCall) -> list[tuple[LayerCall, Guard]]:
        """The calls that take the output of a call, each with what its guard requires beyond the guard of that call.

        Every path to a call satisfies its guard already. In a long chain, that is most of what the next guard requires.
        """
        found = self._graph.onward.get(call.id)
        if found is None:
            found, is_whole = [], True
            for edge in self._graph.consumers(call):
                target = self._graph.calls[edge.target]
                try:
                    asked = edge.guard.narrowed(target.guard)
                except GuardSpaceFull:
                    self._short(Limit.CONDITIONS)
                    is_whole = False
                    continue
                if asked is not NEVER:
                    found.append((target, _beyond(asked, call.guard)))
            if is_whole:  # other walks can use it; if something is left out, all of them have to report it
                self._graph.onward[call.id] = found
        return found

    def _narrowed(self, guard: Guard, asked: Guard, otherwise: Guard) -> Guard:
        try:
            return guard.narrowed(asked)
        except GuardSpaceFull:
            self._short(Limit.CONDITIONS)
            return otherwise

    def _is_accepted(self, guard: Guard) -> bool:
        """Whether the code does not raise an error on each path of a guard."""
        asked = guard.about(self._graph.accepted.mask)  # few of the conditions of thousands of paths matter here
        if asked not in self._accepted:
            try:
                self._accepted[asked] = guard.meets(self._graph.accepted)
            except GuardSpaceFull:
                self._accepted[asked] = True
        return self._accepted[asked]

    def _short(self, met: Limit) -> None:
        if self._on_shortfall is not None:
            self._on_shortfall(Shortfall(self._graph.place, self._graph.name, met))


def _beyond(guard: Guard, known: Guard) -> Guard:
    """What a guard requires beyond another one; all of it if there is no room to compute less."""
    try:
        return guard.given(known)
    except GuardSpaceFull:
        return guard


def _taken(path: _Partial, headed: bool) -> tuple[tuple[UnitStep, ...], Step | None]:
    """The steps of a path including those of its call, up to a step that ends the unit; and that step."""
    steps = list(path.steps)
    for step in path.call.steps[path.index :]:
        if step.role in ENDS_UNIT and not (headed and not steps):
            return tuple(steps), step
        steps.append(UnitStep(path.call, step))
    return tuple(steps), None


def _continued(history: _History, steps: Iterable[UnitStep]) -> _History:
    for step in steps:
        history = history.then(step.role)
    return history


def _unit(
    steps: tuple[UnitStep, ...],
    headed: bool,
    end: End,
    follower: LayerCall | None,
    guard: Guard,
    model_output: bool = False,
    is_open: bool = False,
) -> Unit:
    return Unit(steps, steps[0] if headed else None, end, follower, guard, model_output, is_open)
