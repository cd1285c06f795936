"""The number of trials in one file."""

from __future__ import annotations

from dataclasses import replace

from orderlint.graph import units_of
from orderlint.judging import judge
from orderlint.repair.effort import Effort
from orderlint.repair.net.simulation import Units
from tests.graphs import path
from tests.judged import RULES

_GRAPH = path("Dense → Dropout → BN")
(_UNIT,) = units_of(_GRAPH)
(_LONG,) = units_of(path("Dense → " + "ReLU → " * 98 + "Dropout → BN"))
_MANY = (_UNIT,) * 60_000
(_VIOLATION,) = judge([_GRAPH], [RULES["ORD002"]])


def test_an_ordinary_file_has_hundreds_of_trials() -> None:
    """A file with a hundred calls and three thousand characters may have hundreds of trials."""
    effort, graph = Effort(), replace(_GRAPH, calls=_GRAPH.calls * 33)
    for _ in range(400):
        effort.trial(_UNIT, [graph], 3_000)
    assert not effort.is_spent


def test_a_graph_of_twenty_thousand_calls_is_tried_once() -> None:
    """A loop over layers makes such a graph from three lines; each trial makes and compares it again."""
    effort, graph = Effort(), replace(_GRAPH, calls=_GRAPH.calls * 7_400)
    effort.trial(_UNIT, [graph], 600)
    assert effort.is_spent


def test_each_plan_counts() -> None:
    """Planning takes time, too, even if the plans are not tried."""
    effort = Effort()
    assert [effort.plan(_VIOLATION, [_GRAPH]) for _ in range(6_001)] == [True] * 6_000 + [False]


def test_a_plan_counts_what_it_would_change() -> None:
    """Each unit that contains the layer is changed and checked for each wish, which takes longer for long units."""
    effort = Effort()
    assert _VIOLATION.wish is not None
    other = replace(_VIOLATION, other_wishes=(_VIOLATION.wish,) * 4)
    units = _MANY[:12_000]
    assert [effort.plan(one, [_GRAPH], units) for one in (_VIOLATION, other, _VIOLATION)] == [True, True, False]
    assert not Effort().plan(_VIOLATION, [_GRAPH], (_LONG,) * 200)


def test_a_file_of_tens_of_thousands_of_long_paths_has_no_plans() -> None:
    """The rules are not evaluated on the units of such a file."""
    effort = Effort()
    spent = []
    for count in (100, 500):
        effort.begin([(_GRAPH, Units((_LONG,) * count))])
        spent.append(effort.is_spent)
    assert spent == [False, True]


def test_many_ways_through_a_builder_are_a_few_trials() -> None:
    """Each trial makes, checks and compares 22,000 units, which takes seconds."""
    effort = Effort()
    for _ in range(4):
        assert not effort.is_spent
        effort.trial(_UNIT, [_GRAPH], 3_000, _MANY[:22_000])
    assert effort.is_spent


def test_tens_of_thousands_of_ways_take_more_than_their_number() -> None:
    """A public file with 22,000 paths is tried once or twice; one with 60,000 is not checked for repairs."""
    spent = []
    for count in (6_000, 22_000, 60_000):
        effort = Effort()
        effort.begin([(_GRAPH, Units((_UNIT,) * count))])
        spent.append((effort.has_few_trials, effort.is_spent))
    assert spent == [(False, False), (True, False), (True, True)]


def test_after_many_trials_what_is_left_is_still_planned() -> None:
    """The remaining findings have the reasons of their plans, not that there were too many repairs."""
    effort = Effort()
    effort.trial(_UNIT, [_GRAPH], 3_000, _MANY)
    assert effort.is_spent
    assert effort.may_plan


def test_the_steps_of_a_long_analysis_count() -> None:
    """Each trial is such an analysis: one with 240,000 steps takes all the time that repairs may take."""
    ordinary, long, endless = Effort(), Effort(), Effort()
    ordinary.begin([], 12_000)
    for _ in range(400):
        ordinary.trial(_UNIT, [_GRAPH], 3_000, steps=12_000)
    long.begin([], 80_000)
    long.trial(_UNIT, [_GRAPH], 3_000, steps=80_000)
    endless.begin([], 240_000)
    assert [ordinary.is_spent, long.is_spent, endless.is_spent] == [False, False, True]
