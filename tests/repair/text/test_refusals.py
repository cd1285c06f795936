"""Which of several reasons for a refusal is reported."""

from __future__ import annotations

from orderlint.repair.text.drafts import Refused
from orderlint.repair.text.reasons import DIFFERENT_FUNCTIONS, DIFFERENT_REPAIRS, TOO_TANGLED
from orderlint.repair.text.refusals import main_refusal


def test_what_says_most_is_told() -> None:
    """The most specific one: `tangled` is the least, and that layers are in different functions is little more."""
    reasons = [TOO_TANGLED, DIFFERENT_FUNCTIONS, "`x` is also read"]
    assert main_refusal([Refused(reason) for reason in reasons]).reason == "`x` is also read"
    assert main_refusal([Refused(reason) for reason in reasons[:2]]).reason == DIFFERENT_FUNCTIONS
    assert main_refusal([]).reason == DIFFERENT_REPAIRS
