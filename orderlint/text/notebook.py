"""Reads the code cells of Jupyter notebooks.

It reads the formats 3 (cells in worksheets, source in `input`) and 4 (cells at the top level, source in `source`). The
source may be one string or a list of lines.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from orderlint.json_words import json_kind, too_many_digits
from orderlint.text.cells import Cell
from orderlint.text.decoding import SourceError
from orderlint.text.magics import mask_magics
from orderlint.text.notebook_edit import replace_sources

__all__ = ["notebook_cells", "other_language", "replace_sources"]

_OTHER_KERNEL = re.compile(
    r"(?:bash|cling|ihaskell|ijavascript|ir|iruby|julia|matlab|octave|rust|scala|spark|sparkkernel|sql|xcpp)[-.\d]*",
    re.IGNORECASE,
)
_MOST_VALUES = 4_000_000  # one byte of `[[[[` becomes about sixty bytes of objects
_MOST_NAMED = 50  # characters of the name of a language in a message
_MEND = "save it again from Jupyter, or restore a version that Jupyter opens"
_CONFLICT = re.compile(r"^(?:<{7}|>{7}) ", re.MULTILINE)


def notebook_cells(text: str, path: str) -> tuple[Cell, ...]:
    """The Python code cells of a notebook. Their numbers count all cells, from 1.

    Args:
        text: The JSON of the notebook.
        path: The path in reports.

    Returns: The cells, without those in another language; none for a notebook in another language.

    Raises:
        SourceError: The text is not a notebook.
    """
    notebook = _object(_json(text), "the notebook")
    if not _speaks_python(_object(notebook.get("metadata", {}), "`metadata`")):
        return ()
    cells = []
    for number, entry in enumerate(_entries(notebook), 1):
        source = _source(_object(entry, f"cell {number}"), number)
        if source is not None and (python := mask_magics(source)) is not None:
            cells.append(Cell(path, python, number, source))
    return tuple(cells)


def other_language(text: str) -> str | None:
    """The name that a notebook gives to its language, or else to its kernel, if that is not Python; else `None`.

    Args:
        text: The JSON of the notebook, which has been read before.
    """
    metadata = json.loads(text).get("metadata", {})
    if _speaks_python(metadata):
        return None
    kernel = metadata.get("kernelspec", {})
    names = (_language(metadata, kernel), kernel.get("display_name"), kernel.get("name"))
    return next(name[:_MOST_NAMED] for name in names if isinstance(name, str) and name)


def _json(text: str) -> object:
    if not text.strip():
        raise _refusal("the file is empty", "save a notebook in it, or exclude it")
    if text.count(",") + text.count("[") + text.count("{") > _MOST_VALUES:
        raise SourceError(f"the notebook contains more than {_MOST_VALUES:,} values; clear its outputs")
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        mend = "resolve the merge conflict" if _CONFLICT.search(text) else _MEND
        raise _refusal(f"its JSON is broken in {where} ({error.msg.lower()})", mend) from None
    except RecursionError:
        raise _refusal("its JSON is nested too deeply") from None
    except ValueError as error:
        raise _refusal(too_many_digits(error)) from None


def _entries(notebook: dict[str, Any]) -> Iterator[object]:
    """All cells, of any type."""
    if "worksheets" in notebook:
        for number, sheet in enumerate(_list(notebook["worksheets"], "`worksheets`"), 1):
            what = f"worksheet {number}"
            yield from _list(_object(sheet, what).get("cells", []), f"`cells` of {what}")
    elif "cells" in notebook:
        yield from _list(notebook["cells"], "`cells`")
    else:
        raise _refusal("it has neither `cells` nor `worksheets`")


def _source(cell: dict[str, Any], number: int) -> str | None:
    """The text of a cell; `None` if it is not a Python code cell."""
    kind = cell.get("cell_type")
    if not isinstance(kind, str):
        raise _refusal(f"the `cell_type` of cell {number} is {json_kind(kind)}, expected a string")
    if kind != "code":
        return None
    metadata = _object(cell.get("metadata", {}), f"`metadata` of cell {number}")
    key = "source" if "source" in cell else "input"
    if key not in cell:
        raise _refusal(f"cell {number} has no `source`")
    source = cell[key]
    if isinstance(source, list) and all(isinstance(line, str) for line in source):
        source = "".join(source)
    if not isinstance(source, str):
        given = "a list that does not only contain strings" if isinstance(source, list) else json_kind(source)
        expected = "expected a string or a list of strings"
        raise _refusal(f"the `{key}` of cell {number} is {given}, {expected}")
    return source if _is_python(cell.get("language")) and _is_python(_cell_language(metadata)) else None


def _cell_language(metadata: dict[str, Any]) -> object:
    """The language that an editor (Visual Studio Code, SoS) has recorded for a cell, if any."""
    editor = metadata.get("vscode")
    if isinstance(editor, dict) and "languageId" in editor:
        return editor["languageId"]
    return metadata.get("kernel")


def _speaks_python(metadata: dict[str, Any]) -> bool:
    """Whether the kernel of a notebook runs Python. This is the default."""
    kernel = _object(metadata.get("kernelspec", {}), "`kernelspec`")
    language = _language(metadata, kernel)
    if language is not None and language != "sos":  # SoS records the language of each cell
        return _is_python(language)
    name = kernel.get("name")  # Python kernels have the names of environments, so only other kernels are recognized
    return not isinstance(name, str) or _OTHER_KERNEL.fullmatch(name) is None


def _language(metadata: dict[str, Any], kernel: dict[str, Any]) -> str | None:
    """The language in the metadata of a notebook, which has those of its kernel in it; `None` if there is none."""
    found = _object(metadata.get("language_info", {}), "`language_info`").get("name") or kernel.get("language")
    return found if isinstance(found, str) else None


def _is_python(name: object) -> bool:
    """Whether the name of a language means Python. A missing name means Python."""
    return not isinstance(name, str) or not name or "python" in name.lower() or name.lower().startswith("pyspark")


def _object(value: object, what: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise _refusal(f"{what} is {json_kind(value)}, expected an object")
    return value


def _list(value: object, what: str) -> list[Any]:
    if not isinstance(value, list):
        raise _refusal(f"{what} is {json_kind(value)}, expected a list")
    return value


def _refusal(what: str, mend: str = _MEND) -> SourceError:
    return SourceError(f"not a notebook: {what}; {mend}")
