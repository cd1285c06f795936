"""Writes `docs/study.md` from the record, and the lines that the rules' pages take from it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import numpy as np

from studies.order.record import RECORD, Entry, missing, read
from studies.order.settings import ORDERS, Setting, grid
from studies.order.summary import Difference, differences, epochs_to_level, mean

__all__ = ["PAGE", "measured", "rendered", "write"]

PAGE: Final = Path(__file__).parent.parent.parent / "docs" / "study.md"
_NETS: Final = {"digits": "digits, MLP", "mnist1d": "MNIST-1D, convolutions"}
_RULES: Final = {"ORD001": ("LABD", "LADB"), "ORD002": ("LDBA", "LADB"), "ORD003": ("LBDA",)}

_HEAD: Final = """\
# A study of the orders

Small networks, trained from scratch in each order of linear (L), batch normalization (B), activation (A) and dropout
(D). Within a seed all orders have the same data, initial kernels, batches and number of parameters, so the differences
are paired by seed. `python -m studies.order` trains what the record (`studies/order/record.jsonl`) lacks, `python -m
studies.order --write` writes this page from it. Nothing is downloaded: the data ship with packages.

- *digits, MLP*: scikit-learn's digits, 600 to train on and 1,197 to test on; two blocks of 128 units; 30 epochs.
- *MNIST-1D, convolutions*: 1,500 signals to train on and 1,500 to test on; three blocks `Conv1D(32, 5)`; 20 epochs.
- Adam with a rate of 0.001, batches of 32, momentum of the moving averages 0.9.

Differences to the recommended order are in points of accuracy with 95 % bootstrap intervals; `*` marks those whose
interval leaves out 0 also when corrected for the number of comparisons (Bonferroni over all of this page). *Retaken* is
the accuracy after the statistics were taken again without dropout, against the recommended order as it is. ECE is the
expected calibration error. *Epochs* are those until 90 % (digits) or 50 % (MNIST-1D) of the test data are right. Shift
is stored ÷ met variance of the trained model, by normalization, the mean over the seeds of the median channel.
"""


def rendered(entries: Sequence[Entry]) -> str:
    """The page."""
    accuracy = differences(entries, "accuracy", "accuracy")
    retaken = differences(entries, "retaken_accuracy", "accuracy")
    tables = ["\n".join(_table(group, accuracy, retaken)) + "\n" for group in _groups(entries)]
    return "\n".join([_HEAD, *tables, "\n".join(_reading(entries)) + "\n", _versions(entries)])


def _groups(entries: Sequence[Entry]) -> Iterator[list[Entry]]:
    """The entries of each setting but for the order."""
    found: dict[tuple[str, str, float], list[Entry]] = {}
    for entry in entries:
        one = entry.setting
        found.setdefault((one.data, one.activation, one.rate), []).append(entry)
    for _, group in sorted(found.items()):
        yield sorted(group, key=lambda entry: list(ORDERS).index(entry.setting.order))


def _table(
    group: Sequence[Entry], accuracy: dict[Setting, Difference], retaken: dict[Setting, Difference]
) -> Iterator[str]:
    one = group[0].setting
    yield f"## {_NETS[one.data]}, {one.activation}, rate {one.rate:g} ({one.seeds} seeds)"
    yield ""
    yield "| order | rule | accuracy, % | difference | retaken | ECE, % | epochs | shift |"
    yield "|---|---|---|---|---|---|---|---|"
    for entry in group:
        order = " ".join(entry.setting.order)
        own = f"{100 * mean(entry, 'accuracy'):.2f}"
        shift = "/".join(f"{value:.2f}" for value in np.mean(entry.figures["shift"], 0))
        gap, again = accuracy.get(entry.setting, "–"), retaken.get(entry.setting, "–")
        ece = f"{100 * mean(entry, 'ece'):.1f}"
        rule = ORDERS[entry.setting.order]
        yield f"| {order} | {rule} | {own} | {gap} | {again} | {ece} | {epochs_to_level(entry)} | {shift} |"


def _reading(entries: Sequence[Entry]) -> Iterator[str]:
    """What holds and what does not, counted."""
    yield "## What it says"
    yield ""
    accuracy = differences(entries, "accuracy", "accuracy")
    for order, rule in ORDERS.items():
        found = [gap for setting, gap in accuracy.items() if setting.order == order]
        if not found:
            continue
        worse, better = sum(gap.high < 0 for gap in found), sum(gap.low > 0 for gap in found)
        yield (
            f"- {' '.join(order)} ({rule}): worse in {worse} of {len(found)} settings, better in {better}, level in "
            f"{len(found) - worse - better} (by the 95 % interval)."
        )


def _versions(entries: Sequence[Entry]) -> str:
    lines = RECORD.read_text(encoding="utf-8").splitlines() if entries else []
    versions = sorted({json.dumps(json.loads(line)["versions"], sort_keys=True) for line in lines})
    names = "; ".join(", ".join(f"{name} {number}" for name, number in json.loads(one).items()) for one in versions)
    seconds = sum(entry.figures["seconds"] for entry in entries)
    left = len(missing(list(grid()), RECORD))
    rest = f" {left} further settings (other activations and rates) are trained by running it." if left else ""
    return (
        "## The record\n\n"
        f"{len(entries)} settings, {seconds / 60:.0f} minutes of processor time on shared cores.{rest}\n\n{names}.\n"
    )


def measured(code: str, entries: Sequence[Entry]) -> list[str]:
    """The lines of a rule's page that come from the record."""
    accuracy = differences(entries, "accuracy", "accuracy")
    lines = []
    for order in _RULES[code]:
        for setting, gap in sorted(accuracy.items(), key=lambda item: (item[0].data, item[0].activation, item[0].rate)):
            if setting.order == order and setting.activation == "relu":
                net = _NETS[setting.data]
                lines.append(f"- {net}, rate {setting.rate:g}, {' '.join(order)}: {gap}")
    return lines


def write() -> None:
    """Write the page."""
    PAGE.write_text(rendered(read()), encoding="utf-8")
