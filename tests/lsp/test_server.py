"""The language server with a client, as an editor sees it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
import pytest_lsp
from lsprotocol import types
from pytest_lsp import ClientServerConfig, LanguageClient, client_capabilities

from tests.lsp.client import COMMAND, NET, Client, edited
from tests.support import ROOT

pytestmark = pytest.mark.asyncio(loop_scope="module")  # one server, since starting it takes longer than the tests


CLIENTS: dict[int, Client] = {}


@pytest_lsp.fixture(scope="module", loop_scope="module", config=ClientServerConfig(server_command=COMMAND))
async def connection(lsp_client: LanguageClient, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[None]:
    CLIENTS[id(lsp_client)] = Client(lsp_client)
    folders = [types.WorkspaceFolder(tmp_path_factory.mktemp(name).as_uri(), name) for name in ("one", "two")]
    params = types.InitializeParams(
        capabilities=client_capabilities("visual-studio-code"), workspace_folders=folders, root_uri=folders[0].uri
    )
    await lsp_client.initialize_session(params)
    yield
    await lsp_client.shutdown_session()
    del CLIENTS[id(lsp_client)]


@pytest_asyncio.fixture(loop_scope="module")
async def client(connection: LanguageClient) -> AsyncIterator[Client]:
    client = CLIENTS[id(connection)]
    yield client
    client.close_all()


@pytest.fixture
def net(tmp_path: Path) -> Path:
    folder = tmp_path / "one"
    folder.mkdir()
    return folder / "net.py"


async def test_findings_are_shown_where_they_are(client: Client, net: Path) -> None:
    """A misplaced layer is a warning with the code, the page of its rule and the other layer."""
    uri = client.open(net, NET)
    (diagnostic,) = await client.diagnostics(uri)
    assert diagnostic.range == types.Range(types.Position(5, 4), types.Position(5, 31))
    assert (diagnostic.code, diagnostic.source) == ("ORD001", "orderlint")
    assert diagnostic.severity is types.DiagnosticSeverity.Warning
    assert diagnostic.code_description is not None
    assert "ORD001" in diagnostic.code_description.href
    assert "recommended: Dense → BatchNormalization → ReLU → Dropout" in diagnostic.message
    assert diagnostic.related_information is not None
    related = diagnostic.related_information[0].location
    assert (related.uri, related.range.start) == (uri, types.Position(4, 4))


async def test_what_is_typed_counts_before_it_is_saved(client: Client, net: Path) -> None:
    """The text in the editor is checked; columns are correct after characters with two UTF-16 units."""
    uri = client.open(net, NET)
    assert len(await client.diagnostics(uri)) == 1
    client.type(uri, 5, 4, "", end=(6, 4))
    assert await client.diagnostics(uri) == []
    client.type(uri, 4, 4, "layers.ReLU(name='\U0001f600'), layers.BatchNormalization(), ")
    (diagnostic,) = await client.diagnostics(uri)
    assert diagnostic.range.start == types.Position(4, 4 + len("layers.ReLU(name='xx'), "))


async def test_only_the_last_of_many_changes_is_reported(client: Client, net: Path) -> None:
    """While the user types, no diagnostics of an old version are published after those of a newer one."""
    uri = client.open(net, NET)
    await client.diagnostics(uri)
    for _ in range(20):
        client.type(uri, 8, 2, "#")
        await asyncio.sleep(0.01)
    await client.diagnostics(uri)
    versions = [one.version for one in client.published[uri]]
    assert versions == sorted(versions, key=lambda version: version or 0)
    assert len(versions) == len(set(versions))


async def test_a_slow_document_does_not_keep_another_waiting(client: Client, net: Path) -> None:
    """A check of seconds is interrupted by newer work, and its findings are published in the end."""
    text = "from keras import layers\n\ndef build(x, flags):\n    x = layers.Dense(8)(x)\n"
    for number in range(60):
        text += f"    if flags[{number}]:\n        x = layers.Dropout(0.{number % 9 + 1})(x)\n"
    slow = client.open(net.with_name("slow.py"), f"{text}    return x\n{NET}")
    await asyncio.sleep(0.3)
    fast = client.open(net, NET)
    assert len(await client.diagnostics(fast)) == 1
    assert "ORD001" in [one.code for one in await client.diagnostics(slow)]


async def test_a_quick_fix_repairs_one_finding(client: Client, net: Path) -> None:
    """The quick fix names the effect on the model, and its edits are those of `orderlint fix`."""
    uri = client.open(net, NET)
    fix, ignore = await client.actions(uri, 5)
    assert fix.kind == types.CodeActionKind.QuickFix
    assert "changes the model" in fix.title
    assert fix.is_preferred is False
    repaired = edited(NET, fix, uri)
    assert repaired.index("BatchNormalization") < repaired.index("ReLU") < repaired.index("Dropout")
    client.replace(uri, repaired)
    assert await client.diagnostics(uri) == []
    assert "ORD001" in ignore.title


async def test_an_action_suppresses_one_finding(client: Client, net: Path) -> None:
    """The comment of the action suppresses the finding."""
    uri = client.open(net, NET)
    _, ignore = await client.actions(uri, 5)
    client.replace(uri, edited(NET, ignore, uri))
    assert await client.diagnostics(uri) == []


async def test_no_action_elsewhere(client: Client, net: Path) -> None:
    """Without a finding there is no quick fix, and the action to repair all is offered on request only."""
    uri = client.open(net, NET)
    assert await client.actions(uri, 0) == []


async def test_repairing_all_keeps_a_trained_model_right(client: Client, net: Path) -> None:
    """Fix-on-save makes repairs that keep the predictions with old weights; a configuration may allow more."""
    milder = NET.replace(
        "ReLU(),\n    layers.BatchNormalization(),\n    layers.Dropout(0.5)", "Dropout(0.5),\n    layers.ReLU()"
    )
    text = milder + NET.partition("\n")[2].replace("model", "other")
    uri = client.open(net, text)
    assert [one.code for one in await client.diagnostics(uri)] == ["ORD003", "ORD001"]
    (every,) = await client.actions(uri, 0, only="source.fixAll")
    assert every.kind == "source.fixAll.orderlint"
    client.replace(uri, edited(text, every, uri))
    assert [one.code for one in await client.diagnostics(uri)] == ["ORD001"]
    net.with_name("orderlint.toml").write_text('repair = "changes-model"\n')
    client.replace(uri, text)
    (every,) = await client.actions(uri, 0, only="source.fixAll.orderlint")
    client.replace(uri, edited(text, every, uri))
    assert await client.diagnostics(uri) == []


async def test_hovers_tell_of_findings_units_and_rules(client: Client, net: Path) -> None:
    """A finding, a layer and a suppression comment have a hover; other code has none."""
    uri = client.open(net, NET + "# orderlint: disable[ORD002]\n")
    finding = await client.hover(uri, 5, 12)
    assert finding is not None
    assert "ORD001" in finding
    assert "Repair: move `BatchNormalization` before `ReLU`" in finding
    (diagnostic,) = await client.diagnostics(uri)
    assert "recommended" in diagnostic.message
    assert "→" not in finding  # editors show the diagnostic above the hover
    unit = await client.hover(uri, 3, 12)
    assert unit is not None
    assert "`Dense` → `ReLU` → `BatchNormalization` → `Dropout`, up to `Dense`" in unit
    rule = await client.hover(uri, 9, 24)
    assert rule is not None
    assert "dropout-before-norm" in rule
    assert await client.hover(uri, 0, 3) is None


async def test_each_folder_has_its_configuration(client: Client, net: Path, tmp_path: Path) -> None:
    """Each file is checked with the nearest configuration; excluded files are not checked."""
    other = tmp_path / "two"
    other.mkdir()
    (other / "pyproject.toml").write_text('[tool.orderlint]\nignore = ["ORD001"]\nexclude = ["old/"]\n')
    one, two = client.open(net, NET), client.open(other / "net.py", NET)
    old = client.open(other / "old" / "net.py", NET.replace("BatchNormalization()", "Dropout(2)"))
    assert len(await client.diagnostics(one)) == 1
    assert await client.diagnostics(two) == []
    assert await client.diagnostics(old) == []


async def test_a_changed_configuration_counts_at_once(client: Client, net: Path) -> None:
    """After a configuration was saved, open files are checked with it."""
    uri = client.open(net, NET)
    assert len(await client.diagnostics(uri)) == 1
    net.with_name("orderlint.toml").write_text('ignore = ["ORD001"]\n')
    change = types.FileEvent(net.with_name("orderlint.toml").as_uri(), types.FileChangeType.Created)
    client.inner.workspace_did_change_watched_files(types.DidChangeWatchedFilesParams([change]))
    await client.until(uri, lambda one: not one.diagnostics)


async def test_a_broken_configuration_is_told(client: Client, net: Path, connection: LanguageClient) -> None:
    """An invalid configuration is shown once with its fault, and there are no findings."""
    net.with_name("orderlint.toml").write_text('ignroe = ["ORD001"]\n')
    uri = client.open(net, NET)
    assert await client.diagnostics(uri) == []
    await client.hover(uri, 0, 0)
    assert ["did you mean" in message.message for message in connection.messages].count(True) == 1


async def test_imports_are_read_as_they_stand_in_the_editor(client: Client, net: Path) -> None:
    """An open module is used with its text in the editor; files that import it are checked again after a change."""
    blocks = "from keras import layers\n\ndef first(x):\n    return layers.{}(x)\n"
    text = (
        "from keras import layers\nfrom blocks import first\n\ndef build(x):\n"
        "    x = first(layers.Dense(8)(x))\n    return layers.BatchNormalization()(x)\n"
    )
    module = client.open(net.with_name("blocks.py"), blocks.format("ReLU()"))
    net.with_name("blocks.py").write_text(blocks.format("Reshape((8,))"))
    uri = client.open(net, text)
    assert [one.code for one in await client.diagnostics(uri)] == ["ORD001"]
    client.replace(module, blocks.format("Reshape((8,))"))
    await client.until(uri, lambda one: not one.diagnostics)


async def test_warnings_are_hints(client: Client, net: Path) -> None:
    """An unknown code in a suppression comment is marked."""
    uri = client.open(net, "import keras\nx = 1  # orderlint: ignore[ORD999]\n")
    (diagnostic,) = await client.diagnostics(uri)
    assert (diagnostic.severity, diagnostic.range.start.line) == (types.DiagnosticSeverity.Hint, 1)
    assert "ORD999" in diagnostic.message


async def test_a_function_that_is_only_partly_checked_is_marked_in_its_first_line(client: Client, net: Path) -> None:
    """Editors underline the whole range of a diagnostic, and the function may be long."""
    block = "layers.BatchNormalization()(layers.Dense(8)(made(x)))"
    loop = f"    n = 0\n    while n < 5000:\n        x = {block}\n        n += 1\n"
    start = "from keras import layers\nfrom options import config\nmade = layers.deserialize(config)\n"
    uri = client.open(net, f"{start}def net(x):\n{loop}")
    (diagnostic,) = await client.diagnostics(uri)
    assert "only partly checked" in diagnostic.message
    assert diagnostic.severity == types.DiagnosticSeverity.Hint
    assert (diagnostic.range.start, diagnostic.range.end) == (types.Position(3, 0), types.Position(3, 11))


async def test_closing_takes_findings_back(client: Client, net: Path) -> None:
    """Diagnostics of a closed file are removed."""
    uri = client.open(net, NET)
    assert len(await client.diagnostics(uri)) == 1
    client.close(uri)
    await client.until(uri, lambda one: not one.diagnostics)


async def test_files_that_were_never_saved_are_judged(client: Client) -> None:
    """An untitled document is checked."""
    uri = client.open("untitled:Untitled-1", NET)
    assert [one.code for one in await client.diagnostics(uri)] == ["ORD001"]


async def test_what_does_not_parse_is_an_error_and_goes_again(client: Client, net: Path) -> None:
    """A file with a syntax error has an error there until it parses."""
    uri = client.open(net, NET + "x = (\n")
    assert [one.severity for one in await client.diagnostics(uri)] == [types.DiagnosticSeverity.Error]
    client.replace(uri, NET)
    assert [one.code for one in await client.diagnostics(uri)] == ["ORD001"]


async def test_an_encoding_that_the_file_names_is_its_own(client: Client, net: Path) -> None:
    """The editor has decoded the file already, so a coding comment has no effect."""
    uri = client.open(net, f"# -*- coding: latin-1 -*-\n# \xe9\n{NET}")
    (diagnostic,) = await client.diagnostics(uri)
    assert diagnostic.range.start == types.Position(7, 4)


async def test_a_notebook_is_a_document_of_cells(client: Client, net: Path) -> None:
    """Cells share their names; a finding belongs to its cell, is repaired there, and moves with it."""
    notebook = net.with_suffix(".ipynb").as_uri()
    first = "from keras import layers\n%matplotlib inline\nx = layers.ReLU()(layers.Dense(8)(x))\n"
    second = "x = layers.BatchNormalization()(x)\n"
    one, two, text = (f"vscode-notebook-cell:{net}#{name}" for name in ("one", "two", "text"))
    cells = [
        types.NotebookCell(types.NotebookCellKind.Code, one),
        types.NotebookCell(types.NotebookCellKind.Markup, text),
        types.NotebookCell(types.NotebookCellKind.Code, two),
    ]
    client.inner.notebook_document_did_open(
        types.DidOpenNotebookDocumentParams(
            types.NotebookDocument(notebook, "jupyter-notebook", 1, cells),
            [types.TextDocumentItem(one, "python", 1, first), types.TextDocumentItem(two, "python", 1, second)],
        )
    )
    assert await client.diagnostics(one) == []
    (diagnostic,) = await client.diagnostics(two)
    assert diagnostic.range.start == types.Position(0, 4)
    assert diagnostic.related_information is not None
    assert diagnostic.related_information[0].location.uri == one
    fix, *_ = await client.actions(two, 0)
    assert {change.text_document.uri for change in fix.edit.document_changes} <= {one, two}  # type: ignore[union-attr]
    hover = await client.hover(one, 2, 8)
    assert hover is not None
    assert "BatchNormalization" in hover

    change = types.NotebookDocumentCellChanges(
        text_content=[
            types.NotebookDocumentCellContentChanges(
                types.VersionedTextDocumentIdentifier(2, two),
                [types.TextDocumentContentChangeWholeDocument("\n" + second)],
            )
        ]
    )
    _change_notebook(client, notebook, change)
    (diagnostic,) = await client.diagnostics(two, 2)
    assert diagnostic.range.start == types.Position(1, 4)

    removed = types.NotebookCellArrayChange(start=0, delete_count=1)
    closed = [types.TextDocumentIdentifier(one)]
    _change_notebook(
        client,
        notebook,
        types.NotebookDocumentCellChanges(
            structure=types.NotebookDocumentCellChangeStructure(array=removed, did_close=closed)
        ),
    )
    await client.until(two, lambda published: not published.diagnostics)


async def test_cells_may_go_and_move(client: Client, net: Path) -> None:
    """The findings of a deleted cell disappear, and those of a moved one are updated."""
    notebook = net.with_suffix(".ipynb").as_uri()
    texts = [
        "from keras import layers\nx = layers.Dense(8)(x)\n",
        "x = layers.ReLU()(x)\n",
        "x = layers.BatchNormalization()(x)\n",
    ]
    uris = [f"vscode-notebook-cell:{net}#moving{number}" for number in range(3)]
    cells = [types.NotebookCell(types.NotebookCellKind.Code, uri) for uri in uris]
    items = [types.TextDocumentItem(uri, "python", 1, text) for uri, text in zip(uris, texts, strict=True)]
    opened = types.NotebookDocument(notebook, "jupyter-notebook", 1, cells)
    client.inner.notebook_document_did_open(types.DidOpenNotebookDocumentParams(opened, items))
    assert [one.code for one in await client.diagnostics(uris[2])] == ["ORD001"]

    def put(start: int, count: int, *cells: types.NotebookCell, closed: str | None = None) -> None:
        array = types.NotebookCellArrayChange(start=start, delete_count=count, cells=list(cells))
        gone = [types.TextDocumentIdentifier(closed)] if closed else None
        structure = types.NotebookDocumentCellChangeStructure(array=array, did_close=gone)
        _change_notebook(client, notebook, types.NotebookDocumentCellChanges(structure=structure))

    put(1, 2, cells[2], cells[1])  # swap them
    await client.until(uris[2], lambda one: not one.diagnostics)
    put(1, 2, cells[1], cells[2])
    await client.until(uris[2], lambda one: bool(one.diagnostics))
    put(2, 1, closed=uris[2])
    await client.until(uris[2], lambda one: not one.diagnostics)


async def test_changes_of_one_message_are_made_in_turn(client: Client, net: Path) -> None:
    """Each change applies to the result of the previous one, with any newlines."""
    text = NET.replace("\n", "\r\n")
    uri = client.open(net, text)
    assert [one.range.start for one in await client.diagnostics(uri)] == [types.Position(5, 4)]
    client.versions[uri] += 1
    edits = [((4, 4), (5, 4), ""), ((4, 4), (4, 4), "layers.Dense(3), "), ((4, 21), (4, 21), "layers.ReLU(),\r\n    ")]
    changes = [
        types.TextDocumentContentChangePartial(
            range=types.Range(types.Position(*start), types.Position(*end)), text=new
        )
        for start, end, new in edits
    ]
    document = types.VersionedTextDocumentIdentifier(client.versions[uri], uri)
    client.inner.text_document_did_change(types.DidChangeTextDocumentParams(document, changes))
    (diagnostic,) = await client.diagnostics(uri)
    assert diagnostic.range == types.Range(types.Position(5, 4), types.Position(5, 31))


async def test_repairs_keep_what_ends_lines_and_count_as_the_client_does(client: Client, net: Path) -> None:
    """With CRLF, and after characters of two units, the edits are correct, in a quick fix and in all fixes."""
    before, wrong = "model = Sequential([layers.Dense(8, name='\U0001f389\U0001f389'), ", "layers.Dropout(0.5)"
    norm = "layers.BatchNormalization()"
    text = f"from keras import Sequential, layers\r\n{before}{wrong}, {norm}, layers.Dense(1)])\r\n"
    uri = client.open(net, text)
    (diagnostic,) = await client.diagnostics(uri)
    column = len(before) + 2
    assert diagnostic.range == types.Range(types.Position(1, column), types.Position(1, column + len(wrong)))
    fix, ignore = await client.actions(uri, 1, column + 3)
    (every,) = await client.actions(uri, 0, only="source.fixAll.orderlint")
    assert edited(text, fix, uri) == edited(text, every, uri) == text.replace(f"{wrong}, {norm}", f"{norm}, {wrong}")
    assert edited(text, ignore, uri) == text.removesuffix("\r\n") + "  # orderlint: ignore[ORD002]\r\n"


async def test_folders_may_have_any_name(client: Client, net: Path) -> None:
    """With blanks and other alphabets in a path, configuration and imports are found, and URIs are the client's."""
    folder = net.parent / "Mein Projekt \xfcn\xef \u65e5\u672c 50%"
    folder.mkdir()
    (folder / "blocks.py").write_text("from keras import layers\n\ndef first(x):\n    return layers.ReLU()(x)\n")
    (folder / "orderlint.toml").write_text('warn = ["ORD001"]\n')
    text = "from keras import layers\nfrom blocks import first\n"
    text += "x = layers.BatchNormalization()(first(layers.Dense(8)(x)))\n"
    uri = client.open(folder / "net.py", text)
    (diagnostic,) = await client.diagnostics(uri)
    assert diagnostic.severity is types.DiagnosticSeverity.Information
    assert diagnostic.related_information is not None
    related = {one.location.uri for one in diagnostic.related_information}
    assert (folder / "blocks.py").as_uri() in related


async def test_a_hover_tells_of_the_quick_fix_that_is_offered(client: Client, net: Path) -> None:
    """The hover tells the effect of the quick fix of one finding from that of all fixes."""
    uri = client.open(net, NET.replace("layers.ReLU(),", "layers.ReLU(),\n    layers.Dropout(0.2),"))
    fix, *_ = await client.actions(uri, 5)
    hover = await client.hover(uri, 5, 12)
    assert hover is not None
    assert fix.title.startswith("Move Dropout after BatchNormalization (")
    assert "Quick fix: move `Dropout` after `BatchNormalization` (same-inference: " in hover
    assert "With all findings of the file: move `BatchNormalization` before `ReLU` (changes-model: " in hover


def _change_notebook(client: Client, uri: str, cells: types.NotebookDocumentCellChanges) -> None:
    document = types.VersionedNotebookDocumentIdentifier(version=2, uri=uri)
    event = types.NotebookDocumentChangeEvent(cells=cells)
    client.inner.notebook_document_did_change(types.DidChangeNotebookDocumentParams(document, event))


async def test_the_real_demo_has_its_findings(client: Client) -> None:
    """The server has the findings of the command."""
    path = next((ROOT / "fixtures" / "demo").glob("*.py"))
    uri = client.open(path, path.read_text())
    assert "ORD001" in [one.code for one in await client.diagnostics(uri)]
