"""The state of a running glance: its position, what it has run, and the operations that connect its parts."""

from __future__ import annotations

import ast
import contextlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from orderlint import catalog
from orderlint.catalog.customary import keras_class
from orderlint.glance.frames import Frame, Module, Names
from orderlint.glance.late import Late
from orderlint.glance.library import Library
from orderlint.glance.listings import Listed
from orderlint.glance.lists import CHANGEABLE, List
from orderlint.glance.orders import FRESH, Flow, Orders
from orderlint.glance.things import Class, External, Function, Instance, ModuleOf, Tensor, Value, const, one
from orderlint.glance.unsure import Unsure
from orderlint.glance.values import flow_of, known_flow

__all__ = ["MOST_MODULES", "Machine"]

MOST_STEPS = 80_000  # statements and calls of a file; a file that takes more is analyzed
MOST_DEPTH = 60  # calls within calls
MOST_MODULES = 48  # that are run for one file: most need ten, and few that need more can be shown to be in order
PARTS_A_STEP = 12  # parts of a thing that is created again or joined with another
NAMES_A_STEP = 200  # names that are copied or joined where paths part or meet


class State(NamedTuple):
    """A state that the machine can return to.

    Attributes:
        logs: The records that grow, for example the known calls.
        lengths: The length of each of them.
        attributes: The objects that were being created, with the attributes that they had.
    """

    logs: tuple[dict[Any, Any], ...]
    lengths: list[int]
    attributes: list[tuple[Instance, Names]]


class Machine(Late):
    """The state of a glance at one file.

    Args:
        library: Finds and reads the modules of the project.
        orders: Judges the ways of units by the rules.

    Attributes:
        frame: The scope in which code runs.
        depth: How many calls are in progress.
        shared: The tokens of lists and models that have more than one name.
        lent: The tokens of lists and models that are arguments of the calls in progress.
        functions: The functions that were defined, each once.
        classes: The classes that were defined, each once.
        instances: The objects that were created, each once.
        unmade: The objects that are still being created.
        known: The results of the calls that are complete.
        num_runs: How often the code of each function was run.
        makers: The code of the functions that returned an object of a class of the project.
        branches: How many branches that may not be taken are entered.
        is_blurred: Whether calls are no longer distinguished by their numbers and texts.
        num_layers: How many layers were applied.
        brought: The names of modules that were put off, and are imported now.
        listings: The modules whose listings were read, and that were not run.
    """

    none = const(None)
    fresh = one(Tensor(FRESH))

    def __init__(self, library: Library, orders: Orders) -> None:
        self.library = library
        self.orders = orders
        self.listings: set[str] = set()
        self.listed_names: dict[str, External | None] = {}
        self.frames: dict[object, Frame] = {}
        self._objects: dict[tuple[Class, object], Instance] = {}
        super().__init__()
        self.start()

    def start(self) -> None:
        """Start to run the file again, with the late changes that are known."""
        self.forget_reads()
        self.modules: dict[str, Module | None] = {}
        self.brought: dict[tuple[str, str], None] = {}
        self.shared: set[object] = set()
        self.lent: set[object] = set()
        self.functions: dict[Function, None] = {}
        self.classes: dict[Class, None] = {}
        self.instances: dict[Instance, None] = {}
        self.known: dict[object, tuple[Value, frozenset[object]]] = {}
        self.num_runs: Counter[ast.AST] = Counter()
        self.makers: set[ast.AST] = set()
        self.initialized: dict[object, None] = {}
        self.unmade: list[Instance] = []
        self.objects: dict[Class, Value] = {}
        self.under_way: set[tuple[Function, object]] = set()
        self.recursive: set[object] = set()
        self.assumed: dict[object, Value] = {}
        self.branches = 0
        self.is_blurred = False
        self.steps = self.depth = self.num_layers = 0
        self.frame: Frame = Frame(Module("", "", ast.Module([], [])), None)

    # -- operations, bound by `Glancer` -------------------------------------------------------------------------

    evaluate: Callable[..., Value]
    peek: Callable[..., Value]
    decide: Callable[..., bool | None]
    call: Callable[..., Value]
    call_expression: Callable[..., Value]
    run_block: Callable[..., None]

    # -- bounds -------------------------------------------------------------------------------------------------

    def tick(self, count: int = 1) -> None:
        """Take one step or several.

        Raises:
            Unsure: There were too many steps.
        """
        self.steps += count
        if self.steps > MOST_STEPS:
            raise Unsure("too many steps")

    def scope(self, key: object, module: Module, parent: Frame | None, *, is_class: bool = False) -> Frame:
        """The scope of one run. Equal code that runs on equal values has the same scope each time."""
        frame = self.frames.get(key)
        if frame is None:
            frame = self.frames[key] = Frame(module, parent, is_class=is_class)
        frame.begin(self.now)
        return frame

    def object_of(self, cls: Class, key: object, weight: int, level: int) -> Instance:
        """The object of a class that a key identifies. It is the same one in each pass and each run of a call."""
        made = self._objects.get((cls, key))
        if made is None:
            made = self._objects[cls, key] = Instance(cls, weight, level)
        return made

    def look_through(self, names: Names | None, times: int = 1) -> None:
        """Count the steps to copy or join the names of a scope: one for every `NAMES_A_STEP` names."""
        self.tick(times * len(names or ()) // NAMES_A_STEP)

    def go_through(self, parts: int) -> None:
        """Count the steps to create a thing of so many parts again, or to join it with another."""
        self.tick(parts // PARTS_A_STEP)

    @contextlib.contextmanager
    def branching(self) -> Iterator[None]:
        """Run code that may be skipped, or run repeatedly. So an attribute that it sets may also keep its old value."""
        self.branches += 1
        try:
            yield
        finally:
            self.branches -= 1

    @contextlib.contextmanager
    def entering(self, frame: Frame) -> Iterator[None]:
        """Run the following code in a scope."""
        if self.depth >= MOST_DEPTH:
            raise Unsure("too many calls within calls")
        before, self.frame = self.frame, frame
        self.depth += 1
        try:
            yield
        finally:
            self.frame = before
            self.depth -= 1

    def state(self) -> State:
        """The state to return to if a call runs again. It holds everything that is dropped then."""
        logs = self._logs()
        return State(logs, [len(log) for log in logs], [(each, dict(each.attributes)) for each in self.unmade])

    def back_to(self, state: State) -> None:
        """Undo the changes of a run of a call."""
        for log, length in zip(self._logs(), state.lengths, strict=True):
            _cut(log, length)
        for instance, attributes in state.attributes:
            instance.attributes = attributes

    def forget_calls(self, kept: int) -> None:
        """Forget the results of calls, except the first `kept` ones."""
        _cut(self.known, kept)

    def _logs(self) -> tuple[dict[Any, Any], ...]:
        orders = self.orders
        made = self.known, self.instances, self.initialized, self.modules, self.brought, self.ended
        return *made, orders.owed, orders.paid, orders.at_input

    # -- values -------------------------------------------------------------------------------------------------

    def token(self, place: object, most: int = 2) -> object:
        """The token of a list, dictionary or model that is created at a place. It distinguishes this one from others.

        A new one has one name so far, even if earlier ones from the same place have several names.

        Args:
            place: The place.
            most: How many from one place are distinguished. All further ones share the last token.
        """
        token, number = place, 1
        while token in self.shared and number < most:
            token, number = (place, number), number + 1
        self.born.setdefault(token, self.now)
        return token

    def share(self, *values: Value) -> None:
        """Note that the lists and models in values have one more name, because something keeps them."""
        for value in values:
            for thing in value:
                if type(thing) in CHANGEABLE and thing.token is not None:
                    self.shared.add(thing.token)

    def copied(self, listed: List, place: object) -> List:
        """A copy of a list, created at a place. The elements have one more name."""
        self.share(*listed.inner)
        return listed.with_token(self.token(place))

    def flow(self, values: Sequence[Value]) -> Flow:
        """The ways of the tensors in values that a layer is applied to.

        Raises:
            Unsure: One of them may be anything.
        """
        result: Flow = frozenset()
        for value in values:
            flow = flow_of(value)
            if flow is None:
                raise Unsure("a tensor that may be anything")
            result |= flow
        return result

    def consume(self, values: Sequence[Value]) -> None:
        """End the units of the tensors in values, because a boundary or a merge takes them."""
        for value in values:
            self.orders.end(known_flow(value))

    # -- names --------------------------------------------------------------------------------------------------

    def listed(self, dotted: str) -> External | None:
        """A dotted name as an external one, if the catalog knows what it is."""
        if dotted not in self.listed_names:
            is_known = keras_class(dotted) is not None or catalog.find(dotted) is not None
            self.listed_names[dotted] = External(dotted) if is_known else None
        return self.listed_names[dotted]

    def listing(self, found: ModuleOf) -> Mapping[str, Listed] | None:
        """The listing of a module that is not run; `None` if the module does more, or was run for another reason."""
        if found.path in self.known_modules or found.path in self.modules:
            return None
        listing = self.library.listing(found.path)
        if listing is not None:
            self.listings.add(found.path)
        return listing

    def module(self, found: ModuleOf) -> Module | None:
        """A module of the project, whose top level is run first; `None` if it cannot be read.

        Raises:
            Unsure: Too many modules were run.
        """
        if found.path not in self.modules:
            if len(self.modules) >= MOST_MODULES:
                raise Unsure("too many modules")
            self.modules[found.path] = None
            tree = self.library.tree(found.path)
            if tree is not None:
                module = self.modules[found.path] = self.module_of(found.name, found.path, tree)
                self.run_module(module)
        return self.modules[found.path]

    def module_of(self, name: str, path: str, tree: ast.Module) -> Module:
        """A module that is about to run. In each pass it is the same one, with all values that its names ever had."""
        known = self.known_modules.get(path)
        if known is None:
            known = self.known_modules[path] = Module(name, path, tree)
            self.is_stale = self.is_stale or any(map(known.may_give, self.plain))
        known.begin()
        return known

    def run_module(self, module: Module) -> None:
        """Run the top level of a module. It may call functions that are in progress, as if they were not."""
        before, self.under_way = self.under_way, set()
        try:
            with self.entering(module.frame):
                self.run_block(module.tree.body)
                module.frame.names = module.frame.names if module.frame.names is not None else {}
        finally:
            self.under_way = before
        module.is_run = True


def _cut(log: dict[Any, Any], length: int) -> None:
    """Remove the latest entries, so that a number of them is left."""
    while len(log) > length:
        log.popitem()
