"""Restores a model after it ran in training mode: its variables, its seeds, and the state of its layers."""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from orderlint.runtime.library import Library
from orderlint.runtime.measuring.arrays import array_of
from orderlint.runtime.measuring.watching import parts_of
from orderlint.runtime.snapshot import Keeper

__all__ = ["eager_functions", "unchanged"]


@contextmanager
def unchanged(model: Any) -> Iterator[None]:
    """Restore the model at the end of the block: its weights, statistics, seeds, and the attributes of its layers."""
    keeper = Keeper()
    with keeper.working(), ExitStack() as stack:
        keeper.keep(model)
        stack.enter_context(_kept_chance())
        saved = [(variable, array_of(variable).copy()) for variable in _variables(model)]
        try:
            yield
        finally:
            for variable, value in saved:
                variable.assign(value)


def _variables(model: Any) -> Iterator[Any]:
    """All variables of a model. Layers that are not built have none."""
    try:
        found = list(model.variables)
    except ValueError:  # Keras 2: no variables yet
        found = []
    found += _seeds(model)
    yield from {id(variable): variable for variable in found}.values()


def _seeds(model: Any) -> Iterator[Any]:
    """The states of the random number generators of the layers, and of the global one."""
    for part in parts_of(model):
        yield from (generator.state for generator in getattr(part, "_seed_generators", ()))
        generator = getattr(getattr(part, "_random_generator", None), "_generator", None)  # Keras 2
        if generator is not None and hasattr(generator, "state"):
            yield generator.state
    state = sys.modules.get("keras.src.backend.common.global_state")
    shared = state.get_global_attribute("global_seed_generator") if state else None
    if shared is not None:
        yield shared.state


@contextmanager
def _kept_chance() -> Iterator[None]:
    """Restore the random number generators of Python and NumPy, which user code may use."""
    import numpy as np

    python, numpy = random.getstate(), np.random.get_state()
    try:
        yield
    finally:
        random.setstate(python)
        np.random.set_state(numpy)


@contextmanager
def eager_functions(library: Library) -> Iterator[None]:
    """Run code under `tf.function` eagerly, so that layers inside can be observed."""
    tensorflow = sys.modules.get("tensorflow")
    if tensorflow is None or not _runs_on_tensorflow(library):
        yield
        return
    before = tensorflow.config.functions_run_eagerly()
    tensorflow.config.run_functions_eagerly(True)
    try:
        yield
    finally:
        tensorflow.config.run_functions_eagerly(before)


def _runs_on_tensorflow(library: Library) -> bool:
    return library.version == 2 or sys.modules["keras.src.backend"].backend() == "tensorflow"
