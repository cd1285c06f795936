"""How much is tried in one file."""

from __future__ import annotations

from dataclasses import replace

from orderlint.graph import units_of
from orderlint.repair.effort import Effort
from tests.graphs import path

_GRAPH = path("Dense → Dropout → BN")
(_UNIT,) = units_of(_GRAPH)


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
    for _ in range(12_000):
        assert not effort.is_spent
        effort.plan(_UNIT, [_GRAPH])
    assert effort.is_spent


def test_many_ways_through_a_builder_are_a_few_trials() -> None:
    """Each of a trial's units is made, judged and compared: 35,000 of them take seconds."""
    effort = Effort()
    for _ in range(7):
        assert not effort.is_spent
        effort.trial(_UNIT, [_GRAPH], 3_000, 35_000)
    assert effort.is_spent


def test_after_many_trials_what_is_left_is_still_planned() -> None:
    """Its reason is told, and not that there were too many repairs."""
    effort = Effort()
    for _ in range(7):
        effort.trial(_UNIT, [_GRAPH], 3_000, 35_000)
    assert effort.may_plan
