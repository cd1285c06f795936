"""Means and variances. Their axes distinguish batch normalization from a normalization of each example."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from orderlint.graph import Role, Site, Step
from orderlint.source.library.kinds import Modeled
from orderlint.source.python import containers, operations
from orderlint.source.state.arguments import Arguments
from orderlint.source.state.machine import Machine
from orderlint.source.state.recorder import Applied
from orderlint.source.state.values import Const, ListObject, Sequence, Value


def _reduced(m: Machine, arguments: Arguments, site: Site, name: str) -> Value | None:
    """Record a boundary, as for other reductions; return `None` if it is not known what is reduced."""
    sources = [source for value in arguments.every() for source in operations.tensors(m, value)]
    if not sources or not _are_of_one(m, arguments):
        return None
    steps = (Step(Role.BOUNDARY, name),)
    return operations.add_call(m, Applied(name, steps, site, None, None, {"per_example": True}), sources)


def _are_of_one(m: Machine, arguments: Arguments) -> bool:
    """Whether the axes are known, and do not include the first one, which is the batch axis."""
    given = arguments.get(1, "axes") or arguments.keywords.get("axis") or arguments.keywords.get("reduction_indices")
    several = isinstance(given, (Sequence, ListObject))
    axes = [element.value for element in containers.iterate(m, given)] if given is not None and several else [given]
    numbers = [axis.value for axis in axes if isinstance(axis, Const)]
    return len(numbers) == len(axes) > 0 and all(isinstance(n, int) and n is not False and n != 0 for n in numbers)


_KERAS = ("keras.backend", "keras.ops", "tensorflow.keras.backend", "tensorflow.keras.ops", "tf_keras.backend")
_NAMES = (
    *(f"tensorflow.{place}.moments" for place in ("nn", "compat.v1.nn")),
    *(f"tensorflow.{place}reduce_mean" for place in ("", "math.", "compat.v1.")),
    *(f"{place}.{name}" for place in _KERAS for name in ("mean", "moments")),
)

FUNCTIONS: Mapping[str, Modeled] = {name: partial(_reduced, name=name.rpartition(".")[2]) for name in _NAMES}
