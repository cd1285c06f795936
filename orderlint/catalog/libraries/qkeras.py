"""QKeras: quantized twins of the layers of Keras.

A quantizer that only rounds (`quantized_bits`) is no activation, one that bends (`quantized_relu`) is.

Source: github.com/google/qkeras 0.9, qkeras/qlayers.py, qconvolutional.py, qconv2d_batchnorm.py, qnormalization.py,
qpooling.py, qrecurrent.py, qmac.py, quantizers.py.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from orderlint.catalog.entries import Entry
from orderlint.catalog.library import Library, functions, layers, merged
from orderlint.graph import Role

__all__ = ["LIBRARY"]

_CONV = "filters kernel_size strides padding data_format dilation_rate activation use_bias"
_TRANSPOSED = "filters kernel_size strides padding output_padding data_format dilation_rate activation use_bias"
_SEPARABLE = "filters kernel_size strides padding data_format dilation_rate depth_multiplier activation use_bias"
_DEPTHWISE = "kernel_size strides padding depth_multiplier data_format activation use_bias"
_PARAMETERS: Final = {
    "QDense": "units activation use_bias",
    "QConv1D": "filters kernel_size strides padding dilation_rate activation use_bias",
    "QConv2D": _CONV,
    "QConv2DTranspose": _TRANSPOSED,
    "QSeparableConv1D": _SEPARABLE,
    "QSeparableConv2D": _SEPARABLE,
    "QDepthwiseConv2D": _DEPTHWISE,
    "QConv2DBatchnorm": _CONV,
    "QDepthwiseConv2DBatchnorm": _DEPTHWISE,
    "QDepthwiseConv2DTranspose": "filters kernel_size group_size strides padding output_padding depth_multiplier",
    "QSeparableConv2DTranspose": "filters kernel_size strides padding output_padding depth_multiplier",
    "QBatchNormalization": "axis momentum epsilon center scale",
    "QAveragePooling2D": "pool_size strides padding data_format average_quantizer activation",
    "QGlobalAveragePooling2D": "data_format average_quantizer activation",
    "QScaleShift": "weight_quantizer bias_quantizer use_bias activation",
    "QActivation": "activation",
    "QAdaptiveActivation": "activation total_bits",
}
_LINEAR = """
QDense:Dense QConv1D:Conv1D QConv2D:Conv2D QConv2DTranspose:Conv2DTranspose QSeparableConv1D:SeparableConv1D
QSeparableConv2D:SeparableConv2D QDepthwiseConv2D:DepthwiseConv2D QDepthwiseConv2DTranspose:Conv2DTranspose
QSeparableConv2DTranspose:Conv2DTranspose
"""
_FOLDED = "QConv2DBatchnorm:Conv2D QDepthwiseConv2DBatchnorm:DepthwiseConv2D"
_POOLING = "QAveragePooling2D:AveragePooling2D QGlobalAveragePooling2D:GlobalAveragePooling2D"
_RECURRENT = "QSimpleRNN QSimpleRNNCell QLSTM QLSTMCell QGRU QGRUCell QBidirectional"
# Classes in the library; an object of one is called on a tensor, as a layer is.
_ROUNDING = "quantized_bits quantized_linear quantized_po2"
_BENDING = """
bernoulli binary quantized_hswish quantized_relu quantized_relu_po2 quantized_sigmoid quantized_tanh quantized_ulaw
stochastic_binary stochastic_ternary ternary
"""
_FUNCTIONS = "binary_sigmoid binary_tanh hard_sigmoid hard_tanh smooth_sigmoid smooth_tanh"


def _with_norm(entry: Entry) -> Entry:
    """A convolution that batch normalization is folded into: it still normalizes before its activation."""
    return replace(entry, then=(Role.NORM,))


LIBRARY: Final = Library(
    roots=("qkeras",),
    entries=merged(
        (replace(entry, own_activation="QActivation") for entry in layers(Role.LINEAR, _LINEAR, _PARAMETERS)),
        (
            replace(_with_norm(entry), own_activation="QActivation")
            for entry in layers(Role.LINEAR, _FOLDED, _PARAMETERS)
        ),
        layers(Role.NORM, "QBatchNormalization:BatchNormalization", _PARAMETERS),
        layers(Role.PASS, _POOLING, _PARAMETERS),
        layers(Role.PASS, "QScaleShift:Rescaling", _PARAMETERS),
        layers(Role.ACTIVATION, "QActivation:Activation QAdaptiveActivation:Activation", _PARAMETERS),
        layers(Role.BOUNDARY, _RECURRENT),
        layers(Role.PASS, _ROUNDING, like="Identity"),
        layers(Role.ACTIVATION, _BENDING),
        functions(Role.ACTIVATION, _FUNCTIONS),
    ),
    activations=dict.fromkeys(_ROUNDING.split(), "linear"),
)
