"""Names: scopes, and the two fallbacks for code whose imports are not visible."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from orderlint.catalog import customary
from orderlint.catalog.customary import is_keras
from orderlint.source.state.frames import Frame
from orderlint.source.state.values import (
    MISSING,
    Choice,
    Const,
    External,
    ImportedName,
    ListObject,
    ModuleValue,
    Sequence,
    Unknown,
    Value,
    restrict,
)

if TYPE_CHECKING:
    from orderlint.source.state.machine import Machine

__all__ = ["bind", "is_global", "is_keras", "keras_class", "read", "unresolved_layer"]


def read(m: Machine, name: str) -> Value:
    """The value of a name in the current scope."""
    here = m.frame
    frame: Frame | None = here.shared.get(name, here)
    cell = m.store.cell
    while frame is not None:
        value = cell((frame.uid, name), MISSING)
        if type(value) is Choice:
            value = restrict(value, m.path)
        if value is not MISSING and (frame is here or not frame.is_class):
            return value if type(value) not in _TO_SETTLE else _settled(m, frame, name, value)
        frame = frame.parent
    value = _from_stars(m, m.frame.globals.stars, name)
    return value if value is not MISSING else _outside(m, name)


def is_global(m: Machine, name: str) -> bool:
    """Whether a name is a variable of the module, not one of a function."""
    frame = m.frame.shared.get(name, m.frame)
    while frame.parent is not None and (frame.is_class or m.read(frame.uid, name) is MISSING):
        frame = frame.parent
    return frame.parent is None


_TO_SETTLE = frozenset({ImportedName, Const})


def _settled(m: Machine, frame: Frame, name: str, value: Value) -> Value:
    """Load a lazily imported value. A constant of a module that is bound again later becomes unknown."""
    if isinstance(value, ImportedName):
        return m.imported(value)
    if isinstance(value, Const) and frame is not m.frame and frame.parent is None and name in frame.scope.rebound:
        return m.unknown(("global", frame.uid, name), scalar=True)
    return value


def _from_stars(m: Machine, stars: list[Value], name: str) -> Value:
    """A name from star imports; `MISSING` if none of the modules has it."""
    places = [module.path for module in stars if isinstance(module, ModuleValue)]
    holder = m.project.stars.holder(places, name, partial(_gives, m)) if places else None
    if holder is not None and not any(isinstance(star, External) and _gives(m, star.name, name) for star in stars):
        stars = [ModuleValue(m.project.module_name(holder), holder)] if holder else []
    for module in reversed(stars):
        value = _from_star(m, module, name)
        if value is not MISSING:
            return value
    return MISSING


def _gives(m: Machine, module: str, name: str) -> bool:
    """Whether a library module has a name."""
    return _from_star(m, External(module), name) is not MISSING


def _from_star(m: Machine, module: Value, name: str) -> Value:
    if isinstance(module, External):
        dotted = customary.of_star(module.name, name)
        if dotted is None and m.roles.leads_to_layers(f"{module.name}.{name}"):
            dotted = f"{module.name}.{name}"  # a layer in the user's roles, or the module of one
        return MISSING if dotted is None else External(dotted)
    if not isinstance(module, ModuleValue):
        return MISSING
    member = m.member(module, name)
    return member if member is not MISSING and _is_public(m, module, name) else MISSING


def _is_public(m: Machine, module: ModuleValue, name: str) -> bool:
    """Whether a star import includes a name of a module: one in `__all__`, or else one without a leading underscore."""
    scope = m.scopes.get(module.path)
    listed = m.read(scope.frame.uid, "__all__") if scope is not None else None
    if listed is MISSING:
        return not name.startswith("_")
    if not isinstance(listed, (Sequence, ListObject)):
        return True
    elements = listed.elements if isinstance(listed, Sequence) else m.elements(listed.uid)
    return any(not isinstance(element.value, Const) or element.value.value == name for element in elements)


def _outside(m: Machine, name: str) -> Value:
    """A name that nothing binds: a builtin, or, in a pasted snippet, the Keras layer with that name."""
    dotted = customary.unbound(name)
    if dotted is not None:
        return External(dotted)
    return m.unknown(("unbound", name))


def own(m: Machine, name: str) -> Value:
    """The value of a name of the current module or of its star imports; `MISSING` if there is none."""
    value = m.read(m.frame.uid, name)
    if value is not MISSING:
        return m.imported(value) if isinstance(value, ImportedName) else value
    return _from_stars(m, m.frame.stars, name)


def bind(m: Machine, name: str, value: Value, *, from_comprehension: bool = False) -> None:
    """Bind a name in the current scope; for `:=` in comprehensions, in the scope around them."""
    frame = m.frame
    while from_comprehension and frame.is_comprehension and frame.parent is not None:
        frame = frame.parent
    frame = frame.shared.get(name, frame)
    m.store.write(frame.uid, name, value)


def unresolved_layer(value: Value, owner_name: str | None, name: str) -> External | None:
    """The Keras name that `layers.Dense`, `keras.Sequential` or `models.Model` refers to if the owner is not known."""
    if not (isinstance(value, (Unknown, Choice)) or value is MISSING or value == Const(None)):
        return None
    dotted = customary.of_unknown_owner(owner_name, name)
    return None if dotted is None else External(dotted)


def keras_class(value: Value) -> str | None:
    """`Sequential`, `Model`, `Layer`, `Input`, ... for a name of Keras; `None` for anything else."""
    return customary.keras_class(value.name) if isinstance(value, External) else None
