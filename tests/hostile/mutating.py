"""Mutated inputs of each kind: bytes that are deleted, duplicated or swapped, and recombined texts."""

from __future__ import annotations

import ast
import io
import json
import random
import zipfile
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

from tests.differential.programs import program
from tests.hostile.regrowing import regrown
from tests.support import ROOT

__all__ = ["KINDS", "mutants"]

_WORDS = [
    *("[", "(", "{", ")", "]", "}", ":", ",", "\n", "\\\n", "\0", '"""', "'", "#", "    ", "\t", "\ufeff", "\x0c"),
    *("lambda:", "async ", "await ", "match x:\n    case ", "*", "**", "@", ":=", "->", "if x:", "else:", "def f(x):"),
    *("class A(B):", "return x", "yield", "import ", "from . import *", "global x", "del x", "f'{", "%magic", "!ls"),
    *("Dense(8)(x)", "BatchNormalization()", "Dropout(.5)", "ReLU()", "x = x", "# orderlint: disable=", "é", "𝒳"),
]
_VALUES: list[Any] = [
    None,
    True,
    -1,
    10**30,
    1e308,
    "",
    "relu",
    "x" * 70,
    [],
    {},
    [[]],
    {"class_name": "Dense"},
    [None],
]
_CONTAINERS = 0.2
"""The share of the archives and HDF5 files that are damaged themselves: of those, few are read as a model."""
_OUTSIDE = 0.15
"""The share of the models with something wrong outside of their layers: of those, few are read either."""
_MEMBERS = ("../x", "/etc/x", "a" * 300)
_TEXTS = (1_000, 4_000, 16_000, 60_000)
"""The lengths in bytes of the configurations in HDF5 files, filled up with blanks; an attribute has at most 64 KiB."""


@cache
def sources() -> tuple[bytes, ...]:
    """Python files with Keras layers."""
    return tuple(path.read_bytes() for path in sorted((ROOT / "fixtures" / "check").rglob("*.py")))


@cache
def notebooks() -> tuple[bytes, ...]:
    """Notebooks with Keras layers."""
    return tuple(path.read_bytes() for path in sorted((ROOT / "fixtures" / "check").rglob("*.ipynb")))


def model(chance: random.Random) -> dict[str, Any]:
    """The JSON of a functional model with layers in any order."""
    names = [f"l{number}" for number in range(chance.randint(1, 8))]
    layers: list[dict[str, Any]] = [{"class_name": "InputLayer", "config": {"name": "in"}, "name": "in"}]
    before = "in"
    for name in names:
        kind = chance.choice(
            ["Dense", "ReLU", "BatchNormalization", "Dropout", "Lambda", "Add", "TimeDistributed", "X>Y"]
        )
        config = {"name": name, "activation": chance.choice(["relu", None, "linear"]), "rate": 0.3, "units": 2}
        tensor = {"class_name": "__keras_tensor__", "config": {"keras_history": [before, 0, 0]}}
        node: Any = chance.choice([{"args": [tensor], "kwargs": {}}, [[before, 0, 0, {}]]])
        layers.append(
            {"module": "keras.layers", "class_name": kind, "config": config, "name": name, "inbound_nodes": [node]}
        )
        before = chance.choice([name, before, name])
    inside = {"name": "m", "layers": layers, "input_layers": [["in", 0, 0]], "output_layers": [[before, 0, 0]]}
    return {"module": "keras", "class_name": chance.choice(["Functional", "Functional", "Model"]), "config": inside}


def changed(value: Any, chance: random.Random) -> Any:
    """A JSON value with one part replaced, mostly a deeply nested one."""
    if not isinstance(value, (dict, list)) or not value or chance.random() < 0.05:
        return chance.choice(_VALUES)
    if isinstance(value, list):
        at = chance.randrange(len(value))
        if chance.random() < 0.1:
            return [*value[:at], *value[at + 1 :], *value[at : at + 1] * 2]
        return [*value[:at], changed(value[at], chance), *value[at + 1 :]]
    key = chance.choices(list(value), [_size(one) for one in value.values()])[0]
    if chance.random() < 0.05:
        return {name: one for name, one in value.items() if name != key}
    return {**value, key: changed(value[key], chance)}


def _size(value: Any) -> int:
    """The number of values in a value, including itself."""
    if isinstance(value, dict):
        value = list(value.values())
    return 1 + sum(map(_size, value)) if isinstance(value, list) else 1


def damaged(data: bytes, chance: random.Random) -> bytes:
    """Bytes with a few of them deleted, duplicated or replaced, so that the rest can still be read."""
    for _ in range(chance.randint(1, 3)):
        at = chance.randrange(len(data) + 1)
        end = min(len(data), at + chance.choice([1, 1, 1, 2, 8, 64, 1_000]))
        new = chance.choice(
            [b"", data[at:end] * 2, chance.randbytes(end - at), b"\xff" * (end - at), b"\0" * (end - at)]
        )
        data = data[:at] + new + data[end:]
    return data[: 2**20]


def reworded(data: bytes, chance: random.Random) -> bytes:
    """A text with inserted words, swapped lines, or another text appended."""
    lines = data.splitlines(keepends=True) or [b""]
    for _ in range(chance.randint(1, 5)):
        at = chance.randrange(len(lines))
        what = chance.randrange(4)
        if what == 0:
            column = chance.randrange(len(lines[at]) + 1)
            lines[at] = lines[at][:column] + chance.choice(_WORDS).encode() + lines[at][column:]
        elif what == 1:
            lines.insert(chance.randrange(len(lines)), lines[at])
        elif what == 2:
            lines[at] = b"    " * chance.randint(0, 3) + lines[at].lstrip()
        else:
            lines[at] = chance.choice(chance.choice(sources()).splitlines(keepends=True) or [b""])
    return b"".join(lines)


def source(chance: random.Random) -> bytes:
    """A file that is damaged or recombined."""
    how = chance.random()
    if how < 0.05:
        return damaged(chance.choice(sources()), chance)
    if how < 0.35:
        return reworded(chance.choice(sources()), chance)
    return _regrown(chance.choice(parsed()), chance)


@cache
def parsed() -> tuple[str, ...]:
    """The Python files that `ast` can parse."""
    return tuple(text for text in (data.decode("utf-8", "replace") for data in sources()) if _parses(text))


def _parses(text: str) -> bool:
    try:
        ast.parse(text)
    except (SyntaxError, ValueError):
        return False
    return True


def _regrown(text: str, chance: random.Random) -> bytes:
    try:
        return regrown(text, chance.choice(parsed()), chance).encode("utf-8", "replace")
    except (SyntaxError, ValueError):  # such as a `return` in a class, or a misplaced starred expression
        return text.encode("utf-8", "replace")


def generated(chance: random.Random) -> bytes:
    """A program that builds a model in common ways, sometimes recombined."""
    text = program(chance.randrange(2**32)).text
    return _regrown(text, chance) if chance.random() < 0.5 else text.encode()


def notebook(chance: random.Random) -> bytes:
    data = chance.choice(notebooks())
    if chance.random() < 0.1:
        return damaged(data, chance)
    value = json.loads(data)
    for _ in range(chance.randint(1, 3)):
        cells = value.get("cells") if isinstance(value, dict) else None
        if isinstance(cells, list) and cells and chance.random() < 0.7:
            text = source(chance).decode("utf-8", "replace")
            cells.insert(0, {"cell_type": "code", "metadata": {}, "source": text, "outputs": []})
        else:
            value = changed(value, chance)
    return json.dumps(value).encode()


def configuration(chance: random.Random) -> bytes:
    value = model(chance)
    inside = value["config"]
    for _ in range(chance.randint(0, 3)):
        inside["layers"] = changed(inside["layers"], chance)
    return json.dumps(changed(value, chance) if chance.random() < _OUTSIDE else value).encode()


def archive(chance: random.Random) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", chance.choice([zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED])) as file:
        file.writestr("config.json", configuration(chance))
        second = chance.choice(_MEMBERS) if chance.random() < _OUTSIDE else "metadata.json"
        file.writestr(second, b"{}")
    data = stream.getvalue()
    return damaged(data, chance) if chance.random() < _CONTAINERS else data


def hdf5(chance: random.Random) -> bytes:
    text = configuration(chance)
    size = next((size for size in _TEXTS if len(text) <= size), _TEXTS[-1])
    version = chance.choice(["earliest", "latest"])
    if chance.random() < 0.03:
        data = _container(version, "number", 1)
    else:
        data = _container(version, chance.choice(["str", "bytes"]), size).replace(b"~" * size, text[:size].ljust(size))
    return damaged(data, chance) if chance.random() < _CONTAINERS else data


@cache
def _container(version: str, kind: str, size: int) -> bytes:
    """An HDF5 file of a model whose configuration is a number of `~`.

    The file is cached, since h5py takes as long to write it as everything else takes together. A checksum of the newest
    version of the format does not match another text; it is not in the structures that are read.
    """
    import h5py

    stream = io.BytesIO()
    with h5py.File(stream, "w", libver=version) as file:
        file.attrs["model_config"] = {"str": "~" * size, "bytes": b"~" * size, "number": size}[kind]
        file.attrs["keras_version"] = "2.15.0"
    return stream.getvalue()


KINDS: dict[str, tuple[str, Callable[[random.Random], bytes]]] = {
    "sources": (".py", source),
    "programs": (".py", generated),
    "notebooks": (".ipynb", notebook),
    "archives": (".keras", archive),
    "configurations": (".json", configuration),
    "hdf5": (".h5", hdf5),
}
"""How the inputs of a kind end, and what makes one by chance."""


def mutants(kind: str, seed: int) -> Iterator[tuple[int, bytes]]:
    """Inputs without end, each with the seed that generates it again."""
    _, make = KINDS[kind]
    while True:
        yield seed, make(random.Random(f"{kind} {seed}"))
        seed += 1
