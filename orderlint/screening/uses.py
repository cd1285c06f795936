"""The layers that a file can use: those in the definitions that its code reaches by name.

A large package imports all of itself, so most of its files import every layer that one of its files mentions. Few files
use it. A name may refer to everything that the modules define with that name.
"""

from __future__ import annotations

import os

from orderlint.screening.following import Following
from orderlint.screening.mentions import Speller
from orderlint.screening.parts import OWN, Parts
from orderlint.screening.reached import Modules
from orderlint.screening.vocabulary import ACTIVATION

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from orderlint.screening.needs import Needs
    from orderlint.screening.parts import Part
    from orderlint.screening.reached import Reached

__all__ = ["Uses"]

_ROOM = 8_000_000
"""The most bytes of modules kept as parts, which take about ten times as much. Most projects have far fewer."""


class Uses:
    """The definitions of modules, and the layers that these mention.

    Args:
        needs: The roles that are needed.
        text: Returns the code of a file as bytes.
    """

    def __init__(self, needs: Needs, text: Callable[[str], bytes]) -> None:
        self._needs = needs
        self._text = text
        self._parts: dict[str, Parts] = {}
        self._num_bytes = 0  # of the modules in `_parts`
        self._imported: dict[frozenset[str], Following | None] = {}
        self._enough: list[frozenset[str]] = []  # modules that suffice for every file that imports them
        self._mentioned: dict[Part, int] = {}
        self._spelled: dict[Part, int] = {}

    def suffice(self, path: str, modules: Iterable[str]) -> bool:
        """Whether the layers that a file can use may suffice for a finding.

        Args:
            path: The file. All of its definitions count as used.
            modules: The modules that it imports, directly or indirectly.
        """
        imports = frozenset(modules)
        if any(enough <= imports for enough in self._enough):
            return True
        imported = self._after(imports)
        own = self._parts_of(path)
        return imported is None or not own.is_clear or self._are_enough(imported.into(own))

    def _after(self, imports: frozenset[str]) -> Following | None:
        """What is reached once some modules are imported; `None` if that suffices, or is not known."""
        if imports not in self._imported:
            self._make_room()
            modules = {path: self._parts_of(path) for path in sorted(imports)}
            found = None
            if all(module.is_clear for module in modules.values()):
                named = Modules((_called(path), module) for path, module in modules.items())
                found = Following(named, _packages(imports))
            if found is None or self._are_enough(found.reached):
                self._enough.append(imports)
                found = None
            self._imported[imports] = found
        return self._imported[imports]

    def _parts_of(self, path: str) -> Parts:
        found = self._parts.get(path)
        if found is None:
            found = self._parts[path] = Parts(self._text(path))
            self._num_bytes += len(found.data)
        return found

    def _make_room(self) -> None:
        """Forget the modules that other files import, if they are many."""
        if self._num_bytes > _ROOM:
            self._num_bytes = 0
            for held in (self._parts, self._imported, self._mentioned, self._spelled):
                held.clear()

    def _are_enough(self, reached: Reached) -> bool:
        """Whether the layers that are reached may be out of order. Activations are always assumed to be there."""
        if reached.is_open:
            return True
        bits = ACTIVATION
        for part in reached.parts:
            bits |= self._mentioned_in(part)
            if reached.looks_up:
                bits |= self._spelled_roles(part)
        for name in reached.renamed:
            bits |= self._needs.vocabulary.role_of(name.decode("utf-8", "replace"))
        return self._needs.possible(bits)

    def _mentioned_in(self, part: Part) -> int:
        """The roles of the layers that a part mentions."""
        found = self._mentioned.get(part)
        if found is None:
            imported = part.module.sources.keys() & part.words
            if part.module.takes_all:
                imported.add(b"*")
            found = self._mentioned[part] = self._needs.vocabulary.roles_in_code(part.code, frozenset(imported))
        return found

    def _spelled_roles(self, part: Part) -> int:
        """The roles of the layers that the strings of a part may spell."""
        found = self._spelled.get(part)
        if found is None:
            found = self._spelled[part] = Speller(self._needs.vocabulary, part.module.data).roles(part.strings)
        return found


def _called(path: str) -> bytes:
    """The name of a module."""
    folder, name = os.path.split(path)
    stem = name.partition(".")[0]
    return os.fsencode(os.path.basename(folder) if stem == "__init__" else stem)


def _packages(paths: Iterable[str]) -> frozenset[bytes]:
    """The names of modules and of their packages."""
    names = {name for path in paths for name in path.split(os.sep)}
    return frozenset((OWN, *(os.fsencode(name.partition(".")[0]) for name in names)))
