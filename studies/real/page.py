"""Writes `docs/models.md` and its chart from the record."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import numpy as np

from studies.charts import IntervalPanel, intervals
from studies.intervals import Difference, difference, epochs_to_level
from studies.real.record import RECORD, entries
from studies.real.settings import Setting
from studies.real.texts import about
from studies.record import Entry, versions

__all__ = ["DOCS", "rendered", "write"]

DOCS: Final = Path(__file__).parent.parent.parent / "docs"
_LEVELS: Final = {"digits": 0.9, "mnist1d": 0.5, "cancer": 0.9}

Pair = tuple[Entry[Setting], Entry[Setting]]
Gaps = tuple[Difference, Difference, Difference, Difference]

_HEAD: Final = """\
# Public models before and after their repair

This study trains public models in which orderlint has findings. Each model is trained in two versions: as found, and
after `orderlint fix`.

The models come from public repositories and were rewritten for this study (`studies/real/models/`). Large models were
made smaller. Each model got a new output that fits data from Python packages. The dropout rates and the momentum of
the normalizations are unchanged, unless the section of a model says otherwise. Each version is trained with 10 seeds.
For each seed, both versions have the same data, initial kernels and batches.

All models are trained for 30 epochs with Adam, a learning rate of 0.001 and batches of 32. The training data is 600 of
the digits, 285 examples of the breast cancer data, or 1,500 signals of MNIST-1D. `python -m studies.real` trains what
is missing from the record (`studies/real/record.jsonl`). `python -m studies.real --write` writes this page from the
record.

How to read the tables:

- *before* is the model as found, and *after* is the repaired model. *accuracy* is measured on the test data.
- *difference* is the accuracy minus that of the model as found, in percentage points, with a 95 % bootstrap interval.
  `*` means that the interval excludes 0 even after a Bonferroni correction for all comparisons on this page.
- *recalibrated* is the value after the statistics of the normalizations were computed again without dropout, as
  `orderlint recalibrate` does.
- *ECE* is the expected calibration error: the mean gap between how confident the model is and how often it is right.
- *epochs* is the average number of epochs until 90 % (digits, cancer) or 50 % (MNIST-1D) of the test data is
  classified correctly. A dash means that not every seed gets there.
- *stored:actual* is the variance that the trained model has stored, divided by the actual variance at inference,
  for each normalization. [Measuring](measure.md) explains it.

A *stored:actual* below 1 or far above 1 can also mean that the moving average has not converged. With Keras's default
momentum of 0.99, that takes hundreds of steps, and 30 epochs on the digits are only 540 steps. This is why some
repaired models are worse as trained and better once both versions are recalibrated.

The models and data are small. A model without a clear difference here may still gain or lose in a larger setting.

![Accuracy compared with the model as found](study-models.svg)
"""


def rendered(found: Sequence[Entry[Setting]]) -> dict[str, str]:
    """The page and its chart, by their names in `docs/`."""
    pairs = _pairs(found)
    gaps = [_gaps(pair, 4 * len(pairs)) for pair in pairs]
    sections = ["\n".join(_section(pair, gap)) + "\n" for pair, gap in zip(pairs, gaps, strict=True)]
    parts = [_HEAD, "\n".join(_reading(pairs, gaps)) + "\n", *sections, _record(found)]
    return {"models.md": "\n".join(parts), "study-models.svg": _chart(pairs, gaps)}


def _pairs(found: Sequence[Entry[Setting]]) -> list[Pair]:
    """The versions of each model that has both."""
    table = {(entry.setting.model, entry.setting.version): entry for entry in found}
    models = dict.fromkeys(entry.setting.model for entry in found)
    return [(table[name, "before"], table[name, "after"]) for name in models if (name, "after") in table]


def _gaps(pair: Pair, num_comparisons: int) -> Gaps:
    """The differences from *before*: *after*, and both with new statistics. Then that between the last two."""
    before, after = pair
    base, again = before.figures["accuracy"], before.figures["recalibrated_accuracy"]
    new = after.figures["recalibrated_accuracy"]
    kinds = ((after.figures["accuracy"], base), (again, base), (new, base), (new, again))
    one, two, three, four = (difference(values, start, num_comparisons) for values, start in kinds)
    return one, two, three, four


_COMPARED: Final = (
    ("repaired", "as found"),
    ("as found, recalibrated", "as found"),
    ("repaired, recalibrated", "as found"),
    ("repaired, recalibrated", "as found, recalibrated"),
)


def _reading(pairs: Sequence[Pair], gaps: Sequence[Gaps]) -> Iterator[str]:
    yield "## Results"
    yield ""
    yield "The table counts the models by their 95 % interval:"
    yield ""
    yield "| version | compared with | better | no clear difference | worse |"
    yield "|---|---|---|---|---|"
    for number, (name, base) in enumerate(_COMPARED):
        column = [gap[number] for gap in gaps]
        better, worse = sum(gap.low > 0 for gap in column), sum(gap.high < 0 for gap in column)
        yield f"| {name} | {base} | {better} | {len(column) - better - worse} | {worse} |"
    yield ""
    for number, words in (
        (0, "after the repair"),
        (1, "by recalibration alone"),
        (3, "after the repair, both versions recalibrated"),
    ):
        for kind in ("better", "worse"):
            named = [
                f"{pair[0].setting.model} {gap[number]}"
                for pair, gap in zip(pairs, gaps, strict=True)
                if (gap[number].low > 0 if kind == "better" else gap[number].high < 0)
            ]
            yield f"- {kind.capitalize()} {words}: {', '.join(named) or 'none'}."


def _section(pair: Pair, gaps: Gaps) -> Iterator[str]:
    before, after = pair
    known = about(before.setting.model)
    yield f"## {before.setting.model}"
    yield ""
    yield f"{known.title}"
    yield ""
    yield f"- Source: {known.architecture}"
    yield f"- Changes for this study: {known.here}"
    yield f"- Data: {known.data}, shape {known.shape}."
    yield ""
    yield "| version | accuracy, % | difference | recalibrated | ECE, % | recalibrated | epochs | stored:actual |"
    yield "|---|---|---|---|---|---|---|---|"
    yield _row(before, "–", str(gaps[1]))
    yield _row(after, str(gaps[0]), str(gaps[2]))


def _row(entry: Entry[Setting], gap: str, again: str) -> str:
    figures = entry.figures
    own, ece, new = (f"{100 * np.mean(figures[name]):.1f}" for name in ("accuracy", "ece", "recalibrated_ece"))
    level = _LEVELS[about(entry.setting.model).data]
    epochs = epochs_to_level(figures["curve"], level)
    shift = "/".join(f"{value:.2f}" for value in np.mean(figures["shift"], 0)) or "–"
    return f"| {entry.setting.version} | {own} | {gap} | {again} | {ece} | {new} | {epochs} | {shift} |"


def _chart(pairs: Sequence[Pair], gaps: Sequence[Gaps]) -> str:
    labels = [pair[0].setting.model.replace("_", " ") for pair in pairs]
    names = ("repaired", "as found, recalibrated", "repaired, recalibrated")
    panel = IntervalPanel(
        "Percentage points of accuracy compared with the model as found", tuple(gap[:3] for gap in gaps)
    )
    return intervals(
        "Accuracy compared with the model as found, 95 % intervals", names, labels, [panel], left=120, limit=8
    )


def _record(found: Sequence[Entry[Setting]]) -> str:
    minutes = sum(entry.figures["seconds"] for entry in found) / 60
    return f"## The record\n\nTraining took {minutes:.0f} minutes of processor time.\n\nVersions: {versions(RECORD)}.\n"


def write() -> None:
    """Write the page and its chart."""
    for name, text in rendered(entries()).items():
        (DOCS / name).write_text(text, encoding="utf-8")
