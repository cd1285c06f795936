"""Imports. A module of the project is run when one of its names is read, as in the analysis."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from orderlint.catalog import customary
from orderlint.glance.binding import bind
from orderlint.glance.frames import Module
from orderlint.glance.listings import Listed
from orderlint.glance.things import NOTHING, UNKNOWN, External, ModuleOf, Value, one
from orderlint.glance.unsure import Unsure
from orderlint.glance.values import join

if TYPE_CHECKING:
    from orderlint.glance.machine import Machine

__all__ = ["bring", "import_from", "import_names", "member", "module", "of_star", "starred", "write"]


def import_names(g: Machine, node: ast.Import) -> None:
    """`import a.b as c`."""
    for alias in node.names:
        name = alias.name if alias.asname else alias.name.partition(".")[0]
        bind(g, alias.asname or name, one(module(g, name)))


def import_from(g: Machine, node: ast.ImportFrom) -> None:
    """`from a.b import c as d`, relative or absolute."""
    source = _source(g, node)
    for alias in node.names:
        name, bound = alias.name, alias.asname or alias.name
        if name == "*":
            g.frame.module.stars.append(source)
        elif isinstance(source, External):
            given = g.read_outside(name)  # code may add its own layers to a module of Keras
            bind(g, bound, join(given, one(External(f"{source.name}.{name}"))))
        elif _is_put_off(g, bound):
            g.frame.module.put_off[bound] = source, name
        else:
            _import(g, source, name, bound)


def _is_put_off(g: Machine, name: str) -> bool:
    """Whether an import waits until the name is read, as all imports do in the analysis."""
    here = g.frame.module
    return g.frame is here.frame and name not in g.asked_anywhere and here.may_put_off(name)


def bring(g: Machine, module: Module, names: Iterable[str]) -> None:
    """Import names of a module whose import was put off, because they are read."""
    for name in names:
        if name in module.put_off and (module.path, name) not in g.brought:
            g.brought[module.path, name] = None
            with g.entering(module.frame):
                _import(g, *module.put_off[name], name)


def _import(g: Machine, source: ModuleOf, name: str, alias: str) -> None:
    """`from source import name as alias`."""
    if _awaits(g, source, name, alias):
        bind(g, alias, UNKNOWN)
    else:
        found = member(g, source, name)
        bind(g, alias, one(External(f"{source.name}.{name}")) if found is None else found)


def _awaits(g: Machine, source: ModuleOf, name: str, alias: str) -> bool:
    """Whether a module imports a name that the running source has yet to bind. Then the source notes it."""
    run, here = g.modules.get(source.path), g.frame.module
    if run is None or run.is_run or g.frame is not here.frame or run.stars or name in run.ever or name in run.put_off:
        return False
    if not run.may_bind(name) or g.listed(f"{source.name}.{name}") or _submodule(g, source, name):
        return False
    run.awaited.setdefault(name, []).append((here, alias))
    return True


def module(g: Machine, name: str) -> ModuleOf | External:
    """The module with an absolute name."""
    path = g.library.find(name, g.frame.module.path)
    return External(name) if path is None else ModuleOf(name, path)


def _source(g: Machine, node: ast.ImportFrom) -> ModuleOf | External:
    here = g.frame.module
    return _imported(g, ModuleOf(here.name, here.path), node.level, node.module or "")


def _imported(g: Machine, here: ModuleOf, level: int, name: str) -> ModuleOf | External:
    """The module that another module refers to by a name with `level` dots in front."""
    path = g.library.imported(here.path, level, name)
    absolute = name
    if level:
        package = here.name.split(".")
        kept = len(package) - level + (1 if g.library.is_package(here.path) else 0)
        absolute = ".".join([*package[: max(kept, 0)], *filter(None, [name])])
    return External(absolute or name or "_") if path is None else ModuleOf(absolute, path)


def member(g: Machine, owner: ModuleOf, name: str, seen: set[str] | None = None) -> Value | None:
    """A name of a module of the project: one that it binds, or a submodule; `None` if it is neither.

    Args:
        g: The machine.
        owner: The module.
        name: The name.
        seen: The files that were already searched.
    """
    listed = g.listed(f"{owner.name}.{name}")
    if listed is not None:
        return one(listed)
    listing = g.listing(owner)
    if listing is not None:
        return _of_listing(g, owner, listing, name)
    run = g.module(owner)
    if run is not None:
        value = _own(g, run, name, set() if seen is None else seen)
        if value is not None:
            is_settled = run.is_run or value == _submodule(g, owner, name)
            return value if is_settled else join(value, UNKNOWN)
    found = _submodule(g, owner, name)
    if run is not None:
        g.ask_module(run, name, found)
        if not found and not run.is_run and run.may_bind(name):
            return UNKNOWN  # the module still runs, and what it binds is known when the whole file runs again
    return found or None


def _of_listing(g: Machine, owner: ModuleOf, listing: Mapping[str, Listed], name: str) -> Value | None:
    """A name of a module that only lists names of other modules."""
    g.tick()
    found = listing.get(name)
    if found is None:
        return _submodule(g, owner, name) or None
    source = _imported(g, owner, found.level, found.module)
    fallback = one(External(f"{source.name}.{found.name}"))
    if isinstance(source, External):
        return join(g.read_outside(found.name), fallback)
    if source.path == owner.path:
        return _submodule(g, owner, found.name) or fallback
    value = member(g, source, found.name)
    return fallback if value is None else value


def _submodule(g: Machine, owner: ModuleOf, name: str) -> Value:
    """The submodule of a package with a name; empty if there is none."""
    path = g.library.submodule(owner.path, name)
    return NOTHING if path is None else one(ModuleOf(f"{owner.name}.{name}", path))


def _own(g: Machine, module: Module, name: str, seen: set[str]) -> Value | None:
    bring(g, module, (name,))
    return g.ask_module(module, name, module.ever.get(name, NOTHING)) or starred(g, module, name, seen)


def starred(g: Machine, module: Module, name: str, seen: set[str]) -> Value | None:
    """A name from the star imports of a module; `None` if none of the imported modules has it.

    Args:
        g: The machine.
        module: The module.
        name: The name.
        seen: The files that were already searched.
    """
    for star in reversed(_asked(g, module.stars, name)):
        if isinstance(star, External):
            found = of_star(g, star, name)
            if found is not None:
                return found
        elif star.path not in seen:
            g.tick()
            seen.add(star.path)
            found = member(g, star, name, seen)
            if found is not None:
                return found
    return None


def _asked(g: Machine, stars: list[ModuleOf | External], name: str) -> list[ModuleOf | External]:
    """The modules to search for a name, or only the one that it comes from, chosen as in the analysis."""
    places = [star.path for star in stars if isinstance(star, ModuleOf)]
    holder = g.library.holder(places, name, lambda dotted, name: of_star(g, External(dotted), name) is not None)
    if holder is None or any(isinstance(star, External) and of_star(g, star, name) is not None for star in stars):
        return stars
    return [ModuleOf(g.library.name_of(holder), holder)] if holder else []


def of_star(g: Machine, star: External, name: str) -> Value | None:
    """The value of a name after `from star import *`, and what code may have set there; `None` if neither is known."""
    dotted, given = customary.of_star(star.name, name), g.read_outside(name)
    if dotted is None and not given:
        return None
    return join(given, UNKNOWN if dotted is None else one(External(dotted)))


def write(g: Machine, owner: ModuleOf, name: str, value: Value) -> None:
    """`module.name = value`."""
    if g.listing(owner) is not None and owner.path in g.listings:
        raise Unsure("a name of a module that others asked for is replaced")
    run = g.module(owner)
    if run is not None:
        g.note_global(run, name, value)
