"""Invalid input has a clear message, and the model is not run."""

from __future__ import annotations

import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from orderlint.engine.measuring import measure_model
from orderlint.runtime.errors import InspectionError
from tests.runtime.measuring.nets import blocks, noise


@pytest.mark.parametrize(
    ("x", "message"),
    [
        (np.ones((20, 28), "float32"), r"shape \(20, 28\), expected \(examples, 64\)"),
        (np.ones(64, "float32"), r"one example without the axis of the examples"),
        (noise(1), r"the data has 1 example, expected at least 2"),
        (np.ones((0, 64), "float32"), r"0 examples"),
        (
            np.where(np.arange(64) == 3, np.nan, noise(20)),
            r"20 values that are NaN or infinite, the first in example 0",
        ),
        (np.array([object()] * 4), r"contains Python objects"),
        (np.full((20, 64), "1.5"), r"the data is text \(<U3\), expected numbers"),
        ([noise(8), noise(8)], r"takes 1 input .*has 2 arrays"),
        (3.0, r"a single value"),
        (noise(8) * 1j, r"the data is of type complex\d+: expected real numbers"),
        (np.zeros((8, 64), "datetime64[s]"), r"the data is of type datetime64\[s\]"),
        (np.full((8, 64), 1e200), r"512 values that are NaN or infinite"),
    ],
)
def test_data_that_do_not_fit(keras: Any, x: Any, message: str) -> None:
    """The message has the given and the expected value."""
    with pytest.raises(InspectionError, match=message):
        measure_model(blocks(keras, "LDBA", 0.5), x)


def test_the_axis_of_the_channels_is_missing(keras: Any) -> None:
    """The most common mistake with images has a hint of its own."""
    layers = keras.layers
    model = keras.Sequential(
        [layers.Input((28, 28, 1)), layers.Conv2D(4, 3), layers.Dropout(0.5), layers.BatchNormalization()]
    )
    with pytest.raises(InspectionError, match=r"add it with `x\[\.\.\., None\]`"):
        measure_model(model, np.ones((8, 28, 28), "float32"))


@pytest.mark.parametrize(
    ("y", "message"),
    [
        (np.zeros(7), r"7 labels for 64 examples"),
        (np.full(64, 12), r"from 12 to 12, but `.*` has 10 outputs: expected 0 to 9"),
        (np.zeros((64, 3)), r"the labels have the shape \(64, 3\), the outputs of `.*` \(64, 10\)"),
        (np.array(["cat"] * 64), r"expected numbers"),
        (np.full(64, np.nan), r"the labels contain NaN"),
    ],
)
def test_labels_that_do_not_fit(keras: Any, y: Any, message: str) -> None:
    """Their number, their classes, their dtype."""
    model = blocks(keras, "LDBA", 0.5)
    for layer in model.layers:
        if hasattr(layer, "moving_mean"):
            layer.moving_mean.assign(layer.moving_mean + 0.1)  # as if it were trained
    with pytest.raises(InspectionError, match=message):
        measure_model(model, noise(64), y)


@pytest.mark.parametrize(("order", "message"), [("LAD", "no batch normalization"), ("LBA", "has no dropout")])
def test_nothing_to_measure(keras: Any, monkeypatch: pytest.MonkeyPatch, order: str, message: str) -> None:
    """A model without normalization or without dropout is refused before it is run."""
    model = blocks(keras, order, 0.5)
    monkeypatch.setattr(type(model), "__call__", lambda *_, **__: pytest.fail("it was run"))
    measurement = measure_model(model, noise())
    assert not measurement.rows
    assert message in str(measurement)


def test_no_model(keras: Any) -> None:
    """A layer or another object is not a model."""
    for thing in (keras.layers.Dense(2), "model.keras", None):
        with pytest.raises(InspectionError, match="expected a Keras model"):
            measure_model(thing, noise())


@pytest.mark.parametrize("options", [{"passes": 0}, {"batch_size": 1}])
def test_options_that_make_no_sense(keras: Any, options: dict[str, Any]) -> None:
    """They are refused before the model is run."""
    with pytest.raises(InspectionError, match="expected at least 1 pass"):
        measure_model(blocks(keras, "LDBA", 0.5), noise(), **options)


def test_without_data_a_model_has_to_know_its_input(keras: Any) -> None:
    """The advice can be followed: data, or calling the model."""
    layers = keras.layers
    model = keras.Sequential([layers.Dense(4), layers.Dropout(0.5), layers.BatchNormalization()])
    with pytest.raises(InspectionError, match=r"give data \(`--data`, or `x` in Python\), or call it"):
        measure_model(model)


def test_without_data(keras: Any) -> None:
    """Without data, only a normalization directly after a dropout has a row, and the report says why."""
    layers = keras.layers
    model = keras.Sequential(
        [
            layers.Input((64,)),
            layers.Dense(64),
            layers.Dropout(0.5),
            layers.BatchNormalization(name="direct"),
            layers.Dense(64),
            layers.BatchNormalization(name="across"),
        ]
    )
    measurement = measure_model(model)
    assert [row.path for row in measurement.rows] == ["direct"]
    assert "random numbers are misleading" in str(measurement)
    assert measurement.effect is None


def test_what_is_stored_is_not_compared_with_made_up_numbers(keras: Any) -> None:
    """Without data, moving averages of a trained model are not compared, since they belong to its own data."""
    model = blocks(keras, "LDBA", 0.5)
    for norm in (layer for layer in model.layers if "normalization" in layer.name):
        norm.moving_variance.assign(0 * norm.moving_variance + 40.0)
    measurement = measure_model(model)
    assert measurement.rows
    assert [row.stored_over_actual for row in measurement.rows] == [None] * len(measurement.rows)
    assert not measurement.lagging
    assert "not trained yet" not in str(measurement)


def test_few_examples_are_said_to_be_few(keras: Any) -> None:
    """The report warns that the measurement is inaccurate."""
    assert "20 examples make a rough measurement" in str(measure_model(blocks(keras, "LDBA", 0.5), noise(20)))


def test_files_that_hold_no_data(keras3: Any, tmp_path: Path) -> None:
    """A text file, pickled objects, arrays with ambiguous names."""
    from orderlint.runtime.measuring.files import read_data

    model = blocks(keras3, "LDBA", 0.5)
    (tmp_path / "x.npy").write_text("no numbers")
    np.save(tmp_path / "objects.npy", np.array([{}]), allow_pickle=True)
    (tmp_path / "pickled.npy").write_bytes(pickle.dumps({"x": 1}))
    np.savez(tmp_path / "two.npz", left=noise(4), right=noise(4))
    np.savez(tmp_path / "none.npz")
    np.savez(tmp_path / "labels.npz", y=np.arange(4))
    for name, message in (
        ("x.npy", r"x\.npy is not a \.npy or \.npz file, or is damaged \(its content is something else\)"),
        ("objects.npy", "Python objects"),
        ("pickled.npy", "Python objects"),
        ("none.npz", "none.npz contains no arrays: expected one called `x`"),
        ("labels.npz", "labels.npz contains no arrays but labels: expected one called `x`"),
        ("two.npz", "expected one called `x`"),
        ("x.csv", "expected a .npy or .npz file"),
    ):
        with pytest.raises(InspectionError, match=message):
            read_data(tmp_path / name, model)
