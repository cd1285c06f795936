"""All uses of a shared normalization that want the same change."""

from __future__ import annotations

import pytest

from orderlint.judging import Violation, judge
from orderlint.repair.net.obstacles import Obstacles
from orderlint.repair.ways.sharers import Sharers
from orderlint.source import analyze
from orderlint.text.files import source_from_text
from tests.judged import standards

WRONG = "{0} = Dense(8)({0})\n{0} = ReLU()({0})\n{0} = norm({0})\n"
RIGHT = "{0} = Dense(8)({0})\n{0} = norm({0})\n{0} = ReLU()({0})\n"
MAYBE = "{0} = Dense(8)({0})\nif flag:\n    {0} = ReLU()({0})\n{0} = norm({0})\n"
START = "norm = BatchNormalization()\nx = Input((8,))\ny = Input((8,))\n"


def found(text: str) -> tuple[Sharers, list[Violation]]:
    default = standards()
    graphs = analyze(source_from_text(text, "net.py"))
    violations = judge(graphs, default.rules, default.order)
    return Sharers(Obstacles(graphs), violations), violations


def test_all_uses_are_found_from_each_of_them() -> None:
    """In the order of the text, so that the repair is the same."""
    sharers, violations = found(START + WRONG.format("x") + WRONG.format("y"))
    first, second = violations
    assert sharers.of(first) == sharers.of(second)
    assert [one.at.place.location().line for one in sharers.of(first)] == [6, 9]


@pytest.mark.parametrize("other", [RIGHT.format("y"), MAYBE.format("y"), "y = norm(y)\n", ""])
def test_a_use_that_does_not_want_the_change_stands_in_its_way(other: str) -> None:
    """A single use is not shared."""
    sharers, violations = found(START + WRONG.format("x") + other)
    assert not any(map(sharers.of, violations))


def test_a_use_that_is_left_alone_does_not_want_it() -> None:
    """Like a use with a suppression comment."""
    _, violations = found(text := START + WRONG.format("x") + WRONG.format("y"))
    graphs = analyze(source_from_text(text, "net.py"))
    first = judge(graphs, standards().rules, standards().order)[0]
    assert not Sharers(Obstacles(graphs), [first]).of(first)
    assert len(violations) == 2
