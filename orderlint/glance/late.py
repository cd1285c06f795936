"""Late changes: what code gives to objects, modules and layers after it may have been read, and which call runs again.

Functions may be called in any order, so the value of a name is everything that the name ever refers to. If that grows
after it was read, the call that read it saw too little. Then the innermost call that is in progress, and that began
before the first read, runs again. If there is no such call, the whole file runs again.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from orderlint.glance.call_runs import CallRuns
from orderlint.glance.frames import Frame, Module, Names
from orderlint.glance.lists import CHANGEABLE, tokens_of
from orderlint.glance.patterns import ANY_NAME, may_be_one
from orderlint.glance.things import (
    ANY,
    NOTHING,
    UNKNOWN,
    Bound,
    Class,
    Function,
    Instance,
    Layer,
    Thing,
    Value,
    is_plain,
    one,
    only,
    parts_of,
)
from orderlint.glance.values import join, widened

__all__ = ["Late"]

MOST_NAMED = 12  # things that a name may refer to; more are not distinguished
_EVERY = "**"  # the name of a read of all attributes
(_ANY_THING,) = ANY
Asked = Instance | ast.ClassDef | None
"""The owner of an attribute that is read: an object, a class (by its node), or `None` for anything."""


class Late(CallRuns):
    """Late changes, and when the changed things were first read. A `Machine` is one.

    Attributes:
        late: What each object is given after its creation, by name; under `None`, what any object may be given.
        late_of_classes: What classes are given, by their nodes and the name.
        versions: What lists and models with several names may have become, by their tokens.
        born: When these were first created; 0 if that was before the whole file was run again.
        patterns: The partly unknown names (with `*`) of attributes that objects were given.
        outside: What anything but objects, classes and modules of the project is given, by name.
        outputs: The outputs of layers.
        anywhere: What code gives to anything, by the names in `asked_anywhere`.
        asked_inside: When a name was first read from objects, classes and modules of the project, by the object or
            the node of the class.
        asked_outside: When a name was first read from anything else.
        asked_outputs: When the output of a layer was first read.
        asked_anywhere: The names that were read from what may be anything.
        plain: The names that were taken for methods of Python's own objects.
        known_modules: The modules that were run, by their paths.
        known_classes: The classes that were defined, by their nodes and the scope of the definition.
        known_bases: The classes that they inherit from.
        early: When an object or a scope was first read in this run before the run created it again. Such a read
            returned what the previous run had left.
        ended: The scopes of functions that returned in this run.
    """

    frame: Frame
    instances: dict[Instance, None]
    branches: int
    go_through: Callable[[int], None]

    def __init__(self) -> None:
        self.late: dict[Instance | None, dict[str, Value]] = {}
        self.late_of_classes: dict[tuple[ast.ClassDef, str], Value] = {}
        self.versions: dict[object, Value] = {}
        self.outside: dict[str, Value] = {}
        self.outputs: dict[Layer, Value] = {}
        self.anywhere: dict[str, Value] = {}
        self.born: dict[object, int] = {}
        self.patterns: dict[str, None] = {}
        self._renewals: dict[int, tuple[Thing, Value]] = {}
        self.known_modules: dict[str, Module] = {}
        self.known_classes: dict[tuple[ast.ClassDef, Frame], Class] = {}
        self.known_bases: dict[Class, list[Any]] = {}
        self.forget_reads()

    def forget_reads(self) -> None:
        """Start to run the whole file again: forget all reads, but keep the late changes."""
        self.born = dict.fromkeys(self.born, 0)
        self.asked_inside: dict[tuple[Asked, str], int] = {}
        self.asked_outside: dict[str, int] = {}
        self.asked_outputs: dict[Layer, int] = {}
        self.asked_anywhere: set[str] = set()
        self.plain: set[str] = set()
        self.early: dict[Instance | Frame, int] = {}
        self.ended: dict[Frame, None] = {}
        self.begin_anew()

    # -- lists and models ---------------------------------------------------------------------------------------

    def changed_elsewhere(self, token: object, now: Value) -> None:
        """Note the new state of a list or model that has several names and is changed through one of them."""
        known = self.versions.get(token, NOTHING)
        now = widened(join(known, now))
        if now != known:
            self.versions[token] = now
            self._renewals.clear()
            self._is_more(self.born.get(token, 0))  # nothing read it earlier

    def latest(self, value: Value) -> Value:
        """A value with what it and its elements may have become through other names."""
        return self._with_renewed(value, self._known_renewed)

    def _with_renewed(self, value: Value, renewed: Callable[[Thing], Value]) -> Value:
        """A value with `renewed` applied to its lists, dictionaries and models that changed through other names."""
        changed = self.versions.keys()
        stale = [thing for thing in value if type(thing) in CHANGEABLE and not changed.isdisjoint(tokens_of(thing))]
        return join(value.difference(stale), *map(renewed, stale)) if stale else value

    def _known_renewed(self, thing: Thing) -> Value:
        """Call `_renewed`, but only once for a thing that is read repeatedly."""
        known = self._renewals.get(id(thing))
        if known is None or known[0] is not thing:
            known = self._renewals[id(thing)] = thing, self._renewed(thing, frozenset())
        return known[1]

    def _renewed(self, thing: Any, outer: frozenset[object]) -> Value:
        """What a list, dictionary or model may have become.

        Args:
            thing: The thing before the changes.
            outer: The tokens of the things that contain it: a list may contain itself.
        """
        if thing.token is not None and thing.token in outer:
            return one(thing)
        self.go_through(thing.parts)
        outer |= {thing.token}

        def latest(value: Value) -> Value:
            return self._with_renewed(value, lambda inner: self._renewed(inner, outer))

        is_inside = not self.versions.keys().isdisjoint(tokens_of(thing) - {thing.token})
        made = thing.renewed(latest) if is_inside else thing
        return join(one(made), latest(self.versions.get(thing.token, NOTHING)))

    # -- names of modules ---------------------------------------------------------------------------------------

    def note_global(self, module: Module, name: str, value: Value) -> None:
        """Note that a name of a module is bound."""
        if self.frame is not module.frame and name not in module.elsewhere:
            module.elsewhere.add(name)
            self._is_more(module.read.get(name))
        known = module.ever.get(name, NOTHING)
        if known:
            self.go_through(parts_of(value))
        now = join(known, value)
        if now != known:
            module.ever[name] = now
            self._is_more(None if now <= module.answers.get(name, now) else module.asked[name], module.asked.get("*"))
            for importing, alias in module.awaited.get(name, ()):
                self.note_global(importing, alias, value)  # it may be the same name, or lead back to it

    def ask_module(self, module: Module, name: str, answer: Value) -> Value:
        """Note the answer to a read of all values that a name ever has; `*` is any name."""
        module.asked.setdefault(name, self.now)
        module.answers[name] = join(module.answers.get(name, NOTHING), answer)
        return answer

    def note_rebound(self, frame: Frame, name: str, value: Value) -> None:
        """Note that a function binds a name of an enclosing function."""
        known = frame.rebound.get(name, NOTHING)
        now = widened(join(known, value))
        if now != known:
            frame.rebound[name] = now
            self._is_more(frame.began)

    # -- attributes ---------------------------------------------------------------------------------------------

    def write_attribute(self, instance: Instance | None, name: str, value: Value) -> None:
        """Set an attribute of an object, during its creation or later, when the object may have been used already.

        Args:
            instance: The object; `None` if it may be any object.
            name: The attribute; `*` is a part of it that is not known.
            value: The value.
        """
        if "*" in name:
            self.patterns.setdefault(name)
        if instance is not None and not instance.is_made:
            self.touch(instance)
            if "*" in name or self.branches > instance.branches:
                value = join(value, instance.attributes.get(name, NOTHING))
            instance.attributes[name] = value
            return
        held = NOTHING if instance is None else instance.attributes.get(name, NOTHING)
        known = self.late_of(instance, name)
        now = widened(join(known, value))
        if now != known and join(now, held) != held:
            self.late.setdefault(instance, {})[name] = now
            self._note_late(instance, name)

    def note_output(self, layer: Layer, value: Value) -> None:
        """Note an output of a layer. Equal layers count as one layer here."""
        known = self.outputs.get(layer, NOTHING)
        if not value <= known:
            self.outputs[layer] = join(known, value)
            self._is_more(self.asked_outputs.get(layer))

    def output(self, layer: Layer) -> Value:
        """All outputs of a layer, wherever it was applied."""
        self.asked_outputs.setdefault(layer, self.now)
        return join(self.outputs.get(layer, NOTHING), UNKNOWN)

    def write_outside(self, name: str, value: Value) -> None:
        """Set an attribute of something that is not known to be an object, class or module of the project.

        Its owners are not distinguished: an unknown object of a library, for example, may have any name.

        Args:
            name: The attribute; `*` for one that is not known.
            value: The value.
        """
        if name == "__doc__" or (name == "__all__" and is_plain(value)):
            return
        known = self.outside.get(name, NOTHING)
        now = join(known, value)
        if now != known:
            self.outside[name] = now
            asked = self.asked_outside
            self._is_more(_first(asked) if name == ANY_NAME else asked.get(name), asked.get(ANY_NAME))

    def read_outside(self, name: str) -> Value:
        """What such a thing may have been given under a name; under any name if the name is `*`."""
        self.asked_outside.setdefault(name, self.now)
        if name == ANY_NAME:
            return join(*self.outside.values())
        return join(self.outside.get(name, NOTHING), self.outside.get(ANY_NAME, NOTHING))

    def given_anywhere(self, name: str) -> Value:
        """All values that code gives to a name, as far as the previous runs showed; `ANY` if there are too many."""
        self.asked_anywhere.add(name)
        found = self.anywhere.get(name, NOTHING)
        if len(found) > MOST_NAMED and not is_plain(found):
            found = frozenset(map(_of_anything, found))
        return found if len(found) <= MOST_NAMED or is_plain(found) else ANY

    def is_of_python(self, name: str) -> bool:
        """Whether no code of the known modules gives anything this name. Then the name is one of Python's own."""
        self.plain.add(name)
        return not any(module.may_give(name) for module in self.known_modules.values())

    def asks_scope(self, frame: Frame) -> None:
        """Note that a name of an enclosing function is read. While that function runs, the name may change."""
        if not frame.is_done:
            self._reaches_back(frame.began)
        elif frame not in self.ended:
            self.early.setdefault(frame, self.now)

    def is_anew(self, owner: Instance | Frame, before: Names, now: Names) -> None:
        """Note that an object was created, or a function run, again. Earlier reads may have seen too little."""
        asked = self.early.pop(owner, None)
        if asked is not None and not all(value <= before.get(name, NOTHING) for name, value in now.items()):
            self._is_more(asked)

    def asks_inside(self, owner: Asked, name: str) -> None:
        """Note that an attribute of an object or a class is read; for `None`, of something else."""
        if isinstance(owner, Instance) and owner not in self.instances:
            self.early.setdefault(owner, self.now)
        for asked in ((owner, name), (None, name), (owner, ANY_NAME)):
            self.asked_inside.setdefault(asked, self.now)

    def late_of(self, owner: Instance | None, name: str) -> Value:
        """What an object is given under a name after its creation; for `None`, what any object may be given."""
        return self.late.get(owner, {}).get(name, NOTHING)

    def fitting(self, name: str) -> Iterator[str]:
        """The partly unknown names that objects were given something under, and that may be this name."""
        return (pattern for pattern in self.patterns if may_be_one(pattern, name))

    def late_of_any_name(self, instance: Instance, classes: Iterable[Class] = ()) -> Value:
        """What an object is given after its creation, under any name.

        Args:
            instance: The object.
            classes: Classes whose names are read, too.
        """
        self.asks_inside(instance, _EVERY)
        for each in (instance.cls.node, None, *(cls.node for cls in classes)):
            self.asked_inside.setdefault((each, _EVERY), self.now)
        return join(*(value for owner in (instance, None) for value in self.late.get(owner, {}).values()))

    def _note_late(self, owner: Asked, name: str) -> None:
        """Note that an attribute has grown: earlier reads saw too little."""
        asked = self.asked_inside
        name = ANY_NAME if "*" in name else name
        of_name = _first(asked) if (owner, name) == (None, ANY_NAME) else asked.get((owner, name))
        self._is_more(of_name, asked.get((owner, _EVERY)))

    def class_of(self, node: ast.ClassDef, bases: tuple[Value, ...]) -> Class:
        """The class that this definition creates, or created before. It inherits from all bases that it ever has."""
        cls = self.known_classes.get((node, self.frame))
        if cls is None:
            cls = self.known_classes[node, self.frame] = Class(node, self.frame, bases)
        elif cls.bases != bases:
            before, cls.bases = cls.bases, tuple(map(join, cls.bases, bases))
            if cls.bases != before:
                self.is_stale = True
                self.known_bases.clear()
        return cls

    def note_names(self, cls: Class, names: Names) -> None:
        """Note the names that the body of a class bound."""
        for name, value in names.items():
            known = cls.names.get(name, NOTHING)
            now = cls.names[name] = known if value <= known else _defined_again(known, value)
            if now != known:
                asked = self.asked_inside
                self._is_more(asked.get((cls.node, name)), asked.get((cls.node, _EVERY)))

    def write_class(self, cls: Class, name: str, value: Value) -> None:
        """Set an attribute of a class, which objects may have read before."""
        known = self.late_of_classes.get((cls.node, name), NOTHING)
        if join(known, value) != known:
            self.late_of_classes[cls.node, name] = join(known, value)
            self._note_late(cls.node, name)


def _defined_again(known: Value, value: Value) -> Value:
    """Join the values of a name of a class. A method with other defaults is the same method, defined again."""
    before, now = only(known, Function), only(value, Function)
    if before is None or now is None or (before.node, before.frame) != (now.node, now.frame):
        return join(known, value)
    defaults = {name: join(default, now.defaults.get(name, NOTHING)) for name, default in before.defaults.items()}
    return one(Function(before.node, before.frame, defaults, before.owner, before.wrapper))


def _of_anything(thing: Thing) -> Thing:
    """A method of an object as a method of anything that may have it; other things unchanged."""
    is_of_object = type(thing) is Bound and isinstance(thing.receiver, Instance)
    return Bound(thing.function, _ANY_THING) if is_of_object else thing


def _first(asked: dict[Any, int]) -> int | None:
    """When the first of these reads happened."""
    return next(iter(asked.values()), None)
