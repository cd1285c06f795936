"""Builds the same models in less time by caching what Keras computes again for each layer.

Keras takes nine tenths of the time of a program. A quarter of that was spent on reading the signatures of the same few
functions, on searching the same objects for garbage, and on preparing errors that nobody reads.
"""

from __future__ import annotations

import gc
import inspect
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from types import FunctionType, MethodType
from typing import Any
from weakref import WeakKeyDictionary

__all__ = ["quickly", "settle"]


def settle() -> None:
    """Prepare this process for building thousands of models."""
    import keras

    keras.config.disable_traceback_filtering()
    gc.collect()
    gc.freeze()  # imported objects stay: they are not searched again for every ten thousand new objects
    gc.set_threshold(50_000, 20, 50)


@contextmanager
def quickly() -> Iterator[None]:
    """Cache the signatures of functions until the block ends."""
    signature, argspec = inspect.signature, inspect.getfullargspec
    inspect.signature, inspect.getfullargspec = _kept(signature), _kept(argspec)
    try:
        yield
    finally:
        inspect.signature, inspect.getfullargspec = signature, argspec


@cache
def _kept(read: Callable[..., Any]) -> Callable[..., Any]:
    """A function that caches its result for each function or method; signatures of methods lack the bound parameter."""
    functions: WeakKeyDictionary[FunctionType, Any] = WeakKeyDictionary()
    methods: WeakKeyDictionary[FunctionType, Any] = WeakKeyDictionary()

    def reading(what: Any, *args: Any, **kwargs: Any) -> Any:
        kept, key = (methods, what.__func__) if isinstance(what, MethodType) else (functions, what)
        if args or kwargs or not isinstance(key, FunctionType):
            return read(what, *args, **kwargs)
        if key not in kept:
            kept[key] = read(what)
        return kept[key]

    return reading
