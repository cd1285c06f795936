"""Functions that compute a number from numbers: `int`, `max`, `math.ceil`, ..."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial
from typing import Any

from orderlint.graph import Site
from orderlint.source.library.kinds import Modeled
from orderlint.source.python import containers, operations
from orderlint.source.state.arguments import Arguments
from orderlint.source.state.machine import Machine
from orderlint.source.state.values import Const, Value, sequence

# The result is computed if all arguments are known scalars. It is a scalar in any case.
_COMPUTED: dict[str, Callable[..., Any]] = {
    "builtins.int": int,
    "builtins.float": float,
    "builtins.str": str,
    "builtins.abs": abs,
    "builtins.round": round,
    "builtins.min": min,
    "builtins.max": max,
    "builtins.divmod": divmod,
    "builtins.ord": ord,
    "builtins.chr": chr,
    "builtins.repr": repr,
    **{f"math.{name}": getattr(math, name) for name in ("ceil", "floor", "sqrt", "log", "log2", "exp", "fabs")},
    "numpy.ceil": math.ceil,
    "numpy.floor": math.floor,
    "numpy.sqrt": math.sqrt,
    "numpy.round": round,
}


def _computed(name: str, m: Machine, arguments: Arguments, site: Site) -> Value | None:
    values = arguments.positional
    if len(values) == 1 and name in ("builtins.min", "builtins.max") and not isinstance(values[0], Const):
        values = [element.value for element in containers.iterate(m, values[0])]
    if any(operations.tensors(m, value) for value in values):
        return None
    if len(values) == 1 and not isinstance(values[0], Const):
        return m.each(values[0], lambda value: _compute(m, name, [value]))
    return _compute(m, name, values)


def _compute(m: Machine, name: str, values: list[Value]) -> Value:
    constants = [value.value for value in values if isinstance(value, Const)]
    if len(constants) == len(values):
        try:
            result = _COMPUTED[name](*constants)
        except (ArithmeticError, TypeError, ValueError):
            return m.fresh("computed", scalar=True)
        return sequence(*map(Const, result)) if isinstance(result, tuple) else Const(result)
    return m.unknown(("computed", name, tuple(values)), scalar=True)


FUNCTIONS: dict[str, Modeled] = {name: partial(_computed, name) for name in _COMPUTED}
