"""Builds the versions of a model, with the same initial weights."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from studies.datasets import Split, split
from studies.real.settings import Setting
from studies.real.texts import about, text
from studies.training import keras, trained

__all__ = ["build", "figures"]


def figures(setting: Setting) -> dict[str, Any]:
    """The figures of a setting: those of `trained`, and `layers`, the kinds of its layers in their order."""
    known = about(setting.model)
    splits = [_shaped(split(known.data, seed), known.shape) for seed in range(setting.seeds)]
    classes = 1 + int(max(splits[0].y.max(), splits[0].y_test.max()))
    models = [build(setting, seed, known.shape, classes) for seed in range(setting.seeds)]
    return {"layers": kinds(models[0]), **trained(models, splits, setting.epochs)}


def _shaped(one: Split, shape: tuple[int, ...]) -> Split:
    return replace(one, x=one.x.reshape(-1, *shape), x_test=one.x_test.reshape(-1, *shape))


def kinds(model: Any) -> list[str]:
    """The classes of the layers, without the input."""
    return [type(layer).__name__ for layer in model.layers if not isinstance(layer, keras.layers.InputLayer)]


def build(setting: Setting, seed: int, shape: tuple[int, ...], classes: int) -> Any:
    """A version of a model. For each seed, both versions have the same initial kernels and dropout masks."""
    keras.utils.set_random_seed(20_000 + seed)
    model = _run(text(setting.model, setting.version), shape, classes)
    keras.utils.set_random_seed(20_000 + seed)
    first = _run(text(setting.model, "before"), shape, classes)
    for variable, value in zip(_learned(model), _learned(first), strict=True):
        variable.assign(value)
    dropouts = [layer for layer in model.layers if isinstance(layer, keras.layers.Dropout)]
    for number, layer in enumerate(dropouts):
        layer.seed_generator.state.assign([20_000 + seed, number])
    return model


def _run(source: str, shape: tuple[int, ...], classes: int) -> Any:
    names: dict[str, Any] = {}
    exec(compile(source, "model", "exec"), names)  # a file of this folder, or its repair
    return names["build"](shape, classes)


def _learned(model: Any) -> list[Any]:
    """The variables that no normalization owns: a repair leaves their order as it is."""
    layers = [layer for layer in model.layers if not isinstance(layer, keras.layers.BatchNormalization)]
    return [variable for layer in layers for variable in layer.trainable_variables]
