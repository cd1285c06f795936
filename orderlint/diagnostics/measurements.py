"""What measuring a model and taking its statistics again has to say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

__all__ = ["Effect", "FedBy", "MeasurementRecord", "NormRow", "RecalibrationRecord", "RetakenNorm"]

SHOWS: Final = 1.05
"""The least shift that shows: four passes of 128 examples are right to half a percent, one channel to less."""

_LAGS: Final = 1.5
_RETAKEN: Final = 1.15


@dataclass(frozen=True, slots=True)
class FedBy:
    """The dropout that reaches a normalization across the fewest linear layers.

    Attributes:
        path: Its layer path.
        layer: Its class (`Dropout`).
        rate: Its rate; `None` if that is not known.
        num_linear: How many linear layers lie between; 0 if it feeds the normalization directly.
        is_next: Whether no layer at all lies between.
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
    """One application of a batch normalization.

    Attributes:
        path: Its layer path; from the second application of a shared layer on with `#2`.
        shift: Variance of its input in training ÷ variance at inference with the statistics that training arrives
            at, the median over the channels; `None` if no channel varies.
        low: The shift that a tenth of the channels stay below.
        high: The shift that a tenth of the channels exceed.
        stored_over_met: Stored variance ÷ the variance that it meets at inference as it is; `None` before training.
        stored_over_train: Stored variance ÷ the variance in training; `None` before training.
        fed_by: The dropout that reaches it, `None` if no layer of that kind does.
        codes: The rules that find something here.
        is_frozen: Whether it uses its stored statistics in training too: then nothing is lost by a shift.
    """

    path: str
    shift: float | None
    low: float | None = None
    high: float | None = None
    stored_over_met: float | None = None
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
        """Whether it meets another variance at inference than in training, by more than the measurement's error."""
        return self.shift is not None and not self.is_frozen and not 1 / SHOWS < self.shift < SHOWS

    @property
    def is_retaken(self) -> bool:
        """Whether the stored variance is the one met at inference, as after `orderlint recalibrate`."""
        ratio = self.stored_over_met
        return self.is_shifted and ratio is not None and 1 / _RETAKEN < ratio < _RETAKEN

    @property
    def lags(self) -> bool:
        """Whether the stored variance is not the one of training: the moving average has not arrived there yet."""
        ratio = self.stored_over_train
        if ratio is None or self.is_frozen or self.is_retaken:
            return False
        return not 1 / _LAGS < ratio < _LAGS


@dataclass(frozen=True, slots=True)
class Effect:
    """What becomes of the predictions when the statistics are taken again with dropout off.

    Attributes:
        kind: `classes` (the highest output counts), `decisions` (each output is yes or no) or `values`.
        examples: How many predictions were compared.
        taken_on: On how many examples the statistics were taken.
        changed: The share that changes, from 0 to 1; of values, how far they move as a part of their spread.
        changed_by_training: The same with the statistics of training put in: the part of the moving average.
        before: The accuracy with the stored statistics, from 0 to 1; of values the mean square error. `None` without
            labels.
        after: The same with the new ones.
        by_training: The same with those of training.
    """

    kind: Literal["classes", "decisions", "values"]
    examples: int
    taken_on: int
    changed: float
    changed_by_training: float
    before: float | None = None
    after: float | None = None
    by_training: float | None = None


@dataclass(frozen=True)
class MeasurementRecord:
    """What was measured in a model.

    Attributes:
        name: What the model is called.
        rows: The applications of batch normalizations, in the order in which they run.
        effect: What new statistics do to the predictions; `None` before any training and without data.
        examples: On how many examples the variances were taken.
        given: Of how many.
        passes: How many training passes were run.
        is_trained: Whether the model has statistics of its own.
        on_noise: Whether no data were given: then only normalizations right behind a dropout have a row.
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
        """The row with the largest shift, in either direction; `None` if there is none that shows."""
        shifted = [row for row in self.rows if row.is_shifted]
        return max(shifted, key=lambda row: max(row.shift or 1.0, 1 / (row.shift or 1.0)), default=None)

    @property
    def lagging(self) -> tuple[NormRow, ...]:
        """The rows whose moving average lags behind."""
        return tuple(row for row in self.rows if row.lags)


@dataclass(frozen=True, slots=True)
class RetakenNorm:
    """A normalization whose statistics were taken again.

    Attributes:
        path: Its layer path.
        before: Stored variance ÷ the variance met at inference, as it was; `None` if no channel varies.
        after: The same with the new statistics; about 1.
    """

    path: str
    before: float | None
    after: float | None


@dataclass(frozen=True)
class RecalibrationRecord:
    """What taking the statistics again did.

    Attributes:
        name: What the model is called.
        rows: The normalizations that have new statistics, in the order in which they run.
        frozen: The paths of those that were left: they use stored statistics in training too.
        examples: On how many examples the statistics were taken.
        rounds: How many rounds over the data that took.
        effect: What it does to the predictions.
        notes: What else the reader should know.
    """

    name: str
    rows: tuple[RetakenNorm, ...]
    frozen: tuple[str, ...]
    examples: int
    rounds: int
    effect: Effect | None = None
    notes: tuple[str, ...] = ()
