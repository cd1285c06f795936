"""If the analysis is incomplete, the report says so in one sentence."""

from __future__ import annotations

import pytest

from orderlint.graph.calls import Location
from orderlint.graph.shortfalls import Limit, Shortfall, gaps


@pytest.mark.parametrize("limit", Limit)
def test_every_bound_has_a_reason(limit: Limit) -> None:
    """The sentence has the name of the code that was only partly checked."""
    assert Shortfall(Location("net.py"), "build", limit).message == f"`build` was only partly checked: {limit.value}"


def test_the_module_is_called_so() -> None:
    """The module has no name of its own in a report."""
    assert Shortfall(Location("net.py"), "<module>", Limit.STEPS).message.startswith(
        "the module was only partly checked"
    )
    cell = Location("net.ipynb", 1, 1, cell=3)
    assert Shortfall(cell, "<module>", Limit.STEPS).message.startswith("the cell was only partly checked")


def test_a_place_is_told_once_with_all_its_reasons() -> None:
    """A function that met several bounds, one of them twice, has one message; each function has its own."""
    place = Location("net.py")
    met = [Shortfall(place, "build", limit) for limit in (Limit.CONDITIONS, Limit.STEPS, Limit.CONDITIONS)]
    assert gaps([*met, Shortfall(place, "other", Limit.STEPS)]) == [
        (place, "`build` was only partly checked: it has too many conditions; it takes too many steps"),
        (place, "`other` was only partly checked: it takes too many steps"),
    ]
