"""Writes `docs/study.md` and its charts from the record, and the lines that the rules' pages take from it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import numpy as np

from studies.intervals import Difference
from studies.order import drawing
from studies.order.defaults import count, section
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

This study trains small networks from scratch. Each order of linear layer (L), batch normalization (B), activation (A)
and dropout (D) is compared with the recommended order, L B A D. For each seed, all orders have the same data, initial
kernels, batches and number of parameters. So the differences are paired by seed.

- *digits, MLP*: scikit-learn's digits, with 600 examples for training and 1,197 for testing. Two blocks of 128 units,
  30 epochs.
- *MNIST-1D, convolutions*: 1,500 signals for training and 1,500 for testing. Three blocks of `Conv1D(32, 5)`, 20
  epochs. After 20 epochs, the accuracy still rises by half a point in each epoch, so an order can be better because it
  learns faster. Some settings were therefore also trained for 60 epochs, after which the accuracy still rises slowly.
- All networks are trained with Adam, a learning rate of 0.001 and batches of 32. The momentum of the normalizations is
  0.9.

`python -m studies.order` trains what is missing from the record (`studies/order/record.jsonl`). With `--write`, it
writes this page from the record. Nothing is downloaded, because the data ships with Python packages.

How to read the tables:

- A title names the data and the network, the activation and the dropout rate. *accuracy* is the mean over the seeds, on
  the test data.
- *difference* is the accuracy minus that of the recommended order, in percentage points, with a 95 % bootstrap
  interval. `*` means that the interval excludes 0 even after a Bonferroni correction for all comparisons on this page.
- *recalibrated* is the difference after the statistics of the normalizations were computed again without dropout, as
  `orderlint recalibrate` does. The recommended order is not recalibrated.
- *ECE* is the expected calibration error: the mean gap between how confident the model is and how often it is right.
- *epochs* is the average number of epochs until 90 % (digits) or 50 % (MNIST-1D) of the test data is classified
  correctly. A dash means that not every seed gets there.
- *stored:actual* is the variance that the trained model has stored, divided by the actual variance at inference,
  for each normalization. It is the mean over the seeds of the median channel. [Measuring](measure.md) explains it.

The results for [public models](models.md) are on another page.
"""


def rendered(found: Sequence[Entry[Setting]]) -> dict[str, str]:
    """The page and its charts, by their names in `docs/`."""
    accuracy = differences(found, "accuracy", "accuracy")
    recalibrated = differences(found, "recalibrated_accuracy", "accuracy")
    tables = ["\n".join(_table(group, accuracy, recalibrated)) + "\n" for group in _groups(found)]
    reading = "\n".join(_reading(accuracy)) + "\n"
    charts = {"study-shift.svg": drawing.shifts(found)}
    charts |= {f"study-accuracy-{data}.svg": drawing.accuracies(found, data, net) for data, net in _NETS.items()}
    defaults = "\n".join(section(dict(_sorted(accuracy)))) + "\n"
    return {"study.md": "\n".join([_HEAD, reading, _CHARTS, defaults, *tables, _versions(found)]), **charts}


def _groups(found: Sequence[Entry[Setting]]) -> Iterator[list[Entry[Setting]]]:
    """The entries of settings that only differ in the order."""
    groups: dict[tuple[str, str, float, int], list[Entry[Setting]]] = {}
    for entry in found:
        one = entry.setting
        groups.setdefault((one.data, one.activation, one.rate, one.epochs), []).append(entry)
    for _, group in sorted(groups.items()):
        yield sorted(group, key=lambda entry: list(ORDERS).index(entry.setting.order))


def _table(
    group: Sequence[Entry[Setting]], accuracy: dict[Setting, Difference], recalibrated: dict[Setting, Difference]
) -> Iterator[str]:
    one = group[0].setting
    yield f"## {_NETS[one.data]}, {one.activation}, rate {one.rate:g} ({one.epochs} epochs, {one.seeds} seeds)"
    yield ""
    yield "| order | rule | accuracy, % | difference | recalibrated | ECE, % | epochs | stored:actual |"
    yield "|---|---|---|---|---|---|---|---|"
    for entry in group:
        order = " ".join(entry.setting.order)
        own = f"{100 * mean(entry, 'accuracy'):.2f}"
        shift = "/".join(f"{value:.2f}" for value in np.mean(entry.figures["shift"], 0))
        gap, again = accuracy.get(entry.setting, "–"), recalibrated.get(entry.setting, "–")
        ece = f"{100 * mean(entry, 'ece'):.1f}"
        rule = ORDERS[entry.setting.order]
        yield f"| {order} | {rule} | {own} | {gap} | {again} | {ece} | {epochs(entry)} | {shift} |"


def _reading(accuracy: dict[Setting, Difference]) -> Iterator[str]:
    """Counts of the results, and the settings in which an order is better than the recommended one."""
    yield "## Results"
    yield ""
    yield "The table counts the settings in the record by their 95 % interval:"
    yield ""
    yield "| order | rule | worse | no clear difference | better | worse with `*` |"
    yield "|---|---|---|---|---|---|"
    for order, rule in ORDERS.items():
        gaps = [gap for setting, gap in accuracy.items() if setting.order == order]
        if gaps:
            one, sure = count(gaps), sum(gap.holds and gap.high < 0 for gap in gaps)
            yield f"| {' '.join(order)} | {rule} | {one.worse} | {one.level} | {one.better} | {sure} |"
    yield ""
    reversed_ = [_line(setting, gap) for setting, gap in _sorted(accuracy) if gap.low > 0]
    if reversed_:
        yield "In these settings, another order is better than the recommended one:"
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
This chart shows *stored:actual* at each normalization, from the first to the last, with ReLU:

![Stored ÷ actual variance by normalization, for each order](study-shift.svg)

The next charts show the accuracy of each order minus that of the recommended order, in percentage points, with 95 %
intervals. Each row has its activation and its dropout rate; *long* means 60 epochs.

![Differences in accuracy on the digits](study-accuracy-digits.svg)

![Differences in accuracy on MNIST-1D](study-accuracy-mnist1d.svg)
"""


def _versions(found: Sequence[Entry[Setting]]) -> str:
    seconds = sum(entry.figures["seconds"] for entry in found)
    every = list(grid())
    left = len(missing(every, RECORD, Setting))
    rest = f" Running the study trains the other {left}." if left else ""
    return (
        "## The record\n\n"
        f"The record has {len(every) - left} of {len(every)} settings. "
        f"They took {seconds / 60:.0f} minutes of processor time.{rest}\n\nVersions: {versions(RECORD)}.\n"
    )


def measured(code: str, found: Sequence[Entry[Setting]]) -> list[str]:
    """The table of a rule's page: a row for each order, network and activation, a column for each rate.

    Where a rule has one order, its page names it, and the rows need not.
    """
    accuracy = differences(found, "accuracy", "accuracy")
    rates = sorted({setting.rate for setting in grid() if setting.order == RULES[code][0]})
    rows: dict[str, dict[float, Difference]] = {}
    for order in RULES[code]:
        for setting, gap in _sorted(accuracy):
            if setting.order == order:
                net = _NETS[setting.data].split(",")[0]
                longer = f", {setting.epochs} epochs" if setting.epochs > 30 else ""
                which = f"{' '.join(order)}, " if len(RULES[code]) > 1 else ""
                rows.setdefault(f"{which}{net}, {setting.activation}{longer}", {})[setting.rate] = gap
    head = [
        f"| {'order, ' if len(RULES[code]) > 1 else ''}data, activation |"
        + "".join(f" rate {rate:g} |" for rate in rates),
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
