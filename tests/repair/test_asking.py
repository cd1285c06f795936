"""Answers to the questions of `fix --interactive` are remembered."""

from __future__ import annotations

from orderlint.judging import Violation
from orderlint.repair.asking import DECLINED, NOT_ASKED, Asking
from orderlint.repair.results import Answer
from tests.repair.texts import Case

NORM = "x = Dense(8)(x)\nx = ReLU()(x)\nx = BatchNormalization()(x)\n"


def asked(*answers: Answer) -> tuple[Asking, list[bool], list[Violation]]:
    """The findings, out of three of one rule, that are wanted after some answers."""
    said = iter(answers)
    asking = Asking(lambda question: next(said))
    found = Case(NORM * 3).violations
    wanted = [asking.wants([one], None) for one in found if asking.is_open(one)]  # type: ignore[arg-type]
    return asking, wanted, found


def test_without_anybody_everything_is_wanted() -> None:
    """Without questions, everything is repaired."""
    asking = Asking(None)
    (violation,) = Case(NORM).violations
    assert asking.is_open(violation)
    assert asking.wants([violation], None)  # type: ignore[arg-type]
    assert not asking.asks


def test_no_is_for_one_finding_alone() -> None:
    """The answer "no" leaves one finding, and is its reason."""
    asking, wanted, found = asked(Answer.NO, Answer.YES, Answer.NO)
    assert wanted == [False, True, False]
    assert [asking.reason(one) for one in found] == [DECLINED, None, DECLINED]


def test_all_is_for_the_rule() -> None:
    """The answer "all" repairs all findings of the rule without further questions."""
    assert asked(Answer.ALL)[1] == [True, True, True]


def test_who_quits_is_not_asked_again() -> None:
    """The answer "quit" leaves the remaining findings, and their reasons say so."""
    asking, wanted, found = asked(Answer.YES, Answer.QUIT)
    assert wanted == [True, False]
    assert asking.reason(found[2]) == NOT_ASKED
