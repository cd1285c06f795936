"""Recalibrates a trained model: its normalizations get the actual statistics at inference, without training.

import orderlint

print(orderlint.recalibrate(model, x_train))
model.fit(x_train, y_train, callbacks=[orderlint.RecalibrateCallback(x_train)])
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from orderlint.diagnostics.measurements import RecalibrationRecord
from orderlint.engine.callbacks import KerasCallback
from orderlint.runtime.errors import InspectionError
from orderlint.text.regular import exists, is_folder

__all__ = ["RecalibrateCallback", "Recalibration", "recalibrate", "recalibrate_file"]

_SUFFIXES: Final = (".keras", ".h5", ".hdf5")
Progress = Callable[[str], None]


@dataclass(frozen=True)
class Recalibration(RecalibrationRecord):
    """The result of `recalibrate`. Printing it shows the report of `orderlint recalibrate`.

    Attributes:
        name: The name of the model.
        rows: One `RecalibratedNorm` for each normalization with new statistics, in the order in which they run.
        frozen: The layer paths of frozen normalizations, which were not changed.
        examples: The number of examples on which the statistics were computed.
        rounds: The number of rounds over the data.
        effect: What the new statistics do to the predictions.
        notes: What else you should know, in sentences.
    """

    def __str__(self) -> str:
        from orderlint.report import measurement

        return measurement.render_recalibration(self)


def recalibrate(
    model: Any, x: Any, y: Any = None, *, batch_size: int = 128, progress: Progress | None = None
) -> Recalibration:
    """Compute the statistics of a trained model's batch normalizations again, without dropout, layer by layer.

    The moving averages of a model come from training, where dropout increases the variance. With a high momentum and
    few training steps, they may not have converged either. This function replaces them with the statistics at
    inference. It changes no weights and skips frozen normalizations. After an error, the model is as before.

    Args:
        model: A trained model of Keras 3, `tf.keras` or `tf_keras`. It is changed in place.
        x: Training data as `model(x)` expects it, of shape `(examples, ...)`. About 1,000 examples are enough.
        y: The labels of this data, to compare the accuracy.
        batch_size: The number of examples per batch.
        progress: A function that is called with a description of each step, before the model runs.

    Returns:
        A `Recalibration`. It has the ratio of stored to actual variance before and after (`rows`), and the effect on
        the predictions (`effect`).

    Raises:
        InspectionError: There is nothing to recalibrate, or the data does not fit. The message gives the reason.

    References:
        D. Hendrycks, K. Gimpel, "Adjusting for Dropout Variance in Batch Normalization and Weight Initialization",
        2016 (arXiv 1607.02488).
    """
    return _recalibrated(model, x, y, batch_size, progress, str(getattr(model, "name", "model")))


def _recalibrated(
    model: Any, x: Any, y: Any, batch_size: int, progress: Progress | None, name: str, notes: tuple[str, ...] = ()
) -> Recalibration:
    from orderlint.runtime.measuring.recalibrating import recalibrate as run

    if batch_size < 2:
        raise InspectionError("expected at least 2 examples at a time (`batch_size`)")
    found = run(model, x, y, batch_size=batch_size, progress=progress or (lambda _: None))
    return Recalibration(name, found.norms, found.frozen, found.examples, found.rounds, found.effect, notes)


def recalibrate_file(
    source: Path,
    data: Path,
    labels: Path | None,
    target: Path,
    *,
    batch_size: int = 128,
    progress: Progress | None = None,
) -> Recalibration:
    """Recalibrate a saved model and write it to another file, completely or not at all.

    Args:
        source: A `.keras` or `.h5` file, or the folder of a SavedModel of Keras 2. It is not changed.
        data: A `.npy` or `.npz` file with training data.
        labels: A file with the labels of this data, in the same format.
        target: The file to write: `.keras`, `.h5` or `.hdf5`. An existing file is replaced.

    Raises:
        InspectionError: The model cannot be recalibrated. Then nothing is written.
        OSError: A file cannot be opened or written.
    """
    from orderlint.runtime.measuring.files import read_data, read_labels
    from orderlint.runtime.measuring.loading import load_saved

    if not exists(source) and ":" in source.name:
        raise InspectionError(
            f"{source}: expected a saved model; for one that code builds, call `orderlint.recalibrate`"
        )
    _check_target(source, target)
    found = load_saved(source)
    x, y = read_data(data, found.model)
    if labels is not None:
        y = read_labels(labels)
    done = _recalibrated(found.model, x, y, batch_size, progress, str(source), found.notes)
    _save(found.model, target)
    return done


def _check_target(source: Path, target: Path) -> None:
    if target.suffix.lower() not in _SUFFIXES:
        raise InspectionError(f"{target}: expected a name ending in {', '.join(_SUFFIXES)}")
    if is_folder(target):
        raise InspectionError(f"{target} is a folder: expected the name of a file")
    if not target.resolve().parent.is_dir():
        raise InspectionError(f"{target}: the folder {target.parent} does not exist")
    is_same = exists(target) and exists(source) and source.samefile(target)
    if is_same or source.resolve() == target.resolve():
        raise InspectionError(f"{target} is the model itself, which is never overwritten: give another name")


def _save(model: Any, target: Path) -> None:
    """Save next to the target first: an interrupted run leaves no partial file, and no existing file is lost."""
    with tempfile.TemporaryDirectory(prefix=".orderlint-", dir=target.resolve().parent) as folder:
        part = Path(folder) / f"model{target.suffix.lower()}"
        model.save(str(part))
        part.replace(target)


class RecalibrateCallback(KerasCallback):
    """A Keras callback that recalibrates the model at the end of `fit`.

    Args:
        x: Training data, as in `recalibrate`. Pass about 1,000 examples rather than a whole large dataset.
        options: The other arguments of `recalibrate`.

    Put it after callbacks that restore earlier weights at the end of training, such as `EarlyStopping`. The callback
    works with every generation of Keras and imports none of them.

    Attributes:
        result: What it did; `None` before the end of `fit`.
    """

    def __init__(self, x: Any, **options: Any) -> None:
        super().__init__()
        self.result: Recalibration | None = None
        self._x = x
        self._options = options

    def on_train_end(self, logs: object = None) -> None:
        """Recalibrate the model."""
        self.result = recalibrate(self.model, self._x, **self._options)
