"""Determines the activation that an argument specifies."""

from __future__ import annotations

from orderlint import catalog
from orderlint.catalog import UNKNOWN, ActivationOf, Kind
from orderlint.graph import Role, Site
from orderlint.source.python import containers
from orderlint.source.python.settings import is_constant, names_an_activation
from orderlint.source.state.arguments import Arguments
from orderlint.source.state.frames import ClassObject, Function, Instance, Method
from orderlint.source.state.machine import Machine
from orderlint.source.state.recorder import Recorder
from orderlint.source.state.values import (
    Activation,
    Const,
    External,
    Layer,
    Partial,
    Unknown,
    Value,
)

__all__ = ["is_none", "resolve", "resolve_exactly"]

_IDENTITIES = frozenset({"identity", "linear"})


def resolve(m: Machine, value: Value) -> object:
    """The activation that a value specifies, for `catalog.describe`: a string, `None`, `ActivationOf` or `UNKNOWN`."""
    value = containers.settled(m, value)
    if isinstance(value, Const):
        return value.value if isinstance(value.value, str) or value.value is None else UNKNOWN
    if isinstance(value, Activation):
        return ActivationOf(value.name) if value.name is not None else resolve(m, value.value)
    if isinstance(value, External):
        return _external(value)
    if isinstance(value, Layer):
        return _layer(value)
    if isinstance(value, (Function, Method)):
        return _function(m, value)
    if isinstance(value, Instance):
        return ActivationOf(_probe(m, value, value.site) or catalog.activation_name(value.cls.name))
    if isinstance(value, ClassObject):
        return ActivationOf(catalog.activation_name(value.name))
    if isinstance(value, Partial):
        return resolve(m, value.function)
    if isinstance(value, Unknown) and value.among:
        return _any_of({resolve(m, one) for one in value.among})
    return UNKNOWN


def _any_of(every: set[object]) -> object:
    """One of several activations. If each of them certainly is one, the result certainly is one, too."""
    if len(every) == 1:
        return every.pop()
    return UNKNOWN if any(is_none(one) is not False for one in every) else ActivationOf(None)


def is_none(resolved: object) -> bool | None:
    """Whether a result of `resolve` is no activation; `None` if that is not known."""
    if resolved is None or resolved in _IDENTITIES:
        return True
    if isinstance(resolved, ActivationOf):
        return resolved.name == "linear"
    return False if isinstance(resolved, str) else None


def resolve_exactly(m: Machine, value: Value) -> object:
    """The activation that a function certainly is (the function of a `Lambda`), or else `UNKNOWN`."""
    if isinstance(value, External):
        entry = catalog.find(value.name)
        return resolve(m, value) if entry is not None and entry.role is Role.ACTIVATION else UNKNOWN
    if isinstance(value, (Function, Method)):
        name = _probe(m, value, _site(m, value))
        return ActivationOf(name) if name is not None else UNKNOWN
    if isinstance(value, Partial) and isinstance(value.function, Function):
        name = _probe(m, value, _site(m, value.function))
        return ActivationOf(name) if name is not None else UNKNOWN
    return resolve(m, value) if isinstance(value, Activation) else UNKNOWN


def _external(value: External) -> object:
    entry = catalog.find(value.name)
    last = value.name.rpartition(".")[2]
    if entry is None:
        if is_constant(value.name) or names_an_activation(value.name):
            return UNKNOWN
        return ActivationOf("linear") if last in _IDENTITIES else ActivationOf(catalog.activation_name(last))
    if entry.role is Role.ACTIVATION:
        return ActivationOf(catalog.activation_name(entry.name))
    if entry.name.lower() in _IDENTITIES:
        return ActivationOf("linear")
    return UNKNOWN if entry.kind is Kind.FUNCTION else ActivationOf(catalog.activation_name(entry.name))


def _layer(layer: Layer) -> ActivationOf:
    if layer.steps and all(step.role is Role.PASS for step in layer.steps):
        return ActivationOf("linear")
    name = layer.facts.get("activation")
    return ActivationOf(name if isinstance(name, str) else None)


def _function(m: Machine, value: Function | Method) -> ActivationOf:
    """The activation of a function of the analyzed code: the identity, a known one, or one named like the function."""
    known = _probe(m, value, _site(m, value))
    if known is not None:
        return ActivationOf(known)
    name = (value.function if isinstance(value, Method) else value).name
    return ActivationOf(None if name == "<lambda>" else catalog.activation_name(name))


def _site(m: Machine, value: Function | Method) -> Site:
    return m.site((value.function if isinstance(value, Method) else value).node)


def _probe(m: Machine, value: Function | Method | Partial | Instance, site: Site) -> str | None:
    """The name of the activation that a function or an object applies to a tensor.

    Returns: `linear` if the tensor is returned as it is; `None` if anything but one known activation is applied.
    """
    argument = m.unknown(("probe", m.store.new_owner()))
    with m.aside(), m.recording(Recorder()) as recorder:
        result = m.call(value, Arguments([argument]), site)
    recorded = recorder.calls
    if not recorded and result is argument:
        return "linear"
    if len(recorded) != 1 or recorded[0].roles != (Role.ACTIVATION,):
        return None
    name = recorded[0].facts.get("activation")
    return name if isinstance(name, str) else None
