"""The functions of `tf`, `tf.nn`, `keras.ops`, `keras.activations`, `keras.backend` and others, with their roles."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from orderlint.catalog.activations import ACTIVATIONS, chain_name
from orderlint.catalog.entries import Entry, Kind
from orderlint.graph import Role

__all__ = ["FUNCTIONS"]

_NO_KERAS_FUNCTION: Final = frozenset({"crelu", "prelu", "thresholded_relu"})
_NO_OPERATION: Final = frozenset({"exponential", "linear", "mish"})
_ACTIVATIONS: Final[Mapping[str, str]] = {
    "activations": " ".join(sorted(set(ACTIVATIONS) - _NO_KERAS_FUNCTION)),
    "ops": " ".join(sorted(set(ACTIVATIONS) - _NO_KERAS_FUNCTION - _NO_OPERATION)),
    "backend": "relu elu sigmoid hard_sigmoid tanh softmax softplus softsign",
    "nn": "relu relu6 crelu leaky_relu elu selu gelu silu swish sigmoid tanh softmax log_softmax softplus softsign",
    "math": "sigmoid tanh softmax log_softmax log_sigmoid softplus softsign",
    "tf": "sigmoid tanh log_sigmoid",
}
_NORMS: Final[Mapping[str, str]] = {
    "nn": "batch_normalization fused_batch_norm",
    "ops": "batch_normalization",
    "backend": "batch_normalization normalize_batch_in_training",
}
_DROPOUTS: Final[Mapping[str, str]] = {
    "nn": "dropout stateless_dropout general_dropout",
    "backend": "dropout",
    "random": "dropout",
}
_MERGES: Final[Mapping[str, Mapping[str, str]]] = {
    "layers": {
        "Add": "add",
        "Average": "average",
        "Concatenate": "concatenate",
        "Dot": "dot",
        "Maximum": "maximum",
        "Merge": "merge",
        "Minimum": "minimum",
        "Multiply": "multiply",
        "Subtract": "subtract",
    },
    "tf": {"Concatenate": "concat concat_v2", "Stack": "stack parallel_stack"},
    "ops": {"Concatenate": "concatenate append", "Stack": "stack hstack vstack dstack"},
    "backend": {"Concatenate": "concatenate", "Dot": "batch_dot", "Stack": "stack"},
}
_ARITHMETIC: Final[Mapping[str, Mapping[str, str]]] = {
    "tf": {
        "Add": "add add_n",
        "Divide": "divide truediv realdiv div",
        "Maximum": "maximum",
        "Minimum": "minimum",
        "Multiply": "multiply mul",
        "Subtract": "subtract sub",
    },
    "math": {
        "Add": "add add_n accumulate_n",
        "Divide": "divide truediv divide_no_nan",
        "Maximum": "maximum",
        "Minimum": "minimum",
        "Multiply": "multiply multiply_no_nan",
        "Subtract": "subtract",
    },
    "ops": {
        "Add": "add",
        "Divide": "divide true_divide divide_no_nan",
        "Maximum": "maximum",
        "Minimum": "minimum",
        "Multiply": "multiply",
        "Subtract": "subtract",
    },
    "backend": {"Maximum": "maximum", "Minimum": "minimum"},
}
_PASS: Final[Mapping[str, str]] = {
    "tf": """
        broadcast_to cast convert_to_tensor depth_to_space ensure_shape expand_dims identity negative pad repeat reshape
        reverse roll saturate_cast scalar_mul slice space_to_depth split squeeze stop_gradient strided_slice tile
        to_float transpose unstack
    """,
    "math": "l2_normalize negative scalar_mul",
    "nn": """
        avg_pool avg_pool1d avg_pool2d avg_pool3d bias_add depth_to_space l2_normalize local_response_normalization lrn
        max_pool max_pool1d max_pool2d max_pool3d pool space_to_depth
    """,
    "image": """
        crop_images pad_images resize resize_bicubic resize_bilinear resize_images resize_nearest_neighbor
        resize_with_pad
    """,
    "ops": """
        adaptive_average_pool adaptive_max_pool array_split average_pool broadcast_to cast convert_to_tensor copy
        depth_to_space expand_dims flip layer_normalization max_pool moveaxis negative normalize pad ravel repeat
        reshape rms_normalization roll rot90 saturate_cast slice space_to_depth split squeeze stop_gradient swapaxes
        tile transpose unstack view
    """,
    "backend": """
        batch_flatten bias_add cast cast_to_floatx expand_dims flatten identity l2_normalize permute_dimensions pool2d
        pool3d repeat repeat_elements reshape resize_images resize_volumes reverse spatial_2d_padding
        spatial_3d_padding squeeze stop_gradient temporal_padding tile transpose
    """,
}

_FIRST: Final[Mapping[str, str]] = {
    "activations": "x",
    "ops": "x",
    "backend": "x",
    "nn": "features",
    "math": "x",
    "tf": "x",
}
_PARAMETERS: Final[Mapping[tuple[str, str], str]] = {
    ("activations", "relu"): "x negative_slope max_value threshold",
    ("backend", "relu"): "x negative_slope max_value threshold",
    ("nn", "sigmoid"): "x",
    ("nn", "tanh"): "x",
    ("nn", "softmax"): "logits",
    ("nn", "log_softmax"): "logits",
    ("math", "softmax"): "logits",
    ("math", "log_softmax"): "logits",
    ("math", "softplus"): "features",
    ("math", "softsign"): "features",
    ("nn", "batch_normalization"): "x mean variance offset scale variance_epsilon",
    ("ops", "batch_normalization"): "x mean variance axis offset scale epsilon",
    ("backend", "batch_normalization"): "x mean var beta gamma axis epsilon",
    # The second parameter of tf.nn.dropout is a keep probability in TensorFlow 1 and a rate in TensorFlow 2.
    ("nn", "dropout"): "x rate_or_keep_prob noise_shape seed",
    ("nn", "stateless_dropout"): "x rate seed",
    ("nn", "general_dropout"): "x rate",
    ("backend", "dropout"): "x rate noise_shape seed",
    ("random", "dropout"): "inputs rate noise_shape seed",
    ("backend", "pool2d"): "x pool_size strides padding data_format pool_mode",
    ("backend", "pool3d"): "x pool_size strides padding data_format pool_mode",
}
_CHAINS: Final[Mapping[Role, str]] = {Role.NORM: "BatchNormalization", Role.DROPOUT: "Dropout"}


def _entry(space: str, name: str, role: Role, chain: str = "", arithmetic: bool = False) -> Entry:
    parameters = _PARAMETERS.get((space, name), "")
    return Entry(name, Kind.FUNCTION, role, tuple(parameters.split()), (), False, chain, arithmetic)


def _activation(space: str, name: str) -> Entry:
    canonical = ACTIVATIONS[name]
    role = Role.PASS if canonical == "linear" else Role.ACTIVATION
    parameters = _PARAMETERS.get((space, name), _FIRST[space])
    return Entry(canonical, Kind.FUNCTION, role, tuple(parameters.split()), (), False, chain_name(canonical))


def _entries() -> Iterator[tuple[str, str, Entry]]:
    for space, names in _ACTIVATIONS.items():
        for name in names.split():
            yield space, name, _activation(space, name)
    for role, places in ((Role.NORM, _NORMS), (Role.DROPOUT, _DROPOUTS), (Role.PASS, _PASS)):
        for space, names in places.items():
            for name in names.split():
                yield space, name, _entry(space, name, role, _CHAINS.get(role, ""))
    for table, arithmetic in ((_MERGES, False), (_ARITHMETIC, True)):
        for space, merges in table.items():
            for chain, names in merges.items():
                for name in names.split():
                    yield space, name, _entry(space, name, Role.MERGE, chain, arithmetic)


FUNCTIONS: Final[Mapping[tuple[str, str], Entry]] = {(space, name): entry for space, name, entry in _entries()}
"""All functions, by their namespace (`nn` for `tf.nn`, `tf` for the top level of TensorFlow) and their name."""
