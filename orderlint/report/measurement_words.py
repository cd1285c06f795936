"""Explains a measurement in sentences, for all of its reports."""

from __future__ import annotations

from collections.abc import Iterator

from orderlint.diagnostics.measurements import Effect, FedBy, MeasurementRecord, NormRow

__all__ = ["LEGEND", "cause", "figure", "heading", "percent", "sentence", "sentences"]

LEGEND = (
    "shift = variance of the input in training ÷ variance at inference; 1.00 means that both are the same.",
    "stored:actual = stored variance ÷ actual variance of the input at inference, in the model as it is.",
)

_LITTLE = 0.005  # the share of predictions below which a change does not matter


def heading(record: MeasurementRecord) -> str:
    """What was measured, and on which data."""
    if not record.rows:
        return record.name
    number = len(record.rows)
    norms = f"{number} batch normalization{'s' * (number != 1)}"
    taken = f"{record.examples:,} of the {record.given:,}" if record.given > record.examples else f"{record.examples:,}"
    data = "random numbers" if record.on_noise else f"{taken} examples"
    return f"{record.name}: {norms}, {record.passes} training pass{'es' * (record.passes != 1)} on {data}"


def figure(value: float | None) -> str:
    """A ratio with three digits; a dash if it is not known.

    >>> figure(1.4342), figure(14.71), figure(192.3), figure(None)
    ('1.43', '14.7', '192', '–')
    """
    if value is None:
        return "–"
    return f"{value:.2f}" if value < 9.995 else f"{value:.1f}" if value < 99.95 else f"{value:.0f}"


def percent(share: float) -> str:
    """A share with one decimal.

    >>> percent(0.5836)
    '58.4 %'
    """
    return f"{100 * share:.1f} %"


def sentence(note: str) -> str:
    """A note as a sentence.

    >>> sentence("without data, little is known")
    'Without data, little is known.'
    """
    return f"{note[:1].upper()}{note[1:].rstrip('.')}."


def cause(fed_by: FedBy | None) -> str:
    """The dropout that feeds a normalization, and how; a dash if there is none."""
    if fed_by is None:
        return "–"
    rate = "" if fed_by.rate is None else f"({fed_by.rate:g})"
    if fed_by.is_direct:
        return f"{fed_by.layer}{rate} directly"
    return f"{fed_by.layer}{rate} across {_linear(fed_by.num_linear)}"


def _linear(number: int) -> str:
    return f"{number} linear layer{'s' * (number != 1)}"


def sentences(record: MeasurementRecord) -> Iterator[str]:
    """The meaning of the figures for this model, the most important first."""
    if record.rows:
        yield _shift(record)
    if record.lagging:
        yield _lag(record.lagging)
    if record.effect is not None and record.varies:
        yield from _effect(record.effect, bool(record.lagging))
    elif record.rows and not record.is_trained:
        yield "The model is not trained yet: this is the shift of initial weights, and predictions mean nothing yet."
    yield from map(sentence, record.notes)


def _shift(record: MeasurementRecord) -> str:
    worst = record.worst
    if worst is None:
        frozen = all(row.is_frozen for row in record.rows)
        if frozen:
            return "Every normalization is frozen: it uses its stored statistics in training too, so there is no shift."
        if not record.varies:
            return (
                "The input of every normalization is the same for all examples, so there is no variance to compare. "
                "Give the data that the model is trained on."
            )
        return "Every normalization sees the same variance in training and at inference: dropout causes no shift."
    shift = worst.shift or 1.0
    change = abs(1 - shift**-0.5)
    less = "smaller" if shift > 1 else "larger"
    if worst.is_recalibrated:
        return (
            f"`{worst.path}` sees a variance in training that is {figure(shift)} times the variance at inference. But "
            f"it has stored the variance at inference (stored:actual {figure(worst.stored_over_actual)}), so the shift "
            f"costs this model nothing. {_why(worst)}"
        )
    return (
        f"`{worst.path}` learns a variance that is {figure(shift)} times the variance at inference. Its output is then "
        f"{100 * change:.0f} % {less} than the layers after it were trained for. {_why(worst)}"
    )


def _why(row: NormRow) -> str:
    fed_by = row.fed_by
    if fed_by is None:
        return "No dropout layer leads to it: noise or a random layer of your own causes this."
    rate = "" if fed_by.rate is None else f", rate {fed_by.rate:g}"
    subject = f"`{fed_by.path}` ({fed_by.layer}{rate})"
    if fed_by.is_direct:
        return f"{subject} feeds it directly."
    return f"{subject} reaches it across {_linear(fed_by.num_linear)}."


def _lag(rows: tuple[NormRow, ...]) -> str:
    worst = max(rows, key=lambda row: max(row.stored_over_train or 1.0, 1 / (row.stored_over_train or 1.0)))
    others = "" if len(rows) == 1 else f", as in {len(rows) - 1} other normalization{'s' * (len(rows) > 2)}"
    return (
        f"The moving average lags behind in `{worst.path}`{others}: it has stored {figure(worst.stored_over_train)} "
        "times the variance in training. The order is not the cause: the momentum is high for so few steps, or the "
        "data differs from the training data. A lower `momentum` (0.9) or `orderlint recalibrate` helps."
    )


def _effect(effect: Effect, lags: bool) -> Iterator[str]:
    new = "With statistics recomputed without dropout"
    on = f"({effect.examples:,} examples)"
    if effect.kind == "values":
        share = f"{percent(effect.changed)} of their standard deviation"
        yield f"{new}, the outputs change by {share} {on}{_score(effect)}."
    else:
        yield f"{new}, {percent(effect.changed)} of the predictions change {on}{_score(effect)}."
    if lags:
        yield (
            f"The moving average alone accounts for {percent(effect.changed_by_training)}: the change with the "
            f"statistics that training would converge to, with dropout on{_training_score(effect)}."
        )
    yield _advice(effect)


def _score(effect: Effect) -> str:
    if effect.before is None or effect.after is None:
        return ""
    return f": {_scores(effect, effect.after)}"


def _training_score(effect: Effect) -> str:
    return "" if effect.by_training is None else f" ({_scores(effect, effect.by_training)})"


def _scores(effect: Effect, after: float) -> str:
    before = effect.before or 0.0
    if effect.kind == "values":
        return f"mean square error {before:.4g} → {after:.4g}"
    return f"accuracy {percent(before)} → {percent(after)}"


def _advice(effect: Effect) -> str:
    if effect.changed < _LITTLE:
        return "The shift hardly affects what this model predicts."
    if effect.before is None or effect.after is None:
        return "Labels (`--labels`) would show whether that is for better or worse."
    gain = effect.after - effect.before
    if effect.kind == "values":
        gain = -gain / effect.before if effect.before else 0.0
    if gain > _LITTLE:
        return "`orderlint recalibrate` saves the model with such statistics. It does not train or change the weights."
    if gain < -_LITTLE:
        return "That would make this model worse: it does better with the statistics it has."
    return "That makes this model neither better nor worse."
