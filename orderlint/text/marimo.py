"""Finds the cells of marimo notebooks that use names of other cells.

A marimo notebook is a script with a function for each cell. A cell has the names of other cells as its parameters:

    @app.cell
    def _(layers):
        model = Sequential([layers.Dense(8)])
        return (model,)
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

__all__ = ["LinkedCell", "linked_cells"]

_APP = "marimo.App("
_CELL = re.compile(
    r"^@\w+\.cell\b[^\n]*\n (?:async[ ]+)? def [ ]+ \w+ \( (?P<given>[^()]{1,4000}) \)",  # a bound, for linear time
    re.MULTILINE | re.VERBOSE,
)
_END = re.compile(r"^(?=[@\w])", re.MULTILINE)
_USED = re.compile(r"(?<![\w.])(\w+)((?:\.\w+)*)[ ]*(?=\()")


class LinkedCell(NamedTuple):
    """A cell that calls what other cells define.

    Attributes:
        line: The line of its function, from 1.
        called: The calls of its parameters, or of their attributes: `block`, `layers.Dense`.
        body: The code of the cell.
    """

    line: int
    called: tuple[str, ...]
    body: str


def linked_cells(text: str) -> Iterator[LinkedCell]:
    """The cells of a marimo notebook that call what other cells define; none if a text is not such a notebook.

    >>> text = "app = marimo.App()\\n@app.cell\\ndef _(layers, x):\\n    return layers.Dense(3)(x.data)\\n"
    >>> [(cell.line, cell.called) for cell in linked_cells(text)]
    [(3, ('layers.Dense',))]
    """
    if _APP not in text:
        return
    line, counted = 1, 0
    for match in _CELL.finditer(text):
        line, counted = line + text.count("\n", counted, match.start("given")), match.start("given")
        end = _END.search(text, match.end())
        body = text[match.end() : end.start() if end else len(text)]
        given = set(re.findall(r"\w+", match["given"]))
        called = tuple(one[1] + one[2] for one in _USED.finditer(body) if one[1] in given)
        if called:
            yield LinkedCell(line, called, body)
