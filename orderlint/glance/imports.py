"""Imports: modules of the project are run when they are first needed, as the analysis does."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from orderlint.glance.binding import bind
from orderlint.glance.frames import Module
from orderlint.glance.things import ANY, External, ModuleOf, Value, one

if TYPE_CHECKING:
    from orderlint.glance.machine import Machine

__all__ = ["import_from", "import_names", "member", "write"]


def import_names(g: Machine, node: ast.Import) -> None:
    """`import a.b as c`."""
    for alias in node.names:
        name = alias.name if alias.asname else alias.name.partition(".")[0]
        bind(g, alias.asname or name, one(_module(g, name)))


def import_from(g: Machine, node: ast.ImportFrom) -> None:
    """`from a.b import c as d`, relative or absolute."""
    source = _source(g, node)
    for alias in node.names:
        if alias.name == "*":
            g.frame.module.stars.append(source)
        elif isinstance(source, External):
            bind(g, alias.asname or alias.name, one(External(f"{source.name}.{alias.name}")))
        else:
            found = member(g, source, alias.name)
            fallback = one(External(f"{source.name}.{alias.name}"))
            bind(g, alias.asname or alias.name, fallback if found is None else found)


def _module(g: Machine, name: str) -> ModuleOf | External:
    path = g.library.find(name, g.frame.module.path)
    return External(name) if path is None else ModuleOf(name, path)


def _source(g: Machine, node: ast.ImportFrom) -> ModuleOf | External:
    name = node.module or ""
    if not node.level:
        return _module(g, name)
    module = g.frame.module
    path = g.library.relative(module.path, node.level, name)
    package = module.name.split(".")
    kept = len(package) - node.level + (1 if module.is_package else 0)
    absolute = ".".join([*package[: max(kept, 0)], *filter(None, [name])])
    return External(absolute or name or "_") if path is None else ModuleOf(absolute, path)


def member(g: Machine, module: ModuleOf, name: str, seen: set[str] | None = None) -> Value | None:
    """A name of a module of the project: bound in it, or one of its submodules; `None` if neither.

    Args:
        g: The machine.
        module: The module.
        name: The name.
        seen: The files in which it was looked for already.
    """
    listed = g.listed(f"{module.name}.{name}")
    if listed is not None:
        return one(listed)
    run = g.module(module)
    if run is not None:
        value = _own(g, run, name, set() if seen is None else seen)
        if value is not None:
            return value
    path = g.library.submodule(module.path, name)
    if path is not None:
        return one(ModuleOf(f"{module.name}.{name}", path))
    return ANY if run is not None and not run.is_run and run.may_bind(name) else None


def _own(g: Machine, module: Module, name: str, seen: set[str]) -> Value | None:
    value = module.ever.get(name)
    module.asked.add(name)
    if value is not None:
        return value
    for star in module.stars:
        if isinstance(star, External):
            if g.listed(f"{star.name}.{name}") is not None:
                return one(External(f"{star.name}.{name}"))
        elif star.path not in seen:
            g.tick()
            seen.add(star.path)
            value = member(g, star, name, seen)
            if value is not None:
                return value
    return None


def write(g: Machine, module: ModuleOf, name: str, value: Value) -> None:
    """`module.name = value`."""
    run = g.module(module)
    if run is not None:
        g.note_global(run, name, value)
