"""A language client that waits for diagnostics, for the tests and the benchmark of the server."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable
from pathlib import Path

from lsprotocol import types
from pygls.lsp.client import LanguageClient

__all__ = ["COMMAND", "NET", "Client"]

COMMAND = [sys.executable, "-m", "orderlint", "server"]
PATIENCE = 60  # seconds; sufficient for a slow machine
NET = """\
from keras import Sequential, layers

model = Sequential([
    layers.Dense(64),
    layers.ReLU(),
    layers.BatchNormalization(),
    layers.Dropout(0.5),
    layers.Dense(10),
])
"""


class Client:
    """Opens, edits and closes documents, and waits for the diagnostics of a version.

    Args:
        inner: The connection to the server.
    """

    def __init__(self, inner: LanguageClient) -> None:
        self.inner = inner
        self.versions: dict[str, int] = {}
        self.registered: list[str] = []
        self.published: dict[str, list[types.PublishDiagnosticsParams]] = {}
        self._news = asyncio.Event()
        inner.protocol.fm.features.pop(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS, None)  # which have no versions

        @inner.feature(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
        def published(params: types.PublishDiagnosticsParams) -> None:
            self.published.setdefault(params.uri, []).append(params)
            self._news.set()

        @inner.feature(types.CLIENT_REGISTER_CAPABILITY)
        def registered(params: types.RegistrationParams) -> None:
            self.registered += [one.method for one in params.registrations]

    def open(self, path: Path | str, text: str) -> str:
        """Open a file, with a text that need not be saved; returns its URI."""
        uri = path.as_uri() if isinstance(path, Path) else path
        self.versions[uri] = 1
        item = types.TextDocumentItem(uri, "python", 1, text)
        self.inner.text_document_did_open(types.DidOpenTextDocumentParams(item))
        return uri

    def replace(self, uri: str, text: str) -> int:
        """Replace the whole text; returns the new version."""
        return self._change(uri, types.TextDocumentContentChangeWholeDocument(text))

    def type(self, uri: str, line: int, character: int, text: str, end: tuple[int, int] | None = None) -> int:
        """Replace the text up to `end`; returns the new version."""
        start = types.Position(line, character)
        place = types.Range(start, types.Position(*end) if end else start)
        return self._change(uri, types.TextDocumentContentChangePartial(range=place, text=text))

    def close(self, uri: str) -> None:
        """Close a file."""
        self.versions.pop(uri, None)
        self.inner.text_document_did_close(types.DidCloseTextDocumentParams(types.TextDocumentIdentifier(uri)))

    def close_all(self) -> None:
        """Close every file."""
        for uri in list(self.versions):
            self.close(uri)

    async def diagnostics(self, uri: str, version: int | None = None) -> list[types.Diagnostic]:
        """The diagnostics of a version, by default the latest, when they are published."""
        wanted = self.versions.get(uri, 1) if version is None else version
        return list((await self.until(uri, lambda one: one.version == wanted)).diagnostics)

    async def until(
        self, uri: str, is_it: Callable[[types.PublishDiagnosticsParams], bool]
    ) -> types.PublishDiagnosticsParams:
        """The first diagnostics of a document that fulfill a condition."""
        while True:
            for one in self.published.get(uri, [])[-1:]:
                if is_it(one):
                    return one
            self._news.clear()
            await asyncio.wait_for(self._news.wait(), PATIENCE)

    async def actions(self, uri: str, line: int, character: int = 4, only: str | None = None) -> list[types.CodeAction]:
        """The code actions at a position."""
        place = types.Position(line, character)
        context = types.CodeActionContext([], only=None if only is None else [only])
        document = types.TextDocumentIdentifier(uri)
        params = types.CodeActionParams(document, types.Range(place, place), context)
        found = await self.inner.text_document_code_action_async(params)
        return [one for one in found or () if isinstance(one, types.CodeAction)]

    async def hover(self, uri: str, line: int, character: int) -> str | None:
        """The Markdown of a hover; `None` if there is none."""
        params = types.HoverParams(types.TextDocumentIdentifier(uri), types.Position(line, character))
        found = await self.inner.text_document_hover_async(params)
        if found is None:
            return None
        assert isinstance(found.contents, types.MarkupContent)
        return found.contents.value

    def _change(self, uri: str, change: types.TextDocumentContentChangeEvent) -> int:
        version = self.versions[uri] = self.versions[uri] + 1
        document = types.VersionedTextDocumentIdentifier(version, uri)
        self.inner.text_document_did_change(types.DidChangeTextDocumentParams(document, [change]))
        return version


def edited(text: str, action: types.CodeAction, uri: str) -> str:
    """The text after the edits of a code action, with columns in UTF-16 units."""
    assert action.edit is not None
    assert action.edit.document_changes is not None
    edits = [
        edit
        for change in action.edit.document_changes
        if isinstance(change, types.TextDocumentEdit) and change.text_document.uri == uri
        for edit in change.edits
        if isinstance(edit, types.TextEdit)
    ]
    units, starts = text.encode("utf-16-le"), [0]
    for line in text.splitlines(keepends=True):
        starts.append(starts[-1] + len(line.encode("utf-16-le")))
    for edit in sorted(edits, key=lambda one: (one.range.start.line, one.range.start.character), reverse=True):
        start = starts[edit.range.start.line] + 2 * edit.range.start.character
        end = starts[edit.range.end.line] + 2 * edit.range.end.character
        units = units[:start] + edit.new_text.encode("utf-16-le") + units[end:]
    return units.decode("utf-16-le")
