"""A single notebook cell on standard input, as a language server sends it.

It is converted to a notebook with that cell, so that it may contain magics.
"""

from __future__ import annotations

import json

__all__ = ["from_notebook", "is_lone_cell", "to_notebook"]

_MARK = {"orderlint": "lone cell"}


def is_lone_cell(data: bytes, name: str) -> bool:
    """Whether data with the name of a notebook is the source of a cell, because it is not a JSON object."""
    return name.lower().endswith(".ipynb") and not data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{")


def to_notebook(data: bytes) -> bytes:
    """A notebook with one cell that has this source (in UTF-8)."""
    cell = {"cell_type": "code", "metadata": {}, "outputs": [], "source": data.decode("utf-8", "replace")}
    return json.dumps({"cells": [cell], "metadata": _MARK, "nbformat": 4, "nbformat_minor": 5}).encode()


def from_notebook(data: bytes) -> bytes:
    """The source of the cell of a notebook from `to_notebook`. Other data is returned unchanged."""
    if b'"lone cell"' not in data:
        return data
    try:
        notebook = json.loads(data)
    except (ValueError, RecursionError):
        return data
    match notebook:
        case {"metadata": {**mark}, "cells": [{"source": str(source)}]} if mark == _MARK:
            return source.encode("utf-8", "replace")
        case {"metadata": {**mark}, "cells": [{"source": [*lines]}]} if mark == _MARK:
            return "".join(map(str, lines)).encode("utf-8", "replace")
    return data
