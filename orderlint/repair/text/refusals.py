"""Chooses one of several reasons for not repairing a finding."""

from __future__ import annotations

from collections.abc import Sequence

from orderlint.repair.text.drafts import Refused
from orderlint.repair.text.reasons import DIFFERENT_FUNCTIONS, DIFFERENT_REPAIRS, ONE_IN_A_LOOP, TOO_TANGLED

__all__ = ["main_refusal"]

_APART = DIFFERENT_FUNCTIONS.partition(";")[0]


def main_refusal(refusals: Sequence[Refused]) -> Refused:
    """The refusal whose reason is reported: the first one, unless it is too general.

    An obstacle in a helper says more than that the layers are in different functions, and where else a layer of a loop
    leads says more than that only one of the layers is in a loop.
    """
    specific = [refusal for refusal in refusals if refusal.reason not in (TOO_TANGLED, DIFFERENT_REPAIRS)]
    specific.sort(key=lambda refusal: refusal.reason.startswith((_APART, ONE_IN_A_LOOP)))
    return (specific or [*refusals] or [Refused(DIFFERENT_REPAIRS)])[0]
