"""Names without a role that differ only by a typo from a name in `roles`.

Packages outside the project are not imported, so their names are unknown. Only names that differ by a typo are
reported: two real names rarely do.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Final

from orderlint.catalog import RoleTable
from orderlint.diagnostics import FileWarning
from orderlint.graph import Location
from orderlint.text.files import Cell, SourceFile

if TYPE_CHECKING:
    from orderlint.source.project import Project

__all__ = ["is_slip", "mistyped", "mistyped_classes"]

_FROM: Final = re.compile(r"^[ \t]*from[ \t]+([\w.]+)[ \t]+import[ \t]+(\([^)]*\)|[^\n]*)", re.MULTILINE)
_MODULE: Final = re.compile(r"^[ \t]*import[ \t]+([\w.]+)(?:[ \t]+as[ \t]+(\w+))?[ \t]*(?:#.*)?$", re.MULTILINE)
_SHORTEST: Final = 4  # letters: shorter names are often similar by chance
_NAME: Final = re.compile(r"(\w+)(?:\s+as\s+\w+)?")


def mistyped(file: SourceFile, roles: RoleTable, project: Project) -> Iterator[FileWarning]:
    """Warnings about the names that a file imports.

    Args:
        file: The file.
        roles: The roles.
        project: Finds modules.
    """
    if not roles.user:
        return
    imported: dict[str, Location] = {}
    for cell in file.cells:
        for name, place in _imported(cell):
            imported.setdefault(name, place)
    unused = [known for known in roles.user if known not in imported]
    for name, place in imported.items():
        meant = next((known for known in unused if is_slip(known.split("."), name.split("."))), None)
        if meant is None or roles.find(name) is not None:
            continue
        tops = {one.partition(".")[0] for one in (name, meant)}
        if any(project.find(top, file.path) is None for top in tops):  # otherwise, `misnamed` reports it
            yield FileWarning(place, _question(name, meant))


def mistyped_classes(classes: Iterable[str], roles: RoleTable) -> Iterator[str]:
    """Warnings about the classes of a model without a role.

    Args:
        classes: Their dotted names.
        roles: The roles. A name that exists in a loaded module is not a typo.
    """
    unknown = [known for known in roles.user if not _is_there(known)]
    for name in classes:
        meant = next((known for known in unknown if is_slip(known.split("."), name.split("."))), None)
        if meant is not None:
            yield _question(name, meant)


def _is_there(dotted: str) -> bool:
    module, _, name = dotted.rpartition(".")
    return hasattr(sys.modules.get(module), name)


def _question(name: str, meant: str) -> str:
    return f"`{name}` has no role, but `roles` names `{meant}`: is that the same layer?"


def _imported(cell: Cell) -> Iterator[tuple[str, Location]]:
    """The dotted names that a cell imports one by one, or reads from a module that it imports."""
    for found in _FROM.finditer(cell.text):
        for match in _NAME.finditer(found[2].split("#")[0]):
            yield f"{found[1]}.{match[1]}", _line(cell, found.start())
    for found in _MODULE.finditer(cell.text):
        alias = found[2] or found[1]
        for read in re.finditer(rf"(?<![\w.]){re.escape(alias)}((?:\.\w+)+)", cell.text[found.end() :]):
            yield f"{found[1]}{read[1]}", _line(cell, found.end() + read.start())


def _line(cell: Cell, position: int) -> Location:
    line = cell.text.count("\n", 0, position) + 1
    return Location(cell.path, line, 1, line, 1, cell.number)


def is_slip(known: list[str], given: list[str]) -> bool:
    """Whether two dotted names differ by a typo in one part.

    >>> is_slip(["lib", "norms", "SyncNorm"], ["lib", "norm", "SyncNorm"])
    True
    >>> is_slip(["lib", "ConvBN"], ["lib", "ConvBNA"]), is_slip(["lib", "v1", "Conv"], ["lib", "v2", "Conv"])
    (False, False)
    """
    if len(known) != len(given):
        return False
    pairs = [(ours, theirs) for ours, theirs in zip(known, given, strict=True) if ours != theirs]
    if len(pairs) != 1:
        return False
    ours, theirs = (name.replace("_", "").lower() for name in pairs[0])
    if ours == theirs or _is_turned(ours, theirs):
        return True
    return known[-1] == given[-1] and (_is_longer(ours, theirs) or _is_longer(theirs, ours))


def _is_turned(first: str, second: str) -> bool:
    """Whether two adjacent letters were swapped."""
    places = range(min(len(first), len(second)) - 1)
    return any(
        first[:place] + first[place + 1] + first[place] + first[place + 2 :] == second
        for place in places
        if first[place : place + 2].isalpha()
    )


def _is_longer(long: str, short: str) -> bool:
    """Whether the first name has one extra letter."""
    return len(long) == len(short) + 1 > _SHORTEST and any(
        long[:place] + long[place + 1 :] == short and long[place].isalpha() for place in range(len(long))
    )
