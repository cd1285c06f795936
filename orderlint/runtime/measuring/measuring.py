"""Measures a model: from its data to the figures."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from os import PathLike
from typing import Any, Final

from orderlint.catalog import DEFAULT, RoleTable
from orderlint.diagnostics.measurements import Effect
from orderlint.graph import LayerCall, LayerGraph, Role
from orderlint.runtime.errors import InspectionError, NotAModelError, NotBuiltError
from orderlint.runtime.kinds import defines_call, is_model
from orderlint.runtime.library import Library, library_of
from orderlint.runtime.measuring.arrays import array_of
from orderlint.runtime.measuring.causes import Feed, feed_of, norm_calls
from orderlint.runtime.measuring.data import Data, data_for
from orderlint.runtime.measuring.keeping import eager_functions, unchanged
from orderlint.runtime.measuring.predictions import Judge, judge_for, labels_of, outputs_of
from orderlint.runtime.measuring.recomputing import recompute_statistics
from orderlint.runtime.measuring.running import Progress, Runner, silent
from orderlint.runtime.measuring.shifts import NormUse, Shift, is_fresh, run_passes, shift_of, uses_of
from orderlint.runtime.measuring.watching import norms_of, parts_of
from orderlint.runtime.models import read_model
from orderlint.runtime.sources import SourceRecorder
from orderlint.runtime.trial import Trial, input_specs

__all__ = ["Measured", "MeasuredNorm", "checked", "measure", "reason_for_nothing", "statistics_of"]

MOST_FOR_STATISTICS: Final = 1024
MOST_FOR_PREDICTIONS: Final = 10_000
ON_NOISE: Final = 128
"""The most examples. If there are more, a sample is used, and the report says so."""


@dataclass(frozen=True, slots=True)
class MeasuredNorm:
    """One application of a normalization.

    Attributes:
        path: Its layer path, with `#2` for the second application of a shared layer.
        call: The call in the layer graph; `None` if it is not there.
        shift: The figures.
        feed: The dropout that reaches it; `None` if there is none.
        is_frozen: Whether it also uses its stored statistics in training.
    """

    path: str
    call: LayerCall | None
    shift: Shift
    feed: Feed | None
    is_frozen: bool


@dataclass(frozen=True, slots=True)
class Measured:
    """The result of a measurement.

    Attributes:
        graphs: The layer graphs of the model; empty if they cannot be read.
        norms: The applications of normalizations, in the order of the run.
        effect: The effect of the statistics on the predictions; `None` before any training, or without data.
        examples: The number of examples for the variances.
        given: The number of all examples.
        is_trained: Whether the statistics of any normalization differ from those of a new layer.
        notes: What could not be determined, with the reason.
    """

    graphs: tuple[LayerGraph, ...]
    norms: tuple[MeasuredNorm, ...]
    effect: Effect | None
    examples: int
    given: int
    is_trained: bool
    notes: tuple[str, ...] = ()


def checked(model: Any) -> Library:
    """The generation of Keras of a model.

    Raises:
        NotAModelError: It is not a model.
    """
    library = library_of(model)
    if library is None or not isinstance(model, library.layer_class) or not is_model(model):
        advice = "; load a saved model with `keras.models.load_model`" if isinstance(model, (str, PathLike)) else ""
        raise NotAModelError(f"expected a Keras model, got an object of type `{type(model).__name__}`{advice}")
    return library


def measure(
    model: Any,
    x: Any,
    y: Any = None,
    *,
    passes: int = 4,
    batch_size: int = 128,
    progress: Progress = silent,
    roles: RoleTable = DEFAULT,
    target: str | None = None,
    sources: SourceRecorder | None = None,
) -> Measured:
    """Measure a model. The model is not changed.

    Args:
        model: The model.
        x: The data; `None` for random numbers, which are only useful for normalizations that a dropout feeds directly.
        y: The labels.
        passes: The number of training passes.
        batch_size: The batch size, and the number of examples for the variances.
        progress: Receives a description of each step.
        roles: The user's roles.
        target: The `path` of places; `None` for the name of the model.
        sources: The places where its layers were constructed, if they were recorded.

    Raises:
        InspectionError: The model cannot be measured, or the data does not fit it.
    """
    library = library_of(model)
    assert library is not None
    data = random_data(model) if x is None else data_for(model, x)
    labels = None if y is None or x is None else labels_of(y, data.count)
    runner = Runner(model, library, progress)
    with ExitStack() as stack:
        stack.enter_context(unchanged(model))
        stack.enter_context(eager_functions(library))
        if not norms_of(model, library):  # if the model is not built, a run creates them
            runner(data.at(data.sample(2)).value, training=False)
        return _Work(runner, data, labels, passes, batch_size, roles, target, sources).done(with_data=x is not None)


@dataclass(frozen=True, slots=True, eq=False)
class _Work:
    runner: Runner
    data: Data
    labels: Any
    passes: int
    batch_size: int
    roles: RoleTable
    target: str | None
    sources: SourceRecorder | None

    def done(self, *, with_data: bool) -> Measured:
        model, library = self.runner.model, self.runner.library
        batch = self.data.at(self.data.sample(self.batch_size))
        graphs, notes = self._graphs(batch)
        self.runner(batch.at(batch.sample(2)).value, training=False)  # builds what is not built
        trained = {id(norm): not is_fresh(norm) for norm in norms_of(model, library)}
        before = {id(norm): statistics_of(norm) for norm in norms_of(model, library)}
        calls = norm_calls(model, graphs) if graphs else {}
        judged = self._judged() if with_data and any(trained.values()) else None
        seen = run_passes(self.runner, batch.value, self.passes, is_trained=any(trained.values()))
        uses = uses_of(seen, {layer: len(found) for layer, found in calls.items()})
        effect = judged and self._effect(*judged, uses)
        counts: dict[int, int] = {}
        norms = []
        for use in uses:
            number = counts[id(use.layer)] = counts.get(id(use.layer), 0) + 1
            known = calls.get(id(use.layer), [])
            at = known[number - 1] if number <= len(known) else None
            # The variances on random numbers cannot be compared with the stored statistics.
            is_compared = with_data and trained[id(use.layer)]
            norms.append(_norm(use, number, at, shift_of(use, before[id(use.layer)][1], is_compared)))
        is_trained = any(trained.values())
        return Measured(graphs, tuple(norms), effect, batch.count, self.data.count, is_trained, notes)

    def _graphs(self, batch: Data) -> tuple[tuple[LayerGraph, ...], tuple[str, ...]]:
        sample = batch.at(batch.sample(2)).value
        try:
            read = read_model(
                self.runner.model, target=self.target, sample=sample, roles=self.roles, sources=self.sources
            )
        except InspectionError as error:
            return (), (f"which dropout feeds a normalization is not known: {error}",)
        return read.graphs, tuple(f"not checked: {note}" for note in read.notes)

    def _judged(self) -> tuple[Data, Any, Any, Judge]:
        """The data and labels for the predictions, the outputs with the stored statistics, and their judge."""
        numbers = self.data.sample(MOST_FOR_PREDICTIONS)
        data = self.data.at(numbers)
        labels = None if self.labels is None else self.labels[numbers]
        before = outputs_of(self.runner, data, self.batch_size, "predicting")
        return data, labels, before, judge_for(self.runner.model, before, labels)

    def _effect(self, data: Data, labels: Any, before: Any, judge: Judge, uses: Sequence[NormUse]) -> Effect:
        what = "predicting with other statistics"
        by_training = outputs_of(self.runner, data, self.batch_size, what)
        part = data.at(data.sample(MOST_FOR_STATISTICS))
        norms = list({id(use.layer): use.layer for use in uses if use.uses_batch}.values())
        recompute_statistics(self.runner, part, norms, self.batch_size)
        after = outputs_of(self.runner, data, self.batch_size, what)
        scores = [None if labels is None else judge.score(outputs, labels) for outputs in (before, after, by_training)]
        return Effect(
            judge.kind,
            data.count,
            part.count,
            judge.changed(before, after),
            judge.changed(before, by_training),
            *scores,
        )


def statistics_of(norm: Any) -> tuple[Any, Any]:
    """Copies of the stored mean and variance of a normalization."""
    return array_of(norm.moving_mean).copy(), array_of(norm.moving_variance).copy()


def _norm(use: NormUse, number: int, at: tuple[LayerGraph, LayerCall] | None, shift: Shift) -> MeasuredNorm:
    if at is None:
        name = use.layer.name if number == 1 else f"{use.layer.name}#{number}"
        return MeasuredNorm(name, None, shift, None, not use.uses_batch)
    graph, call = at
    path = call.applied.location().layer or use.layer.name
    if number > 1 and "#" not in path:  # a nested model that is applied twice
        path = f"{path}#{number}"
    return MeasuredNorm(path, call, shift, feed_of(graph, call), not use.uses_batch)


def random_data(model: Any) -> Data:
    """Random numbers for a model that knows its input.

    Raises:
        NotBuiltError: It does not know its input.
    """
    import numpy as np

    try:
        specs = input_specs(model, None)
    except NotBuiltError:
        raise NotBuiltError(
            f"`{model.name}` ({type(model).__name__}) is not built, or does not know its input: "
            "give data (`--data`, or `x` in Python), or call it on a batch first"
        ) from None
    trial = Trial(model, specs)
    arrays = trial.random_inputs(ON_NOISE)
    if len(arrays) != 1:
        return Data([np.asarray(array) for array in arrays], ON_NOISE)
    return Data(arrays[0], ON_NOISE)


def reason_for_nothing(model: Any) -> str | None:
    """The reason why there is nothing to measure, without running the model; `None` if there may be something.

    Raises:
        NotAModelError: It is not a model.
    """
    library = checked(model)
    own = any(defines_call(part) for part in parts_of(model))
    if not norms_of(model, library) and (model.built or not own):
        return f"`{model.name}` has no batch normalization: there are no statistics that an order could shift"
    if own or any(_is_random(part) for part in parts_of(model)) or _has_dropout(model):
        return None
    return (
        f"`{model.name}` has no dropout, nor anything else that is random in training: its normalizations see the "
        "same variance in training and at inference"
    )


def _has_dropout(model: Any) -> bool:
    """Whether the layer graph has a dropout, or cannot be read."""
    try:
        graphs = read_model(model).graphs
    except InspectionError:
        return True
    return any(Role.DROPOUT in call.roles for graph in graphs for call in graph.calls)


def _is_random(layer: Any) -> bool:
    """Whether a layer of Keras uses random numbers in training."""
    return bool(getattr(layer, "_seed_generators", ())) or any(
        hasattr(layer, name) for name in ("seed_generator", "_random_generator", "stddev", "rate")
    )
