"""Rules: each declares the facts about itself that other modules need."""

from __future__ import annotations

import pickle
from collections.abc import Iterator, Sequence

import pytest

from orderlint.graph import Location, Role, Unit, units_of
from orderlint.judging.order import DEFAULT_ORDER, Order
from orderlint.judging.rule import Rule, Sign, Violation
from tests.graphs import path
from tests.judged import RULES


class Mine(Rule):
    """A `Dense` is there.

    ## More

    Much more.
    """

    code = "LAB001"
    name = "dense"

    def check(self, units: Sequence[Unit], order: Order) -> Iterator[Violation]:
        yield from ()


def test_its_page_is_its_docstring() -> None:
    """The first line of the docstring is the summary."""
    assert Mine().summary == "A `Dense` is there."
    assert Mine().documentation.endswith("Much more.")


def test_a_rule_is_off_and_about_its_own_file_unless_it_says_so() -> None:
    """Installing a rule of another package does not enable it."""
    assert not Mine.default_on
    assert not Mine.of_every_use
    assert not Mine.by_roles  # it may use any layer
    assert not Mine.is_about_order
    assert not Sign(Role.DROPOUT, Role.NORM).is_headed
    assert repr(Mine()) == "<LAB001 dense>"


def test_a_rule_without_a_page_has_an_empty_one() -> None:
    """The docstring may be missing, for example under `python -OO`."""
    bare = type("Bare", (Mine,), {"__doc__": None})()
    assert (bare.documentation, bare.summary) == ("", "")


def test_a_violation_holds_for_all_paths_unless_it_says_so() -> None:
    """The facts that a rule reports for one unit are joined later."""
    (unit,) = units_of(path("Dense → ReLU → BN"))
    (found,) = RULES["ORD001"].check([unit], DEFAULT_ORDER)
    assert found.everywhere


def test_a_finding_has_the_reason_of_its_rule_or_its_own() -> None:
    """The reason of a finding takes precedence over that of its rule."""
    place = Location("net.py", 1, 1, 1, 2)
    rule = RULES["ORD001"]
    assert rule.finding("wrong", place).why == rule.why != ""
    assert rule.finding("wrong", place, "for once").why == "for once"


def test_a_rule_is_equal_to_itself_in_another_process() -> None:
    """It is pickled with findings."""
    assert pickle.loads(pickle.dumps(Mine())) == Mine()
    assert len({Mine(), Mine()}) == 1
    assert Mine() != next(iter(RULES.values()))


def test_a_rule_of_orderlint_has_a_page_and_another_need_not() -> None:
    """The URL of a page in another package is unknown."""
    assert Mine().url.endswith("/LAB001.md")
    mine = Mine()
    mine.home = "lab 1.0"
    assert mine.url == ""


def test_what_repairs_may_bring_is_said() -> None:
    """Repairs may add findings of a rule that allows it."""
    assert Mine().obstructs
    redundant = next(rule for rule in RULES.values() if rule.name == "redundant-bias")
    assert not redundant.obstructs
    assert "{}" in redundant.revealed


def test_a_rule_without_a_judgment_is_none() -> None:
    """A rule has to implement `check`."""
    with pytest.raises(TypeError, match="abstract"):
        Rule()  # type: ignore[abstract]
