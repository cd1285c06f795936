"""From typing to diagnostics: how long the language server takes for a file of 300 lines when it is warm.

python -m benchmarks.server [--lines 300] [--rounds 40]
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import tempfile
import time
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


def module(lines: int) -> str:
    """Model code of about so many lines: blocks, and a function that puts them together."""
    count = max((lines - 8) // (BLOCK.count("\n") + 1), 1)
    text = "from keras import layers\n\n\n" + "".join(BLOCK.format(number=number) for number in range(count))
    text += "def build(shape=(32, 32, 3)):\n    x = inputs = layers.Input(shape)\n"
    text += "".join(f"    x = block_{number}(x)\n" for number in range(count))
    return text + "    return keras.Model(inputs, layers.Dense(10)(x))\n"


async def measure(lines: int, rounds: int) -> list[float]:
    """Seconds from a typed character to the diagnostics of that version."""
    inner = LanguageClient("benchmark", "1")
    await inner.start_io(*COMMAND)
    client = Client(inner)
    await inner.initialize_async(types.InitializeParams(capabilities=types.ClientCapabilities()))
    inner.initialized(types.InitializedParams())
    text = module(lines)
    with tempfile.TemporaryDirectory() as folder:
        uri = client.open(Path(folder, "net.py"), text)
        await client.diagnostics(uri)
        taken = []
        for _ in range(rounds):
            start = time.perf_counter()
            client.type(uri, 2, 0, "#")
            await client.diagnostics(uri)
            taken.append(time.perf_counter() - start)
    await inner.shutdown_async(None)
    inner.exit(None)
    await inner.stop()
    return taken


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lines", type=int, default=300)
    parser.add_argument("--rounds", type=int, default=40)
    given = parser.parse_args()
    taken = asyncio.run(measure(given.lines, given.rounds))
    print(f"{module(given.lines).count(chr(10))} lines, {given.rounds} rounds, from typing to diagnostics:")
    print(f"  median {statistics.median(taken) * 1000:.0f} ms, fastest {min(taken) * 1000:.0f} ms", end="")
    print(f", slowest {max(taken) * 1000:.0f} ms")


if __name__ == "__main__":
    main()
