"""TensorFlow Addons: activations, other normalizations, wrappers.

`StochasticDepth` takes a shortcut and a residual and adds them. `Maxout` joins channels, so that a norm on its other
side would have other parameters: a boundary.

Source: github.com/tensorflow/addons, tensorflow_addons/layers/*.py, tensorflow_addons/activations/*.py,
tensorflow_addons/rnn/*.py.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from orderlint.catalog.library import Library, functions, layers, merged
from orderlint.graph import Role

__all__ = ["LIBRARY"]

_PARAMETERS: Final = {
    "NoisyDense": "units sigma use_factorised activation use_bias",
    "WeightNormalization": "layer data_init",
    "SpectralNormalization": "layer power_iterations",
}
_ACTIVATIONS: Final = {"GELU": "gelu", "Snake": "snake", "Sparsemax": "sparsemax", "TLU": "tlu"}
_ACTIVATION_FUNCTIONS = "gelu hardshrink lisht mish rrelu snake softshrink sparsemax tanhshrink"
_PASS = """
GroupNormalization InstanceNormalization FilterResponseNormalization PoincareNormalize
AdaptiveAveragePooling1D:AdaptiveAveragePooling1D AdaptiveAveragePooling2D:AdaptiveAveragePooling2D
AdaptiveAveragePooling3D:AdaptiveAveragePooling3D AdaptiveMaxPooling1D:AdaptiveMaxPooling1D
AdaptiveMaxPooling2D:AdaptiveMaxPooling2D AdaptiveMaxPooling3D:AdaptiveMaxPooling3D SpatialPyramidPooling2D:Flatten
"""
_BOUNDARY = """
CRF CorrelationCost EmbeddingBag ESN ESNCell LayerNormLSTMCell LayerNormSimpleRNNCell Maxout MaxUnpooling2D
MaxUnpooling2DV2 MultiHeadAttention NASCell NetVLAD PeepholeLSTMCell PolynomialCrossing
"""

LIBRARY: Final = Library(
    roots=("tensorflow_addons",),
    entries=merged(
        layers(Role.LINEAR, "NoisyDense:Dense", _PARAMETERS),
        (replace(entry, chain=_ACTIVATIONS[entry.name]) for entry in layers(Role.ACTIVATION, " ".join(_ACTIVATIONS))),
        functions(Role.ACTIVATION, _ACTIVATION_FUNCTIONS),
        layers(Role.PASS, _PASS),
        layers(Role.MERGE, "StochasticDepth"),
        (
            replace(entry, wrapper=True)
            for entry in layers(Role.BOUNDARY, "WeightNormalization SpectralNormalization", _PARAMETERS)
        ),
        layers(Role.BOUNDARY, _BOUNDARY),
    ),
)
