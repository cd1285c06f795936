"""The layers of other libraries: found under all of their module names, and described like similar Keras layers."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

import pytest

from orderlint.catalog import ActivationOf, Description, Entry, Kind, RoleTable, bind, canonical, describe, find
from orderlint.catalog.libraries import LIBRARIES
from orderlint.graph import Role

ENTRIES = [(root, name, entry) for root, library in LIBRARIES.items() for name, entry in library.entries.items()]


def found(dotted: str) -> Entry:
    entry = find(dotted)
    assert entry is not None, dotted
    return entry


def chain(dotted: str, **arguments: object) -> list[str]:
    description: Description = describe(found(dotted), bind(found(dotted), (), arguments))
    return [f"{step.role.value}:{step.name}" for step in description.steps]


def test_the_libraries_are_found_by_being_there() -> None:
    """Each module of `orderlint.catalog.libraries` adds its library under each of its import names."""
    folder = import_module("orderlint.catalog.libraries")
    modules = [import_module(f"{folder.__name__}.{one.name}") for one in iter_modules(folder.__path__)]
    assert dict(LIBRARIES) == {root: module.LIBRARY for module in modules for root in module.LIBRARY.roots}
    assert {"keras_cv", "keras_hub", "keras_nlp", "larq", "qkeras", "tensorflow_addons"} < set(LIBRARIES)


@pytest.mark.parametrize(("root", "name", "entry"), ENTRIES, ids=[f"{root}.{name}" for root, name, _ in ENTRIES])
def test_an_entry_is_whole(root: str, name: str, entry: Entry) -> None:
    """It is found below its root, corresponds to a Keras layer, and names each parameter once."""
    assert find(f"{root}.some.module.{name}") is entry
    assert find(f"{root}.Class.{name}") is None
    assert not entry.like or find(f"keras.layers.{entry.like}") is not None
    assert len(set(entry.parameters)) == len(entry.parameters)
    assert not entry.before or entry.before in entry.parameters
    assert not entry.wrapper or len(entry.parameters) > 0
    assert entry.role is not Role.LINEAR or entry.kind is Kind.LAYER


@pytest.mark.parametrize(
    ("dotted", "arguments", "steps"),
    [
        ("qkeras.QDense", {}, ["linear:QDense"]),
        (
            "qkeras.qlayers.QDense",
            {"activation": "quantized_relu(4)"},
            ["linear:QDense", "activation:quantized_relu"],
        ),
        ("qkeras.QDense", {"activation": "quantized_bits(8, 0, 1)"}, ["linear:QDense"]),
        ("qkeras.QActivation", {"activation": "quantized_tanh(3)"}, ["activation:quantized_tanh"]),
        ("qkeras.QActivation", {"activation": "quantized_bits(8)"}, ["pass:QActivation"]),
        ("qkeras.quantizers.quantized_relu", {}, ["activation:quantized_relu"]),
        ("qkeras.quantized_po2", {}, ["pass:quantized_po2"]),
        ("qkeras.QBatchNormalization", {"activation": "relu"}, ["norm:QBatchNormalization"]),
        (
            "qkeras.QConv2DBatchnorm",
            {"activation": "relu"},
            ["linear:QConv2DBatchnorm", "norm:QConv2DBatchnorm[norm]", "activation:ReLU"],
        ),
        (
            "qkeras.QAveragePooling2D",
            {"activation": "quantized_relu(3)"},
            ["pass:QAveragePooling2D", "activation:quantized_relu"],
        ),
        (
            "larq.layers.QuantConv2D",
            {"input_quantizer": "ste_sign", "activation": "relu"},
            ["activation:ste_sign", "linear:QuantConv2D", "activation:ReLU"],
        ),
        (
            "larq.layers.QuantDense",
            {"input_quantizer": ActivationOf("dorefa_quantizer")},
            ["activation:dorefa_quantizer", "linear:QuantDense"],
        ),
        ("larq.layers.QuantDense", {"input_quantizer": "SteSign"}, ["activation:ste_sign", "linear:QuantDense"]),
        ("larq.layers.QuantDense", {"input_quantizer": None, "kernel_quantizer": "ste_sign"}, ["linear:QuantDense"]),
        ("larq.layers.QuantDense", {"input_quantizer": "NoOp"}, ["linear:QuantDense"]),
        ("larq.quantizers.SteSign", {}, ["activation:ste_sign"]),
        ("tensorflow_addons.layers.GELU", {}, ["activation:gelu"]),
        ("tensorflow_addons.activations.rrelu", {}, ["activation:rrelu"]),
        ("tensorflow_addons.layers.InstanceNormalization", {}, ["pass:InstanceNormalization"]),
        ("tensorflow_addons.layers.NoisyDense", {"activation": "relu"}, ["linear:NoisyDense", "activation:ReLU"]),
        ("keras_cv.layers.DropBlock2D", {"rate": 0.1}, ["dropout:DropBlock2D"]),
        ("keras_cv.layers.DropBlock2D", {"rate": 0}, ["pass:DropBlock2D"]),
        ("keras_hub.layers.TransformerEncoder", {}, ["boundary:TransformerEncoder"]),
        ("keras_nlp.layers.RMSNormalization", {}, ["pass:RMSNormalization"]),
    ],
)
def test_what_a_use_does(dotted: str, arguments: dict[str, object], steps: list[str]) -> None:
    """Roles and names are in the order of application."""
    assert chain(dotted, **arguments) == steps


def test_one_spelling_for_the_modules_of_a_library() -> None:
    """A layer is the same in each module of its library, and in no other library."""
    assert canonical("qkeras.qlayers.QDense") == canonical("qkeras.QDense")
    assert canonical("tensorflow_addons.layers.GroupNormalization") != canonical("keras.layers.GroupNormalization")


def test_user_roles_are_for_the_library_they_name() -> None:
    """A role of a layer of a library does not apply to the Keras layer of the same name, and vice versa."""
    table = RoleTable.of({"tensorflow_addons.layers.GroupNormalization": [Role.NORM]})
    theirs = table.find("tensorflow_addons.layers.normalizations.GroupNormalization")
    ours = table.find("keras.layers.GroupNormalization")
    assert theirs is not None
    assert ours is not None
    assert describe(theirs, {}, settings=table).steps[0].role is Role.NORM
    assert describe(ours, {}, settings=table).steps[0].role is Role.PASS
    other = RoleTable.of({"keras.layers.GroupNormalization": [Role.NORM]})
    assert describe(theirs, {}, settings=RoleTable()).steps[0].role is Role.NORM
    plain = other.find("tensorflow_addons.layers.GroupNormalization")
    assert plain is not None
    assert describe(plain, {}, settings=other).steps[0].role is Role.PASS
