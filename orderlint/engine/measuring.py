"""Measures what the order of the layers does to a model, on its own data.

import orderlint

measurement = orderlint.measure_model(model, x_test, y_test)
print(measurement)
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from orderlint.diagnostics.measurements import FedBy, MeasurementRecord, NormRow
from orderlint.engine.inspecting import standards_of
from orderlint.engine.session import Session
from orderlint.graph import LayerGraph, Role
from orderlint.runtime.errors import InspectionError

if TYPE_CHECKING:
    from orderlint.judging import Standards

__all__ = ["MeasureRequest", "Measurement", "measure_model", "measure_target"]

_NOISE: Final = (
    "without data, only normalizations right after a dropout are shown: what reaches the others depends on the data, "
    "and random numbers are misleading (after a global pooling, they can show ten times the shift)"
)
_FEW: Final = 100
Progress = Callable[[str], None]


@dataclass(frozen=True)
class Measurement(MeasurementRecord):
    """The result of `measure_model`.

    Printing it shows the report of `orderlint measure`. Notebooks show it with a drawing.

    Attributes:
        name: The name of the model.
        rows: One `NormRow` for each use of a batch normalization, in the order in which they run.
        effect: What new statistics would do to the predictions. `None` without data, or if the model is not trained.
        examples: The number of examples on which the variances were measured.
        given: The number of examples that were given.
        passes: The number of training passes.
        is_trained: Whether the model has statistics from training.
        on_noise: Whether no data was given. Then only normalizations right after a dropout have a row.
        notes: What else you should know, in sentences.
    """

    def __str__(self) -> str:
        from orderlint.report import measurement

        return measurement.render(self)

    def _repr_html_(self) -> str:
        from orderlint.report import measurement_html

        return measurement_html.render(self)

    def to_dict(self) -> dict[str, Any]:
        """Return the content of `orderlint measure --format json` as dicts, lists, strings and numbers."""
        from orderlint.report import measurement_json

        return measurement_json.as_dict(self)

    def svg(self) -> str:
        """Return an SVG drawing of the shift along the depth of the model."""
        from orderlint.report import measurement_svg

        return measurement_svg.render(self)


@dataclass(frozen=True, slots=True)
class MeasureRequest:
    """How to measure.

    Attributes:
        passes: The number of training passes. Dropout makes each of them different.
        batch_size: The number of examples per batch. The variances are measured on one batch.
        progress: Receives a description of each step.
    """

    passes: int = 4
    batch_size: int = 128
    progress: Progress = lambda _: None

    def __post_init__(self) -> None:
        if self.passes < 1 or self.batch_size < 2:
            raise InspectionError("expected at least 1 pass (`passes`) and 2 examples at a time (`batch_size`)")


def measure_model(
    model: Any,
    x: Any = None,
    y: Any = None,
    *,
    passes: int = 4,
    batch_size: int = 128,
    progress: Progress | None = None,
) -> Measurement:
    """Measure how the variance at each batch normalization differs between training and inference.

    The model is run. Afterward, it is exactly as before, even after an error.

    Args:
        model: A built model of Keras 3 (TensorFlow, JAX or torch), `tf.keras` or `tf_keras`.
        x: Data as `model(x)` expects it: an array, or a list or dict of arrays, of shape `(examples, ...)`. Training
            data gives the best results.
            Without data, random numbers are used, and only the normalizations right after a dropout are measured.
        y: One label for each example, to compute the accuracy: class numbers, one-hot rows, or values.
        passes: The number of training passes to average over. Four passes of 128 examples are accurate to half a
            percent.
        batch_size: The number of examples per batch. The variances are measured on one batch.
        progress: A function that is called with a description of each step, before the model runs.

    Returns:
        A `Measurement`. It has a row for each use of a normalization (`rows`), and the effect of new statistics on
        the predictions (`effect`).

    Raises:
        InspectionError: The model cannot be run, or the data does not fit the model. The message gives the reason.

    References:
        X. Li, S. Chen, X. Hu, J. Yang, "Understanding the Disharmony between Dropout and Batch Normalization by
        Variance Shift", CVPR 2019; the shift here is the inverse of theirs.
    """
    request = MeasureRequest(passes, batch_size, progress or (lambda _: None))
    return _measured(model, x, y, request, standards_of(Session()))


def measure_target(
    text: str, data: Path | None, labels: Path | None, request: MeasureRequest, standards: Standards
) -> Measurement:
    """Measure a target of the command line.

    Args:
        text: A saved model, `package.module:factory` or `file.py::factory`.
        data: A `.npy` or `.npz` file.
        labels: A file with labels, in the same format.

    Raises:
        InspectionError: The target cannot be loaded or run, or the data does not fit.
        OSError: A file cannot be opened.
    """
    from orderlint.runtime.measuring.files import read_data, read_labels
    from orderlint.runtime.measuring.loading import loaded

    with loaded(text) as found:
        x, y = (None, None) if data is None else read_data(data, found.model)
        if labels is not None:
            y = read_labels(labels)
        return _measured(found.model, x, y, request, standards, target=text, sources=found.sources, notes=found.notes)


def _measured(
    model: Any,
    x: Any,
    y: Any,
    request: MeasureRequest,
    standards: Standards,
    *,
    target: str | None = None,
    sources: Any = None,
    notes: Sequence[str] = (),
) -> Measurement:
    from orderlint.runtime.measuring.measuring import checked, measure, reason_for_nothing

    checked(model)
    name = target or str(model.name)
    reason = reason_for_nothing(model)
    if reason is not None:
        return Measurement(name, (), notes=(*notes, reason))
    found = measure(
        model,
        x,
        y,
        passes=request.passes,
        batch_size=request.batch_size,
        progress=request.progress,
        roles=standards.roles,
        target=target,
        sources=sources,
    )
    codes = _codes(found.graphs, standards)
    rows = tuple(_row(norm, codes) for norm in found.norms)
    if x is None:
        rows = tuple(row for row in rows if row.fed_by is not None and row.fed_by.is_next)
    all_notes = (*notes, *found.notes, *_notes_on_data(x, found.examples))
    return Measurement(
        name, rows, found.effect, found.examples, found.given, request.passes, found.is_trained, x is None, all_notes
    )


def _notes_on_data(x: Any, examples: int) -> Iterator[str]:
    if x is None:
        yield _NOISE
    elif examples < _FEW:
        yield f"{examples} examples make a rough measurement: 100 or more are better"


def _codes(graphs: Sequence[LayerGraph], standards: Standards) -> Mapping[int, tuple[str, ...]]:
    """The rules that find something at each normalization, or because of it, by the `id` of the call."""
    from orderlint.judging import judge

    found: dict[int, set[str]] = {}
    for violation in judge(graphs, standards.rules, standards.order):
        for call in (violation.at, *violation.because):
            if Role.NORM in call.roles:
                found.setdefault(id(call), set()).add(violation.rule.code)
    return {call: tuple(sorted(codes)) for call, codes in found.items()}


def _row(norm: Any, codes: Mapping[int, tuple[str, ...]]) -> NormRow:
    feed = norm.feed
    fed_by = None
    if feed is not None:
        at = feed.call.applied.location()
        fed_by = FedBy(at.layer or feed.call.layer, feed.call.layer, feed.rate, feed.num_linear, feed.is_next)
    shift = norm.shift
    return NormRow(
        norm.path,
        shift.shift,
        shift.low,
        shift.high,
        shift.stored_over_actual,
        shift.stored_over_train,
        fed_by,
        codes.get(id(norm.call), ()),
        norm.is_frozen,
    )
