"""Values that are chosen from a known set at run time, by `random.choice` or by hyperparameter tuners."""

from __future__ import annotations

from collections.abc import Hashable

from orderlint.graph import Site
from orderlint.graph.guards import ALWAYS
from orderlint.source.library.kinds import Modeled
from orderlint.source.python import containers
from orderlint.source.state.arguments import Arguments
from orderlint.source.state.machine import Machine
from orderlint.source.state.values import FALSE, TRUE, Const, ListObject, Sequence, Unknown, Value

__all__ = ["by_tuner"]

# KerasTuner: `hp.Choice(name, values)`; Optuna: `trial.suggest_categorical(name, choices)`.
_PICKS = {"Choice": "values", "suggest_categorical": "choices"}
_NUMBERS = frozenset(
    ["Int", "Float", "suggest_int", "suggest_float"]
    + [f"suggest_{scale}" for scale in ("uniform", "loguniform", "discrete_uniform")]
)


def by_tuner(m: Machine, owner: Value | None, method: str, arguments: Arguments) -> Value | None:
    """The result of a method of a tuner's hyperparameters; `None` for other methods.

    Two calls with the same name return the same value.

    Args:
        m: The machine.
        owner: The hyperparameters; `None` if it is called as a function.
        method: The name of the method.
        arguments: Its arguments.
    """
    name = arguments.get(0, "name")
    if name is None or not isinstance(name, (Const, Unknown)):
        return None
    key = ("picked", owner, name)
    if method in _PICKS:
        values = arguments.get(1, _PICKS[method])
        return _one_of(m, key, values) if values is not None else None
    if method == "Boolean":
        return m.unknown(key, scalar=True, among=(TRUE, FALSE))
    if method == "Fixed":
        return arguments.get(1, "value")
    return m.unknown(key, scalar=True) if method in _NUMBERS else None


def _one_of(m: Machine, key: Hashable, values: Value) -> Value | None:
    if not isinstance(values, (Sequence, ListObject)):
        return None
    elements = containers.iterate(m, values)
    if not elements or any(element.guard is not ALWAYS for element in elements):
        return None
    options = [element.value for element in elements]
    if len(set(options)) == 1:
        return options[0]
    if all(isinstance(option, Const) for option in options):
        return m.unknown(key, scalar=True, among=options)
    which = m.unknown(("which", key), scalar=True, among=map(Const, range(len(options))))
    return m.choose([(m.conditions.equal(which, Const(i)), option) for i, option in enumerate(options)])


def _choice(m: Machine, arguments: Arguments, site: Site) -> Value:
    """`random.choice(values)`. Each call chooses independently."""
    values = arguments.positional[0] if arguments.positional else next(iter(arguments.keywords.values()), None)
    several = {"k", "size"} & arguments.keywords.keys() or len(arguments.positional) > 1
    found = _one_of(m, ("picked", m.store.new_owner()), values) if values is not None and not several else None
    return found or m.fresh("random", scalar=True)


FUNCTIONS: dict[str, Modeled] = {
    "random.choice": _choice,
    "numpy.random.choice": _choice,
    "secrets.choice": _choice,
    "hyperas.distributions.choice": _choice,
}
