"""Writes `docs/study.md` and its charts from the record, and the lines that the rules' pages take from it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import numpy as np

from studies.intervals import Difference
from studies.order import drawing
from studies.order.record import RECORD, entries
from studies.order.settings import ORDERS, RULES, Setting, grid
from studies.order.summary import differences, epochs, mean
from studies.record import Entry, missing, versions

__all__ = ["DOCS", "measured", "quoted", "rendered", "write"]

DOCS: Final = Path(__file__).parent.parent.parent / "docs"
_RULES: Final = DOCS.parent / "orderlint" / "rules"
_TABLE: Final = re.compile(r"(    \|.*\n)+")
_NETS: Final = {"digits": "digits, MLP", "mnist1d": "MNIST-1D, convolutions"}

_HEAD: Final = """\
# A study of the orders

Small networks, trained from scratch in each order of linear (L), batch normalization (B), activation (A) and dropout
(D). Within a seed all orders have the same data, initial kernels, batches and number of parameters, so the differences
are paired by seed. `python -m studies.order` trains what the record (`studies/order/record.jsonl`) lacks, `python -m
studies.order --write` writes this page from it. Nothing is downloaded: the data ship with packages.

- *digits, MLP*: scikit-learn's digits, 600 to train on and 1,197 to test on; two blocks of 128 units; 30 epochs.
- *MNIST-1D, convolutions*: 1,500 signals to train on and 1,500 to test on; three blocks `Conv1D(32, 5)`; 20 epochs,
  at which the accuracy still rises by half a point an epoch, so that an order gains there by learning faster; the
  grid has one setting with 60 as well.
- Adam with a rate of 0.001, batches of 32, momentum of the moving averages 0.9.

Differences to the recommended order are in points of accuracy with 95 % bootstrap intervals; `*` marks those whose
interval leaves out 0 also when corrected for the number of comparisons (Bonferroni over all of this page). *Retaken* is
the accuracy after the statistics were taken again without dropout, against the recommended order as it is. ECE is the
expected calibration error. *Epochs* are those until 90 % (digits) or 50 % (MNIST-1D) of the test data are right. Shift
is stored ÷ met variance of the trained model, by normalization, the mean over the seeds of the median channel.

What the orders do to public models is in [models.md](models.md).
"""


def rendered(found: Sequence[Entry[Setting]]) -> dict[str, str]:
    """The page and its charts, by their names in `docs/`."""
    accuracy = differences(found, "accuracy", "accuracy")
    retaken = differences(found, "retaken_accuracy", "accuracy")
    tables = ["\n".join(_table(group, accuracy, retaken)) + "\n" for group in _groups(found)]
    reading = "\n".join(_reading(accuracy)) + "\n"
    charts = {"study-shift.svg": drawing.shifts(found)}
    charts |= {f"study-accuracy-{data}.svg": drawing.accuracies(found, data, net) for data, net in _NETS.items()}
    return {"study.md": "\n".join([_HEAD, reading, _CHARTS, *tables, _versions(found)]), **charts}


def _groups(found: Sequence[Entry[Setting]]) -> Iterator[list[Entry[Setting]]]:
    """The entries of each setting but for the order."""
    groups: dict[tuple[str, str, float, int], list[Entry[Setting]]] = {}
    for entry in found:
        one = entry.setting
        groups.setdefault((one.data, one.activation, one.rate, one.epochs), []).append(entry)
    for _, group in sorted(groups.items()):
        yield sorted(group, key=lambda entry: list(ORDERS).index(entry.setting.order))


def _table(
    group: Sequence[Entry[Setting]], accuracy: dict[Setting, Difference], retaken: dict[Setting, Difference]
) -> Iterator[str]:
    one = group[0].setting
    yield f"## {_NETS[one.data]}, {one.activation}, rate {one.rate:g} ({one.epochs} epochs, {one.seeds} seeds)"
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
        yield f"| {order} | {rule} | {own} | {gap} | {again} | {ece} | {epochs(entry)} | {shift} |"


def _reading(accuracy: dict[Setting, Difference]) -> Iterator[str]:
    """What holds and what does not, counted; and where an order is better than the recommended one."""
    yield "## What it says"
    yield ""
    yield "By the 95 % interval, of the settings that are in the record:"
    yield ""
    yield "| order | rule | worse | level | better | worse with `*` |"
    yield "|---|---|---|---|---|---|"
    for order, rule in ORDERS.items():
        gaps = [gap for setting, gap in accuracy.items() if setting.order == order]
        if gaps:
            worse, better = sum(gap.high < 0 for gap in gaps), sum(gap.low > 0 for gap in gaps)
            sure = sum(gap.holds and gap.high < 0 for gap in gaps)
            level = len(gaps) - worse - better
            yield f"| {' '.join(order)} | {rule} | {worse} | {level} | {better} | {sure} |"
    yield ""
    reversed_ = [_line(setting, gap) for setting, gap in _sorted(accuracy) if gap.low > 0]
    if reversed_:
        yield "Reversed, that is better than the recommended order:"
        yield ""
        yield from reversed_
    else:
        yield "No order is better than the recommended one in any setting of the record."


def _sorted(accuracy: dict[Setting, Difference]) -> list[tuple[Setting, Difference]]:
    names = list(dict.fromkeys(setting.activation for setting in grid()))
    return sorted(
        accuracy.items(), key=lambda item: (item[0].data, names.index(item[0].activation), item[0].epochs, item[0].rate)
    )


def _line(setting: Setting, gap: Difference) -> str:
    net = _NETS[setting.data]
    longer = f", {setting.epochs} epochs" if setting.epochs > 30 else ""
    return f"- {net}, {setting.activation}, rate {setting.rate:g}{longer}, {' '.join(setting.order)}: {gap}"


_CHARTS: Final = """\
![Stored ÷ met variance by normalization, for each order](study-shift.svg)

![Differences in accuracy on the digits](study-accuracy-digits.svg)

![Differences in accuracy on MNIST-1D](study-accuracy-mnist1d.svg)
"""


def _versions(found: Sequence[Entry[Setting]]) -> str:
    seconds = sum(entry.figures["seconds"] for entry in found)
    every = list(grid())
    left = len(missing(every, RECORD, Setting))
    rest = f" The {left} that are left are trained by running it." if left else ""
    return (
        "## The record\n\n"
        f"{len(every) - left} of {len(every)} settings, {seconds / 60:.0f} minutes of processor time on shared cores."
        f"{rest}\n\n{versions(RECORD)}.\n"
    )


def measured(code: str, found: Sequence[Entry[Setting]]) -> list[str]:
    """The table of a rule's page: a row for each order, network and activation, a column for each rate."""
    accuracy = differences(found, "accuracy", "accuracy")
    rates = sorted({setting.rate for setting in grid() if setting.order == RULES[code][0]})
    rows: dict[str, dict[float, Difference]] = {}
    for order in RULES[code]:
        for setting, gap in _sorted(accuracy):
            if setting.order == order:
                net = _NETS[setting.data].split(",")[0]
                longer = f", {setting.epochs} epochs" if setting.epochs > 30 else ""
                rows.setdefault(f"{' '.join(order)}, {net}, {setting.activation}{longer}", {})[setting.rate] = gap
    head = [
        "| order, data, activation |" + "".join(f" rate {rate:g} |" for rate in rates),
        "|---" * (1 + len(rates)) + "|",
    ]
    return head + [
        f"| {name} |" + "".join(f" {gaps.get(rate, '–')} |" for rate in rates) for name, gaps in rows.items()
    ]


def quoted(code: str, found: Sequence[Entry[Setting]]) -> tuple[Path, str]:
    """The file of a rule, and its text with the table of the record in place of the one that is there."""
    path = next(path for path in sorted(_RULES.glob("*.py")) if f'code = "{code}"' in path.read_text(encoding="utf-8"))
    head, body = path.read_text(encoding="utf-8").split("    ## Measured\n")
    lines = "".join(f"    {line}\n" for line in measured(code, found))
    return path, f"{head}    ## Measured\n{_TABLE.sub(lambda _: lines, body, count=1)}"


def write() -> None:
    """Write the page, its charts and the tables of the rules' pages."""
    found = entries()
    for name, text in rendered(found).items():
        (DOCS / name).write_text(text, encoding="utf-8")
    for code in RULES:
        path, text = quoted(code, found)
        path.write_text(text, encoding="utf-8")
