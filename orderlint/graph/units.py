"""Units: the paths of data flow between two linear layers, the only thing that rules see."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum

from orderlint.graph.calls import ENDS_UNIT, LayerCall, LayerGraph, Role, Step
from orderlint.graph.guards import ALWAYS, NEVER, Guard, GuardSpaceFull
from orderlint.graph.shortfalls import Limit, Shortfall

__all__ = ["End", "Unit", "UnitStep", "units_of"]


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


Told = Callable[[Shortfall], None]


def units_of(graph: LayerGraph, limit: int = 2_000, told: Told | None = None) -> Iterator[Unit]:
    """Every unit of a graph.

    Args:
        graph: The graph.
        limit: The most steps to follow from one start. Beyond it, a path that reaches a call with the same
            history of roles as an earlier one is not followed again, so the work stays bounded.
        told: Told of what is left out by this, or because its conditions are too many.

    Yields: Units, in the order of their starts. Paths whose guards contradict each other do not exist.
    """

    def short(met: Limit) -> None:
        if told is not None:
            told(Shortfall(graph.place, graph.name, met))

    for call in graph.calls:
        for index, step in enumerate(call.steps):
            if step.role is Role.LINEAR:
                yield from _paths(graph, call, index, limit, short)
            elif step.role in ENDS_UNIT:
                yield from _paths(graph, call, index + 1, limit, short)
        if not graph.producers(call) and call.steps and call.steps[0].role not in ENDS_UNIT:
            yield from _paths(graph, call, 0, limit, short)


@dataclass(frozen=True, slots=True)
class _Partial:
    """A path under way: it has yet to take the steps of `call` from `index` on."""

    call: LayerCall
    index: int
    steps: tuple[UnitStep, ...]
    guard: Guard


def _paths(
    graph: LayerGraph, call: LayerCall, index: int, limit: int, short: Callable[[Limit], None]
) -> Iterator[Unit]:
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
                short(Limit.PATHS)
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
            _Partial(target, 0, tuple(steps), guard)
            for target, guard in _onward(graph, path, short)
            if guard is not NEVER
        ]
        leaving = _leaving(graph, path, short)
        model_output = leaving is not NEVER
        if steps and (model_output or not onward):
            is_open = not model_output and bool(graph.consumers(path.call))
            guard = leaving if model_output else path.guard
            yield _unit(steps, headed, End.OUTPUT, None, guard, model_output, is_open)
        stack.extend(reversed(onward))


def _onward(graph: LayerGraph, path: _Partial, short: Callable[[Limit], None]) -> Iterator[tuple[LayerCall, Guard]]:
    """The calls that take the output of a path's last call, and when."""
    for edge in graph.consumers(path.call):
        target = graph.calls[edge.target]
        try:
            yield target, path.guard & edge.guard & target.guard
        except GuardSpaceFull:
            short(Limit.CONDITIONS)  # not known to be possible: left out


def _leaving(graph: LayerGraph, path: _Partial, short: Callable[[Limit], None]) -> Guard:
    """When the output of a path's last call leaves the model."""
    try:
        return path.guard & graph.leaves(path.call)
    except GuardSpaceFull:
        short(Limit.CONDITIONS)
        return path.guard


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
