"""Identifies findings from run to run, by their source text and the path of the file in its project."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

from orderlint.diagnostics import Finding
from orderlint.diagnostics.fingerprints import context, fingerprint, likeness, numbered
from orderlint.engine.places import project_path
from orderlint.engine.recognizing import recognized
from orderlint.graph import Site
from orderlint.text.cells import NodeSite

__all__ = ["KnownPlace", "identified", "known_places"]

KnownPlace = tuple[str, "int | None", int, int]
"""The code, the cell, the line and the column of a finding."""


def identified(findings: Iterable[tuple[Finding, Site]]) -> list[Finding]:
    """The findings with their fingerprints, sorted by place.

    Args:
        findings: The findings, each with its place, which gives access to its source.
    """
    paths: dict[str, str] = {}
    known = []
    for finding, site in findings:
        path = finding.location.path
        if path not in paths:
            paths[path] = project_path(path)
        source = _source(site) or finding.message
        what = finding.code, source, finding.chain
        one, like = fingerprint(paths[path], *what), likeness(*what)
        known.append(replace(finding, fingerprint=one, likeness=like, context=_context(finding, site)))
    return list(numbered(sorted(known, key=lambda finding: finding.sort_key)))


def known_places(found: Sequence[Finding], known: Collection[str], path: str) -> set[KnownPlace]:
    """The locations of the known findings in a file."""
    own = [one for one in found if one.location.path == path]
    at = [(own[number].code, own[number].location) for number in recognized(own, known).findings]
    return {(code, place.cell, place.line, place.column) for code, place in at}


def _source(site: Site) -> str:
    """The expression at a place; empty if it is not known."""
    if not isinstance(site, NodeSite):
        return site.location().layer or ""
    start, end = site.cell.span(site.node)
    return site.cell.text[start:end]


def _context(finding: Finding, site: Site) -> str:
    """The lines of both layers, if they are in the same text; empty if they are not known."""
    if not isinstance(site, NodeSite):
        return ""
    at = finding.location
    near = (one.location for one in finding.related if (one.location.path, one.location.cell) == (at.path, at.cell))
    text, lines = site.cell.text, site.cell.lines
    return context(text[lines.offset(one.line, 1) : lines.offset(one.end_line + 1, 1)] for one in (at, *near))
