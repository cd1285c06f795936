"""What somebody who is asked about repairs said is remembered."""

from __future__ import annotations

from orderlint.judging import Violation
from orderlint.repair.asking import DECLINED, NOT_ASKED, Asking
from orderlint.repair.results import Answer
from tests.repair.texts import Case

NORM = "x = Dense(8)(x)\nx = ReLU()(x)\nx = BatchNormalization()(x)\n"


def asked(*answers: Answer) -> tuple[Asking, list[bool], list[Violation]]:
    """What was wanted of three findings of one rule, with some answers."""
    said = iter(answers)
    asking = Asking(lambda question: next(said))
    found = Case(NORM * 3).violations
    wanted = [asking.wants([one], None) for one in found if asking.is_open(one)]  # type: ignore[arg-type]
    return asking, wanted, found


def test_without_anybody_everything_is_wanted() -> None:
    """Repairs are made as before."""
    asking = Asking(None)
    (violation,) = Case(NORM).violations
    assert asking.is_open(violation)
    assert asking.wants([violation], None)  # type: ignore[arg-type]
    assert not asking.asks


def test_no_is_for_one_finding_alone() -> None:
    """And the reason it is left."""
    asking, wanted, found = asked(Answer.NO, Answer.YES, Answer.NO)
    assert wanted == [False, True, False]
    assert [asking.reason(one) for one in found] == [DECLINED, None, DECLINED]


def test_all_is_for_the_rule() -> None:
    """Nothing more is asked."""
    assert asked(Answer.ALL)[1] == [True, True, True]


def test_who_quits_is_not_asked_again() -> None:
    """What was not asked about says so."""
    asking, wanted, found = asked(Answer.YES, Answer.QUIT)
    assert wanted == [True, False]
    assert asking.reason(found[2]) == NOT_ASKED
