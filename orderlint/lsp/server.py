"""The language server: connects requests and notifications of the client with the code that handles them."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from typing import TYPE_CHECKING, Any, TypeVar

from lsprotocol import types
from pygls.lsp.server import LanguageServer

from orderlint import __version__
from orderlint.lsp import actions, hover
from orderlint.lsp.analysis import Analysis, Analyst
from orderlint.lsp.diagnostics import diagnostics_of
from orderlint.lsp.documents import Documents, Part, Snapshot
from orderlint.lsp.worker import Worker

if TYPE_CHECKING:
    from orderlint.graph import Unit

__all__ = ["Server", "create"]

DELAY = 0.005  # seconds between a change and its analysis, so that simultaneous changes are analyzed together
DELAY_OF_OTHERS = 0.5  # seconds before other documents, which may import the changed one, are analyzed again
GARBAGE = 50_000  # new objects before garbage is collected; a file of 300 lines needs about twice as many
WATCHED = ("**/pyproject.toml", "**/orderlint.toml", "**/*.py")
Result = TypeVar("Result")


class Server(LanguageServer):
    """The server: the documents, the worker, and the latest analysis of each document with its repairs."""

    def __init__(self) -> None:
        cells = types.NotebookDocumentFilterWithCells(cells=[types.NotebookCellLanguage(language="python")])
        super().__init__(
            "orderlint",
            __version__,
            text_document_sync_kind=types.TextDocumentSyncKind.Incremental,
            notebook_document_sync=types.NotebookDocumentSyncOptions(notebook_selector=[cells], save=True),
        )
        self.documents = Documents()
        self.worker = Worker()
        self.analyst = Analyst()
        self._latest: dict[str, Analysis] = {}
        self._timers: dict[str, asyncio.TimerHandle] = {}
        self._shown_messages: set[str] = set()

    def begin(self) -> None:
        """Start after the client has initialized the server."""
        self.documents.encoding = self.workspace.position_encoding or types.PositionEncodingKind.Utf16
        self.worker.start()
        self.worker.submit(self._warm_up, can_stop=False)

    def _warm_up(self) -> None:
        """Import everything, and exclude it from garbage collection."""
        self.analyst.warm_up()
        # Syntax trees are large, and are freed as a whole. Searching them for cycles took a tenth of each analysis.
        gc.collect()
        gc.freeze()
        gc.set_threshold(GARBAGE, 20, 20)

    def changed(self, uri: str | None) -> None:
        """Schedule the analysis of a document, and then of the documents that may import it."""
        if uri is None:
            return
        self._schedule(uri, DELAY)
        path = self.documents.snapshot(uri).path
        name = path.parent.name if path.stem == "__init__" else path.stem
        for other in self.documents:
            if other != uri and name in self.documents.snapshot(other).source:
                self._schedule(other, DELAY_OF_OTHERS)

    def changed_outside(self) -> None:
        """Analyze every document again, because files or configurations have changed."""
        self._shown_messages.clear()
        for uri in self.documents:
            self._schedule(uri, DELAY)

    def forget(self, uri: str, parts: Sequence[str]) -> None:
        """Clear the diagnostics of a closed document."""
        self._latest.pop(uri, None)
        if (timer := self._timers.pop(uri, None)) is not None:
            timer.cancel()
        for part in parts:
            self.text_document_publish_diagnostics(types.PublishDiagnosticsParams(part, []))

    async def analysis_of(self, uri: str) -> Analysis | None:
        """The current analysis of a document, with its repairs; `None` if it is not open."""
        document = self.documents.document_of(uri)
        if document is None:
            return None
        latest = self._latest.get(document)
        if latest is not None and latest.is_planned and self.documents.is_current(latest.snapshot):
            return latest
        snapshot, others = self._snapshots(document)
        latest = await self.ask(lambda: self.analyst.diagnose(snapshot, others, plans=True))
        if self.documents.is_current(snapshot):
            self._latest[document] = latest
        return latest

    async def changes_of(self, uri: str) -> types.CodeAction | None:
        """All repairs of a document; `None` if there are none, or if it is not open."""
        document = self.documents.document_of(uri)
        if document is None:
            return None
        snapshot, others = self._snapshots(document)
        changes = await self.ask(lambda: self.analyst.fix_all(snapshot, others))
        return actions.fix_all(snapshot, changes)

    async def units_at(self, part: Part, snapshot: Snapshot, place: tuple[int, int]) -> Sequence[Unit]:
        """The units of the layer at a position in a document."""
        _, others = self._snapshots(snapshot.uri)
        return await self.ask(lambda: self.analyst.units_at(snapshot, part.number, *place, others))

    async def ask(self, work: Callable[[], Result]) -> Result:
        """Run a job in the worker, before waiting jobs."""
        return await asyncio.wrap_future(self.worker.submit(work))

    def _snapshots(self, uri: str) -> tuple[Snapshot, list[Snapshot]]:
        return self.documents.snapshot(uri), [self.documents.snapshot(one) for one in self.documents if one != uri]

    def _schedule(self, uri: str, delay: float) -> None:
        if (timer := self._timers.pop(uri, None)) is not None:
            timer.cancel()
        self._timers[uri] = asyncio.get_running_loop().call_later(delay, self._diagnose, uri)

    def _diagnose(self, uri: str) -> None:
        self._timers.pop(uri, None)
        snapshot, others = self._snapshots(uri)
        loop = asyncio.get_running_loop()
        future = self.worker.submit(lambda: self.analyst.diagnose(snapshot, others), key=uri)

        def done(result: Future[Analysis]) -> None:
            if not result.cancelled():
                loop.call_soon_threadsafe(self._take, result)

        future.add_done_callback(done)

    def _take(self, result: Future[Analysis]) -> None:
        """Publish an analysis, unless its document has changed since."""
        if (error := result.exception()) is not None:
            self._show_message(f"orderlint failed: {type(error).__name__}: {error} (please report it)")
            return
        analysis = result.result()
        if not self.documents.is_current(analysis.snapshot):
            return
        for part, found in diagnostics_of(analysis, self.analyst.rules.values()):
            self.text_document_publish_diagnostics(types.PublishDiagnosticsParams(part.uri, found, part.version))
        for problem in analysis.problems:
            self._show_message(f"orderlint: {analysis.snapshot.path.name}: {problem}")

    def _show_message(self, message: str) -> None:
        """Show a message, once until files change."""
        if message not in self._shown_messages:
            self._shown_messages.add(message)
            self.window_show_message(types.ShowMessageParams(types.MessageType.Warning, message))


def create() -> Server:
    """Create the server with all of its handlers."""
    server = Server()
    for register in (_life, _texts, _notebooks, _questions):
        register(server)
    return server


def _life(server: Server) -> None:
    @server.feature(types.INITIALIZED)
    async def initialized(_: types.InitializedParams) -> None:
        server.begin()
        watching = (
            server.client_capabilities.workspace and server.client_capabilities.workspace.did_change_watched_files
        )
        if watching and watching.dynamic_registration:
            watchers = [types.FileSystemWatcher(glob_pattern=pattern) for pattern in WATCHED]
            registration = types.Registration(
                id="orderlint-files",
                method=types.WORKSPACE_DID_CHANGE_WATCHED_FILES,
                register_options=types.DidChangeWatchedFilesRegistrationOptions(watchers=watchers),
            )
            await server.client_register_capability_async(types.RegistrationParams([registration]))

    @server.feature(types.SHUTDOWN)
    def shutdown(_: Any) -> None:
        server.worker.close()

    @server.feature(types.WORKSPACE_DID_CHANGE_WATCHED_FILES)
    def watched(_: types.DidChangeWatchedFilesParams) -> None:
        server.changed_outside()

    @server.feature(types.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS)
    def folders(_: types.DidChangeWorkspaceFoldersParams) -> None:
        server.changed_outside()


def _texts(server: Server) -> None:
    @server.feature(types.TEXT_DOCUMENT_DID_OPEN)
    def did_open(params: types.DidOpenTextDocumentParams) -> None:
        server.changed(server.documents.open(params.text_document))

    @server.feature(types.TEXT_DOCUMENT_DID_CHANGE)
    def did_change(params: types.DidChangeTextDocumentParams) -> None:
        server.changed(server.documents.change(params.text_document, params.content_changes))

    @server.feature(types.TEXT_DOCUMENT_DID_SAVE)
    def did_save(_: types.DidSaveTextDocumentParams) -> None:
        server.changed_outside()

    @server.feature(types.TEXT_DOCUMENT_DID_CLOSE)
    def did_close(params: types.DidCloseTextDocumentParams) -> None:
        server.documents.close(params.text_document.uri)
        server.forget(params.text_document.uri, [params.text_document.uri])


def _notebooks(server: Server) -> None:
    @server.feature(types.NOTEBOOK_DOCUMENT_DID_OPEN)
    def did_open(params: types.DidOpenNotebookDocumentParams) -> None:
        server.changed(server.documents.open_notebook(params.notebook_document, params.cell_text_documents))

    @server.feature(types.NOTEBOOK_DOCUMENT_DID_CHANGE)
    def did_change(params: types.DidChangeNotebookDocumentParams) -> None:
        uri = params.notebook_document.uri
        before = server.documents.parts_of(uri)
        server.changed(server.documents.change_notebook(uri, params.change))
        for part in set(before) - set(server.documents.parts_of(uri)):
            server.text_document_publish_diagnostics(types.PublishDiagnosticsParams(part, []))

    @server.feature(types.NOTEBOOK_DOCUMENT_DID_SAVE)
    def did_save(_: types.DidSaveNotebookDocumentParams) -> None:
        server.changed_outside()

    @server.feature(types.NOTEBOOK_DOCUMENT_DID_CLOSE)
    def did_close(params: types.DidCloseNotebookDocumentParams) -> None:
        uri = params.notebook_document.uri
        parts = server.documents.parts_of(uri)
        server.documents.close_notebook(uri)
        server.forget(uri, parts)


def _questions(server: Server) -> None:
    options = types.CodeActionOptions(code_action_kinds=[*actions.KINDS])

    @server.feature(types.TEXT_DOCUMENT_CODE_ACTION, options)
    async def code_action(params: types.CodeActionParams) -> list[types.CodeAction]:
        uri, only = params.text_document.uri, params.context.only
        found: list[types.CodeAction] = []
        if _wants(types.CodeActionKind.QuickFix.value, only):
            analysis = await server.analysis_of(uri)
            part = analysis.snapshot.part_of(uri) if analysis is not None else None
            if analysis is not None and part is not None:
                found += actions.quick_fixes(analysis, part, params.range)
        if only and _wants(actions.FIX_ALL, only):
            every = await server.changes_of(uri)
            found += [] if every is None else [every]
        return found

    @server.feature(types.TEXT_DOCUMENT_HOVER)
    async def hovered(params: types.HoverParams) -> types.Hover | None:
        uri = params.text_document.uri
        analysis = await server.analysis_of(uri)
        part = analysis.snapshot.part_of(uri) if analysis is not None else None
        if analysis is None or part is None:
            return None
        text = await _hover(server, analysis, part, part.text.offset(params.position))
        return None if text is None else types.Hover(hover.markdown(text))


async def _hover(server: Server, analysis: Analysis, part: Part, offset: int) -> str | None:
    place = line, column = part.text.place(offset)
    rules = server.analyst.rules
    rule = hover.rule_at(part.text.line(line), column - 1, rules)
    if rule is not None:
        return hover.of_rule(rule)
    here = [
        one for one in analysis.findings if one.location.cell == part.number and part.text.holds(one.location, offset)
    ]
    if here:
        return hover.of_findings(here, rules)
    units = await server.units_at(part, analysis.snapshot, place)
    return hover.of_units(units) if units else None


def _wants(kind: str, only: Sequence[str] | None) -> bool:
    """Whether a client wants a kind of action. Without `only`, it wants all kinds."""
    return not only or any(kind == wanted or kind.startswith(f"{wanted}.") for wanted in map(str, map(_value, only)))


def _value(kind: Any) -> Any:
    return getattr(kind, "value", kind)
