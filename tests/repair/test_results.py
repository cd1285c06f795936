"""The results of planning and repairing."""

from __future__ import annotations

import pickle

from orderlint.diagnostics import Fix, RepairKind
from orderlint.repair import FixResult, Plan, fix_text, plan, results, rounds
from orderlint.text.files import source_from_text
from tests.judged import standards
from tests.repair.texts import Case

NORM = "x = Dense(8)(x)\nx = ReLU()(x)\nx = BatchNormalization()(x)\n"


def test_a_plan_is_shown_by_its_reason_or_its_kind() -> None:
    """A plan is shown by its kind if it is available, otherwise by its reason."""
    violation = Case(NORM).violation
    done = Plan(violation, Fix("t", (), RepairKind.EQUIVALENT), None, RepairKind.EQUIVALENT, "t").repair
    left = Plan(violation, reason="why").repair
    assert (done.available, done.kind, done.title) == (True, RepairKind.EQUIVALENT, "t")
    assert (left.available, left.reason) == (False, "why")


def test_a_result_travels_between_processes() -> None:
    """A pickled result is equal to the original."""
    result = fix_text(source_from_text(NORM), standards())
    assert pickle.loads(pickle.dumps(result)) == result


def test_the_package_offers_what_others_need() -> None:
    """The names of the package are imported on demand."""
    assert (FixResult, Plan) == (results.FixResult, results.Plan)
    assert (fix_text, plan) == (rounds.fix_text, rounds.plan)
