"""The machine: the state of one analysis, and running code under guards."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator
from collections.abc import Sequence as Several
from contextlib import contextmanager
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, TypeVar

import libcst as cst

from orderlint.catalog import Description, Entry, RoleTable
from orderlint.graph import Limit, Shortfall, Site
from orderlint.graph.guards import ALWAYS, NEVER, Guard, GuardSpaceFull, union
from orderlint.source.state.activity import Activity
from orderlint.source.state.choices import choose
from orderlint.source.state.conditions import Conditions
from orderlint.source.state.doors import Doors
from orderlint.source.state.doubts import Doubts
from orderlint.source.state.frames import ClassObject, Frame, Function, Instance, ModuleScope
from orderlint.source.state.marked import Marked
from orderlint.source.state.recorder import Recorder
from orderlint.source.state.refusals import Refusal
from orderlint.source.state.store import ITEMS, Store
from orderlint.source.state.values import (
    MISSING,
    NONE,
    Choice,
    Element,
    External,
    ListObject,
    Sequence,
    SequentialModel,
    Tensor,
    Unknown,
    Unknowns,
    Value,
    certain,
    is_data,
    restrict,
)
from orderlint.text.files import Cell, NodeSite
from orderlint.text.walking import walk

if TYPE_CHECKING:
    from orderlint.source.project import Project

__all__ = ["ELEMENTS_A_STEP", "STOPS", "Machine", "OutOfBudget", "OutOfShare", "limit_of"]

Item = TypeVar("Item")

STEPS_PER_ROOT = 60_000
STEPS_PER_FILE = 240_000
ELEMENTS_A_STEP = 16  # of a long list or a dictionary that is gone through
GUARDS_PER_ROOT = 25_000
GUARDS_AT_LEAST = 2_500  # of a root where those before it took all: most need a hundred
GUARDS_PER_RETRY = 2_000


class OutOfBudget(Exception):
    """A root has taken as many steps as it may; what it recorded so far is judged."""


class OutOfShare(Exception):
    """A part of a root has taken as many steps as it may, for others to have some."""


# What ends a part of the analysis that is too complicated. `OutOfBudget` is not among them: it ends the whole root.
STOPS = (GuardSpaceFull, RecursionError, OutOfShare)


def limit_of(stop: BaseException) -> Limit:
    """The bound that an exception means."""
    if isinstance(stop, GuardSpaceFull):
        return Limit.CONDITIONS
    return Limit.NESTING if isinstance(stop, RecursionError) else Limit.STEPS


def _run_it(run: Callable[[], object]) -> object:
    return run()


class Machine(Activity, Doors):
    """The state of the analysis of one file, with the doors to the interpreter that works on it.

    Attributes:
        judged: The module whose analysis this is.
        recorder: The graph being recorded.
        scopes: The modules read, by their file.
        listed: Names of project modules: what the catalog or the user's roles say they are; `None` for nothing.
        imported_characters: The length of the project modules read so far.
        plain_modules: How many modules were met that name nothing of Keras.
        passed_over: The files of modules of the project that were not run, to save time: whether they may hold models.
        unread: The dotted names of these modules.
        entered: Function bodies that were run at least once.
        functions: Every function value made, in order.
        classes: Every class made, in order.
        instances: Every object made, in order.
        orders: The bases of each class that was asked for them, in the order that attributes are looked up in.
        handed: Those of imported classes that were handed layers.
        unknown: Makes the unknown of a key, as `Unknowns.of`.
        models: Every `Sequential` made in this root, in order.
        applied: The ids of the models among them that were applied.
        mains: The `if __name__ == "__main__":` blocks met, to be run last.
        refusals: The errors that left the root so far, each once, in order.
        top: The name and the place of the root that runs, for what is outside all functions.
        shortfalls: What was not run to its end, each once.
        doubts: What was not run to its end in other modules, to be told of where layers meet what comes of it.
        iterated: Expressions that apply layers taken from a container or a parameter, so perhaps several.
        asked: The lengths of loops of which code asks which turn is the last (see `Turn`).
        descriptions: What layers and functions were found to be, by their arguments.
        inert: Definitions of which it was asked whether they have to do with layers: whether they have nothing.
        reached: What the names in such a definition lead to; `None` where some lead to layers.
        tangled: Functions that have nothing to do with layers and were too complicated to be run.
        made: How many layers were made or put into a list so far: a loop that makes none is in no hurry.
        lengthened: The lists that layers and tensors were put into, in order.
    """

    def __init__(self, project: Project, roles: RoleTable) -> None:
        super().__init__()
        self.project = project
        self.roles = roles
        self.unknowns = Unknowns(self._lose)
        self.doubts = Doubts()
        self.unknown = self.unknowns.of
        self.store = Store(self.unknowns)
        self.conditions = Conditions()
        self.recorder = Recorder()
        self.judged: ModuleScope | None = None
        self.scopes: dict[str, ModuleScope] = {}
        self.listed: dict[tuple[str, str], External | None] = {}
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
        self.handed: set[int] = set()
        self.models: list[SequentialModel] = []
        self.applied: set[int] = set()
        self.iterated: set[Site] = set()
        self.asked: set[tuple[Unknown, int]] = set()
        self.inert: dict[cst.CSTNode, bool] = {}
        self.reached: dict[cst.CSTNode, tuple[Function | ClassObject, ...] | None] = {}
        self.tangled: set[cst.CSTNode] = set()
        self.fields: dict[cst.ClassDef, list[str]] = {}
        self._certain: dict[int, Value] = {}  # by owner: contents each element of which is there on all paths
        self.made = 0
        self.descriptions: dict[tuple[object, ...], tuple[Entry, Description]] = {}
        self._sites: dict[cst.CSTNode, NodeSite] = {}
        self.lengthened: list[int] = []
        self._owners: dict[Hashable, int] = {}
        self._rests: dict[int, Unknown] = {}  # by lists that are left open: the element that stands for the rest
        self._captured: set[int] = set()
        self.mains: list[tuple[Frame, Cell, cst.If]] = []
        self.refusals: dict[Refusal, None] = {}
        self.top: tuple[str, Site]
        self.shortfalls: dict[tuple[Site, Limit], Shortfall] = {}
        self._steps_left = 0
        self._file_steps_left = STEPS_PER_FILE

    def close(self) -> None:
        """Let go of everything, at the end. Values refer to the machine, so it would wait for the garbage collector."""
        for scope in self.scopes.values():
            del scope.frame  # which refers to its scope, and to the trees of all code that it saw
        vars(self).clear()

    def run_block(self, body: Several[cst.CSTNode]) -> None:
        """Run statements one after the other."""
        self._in_turn(body, self.run)

    # -- bounds ---------------------------------------------------------------------------------------------

    def start_budget(self) -> None:
        """Give the next root its share of the file's steps and guards."""
        self.conditions.space.extend(GUARDS_PER_ROOT, GUARDS_AT_LEAST)
        self.reserve = 0
        self._file_steps_left += self._steps_left
        self._steps_left = min(STEPS_PER_ROOT, self._file_steps_left)
        self._file_steps_left -= self._steps_left

    @property
    def num_steps(self) -> int:
        """How many steps have been taken in the file."""
        return STEPS_PER_FILE - self._file_steps_left - self._steps_left

    @property
    def steps_left(self) -> int:
        """How many steps what runs may still take."""
        return self._steps_left - self.reserve

    def tick(self, steps: int = 1) -> None:
        """Take one step, or several at once."""
        self._steps_left -= steps
        if self._steps_left < self.reserve:
            raise OutOfShare if self._steps_left >= 0 else OutOfBudget

    def fall_short(self, limit: Limit, name: str | None = None, place: Site | None = None) -> None:
        """Record that something, or else the function of the judged file that runs, is not judged to its end.

        What is left out in another file is told of the function here that needs it. What has nothing to do with layers
        is not told of.
        """
        if name is None or place is None:
            name, place = self.own or self.top
            if (place, limit) in self.shortfalls or self.has_no_layers(self.frame):
                return
        self.shortfalls.setdefault((place, limit), Shortfall(place, name, limit))

    def doubt(self, values: Iterable[Value]) -> None:
        """Tell of what values came of, that meet a layer or a tensor here, if it was not run to its end."""
        for value in values:
            limit = self.doubts.about(value)
            if limit is not None:
                self.fall_short(limit)

    def _lose(self, unknown: Unknown) -> None:
        """Record that a value which may make or be a layer is unknown for having too many alternatives.

        In another module that is told of where the value meets a layer or a tensor.
        """
        if self.frame.scope is self.judged:
            self.fall_short(Limit.ALTERNATIVES)
        else:
            self.doubts.note(Limit.ALTERNATIVES, unknown)

    def refuse(self, unless: Guard = NEVER) -> None:
        """Note that the present path ends in an error, unless something holds or the error is caught."""
        if not self.caught:
            self.refusals[Refusal(self.path, unless)] = None

    # -- running under guards -------------------------------------------------------------------------------

    def under(self, arms: Iterable[tuple[Guard, Callable[[], Value]]]) -> Value:
        """Run each arm under its guard, as if the others did not exist; join their effects and results.

        The guards exclude each other. Where none holds, the code is not reached. An arm sees the store as it was
        before all arms, and a path that is left in it (`return`, `raise`) is missing from the path after it.
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
        # Where no path left its arm, what the arms cover is all that is asked: far less than to unite their paths.
        self.path = (before & union(stayed)) | union(left)
        self.store.merge(after)
        return self.choose(results)

    def when(self, guard: Guard, run: Callable[[], object]) -> None:
        """Run for its effect under a guard, and do nothing elsewhere."""
        if guard is ALWAYS and self.path is not NEVER:
            run()
            return

        def effect() -> Value:
            run()
            return NONE

        self.under([(guard, effect), (~guard, lambda: NONE)])

    def each(self, value: Value, run: Callable[[Value], Value]) -> Value:
        """`run` on each value that `value` can be here, each under its guard."""
        if isinstance(value, Choice):
            value = restrict(value, self.path)
        if not isinstance(value, Choice):
            return run(value)
        return self.under([(guard, partial(run, option)) for guard, option in value.alternatives])

    def in_order(self, runs: Iterable[Callable[[], object]]) -> None:
        """Run one after the other; where some paths leave on the way (`return`), the rest is run without them."""
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
                guards.append(self.path.given(before))  # the rest is known wherever this code is reached
        # Variables of a function are not read any more on the paths that returned from it.
        is_local = frame.function is not None and not self.loops and frame.uid not in self._captured
        for guard in reversed(guards):
            self.store.merge([(guard, self.store.rewind())], frame.uid if is_local else None)

    def attempt(self, run: Callable[[], object], is_spare: Callable[[], bool] | None = None) -> Limit | None:
        """Run, or, if that is too complicated, go on as if it had not been run.

        Lists that it had begun to fill with layers may hold more than they do, and are left open.

        Args:
            run: What is run.
            is_spare: Whether it may be left out, if that is not certain. It may not where the steps are used up, as
                there is no going on then.

        Returns: The bound that was met; `None` if it was run.
        """
        place, forks, known, filled = self.place(), self.store.depth, len(self.shortfalls), len(self.lengthened)
        try:
            run()
        except STOPS as stop:
            if is_spare is not None and (isinstance(stop, OutOfShare) or not is_spare()):
                raise
            self.store.unwind(forks)
            self.shortfalls = dict(islice(self.shortfalls.items(), known))  # parts of what is left out as a whole
            self.return_to(place)
            self.leave_open(self.lengthened[filled:])
            self.conditions.space.extend(GUARDS_PER_RETRY)
            return limit_of(stop)
        return None

    def share(self, run: Callable[[], object]) -> Limit | None:
        """Run with three quarters of the steps that are left, so that what follows has some too. As `attempt`."""
        with self.entering(self.frame):
            self.reserve += max(self._steps_left - self.reserve, 0) // 4
            return self.attempt(run)

    @contextmanager
    def entering(self, frame: Frame) -> Iterator[None]:
        """Go elsewhere, and come back: what the block sets of the activity holds only in it.

        The path is what comes of the block, no place: paths that leave in it (`raise`) have left after it too.
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
        """Run what is no part of the present paths (a module's first import, a probe): its effects hold on all."""
        place, forks = self.place(), self.store.suspend()
        try:
            yield
        finally:
            self.return_to(place)
            self.store.resume(forks)

    @contextmanager
    def recording(self, recorder: Recorder) -> Iterator[Recorder]:
        """Record layer calls elsewhere."""
        outer, self.recorder = self.recorder, recorder
        try:
            yield recorder
        finally:
            self.recorder = outer

    # -- making things --------------------------------------------------------------------------------------

    def site(self, node: cst.CSTNode) -> Site:
        """The place of a node of the code being run."""
        cell, found = self.frame.cell, self._sites.get(node)
        if found is None or found.cell is not cell:
            found = self._sites[node] = NodeSite(cell, node)
        return found

    def capture(self) -> None:
        """Note that a function made here can read the variables of the present scopes later."""
        frame: Frame | None = self.frame
        while frame is not None:
            self._captured.add(frame.uid)
            frame = frame.parent

    def child_frame(self) -> Frame:
        """A scope inside the present one, for a comprehension or a class body."""
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

    def new_list(self, elements: Iterable[Element]) -> ListObject:
        made = ListObject(self.store.new_owner())
        self.store.write(made.uid, ITEMS, Sequence(tuple(elements)))
        return made

    def choose(self, options: list[tuple[Guard, Value]]) -> Value:
        """The value that is each option under its guard. Equal options become one; too many become unknown."""
        return choose(options, self.unknowns)

    def fresh(self, why: str, *, scalar: bool = False) -> Unknown:
        """A value of which nothing is known, equal to no other."""
        return self.unknown((why, self.store.new_owner()), scalar=scalar)

    def attribute_by(self, owner: Instance, name: Value) -> Value:
        """An attribute whose name is computed: the one that was written by the same computation."""
        written = self.read(owner.uid, ("by name", name))
        return written if written is not MISSING else self.unknown(("attribute", owner, name))

    def model_of(self, unknown: Unknown) -> int:
        """The layers that code adds to a model that is not in view."""
        owner = self.owner_of(unknown)
        if all(model.uid != owner for model in self.models):
            place = NodeSite(self.frame.cell, self.frame.cell.module)
            self.models.append(SequentialModel(owner, place, is_part=True))
        return owner

    def call_sites(self, function: Function) -> list[Site]:
        """The calls in the body of a lambda."""
        return [NodeSite(function.cell, node) for node in walk(function.node.body) if isinstance(node, cst.Call)]

    def owner_of(self, unknown: Unknown) -> int:
        """The store's owner of what code writes into an unknown object."""
        return self._owners.setdefault(unknown.number, self.store.lasting_owner())

    def elements(self, owner: int) -> tuple[Element, ...]:
        """The elements of a list, or the layers of a `Sequential`, that can be there now."""
        content = self.store.read(owner, ITEMS)
        if not isinstance(content, Sequence):
            return ()
        if self._certain.get(owner) is content:
            return content.elements
        return tuple(element for element in content.elements if element.guard.meets(self.path))

    def is_certain(self, owner: int) -> bool:
        """Whether each element of a list is known to be there on all paths, and in no turn of a loop alone."""
        return owner in self._certain and self._certain[owner] is self.store.read(owner, ITEMS)

    def note_certain(self, owner: int) -> None:
        """Note that this is so: a long list that is changed again and again is not looked through each time."""
        self._certain[owner] = self.store.read(owner, ITEMS)

    def append(self, owner: int, *elements: Element) -> None:
        """Put elements at the end of a list: all at once, as each time takes as long as the list is."""
        parts = sum(self._may_hold_layers(element.value) for element in elements)
        self.made += parts
        self.lengthened += [owner] * parts
        content, is_certain = self.store.read(owner, ITEMS), self.is_certain(owner) and all(map(certain, elements))
        before = content.elements if isinstance(content, Sequence) else ()
        self.store.write(owner, ITEMS, Sequence((*before, *elements)))
        if is_certain:
            self.note_certain(owner)

    def leave_open(self, owners: Iterable[int]) -> None:
        """Put an unknown element at the end of lists that code which was not run to its end may have filled further."""
        for owner in dict.fromkeys(owners):
            elements = self.elements(owner)
            if not elements or elements[-1].value is not self._rests.get(owner):
                self._rests[owner] = self.fresh("not run")
                self.append(owner, Element(self._rests[owner]))

    def _may_hold_layers(self, value: Value) -> bool:
        """Whether a value in a list may lead to layers: data does not, nor what comes from out of sight."""
        if isinstance(value, Tensor):
            return not self.recorder.is_from_afar(value.node)
        return self.is_for_layers(value) if isinstance(value, ListObject) else not is_data(value)

    def is_for_layers(self, value: ListObject) -> bool:
        """Whether a list is there for layers: it holds nothing so far, or more than data. A row of figures is not."""
        elements = self.elements(value.uid)
        return not elements or not all(is_data(element.value) for element in elements)

    def read(self, owner: int, key: Hashable) -> Value:
        """The value of a cell as it can be here."""
        value = self.store.cell((owner, key), MISSING)
        return restrict(value, self.path) if type(value) is Choice else value
