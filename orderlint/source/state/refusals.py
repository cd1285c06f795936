"""Paths that end in an error. What they built before is never used."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from orderlint.graph import Edge, LayerCall
from orderlint.graph.guards import ALWAYS, NEVER, Guard, GuardSpaceFull

__all__ = ["Refusal", "accepted"]


class Refusal(NamedTuple):
    """An error.

    Attributes:
        path: The path on which it is met.
        unless: What has to hold there so that it is not raised (`assert`).
    """

    path: Guard
    unless: Guard = NEVER


def accepted(refusals: Iterable[Refusal], layers: Iterable[LayerCall | Edge]) -> Guard:
    """The guard under which code does not end in an error, as far as is known.

    Code checks far more than layers depend on, and to say so in a guard takes room that is better used for the layers.
    So this is made at the end only, of what may matter.

    Args:
        refusals: The errors, as they are met.
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
        pass  # the rest is taken to be accepted, and judged
    return ALWAYS if result is NEVER else result  # what always raises is not finished yet
