"""The cells that were run so far, as a notebook."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence

__all__ = ["as_notebook", "latest"]

_OWN_MAGIC = re.compile(r"\A(\s*)%%orderlint\b[^\r\n]*")


def latest(cells: Sequence[str], ids: Mapping[int, str]) -> list[str]:
    """The cells of a session. A cell that was run again later is blank, because the notebook only has its last version.

    Args:
        cells: The cells that were run, by execution count. Number 0 is empty.
        ids: The ids of these cells, by execution count, as far as they are known.
    """
    seen: set[str] = set()
    kept = []
    for count in range(len(cells) - 1, 0, -1):
        key = ids.get(count) or cells[count].strip()
        kept.append("" if key in seen else _OWN_MAGIC.sub(r"\1", cells[count]))
        seen.add(key)
    return kept[::-1]


def as_notebook(cells: Sequence[str]) -> str:
    """The JSON of a notebook with these code cells."""
    entries = [{"cell_type": "code", "metadata": {}, "outputs": [], "source": cell} for cell in cells]
    return json.dumps({"cells": entries, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})
