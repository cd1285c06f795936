"""The layers of Keras 3, of tf.keras 2 and of Keras 1."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from orderlint.catalog.entries import Entry, Kind
from orderlint.graph import Role

__all__ = ["LAYERS"]

_LINEAR = """
Dense EinsumDense Conv1D Conv2D Conv3D Conv1DTranspose Conv2DTranspose Conv3DTranspose SeparableConv1D SeparableConv2D
DepthwiseConv1D DepthwiseConv2D LocallyConnected1D LocallyConnected2D TimeDistributedDense
"""
_NORM = "BatchNormalization SyncBatchNormalization"
_ACTIVATION = "Activation ReLU LeakyReLU PReLU ELU ThresholdedReLU Softmax ParametricSoftplus SReLU"
_DROPOUT = "Dropout SpatialDropout1D SpatialDropout2D SpatialDropout3D GaussianDropout AlphaDropout"
_PASS = """
MaxPooling1D MaxPooling2D MaxPooling3D AveragePooling1D AveragePooling2D AveragePooling3D GlobalMaxPooling1D
GlobalMaxPooling2D GlobalMaxPooling3D GlobalAveragePooling1D GlobalAveragePooling2D GlobalAveragePooling3D
AdaptiveMaxPooling1D AdaptiveMaxPooling2D AdaptiveMaxPooling3D AdaptiveAveragePooling1D AdaptiveAveragePooling2D
AdaptiveAveragePooling3D
Flatten Reshape Permute RepeatVector ZeroPadding1D ZeroPadding2D ZeroPadding3D Cropping1D Cropping2D Cropping3D
UpSampling1D UpSampling2D UpSampling3D
Identity ActivityRegularization Masking GaussianNoise LayerNormalization GroupNormalization UnitNormalization
RMSNormalization
Rescaling Resizing CenterCrop AugMix AutoContrast ContrastLimitedAdaptiveHistogramEqualization CutMix Equalization
MaxNumBoundingBoxes MixUp RandAugment RandomBrightness RandomColorDegeneration RandomColorJitter RandomContrast
RandomCrop RandomElasticTransform RandomErasing RandomFlip RandomGaussianBlur RandomGrayscale RandomHeight RandomHue
RandomInvert RandomPerspective RandomPosterization RandomRotation RandomSaturation RandomSharpness RandomShear
RandomTranslation RandomWidth RandomZoom Solarization
"""
_MERGE = "Add Average Concatenate Dot Maximum Merge Minimum Multiply Subtract"
_BOUNDARY = """
AbstractRNNCell AdditiveAttention Attention Bidirectional CategoryEncoding ConvLSTM1D ConvLSTM2D ConvLSTM3D
ConvRecurrent2D CuDNNGRU CuDNNLSTM DenseFeatures Discretization DynamicEmbedding DynamicLookup Embedding FlaxLayer GRU
GRUCell GroupedQueryAttention HashedCrossing Hashing Highway InputLayer IntegerLookup JaxLayer LSTM LSTMCell Lambda
Layer MaxoutDense MelSpectrogram MultiHeadAttention Normalization PeepholeLSTMCell Pipeline PreprocessingLayer RNN
RandomFourierFeatures ReversibleEmbedding STFTSpectrogram SimpleRNN SimpleRNNCell StackedRNNCells StringLookup
TFSMLayer TextVectorization TorchModuleWrapper Wrapper
"""
_WRAPPERS = "TimeDistributed SpectralNormalization"

_PLACES: Final[Mapping[Role, str]] = {
    Role.LINEAR: _LINEAR,
    Role.NORM: _NORM,
    Role.ACTIVATION: _ACTIVATION,
    Role.DROPOUT: _DROPOUT,
    Role.PASS: _PASS,
    Role.MERGE: _MERGE,
    Role.BOUNDARY: _BOUNDARY,
}

_CONV = "filters kernel_size strides padding data_format dilation_rate groups activation use_bias"
_CONV_BEFORE_GROUPS = "filters kernel_size strides padding data_format dilation_rate activation use_bias"
_TRANSPOSED = "filters kernel_size strides padding output_padding data_format dilation_rate activation use_bias"
_TRANSPOSED_3D = "filters kernel_size strides padding data_format output_padding dilation_rate activation use_bias"
_TRANSPOSED_FIRST = "filters kernel_size strides padding data_format activation use_bias"
_SEPARABLE = "filters kernel_size strides padding data_format dilation_rate depth_multiplier activation use_bias"
_DEPTHWISE = "kernel_size strides padding depth_multiplier data_format dilation_rate activation use_bias"
_DEPTHWISE_FIRST = "kernel_size strides padding depth_multiplier data_format activation use_bias"
_LOCAL = "filters kernel_size strides padding data_format activation use_bias"
_POOL = "pool_size strides padding data_format"
_NORM_PARAMETERS = "axis momentum epsilon center scale"

_PARAMETERS: Final[Mapping[str, str]] = {
    "Dense": "units activation use_bias",
    "EinsumDense": "equation output_shape activation bias_axes",
    "Conv1D": _CONV,
    "Conv2D": _CONV,
    "Conv3D": _CONV,
    "Conv1DTranspose": _TRANSPOSED,
    "Conv2DTranspose": _TRANSPOSED,
    "Conv3DTranspose": _TRANSPOSED_3D,
    "SeparableConv1D": _SEPARABLE,
    "SeparableConv2D": _SEPARABLE,
    "DepthwiseConv1D": _DEPTHWISE,
    "DepthwiseConv2D": _DEPTHWISE,
    "LocallyConnected1D": _LOCAL,
    "LocallyConnected2D": _LOCAL,
    "TimeDistributedDense": "output_dim init activation",
    "BatchNormalization": _NORM_PARAMETERS,
    "SyncBatchNormalization": _NORM_PARAMETERS,
    "Activation": "activation",
    "ReLU": "max_value negative_slope threshold",
    "LeakyReLU": "negative_slope",
    "PReLU": "alpha_initializer",
    "ELU": "alpha",
    "ThresholdedReLU": "theta",
    "Softmax": "axis",
    "Dropout": "rate noise_shape seed",
    "SpatialDropout1D": "rate seed",
    "SpatialDropout2D": "rate data_format",
    "SpatialDropout3D": "rate data_format",
    "GaussianDropout": "rate seed",
    "AlphaDropout": "rate noise_shape seed",
    "GaussianNoise": "stddev",
    "Flatten": "data_format",
    "Reshape": "target_shape",
    "Permute": "dims",
    "RepeatVector": "n",
    "Concatenate": "axis",
    "Dot": "axes",
    "Lambda": "function output_shape mask arguments",
    "TimeDistributed": "layer",
    "SpectralNormalization": "layer",
    "Bidirectional": "layer",
    "Wrapper": "layer",
    "RNN": "cell",
    "Embedding": "input_dim output_dim",
    "LSTM": "units",
    "GRU": "units",
    "SimpleRNN": "units",
    **{f"{kind}Pooling{rank}D": _POOL for kind in ("Max", "Average") for rank in (1, 2, 3)},
}

_KERAS1_CONV_END = "W_regularizer b_regularizer activity_regularizer W_constraint b_constraint bias"
_KERAS1_DENSE = (
    "output_dim init activation weights W_regularizer b_regularizer activity_regularizer W_constraint b_constraint bias"
)
_KERAS1_1D = f"nb_filter filter_length init activation weights border_mode subsample_length {_KERAS1_CONV_END}"
_KERAS1_2D = f"nb_filter nb_row nb_col init activation weights border_mode subsample dim_ordering {_KERAS1_CONV_END}"

_OLDER: Final[Mapping[str, tuple[str, ...]]] = {
    "Dense": (_KERAS1_DENSE,),
    "TimeDistributedDense": (),
    "Conv1D": (_CONV_BEFORE_GROUPS, _KERAS1_1D),
    "Conv2D": (_CONV_BEFORE_GROUPS, _KERAS1_2D),
    "Conv3D": (
        _CONV_BEFORE_GROUPS,
        "nb_filter kernel_dim1 kernel_dim2 kernel_dim3 init activation weights border_mode subsample dim_ordering "
        + _KERAS1_CONV_END,
    ),
    "Conv2DTranspose": (
        _TRANSPOSED_FIRST,
        "nb_filter nb_row nb_col output_shape init activation weights border_mode subsample dim_ordering "
        + _KERAS1_CONV_END,
    ),
    "Conv3DTranspose": (_TRANSPOSED, _TRANSPOSED_FIRST),
    "SeparableConv2D": (
        "filters kernel_size strides padding data_format depth_multiplier activation use_bias",
        "nb_filter nb_row nb_col init activation weights border_mode subsample depth_multiplier dim_ordering",
    ),
    "DepthwiseConv2D": (_DEPTHWISE_FIRST,),
    "LocallyConnected1D": (_KERAS1_1D,),
    "LocallyConnected2D": (_KERAS1_2D,),
    "BatchNormalization": ("epsilon mode axis momentum weights",),
}

_ALIASES: Final[Mapping[str, str]] = {
    "Convolution1D": "Conv1D",
    "Convolution2D": "Conv2D",
    "Convolution3D": "Conv3D",
    "AtrousConvolution1D": "Conv1D",
    "AtrousConvolution2D": "Conv2D",
    "AtrousConv1D": "Conv1D",
    "AtrousConv2D": "Conv2D",
    "Convolution1DTranspose": "Conv1DTranspose",
    "Convolution2DTranspose": "Conv2DTranspose",
    "Convolution3DTranspose": "Conv3DTranspose",
    "Deconvolution2D": "Conv2DTranspose",
    "Deconvolution3D": "Conv3DTranspose",
    "Deconv2D": "Conv2DTranspose",
    "Deconv3D": "Conv3DTranspose",
    "SeparableConvolution1D": "SeparableConv1D",
    "SeparableConvolution2D": "SeparableConv2D",
    "DepthwiseConvolution1D": "DepthwiseConv1D",
    "DepthwiseConvolution2D": "DepthwiseConv2D",
    "GroupQueryAttention": "GroupedQueryAttention",
    **{f"MaxPool{rank}D": f"MaxPooling{rank}D" for rank in (1, 2, 3)},
    **{f"AvgPool{rank}D": f"AveragePooling{rank}D" for rank in (1, 2, 3)},
    **{f"GlobalMaxPool{rank}D": f"GlobalMaxPooling{rank}D" for rank in (1, 2, 3)},
    **{f"GlobalAvgPool{rank}D": f"GlobalAveragePooling{rank}D" for rank in (1, 2, 3)},
    **{
        f"{name}{version}": name
        for name in ("BatchNormalization", "GRU", "GRUCell", "LSTM", "LSTMCell", "DenseFeatures")
        for version in ("V1", "V2")
    },
}


def _entry(name: str, role: Role, wrapper: bool = False) -> Entry:
    older = tuple(tuple(parameters.split()) for parameters in _OLDER.get(name, ()))
    parameters = tuple(_PARAMETERS.get(name, "").split())
    return Entry(name, Kind.LAYER, role, parameters, older, wrapper)


def _entries() -> Iterator[Entry]:
    for role, names in _PLACES.items():
        for name in names.split():
            yield _entry(name, role)
    for name in _WRAPPERS.split():
        yield _entry(name, Role.BOUNDARY, wrapper=True)


def _table() -> dict[str, Entry]:
    table = {entry.name: entry for entry in _entries()}
    table.update((alias, table[name]) for alias, name in _ALIASES.items())
    return table


LAYERS: Final[Mapping[str, Entry]] = _table()
"""All layers, by each of their names."""
