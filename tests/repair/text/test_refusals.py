"""Which of several reasons for making no repair is told."""

from __future__ import annotations

from orderlint.repair.text.drafts import Refused
from orderlint.repair.text.reasons import DIFFERENT_FUNCTIONS, DIFFERENT_REPAIRS, TOO_TANGLED
from orderlint.repair.text.refusals import main_refusal


def test_what_says_most_is_told() -> None:
    """That something is tangled says least, and that layers are in different functions says little."""
    reasons = [TOO_TANGLED, DIFFERENT_FUNCTIONS, "`x` is also read"]
    assert main_refusal([Refused(reason) for reason in reasons]).reason == "`x` is also read"
    assert main_refusal([Refused(reason) for reason in reasons[:2]]).reason == DIFFERENT_FUNCTIONS
    assert main_refusal([]).reason == DIFFERENT_REPAIRS
