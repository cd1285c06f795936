"""Scopes of the glance: modules, and the values of the names of each scope along the code."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable
from typing import NamedTuple
from weakref import WeakKeyDictionary

from orderlint.glance.things import External, ModuleOf, Value
from orderlint.glance.values import join
from orderlint.text.bindings import Bindings, bindings_in

__all__ = ["Frame", "Module", "Names", "Point", "joined"]

Names = dict[str, Value]


class Point(NamedTuple):
    """A point in the code of a scope.

    Attributes:
        names: The values of the names of the scope.
        held: The attributes of each object that is being created.
    """

    names: Names
    held: tuple[Names, ...]


class Module:
    """A module of the project.

    Attributes:
        name: Its dotted name.
        path: Its file.
        tree: Its syntax tree.
        frame: Its global scope.
        ever: All values that its names ever have, since functions may be called at any time.
        asked: When `ever` was first read, by name.
        answers: The answers to these reads.
        read: When its top level first read the value that a name had at that point.
        elsewhere: The names that code outside the top level bound. Their reads always use `ever`.
        awaited: The names that a module imported before they were bound, with these modules and the names there.
        put_off: The names that it imports from other modules, with these modules and the names there. They are only
            imported if they are read.
        is_run: Whether its top level has run to its end.
    """

    def __init__(self, name: str, path: str, tree: ast.Module) -> None:
        self.name = name
        self.path = path
        self.tree = tree
        self.ever: Names = {}
        self.asked: dict[str, int] = {}
        self.answers: Names = {}
        self.read: dict[str, int] = {}
        self.awaited: dict[str, list[tuple[Module, str]]] = {}
        self.put_off: dict[str, tuple[ModuleOf, str]] = {}
        self.elsewhere: set[str] = set()
        self.is_run = False
        self.stars: list[ModuleOf | External] = []
        self.frame = Frame(self, None)

    def may_bind(self, name: str) -> bool:
        """Whether the module may have this name after it has run to its end."""
        bound = _bindings(self.tree).names
        return name in bound or "*" in bound

    def may_put_off(self, name: str) -> bool:
        """Whether the import of a name may wait until the name is read: nothing else binds it, or asked for it."""
        is_asked = any(name in noted or "*" in noted for noted in (self.asked, self.read, self.awaited))
        return not is_asked and name not in _bindings(self.tree).repeated

    def may_give(self, name: str) -> bool:
        """Whether code of the module gives this name to anything that has attributes.

        Every name that it binds may be given: in the body of a module or class, or by `vars(self).update(locals())`.
        """
        bound = _bindings(self.tree)
        return name in bound.names or name in bound.attributes

    def begin(self) -> None:
        """Reset the module, because it runs again."""
        for noted in (self.asked, self.answers, self.read, self.awaited, self.put_off):
            noted.clear()
        self.stars.clear()
        self.is_run = False
        self.frame.begin()


class Frame:
    """One run of the body of a module, function or class.

    Attributes:
        module: The module that contains it.
        parent: The enclosing scope.
        names: The values of its names at this point; `None` if no path leads here.
        shared: The names that belong to another scope: those declared `global` or `nonlocal`.
        is_class: Whether it is the body of a class. Functions in it do not see its names.
        returned: The values that it has returned so far.
        left: The points at which it returns.
        yielded: The values that it yields.
        broken: Two lists of points for each loop around this point: where it breaks, and where it continues.
        receiver: The object or class that `super()` is for.
        owner: The class whose method it runs.
        began: When the run began.
        rebound: The values that inner functions bind to names of this scope (`nonlocal`), in any run.
        before: The values of its names at the end of the previous run.
    """

    __slots__ = (
        "before",
        "began",
        "broken",
        "is_class",
        "is_done",
        "left",
        "module",
        "names",
        "owner",
        "parent",
        "rebound",
        "receiver",
        "returned",
        "shared",
        "yielded",
    )

    def __init__(self, module: Module, parent: Frame | None, *, is_class: bool = False) -> None:
        self.module = module
        self.parent = parent
        self.is_class = is_class
        self.rebound: Names = {}
        self.names: Names | None = None
        self.begin()

    def begin(self, now: int = 0) -> None:
        """Reset the scope, because it runs again."""
        self.began = now
        self.before = self.names or {}
        self.names = {}
        self.shared: dict[str, Frame] = {}
        self.returned: list[Value] = []
        self.left: list[Point] = []
        self.broken: list[list[Point]] = []
        self.receiver: object = None
        self.owner: object = None
        self.yielded: list[Value] = []
        self.is_done = False

    @property
    def globals(self) -> Frame:
        return self.module.frame


def joined(every: Iterable[Names], merge: Callable[[Value, Value], Value] = join) -> Names:
    """The values of names where several paths meet. A name that some do not bind has its value on the other paths.

    Args:
        every: The names on each path; at least one path.
        merge: Joins two values that differ.
    """
    first, *others = every
    result = dict(first)
    for names in others:
        for name, value in names.items():
            known = result.get(name)
            if known is None:
                result[name] = value
            elif known is not value and known != value:
                result[name] = merge(known, value)
    return result


# To search a tree takes a twentieth of the run of a module, and many files import the same modules.
_KNOWN: WeakKeyDictionary[ast.Module, Bindings] = WeakKeyDictionary()


def _bindings(tree: ast.Module) -> Bindings:
    """What a tree binds. It is searched once as long as it exists."""
    known = _KNOWN.get(tree)
    if known is None:
        known = _KNOWN[tree] = bindings_in(tree)
    return known
