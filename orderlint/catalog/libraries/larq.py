"""Larq: layers with binary weights, and inputs that are quantized first.

The `input_quantizer` of a layer is an activation before what it multiplies: a sign, mostly.

Source: github.com/larq/larq, larq/layers.py, layers_base.py, quantizers.py, activations.py.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from orderlint.catalog.library import Library, functions, layers, merged
from orderlint.graph import Role

__all__ = ["LIBRARY"]

_CONV = "filters kernel_size strides padding pad_values data_format dilation_rate groups activation use_bias"
_TRANSPOSED = "filters kernel_size strides padding output_padding data_format dilation_rate activation use_bias"
_SEPARABLE = (
    "filters kernel_size strides padding pad_values data_format dilation_rate depth_multiplier activation use_bias"
)
_LOCAL = "filters kernel_size strides padding data_format activation use_bias"
_LINEAR = """
QuantDense:Dense QuantConv1D:Conv1D QuantConv2D:Conv2D QuantConv3D:Conv3D QuantDepthwiseConv2D:DepthwiseConv2D
QuantSeparableConv1D:SeparableConv1D QuantSeparableConv2D:SeparableConv2D QuantConv2DTranspose:Conv2DTranspose
QuantConv3DTranspose:Conv3DTranspose QuantLocallyConnected1D:LocallyConnected1D
QuantLocallyConnected2D:LocallyConnected2D
"""
_PARAMETERS: Final = {
    "QuantDense": "units activation use_bias input_quantizer",
    **{f"QuantConv{rank}D": f"{_CONV} input_quantizer" for rank in (1, 2, 3)},
    "QuantDepthwiseConv2D": (
        "kernel_size strides padding pad_values depth_multiplier data_format dilation_rate activation use_bias "
        "input_quantizer"
    ),
    **{f"QuantSeparableConv{rank}D": f"{_SEPARABLE} input_quantizer" for rank in (1, 2)},
    **{f"QuantConv{rank}DTranspose": f"{_TRANSPOSED} input_quantizer" for rank in (2, 3)},
    **{f"QuantLocallyConnected{rank}D": f"{_LOCAL} input_quantizer" for rank in (1, 2)},
}
_QUANTIZERS: Final = {
    "SteSign": "ste_sign",
    "ApproxSign": "approx_sign",
    "SteHeaviside": "ste_heaviside",
    "SwishSign": "swish_sign",
    "MagnitudeAwareSign": "magnitude_aware_sign",
    "SteTern": "ste_tern",
    "DoReFa": "dorefa_quantizer",
}

LIBRARY: Final = Library(
    roots=("larq",),
    entries=merged(
        (replace(entry, before="input_quantizer") for entry in layers(Role.LINEAR, _LINEAR, _PARAMETERS)),
        (replace(entry, chain=_QUANTIZERS[entry.name]) for entry in layers(Role.ACTIVATION, " ".join(_QUANTIZERS))),
        layers(Role.PASS, "NoOp", like="Identity"),
        functions(
            Role.ACTIVATION,
            "approx_sign hard_tanh leaky_tanh ste_heaviside ste_sign ste_tern swish_sign",
        ),
    ),
    activations={"noop": "linear", "no_op": "linear", **{cls.lower(): name for cls, name in _QUANTIZERS.items()}},
)
