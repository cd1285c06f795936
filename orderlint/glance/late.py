"""What code gives to objects, modules and layers after somebody may have asked for it, and who has to ask again.

Functions may be called in any order, so what is known of a name is all that it ever stands for. Where that becomes more
after it was asked for, the call that asked was told too little. Then the innermost call that is under way, and that was
so before anybody asked, is run again: a *turn* is one run of a call. If there is no such call, all is run again.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from orderlint.glance.frames import Frame, Module, Names
from orderlint.glance.lists import CHANGEABLE, tokens_of
from orderlint.glance.patterns import ANY_NAME, may_be_one
from orderlint.glance.things import (
    ANY,
    NOTHING,
    UNKNOWN,
    Bound,
    Class,
    Instance,
    Layer,
    Thing,
    Value,
    is_plain,
    one,
    parts_of,
)
from orderlint.glance.turns import Turns
from orderlint.glance.values import join, widened

__all__ = ["Late"]

MOST_NAMED = 12  # things that a name may stand for; more are not told apart
_EVERY = "**"  # asked for: what stands under any name
(_ANY_THING,) = ANY
Asked = Instance | ast.ClassDef | None
"""Whose name is asked for: that of an object, of a class by its node, or of anything."""


class Late(Turns):
    """What comes late, and when it was first asked for. A `Machine` is one.

    Attributes:
        late: What each object is given after it was made, by the names; under `None`, what any may be given.
        late_of_classes: What classes are given, by their nodes and the name.
        versions: What may have become of lists and models that have several names, by their tokens.
        born: When these were first made; 0 if that was before all was run again.
        patterns: The names of which a part is not known (`*`), under which objects were given something.
        outside: What anything else than objects, classes and modules of the project is given, by the name.
        outputs: What layers have given.
        anywhere: What code gives to anything, by the names of `asked_anywhere`.
        asked_inside: When a name was first asked for of objects, classes and modules of the project, by the object or
            the node of the class.
        asked_outside: Likewise of anything else.
        asked_outputs: Likewise the output of a layer.
        asked_anywhere: The names that were asked of what may be anything.
        plain: The names that were taken for methods of Python's own objects.
        known_modules: The modules that were run, by their paths.
        known_classes: The classes that were defined, by their nodes and where that is.
        known_bases: What they inherit from.
        early: When somebody first asked for what an object or a scope has, before this run made it anew: they were told
            what the run before had left.
        ended: The scopes of functions that came to their end in this run.
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
        self.forget_who_asked()

    def forget_who_asked(self) -> None:
        """All is run from the start, with what is known of what comes late."""
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
        """Note what becomes of a list or model that has several names, and is changed by one of them."""
        known = self.versions.get(token, NOTHING)
        now = widened(join(known, now))
        if now != known:
            self.versions[token] = now
            self._renewals.clear()
            self._is_more(self.born.get(token, 0))  # nobody has asked before

    def latest(self, value: Value) -> Value:
        """A value with what may have become of it, and of what it holds, by other names."""
        return self._with_renewed(value, self._known_renewed)

    def _with_renewed(self, value: Value, renewed: Callable[[Thing], Value]) -> Value:
        """A value with what has become of the lists, dictionaries and models in it that changed by other names."""
        changed = self.versions.keys()
        stale = [thing for thing in value if type(thing) in CHANGEABLE and not changed.isdisjoint(tokens_of(thing))]
        return join(value.difference(stale), *map(renewed, stale)) if stale else value

    def _known_renewed(self, thing: Thing) -> Value:
        """As `_renewed`, once for a thing that is read again and again."""
        known = self._renewals.get(id(thing))
        if known is None or known[0] is not thing:
            known = self._renewals[id(thing)] = thing, self._renewed(thing, frozenset())
        return known[1]

    def _renewed(self, thing: Any, outer: frozenset[object]) -> Value:
        """What may have become of a list, dictionary or model.

        Args:
            thing: What it was.
            outer: The tokens of what it stands in: a list may be put into itself.
        """
        if thing.token is not None and thing.token in outer:
            return one(thing)
        self.go_through(thing.parts)
        outer |= {thing.token}

        def latest(value: Value) -> Value:
            return self._with_renewed(value, lambda inner: self._renewed(inner, outer))

        return join(one(thing.renewed(latest)), latest(self.versions.get(thing.token, NOTHING)))

    # -- names of modules ---------------------------------------------------------------------------------------

    def note_global(self, module: Module, name: str, value: Value) -> None:
        """A name of a module is bound."""
        if self.frame is not module.frame and name not in module.elsewhere:
            module.elsewhere.add(name)
            self._is_more(module.read.get(name))
        known = module.ever.get(name, NOTHING)
        if known:
            self.go_through(parts_of(value))
        now = join(known, value)
        if now != known:
            module.ever[name] = now
            self._is_more(None if now <= module.told.get(name, now) else module.asked[name], module.asked.get("*"))
            for importing, alias in module.awaited.get(name, ()):
                self.note_global(importing, alias, value)  # it may be this name, or lead back to it

    def ask_module(self, module: Module, name: str, answer: Value) -> Value:
        """Note what it was taken for that a name ever stands for; `*` is any."""
        module.asked.setdefault(name, self.now)
        module.told[name] = join(module.told.get(name, NOTHING), answer)
        return answer

    def note_rebound(self, frame: Frame, name: str, value: Value) -> None:
        """A function binds a name of a function around it."""
        known = frame.rebound.get(name, NOTHING)
        now = widened(join(known, value))
        if now != known:
            frame.rebound[name] = now
            self._is_more(frame.began)

    # -- attributes ---------------------------------------------------------------------------------------------

    def write_attribute(self, instance: Instance | None, name: str, value: Value) -> None:
        """An object is given an attribute: while it is made, or later, when it may have been used already.

        Args:
            instance: The object; `None` if it may be any.
            name: The attribute; `*` stands for the parts of it that are not known.
            value: What it is given.
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
        """A layer has given something; layers that are alike are one here."""
        known = self.outputs.get(layer, NOTHING)
        if not value <= known:
            self.outputs[layer] = join(known, value)
            self._is_more(self.asked_outputs.get(layer))

    def output(self, layer: Layer) -> Value:
        """What a layer has given, wherever it was applied."""
        self.asked_outputs.setdefault(layer, self.now)
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
            self._is_more(_first(asked) if name == ANY_NAME else asked.get(name), asked.get(ANY_NAME))

    def read_outside(self, name: str) -> Value:
        """What such a thing may have been given by this name; by any if it is `*`."""
        self.asked_outside.setdefault(name, self.now)
        if name == ANY_NAME:
            return join(*self.outside.values())
        return join(self.outside.get(name, NOTHING), self.outside.get(ANY_NAME, NOTHING))

    def given_anywhere(self, name: str) -> Value:
        """What code gives a name to, as far as it is known from the runs before; anything if that is much."""
        self.asked_anywhere.add(name)
        found = self.anywhere.get(name, NOTHING)
        if len(found) > MOST_NAMED and not is_plain(found):
            found = frozenset(map(_of_anything, found))
        return found if len(found) <= MOST_NAMED or is_plain(found) else ANY

    def is_of_python(self, name: str) -> bool:
        """Whether no code of the modules that are known gives a name to anything; it is Python's own, then."""
        self.plain.add(name)
        return not any(module.may_give(name) for module in self.known_modules.values())

    def asks_scope(self, frame: Frame) -> None:
        """A name is asked for of the scope of a function around the one that runs; while that runs, it may change."""
        if not frame.is_done:
            self._reaches_back(frame.began)
        elif frame not in self.ended:
            self.early.setdefault(frame, self.now)

    def is_anew(self, owner: Instance | Frame, before: Names, now: Names) -> None:
        """An object was made, or a function run, anew: whoever asked for what it had before was told too little."""
        asked = self.early.pop(owner, None)
        if asked is not None and not all(value <= before.get(name, NOTHING) for name, value in now.items()):
            self._is_more(asked)

    def asks_inside(self, owner: Asked, name: str) -> None:
        """An attribute is asked for of an object, or a class; of something else if that is `None`."""
        if isinstance(owner, Instance) and owner not in self.instances:
            self.early.setdefault(owner, self.now)
        for asked in ((owner, name), (None, name), (owner, ANY_NAME)):
            self.asked_inside.setdefault(asked, self.now)

    def late_of(self, owner: Instance | None, name: str) -> Value:
        """What an object is given under a name after it was made; if that is `None`, what any may be given."""
        return self.late.get(owner, {}).get(name, NOTHING)

    def fitting(self, name: str) -> Iterator[str]:
        """The names of which a part is not known, under which objects were given something, and that may be this."""
        return (pattern for pattern in self.patterns if may_be_one(pattern, name))

    def late_of_any_name(self, instance: Instance, classes: Iterable[Class] = ()) -> Value:
        """What an object is given after it was made, under any name.

        Args:
            instance: The object.
            classes: Those whose names are asked for, too.
        """
        self.asks_inside(instance, _EVERY)
        for each in (instance.cls.node, None, *(cls.node for cls in classes)):
            self.asked_inside.setdefault((each, _EVERY), self.now)
        return join(*(value for owner in (instance, None) for value in self.late.get(owner, {}).values()))

    def _note_late(self, owner: Asked, name: str) -> None:
        """An attribute has become more; whoever asked for it before was told too little."""
        asked = self.asked_inside
        name = ANY_NAME if "*" in name else name
        of_name = _first(asked) if (owner, name) == (None, ANY_NAME) else asked.get((owner, name))
        self._is_more(of_name, asked.get((owner, _EVERY)))

    def class_of(self, node: ast.ClassDef, bases: tuple[Value, ...]) -> Class:
        """The class that is defined here, or was before; it inherits from whatever it ever does."""
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
        """The body of a class has bound names."""
        for name, value in names.items():
            known = cls.names.get(name, NOTHING)
            now = cls.names[name] = join(known, value)
            if now != known:
                asked = self.asked_inside
                self._is_more(asked.get((cls.node, name)), asked.get((cls.node, _EVERY)))

    def write_class(self, cls: Class, name: str, value: Value) -> None:
        """A class is given an attribute: objects may have read it before."""
        known = self.late_of_classes.get((cls.node, name), NOTHING)
        if join(known, value) != known:
            self.late_of_classes[cls.node, name] = join(known, value)
            self._note_late(cls.node, name)


def _of_anything(thing: Thing) -> Thing:
    """A method of whatever may have it, in place of one of an object; other things as they are."""
    is_of_object = type(thing) is Bound and isinstance(thing.receiver, Instance)
    return Bound(thing.function, _ANY_THING) if is_of_object else thing


def _first(asked: dict[Any, int]) -> int | None:
    """When any of what was asked for was asked for first."""
    return next(iter(asked.values()), None)
