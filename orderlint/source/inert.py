"""Code that cannot create or apply layers. If it is too complicated to run completely, no layer remains unchecked.

A function that reads images or writes a table may have more conditions than can be distinguished. Then its result is
unknown, like the result of any function that is not visible. Nothing else is lost if neither its code, nor what it
calls, nor the values of its variables can create or apply a layer.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

import libcst as cst

from orderlint import catalog
from orderlint.source.python import imports
from orderlint.source.python.names import is_keras
from orderlint.source.python.syntax import given_names
from orderlint.source.relevance import closed_over, mentioned_names
from orderlint.source.state.frames import ClassObject, Frame, Function, Instance, Method
from orderlint.source.state.machine import Machine
from orderlint.source.state.values import (
    MISSING,
    Choice,
    DictObject,
    External,
    ImportedName,
    ListObject,
    ModuleValue,
    Sequence,
    Value,
    is_inert,
    is_plain,
)

__all__ = ["Definition", "has_no_layers", "keeps_to_data", "lead_nowhere"]

# Names through which code reaches names that it does not mention.
_REACHING = frozenset({"__import__", "eval", "exec", "globals", "import_module"})
_DEEPEST = 6
_MOST_PARTS = 1000
_MOST_REEXPORTS = 10  # imports of one name from module to module

Definition = Function | ClassObject
Made = tuple[cst.CSTNode, int]


def has_no_layers(m: Machine, frame: Frame) -> bool:
    """Whether the code that runs in a function's frame can neither create nor apply nor pass on a layer."""
    function = frame.function
    if function is None or frame.is_class or frame.is_comprehension:
        return False
    held: list[Definition] = [function]
    # Its other variables are computed from these, and may be many and complicated.
    if not all(_holds_none(m, m.read(frame.uid, name), held) for name in given_names(function.node.params)):
        return False
    outer = frame.parent
    while outer is not None and outer.parent is not None:
        if not all(_holds_none(m, value, held) for _, value in m.store.of(outer.uid)):
            return False
        outer = outer.parent
    return all(keeps_to_data(m, definition) for definition in held)


def keeps_to_data(m: Machine, definition: Definition) -> bool:
    """Whether neither the code of a definition nor anything that it calls mentions Keras."""
    found = m.inert.get(_made(definition))
    if found is not None:
        return found
    came: dict[Made, Made | None] = {_made(definition): None}  # for each definition, the one that led to it
    waiting = [definition]
    while waiting:
        one = waiting.pop()
        reached = _reached(m, one) if m.inert.get(_made(one)) is not False else None
        if reached is None:
            made: Made | None = _made(one)
            while made is not None:  # what led to it is not inert, either; nothing is known of the others yet
                m.inert[made] = False
                made = came[made]
            return False
        new = [other for other in reached if _made(other) not in came]
        came.update((_made(other), _made(one)) for other in new)
        waiting += new
    m.inert.update(dict.fromkeys(came, True))
    return True


def _reached(m: Machine, definition: Definition) -> tuple[Definition, ...] | None:
    """The definitions that the names in a definition lead to, computed once; `None` if some lead to layers."""
    made = _made(definition)
    if made not in m.reached:
        reached: list[Definition] = []
        m.reached[made] = tuple(reached) if _mentions_none(m, definition, reached) else None
    return m.reached[made]


def _made(definition: Definition) -> Made:
    """Identifies a definition. One that runs again in each call closes over different values each time."""
    return definition.node, definition.frame.uid


def _mentions_none(m: Machine, definition: Definition, reached: list[Definition]) -> bool:
    """Whether no name in a definition leads to layers. The definitions that they lead to are added to `reached`."""
    names = mentioned_names(definition.node, definition.cell)
    values = (*_bases(m, definition), *_closed_over(m, definition, names))
    is_clear = all(_holds_none(m, value, reached) for value in values)
    return is_clear and lead_nowhere(m, names, definition.frame.globals, reached)


def lead_nowhere(m: Machine, names: Collection[str], module: Frame, reached: list[Definition]) -> bool:
    """Whether no name leads to layers where it is read.

    Args:
        m: The machine.
        names: The names.
        module: The frame of the module in which they are read.
        reached: The definitions that they lead to are added here, and have to be checked, too.
    """
    if not _REACHING.isdisjoint(names) or any(catalog.find_layer(name) is not None for name in names):
        return False
    spaces = [module]
    for space in spaces:  # the loop appends the frames of further modules, each once
        for star in space.stars:
            if isinstance(star, External) and _leads_to_layers(m, star.name):
                return False
            if isinstance(star, ModuleValue) and not _enter(m, star, spaces):
                return False
        for name in names:
            value = m.read(space.uid, name)
            if isinstance(value, ImportedName):
                value = _imported(m, value)
            if isinstance(value, ModuleValue):
                if not _enter(m, value, spaces):
                    return False
            elif not _holds_none(m, value, reached):
                return False
    return True


def _bases(m: Machine, definition: Definition) -> Iterator[Value]:
    """The bases and attributes of a class; for a method, its class, because that has the other methods."""
    if isinstance(definition, ClassObject):
        yield from definition.bases
        yield from (value for _, value in m.store.of(definition.uid))
    elif definition.owner is not None:
        yield definition.owner


def _closed_over(m: Machine, definition: Definition, names: frozenset[str]) -> Iterator[Value]:
    """The values that a function reads from its enclosing functions."""
    return closed_over(m, definition, names) if isinstance(definition, Function) else iter(())


def _enter(m: Machine, module: ModuleValue, spaces: list[Frame]) -> bool:
    """Add the names of a module to those that are followed; return `False` if the module was not read."""
    scope = m.scopes.get(module.path)
    if scope is None:
        return False
    if scope.frame not in spaces:
        spaces.append(scope.frame)
    return True


def _leads_to_layers(m: Machine, name: str) -> bool:
    return is_keras(name) or name.partition(".")[0] == "tensorflow" or m.roles.leads_to_layers(name)


def _holds_none(m: Machine, value: Value, reached: list[Definition]) -> bool:
    """Whether a value is not a layer or tensor, and cannot hold one."""
    waiting, num_parts = [(value, 0)], 0
    while waiting:
        one, depth = waiting.pop()
        num_parts += 1
        if isinstance(one, ImportedName):
            one = _imported(m, one)
        if one is MISSING or is_plain(one) or is_inert(one):
            continue
        if isinstance(one, (Function, ClassObject)):
            reached.append(one)
        elif isinstance(one, External):
            if _leads_to_layers(m, one.name):
                return False
        else:
            parts = _parts(m, one, reached) if depth < _DEEPEST else None
            if parts is None or num_parts + len(parts) > _MOST_PARTS:
                return False
            waiting += [(part, depth + 1) for part in parts]
    return True


def _imported(m: Machine, name: ImportedName) -> Value:
    """The value of an imported name, as far as modules were run; else the name itself."""
    value: Value = name
    for _ in range(_MOST_REEXPORTS):
        scope = m.scopes.get(value.module.path) if isinstance(value, ImportedName) else None
        if not isinstance(value, ImportedName) or scope is None:
            break
        found = m.read(scope.frame.uid, value.name)
        if found is MISSING or found == value:  # `from package import module`, also in the package itself
            module = imports.submodule(m, value.module, value.name)
            return module if module is not MISSING else name
        value = found
    return value


def _parts(m: Machine, value: Value, reached: list[Definition]) -> list[Value] | None:
    """The parts of a value; `None` for other kinds of values."""
    if isinstance(value, Choice):
        return [option for _, option in value.alternatives]
    if isinstance(value, Sequence):
        return [element.value for element in value.elements]
    if isinstance(value, Method):
        return [value.receiver, value.function]
    if isinstance(value, ListObject):
        return [element.value for element in m.elements(value.uid)]
    if isinstance(value, (DictObject, Instance)):
        if isinstance(value, Instance):
            reached.append(value.cls)
        return [part for _, part in m.store.of(value.uid)]
    return None
