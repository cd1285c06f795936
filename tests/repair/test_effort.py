"""How much is tried in one file."""

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
    """A hundred calls and three thousand characters are nothing to reckon with."""
    effort, graph = Effort(), replace(_GRAPH, calls=_GRAPH.calls * 33)
    for _ in range(400):
        effort.trial(_UNIT, [graph], 3_000)
    assert not effort.is_spent


def test_a_graph_of_twenty_thousand_calls_is_tried_once() -> None:
    """An endless loop over layers makes one of three lines; each trial makes and compares it anew."""
    effort, graph = Effort(), replace(_GRAPH, calls=_GRAPH.calls * 7_400)
    effort.trial(_UNIT, [graph], 600)
    assert effort.is_spent


def test_each_plan_counts() -> None:
    """Plans that are never tried take time too."""
    effort = Effort()
    assert [effort.plan(_VIOLATION, [_GRAPH]) for _ in range(6_001)] == [True] * 6_000 + [False]


def test_a_plan_counts_what_it_would_change() -> None:
    """Each unit that passes the layer is changed and judged, for each of the wishes; long ones take far longer."""
    effort = Effort()
    assert _VIOLATION.wish is not None
    other = replace(_VIOLATION, other_wishes=(_VIOLATION.wish,) * 4)
    units = _MANY[:12_000]
    assert [effort.plan(one, [_GRAPH], units) for one in (_VIOLATION, other, _VIOLATION)] == [True, True, False]
    assert not Effort().plan(_VIOLATION, [_GRAPH], (_LONG,) * 200)


def test_a_file_of_tens_of_thousands_of_long_paths_has_no_plans() -> None:
    """What all rules say of its units is not asked."""
    effort = Effort()
    spent = []
    for count in (100, 500):
        effort.begin([(_GRAPH, Units((_LONG,) * count))])
        spent.append(effort.is_spent)
    assert spent == [False, True]


def test_many_ways_through_a_builder_are_a_few_trials() -> None:
    """Each of a trial's units is made, judged and compared: 22,000 of them take seconds."""
    effort = Effort()
    for _ in range(4):
        assert not effort.is_spent
        effort.trial(_UNIT, [_GRAPH], 3_000, _MANY[:22_000])
    assert effort.is_spent


def test_tens_of_thousands_of_ways_take_more_than_their_number() -> None:
    """A public file has 22,000, and is tried once or twice; for what all rules say of 60,000 there is no time."""
    spent = []
    for count in (6_000, 22_000, 60_000):
        effort = Effort()
        effort.begin([(_GRAPH, Units((_UNIT,) * count))])
        spent.append((effort.has_few_trials, effort.is_spent))
    assert spent == [(False, False), (True, False), (True, True)]


def test_after_many_trials_what_is_left_is_still_planned() -> None:
    """Its reason is told, and not that there were too many repairs."""
    effort = Effort()
    effort.trial(_UNIT, [_GRAPH], 3_000, _MANY)
    assert effort.is_spent
    assert effort.may_plan


def test_the_steps_of_a_long_analysis_count() -> None:
    """Each trial is such an analysis: of 240,000 steps it takes as long as all repairs may."""
    ordinary, long, endless = Effort(), Effort(), Effort()
    ordinary.begin([], 12_000)
    for _ in range(400):
        ordinary.trial(_UNIT, [_GRAPH], 3_000, steps=12_000)
    long.begin([], 80_000)
    long.trial(_UNIT, [_GRAPH], 3_000, steps=80_000)
    endless.begin([], 240_000)
    assert [ordinary.is_spent, long.is_spent, endless.is_spent] == [False, False, True]
