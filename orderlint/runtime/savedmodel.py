"""Reads SavedModel folders of Keras 2 as data: the JSON in `keras_metadata.pb`, without TensorFlow or protobuf."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from orderlint.runtime.errors import FileReadError
from orderlint.runtime.jsontext import MAX_BYTES
from orderlint.runtime.protobuf import BrokenMessageError, fields

__all__ = ["METADATA", "is_saved_model", "read_config"]

METADATA: Final = "keras_metadata.pb"
_GRAPH: Final = "saved_model.pb"
_MAX_BYTES: Final = 4 * MAX_BYTES  # in addition to the model, each layer has its own message

# SavedMetadata and SavedObject of tf_keras/protobuf/saved_metadata.proto.
_NODES: Final = 1
_NODE_PATH: Final = 3
_JSON: Final = 5


def is_saved_model(folder: Path) -> bool:
    """Whether a folder looks like a SavedModel, of Keras or not."""
    return (folder / METADATA).is_file() or (folder / _GRAPH).is_file()


def read_config(folder: Path) -> bytes:
    """The JSON text that describes the model of a SavedModel folder.

    Raises:
        FileReadError: It was written by `model.export()` or without Keras, or is too large or damaged.
    """
    path = folder / METADATA
    if not path.is_file():
        raise FileReadError(
            "this SavedModel was written by `model.export()`, without Keras or before TensorFlow 2.5: it has no "
            f"{METADATA}, which describes the layers; inspect the model it was exported from"
        )
    if path.stat().st_size > _MAX_BYTES:
        raise FileReadError(f"{METADATA} has {path.stat().st_size:,} bytes; at most {_MAX_BYTES:,} are read")
    try:
        return _root_json(memoryview(path.read_bytes()))
    except BrokenMessageError as error:
        raise FileReadError(f"truncated or damaged {METADATA}: {error}") from None


def _root_json(message: memoryview) -> bytes:
    for number, node in fields(message):
        if number != _NODES or isinstance(node, int):
            continue
        parts = dict(fields(node))
        path, text = parts.get(_NODE_PATH), parts.get(_JSON)
        if isinstance(path, memoryview) and bytes(path) == b"root" and isinstance(text, memoryview):
            return bytes(text)
    raise FileReadError(f"{METADATA} describes no model: it has no object called root")
