"""The predictions of a model, and how many of them change with other statistics."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from orderlint.runtime.errors import MeasurementError
from orderlint.runtime.measuring.arrays import array_of
from orderlint.runtime.measuring.data import Data
from orderlint.runtime.measuring.running import Runner
from orderlint.runtime.specs import leaves

if TYPE_CHECKING:
    import numpy as np

__all__ = ["Judge", "Kind", "judge_for", "labels_of", "outputs_of"]

Kind = Literal["classes", "decisions", "values"]
"""`classes`: the largest of several outputs. `decisions`: each output is yes or no. `values`: numbers."""

_SURE = 1e-3


def outputs_of(runner: Runner, data: Data, batch_size: int, what: str) -> np.ndarray:
    """The first output of the model at inference.

    Raises:
        MeasurementError: The model fails, or has no output.
    """
    import numpy as np

    found = []
    for batch in data.batches(batch_size):
        runner.progress(what)
        output = next((value for value in leaves(runner(batch, training=False)) if value is not None), None)
        if output is None:
            raise MeasurementError(f"`{runner.model.name}` returns nothing")
        found.append(array_of(output).astype("float64"))
    return np.concatenate(found)


def labels_of(y: Any, count: int) -> np.ndarray:
    """The labels as an array.

    Raises:
        MeasurementError: Their number is wrong, or they are not finite numbers.
    """
    import numpy as np

    if hasattr(y, "detach"):  # torch
        y = y.detach().cpu()
    labels = np.asarray(y)
    if labels.dtype.kind not in "biuf":
        raise MeasurementError(f"the labels are of type {labels.dtype}: expected numbers, such as 0, 1, 2 for classes")
    if labels.ndim == 0 or len(labels) != count:
        number = len(labels) if labels.ndim else 1
        raise MeasurementError(f"{number:,} labels for {count:,} examples: expected one for each")
    if labels.dtype.kind == "f" and not np.isfinite(labels).all():
        raise MeasurementError("the labels contain NaN or infinite values")
    return labels


@dataclass(frozen=True, slots=True)
class Judge:
    """Interprets the outputs of a model.

    Attributes:
        kind: What is compared.
        threshold: For decisions, an output above it is a yes.
    """

    kind: Kind
    threshold: float = 0.5

    def changed(self, before: np.ndarray, after: np.ndarray) -> float:
        """The share of classes or decisions that differ, from 0 to 1.

        For values, it is the root mean square of their changes, divided by their standard deviation.
        """
        import numpy as np

        if self.kind == "values":
            spread = float(np.std(before))
            moved = float(np.sqrt(np.mean((after - before) ** 2)))
            return moved / spread if spread else float(bool(moved))
        return float(np.mean(self._decided(before) != self._decided(after)))

    def score(self, outputs: np.ndarray, labels: np.ndarray) -> float:
        """The accuracy, from 0 to 1; for values, the mean square error."""
        import numpy as np

        if self.kind == "values":
            return float(np.mean((outputs - labels.reshape(outputs.shape)) ** 2))
        decided = self._decided(outputs)
        if self.kind == "decisions":
            return float(np.mean(decided == (labels.reshape(decided.shape) > 0.5)))
        wanted = labels.argmax(-1) if labels.shape == outputs.shape else labels.reshape(decided.shape)
        return float(np.mean(decided == wanted))

    def _decided(self, outputs: np.ndarray) -> np.ndarray:
        decided: np.ndarray = outputs.argmax(-1) if self.kind == "classes" else outputs > self.threshold
        return decided


def judge_for(model: Any, outputs: np.ndarray, labels: np.ndarray | None) -> Judge:
    """How to interpret the outputs: according to the labels, or else the loss of the model, or else the outputs.

    Raises:
        MeasurementError: The labels do not fit the outputs.
    """
    if labels is not None:
        return _by_labels(outputs, labels, model.name)
    loss = _loss(model)
    num_outputs = outputs.shape[-1] if outputs.ndim > 1 else 1
    if "categorical" in loss and num_outputs > 1:
        return Judge("classes")
    if "binary" in loss or "focal" in loss:
        return Judge("decisions", _threshold(outputs))
    if loss and "crossentropy" not in loss:
        return Judge("values")
    if not ((outputs >= 0) & (outputs <= 1)).all():
        return Judge("values")
    is_softmax = num_outputs > 1 and bool((abs(outputs.sum(-1) - 1) < _SURE).all())
    return Judge("classes" if is_softmax else "decisions")


def _by_labels(outputs: np.ndarray, labels: np.ndarray, name: str) -> Judge:
    import numpy as np

    is_whole = bool((labels == np.round(labels)).all())
    num_outputs = outputs.shape[-1] if outputs.ndim > 1 else 1
    one_each = labels.size * num_outputs == outputs.size
    if num_outputs > 1 and one_each and is_whole:
        if labels.min() < 0 or labels.max() >= num_outputs:
            raise MeasurementError(
                f"the labels go from {int(labels.min())} to {int(labels.max())}, but `{name}` has {num_outputs} "
                f"outputs: expected 0 to {num_outputs - 1}"
            )
        return Judge("classes")
    if labels.size != outputs.size:
        raise MeasurementError(
            f"the labels have the shape {labels.shape}, the outputs of `{name}` {outputs.shape}: expected a number of "
            "the class for each example, or as many numbers as outputs"
        )
    if not is_whole or set(np.unique(labels)) - {0, 1}:
        return Judge("values")
    if num_outputs > 1 and (labels.reshape(outputs.shape).sum(-1) == 1).all():
        return Judge("classes")
    return Judge("decisions", _threshold(outputs))


def _threshold(outputs: np.ndarray) -> float:
    """The threshold between no and yes: 0.5 for probabilities, 0 for logits."""
    return 0.5 if ((outputs >= 0) & (outputs <= 1)).all() else 0.0


def _loss(model: Any) -> str:
    """The name of the loss of a compiled model, in lower case without `_`; empty if there is none."""
    loss = getattr(model, "loss", None)
    if isinstance(loss, (list, tuple, Mapping)):
        loss = next(leaves(loss), None)
    if loss is None:
        return ""
    name = loss if isinstance(loss, str) else getattr(loss, "name", None) or getattr(loss, "__name__", "")
    text = str(name).lower().replace("_", "")
    return text.replace("mse", "meansquarederror")
