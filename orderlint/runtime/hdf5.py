"""`.h5` model files, read as data: one attribute of the root, no group, data set or link is opened."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from orderlint.runtime.errors import FileReadError, WeightsOnlyError
from orderlint.runtime.jsontext import MAX_BYTES

__all__ = ["read_config"]

_SIGNATURE: Final = b"\x89HDF\r\n\x1a\n"
_CONFIG: Final = b"model_config"


def read_config(path: Path) -> bytes:
    """The bytes of the attribute `model_config` of an HDF5 file.

    Raises:
        FileReadError: It is truncated or no HDF5 file, the attribute is no text, or `h5py` is not installed.
        WeightsOnlyError: It has weights and no model.
    """
    with path.open("rb") as file:
        head = file.read(len(_SIGNATURE))
    if head != _SIGNATURE:
        raise FileReadError("not an HDF5 file: it does not begin like one")
    try:
        import h5py
    except ImportError:
        raise FileReadError('an .h5 file needs h5py to be read: pip install "orderlint[h5]"') from None
    try:
        with h5py.File(path, "r") as opened:
            return _attribute(h5py, opened.id)
    except (OSError, RuntimeError, KeyError) as error:
        message = str(error).strip().splitlines()
        raise FileReadError(f"truncated or damaged HDF5 file: {message[0] if message else error!r}") from None


def _attribute(h5py: Any, root: Any) -> bytes:
    if not h5py.h5a.exists(root, _CONFIG):
        raise WeightsOnlyError(
            "the file holds weights only: it has no `model_config`; inspect the model they were saved from"
        )
    attribute = h5py.h5a.open(root, _CONFIG)
    kind = attribute.get_type()
    if not isinstance(kind, h5py.h5t.TypeStringID) or attribute.shape not in ((), (1,)):
        raise FileReadError("its `model_config` is not a text")
    if attribute.get_storage_size() > MAX_BYTES:
        raise FileReadError(f"its `model_config` has {attribute.get_storage_size():,} bytes; at most {MAX_BYTES:,}")
    value = h5py.File(root).attrs[_CONFIG.decode()]
    if not isinstance(value, (str, bytes)):
        value = value[0] if len(value) else b""
    return value.encode("utf-8", "surrogateescape") if isinstance(value, str) else bytes(value)
