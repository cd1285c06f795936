"""The judgments of the rules on the possible histories of a unit."""

from __future__ import annotations

import pytest

from orderlint.glance.orders import FRESH, HEADED, Flow, Orders
from orderlint.glance.unsure import Unsure
from orderlint.judging.order import DEFAULT_ORDER
from tests.judged import RULES


def orders() -> Orders:
    return Orders([RULES[code] for code in ("ORD001", "ORD002", "ORD003")], DEFAULT_ORDER)


def walk(judge: Orders, roles: str, flow: Flow = FRESH) -> Flow:
    for number, role in enumerate(roles.split(), start=1):
        flow = judge.after(flow, role, number)
    return flow


@pytest.mark.parametrize(
    "roles",
    [
        "linear norm activation dropout",
        "linear norm activation dropout linear norm activation",
        "linear dropout merge norm",
        "linear activation boundary norm",
        "linear activation dropout activation",
        "activation norm",
        "linear norm activation pass norm activation",
    ],
)
def test_what_is_in_order_goes_on(roles: str) -> None:
    """No rule has a finding in these units."""
    judge = orders()
    judge.end(walk(judge, roles))
    judge.settle()


@pytest.mark.parametrize("roles", ["linear activation norm", "dropout norm", "linear dropout activation"])
def test_what_a_rule_finds_is_not_sure(roles: str) -> None:
    """All three ordering rules are applied."""
    with pytest.raises(Unsure):
        walk(orders(), roles)


def test_a_norm_that_opens_a_block_owes_an_activation() -> None:
    """`Conv → BN → ReLU → BN` is in order only if an activation follows."""
    judge = orders()
    owing = walk(judge, "linear norm activation norm")
    with pytest.raises(Unsure):
        judge.after(owing, "linear", 9)
    with pytest.raises(Unsure):
        judge.settle()
    judge.after(owing, "activation", 9)
    judge.settle()


def test_a_role_that_repeats_is_one() -> None:
    """No rule here counts the applications of a role, so repetitions do not make a unit longer."""
    judge = orders()
    assert walk(judge, "linear norm activation activation activation") == walk(judge, "linear norm activation")


def test_several_ways_are_judged_together() -> None:
    """A value from one branch or another is in order only if it is in order after both."""
    judge = orders()
    both = walk(judge, "linear") | walk(judge, "linear activation")
    with pytest.raises(Unsure):
        judge.after(both, "norm", 1)
    assert judge.after(both, "linear", 1) == HEADED


def test_long_units_are_told_by_their_first_and_last_roles() -> None:
    """A unit without a linear layer may be of any length: the number of its ways is bounded."""
    judge = orders()
    flow = walk(judge, "norm activation")
    seen = set()
    for number in range(40):
        flow = judge.after(flow, ("norm", "activation")[number % 2], number)
        seen.add(flow)
    assert len(seen) < 12


def test_an_input_that_meets_a_norm_is_remembered() -> None:
    """A model of which only the outputs are known may be applied within a unit if its input feeds a linear layer."""
    judge = orders()
    (way,) = FRESH
    judge.after(frozenset([way._replace(origin=7)]), "linear", 1)
    assert not judge.at_input
    judge.after(frozenset([way._replace(origin=7)]), "norm", 1)
    assert list(judge.at_input) == [7]
