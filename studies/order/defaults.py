"""What the record says about the rules that are on by default: counted by activation, and what follows from it."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from studies.intervals import Difference
from studies.order.settings import ORDERS, Setting

__all__ = ["Count", "count", "section"]


@dataclass(frozen=True, slots=True)
class Count:
    """The number of settings in which an order is worse than the recommended one, not clearly different, and better."""

    worse: int
    level: int
    better: int

    def __str__(self) -> str:
        return f"{self.worse} / {self.level} / {self.better}"

    @property
    def total(self) -> int:
        return self.worse + self.level + self.better


def count(gaps: Iterable[Difference]) -> Count:
    """Count differences by their 95 % intervals."""
    every = list(gaps)
    worse, better = sum(gap.high < 0 for gap in every), sum(gap.low > 0 for gap in every)
    return Count(worse, len(every) - worse - better, better)


def section(accuracy: Mapping[Setting, Difference]) -> Iterator[str]:
    """The lines of the section of the page.

    Args:
        accuracy: The differences to the recommended order.
    """
    names = list(dict.fromkeys(setting.activation for setting in accuracy))
    orders = [order for order in ORDERS if any(setting.order == order for setting in accuracy)]

    def of(order: str, *activations: str) -> Count:
        wanted = activations or names
        return count(gap for one, gap in accuracy.items() if one.order == order and one.activation in wanted)

    yield "## What this says about the defaults"
    yield ""
    yield "The table counts the settings in which an order is worse / not clearly different / better than the"
    yield "recommended order:"
    yield ""
    yield f"| order | rule |{''.join(f' {name} |' for name in names)} all |"
    yield "|---|---|" + "---|" * (len(names) + 1)
    for order in orders:
        counts = "".join(f" {of(order, name)} |" for name in names)
        yield f"| {' '.join(order)} | {ORDERS[order]} |{counts} {of(order)} |"
    yield ""
    yield from _verdicts(of("LDBA"), of("LBDA"), of("LBDA", "relu"), of("LABD"), of("LABD", "elu"))


def _verdicts(
    before_norm: Count, before_act: Count, with_relu: Count, after_act: Count, with_elu: Count
) -> Iterator[str]:
    yield from _point(
        f"**ORD002 should stay on.** L D B A, which only this rule reports, is worse in {before_norm.worse} of "
        f"{before_norm.total} settings and better in {before_norm.better}. The repair does not change the predictions "
        "of a trained model."
    )
    yield from _point(
        f"**ORD003 should stay on. With ReLU, it is a matter of style.** L B D A is worse in {before_act.worse} of "
        f"{before_act.total} settings and better in {before_act.better}. With ReLU, there is no clear difference in "
        f"{with_relu.level} of {with_relu.total}. The repair does not change the predictions of a trained model."
    )
    yield from _point(
        f"**ORD001 claims more than the record supports.** L A B D is worse in {after_act.worse} of {after_act.total} "
        f"settings and better in {after_act.better}. With ELU, it is worse in {with_elu.worse} of {with_elu.total} and "
        f"better in {with_elu.better}. Of the three rules, only ORD001 has repairs that change what a trained model "
        "predicts."
    )
    yield ""
    yield from textwrap.wrap(
        "**Proposal** for the next version that may change defaults: ORD001 becomes a warning, which is reported but "
        "does not fail a run. The rule should not be off. In most settings with tanh, and in all settings without "
        "dropout, the recommended order is better or there is no clear difference. An exception for ELU is not "
        "proposed, because only the convolutional network shows a difference with ELU. Until then, this configuration "
        "makes the rule a warning:",
        120,
    )
    yield ""
    yield from ("```toml", "[tool.orderlint]", 'warn = ["ORD001"]', "```")


def _point(text: str) -> list[str]:
    return textwrap.wrap(f"- {text}", 120, subsequent_indent="  ")
