"""Chooses one of several reasons for leaving a finding."""

from __future__ import annotations

from collections.abc import Sequence

from orderlint.repair.text.drafts import Refused
from orderlint.repair.text.reasons import DIFFERENT_FUNCTIONS, DIFFERENT_REPAIRS, ONE_IN_A_LOOP, TOO_TANGLED

__all__ = ["told"]

_APART = DIFFERENT_FUNCTIONS.partition(";")[0]


def told(refusals: Sequence[Refused]) -> Refused:
    """The reason to report: that of the way that came furthest, unless it is too general.

    What stands in the way in a helper says more than that layers are in different functions, and where else a layer of
    a loop leads says more than that it is in a loop.
    """
    telling = [refusal for refusal in refusals if refusal.reason not in (TOO_TANGLED, DIFFERENT_REPAIRS)]
    telling.sort(key=lambda refusal: refusal.reason.startswith((_APART, ONE_IN_A_LOOP)))
    return (telling or [*refusals] or [Refused(DIFFERENT_REPAIRS)])[0]
