"""Reads saved models as data: Keras is not imported, no object is created, and no code of the file runs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from orderlint.catalog import DEFAULT, RoleTable
from orderlint.graph import LayerGraph
from orderlint.runtime import archive, hdf5, savedmodel
from orderlint.runtime.assemble import assemble
from orderlint.runtime.config import read_network
from orderlint.runtime.errors import FileReadError, WeightsOnlyError
from orderlint.runtime.gaps import Gaps
from orderlint.runtime.jsontext import MAX_BYTES, parse
from orderlint.runtime.readmodel import ReadModel
from orderlint.words import near_path

__all__ = ["SUFFIXES", "read_file", "read_saved", "source_in"]

_Reader = Callable[[Path], bytes]


def _read_text(path: Path) -> bytes:
    size = path.stat().st_size
    if size > MAX_BYTES:
        raise FileReadError(f"the file has {size:,} bytes; at most {MAX_BYTES:,} are read")
    return path.read_bytes()


def _read_folder(folder: Path) -> bytes:
    """The JSON in a SavedModel folder, or in an archive that was unpacked."""
    if savedmodel.is_saved_model(folder):
        return savedmodel.read_config(folder)
    config = folder / "config.json"
    if config.is_file():
        return _read_text(config)
    if not (held := _models_in(folder)) and (source := source_in(folder)) is not None:
        raise FileReadError(
            "the folder contains source code, not a saved model; name the function that builds the model, such as "
            f"{source.as_posix()}::build_model"
        )
    raise FileReadError(f"the folder is neither a SavedModel nor an unpacked .keras archive{held}")


def source_in(folder: Path) -> Path | None:
    """The first Python file in a folder; `None` if there is none, or if the folder is a saved model.

    An `__init__.py` comes last, because few of them define a model.
    """
    if savedmodel.is_saved_model(folder) or (folder / "config.json").is_file():
        return None
    files = (path for path in folder.iterdir() if path.suffix == ".py")
    return min(files, key=lambda path: (path.name == "__init__.py", path), default=None)


def _models_in(folder: Path) -> str:
    """The end of a message about a folder that is not a model: the first models in it; empty if there are none."""
    held = sorted(path.name for path in folder.iterdir() if path.suffix in _MODELS)
    more = f" and {len(held) - _SHOWN} more" if len(held) > _SHOWN else ""
    return f"; name the models in it: {', '.join(held[:_SHOWN])}{more}" if held else ""


_READERS: Final[Mapping[str, tuple[_Reader, str]]] = {
    ".keras": (archive.read_config, "config.json"),
    ".h5": (hdf5.read_config, "model_config"),
    ".hdf5": (hdf5.read_config, "model_config"),
    ".json": (_read_text, "the file"),
}
_MODELS: Final = frozenset({".keras", ".h5", ".hdf5"})  # a `.json` may be anything
_SHOWN: Final = 3
SUFFIXES: Final = frozenset(_READERS)
"""The suffixes of files that are read as data."""


def read_saved(path: Path, target: str | None = None, roles: RoleTable = DEFAULT) -> LayerGraph:
    """The layer graph of a saved model (see `read_file`, which also returns notes)."""
    return read_file(path, target, roles).graphs[0]


def read_file(path: Path, target: str | None = None, roles: RoleTable = DEFAULT) -> ReadModel:
    """Read a saved model: its layer graph, with notes about what the file does not contain.

    Args:
        path: A `.keras` archive, an `.h5` file, the JSON of `to_json()`, or the folder of a SavedModel of Keras 2.
        target: The `path` of places; `None` for the path itself.
        roles: The user's roles.

    Raises:
        FileReadError: The file is damaged, unsafe or not a saved model.
        WeightsOnlyError: The file contains weights without a model.
        OSError: The file cannot be opened.
    """
    reader, what = _reader(path)
    gaps = Gaps()
    network = read_network(parse(reader(path), what), roles, gaps)
    graph = assemble(network, target or path.as_posix())  # this reads nested parts, so `gaps` is only complete then
    return ReadModel((graph,), gaps.notes(), tuple(gaps.classes))


def _reader(path: Path) -> tuple[_Reader, str]:
    if path.is_dir():
        return _read_folder, savedmodel.METADATA
    if not path.exists():
        raise FileReadError("a broken symbolic link" if path.is_symlink() else f"no such file{near_path(str(path))}")
    if not path.is_file():
        raise FileReadError("not a regular file")
    if path.name.endswith((".weights.h5", ".weights.hdf5")):
        raise WeightsOnlyError("the file contains weights only; use the model they were saved from")
    found = _READERS.get(path.suffix.lower())
    if path.suffix == ".ipynb":
        raise FileReadError("a notebook; `orderlint check` reads it, and `%orderlint model` in it checks a built model")
    if path.name == "saved_model.pb":
        raise FileReadError("a part of a SavedModel; name its folder")
    if found is None:
        raise FileReadError(f"expected a file ending in {', '.join(sorted(SUFFIXES))}, or a SavedModel folder")
    return found
