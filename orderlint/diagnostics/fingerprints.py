"""Fingerprints: they identify a finding when lines move, in baselines and in services that compare runs.

Line numbers do not matter. Neither do spaces, comments, quotes and trailing commas, so a formatter may change the code.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache

from orderlint.diagnostics.findings import Finding

__all__ = ["context", "fingerprint", "likeness", "normalized", "numbered", "unnumbered"]

_LENGTH = 32  # half of SHA-256, in hexadecimal digits
_SHORT = 8  # enough to distinguish equal findings in one file
_PARTS = re.compile(
    r"""
      (?P<quoted>"(?:[^"\\\r\n]|\\.)*" | '(?:[^'\\\r\n]|\\.)*')
    | (?P<omitted>\s+ | \\\r?\n | \#[^\r\n]* | ,(?=\s*(?:\#[^\r\n]*\s*)*[)\]}]))
    """,
    re.VERBOSE,
)


def fingerprint(path: str, code: str, source: str, chain: Sequence[str] = ()) -> str:
    """The fingerprint of a finding. If a file has several equal findings, `numbered` adds a number to the later ones.

    Args:
        path: The file, from the root of its project, with forward slashes.
        code: The code of the rule.
        source: The expression that is reported, or something else that identifies it.
        chain: The unit as found.

    Returns:
        32 hexadecimal digits.

    >>> one = fingerprint("net.py", "ORD001", "Dense(8, name='a')")
    >>> one == fingerprint("net.py", "ORD001", 'Dense(  # wide enough\\n    8, name="a",\\n)')
    True
    """
    return _hash(path, code, normalized(source), *chain)


def likeness(code: str, source: str, chain: Sequence[str] = ()) -> str:
    """The fingerprint without the path: 32 hexadecimal digits that stay the same if the file is renamed."""
    return _hash(code, normalized(source), *chain)


def context(sources: Iterable[str]) -> str:
    """A hash of the code of both layers, which distinguishes equal findings: 8 hexadecimal digits."""
    return _hash(*map(normalized, sources))[:_SHORT]


@lru_cache(maxsize=8)  # the findings of a long line have the same one
def normalized(source: str) -> str:
    """An expression without what a formatter may change.

    >>> normalized("Dropout( 0.3,  name='# 1', )  # weak")
    'Dropout(0.3,name="# 1")'
    """
    return _PARTS.sub(_kept, source)


def _kept(match: re.Match[str]) -> str:
    quoted = match["quoted"]
    if quoted is None:
        return ""
    return f'"{quoted[1:-1]}"' if '"' not in quoted[1:-1] else quoted


def numbered(findings: Iterable[Finding]) -> Iterator[Finding]:
    """The findings in order, each with a unique fingerprint and likeness. Existing numbers are kept."""
    taken: set[str] = set()
    free: dict[str, int] = {}  # the number for each fingerprint below which all are taken
    for finding in findings:
        key, _, existing = finding.fingerprint.partition(":")
        number = int(existing or free.get(key, 1))
        while key and _with_number(key, number) in taken:
            number += 1
        if not existing:
            free[key] = number + 1
        taken.add(_with_number(key, number))
        likeness = _with_number(unnumbered(finding.likeness), number)
        yield replace(finding, fingerprint=_with_number(key, number), likeness=likeness)


def _with_number(key: str, number: int) -> str:
    return f"{key}:{number}" if key and number > 1 else key


def unnumbered(key: str) -> str:
    """A fingerprint or likeness without its number.

    >>> unnumbered("62dd71025d0a:2"), unnumbered("62dd71025d0a")
    ('62dd71025d0a', '62dd71025d0a')
    """
    return key.partition(":")[0]


def _hash(*parts: str) -> str:
    text = "\0".join(parts)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:_LENGTH]
