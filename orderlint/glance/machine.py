"""What a glance knows while it runs: where it is, what it has run, and the doors by which its parts meet."""

from __future__ import annotations

import ast
import contextlib
from collections.abc import Callable, Iterator, Sequence

from orderlint import catalog
from orderlint.catalog.customary import keras_class
from orderlint.glance.frames import Frame, Module, Names
from orderlint.glance.library import Library
from orderlint.glance.orders import FRESH, Flow, Orders
from orderlint.glance.things import (
    CHANGEABLE,
    NOTHING,
    UNKNOWN,
    Class,
    External,
    Function,
    Instance,
    Layer,
    ModuleOf,
    Tensor,
    Value,
    const,
    is_plain,
    one,
    parts_of,
)
from orderlint.glance.unsure import Unsure
from orderlint.glance.values import flow_of, join, known_flow

__all__ = ["MOST_MODULES", "Machine"]

MOST_STEPS = 60_000  # statements and calls of a file; one that takes more is for the analysis
MOST_DEPTH = 60  # calls within calls
MOST_MODULES = 150  # that are run for one file; most need ten
PARTS_A_STEP = 4  # of a thing that is made anew, or joined with another
NAMES_A_STEP = 200  # that are looked through where paths part or meet


class Machine:
    """The state of a glance at one file.

    Args:
        library: Finds and reads the modules of the project.
        orders: What the rules say.

    Attributes:
        frame: The scope in which code runs.
        depth: How many calls are under way.
        shared: The tokens of lists and models that have more than one name.
        lent: The tokens of those that are arguments of the calls under way.
        functions: The functions that were defined, each once.
        classes: Likewise the classes.
        late: What objects are given after they were made, by the node of their class and the name.
        versions: What may have become of those, by their tokens.
        outside: What anything else than objects, classes and modules of the project is given, by the name.
        asked_outside: The names that were asked of it.
        asked_inside: Those that were asked of objects, classes and modules of the project, by the node of the class.
        outputs: What layers have given.
        asked_outputs: Those that were asked for it.
        plain: The names that were taken for methods of Python's own objects.
        anywhere: What code gives to anything, by the names of `asked_anywhere`.
        asked_anywhere: The names that were asked of what may be anything.
        is_stale: Whether something was asked for that has become more since: then all is run again.
        branches: How many branches are entered that may not be taken.
        num_changes: How often attributes of objects have changed.
        num_layers: How many layers were applied.
    """

    none = const(None)
    fresh = one(Tensor(FRESH))

    def __init__(self, library: Library, orders: Orders) -> None:
        self.library = library
        self.orders = orders
        self.late: dict[tuple[ast.ClassDef | None, str], Value] = {}
        self.late_of_classes: dict[tuple[ast.ClassDef, str], Value] = {}
        self.known_modules: dict[str, Module] = {}
        self.listed_names: dict[str, External | None] = {}
        self.frames: dict[object, Frame] = {}
        self.versions: dict[object, Value] = {}
        self.outside: dict[str, Value] = {}
        self.outputs: dict[Layer, Value] = {}
        self.anywhere: dict[str, Value] = {}
        self.start()

    def start(self) -> None:
        """Begin anew, with what is known of what comes late."""
        self.modules: dict[str, Module | None] = {}
        self.shared: set[object] = set()
        self.lent: set[object] = set()
        self.functions: dict[Function, None] = {}
        self.classes: dict[Class, None] = {}
        self.instances: dict[Instance, Instance] = {}
        self.known: dict[object, tuple[Value, frozenset[object]]] = {}
        self.initialized: set[object] = set()
        self.objects: dict[Class, Value] = {}
        self.under_way: set[tuple[Function, object]] = set()
        self.recursive: set[object] = set()
        self.assumed: dict[object, Value] = {}
        self.asked_outside: set[str] = set()
        self.asked_inside: set[tuple[ast.ClassDef | None, str]] = set()
        self.plain: set[str] = set()
        self.asked_anywhere: set[str] = set()
        self.asked_outputs: set[Layer] = set()
        self.is_stale = False
        self.branches = self.num_changes = 0
        self.steps = self.depth = self.num_layers = 0
        self.frame: Frame = Frame(Module("", "", ast.Module([], []), is_package=False), None)

    # -- doors, bound by `Glancer` ------------------------------------------------------------------------------

    evaluate: Callable[..., Value]
    peek: Callable[..., Value]
    decide: Callable[..., bool | None]
    call: Callable[..., Value]
    call_expression: Callable[..., Value]
    run_block: Callable[..., None]

    # -- bounds -------------------------------------------------------------------------------------------------

    def tick(self, count: int = 1) -> None:
        """Take a step, or several.

        Raises:
            Unsure: There were too many.
        """
        self.steps += count
        if self.steps > MOST_STEPS:
            raise Unsure("too many steps")

    def scope(self, key: object, module: Module, parent: Frame | None, *, is_class: bool = False) -> Frame:
        """The scope of one run: the same one each time that equal code runs on equal values."""
        frame = self.frames.get(key)
        if frame is None:
            frame = self.frames[key] = Frame(module, parent, is_class=is_class)
        frame.begin()
        return frame

    def look_through(self, names: Names | None, times: int = 1) -> None:
        """Count what it takes to copy or join the names of a scope: as many steps as there are hundreds."""
        self.tick(times * len(names or ()) // NAMES_A_STEP)

    def go_through(self, parts: int) -> None:
        """Count what it takes to make a thing of so many parts anew, or to join it with another."""
        self.tick(parts // PARTS_A_STEP)

    @contextlib.contextmanager
    def branching(self) -> Iterator[None]:
        """Run code that may not be run, or more than once: what it gives an object may be what that has, or not."""
        self.branches += 1
        try:
            yield
        finally:
            self.branches -= 1

    @contextlib.contextmanager
    def entering(self, frame: Frame) -> Iterator[None]:
        """Run what follows in a scope."""
        if self.depth >= MOST_DEPTH:
            raise Unsure("too many calls within calls")
        before, self.frame = self.frame, frame
        self.depth += 1
        try:
            yield
        finally:
            self.frame = before
            self.depth -= 1

    # -- values -------------------------------------------------------------------------------------------------

    def token(self, place: object) -> object:
        """What tells the list or model that is made at a place from others; a new one has one name so far."""
        self.shared.discard(place)
        return place

    def share(self, value: Value) -> None:
        """Note that the lists and models in a value have one more name."""
        for thing in value:
            if type(thing) in CHANGEABLE and thing.token is not None:
                self.shared.add(thing.token)

    def changed_elsewhere(self, token: object, now: Value) -> None:
        """Note what becomes of a list or model that has several names, and is changed by one of them."""
        known = self.versions.get(token, NOTHING)
        if join(known, now) != known:
            self.versions[token] = join(known, now)
            self.is_stale = True

    def latest(self, value: Value) -> Value:
        """A value with what may have become of it by other names."""
        for thing in value:
            if type(thing) in CHANGEABLE and thing.token in self.versions:
                value = join(value, self.versions[thing.token])
        return value

    def flow(self, values: Sequence[Value]) -> Flow:
        """The ways that values bring into a layer.

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
        """End the units of the tensors in values: what takes them is a boundary or a merge."""
        for value in values:
            self.orders.end(known_flow(value))

    # -- names --------------------------------------------------------------------------------------------------

    def listed(self, dotted: str) -> External | None:
        """A name of which the catalog says what it is."""
        if dotted not in self.listed_names:
            is_known = keras_class(dotted) is not None or catalog.find(dotted) is not None
            self.listed_names[dotted] = External(dotted) if is_known else None
        return self.listed_names[dotted]

    def note_global(self, module: Module, name: str, value: Value) -> None:
        """A name of a module is bound."""
        if self.frame is not module.frame and name not in module.elsewhere:
            module.elsewhere.add(name)
            self.is_stale = True
        known = module.ever.get(name, NOTHING)
        if known:
            self.go_through(parts_of(value))
        now = join(known, value)
        if now != known:
            module.ever[name] = now
            if "*" in module.asked or not now <= module.asked.get(name, now):
                self.is_stale = True

    def write_attribute(self, instance: Instance | None, name: str, value: Value) -> None:
        """An object is given an attribute: while it is made, or later, when it may have been used already.

        Args:
            instance: The object; `None` if it may be any.
            name: The attribute.
            value: What it is given.
        """
        made = None if instance is None else self.instances.get(instance, instance)
        if made is not None and not made.is_made:
            if self.branches > made.branches:
                value = join(value, made.attributes.get(name, NOTHING))
            self.num_changes += made.attributes.get(name) != value
            made.attributes[name] = value
            return
        held = NOTHING if made is None else made.attributes.get(name, NOTHING)
        node = None if made is None else made.cls.node
        known = self.late.get((node, name), NOTHING)
        now = join(known, value)
        if now != known and join(now, held) != held:
            self.late[node, name] = now
            self._note_late(node, name)

    def note_output(self, layer: Layer, value: Value) -> None:
        """A layer has given something; layers that are alike are one here."""
        known = self.outputs.get(layer, NOTHING)
        if not value <= known:
            self.outputs[layer] = join(known, value)
            self.is_stale = self.is_stale or layer in self.asked_outputs

    def output(self, layer: Layer) -> Value:
        """What a layer has given, wherever it was applied."""
        self.asked_outputs.add(layer)
        return join(self.outputs.get(layer, NOTHING), UNKNOWN)

    def write_outside(self, name: str, value: Value) -> None:
        """Something is given an attribute that is no object, class or module of the project, or not known to be one.

        What has it is not told apart: an object of a library that is not known, say, may have any name.

        Args:
            name: The attribute; `*` for one that is not known.
            value: What it is given.
        """
        if name == "__doc__" or (name == "__all__" and is_plain(value)):
            return
        known = self.outside.get(name, NOTHING)
        now = join(known, value)
        if now != known:
            self.outside[name] = now
            asked = self.asked_outside
            self.is_stale = self.is_stale or name in asked or "*" in asked or (name == "*" and bool(asked))

    def read_outside(self, name: str) -> Value:
        """What such a thing may have been given by this name; by any if it is `*`."""
        self.asked_outside.add(name)
        if name == "*":
            return join(*self.outside.values())
        return join(self.outside.get(name, NOTHING), self.outside.get("*", NOTHING))

    def is_of_python(self, name: str) -> bool:
        """Whether no code of the modules that are known gives a name to anything; it is Python's own, then."""
        self.plain.add(name)
        return not any(module.may_give(name) for module in self.known_modules.values())

    def asks_inside(self, node: ast.ClassDef | None, name: str) -> None:
        """An attribute is asked for of an object of a class, or the class; of something else if that is `None`."""
        self.asked_inside.add((node, name))
        self.asked_inside.add((None, name))
        self.asked_inside.add((node, "*"))

    def _note_late(self, node: ast.ClassDef | None, name: str) -> None:
        """An attribute has become more; whoever asked for it before was told too little."""
        is_asked = bool(self.asked_inside) if (node, name) == (None, "*") else (node, name) in self.asked_inside
        self.is_stale = self.is_stale or is_asked

    def write_class(self, cls: Class, name: str, value: Value) -> None:
        """A class is given an attribute: objects may have read it before."""
        known = self.late_of_classes.get((cls.node, name), NOTHING)
        if join(known, value) != known:
            self.late_of_classes[cls.node, name] = join(known, value)
            self._note_late(cls.node, name)

    def module(self, found: ModuleOf) -> Module | None:
        """A module of the project, its top level run; `None` if it cannot be read."""
        if found.path not in self.modules:
            if len(self.modules) >= MOST_MODULES:
                raise Unsure("too many modules")
            self.modules[found.path] = None
            tree = self.library.tree(found.path)
            if tree is not None:
                is_package = found.path.replace("\\", "/").endswith("/__init__.py")
                module = self.modules[found.path] = self.module_of(found.name, found.path, tree, is_package)
                self.run_module(module)
        return self.modules[found.path]

    def module_of(self, name: str, path: str, tree: ast.Module, is_package: bool) -> Module:
        """A module that is yet to be run: in each pass the same one, with all that its names have stood for."""
        known = self.known_modules.get(path)
        if known is None:
            known = self.known_modules[path] = Module(name, path, tree, is_package=is_package)
            self.is_stale = self.is_stale or any(map(known.may_give, self.plain))
        known.begin()
        return known

    def run_module(self, module: Module) -> None:
        """Run the top level of a module."""
        with self.entering(module.frame):
            self.run_block(module.tree.body)
            module.frame.names = module.frame.names if module.frame.names is not None else {}
        module.is_run = True
