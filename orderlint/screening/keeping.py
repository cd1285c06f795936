"""Decorators that register definitions: code may get them from a registry without mentioning their names."""

from __future__ import annotations

import re

from orderlint.screening.imports import words_in
from orderlint.screening.parts import Part
from orderlint.screening.reached import Modules, Reached
from orderlint.screening.reads import may_bind, may_read

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from orderlint.screening.parts import Decorator, Parts

__all__ = ["Keeping", "Kept"]

_BUILTINS = frozenset((b"classmethod", b"property", b"staticmethod"))
_MOST_DECORATORS = 50  # decorators of a project that are followed
_OF_PROPERTIES = frozenset((b"deleter", b"getter", b"setter"))
_ELEMENT = re.compile(rb"\]\s*[|+]?=(?!=)")
_OF_NAME = re.compile(rb"(?<![\w\x80-\xff])([\w\x80-\xff]+)\s*\[[^\[\]]*\]\s*[|+]?=(?!=)")
_INNER = re.compile(rb"[\])]\s*\.\s*[\w\x80-\xff]+\s*[|+]?=(?!=)|\]\s*,[^=\n(]*=(?!=)")
_ATTRIBUTE = re.compile(rb"^[ \t]*([\w\x80-\xff]+)\.[\w\x80-\xff.]+[ \t]*[|+]?=(?!=)", re.MULTILINE)
_SET = re.compile(rb"\bsetattr\s*\(\s*([\w\x80-\xff]*)")
_METHOD = re.compile(rb"((?<![\w\x80-\xff])[\w\x80-\xff]+|[^\w\s\x80-\xff])[ \t]*\.[ \t]*([\w\x80-\xff]+)[ \t]*\(")
_GLOBAL = re.compile(rb"^[ \t]*global\b([^\n]*)", re.MULTILINE)
_SUPER = re.compile(rb"\bsuper\s*\(\s*\)\s*\.")
_PARAMETERS = re.compile(rb"\bdef\s+[\w\x80-\xff]+\s*\(([^()]*)")
_SUBCLASS_HOOK = b"__init_subclass__"
_HOOK = re.compile(
    rb"^([ \t]+)def\s+__init_subclass__\b.*?(?=^(?!\1[ \t])[ \t]*[^\s)\]}]|\Z)", re.MULTILINE | re.DOTALL
)
# Methods of strings and other objects that store nothing.
_KEEPS_NOTHING = frozenset(
    b"""copy endswith format get isidentifier items join keys lower lstrip replace rsplit rstrip split startswith strip
    title upper values""".split()
)


class Kept:
    """What a decorator registers.

    Attributes:
        definitions: The decorated definitions.
        places: The names of everything that it may store them in.
        by: The parts that store them.
    """

    __slots__ = ("by", "definitions", "places")

    def __init__(self, places: frozenset[bytes], by: frozenset[Part]) -> None:
        self.definitions: list[Part] = []
        self.places = places
        self.by = by

    def is_read_in(self, part: Part) -> bool:
        """Whether some code may read where the definitions were stored."""
        return part not in self.by and any(True for _ in part.reads(self.places))


class Keeping:
    """What the decorators of some modules register.

    Args:
        modules: The modules.
        packages: The names of the modules and their packages.

    Attributes:
        always: The definitions that may be retrieved in unknown ways.
        kept: The other definitions, grouped by what registers them.
    """

    def __init__(self, modules: Modules, packages: frozenset[bytes]) -> None:
        self.always: list[Part] = []
        self._modules = modules
        self._packages = packages
        self._by_decorator: dict[tuple[bytes, bytes], Kept | None] = {}
        self._top = frozenset(word for part in modules.run for word in part.words)
        for parts in modules.definitions.values():
            for part in parts:
                if part.decorators:
                    self._place(part)
        self.always += self._kept_by_bases()

    @property
    def kept(self) -> list[Kept]:
        return [kept for kept in self._by_decorator.values() if kept is not None and kept.definitions]

    def _place(self, part: Part) -> None:
        for one in part.decorators:
            if one is not None and self._is_another_librarys(one, part.module):
                continue
            kept = None if one is None or not one.is_plain else self._kept_by(one)
            if kept is None:
                self.always.append(part)
            elif kept.places:
                kept.definitions.append(part)

    def _is_another_librarys(self, one: Decorator, module: Parts) -> bool:
        """Whether a decorator is Python's own, or one from which the analysis cannot retrieve definitions."""
        if one.name in _OF_PROPERTIES and one.name not in self._modules.definitions:
            return True
        if one.root in self._modules.definitions or may_bind(module.run.code, one.root):
            return False
        sources = module.sources.get(one.root, ())
        return not self._packages.intersection(sources) if sources else one.root in _BUILTINS

    def _kept_by(self, one: Decorator) -> Kept | None:
        """What a decorator of the project registers; `None` if that is not known."""
        key = one.root, one.name
        if key in self._by_decorator:
            return self._by_decorator[key]
        kept = None
        parts = self._modules.definitions.get(one.name, ())
        is_defined = bool(parts) and one.name not in self._top and all(part.is_definition for part in parts)
        is_defined = is_defined and len(self._by_decorator) < _MOST_DECORATORS
        if is_defined and (one.root == one.name or (one.root in self._modules.called and one.root not in self._top)):
            kept = self._kept_in(parts)
        self._by_decorator[key] = kept
        return kept

    def _kept_in(self, parts: Iterable[Part]) -> Kept | None:
        """What code registers; `None` if that is not known."""
        inner = Reached(self._modules)
        inner.parts += parts
        inner.go_on()
        is_clear = not (inner.is_open or inner.goes_through_modules or inner.evaluates)
        places = _places_in(inner.parts) if is_clear else None
        return None if places is None else Kept(frozenset(places), frozenset(inner.parts))

    def _kept_by_bases(self) -> list[Part]:
        """The classes that a base class may register when they are defined."""
        classes = [
            (name, part)
            for name, parts in self._modules.definitions.items()
            for part in parts
            if part.code.startswith(b"class")
        ]
        hooked = {name for name, part in classes if _SUBCLASS_HOOK in part.words and self._keeps_subclasses(part)}
        kept: list[Part] = []
        while hooked:
            names = [(name, part) for name, part in classes if words_in(part.code.partition(b":")[0]) & hooked - {name}]
            new = {name for name, _ in names} - hooked
            kept = [part for _, part in names]
            if not new:
                break
            hooked |= new
        return kept

    def _keeps_subclasses(self, part: Part) -> bool:
        hooks = [Part(found[0], part.module) for found in _HOOK.finditer(part.code)]
        kept = self._kept_in(hooks) if hooks else None
        return kept is None or bool(kept.places)


def _places_in(parts: Iterable[Part]) -> set[bytes] | None:
    """The names of all that code may store objects in; `None` if that is not known, or if the code also reads it."""
    places: set[bytes] = set()
    rest: list[tuple[bytes, Parts]] = []
    for part in parts:
        code = _SUPER.sub(b"", part.code)
        found = _OF_NAME.findall(code)
        if len(found) < len(_ELEMENT.findall(code)) or _INNER.search(code) is not None:
            return None  # for example an element of the result of a call
        own = words_in(b" ".join(_PARAMETERS.findall(code)))
        found += [name for pattern in (_ATTRIBUTE, _SET) for name in pattern.findall(code) if name not in own]
        found += words_in(b" ".join(_GLOBAL.findall(code)))
        for owner, method in _METHOD.findall(code):
            if method not in _KEEPS_NOTHING and owner not in part.module.sources:
                found.append(owner)
        places.update(found)
        for pattern in (_OF_NAME, _ATTRIBUTE, _SET, _GLOBAL, _METHOD):
            code = pattern.sub(b"", code)
        rest.append((code, part.module))
    if any(words_in(place) != {place} for place in places):
        return None
    is_read = any(may_read(code, place, module.sources) for code, module in rest for place in places)
    return None if is_read else places
