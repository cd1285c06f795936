"""Paths that end in an error. Whatever they built before is never used."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from orderlint.graph import Edge, LayerCall
from orderlint.graph.guards import ALWAYS, NEVER, Guard, GuardSpaceFull

__all__ = ["Refusal", "accepted"]


class Refusal(NamedTuple):
    """An error.

    Attributes:
        path: The path on which it is reached.
        unless: The guard under which it is not raised there (`assert`).
    """

    path: Guard
    unless: Guard = NEVER


def accepted(refusals: Iterable[Refusal], layers: Iterable[LayerCall | Edge]) -> Guard:
    """The guard under which code does not end in a known error.

    Code checks much more than layers depend on, and there is too little room for guards of all of that. So this guard
    is only computed at the end, for the conditions that may matter.

    Args:
        refusals: The errors in the order in which they were reached.
        layers: The calls of layers and the data flow between them, whose conditions matter.
    """
    asked = 0
    for layer in layers:
        asked |= layer.guard.mask
    if not asked:
        return ALWAYS
    result = ALWAYS
    try:
        for path, unless in refusals:
            refused = (path & ~unless).given(result)
            if refused.num_terms > 1:
                refused = refused.regardless(~asked)
            result = result & ~refused
    except GuardSpaceFull:
        pass  # the remaining paths are assumed to be accepted, and are judged
    return ALWAYS if result is NEVER else result  # code that always raises is unfinished
