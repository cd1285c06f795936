"""The catalog: every name finds its role, and the descriptions say what rules and repairs need."""

from __future__ import annotations

import inspect
import os
import sys
from collections.abc import Iterator
from importlib import import_module
from types import ModuleType

import pytest

from orderlint.catalog import (
    DECISIVE,
    FACTS,
    FUNCTIONS,
    LAYERS,
    UNKNOWN,
    ActivationOf,
    Description,
    Entry,
    Kind,
    RoleTable,
    bind,
    canonical,
    describe,
    find,
    find_layer,
    today,
    wrapped,
)
from orderlint.catalog.libraries import LIBRARIES
from orderlint.graph import Role

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")


def layer(name: str) -> Entry:
    entry = find_layer(name)
    assert entry is not None, name
    return entry


def found(dotted: str) -> Entry:
    entry = find(dotted)
    assert entry is not None, dotted
    return entry


def chain(description: Description) -> list[str]:
    return [f"{step.role.value}:{step.name}" for step in description.steps]


# Against the installed libraries

LAYER_MODULES = [
    "keras.layers",
    "tf_keras.layers",
    "tf_keras.layers.experimental",
    "tf_keras.layers.experimental.preprocessing",
    "tensorflow.python.keras.layers",
]
NOT_LAYERS = {"InputSpec", "VersionAwareLayers", "DeviceWrapper", "DropoutWrapper", "ResidualWrapper"}
"""Classes of the layers modules that are never applied to a tensor: cell wrappers, helpers."""


def load(name: str) -> ModuleType:
    pytest.importorskip(name.partition(".")[0])
    return import_module(name)


@pytest.mark.parametrize("module", LAYER_MODULES)
def test_every_layer_of_the_installed_libraries_is_placed(module: str) -> None:
    """Every class in the layers modules of Keras 3, tf_keras and TensorFlow's own copy has an entry."""
    loaded = load(module)
    classes = {name for name in dir(loaded) if inspect.isclass(getattr(loaded, name)) and not name.startswith("_")}
    assert classes - NOT_LAYERS, "the module has no layers: the test checks nothing"
    assert sorted(name for name in classes - NOT_LAYERS if find_layer(name) is None) == []


def test_aliases_of_the_library_are_aliases_of_the_catalog() -> None:
    """Two names of one Keras class lead to one entry, which is named like the class."""
    layers = load("keras.layers")
    classes = {name: value for name, value in vars(layers).items() if inspect.isclass(value) and name not in NOT_LAYERS}
    assert {name: layer(name).name for name in classes} == {name: value.__name__ for name, value in classes.items()}


def signature(value: object) -> list[str]:
    names = list(inspect.signature(value).parameters)  # type: ignore[arg-type]
    return [name for name in names if name not in ("self", "args", "kwargs")]


def real_signatures(entry: Entry) -> Iterator[list[str]]:
    for name in LAYER_MODULES:
        value = getattr(load(name), entry.name, None)
        if inspect.isclass(value):
            yield signature(value.__init__)


@pytest.mark.parametrize("name", sorted({entry.name for entry in LAYERS.values() if entry.parameters}))
def test_layer_parameters_are_those_of_an_installed_signature(name: str) -> None:
    """Positional parameters of a layer are in the order of the installed constructor."""
    known = (layer(name).parameters, *layer(name).older)
    real = list(real_signatures(layer(name)))
    if not real:
        pytest.skip("a Keras 1 layer: no installed library has it")
    for given in real:
        fits = [known_one for known_one in known if all(a == b for a, b in zip(known_one, given, strict=False))]
        renamed = name == "LeakyReLU" and given == ["alpha"]  # called negative_slope since Keras 3
        assert fits or renamed, f"{name}{tuple(given)} fits none of {known}"


@pytest.mark.parametrize(("space", "module"), [("activations", "keras.activations"), ("ops", "keras.ops")])
def test_every_keras_activation_function_is_placed(space: str, module: str) -> None:
    """The functions of `keras.activations` are activations, also in `keras.ops`."""
    activations = load("keras.activations")
    others = {"deserialize", "get", "serialize"}
    names = [name for name, value in vars(activations).items() if inspect.isfunction(value) and name not in others]
    here = [name for name in names if hasattr(load(module), name)]
    assert here
    roles = {name: FUNCTIONS[space, name].role for name in here}
    assert {name for name, role in roles.items() if role is not Role.ACTIVATION} <= {"linear"}


FUNCTION_MODULES = {
    "activations": ["keras.activations", "tf_keras.activations"],
    "ops": ["keras.ops"],
    "backend": ["tf_keras.backend"],
    "nn": ["tensorflow.nn", "tensorflow.nn.experimental", "tensorflow.compat.v1.nn"],
    "math": ["tensorflow.math"],
    "tf": ["tensorflow", "tensorflow.compat.v1"],
    "image": ["tensorflow.image", "tensorflow.compat.v1.image", "keras.ops.image"],
    "random": ["keras.random"],
    "layers": ["keras.layers"],
}
GONE = {"concat_v2", "div", "identity", "merge", "mul", "sub"}
"""Functions of Keras 1, old TensorFlow and old backends, which nothing installed has."""
SINCE_KERAS_3_13 = {
    "adaptive_average_pool",
    "adaptive_max_pool",
    "array_split",
    "depth_to_space",
    "dstack",
    "space_to_depth",
}
"""Functions of `keras.ops` that came after Keras 3.12, the last release for Python 3.10."""


@pytest.mark.parametrize(("space", "name"), sorted(FUNCTIONS))
def test_function_exists_with_its_parameters(space: str, name: str) -> None:
    """A function of the catalog exists under its name, with its parameters in order."""
    load("tensorflow")
    functions = []
    for module in FUNCTION_MODULES[space]:
        *parents, last = module.split(".")
        home = getattr(load(".".join(parents)), last) if parents else load(module)
        functions += [getattr(home, name)] if hasattr(home, name) else []
    is_too_new = space == "ops" and name in SINCE_KERAS_3_13 and sys.version_info < (3, 11)
    assert functions or name in GONE or is_too_new, f"{space}.{name} exists nowhere"
    parameters = [{"rate_or_keep_prob"} if p == "rate_or_keep_prob" else {p} for p in FUNCTIONS[space, name].parameters]
    alike = {"rate_or_keep_prob": {"rate", "keep_prob"}, "rate": {"level"}, "negative_slope": {"alpha"}}
    for function in functions:
        real = signature(function)[: len(parameters)]
        for (expected,), given in zip(parameters, real, strict=False):
            assert given == expected or given in alike.get(expected, ()), f"{space}.{name}{tuple(real)}"


# Names


@pytest.mark.parametrize(
    ("dotted", "name", "role"),
    [
        ("keras.layers.Dense", "Dense", "linear"),
        ("tensorflow.keras.layers.Conv2D", "Conv2D", "linear"),
        ("tf_keras.layers.Conv2D", "Conv2D", "linear"),
        ("tf_keras.src.layers.convolutional.conv2d.Conv2D", "Conv2D", "linear"),
        ("keras_core.layers.Dense", "Dense", "linear"),
        ("keras.src.layers.core.dense.Dense", "Dense", "linear"),
        ("keras.api.layers.Dense", "Dense", "linear"),
        ("keras.api._v2.keras.layers.Dense", "Dense", "linear"),
        ("keras._tf_keras.keras.layers.Dense", "Dense", "linear"),
        ("keras.layers.core.Dense", "Dense", "linear"),
        ("keras.layers.convolutional.Convolution2D", "Conv2D", "linear"),
        ("keras.layers.local.LocallyConnected1D", "LocallyConnected1D", "linear"),
        ("tensorflow.python.keras.layers.core.Dense", "Dense", "linear"),
        ("tensorflow.contrib.keras.layers.Dense", "Dense", "linear"),
        ("tensorflow.contrib.keras.python.keras.layers.Dense", "Dense", "linear"),
        ("tensorflow.compat.v1.keras.layers.Dense", "Dense", "linear"),
        ("tensorflow.compat.v2.keras.layers.Dense", "Dense", "linear"),
        ("tensorflow._api.v2.compat.v2.keras.layers.Dense", "Dense", "linear"),
        ("keras.layers.normalization.BatchNormalization", "BatchNormalization", "norm"),
        ("keras.layers.normalization.BatchNormalizationV2", "BatchNormalization", "norm"),
        ("tensorflow.python.keras.layers.normalization_v2.BatchNormalization", "BatchNormalization", "norm"),
        ("tensorflow.keras.layers.experimental.SyncBatchNormalization", "SyncBatchNormalization", "norm"),
        ("tensorflow.nn.batch_normalization", "batch_normalization", "norm"),
        ("tensorflow.compat.v1.nn.fused_batch_norm", "fused_batch_norm", "norm"),
        ("keras.ops.batch_normalization", "batch_normalization", "norm"),
        ("keras.ops.nn.batch_normalization", "batch_normalization", "norm"),
        ("keras.layers.advanced_activations.LeakyReLU", "LeakyReLU", "activation"),
        ("tensorflow.nn.relu", "relu", "activation"),
        ("tensorflow.compat.v1.nn.relu", "relu", "activation"),
        ("tensorflow.python.ops.nn.relu", "relu", "activation"),
        ("tensorflow.python.ops.math_ops.tanh", "tanh", "activation"),
        ("tensorflow.nn.swish", "silu", "activation"),
        ("tensorflow.sigmoid", "sigmoid", "activation"),
        ("tensorflow.math.sigmoid", "sigmoid", "activation"),
        ("keras.ops.relu", "relu", "activation"),
        ("keras.ops.nn.gelu", "gelu", "activation"),
        ("keras.src.ops.nn.gelu", "gelu", "activation"),
        ("keras.activations.relu", "relu", "activation"),
        ("keras.src.activations.activations.relu", "relu", "activation"),
        ("tensorflow.keras.activations.swish", "silu", "activation"),
        ("keras.backend.relu", "relu", "activation"),
        ("keras.backend.tensorflow_backend.relu", "relu", "activation"),
        ("keras.activations.linear", "linear", "pass"),
        ("tensorflow.nn.dropout", "dropout", "dropout"),
        ("tensorflow.nn.experimental.stateless_dropout", "stateless_dropout", "dropout"),
        ("keras.backend.dropout", "dropout", "dropout"),
        ("keras.random.dropout", "dropout", "dropout"),
        ("keras.layers.SpatialDropout2D", "SpatialDropout2D", "dropout"),
        ("keras.layers.noise.GaussianDropout", "GaussianDropout", "dropout"),
        ("tensorflow.reshape", "reshape", "pass"),
        ("keras.ops.transpose", "transpose", "pass"),
        ("keras.ops.numpy.reshape", "reshape", "pass"),
        ("tensorflow.nn.max_pool", "max_pool", "pass"),
        ("tensorflow.image.resize", "resize", "pass"),
        ("tensorflow.keras.layers.experimental.preprocessing.Rescaling", "Rescaling", "pass"),
        ("keras.layers.GlobalAvgPool2D", "GlobalAveragePooling2D", "pass"),
        ("keras.layers.LayerNormalization", "LayerNormalization", "pass"),
        ("keras.layers.merge.add", "add", "merge"),
        ("keras.layers.add", "add", "merge"),
        ("keras.layers.Add", "Add", "merge"),
        ("keras.layers.merge", "merge", "merge"),
        ("keras.engine.topology.merge", "merge", "merge"),
        ("keras.legacy.layers.Merge", "Merge", "merge"),
        ("tensorflow.concat", "concat", "merge"),
        ("tensorflow.keras.backend.concatenate", "concatenate", "merge"),
        ("keras.Input", "Input", "boundary"),
        ("keras.layers.Input", "Input", "boundary"),
        ("keras.engine.InputLayer", "InputLayer", "boundary"),
        ("keras.layers.LSTM", "LSTM", "boundary"),
        ("keras.layers.Normalization", "Normalization", "boundary"),
        ("keras.layers.Embedding", "Embedding", "boundary"),
    ],
)
def test_name_leads_to_its_role(dotted: str, name: str, role: str) -> None:
    """All names of a layer in Keras and TensorFlow have the same entry."""
    entry = found(dotted)
    assert (entry.name, entry.role.value) == (name, role)


@pytest.mark.parametrize(
    "dotted",
    [
        "Dense",
        "flax.linen.Dense",
        "flax.linen.BatchNorm",
        "torch.nn.Dropout",
        "torch.nn.functional.relu",
        "tensorflow.layers.Dense",
        "tensorflow.layers.batch_normalization",
        "tensorflow.compat.v1.layers.Dense",
        "tensorflow.compat.v1.layers.batch_normalization",
        "tensorflow.contrib.layers.batch_norm",
        "tensorflow.contrib.layers.Dense",
        "tensorflow.python.layers.core.Dense",
        "keras.layers.Dense.call",
        "keras.layers.Nothing",
        "keras.Dense",
        "keras.models.Sequential",
        "keras.utils.add",
        "keras.ops.identity",
        "tensorflow.matmul",
        "tensorflow.relu",
        "tensorflow.keras",
        "keras",
        "tensorflow_addons.layers.Nothing",
        "mylib.layers.Dense",
        "numpy.add",
        "",
    ],
)
def test_name_that_is_not_keras_is_not_found(dotted: str) -> None:
    """Names that only look like Keras have no entry."""
    assert find(dotted) is None


def test_lower_case_layers_are_functions() -> None:
    """`keras.layers.add` is called on tensors, `keras.layers.Add` is constructed; both are `Add` in a chain."""
    assert (found("keras.layers.add").kind, found("keras.layers.add").chain_name) == (Kind.FUNCTION, "Add")
    assert (found("keras.layers.Add").kind, found("keras.layers.Add").chain_name) == (Kind.LAYER, "Add")


def test_arithmetic_functions_are_marked() -> None:
    """`tf.add` may be arithmetic with a constant; `tf.concat` always merges."""
    assert found("tensorflow.add").arithmetic
    assert not found("tensorflow.concat").arithmetic


@pytest.mark.parametrize(
    ("dotted", "chain_name"),
    [
        ("tensorflow.nn.relu", "ReLU"),
        ("tensorflow.nn.leaky_relu", "LeakyReLU"),
        ("keras.ops.elu", "ELU"),
        ("keras.activations.softmax", "Softmax"),
        ("tensorflow.tanh", "tanh"),
        ("keras.activations.swish", "silu"),
        ("tensorflow.nn.batch_normalization", "BatchNormalization"),
        ("keras.backend.dropout", "Dropout"),
        ("tensorflow.concat", "Concatenate"),
    ],
)
def test_function_has_the_chain_name_of_its_layer(dotted: str, chain_name: str) -> None:
    """A function has the chain name of the layer that does the same."""
    assert found(dotted).chain_name == chain_name


# Arguments


@pytest.mark.parametrize(
    ("name", "positional", "keywords", "expected"),
    [
        ("Dense", (8, "relu"), {}, {"units": 8, "activation": "relu"}),
        ("Dense", (8,), {"activation": UNKNOWN}, {"units": 8, "activation": UNKNOWN}),
        ("Dense", (8, UNKNOWN, False), {}, {"units": 8, "activation": UNKNOWN, "use_bias": False}),
        ("Dense", (8, "he_normal"), {}, {"units": 8, "kernel_initializer": "he_normal", "keras1": True}),
        ("Dense", (), {"output_dim": 8, "bias": False}, {"units": 8, "use_bias": False, "keras1": True}),
        (
            "Conv2D",
            (8, 3, 1, "same", None, 1, 1, "relu", False),
            {},
            {
                "filters": 8,
                "kernel_size": 3,
                "strides": 1,
                "padding": "same",
                "data_format": None,
                "dilation_rate": 1,
                "groups": 1,
                "activation": "relu",
                "use_bias": False,
            },
        ),
        ("Dropout", (0.5,), {}, {"rate": 0.5}),
        ("Dropout", (), {"p": 0.5}, {"rate": 0.5}),
        ("BatchNormalization", (1,), {"center": False}, {"axis": 1, "center": False}),
    ],
)
def test_bind_names_the_arguments(
    name: str, positional: tuple[object, ...], keywords: dict[str, object], expected: dict[str, object]
) -> None:
    """Positional and Keras 1 arguments are returned under their current names."""
    assert bind(layer(name), positional, keywords) == expected


@pytest.mark.parametrize(
    ("name", "positional", "keywords"),
    [
        ("Convolution2D", (8, 3, 3, "he_normal", "relu"), {}),
        ("Convolution2D", (8, 3, 3), {"border_mode": "same", "activation": "relu"}),
        ("Convolution1D", (8, 3, "uniform", "relu"), {}),
        ("Convolution3D", (8, 3, 3, 3, "uniform", "relu"), {}),
        ("Deconvolution2D", (8, 3, 3, UNKNOWN, "uniform", "relu"), {}),
        ("Conv2D", (8, 3, 1, "same", None, 1, "relu"), {}),
        ("Conv2DTranspose", (8, 3, 1, "same", None, "relu"), {}),
        ("Conv3DTranspose", (8, 3, 1, "same", None, None, 1, "relu"), {}),
        ("DepthwiseConv2D", (3, 1, "same", 1, None, "relu"), {}),
        ("SeparableConv2D", (8, 3, 1, "same", None, 1, 1, "relu"), {}),
        ("TimeDistributedDense", (8, "uniform", "relu"), {}),
        ("EinsumDense", ("ab,bc->ac", 8, "relu"), {}),
    ],
)
def test_activation_is_found_in_every_version(
    name: str, positional: tuple[object, ...], keywords: dict[str, object]
) -> None:
    """The activation is found at its position in all versions of Keras."""
    assert describe(layer(name), bind(layer(name), positional, keywords)).steps[1].name == "ReLU"


@pytest.mark.parametrize(
    ("name", "arguments", "expected"),
    [
        ("Dense", {}, ["linear:Dense"]),
        ("Dense", {"activation": "relu"}, ["linear:Dense", "activation:ReLU"]),
        ("Dense", {"activation": "tanh"}, ["linear:Dense", "activation:tanh"]),
        ("Dense", {"activation": "swish"}, ["linear:Dense", "activation:silu"]),
        ("Dense", {"activation": None}, ["linear:Dense"]),
        ("Dense", {"activation": "linear"}, ["linear:Dense"]),
        ("Dense", {"activation": UNKNOWN}, ["linear:Dense"]),
        ("Dense", {"activation": ActivationOf("leaky_relu")}, ["linear:Dense", "activation:LeakyReLU"]),
        ("Dense", {"activation": ActivationOf(None)}, ["linear:Dense", "activation:Activation"]),
        ("Dense", {"activation": ActivationOf("linear")}, ["linear:Dense"]),
        ("Convolution2D", {}, ["linear:Conv2D"]),
        ("Activation", {"activation": "relu"}, ["activation:ReLU"]),
        ("Activation", {"activation": "LeakyReLU"}, ["activation:LeakyReLU"]),
        ("Activation", {"activation": "linear"}, ["pass:Activation"]),
        ("Activation", {"activation": None}, ["pass:Activation"]),
        ("Activation", {"activation": UNKNOWN}, ["activation:Activation"]),
        ("Activation", {"activation": ActivationOf("gelu")}, ["activation:gelu"]),
        ("ReLU", {}, ["activation:ReLU"]),
        ("PReLU", {}, ["activation:PReLU"]),
        ("ThresholdedReLU", {}, ["activation:ThresholdedReLU"]),
        ("Softmax", {}, ["activation:Softmax"]),
        ("Lambda", {"function": ActivationOf("relu")}, ["activation:ReLU"]),
        ("Lambda", {"function": ActivationOf("linear")}, ["pass:Lambda"]),
        ("Lambda", {"function": UNKNOWN}, ["boundary:Lambda"]),
        ("Dropout", {"rate": 0.5}, ["dropout:Dropout"]),
        ("Dropout", {"rate": UNKNOWN}, ["dropout:Dropout"]),
        ("Dropout", {"rate": 0}, ["pass:Dropout"]),
        ("Dropout", {"rate": 0.0}, ["pass:Dropout"]),
        ("SpatialDropout2D", {"rate": 0}, ["pass:SpatialDropout2D"]),
        ("LSTM", {"activation": "relu"}, ["boundary:LSTM"]),
        ("MultiHeadAttention", {}, ["boundary:MultiHeadAttention"]),
        ("BatchNormalizationV1", {}, ["norm:BatchNormalization"]),
        ("Flatten", {}, ["pass:Flatten"]),
        ("Add", {}, ["merge:Add"]),
    ],
)
def test_describe_gives_the_steps(name: str, arguments: dict[str, object], expected: list[str]) -> None:
    """The steps of a layer are its role and, if known, that of its inline activation."""
    assert chain(describe(layer(name), arguments)) == expected


@pytest.mark.parametrize(
    ("name", "arguments", "facts"),
    [
        ("Dense", {}, {"use_bias": True, "bias_argument": "use_bias"}),
        ("Dense", {"use_bias": False}, {"use_bias": False}),
        ("Dense", {"use_bias": UNKNOWN}, {"use_bias": None}),
        ("Dense", {"use_bias": False, "keras1": True}, {"bias_argument": "bias"}),
        ("Dense", {"activation": "relu"}, {"activation": "relu", "commutes": True}),
        ("Dense", {"activation": "tanh"}, {"activation": "tanh", "commutes": None}),
        ("Dense", {"activation": UNKNOWN}, {"activation": None, "activation_unknown": True}),
        ("Dense", {"activation": ActivationOf("relu", plain=False)}, {"activation": "relu", "commutes": None}),
        ("EinsumDense", {}, {"use_bias": False, "bias_argument": "bias_axes"}),
        ("EinsumDense", {"bias_axes": "c"}, {"use_bias": True}),
        ("Conv3D", {"data_format": "channels_first"}, {"rank": 3, "channels_first": True}),
        ("Conv3D", {"data_format": UNKNOWN}, {"rank": 3, "channels_first": None}),
        ("BatchNormalization", {}, {"center": True, "axis": -1}),
        ("BatchNormalization", {"center": False, "axis": [1, 2]}, {"center": False, "axis": (1, 2)}),
        ("BatchNormalization", {"center": UNKNOWN, "axis": UNKNOWN}, {"center": None, "axis": None}),
        ("Dropout", {"rate": 0.5}, {"rate": 0.5}),
        ("Dropout", {"rate": 0}, {"rate": 0}),
        ("Dropout", {"rate": UNKNOWN}, {"rate": None}),
        ("SpatialDropout2D", {"rate": 0.5}, {"rank": 2}),
        ("Dropout", {"rate": 0.5, "noise_shape": (None, 1, 8)}, {"noise_shape": True}),
        ("Dropout", {"rate": 0.5, "noise_shape": None}, {"noise_shape": None}),
        ("Dropout", {"rate": 0.5}, {"off": None}),
        ("Dropout", {"rate": 0.0}, {"off": True, "shape": "same"}),
        ("ReLU", {}, {"commutes": True}),
        ("ReLU", {"max_value": 6}, {"commutes": None}),
        ("ReLU", {"threshold": 1.0}, {"commutes": None}),
        ("ReLU", {"max_value": UNKNOWN}, {"commutes": None}),
        ("LeakyReLU", {"negative_slope": 0.2}, {"activation": "leaky_relu", "commutes": True}),
        ("MaxPooling2D", {}, {"shape": "spatial", "shift": True, "max_pooling": True, "rank": 2}),
        ("AveragePooling2D", {}, {"shape": "spatial", "shift": True, "max_pooling": None}),
        ("GlobalMaxPooling1D", {}, {"shape": "global", "shift": True, "max_pooling": True}),
        ("Flatten", {}, {"shape": "other", "shift": None}),
        ("ZeroPadding2D", {}, {"shape": "border", "shift": None}),
        ("LayerNormalization", {}, {"shape": "same", "shift": None}),
        ("Activation", {"activation": None}, {"shape": "same", "shift": True}),
    ],
)
def test_describe_gives_the_facts(name: str, arguments: dict[str, object], facts: dict[str, object]) -> None:
    """Unknown facts are absent (here: `None`)."""
    given = describe(layer(name), arguments).facts
    assert {key: given.get(key) for key in facts} == facts


class Asked(dict[str, object]):
    """Arguments that record which of them are read."""

    def __init__(self, given: dict[str, object]) -> None:
        super().__init__(given)
        self.names: set[str] = set()

    def get(self, name: str, default: object = None) -> object:
        self.names.add(name)
        return super().get(name, default)

    def __getitem__(self, name: str) -> object:
        self.names.add(name)
        return super().__getitem__(name)


@pytest.mark.parametrize("value", [None, 0, 6, "relu", "max", ActivationOf("relu"), UNKNOWN])
def test_describe_asks_for_no_more_than_the_decisive_arguments(value: object) -> None:
    """Uses that differ only in other arguments are the same for the interpreter."""
    asked: set[str] = set()
    others = [entry for library in LIBRARIES.values() for entry in library.entries.values()]
    for entry in (*LAYERS.values(), *FUNCTIONS.values(), *others):
        given = Asked(dict.fromkeys((*entry.parameters, *DECISIVE, entry.before), value))
        describe(entry, given)
        asked |= given.names - {entry.before}
    assert asked - DECISIVE == {"keras1"}  # what `bind` adds


@pytest.mark.parametrize(("name", "old", "new"), [("Dropout", "p", "rate"), ("Dense", "bias", "use_bias")])
def test_the_decisive_arguments_have_all_their_names(name: str, old: str, new: str) -> None:
    assert today(layer(name), old) == new
    assert {old, new} <= DECISIVE
    older = {parameter for entry in LAYERS.values() for parameters in entry.older for parameter in parameters}
    assert {parameter for parameter in older if today(layer(name), parameter) in DECISIVE} <= DECISIVE


def test_every_fact_is_documented() -> None:
    """No description has a fact that is not in `FACTS`."""
    entries = {id(entry): entry for entry in (*LAYERS.values(), *FUNCTIONS.values())}.values()
    arguments = {"rate": 0, "activation": "relu", "data_format": "channels_last", "noise_shape": (1,)}
    used = {key for entry in entries for key in describe(entry, arguments).facts}
    unknown = describe(layer("Dense"), {"activation": UNKNOWN}).facts
    assert used | set(unknown) | {"training", "wrapper", "own_activation", "per_example"} == set(FACTS)


def test_rate_of_tensorflow_1_dropout_is_not_a_rate() -> None:
    """The second position of `tf.nn.dropout` is the keep probability in TensorFlow 1, so the rate is unknown."""
    entry = found("tensorflow.nn.dropout")
    assert "rate" not in describe(entry, bind(entry, (UNKNOWN, 0.9), {})).facts
    assert "rate" not in describe(entry, bind(entry, (UNKNOWN,), {"keep_prob": 0.9})).facts
    assert describe(entry, bind(entry, (UNKNOWN,), {"rate": 0.9})).facts["rate"] == 0.9
    assert chain(describe(entry, bind(entry, (UNKNOWN, 0), {}))) == ["pass:Dropout"]


def test_backend_dropout_level_is_a_rate() -> None:
    """`K.dropout` calls its rate `level`."""
    entry = found("keras.backend.dropout")
    assert describe(entry, bind(entry, (UNKNOWN,), {"level": 0.3})).facts["rate"] == 0.3


def test_capped_relu_function_does_not_commute() -> None:
    """`keras.activations.relu(x, max_value=6)` is not a plain relu."""
    entry = found("keras.activations.relu")
    assert describe(entry, {"x": UNKNOWN}).facts["commutes"] is True
    assert "commutes" not in describe(entry, {"x": UNKNOWN, "max_value": 6}).facts


def test_wrapper_has_the_role_of_its_layer() -> None:
    """A wrapped layer keeps its name and steps; the wrapper is a fact."""
    inner = describe(layer("Conv2D"), {"activation": "relu"})
    inside = wrapped(layer("TimeDistributed"), inner)
    assert (inside.layer, chain(inside)) == ("Conv2D", ["linear:Conv2D", "activation:ReLU"])
    assert (inside.facts["wrapper"], inside.facts.get("rank")) == ("TimeDistributed", None)
    assert wrapped(layer("SpectralNormalization"), inner).facts["rank"] == 2
    assert chain(wrapped(layer("Bidirectional"), inner)) == ["boundary:Bidirectional"]


# Roles from the configuration


def test_user_role_covers_every_spelling() -> None:
    """A role for `tf.keras.layers.X` holds for `keras.layers.X` and the deep paths."""
    table = RoleTable.of({"tf.keras.layers.LayerNormalization": (Role.NORM,)})
    for dotted in ("keras.layers.LayerNormalization", "tf_keras.layers.LayerNormalization"):
        entry = table.find(dotted)
        assert entry is not None
        assert chain(describe(entry, {}, settings=table)) == ["norm:LayerNormalization"]
    assert chain(describe(layer("LayerNormalization"), {}, settings=table)) == ["norm:LayerNormalization"]
    assert chain(describe(layer("GroupNormalization"), {}, settings=table)) == ["pass:GroupNormalization"]


def test_user_role_may_be_composite() -> None:
    """Each role of a list is a step, in order."""
    table = RoleTable.of({"mylib.ConvBNReLU": (Role.LINEAR, Role.NORM, Role.ACTIVATION)})
    entry = table.find("mylib.ConvBNReLU")
    assert entry is not None
    assert [step.role for step in describe(entry, {}).steps] == [Role.LINEAR, Role.NORM, Role.ACTIVATION]
    assert len({step.name for step in describe(entry, {}).steps}) == 3


def test_user_linear_keeps_its_inline_activation() -> None:
    """A custom linear layer has an `activation=` argument like that of Keras; in a recurrent layer it is internal."""
    table = RoleTable.of({"mylib.MyDense": (Role.LINEAR,), "keras.layers.LSTM": (Role.LINEAR,)})
    own, recurrent = table.find("mylib.MyDense"), table.find("keras.layers.LSTM")
    assert own is not None
    assert recurrent is not None
    assert chain(describe(own, {"activation": "relu"})) == ["linear:MyDense", "activation:ReLU"]
    assert chain(describe(recurrent, {"activation": "relu"})) == ["linear:LSTM"]


def test_names_without_user_roles_are_the_catalogs() -> None:
    """A table has the entries of the catalog for names without a configured role."""
    table = RoleTable.of({"mylib.X": (Role.NORM,)})
    assert table.find("keras.layers.Dense") is find("keras.layers.Dense")
    assert table.find("mylib.Y") is None
    assert canonical("tf.nn.relu") == "tensorflow.nn.relu"


@pytest.mark.parametrize(
    ("name", "roles", "facts"),
    [
        ("keras.layers.Conv*D", ("linear",), {"bias_argument": "use_bias", "use_bias": True}),
        ("keras.layers.SpatialDropout*D", ("dropout",), {}),
        ("keras.layers.MaxPooling*D", ("pass",), {"shape": "spatial", "shift": True, "max_pooling": True}),
        ("qkeras.QConv*D", ("linear",), {"bias_argument": "use_bias", "use_bias": True}),
    ],
)
def test_a_family_has_what_its_members_share(name: str, roles: tuple[str, ...], facts: dict[str, object]) -> None:
    """A family has the common role and the common facts of its classes."""
    entry = find(name)
    assert entry is not None
    description = describe(entry, {})
    assert tuple(step.role.value for step in description.steps) == roles
    assert description.facts == facts
    assert description.layer == name.rpartition(".")[2]


@pytest.mark.parametrize(
    "name", ["keras.layers.*", "keras.layers.*2D", "keras.layers.No*D", "torch.nn.Conv*d", "keras.layers.*iseConv2D"]
)
def test_classes_of_several_roles_are_no_family(name: str) -> None:
    """There is no entry if the matching classes have several roles, or if none matches."""
    assert find(name) is None
