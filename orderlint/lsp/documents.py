"""The open documents of the editor: Python files, and notebooks with their cells."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from lsprotocol import types
from pygls import uris

from orderlint.lsp.positions import Text
from orderlint.records import record
from orderlint.text.lone_cell import is_lone_cell, to_notebook

__all__ = ["Documents", "Snapshot", "path_of"]


@record(frozen=True, slots=True)
class Part:
    """A text of a document: the whole of a Python file, or one cell of a notebook.

    Attributes:
        uri: The URI of the client.
        version: The version of its text; `None` if the client does not count versions.
        text: The text.
        number: The number of the cell. Numbers count all cells of the notebook, from 1; `None` for a file.
    """

    uri: str
    version: int | None
    text: Text
    number: int | None = None


@record(frozen=True, slots=True)
class Snapshot:
    """A document at one moment.

    Attributes:
        uri: The URI of the client; for a notebook, that of the whole notebook.
        path: Its file, which does not have to exist.
        tick: A number that grows with every change of any document. Results for an older tick are outdated.
        parts: Its texts.
        source: The content of the file: Python, or the JSON of a notebook.
    """

    uri: str
    path: Path
    tick: int
    parts: tuple[Part, ...]
    source: str

    @property
    def is_json(self) -> bool:
        """Whether it is a notebook that is open as text."""
        return self.path.suffix.lower() == ".ipynb" and [part.number for part in self.parts] == [None]

    def part(self, number: int | None) -> Part | None:
        """The part of a cell, or of the file (`None`); `None` if there is none."""
        return next((part for part in self.parts if part.number == number), None)

    def part_of(self, uri: str) -> Part | None:
        """The part with a URI; `None` if there is none."""
        return next((part for part in self.parts if part.uri == uri), None)


@record(slots=True)
class _Text:
    source: str
    version: int | None
    language: str


@record(slots=True)
class _Notebook:
    cells: list[types.NotebookCell]
    language: str | None


class Documents:
    """The open documents. Only the thread that handles the messages of the client may change them."""

    def __init__(self) -> None:
        self.encoding: str = types.PositionEncodingKind.Utf16
        self._texts: dict[str, _Text] = {}
        self._notebooks: dict[str, _Notebook] = {}
        self._ticks: dict[str, int] = {}
        self._tick = 0

    def __iter__(self) -> Iterator[str]:
        """The URIs of the documents, without those of cells."""
        return iter(list(self._ticks))

    def open(self, item: types.TextDocumentItem) -> str:
        """Open a file and return the URI of its document."""
        self._texts[item.uri] = _Text(item.text, item.version, item.language_id)
        return self._changed(item.uri)

    def change(
        self, document: types.VersionedTextDocumentIdentifier, changes: Sequence[types.TextDocumentContentChangeEvent]
    ) -> str | None:
        """Change a file and return the URI of its document; `None` if it is not open."""
        return self._changed(document.uri) if self._edit(document, changes) else None

    def close(self, uri: str) -> None:
        """Close a file."""
        self._texts.pop(uri, None)
        self._ticks.pop(uri, None)

    def open_notebook(self, notebook: types.NotebookDocument, cells: Sequence[types.TextDocumentItem]) -> str:
        """Open a notebook and return the URI of its document."""
        self._notebooks[notebook.uri] = _Notebook(list(notebook.cells), _language(notebook.metadata))
        self._texts |= {cell.uri: _Text(cell.text, cell.version, cell.language_id) for cell in cells}
        return self._changed(notebook.uri)

    def change_notebook(self, uri: str, change: types.NotebookDocumentChangeEvent) -> str | None:
        """Change the cells of a notebook and return the URI of its document; `None` if it is not open."""
        notebook = self._notebooks.get(uri)
        if notebook is None:
            return None
        cells = change.cells
        if cells is not None and cells.structure is not None:
            self._restructure(notebook, cells.structure)
        for cell in (cells and cells.data) or ():
            notebook.cells = [cell if old.document == cell.document else old for old in notebook.cells]
        for content in (cells and cells.text_content) or ():
            self._edit(content.document, content.changes)
        if change.metadata is not None:
            notebook.language = _language(change.metadata)
        return self._changed(uri)

    def close_notebook(self, uri: str) -> None:
        """Close a notebook and its cells."""
        notebook = self._notebooks.pop(uri, None)
        for cell in notebook.cells if notebook is not None else ():
            self._texts.pop(cell.document, None)
        self._ticks.pop(uri, None)

    def document_of(self, uri: str) -> str | None:
        """The URI of the document of a file or a cell; `None` if it is not open."""
        if uri in self._ticks:
            return uri
        holds = (name for name, notebook in self._notebooks.items() if any(c.document == uri for c in notebook.cells))
        return next(holds, None)

    def parts_of(self, uri: str) -> list[str]:
        """The URIs of the texts of a document."""
        notebook = self._notebooks.get(uri)
        return [uri] if notebook is None else [cell.document for cell in notebook.cells]

    def is_current(self, snapshot: Snapshot) -> bool:
        """Whether the document of a snapshot has not changed since."""
        return self._ticks.get(snapshot.uri) == snapshot.tick

    def snapshot(self, uri: str) -> Snapshot:
        """The current state of a document.

        Raises:
            KeyError: It is not open.
        """
        tick = self._ticks[uri]
        if uri in self._notebooks:
            return self._notebook_snapshot(uri, tick, self._notebooks[uri])
        text, path = self._texts[uri], path_of(uri, ".py")
        data = text.source.encode("utf-8", "surrogatepass")
        if is_lone_cell(data, path.name):  # JupyterLab sends all cells as one Python text
            part = Part(uri, text.version, Text(text.source, self.encoding), 1)
            return Snapshot(uri, path, tick, (part,), to_notebook(data).decode())
        part = Part(uri, text.version, Text(text.source, self.encoding))
        return Snapshot(uri, path, tick, (part,), text.source)

    def _notebook_snapshot(self, uri: str, tick: int, notebook: _Notebook) -> Snapshot:
        parts, entries = [], []
        for number, cell in enumerate(notebook.cells, 1):
            text = self._texts.get(cell.document)
            is_code = cell.kind == types.NotebookCellKind.Code and text is not None
            source = text.source if text is not None and is_code else ""
            entry: dict[str, object] = {"cell_type": "code" if is_code else "markdown", "source": source}
            if text is not None and is_code:
                entry |= {"metadata": {"vscode": {"languageId": text.language}}, "outputs": []}
                parts.append(Part(cell.document, text.version, Text(source, self.encoding), number))
            entries.append(entry)
        metadata = {"language_info": {"name": notebook.language}} if notebook.language else {}
        source = json.dumps({"cells": entries, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5})
        return Snapshot(uri, path_of(uri, ".ipynb"), tick, tuple(parts), source)

    def _restructure(self, notebook: _Notebook, change: types.NotebookDocumentCellChangeStructure) -> None:
        array = change.array
        notebook.cells[array.start : array.start + array.delete_count] = array.cells or ()
        for cell in change.did_close or ():
            self._texts.pop(cell.uri, None)
        for item in change.did_open or ():
            self._texts[item.uri] = _Text(item.text, item.version, item.language_id)

    def _edit(
        self, document: types.VersionedTextDocumentIdentifier, changes: Sequence[types.TextDocumentContentChangeEvent]
    ) -> bool:
        text = self._texts.get(document.uri)
        if text is None:
            return False
        for change in changes:
            text.source = self._edited(text.source, change)
        text.version = document.version
        return True

    def _edited(self, source: str, change: types.TextDocumentContentChangeEvent) -> str:
        if isinstance(change, types.TextDocumentContentChangeWholeDocument):
            return change.text
        text = Text(source, self.encoding)
        start, end = text.offset(change.range.start), text.offset(change.range.end)
        return source[:start] + change.text + source[max(start, end) :]

    def _changed(self, uri: str) -> str:
        self._tick += 1
        self._ticks[uri] = self._tick
        return uri


def path_of(uri: str, suffix: str = ".py") -> Path:
    """The path of a document. A document that was never saved is in the current folder.

    Args:
        uri: The document.
        suffix: The suffix for a document without a file.
    """
    path = uris.to_fs_path(uri) if uris.uri_scheme(uri) == "file" else None
    if path:
        return Path(os.path.abspath(path))
    name = "".join(c if c.isalnum() or c in "-_" else "_" for c in uri.rpartition(":")[2])[-60:]
    return Path.cwd() / f"{name or 'untitled'}{suffix}"


def _language(metadata: object) -> str | None:
    """The language of a notebook's kernel; `None` if it is not in the metadata."""
    if not isinstance(metadata, dict):
        return None
    metadata = metadata.get("metadata", metadata)  # nested in Visual Studio Code
    for key, name in (("language_info", "name"), ("kernelspec", "language")):
        entry = metadata.get(key) if isinstance(metadata, dict) else None
        if isinstance(entry, dict) and isinstance(entry.get(name), str):
            return str(entry[name])
    return None
