"""The results of measuring and recalibrating a model."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

__all__ = ["Effect", "FedBy", "MeasurementRecord", "NormRow", "RecalibratedNorm", "RecalibrationRecord"]

SHOWS: Final = 1.05
"""The smallest shift that counts. With four passes of 128 examples, the error is half a percent (a channel: more)."""

_LAGS: Final = 1.5
_RECALIBRATED: Final = 1.15


@dataclass(frozen=True, slots=True)
class FedBy:
    """The dropout that feeds a normalization. If there are several, the one with the fewest linear layers in between.

    Attributes:
        path: Its layer path.
        layer: Its class, such as `Dropout`.
        rate: Its rate. `None` if it is not known.
        num_linear: The number of linear layers in between. 0 if it feeds the normalization directly.
        is_next: Whether there is no layer at all in between.
    """

    path: str
    layer: str
    rate: float | None
    num_linear: int
    is_next: bool

    @property
    def is_direct(self) -> bool:
        """Whether no linear layer lies between."""
        return self.num_linear == 0


@dataclass(frozen=True, slots=True)
class NormRow:
    """One use of a batch normalization. All ratios are medians over the channels and have no unit.

    Attributes:
        path: Its layer path. From the second use of a shared layer on, it ends in `#2`, `#3`, ...
        shift: The variance of its input in training divided by the variance at inference. `None` if no channel varies.
        low: One tenth of the channels have a smaller shift.
        high: One tenth of the channels have a larger shift.
        stored_over_actual: The stored variance divided by the variance at inference. `None` before training.
        stored_over_train: The stored variance divided by the variance in training. `None` before training.
        fed_by: The dropout that feeds it. `None` if no dropout does.
        codes: The codes of the findings here.
        is_frozen: Whether it uses its stored statistics in training, too. Then a shift costs nothing.
    """

    path: str
    shift: float | None
    low: float | None = None
    high: float | None = None
    stored_over_actual: float | None = None
    stored_over_train: float | None = None
    fed_by: FedBy | None = None
    codes: tuple[str, ...] = ()
    is_frozen: bool = False

    @property
    def code(self) -> str | None:
        """The first of the rules that find something here."""
        return self.codes[0] if self.codes else None

    @property
    def is_shifted(self) -> bool:
        """Whether the variances in training and at inference differ by more than the error of measurement."""
        return self.shift is not None and not self.is_frozen and not 1 / SHOWS < self.shift < SHOWS

    @property
    def is_recalibrated(self) -> bool:
        """Whether the stored variance is the actual one at inference, as after `orderlint recalibrate`."""
        ratio = self.stored_over_actual
        return self.is_shifted and ratio is not None and 1 / _RECALIBRATED < ratio < _RECALIBRATED

    @property
    def lags(self) -> bool:
        """Whether the stored variance differs from that in training: the moving average has not converged yet."""
        ratio = self.stored_over_train
        if ratio is None or self.shift is None or self.is_frozen or self.is_recalibrated:
            return False  # without a shift, the input does not vary, so it cannot be compared with what is stored
        return not 1 / _LAGS < ratio < _LAGS


@dataclass(frozen=True, slots=True)
class Effect:
    """What happens to the predictions if the statistics are computed again without dropout.

    Attributes:
        kind: `classes` (the highest output counts), `decisions` (each output is yes or no) or `values`.
        examples: The number of predictions that were compared.
        recalibrated_on: The number of examples on which the statistics were computed.
        changed: The share of the predictions that change, from 0 to 1. For `values`, how far they move, divided by
            their standard deviation.
        changed_by_training: The same with the statistics that training converges to: the part of a moving average
            that has not converged.
        before: The accuracy with the stored statistics, from 0 to 1. For `values`, the mean squared error. `None`
            without labels.
        after: The same with the new statistics.
        by_training: The same with the statistics that training converges to.
    """

    kind: Literal["classes", "decisions", "values"]
    examples: int
    recalibrated_on: int
    changed: float
    changed_by_training: float
    before: float | None = None
    after: float | None = None
    by_training: float | None = None


@dataclass(frozen=True)
class MeasurementRecord:
    """What was measured in a model.

    Attributes:
        name: The name of the model.
        rows: The applications of batch normalizations, in the order in which they run.
        effect: What new statistics do to the predictions. `None` before any training and without data.
        examples: The number of examples on which the variances were computed.
        given: The number of examples that were given.
        passes: The number of training passes.
        is_trained: Whether the model has statistics of its own.
        on_noise: Whether no data was given. Then only normalizations right after a dropout have a row.
        notes: What else the reader should know.
    """

    name: str
    rows: tuple[NormRow, ...]
    effect: Effect | None = None
    examples: int = 0
    given: int = 0
    passes: int = 0
    is_trained: bool = True
    on_noise: bool = False
    notes: tuple[str, ...] = ()

    @property
    def worst(self) -> NormRow | None:
        """The row with the largest shift, up or down. `None` if no shift exceeds the error of measurement."""
        shifted = [row for row in self.rows if row.is_shifted]
        return max(shifted, key=lambda row: max(row.shift or 1.0, 1 / (row.shift or 1.0)), default=None)

    @property
    def varies(self) -> bool:
        """Whether the input of any normalization varies over the examples. Without that, there is no shift."""
        return any(row.shift is not None for row in self.rows)

    @property
    def lagging(self) -> tuple[NormRow, ...]:
        """The rows whose moving average lags, so that the stored variance is not that of training."""
        return tuple(row for row in self.rows if row.lags)


@dataclass(frozen=True, slots=True)
class RecalibratedNorm:
    """A normalization whose statistics were computed again.

    Attributes:
        path: Its layer path.
        before: The stored variance divided by the variance at inference, as it was. `None` if no channel varies.
        after: The same with the new statistics: about 1.
    """

    path: str
    before: float | None
    after: float | None


@dataclass(frozen=True)
class RecalibrationRecord:
    """The result of computing the statistics again.

    Attributes:
        name: The name of the model.
        rows: The normalizations that have new statistics, in the order in which they run.
        frozen: The paths of those that were left, because they use stored statistics in training, too.
        examples: The number of examples on which the statistics were computed.
        rounds: The number of rounds over the data.
        effect: What the new statistics do to the predictions.
        notes: What else the reader should know.
    """

    name: str
    rows: tuple[RecalibratedNorm, ...]
    frozen: tuple[str, ...]
    examples: int
    rounds: int
    effect: Effect | None = None
    notes: tuple[str, ...] = ()
