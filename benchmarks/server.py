"""From typing to diagnostics: how long the language server takes for a file of 300 lines when it is warm.

python -m benchmarks.server [--kind file|notebook|modules] [--lines 300] [--rounds 40]

The same code is one file, a notebook with a cell for each function, or ten modules with the blocks and a file that
imports them. The character is typed in the first line after the imports.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from lsprotocol import types
from pygls.lsp.client import LanguageClient

from tests.lsp.client import COMMAND, Client

BLOCK = """\
def block_{number}(x, filters={number}, use_bn=True):
    y = layers.Conv2D(filters, 3, padding="same", use_bias=not use_bn)(x)
    if use_bn:
        y = layers.BatchNormalization()(y)
    y = layers.ReLU()(y)
    y = layers.Dropout(0.2)(y)
    y = layers.Conv2D(filters, 3, padding="same", activation="relu")(y)
    y = layers.BatchNormalization()(y)
    return layers.Add()([x, y])


"""
MODULES = 10
HEAD = "from keras import layers\n\n\n"
KINDS = ("file", "notebook", "modules")


def module(lines: int) -> str:
    """Model code with about this number of lines: blocks, and a function that combines them."""
    return "".join(_parts(lines))


def _parts(lines: int) -> list[str]:
    """The imports, the blocks and the function of such code."""
    count = max((lines - 8) // (BLOCK.count("\n") + 1), 1)
    blocks = [BLOCK.format(number=number) for number in range(count)]
    build = "def build(shape=(32, 32, 3)):\n    x = inputs = layers.Input(shape)\n"
    build += "".join(f"    x = block_{number}(x)\n" for number in range(count))
    return [HEAD, *blocks, build + "    return keras.Model(inputs, layers.Dense(10)(x))\n"]


def _spread(lines: int, folder: Path) -> str:
    """Write the blocks into modules. Returns the text of the file that imports them, with as many lines of its own."""
    head, *blocks, build = _parts(lines)
    imports = []
    for number in range(MODULES):
        (folder / f"blocks_{number}.py").write_text(head + "".join(blocks[number::MODULES]), encoding="utf-8")
        imports.append(f"from blocks_{number} import *\n")
    own = "".join(blocks).replace("def block_", "def own_block_")
    return "".join(imports) + head + own + build


async def measure(kind: str, lines: int, rounds: int) -> list[float]:
    """Seconds from a typed character to the diagnostics of that version."""
    inner = LanguageClient("benchmark", "1")
    await inner.start_io(*COMMAND)
    client = Client(inner)
    await inner.initialize_async(types.InitializeParams(capabilities=types.ClientCapabilities()))
    inner.initialized(types.InitializedParams())
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "pyproject.toml").touch()  # which makes the folder a project
        if kind == "notebook":
            watched, types_one = _open_notebook(client, folder / "net.ipynb", _parts(lines))
        else:
            text = module(lines) if kind == "file" else _spread(lines, folder)
            watched = client.open(folder / "net.py", text)
            types_one = _typing(client, watched, text.count("\n", 0, text.index("\n\n\n")) + 2)
        await client.diagnostics(watched)
        taken = []
        for _ in range(rounds):
            start = time.perf_counter()
            types_one()
            await client.diagnostics(watched)
            taken.append(time.perf_counter() - start)
    await inner.shutdown_async(None)
    inner.exit(None)
    await inner.stop()
    return taken


def _typing(client: Client, uri: str, line: int) -> Callable[[], None]:
    def type_one() -> None:
        client.type(uri, line, 0, "#")

    return type_one


def _open_notebook(client: Client, path: Path, parts: list[str]) -> tuple[str, Callable[[], None]]:
    """Open a notebook with these cells. Returns the first of them, and a function that types into it."""
    uris = [f"vscode-notebook-cell:{path}#{number}" for number in range(len(parts))]
    cells = [types.NotebookCell(types.NotebookCellKind.Code, uri) for uri in uris]
    items = [types.TextDocumentItem(uri, "python", 1, text) for uri, text in zip(uris, parts, strict=True)]
    notebook = types.NotebookDocument(path.as_uri(), "jupyter-notebook", 1, cells)
    client.inner.notebook_document_did_open(types.DidOpenNotebookDocumentParams(notebook, items))
    client.versions[uris[0]] = 1

    def type_one() -> None:
        version = client.versions[uris[0]] = client.versions[uris[0]] + 1
        place = types.Position(2, 0)
        typed = types.TextDocumentContentChangePartial(range=types.Range(place, place), text="#")
        document = types.VersionedTextDocumentIdentifier(version, uris[0])
        changed = types.NotebookDocumentCellContentChanges(document, [typed])
        event = types.NotebookDocumentChangeEvent(cells=types.NotebookDocumentCellChanges(text_content=[changed]))
        identifier = types.VersionedNotebookDocumentIdentifier(version, path.as_uri())
        client.inner.notebook_document_did_change(types.DidChangeNotebookDocumentParams(identifier, event))

    return uris[0], type_one


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kind", choices=KINDS, default=KINDS[0])
    parser.add_argument("--lines", type=int, default=300)
    parser.add_argument("--rounds", type=int, default=40)
    given = parser.parse_args()
    taken = asyncio.run(measure(given.kind, given.lines, given.rounds))
    lines = module(given.lines).count("\n")
    print(f"{given.kind}, {lines} lines, {given.rounds} rounds, from typing to diagnostics:")
    print(f"  median {statistics.median(taken) * 1000:.0f} ms, fastest {min(taken) * 1000:.0f} ms", end="")
    print(f", slowest {max(taken) * 1000:.0f} ms")


if __name__ == "__main__":
    main()
