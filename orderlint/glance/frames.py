"""Scopes of the glance: modules, and the values of the names of each scope along the code."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable
from typing import NamedTuple
from weakref import WeakKeyDictionary

from orderlint.glance.things import External, ModuleOf, Value
from orderlint.glance.values import join

__all__ = ["Frame", "Module", "Names", "Point", "joined"]

Names = dict[str, Value]


class Point(NamedTuple):
    """A point in the code of a scope.

    Attributes:
        names: What the names of the scope stand for.
        held: What each object that is being made has been given.
    """

    names: Names
    held: tuple[Names, ...]


class Module:
    """A module of the project.

    Attributes:
        name: Its dotted name.
        path: Its file.
        tree: What it holds.
        frame: Its global scope.
        ever: What its names stand for at any time: functions may be called whenever.
        asked: When that was first asked of a name.
        told: What was answered.
        read: When its top level first read what a name stood for at that point.
        elsewhere: Those that code bound outside the top level: of these, it is always asked what they ever stand for.
        awaited: Names that it had not bound yet when a module imported them, with these modules and their own names.
        is_run: Whether its top level has come to its end.
    """

    def __init__(self, name: str, path: str, tree: ast.Module) -> None:
        self.name = name
        self.path = path
        self.tree = tree
        self.ever: Names = {}
        self.asked: dict[str, int] = {}
        self.told: Names = {}
        self.read: dict[str, int] = {}
        self.awaited: dict[str, list[tuple[Module, str]]] = {}
        self.elsewhere: set[str] = set()
        self.is_run = False
        self.stars: list[ModuleOf | External] = []
        self.frame = Frame(self, None)

    def may_bind(self, name: str) -> bool:
        """Whether the module, when it is run to its end, may have this name."""
        bound = _bound(self.tree).names
        return name in bound or "*" in bound

    def may_give(self, name: str) -> bool:
        """Whether code of the module gives this name to anything that has attributes."""
        return name in _bound(self.tree).given

    def begin(self) -> None:
        """Be run anew."""
        for noted in (self.asked, self.told, self.read, self.awaited):
            noted.clear()
        self.stars.clear()
        self.is_run = False
        self.frame.begin()


class Frame:
    """One run of the body of a module, function or class.

    Attributes:
        module: The module that it stands in.
        parent: The scope around it.
        names: What its names stand for at this point; `None` where no path leads.
        shared: Names that are another scope's: those declared `global` or `nonlocal`.
        is_class: Whether it is the body of a class, whose names functions in it do not see.
        returned: What it returns, so far.
        left: Where it returns.
        yielded: What it yields.
        broken: Where a loop goes on, and where it is left, for the loops around this point.
        receiver: What `super()` is of.
        owner: The class whose method it runs.
        began: When the run began.
        rebound: What functions within bind names of this scope to (`nonlocal`), in any run.
        before: What its names stood for at the end of the run before.
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
        """Be run anew."""
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
    """What names stand for where several paths meet; a name that some do not bind is what the others bind it to.

    Args:
        every: What they stand for on each path, of which there is one at least.
        merge: What is made of two values that are not the same.
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


class _Bound(NamedTuple):
    """The names in a tree.

    Attributes:
        names: Those that some code binds.
        given: Those that some code may give to an object, a class or a module.
    """

    names: frozenset[str]
    given: frozenset[str]


# Looking through a tree takes a twentieth of the run of a module, and many files import the same ones.
_KNOWN: WeakKeyDictionary[ast.Module, _Bound] = WeakKeyDictionary()


def _bound(tree: ast.Module) -> _Bound:
    """The names in a tree, looked for once for as long as there is the tree.

    Whatever is bound may be given: in the body of a module or class, or by `vars(self).update(locals())`.
    """
    known = _KNOWN.get(tree)
    if known is None:
        names, attributes = _looked_for(tree)
        known = _KNOWN[tree] = _Bound(frozenset(names), frozenset(names | attributes))
    return known


def _looked_for(tree: ast.Module) -> tuple[set[str], set[str]]:
    """The names that code in a tree binds, and the attributes that it sets. `ast.walk` takes five times as long."""
    names: set[str] = set()
    attributes: set[str] = set()
    nodes: list[ast.AST] = [tree]
    while nodes:
        node = nodes.pop()
        if isinstance(node, ast.Name):
            if isinstance(node.ctx, ast.Store):
                names.add(node.id)
            continue
        if isinstance(node, ast.Attribute):
            if isinstance(node.ctx, ast.Store):
                attributes.add(node.attr)
        elif isinstance(node, ast.alias):
            names.add((node.asname or node.name).partition(".")[0])
        elif isinstance(node, _NAMED) and node.name is not None:
            names.add(node.name)
        for field in node._fields:
            value = getattr(node, field, None)
            if isinstance(value, list):
                nodes += [each for each in value if isinstance(each, ast.AST)]
            elif isinstance(value, ast.AST):
                nodes.append(value)
    return names, attributes


_NAMED = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.ExceptHandler, ast.MatchAs, ast.MatchStar)
