"""The machine: the state of an analysis, and how code runs under guards."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator
from collections.abc import Sequence as Several
from contextlib import contextmanager
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, TypeVar

import libcst as cst

from orderlint.catalog import Description, Entry, RoleTable
from orderlint.graph import Limit, Site
from orderlint.graph.guards import ALWAYS, NEVER, Guard, union
from orderlint.source.state.budget import GUARDS_PER_RETRY, STOPS, OutOfShare, limit_of
from orderlint.source.state.contents import Contents
from orderlint.source.state.frames import ClassObject, Frame, Function, Instance, ModuleScope
from orderlint.source.state.marked import Marked
from orderlint.source.state.recorder import Recorder
from orderlint.source.state.refusals import Refusal
from orderlint.source.state.values import (
    MISSING,
    NONE,
    Choice,
    External,
    Layer,
    SequentialModel,
    Unknown,
    Value,
    restrict,
)
from orderlint.text.files import Cell, NodeSite
from orderlint.text.walking import walk

if TYPE_CHECKING:
    from orderlint.source.project import Project

__all__ = ["Machine"]

Item = TypeVar("Item")


def _run_it(run: Callable[[], object]) -> object:
    return run()


class Machine(Contents):
    """The state of the analysis of one file, with the operations of the interpreter that works on it.

    Attributes:
        scopes: The modules that were read, by file.
        sought: The names that are being looked up, and the modules that were searched for them without success.
        listed: What the catalog or the user's roles say about names of project modules; `None` for nothing.
        imported_characters: The length of the project modules that were read so far.
        plain_modules: The number of modules that do not mention Keras.
        passed_over: The files of project modules that were not run, to save time, and whether they may hold models.
        unread: The dotted names of these modules.
        entered: The function bodies that were run at least once.
        instantiated: The classes of which an object was created, and their bases.
        functions: All function values that were created, in order.
        classes: All classes that were created, in order.
        instances: All objects that were created, in order.
        orders: The bases of classes, in the order in which attributes are looked up, once they were needed.
        given_layers: The objects of imported classes that were created with layers as arguments.
        models: All `Sequential` models that were created in this root, in order.
        named: All layers that were created with a name, by that name.
        applied: The ids of the models that were applied.
        nested: For each applied model or layer of the analyzed code, its first call, and the first call after it.
        mains: The `if __name__ == "__main__":` blocks, which run last.
        refusals: The errors that left the root so far, each once, in order.
        iterated: Expressions that apply layers from a container or a parameter, so possibly several layers.
        asked: The lengths of loops whose last iteration the code tests for (see `Iteration`).
        descriptions: The descriptions of layers and functions, by their arguments.
        inert: Definitions, each with its frame, and whether they have nothing to do with layers, once that was needed.
        reached: What the names in such a definition lead to; `None` if some lead to layers.
        tangled: Functions that have nothing to do with layers and were too complicated to run.
        data_calls: The arguments and results of calls that only work on data, by what calls have in common with them.
        free: The names in functions that the functions do not bind themselves.
        redefaulted: Functions whose defaults are changed by code, each with the owner of the new defaults.
        fields: The names of the fields that classes declare, once they were needed.
    """

    def __init__(self, project: Project, roles: RoleTable) -> None:
        super().__init__()
        self.project = project
        self.roles = roles
        self.scopes: dict[str, ModuleScope] = {}
        self.listed: dict[tuple[str, str], External | None] = {}
        self.sought: set[tuple[str, str]] = set()
        self.plain_modules = 0
        self.passed_over: dict[str, bool] = {}
        self.unread: set[str] = set()
        self.imported_characters = 0
        self.entered = Marked()
        self.instantiated = Marked()
        self.functions: list[Function] = []
        self.classes: list[ClassObject] = []
        self.instances: list[Instance] = []
        self.orders: dict[ClassObject, tuple[Value, ...]] = {}
        self.given_layers: set[int] = set()
        self.models: list[SequentialModel] = []
        self.named: dict[Value, list[Layer]] = {}
        self.applied: set[int] = set()
        self.nested: list[tuple[int, int]] = []
        self.iterated: set[Site] = set()
        self.asked: set[tuple[Unknown, int]] = set()
        self.inert: dict[tuple[cst.CSTNode, int], bool] = {}
        self.reached: dict[tuple[cst.CSTNode, int], tuple[Function | ClassObject, ...] | None] = {}
        self.tangled: set[cst.CSTNode] = set()
        self.data_calls: dict[Hashable, tuple[tuple[Value, ...], Value]] = {}
        self.redefaulted: dict[Function, int] = {}
        self.fields: dict[cst.ClassDef, list[str]] = {}
        self.free: dict[cst.CSTNode, tuple[cst.Name, ...]] = {}
        self.descriptions: dict[tuple[object, ...], tuple[Entry, Description]] = {}
        self._sites: dict[cst.CSTNode, NodeSite] = {}
        self._owners: dict[Hashable, int] = {}
        self._captured: set[int] = set()
        self.mains: list[tuple[Frame, Cell, cst.If]] = []
        self.refusals: dict[Refusal, None] = {}

    def close(self, guards: Iterable[Guard] = ()) -> None:
        """Release everything at the end. Values refer to the machine, so only the garbage collector would free it.

        Args:
            guards: The guards of the finished graphs. Nothing else is used after this.
        """
        for scope in self.scopes.values():
            del scope.frame  # it refers to its scope, and to the trees of all code that it saw
        self.conditions.space.keep(guards)
        vars(self).clear()

    def run_block(self, body: Several[cst.CSTNode]) -> None:
        """Run statements one after the other."""
        self._in_turn(body, self.run)

    def refuse(self, unless: Guard = NEVER) -> None:
        """Record that the current path ends in an error, unless a guard holds or the error is caught."""
        if not self.caught:
            self.refusals[Refusal(self.path, unless)] = None

    # -- running under guards -------------------------------------------------------------------------------

    def under(self, arms: Iterable[tuple[Guard, Callable[[], Value]]]) -> Value:
        """Run each arm under its guard, as if the others did not exist. Join their effects and results.

        The guards exclude each other. If none of them holds, the code is not reached. An arm sees the store as it was
        before all arms. A path that leaves an arm (`return`, `raise`) is missing from the path after the arms.
        """
        before = self.path
        after: list[tuple[Guard, dict[tuple[int, Hashable], Value]]] = []
        results: list[tuple[Guard, Value]] = []
        stayed: list[Guard] = []
        left: list[Guard] = []
        for guard, run in arms:
            reached = before & guard
            if reached is NEVER:
                continue
            if reached is before:
                return run()
            self.store.fork()
            self.path = reached
            value = run()
            after.append((guard, self.store.rewind()))
            results.append((guard, value))
            if self.path is reached:
                stayed.append(guard)
            else:
                left.append(self.path)
        # If no path left its arm, the guards of the arms are enough: that is much cheaper than joining their paths.
        self.path = (before & union(stayed)) | union(left)
        self.store.merge(after)
        return self.choose(results)

    def when(self, guard: Guard, run: Callable[[], object]) -> None:
        """Run code for its effects under a guard, and do nothing elsewhere."""
        if guard is ALWAYS and self.path is not NEVER:
            run()
            return

        def effect() -> Value:
            run()
            return NONE

        self.under([(guard, effect), (~guard, lambda: NONE)])

    def each(self, value: Value, run: Callable[[Value], Value]) -> Value:
        """Call `run` for each value that `value` may be here, under the guard of that value."""
        if isinstance(value, Choice):
            value = restrict(value, self.path)
        if not isinstance(value, Choice):
            return run(value)
        return self.under([(guard, partial(run, option)) for guard, option in value.alternatives])

    def in_order(self, runs: Iterable[Callable[[], object]]) -> None:
        """Run one function after the other. If some paths leave on the way (`return`), the rest runs without them."""
        self._in_turn(runs, _run_it)

    def _in_turn(self, items: Iterable[Item], run: Callable[[Item], object]) -> None:
        guards: list[Guard] = []
        frame = self.frame
        for item in items:
            before = self.path
            if before is NEVER:
                break
            run(item)
            if self.path is not before and self.path is not NEVER:
                self.store.fork()
                guards.append(self.path.given(before))  # the rest of the guard holds wherever this code is reached
        # No path that returned from a function reads its variables again.
        is_local = frame.function is not None and not self.loops and frame.uid not in self._captured
        for guard in reversed(guards):
            self.store.merge([(guard, self.store.rewind())], frame.uid if is_local else None)

    def attempt(self, run: Callable[[], object], is_spare: Callable[[], bool] | None = None) -> Limit | None:
        """Run something. If it is too complicated, continue as if it had not been run.

        Lists to which it started to add layers may be incomplete, and are left open.

        Args:
            run: The code to run.
            is_spare: Whether it may be left out, if that is not certain. It may not if the steps are used up, because
                then nothing can continue.

        Returns: The limit that was reached; `None` if it was run.
        """
        place, forks, known, filled = self.place(), self.store.depth, len(self.shortfalls), len(self.lengthened)
        try:
            run()
        except STOPS as stop:
            if is_spare is not None and (isinstance(stop, OutOfShare) or not is_spare()):
                raise
            self.store.unwind(forks)
            self.shortfalls = dict(islice(self.shortfalls.items(), known))  # without its parts
            self.return_to(place)
            self.leave_open(self.lengthened[filled:])
            self.conditions.space.extend(GUARDS_PER_RETRY)
            return limit_of(stop)
        return None

    def share(self, run: Callable[[], object]) -> Limit | None:
        """Run something with three quarters of the remaining steps, to leave some for later code. See `attempt`."""
        with self.entering(self.frame):
            self.reserve += max(self._steps_left - self.reserve, 0) // 4
            return self.attempt(run)

    @contextmanager
    def entering(self, frame: Frame) -> Iterator[None]:
        """Change the activity within a block, and restore it afterward.

        The path is kept, because it is a result of the block: paths that leave in it (`raise`) have also left after it.
        """
        place = self.place()
        self.frame = frame
        try:
            yield
        finally:
            path = self.path
            self.return_to(place)
            self.path = path

    @contextmanager
    def aside(self) -> Iterator[None]:
        """Run code outside of the current paths (a first import, a probe). Its effects hold on all paths."""
        place, forks = self.place(), self.store.suspend()
        try:
            yield
        finally:
            self.return_to(place)
            self.store.resume(forks)

    @contextmanager
    def recording(self, recorder: Recorder) -> Iterator[Recorder]:
        """Record layer calls in another recorder."""
        outer, self.recorder = self.recorder, recorder
        try:
            yield recorder
        finally:
            self.recorder = outer

    # -- making things --------------------------------------------------------------------------------------

    def site(self, node: cst.CSTNode) -> Site:
        """The place of a node of the running code."""
        cell, found = self.frame.cell, self._sites.get(node)
        if found is None or found.cell is not cell:
            found = self._sites[node] = NodeSite(cell, node)
        return found

    def capture(self) -> None:
        """Note that a function that is created here may later read the variables of the current scopes."""
        frame: Frame | None = self.frame
        while frame is not None:
            self._captured.add(frame.uid)
            frame = frame.parent

    def child_frame(self) -> Frame:
        """A scope inside the current one, for a comprehension or a class body."""
        outer = self.frame
        return Frame(
            self.store.new_owner(),
            outer.scope,
            outer.cell,
            outer,
            outer.function,
            outer.parameters,
            outer.receiver,
            background=outer.background,
        )

    def attribute_by(self, owner: Instance, name: Value) -> Value:
        """An attribute with a computed name: the one that was written with the same computation."""
        written = self.read(owner.uid, ("by name", name))
        return written if written is not MISSING else self.unknown(("attribute", owner, name))

    def model_of(self, unknown: Unknown) -> int:
        """The owner of the layers that code adds to a model that is not visible."""
        owner = self.owner_of(unknown)
        if all(model.uid != owner for model in self.models):
            place = NodeSite(self.frame.cell, self.frame.cell.module)
            self.models.append(SequentialModel(owner, place, is_part=True))
        return owner

    def call_sites(self, function: Function) -> list[Site]:
        """The calls in the body of a lambda."""
        return [NodeSite(function.cell, node) for node in walk(function.node.body) if isinstance(node, cst.Call)]

    def owner_of(self, unknown: Unknown) -> int:
        """The owner of what code writes into an unknown object."""
        return self._owners.setdefault(unknown.number, self.store.lasting_owner())
