"""Repairs are made in an order that results in the recommended chain."""

from __future__ import annotations

from itertools import product

import pytest

from orderlint.graph import Role, Unit, units_of
from orderlint.judging import judge
from orderlint.judging.ordering import recommended
from orderlint.repair import fix_text
from orderlint.repair.precedence import precedence, without_hasty
from orderlint.repair.results import Plan
from orderlint.source import analyze
from orderlint.text.files import source_from_text
from tests.judged import standards

STANDARDS = standards()
LAYERS = {"N": "BatchNormalization()", "A": "ReLU()", "D": "Dropout(0.1)"}


def model(chain: str, *, ends: bool = True) -> str:
    """A model of a linear layer and a chain, with another linear layer at the end if needed."""
    layers = ["Input((8,))", "Dense(4)", *(LAYERS[letter] for letter in chain), *([] if ends else ["Dense(3)"])]
    return f"from keras import Input, Sequential\nfrom keras.layers import *\nSequential([{', '.join(layers)}])\n"


def unit(text: str) -> Unit:
    """The first unit of a text that starts at a linear layer."""
    graphs = analyze(source_from_text(text))
    return next(one for graph in graphs for one in units_of(graph) if one.head is not None)


def chain(text: str) -> tuple[str, ...]:
    """All layers of a text in order, without `pass` layers."""
    (graph,) = analyze(source_from_text(text))
    return tuple(step.name for one in units_of(graph) for step in one.steps if step.role is not Role.PASS)


@pytest.mark.parametrize("ends", [True, False])
def test_what_is_recommended_is_what_is_made(ends: bool) -> None:
    """All chains of up to three layers and some of four, if each finding is repaired."""
    num_repaired = 0
    of_four = [tuple(letters) for letters in ("DADN", "ADDN", "DDAN", "NDAD", "AADN", "DNDA")]
    for letters in (*product(LAYERS, repeat=2), *product(LAYERS, repeat=3), *of_four):
        text = model("".join(letters), ends=ends)
        result = fix_text(source_from_text(text), STANDARDS)
        if result.repaired and not result.left:
            num_repaired += 1
            wanted = recommended(unit(text), STANDARDS.order)
            assert chain(result.text) == (*wanted, *([] if ends else ["Dense"])), letters
    assert num_repaired > 10


@pytest.mark.parametrize(
    ("letters", "first"), [("ADN", "ORD002"), ("DADN", "ORD002"), ("ANDA", "ORD001"), ("AN", "ORD001")]
)
def test_a_dropout_goes_first_where_the_norm_would_leave_it_at_the_output(letters: str, first: str) -> None:
    """If the norm went first, the dropout would be at the output. Otherwise the norm goes first."""
    violations = judge(analyze(source_from_text(model(letters))), STANDARDS.rules)
    assert min(violations, key=precedence).rule.code == first


def test_a_norm_waits_for_a_dropout_that_can_only_move_later() -> None:
    """Of two dropouts with conflicting moves, one moves in the next round; the norm moves after both."""
    violations = judge(analyze(source_from_text(model("DADN"))), STANDARDS.rules)
    plans = [Plan(one, None) for one in sorted(violations, key=precedence)]
    norm = [one for one in plans if one.violation.rule.code == "ORD001"]
    assert without_hasty([norm], norm) == [norm]
    assert without_hasty([norm], plans) == []


@pytest.mark.parametrize(
    ("letters", "waiting"), [("DN", []), ("DAN", [False]), ("ADN", [False]), ("ANA", [True]), ("ANDA", [True])]
)
def test_a_norm_waits_only_where_it_matters(letters: str, waiting: list[bool]) -> None:
    """Otherwise the norm goes first, and the dropouts need not move."""
    found = judge(analyze(source_from_text(model(letters, ends=False))), STANDARDS.rules)
    norms = [violation for violation in found if Role.NORM in violation.at.roles]
    assert [precedence(violation)[0] for violation in norms] == waiting
