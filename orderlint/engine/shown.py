"""Paths as reports show them. Imported modules have absolute paths before that."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from orderlint.diagnostics import Finding
from orderlint.discovery import shown_path
from orderlint.graph import LayerGraph, Location
from orderlint.graph.calls import Site

__all__ = ["shown_findings", "shown_graph", "shown_location"]


def shown_location(location: Location) -> Location:
    """A location with its path as reports show it: relative if it is below the current folder."""
    shown = shown_path(location.path)
    return location if shown == location.path else replace(location, path=shown)


def shown_findings(findings: Iterable[Finding]) -> list[Finding]:
    """Findings with their paths as reports show them."""
    return [
        replace(
            one,
            location=shown_location(one.location),
            related=tuple(replace(other, location=shown_location(other.location)) for other in one.related),
        )
        for one in findings
    ]


def shown_graph(graph: LayerGraph) -> LayerGraph:
    """A graph of source code, with the paths of its calls as reports show them."""
    calls = (
        replace(
            call,
            applied=_shown(call.applied),
            constructed=None if call.constructed is None else _shown(call.constructed),
            reported=None if call.reported is None else _shown(call.reported),
        )
        for call in graph.calls
    )
    return replace(graph, place=_shown(graph.place), calls=tuple(calls))


def _shown(site: Site) -> Location:
    return shown_location(site.location())
