"""Recalibration updates the statistics layer by layer, and nothing else."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from orderlint import RecalibrateCallback, recalibrate
from orderlint.engine.measuring import measure_model
from orderlint.engine.recalibrating import recalibrate_file
from orderlint.runtime.errors import InspectionError
from tests.runtime.measuring.nets import blocks, is_same, noise, state


def trained(keras: Any, momentum: float = 0.99, epochs: int = 3, callbacks: Any = ()) -> tuple[Any, Any, Any]:
    """A small classifier with dropout before its normalizations, and its data."""
    keras.utils.set_random_seed(7)
    random = np.random.default_rng(7)
    x = random.normal(2.0, 3.0, size=(600, 16)).astype("float32")
    y = x[:, :4].argmax(-1)
    layers = keras.layers
    inner = [
        layer
        for _ in range(2)
        for layer in (
            layers.Dense(32),
            layers.Dropout(0.5),
            layers.BatchNormalization(momentum=momentum),
            layers.ReLU(),
        )
    ]
    model = keras.Sequential([layers.Input((16,)), *inner, layers.Dense(4, activation="softmax")])
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    model.fit(x, y, epochs=epochs, batch_size=100, verbose=0, callbacks=list(callbacks))
    return model, x, y


def norms(model: Any) -> list[Any]:
    return [part for part in model._flatten_layers() if hasattr(part, "moving_mean")]


@pytest.mark.parametrize("batch_size", [128, 600])
def test_what_is_stored_is_what_is_met(keras: Any, batch_size: int) -> None:
    """After it, each normalization has the statistics of inference, also after other normalizations, and in batches."""
    model, x, y = trained(keras)
    done = recalibrate(model, x, y, batch_size=batch_size)
    assert len(done.rows) == 2
    for row in done.rows:
        assert row.before is not None
        assert not 0.9 < row.before < 1.1
        assert row.after == pytest.approx(1.0, abs=0.005)
    again = measure_model(model, x, batch_size=600).rows
    assert [row.path for row in done.rows] == [row.path for row in again]
    for measured in again:
        assert measured.stored_over_actual == pytest.approx(1.0, abs=0.01)
        assert not measured.lags


def test_a_lagging_moving_average_is_told_apart_and_mended(keras: Any) -> None:
    """With a high momentum and few steps: the report says that the order is not the cause; the accuracy is restored."""
    model, x, y = trained(keras, momentum=0.999, epochs=12)
    before = measure_model(model, x, y)
    assert before.lagging
    assert "The order is not the cause" in str(before)
    assert before.effect is not None
    assert before.effect.after is not None
    assert before.effect.before is not None
    assert before.effect.after > before.effect.before
    done = recalibrate(model, x, y)
    assert done.effect is not None
    assert done.effect.after == pytest.approx(before.effect.after, abs=0.02)
    assert "accuracy" in str(done)


def test_the_weights_are_untouched(keras: Any) -> None:
    """Only moving means and variances change; seeds, weights and optimizer are the same."""
    model, x, _ = trained(keras)
    before = [np.array(weight) for weight in model.trainable_variables]
    recalibrate(model, x)
    assert is_same(before, [np.array(weight) for weight in model.trainable_variables])


def test_frozen_normalizations_are_left(keras: Any) -> None:
    """They use stored statistics in training, too. If all are frozen, that is an error."""
    model, x, _ = trained(keras)
    first, second = norms(model)
    first.trainable = False
    kept = np.array(first.moving_variance)
    done = recalibrate(model, x)
    assert len(done.rows) == len(done.frozen) == 1
    assert np.array_equal(kept, np.array(first.moving_variance))
    assert "frozen" in str(done)
    second.trainable = False
    with pytest.raises(InspectionError, match="is frozen"):
        recalibrate(model, x)


def test_an_error_leaves_the_model(keras: Any) -> None:
    """If the data or the model are invalid, nothing is changed."""
    model, x, y = trained(keras)
    before = state(model)
    for wrong_x, wrong_y in ((x[:, :3], None), (x, y[:9]), (x * np.nan, None)):
        with pytest.raises(InspectionError):
            recalibrate(model, wrong_x, wrong_y)
    assert is_same(before, state(model))


def test_a_model_without_normalizations(keras: Any) -> None:
    """There is nothing to recalibrate."""
    with pytest.raises(InspectionError, match="no statistics to recompute"):
        recalibrate(blocks(keras, "LAD", 0.5), noise())


def test_a_shared_normalization(keras: Any) -> None:
    """Its statistics are those of all its uses together."""
    layers = keras.layers
    shared = layers.BatchNormalization()
    source = keras.Input((64,))
    model = keras.Model(source, shared(layers.Dense(64)(layers.Dropout(0.5)(shared(source)))))
    (row,) = recalibrate(model, noise() * 3 + 1, batch_size=512).rows
    assert row.after == pytest.approx(1.0, abs=0.1)


def test_the_callback(keras: Any) -> None:
    """At the end of `fit`, the model has the statistics of inference."""
    x = np.random.default_rng(7).normal(2.0, 3.0, size=(600, 16)).astype("float32")
    callback = RecalibrateCallback(x)
    model, _, _ = trained(keras, callbacks=[callback])
    assert callback.result is not None
    for row in measure_model(model, x, batch_size=600).rows:
        assert row.stored_over_actual == pytest.approx(1.0, abs=0.02)


@pytest.mark.parametrize("suffix", [".keras", ".h5"])
def test_a_file(keras3: Any, tmp_path: Path, suffix: str) -> None:
    """The model is loaded, the result written to another file, and the original is unchanged."""
    model, x, y = trained(keras3)
    source, target = tmp_path / f"net{suffix}", tmp_path / f"out{suffix}"
    model.save(source)
    np.savez(tmp_path / "data.npz", x=x, y=y)
    bytes_before = source.read_bytes()
    done = recalibrate_file(source, tmp_path / "data.npz", None, target)
    assert source.read_bytes() == bytes_before
    assert done.effect is not None
    assert done.effect.after is not None
    again = keras3.models.load_model(target)
    assert again.evaluate(x, y, verbose=0)[1] == pytest.approx(done.effect.after, abs=1e-4)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(["data.npz", source.name, target.name])


def test_a_file_of_keras_2(keras2: Any, tmp_path: Path) -> None:
    """A file that `tf_keras` wrote is loaded by `tf_keras`."""
    model, x, _ = trained(keras2)
    model.save(tmp_path / "net.keras")
    np.save(tmp_path / "x.npy", x)
    recalibrate_file(tmp_path / "net.keras", tmp_path / "x.npy", None, tmp_path / "out.keras")
    again = keras2.models.load_model(tmp_path / "out.keras")
    (row, _) = measure_model(again, x).rows
    assert row.stored_over_actual == pytest.approx(1.0, abs=0.05)


def test_the_input_is_never_overwritten(keras3: Any, tmp_path: Path) -> None:
    """Neither by its name nor by a link to it; a wrong suffix or folder is reported before the model is run."""
    model, x, _ = trained(keras3)
    source = tmp_path / "net.keras"
    model.save(source)
    np.save(tmp_path / "x.npy", x)
    (tmp_path / "link.keras").symlink_to(source)
    for target, message in (
        ("net.keras", "never overwritten"),
        ("link.keras", "never overwritten"),
        ("out.txt", "expected a name ending"),
        ("nowhere/out.keras", "does not exist"),
    ):
        with pytest.raises(InspectionError, match=message):
            recalibrate_file(source, tmp_path / "x.npy", None, tmp_path / target)


def test_an_interrupted_run_leaves_no_file(keras3: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither a partial nor a temporary file; an existing one is unchanged."""
    model, x, _ = trained(keras3)
    source, target = tmp_path / "net.keras", tmp_path / "out.keras"
    model.save(source)
    np.save(tmp_path / "x.npy", x)
    target.write_bytes(b"what was there")

    def interrupted(self: Any, path: str, *_: Any, **__: Any) -> None:
        Path(path).write_bytes(b"half a file")
        raise KeyboardInterrupt

    monkeypatch.setattr(keras3.Model, "save", interrupted)
    with pytest.raises(KeyboardInterrupt):
        recalibrate_file(source, tmp_path / "x.npy", None, target)
    assert target.read_bytes() == b"what was there"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["net.keras", "out.keras", "x.npy"]
