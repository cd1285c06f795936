"""Binds the arguments of a call to parameter names, in every version of Keras."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from orderlint.catalog.activations import ACTIVATIONS
from orderlint.catalog.entries import UNKNOWN, ActivationOf, Entry, words

__all__ = ["KERAS1", "bind", "today"]

_RENAMED: Final[Mapping[str, str]] = {
    "nb_filter": "filters",
    "output_dim": "units",
    "init": "kernel_initializer",
    "border_mode": "padding",
    "p": "rate",
    "level": "rate",
    "bias": "use_bias",
}
"""The current names of Keras 1 parameters."""

KERAS1: Final = words("""
    W_constraint W_regularizer atrous_rate b_constraint b_regularizer bias border_mode dim_ordering filter_length init
    nb_col nb_filter nb_row output_dim subsample subsample_length
    """)
"""Parameters that only Keras 1 had."""


def bind(entry: Entry, positional: Sequence[object], keywords: Mapping[str, object]) -> dict[str, object]:
    """The arguments, by the current names of their parameters.

    Args:
        entry: The layer or function.
        positional: The positional arguments, in order: literal values, `ActivationOf` or `UNKNOWN`.
        keywords: The keyword arguments, with the same kinds of values.

    Returns: The arguments by name. Positional arguments without a name in the catalog are left out, and a keyword
        argument overrides a positional one. The key `keras1` is `True` if only Keras 1 accepts these arguments.

    >>> from orderlint.catalog.layers import LAYERS
    >>> bind(LAYERS["Dense"], (64, "uniform", "relu"), {})
    {'units': 64, 'kernel_initializer': 'uniform', 'activation': 'relu', 'keras1': True}
    """
    parameters = _signature(entry, positional, keywords)
    bound = dict(zip(parameters, positional, strict=False)) | dict(keywords)
    named = {today(entry, name): value for name, value in bound.items()}
    if not KERAS1.isdisjoint(bound) and "output_dim" not in entry.parameters:
        named["keras1"] = True
    return named


def today(entry: Entry, name: str) -> str:
    """The current name of a parameter, such as `rate` for `p` in Keras 1."""
    return name if name in entry.parameters else _RENAMED.get(name, name)


def _signature(entry: Entry, positional: Sequence[object], keywords: Mapping[str, object]) -> tuple[str, ...]:
    """The newest signature that accepts these arguments; the current one if none does."""
    if not entry.older:
        return entry.parameters
    keras1 = not KERAS1.isdisjoint(keywords)
    for parameters in (entry.parameters, *entry.older):
        if keras1 and KERAS1.isdisjoint(parameters):
            continue
        if all(_fits(name, value) for name, value in zip(parameters, positional, strict=False)):
            return parameters
    return entry.parameters


def _fits(parameter: str, value: object) -> bool:
    """Whether a value may be meant for a parameter. Unknown values fit every parameter."""
    test = _TESTS.get(parameter)
    return value is UNKNOWN or test is None or test(value)


def _is_activation(value: object) -> bool:
    if isinstance(value, str):
        return value.lower() in ACTIVATIONS
    return value is None or isinstance(value, ActivationOf)


def _is_initializer(value: object) -> bool:
    return isinstance(value, str) and value.lower() not in ACTIVATIONS


def _is_int(value: object) -> bool:
    return isinstance(value, int)


def _is_padding(value: object) -> bool:
    return isinstance(value, str) and value.lower() in ("valid", "same", "causal", "full")


def _is_data_format(value: object) -> bool:
    return value is None or value in ("channels_last", "channels_first", "th", "tf", "default")


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float))


_TESTS: Final[Mapping[str, Callable[[object], bool]]] = {
    "activation": _is_activation,
    "init": _is_initializer,
    "groups": _is_int,
    "nb_row": _is_int,
    "nb_col": _is_int,
    "padding": _is_padding,
    "border_mode": _is_padding,
    "data_format": _is_data_format,
    "dilation_rate": lambda value: value is not None and not isinstance(value, (str, ActivationOf)),
    "dim_ordering": _is_data_format,
    "use_bias": lambda value: isinstance(value, bool),
    "momentum": _is_number,
    "mode": _is_int,
}
