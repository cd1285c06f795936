"""Which activation a value is, where it is given as an argument."""

from __future__ import annotations

from orderlint import catalog
from orderlint.catalog import UNKNOWN, ActivationOf, Kind
from orderlint.graph import Role
from orderlint.guards import NEVER
from orderlint.source import calls
from orderlint.source.arguments import Arguments
from orderlint.source.machine import Machine
from orderlint.source.recorder import Recorder
from orderlint.source.values import (
    Activation,
    ClassObject,
    Const,
    External,
    Function,
    Instance,
    Layer,
    Method,
    Partial,
    Unknown,
    Value,
)

__all__ = ["resolve", "settled"]

_IDENTITIES = frozenset({"identity", "linear"})


def resolve(m: Machine, value: Value) -> object:
    """The activation a value is, as `catalog.describe` takes it: a string, `None`, `ActivationOf` or `UNKNOWN`."""
    value = settled(m, value)
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
    if isinstance(value, (Instance, ClassObject)):
        return ActivationOf(catalog.activation_name((value.cls if isinstance(value, Instance) else value).name))
    if isinstance(value, Partial):
        return resolve(m, value.function)
    return UNKNOWN


def settled(m: Machine, value: Value) -> Value:
    """A parameter that nothing visible gives a value has its default, where the path does not exclude it."""
    if isinstance(value, Unknown) and value.default is not None:
        default = value.default
        if not isinstance(default, Const) or m.conditions.equal(value, default) & m.path is not NEVER:
            return settled(m, default)
    return value


def _external(value: External) -> object:
    entry = catalog.find(value.name)
    last = value.name.rpartition(".")[2]
    if entry is None:
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
    """A function of the analysed code: the identity, one known activation, or an activation of its own name."""
    function = value.function if isinstance(value, Method) else value
    recorder, m.recorder = m.recorder, Recorder()
    path = m.path
    forks = m.store.suspend()
    argument = Unknown(("probe", m.store.new_owner()))
    try:
        result = calls.call(m, value, Arguments([argument]), m.site(function.node))
        steps = [step for call in m.recorder.calls for step in call.steps]
        recorded = [call.facts.get("activation") for call in m.recorder.calls if call.roles == (Role.ACTIVATION,)]
    finally:
        m.recorder = recorder
        m.path = path
        m.store.resume(forks)
    if not steps and result is argument:
        return ActivationOf("linear")
    if len(steps) == 1 and len(recorded) == 1 and isinstance(recorded[0], str):
        return ActivationOf(recorded[0])
    return ActivationOf(None if function.name == "<lambda>" else catalog.activation_name(function.name))
