"""Decides which findings of a file are in its baseline.

A model repeats the same few lines: `x = BatchNormalization()(x)` after a `ReLU`. So equal findings are first matched by
the code of both layers. The remaining ones are matched in the order of the file, as many as there are entries, so that
code that has changed a little stays known.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import NamedTuple

from orderlint.diagnostics import Finding
from orderlint.diagnostics.fingerprints import unnumbered

__all__ = ["Recognized", "known_by", "recognized"]


class Recognized(NamedTuple):
    """The matches between findings and entries.

    Attributes:
        findings: The indices of the findings that are known.
        unused: The keys that matched no finding.
    """

    findings: frozenset[int]
    unused: frozenset[str]


def known_by(key: str, context: str) -> str:
    """The key of an entry: its fingerprint (in a renamed file, its likeness) and its context."""
    return f"{key} {context}"


def recognized(findings: Sequence[Finding], known: Collection[str]) -> Recognized:
    """Match the findings of a file, in order, with the keys of its entries."""
    left: dict[str, list[str]] = defaultdict(list)
    for one in sorted(known):
        left[unnumbered(one.partition(" ")[0])].append(one)
    matched: set[int] = set()
    for is_exact in (True, False):
        for number, finding in enumerate(findings):
            entries = left.get(unnumbered(finding.fingerprint)) or left.get(unnumbered(finding.likeness)) or []
            found = next((one for one in entries if not is_exact or _has_context(one, finding)), None)
            if number not in matched and found is not None:
                matched.add(number)
                entries.remove(found)
    return Recognized(frozenset(matched), frozenset(one for entries in left.values() for one in entries))


def _has_context(known: str, finding: Finding) -> bool:
    return bool(finding.context) and known.partition(" ")[2] == finding.context
