"""Imports. External names have dotted names, and modules of the project are run when they are needed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import libcst as cst

from orderlint.graph import Limit
from orderlint.graph.guards import ALWAYS
from orderlint.source.python import names
from orderlint.source.python.syntax import bound_names, dotted
from orderlint.source.state.frames import Frame, ModuleScope
from orderlint.source.state.machine import Machine
from orderlint.source.state.values import MISSING, External, ImportedName, ModuleValue, Value
from orderlint.text.files import Cell, SourceFile, may_hold_models
from orderlint.text.marks import LONGEST_PLAIN_MODULE

MOST_IMPORTED = 1_000_000  # characters of all modules that one file imports
MOST_PLAIN_MODULES = 20
FARTHEST = 16  # imports from file to file; public projects have 10 at most. Each file of a cycle would run all of it

__all__ = ["import_from", "import_names", "imported", "load", "module", "module_attribute", "submodule"]


def import_names(m: Machine, node: cst.Import) -> None:
    """`import a.b as c`."""
    for alias in node.names:
        name = dotted(alias.name)
        if alias.asname is not None:
            names.bind(m, dotted_target(alias.asname), module(m, name))
        else:
            head = name.partition(".")[0]
            names.bind(m, head, module(m, head))


def dotted_target(alias: cst.AsName) -> str:
    return alias.name.value if isinstance(alias.name, cst.Name) else ""


def import_from(m: Machine, node: cst.ImportFrom) -> None:
    """`from a.b import c as d`, relative or absolute."""
    source = _source_module(m, node)
    if isinstance(node.names, cst.ImportStar):
        m.frame.stars.append(source)
        return
    for alias in node.names:
        name = dotted(alias.name)
        bound = dotted_target(alias.asname) if alias.asname is not None else name
        names.bind(m, bound, _member(source, name))


def _member(source: Value, name: str) -> Value:
    if isinstance(source, ModuleValue):
        return ImportedName(source, name)
    assert isinstance(source, External)
    return External(f"{source.name}.{name}")


def _source_module(m: Machine, node: cst.ImportFrom) -> Value:
    name = dotted(node.module)
    level = len(node.relative)
    if not level:
        return module(m, name)
    path = m.project.relative(m.frame.scope.file.path, level, name)
    package = m.frame.scope.name.split(".")
    kept = len(package) - level + (1 if m.frame.scope.is_package else 0)
    absolute = ".".join([*package[: max(kept, 0)], *filter(None, [name])])
    return External(absolute or name or "_") if path is None else ModuleValue(absolute, path)


def module(m: Machine, name: str) -> Value:
    """The module with a dotted name: a module of the project, or else an external one."""
    path = m.project.find(name, m.frame.scope.file.path)
    return External(name) if path is None else ModuleValue(name, path)


def submodule(m: Machine, package: ModuleValue, name: str) -> Value:
    """`package.name` as a module; `MISSING` if the package has no such submodule."""
    path = m.project.submodule(package.path, name)
    return MISSING if path is None else ModuleValue(f"{package.name}.{name}", path)


def imported(m: Machine, found: ImportedName) -> Value:
    """The value of an imported name. Its module is run first if necessary."""
    key = (found.module.path, found.name)
    if key in m.loading:  # a package that imports its own submodule by name
        value = submodule(m, found.module, found.name)
    elif (value := _at_hand(m, found.module, found.name)) is MISSING:
        with m.entering(m.frame):
            m.loading |= {key}
            value = _brought(m, found.module, found.name)
    return value if value is not MISSING else External(f"{found.module.name}.{found.name}")


def module_attribute(m: Machine, module: ModuleValue, name: str) -> Value:
    """A name of a project module: one that it binds, or a submodule; `MISSING` if it is neither."""
    value = _at_hand(m, module, name)
    return value if value is not MISSING else _brought(m, module, name)


def _brought(m: Machine, module: ModuleValue, name: str) -> Value:
    """A name that is not available yet. Its module is run first if necessary.

    If modules import all names of each other, each is searched once for a name, however many paths lead to it.
    """
    sought, m.sought = m.sought, set()  # a name that a module looks up while it runs may exist later
    scope = load(m, module)
    m.sought = sought
    key, is_outermost = (module.path, name), not sought
    if key in sought:
        return MISSING
    if scope is None:
        return submodule(m, module, name)
    sought.add(key)
    value: Value = MISSING
    try:
        with m.entering(scope.frame):
            value = names.own(m, name)
        return value if value is not MISSING else submodule(m, module, name)
    finally:
        if is_outermost:
            sought.clear()
        elif value is not MISSING:  # the name exists, though some modules may not re-export it
            sought.discard(key)


def _at_hand(m: Machine, module: ModuleValue, name: str) -> Value:
    """A name of a module that is listed, or that the module itself bound when it was run; else `MISSING`."""
    listed = _listed(m, module, name)
    if listed is not None:
        return listed
    scope = m.scopes.get(module.path)
    value = m.read(scope.frame.uid, name) if scope is not None else MISSING
    return MISSING if isinstance(value, ImportedName) else value


def _listed(m: Machine, module: ModuleValue, name: str) -> External | None:
    """A name of a module, if the catalog or the user's roles describe it; else `None`."""
    key = (module.name, name)
    if key not in m.listed:
        dotted = External(f"{module.name}.{name}")
        is_class = names.keras_class(dotted) and names.is_keras(module.name)
        m.listed[key] = dotted if is_class or m.roles.find(dotted.name) is not None else None
    return m.listed[key]


def load(m: Machine, found: ModuleValue) -> ModuleScope | None:
    """The scope of a project module, which is run if necessary.

    Returns: `None` for a folder, if it cannot be read, or if it is not run: it is too many imports away, exceeds a
    limit, or is too large for a module without models.
    """
    if found.path in m.scopes:
        return m.scopes[found.path]
    if m.frame.scope.distance >= FARTHEST:
        _note_unread(m, found.name)
        return None
    if found.path not in m.passed_over:
        source = None if m.project.is_folder(found.path) else m.project.read(found.path)
        if source is None:
            return None
        may_hold = may_hold_models(source.text.encode("utf-8", "replace"), m.roles.user)
        if _is_worth_running(m, source, may_hold=may_hold):
            return _run_aside(m, found, source)
        m.passed_over[found.path] = may_hold
    if m.passed_over[found.path]:
        _note_unread(m, found.name)
    else:
        m.unread.add(found.name)
    return None


def _note_unread(m: Machine, name: str) -> None:
    """Note that a module is not read, although it may hold models. This is reported if layers meet its names."""
    m.unread.add(name)
    m.doubts.note_module(name)
    if m.frame.scope is m.judged:
        m.fall_short(Limit.IMPORTS)


def _run_aside(m: Machine, found: ModuleValue, source: SourceFile) -> ModuleScope:
    scope = new_scope(m, found.name, source)
    scope.distance = m.frame.scope.distance + 1
    m.scopes[found.path] = scope
    with m.aside():
        m.path, m.loops, m.defining = ALWAYS, (), None
        run_module(m, scope)
    return scope


def _is_worth_running(m: Machine, source: SourceFile, *, may_hold: bool) -> bool:
    """Whether a module may hold models, or is small and may hold the settings of models.

    This is only asked once for each module, and only modules that are read count against the limits.
    """
    length = len(source.text)
    if not may_hold:
        m.plain_modules += 1
        if m.plain_modules > MOST_PLAIN_MODULES or length > LONGEST_PLAIN_MODULE:
            return False
    if source.left_out or m.imported_characters + length > MOST_IMPORTED:
        return False
    m.imported_characters += length
    return True


def new_scope(m: Machine, name: str, source: SourceFile) -> ModuleScope:
    """A module scope with an empty global frame."""
    scope = ModuleScope(name, source, is_package=Path(source.path).stem == "__init__")
    scope.frame = Frame(m.store.lasting_owner(), scope, source.cells[0] if source.cells else Cell(source.path, ""))
    scope.rebound = rebound(source)
    return scope


def run_module(m: Machine, scope: ModuleScope) -> None:
    """Run the top level of a module, without the code under `if __name__ == "__main__"`."""
    with m.entering(scope.frame):
        for cell in scope.file.cells:
            if cell.problem is None:
                scope.frame.cell = cell
                _run_top_level(m, scope, cell.module.body)


def _run_top_level(m: Machine, scope: ModuleScope, body: Sequence[cst.BaseStatement | cst.BaseSmallStatement]) -> None:
    """Run the statements of a cell.

    A statement that is too complicated is left out. If one raises an error, the rest is judged anyway.
    """
    for statement in body:
        before = m.path
        if scope is m.judged:
            m.top = m.top[0], m.site(statement)  # limits in code of other modules that it calls are reported here
        met = m.share(partial(m.run, statement))
        if met is not None and scope is m.judged:
            if not m.is_no_loss(scope, statement):
                m.fall_short(met, "<module>", m.site(statement))
        elif met is not None:
            m.fall_short(met)
        m.path = before


def rebound(source: SourceFile) -> frozenset[str]:
    """The names that the top level of a module binds more than once."""
    counts: Counter[str] = Counter()
    for cell in source.cells:
        for statement in cell.module.body if cell.problem is None else ():
            counts.update(bound_names(statement))
    return frozenset(name for name, count in counts.items() if count > 1)
