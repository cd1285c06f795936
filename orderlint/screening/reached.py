"""The parts of modules that code reaches by name."""

from __future__ import annotations

import re
from copy import copy

from orderlint.screening.mentions import BACKWARDS, looks_up

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from orderlint.screening.parts import Part, Parts

__all__ = ["OPENING", "Modules", "Reached"]

_OWN = frozenset((b"globals", b"locals"))
# Code that may read all names of a module. Without arguments, it is its own module.
_GO_THROUGH = re.compile(rb"(?<!\bself)(?<!\bcls)\.\s*__dict__|\b(?:__all__|dir|getmembers|vars)\b")
_GO_THROUGH_WORDS = frozenset(b"__all__ __dict__ dir getmembers vars".split())
# Code that reaches definitions without naming them.
_OPEN = re.compile(rb"\b(?:__subclasses__|get_objects)\b|\bmetaclass\s*=\s*(?!(?:abc\s*\.\s*)?ABCMeta\b)")
_OPEN_WORDS = frozenset(b"__subclasses__ get_objects metaclass".split())
_EVALUATES = re.compile(rb"(?<![\w.])(?<!def )(?:eval|exec|execfile)\s*\(")
_EVALUATES_WORDS = frozenset(b"eval exec execfile".split())
_CASES = (b"lower", b"upper", b"title", b"capitalize", b"swapcase", b"casefold")
_NAMES_OBJECTS = re.compile(rb"\.\s*__(?:name|qualname)__\b")
_NAMES_OBJECTS_WORDS = frozenset((b"__name__", b"__qualname__"))

OPENING = frozenset(
    ("__all__", "__dict__", "__subclasses__", "dir", "get_objects", "getmembers", "globals", "locals", "vars")
)
"""The names by which code in a string may reach everything."""


class Modules:
    """The definitions of some modules.

    Args:
        modules: The modules, each with the name of its file, or of its folder if it is a package.

    Attributes:
        run: The code that runs when they are imported.
        definitions: Their definitions, by name.
        renamed: The original names of imports with another name, by that name.
        called: The modules, by name.
        names: All of these names.
    """

    def __init__(self, modules: Iterable[tuple[bytes, Parts]]) -> None:
        self.run: list[Part] = []
        self.definitions: dict[bytes, list[Part]] = {}
        self.renamed: dict[bytes, set[bytes]] = {}
        self.called: dict[bytes, list[Parts]] = {}
        for called, module in modules:
            self.run.append(module.run)
            self.called.setdefault(called, []).append(module)
            for name, parts in module.definitions.items():
                self.definitions.setdefault(name, []).extend(parts)
            for name, others in module.renamed.items():
                self.renamed.setdefault(name, set()).update(others)
        self.names = self.definitions.keys() | self.renamed.keys() | self.called.keys()


class Reached:
    """The parts of some modules that are reached.

    Args:
        modules: The modules.

    Attributes:
        parts: The parts, in the order in which they were reached.
        names: The names through which they were reached.
        renamed: The original names of imports with another name, among these names.
        looks_up: Whether names are looked up by strings.
        evaluates: Whether strings are run as code.
        names_objects: Whether strings may come from the names of definitions.
        changes_case: Whether the case of strings may be changed.
        reverses: Whether strings may be read backward.
        is_open: Whether everything may be reached.
        goes_through_modules: Whether all names of a module may be used.
    """

    def __init__(self, modules: Modules) -> None:
        self.parts: list[Part] = []
        self.names: set[bytes] = set()
        self.renamed: set[bytes] = set()
        self.looks_up = self.evaluates = self.reverses = self.names_objects = False
        self.changes_case = self.is_open = self.goes_through_modules = False
        self._modules = modules
        self._own: dict[bytes, set[bytes]] = {}
        self._known: set[bytes] | frozenset[bytes] = modules.names
        self._num_done = 0

    def copy(self) -> Reached:
        """A copy, to continue from."""
        new = copy(self)
        new.parts, new.names, new.renamed = [*self.parts], {*self.names}, {*self.renamed}
        return new

    def enter(self, module: Parts) -> None:
        """Reach everything in a module, which need not be one of these."""
        self._own = module.renamed
        self._known = self._known | module.renamed.keys()
        for name in self.names & self._own.keys():
            self.renamed |= self._own[name]
            for other in self._own[name]:
                self.use(other)
        self.parts.append(module.run)
        for parts in module.definitions.values():
            for part in parts:
                self.add(part)

    def add(self, part: Part) -> None:
        """Reach a part and its decorators."""
        self.parts.append(part)
        if part.decorating is not None:
            self.parts.append(part.decorating)

    def use(self, name: bytes) -> None:
        """Reach everything that is defined with a name."""
        waiting = [name]
        while waiting:
            one = waiting.pop()
            if one in self.names:
                continue
            self.names.add(one)
            self.parts += self._modules.definitions.get(one, ())
            for renamed in (self._modules.renamed, self._own):
                others = renamed.get(one, ())
                self.renamed.update(others)
                waiting += others

    def go_on(self) -> None:
        """Follow the names in the parts that were added."""
        num_names = -1
        while self._num_done < len(self.parts) or (self.goes_through_modules and len(self.names) > num_names):
            for part in self.parts[self._num_done :]:
                for name in part.reads(self._known):
                    self.use(name)
                self._look_at(part)
                self._num_done += 1
            num_names = len(self.names)
            if self.goes_through_modules:
                self._use_modules()

    def _look_at(self, part: Part) -> None:
        """Note what a part can reach without naming it."""
        words, code = part.words, part.code
        self.looks_up = self.looks_up or looks_up(code)
        self.reverses = self.reverses or BACKWARDS in code
        self.changes_case = self.changes_case or any(mark in code for mark in _CASES)
        self.evaluates = self.evaluates or bool(words & _EVALUATES_WORDS and _EVALUATES.search(code))
        self.is_open = self.is_open or bool(words & _OPEN_WORDS and _OPEN.search(code))
        if words & _NAMES_OBJECTS_WORDS and _NAMES_OBJECTS.search(code):
            self.names_objects = True
        goes_through = bool(words & _GO_THROUGH_WORDS and _GO_THROUGH.search(code))
        if goes_through or words & _OWN:
            self._use_all(part.module)
            self.goes_through_modules = self.goes_through_modules or goes_through

    def _use_modules(self) -> None:
        """Use everything in the modules that the code names, because it may read all of their names."""
        for name in self.names & self._modules.called.keys():
            for module in self._modules.called[name]:
                self._use_all(module)

    def _use_all(self, module: Parts) -> None:
        for name in (*module.definitions, *module.sources):
            if name in self._known:
                self.use(name)
