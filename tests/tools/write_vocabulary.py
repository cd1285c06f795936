"""Writes the names of other libraries for the screening, from their entries in the catalog.

python -m tests.tools.write_vocabulary            # write
python -m tests.tools.write_vocabulary --check    # write nothing, exit 1 if the names are stale
"""

from __future__ import annotations

import sys
import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from orderlint.catalog import LAYERS
from orderlint.catalog.entries import Entry, Kind
from orderlint.catalog.libraries import LIBRARIES
from orderlint.screening.vocabulary import (
    ACTIVATION,
    BITS,
    DROPOUT,
    KERAS_ACTIVATION_MARKS,
    KERAS_MARKS,
    LINEAR,
    NORM,
)
from tests.tools.write_docs import ROOT, between

VOCABULARY = Path("orderlint/screening/vocabulary.py")
BEGIN = "# Other libraries: written by `python -m tests.tools.write_vocabulary` from `catalog/libraries/`.\n"
END = "# end of other libraries\n"
_NAMES = {LINEAR: "LINEAR", NORM: "NORM", ACTIVATION: "ACTIVATION", DROPOUT: "DROPOUT"}


def bits_of(entry: Entry) -> int:
    """The roles that one use of an entry may have, as bits."""
    bits = ACTIVATION if entry.before else 0
    for role in (entry.role, *entry.then):
        bits |= BITS.get(role.value, 0)
    return bits


def tables(entries: Iterable[tuple[str, Entry]]) -> str:
    """The tables of the names of some entries: layers and functions by their roles, and marks of names without one."""
    layers: dict[int, set[str]] = {}
    functions: dict[int, set[str]] = {}
    marks: dict[int, set[str]] = {}
    for name, entry in entries:
        bits = bits_of(entry)
        if plain := bits & ~ACTIVATION:
            (layers if entry.kind is Kind.LAYER else functions).setdefault(plain, set()).add(name)
        for bit in _split(bits):
            if not _is_marked(name, bit):
                marks.setdefault(bit, set()).add(name.lower() if bit == ACTIVATION else name)
    return _table("LIBRARY_LAYERS", layers) + _table("LIBRARY_FUNCTIONS", functions) + _table("LIBRARY_MARKS", marks)


def expected(text: str) -> str:
    """The new text of the module."""
    entries = [pair for library in LIBRARIES.values() for pair in library.entries.items() if pair[0] not in LAYERS]
    return between(text, BEGIN, END, tables(entries), VOCABULARY)


def main(arguments: Sequence[str], root: Path = ROOT) -> int:
    """Run the command; returns its exit status."""
    if list(arguments) not in ([], ["--check"]):
        print(__doc__, file=sys.stderr)
        return 2
    path = root / VOCABULARY
    text = path.read_text(encoding="utf-8")
    if (wanted := expected(text)) == text:
        return 0
    if not arguments:
        path.write_text(wanted, encoding="utf-8")
    print(f"{VOCABULARY.as_posix()}: {'stale' if arguments else 'written'}")
    return int(bool(arguments))


def _split(bits: int) -> Iterator[int]:
    return (bit for bit in _NAMES if bits & bit)


def _is_marked(name: str, bit: int) -> bool:
    if bit == ACTIVATION:
        return any(mark in name.lower().encode() for mark in KERAS_ACTIVATION_MARKS)
    return any(mark in name.encode() for mark in KERAS_MARKS[bit])


def _table(name: str, rows: Mapping[int, Iterable[str]]) -> str:
    typed = f"{name}: tuple[tuple[int, str], ...]"
    if not rows:
        return f"{typed} = ()\n"
    return f"{typed} = (\n{''.join(_row(bits, rows[bits]) for bits in sorted(rows))})\n"


def _row(bits: int, names: Iterable[str]) -> str:
    """A row in the layout of the formatter."""
    roles = " | ".join(_NAMES[bit] for bit in _split(bits))
    listed = textwrap.fill(" ".join(sorted(names)), 120, initial_indent=" " * 8, subsequent_indent=" " * 8)
    return f'    (\n        {roles},\n        """\n{listed}\n        """,\n    ),\n'


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
