"""Activations: their canonical names, and their names in a chain."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from orderlint.catalog.libraries import LIBRARIES

__all__ = ["ACTIVATIONS", "activation_name", "chain_name"]

_NAMES = """
celu crelu elu exponential gelu glu hard_shrink hard_sigmoid hard_silu hard_tanh leaky_relu linear log_sigmoid
log_softmax mish prelu relu relu6 selu sigmoid silu soft_shrink softmax softplus softsign sparse_plus sparse_sigmoid
sparsemax squareplus tanh tanh_shrink threshold thresholded_relu
"""
_SAME = {"swish": "silu", "hard_swish": "hard_silu"}

ACTIVATIONS: Final[Mapping[str, str]] = {**{name: name for name in _NAMES.split()}, **_SAME}
"""The canonical names of activation functions, by each of their names."""

_CLASSES: Final[Mapping[str, str]] = {
    "elu": "ELU",
    "leaky_relu": "LeakyReLU",
    "prelu": "PReLU",
    "relu": "ReLU",
    "softmax": "Softmax",
    "thresholded_relu": "ThresholdedReLU",
}
_BY_CLASS: Final[Mapping[str, str]] = {
    **{chain.lower(): name for name, chain in _CLASSES.items()},
    "parametricsoftplus": "parametric_softplus",
    "srelu": "srelu",
}
_ELSEWHERE: Final[Mapping[str, str]] = {
    text: name for library in LIBRARIES.values() for text, name in library.activations.items()
}


def activation_name(text: str) -> str:
    """The canonical name of an activation, from a string or from the name of its class.

    An unknown name (a custom object) stays the same, in lower case and without arguments.

    >>> activation_name("swish"), activation_name("LeakyReLU"), activation_name("My_Act")
    ('silu', 'leaky_relu', 'my_act')
    >>> activation_name("quantized_relu(4)"), activation_name("quantized_bits(8, 0)")
    ('quantized_relu', 'linear')
    """
    name = text.lower().partition("(")[0].strip()
    return ACTIVATIONS.get(name) or _BY_CLASS.get(name) or _ELSEWHERE.get(name) or name


def chain_name(activation: str | None) -> str:
    """The name of an activation in a chain.

    >>> chain_name("relu"), chain_name("tanh"), chain_name(None)
    ('ReLU', 'tanh', 'Activation')
    """
    if activation is None:
        return "Activation"
    return _CLASSES.get(activation, activation)
