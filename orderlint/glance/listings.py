"""Modules that only re-export names of other modules, such as the `__init__.py` of a large package.

Each file of such a package imports it. To run its hundreds of imports for one name, in each of hundreds of files, takes
longer than anything else. So if a module lists `MANY` names or more, a name is followed to the module that it is
imported from, and nothing is run. The names with their sources are the *listing* of the module.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from typing import NamedTuple

__all__ = ["MANY", "Listed", "listed_in"]

MANY = 40  # names; it costs little to run fewer imports


class Listed(NamedTuple):
    """The source of an imported name.

    Attributes:
        level: The number of dots of a relative import.
        module: The module name after the dots.
        name: The name in that module.
    """

    level: int
    module: str
    name: str


def listed_in(tree: ast.Module) -> Mapping[str, Listed] | None:
    """The listing of a module, by name; `None` if it is short, or if the module does anything else."""
    found: dict[str, Listed] = {}
    for statement in tree.body:
        if isinstance(statement, ast.ImportFrom):
            for alias in statement.names:
                name = alias.asname or alias.name
                if name == "*" or name in found:
                    return None
                found[name] = Listed(statement.level, statement.module or "", alias.name)
        elif not _is_about_itself(statement):
            return None
    return found if len(found) >= MANY else None


def _is_about_itself(statement: ast.stmt) -> bool:
    """Whether a statement is a string, or assigns a literal to `__all__`, `__version__` or a similar name."""
    if isinstance(statement, ast.Expr):
        return isinstance(statement.value, ast.Constant)
    if not isinstance(statement, ast.Assign):
        return False
    value = statement.value
    parts = value.elts if isinstance(value, (ast.List, ast.Tuple)) else [value]
    return all(isinstance(part, ast.Constant) for part in parts) and all(map(_is_special, statement.targets))


def _is_special(target: ast.expr) -> bool:
    return isinstance(target, ast.Name) and target.id.startswith("__") and target.id.endswith("__")
