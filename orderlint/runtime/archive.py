"""Reads `.keras` archives as data: only one JSON member is read, nothing is extracted, and no object is created."""

from __future__ import annotations

import stat
import struct
import zipfile
import zlib
from pathlib import Path
from typing import BinaryIO, Final

from orderlint.runtime.beginnings import LETTERS, instead
from orderlint.runtime.errors import FileReadError, WeightsOnlyError
from orderlint.runtime.jsontext import MAX_BYTES

__all__ = ["read_config"]

_CONFIG: Final = "config.json"
_MAX_MEMBERS: Final = 20_000
_MAX_DIRECTORY: Final = 8 * 2**20  # bytes of the table of contents, which is read into memory
_MAX_RATIO: Final = 200  # compression ratio: 10 to 60 for JSON of repeated layers, more than 1,000 for a zip bomb
_ENCRYPTED: Final = 0x1
_READABLE: Final = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})  # others may need gigabytes of memory
_CHUNK: Final = 2**20


def read_config(path: Path) -> bytes:
    """The bytes of `config.json` in a `.keras` archive.

    Raises:
        FileReadError: The file is not an archive, or is truncated, damaged, encrypted or unsafe.
        WeightsOnlyError: The file contains weights without a model.
    """
    with path.open("rb") as file:
        _check_directory(file)
        try:
            with zipfile.ZipFile(file) as archive:
                return _read_member(archive, _find_config(archive))
        except zipfile.BadZipFile as error:
            raise FileReadError(f"damaged archive: {error}") from None
        except (EOFError, struct.error, NotImplementedError, UnicodeDecodeError, zipfile.LargeZipFile) as error:
            raise FileReadError(f"damaged archive: {error or type(error).__name__}") from None


def _check_directory(file: BinaryIO) -> None:
    """Refuse a file that is not an archive, or whose table of contents would fill the memory."""
    if (start := file.read(LETTERS))[:4] not in (b"PK\x03\x04", b"PK\x05\x06"):
        raise FileReadError(f"not a .keras archive: {instead(start, 'a zip file')}")
    size = file.seek(0, 2)
    file.seek(max(0, size - 2**16 - 22))
    tail = file.read()
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) - at < 22:
        raise FileReadError("truncated archive: its table of contents, which is at the end, is missing")
    _, _, _, count, length, _, _ = struct.unpack("<HHHHIIH", tail[at + 4 : at + 22])
    locator = tail[at - 20 : at] if at >= 20 else b""
    if locator[:4] == b"PK\x06\x07":
        count, length = _zip64_directory(file, locator)
    if count > _MAX_MEMBERS or length > _MAX_DIRECTORY:
        raise FileReadError(f"the archive lists {count:,} members; at most {_MAX_MEMBERS:,} are read")
    file.seek(0)


def _zip64_directory(file: BinaryIO, locator: bytes) -> tuple[int, int]:
    """The number of members of a large archive, and the bytes of its table of contents."""
    (offset,) = struct.unpack("<Q", locator[8:16])
    file.seek(min(offset, 2**62))
    record = file.read(56)
    if len(record) < 56 or record[:4] != b"PK\x06\x06":
        raise FileReadError("damaged archive: its table of contents is not where it should be")
    count, length = struct.unpack("<QQ", record[32:48])
    return count, length


def _find_config(archive: zipfile.ZipFile) -> zipfile.ZipInfo:
    found = []
    for member in archive.infolist():
        _check_member(member)
        if member.filename == _CONFIG:
            found.append(member)
    if len(found) > 1:
        raise FileReadError(
            f"the archive has {len(found)} members called {_CONFIG}, so it is unclear which one is the model"
        )
    if found:
        return found[0]
    names = {member.filename for member in archive.infolist()}
    if any(name.endswith(".h5") for name in names):
        raise WeightsOnlyError("the archive contains weights only: it has no config.json with the model")
    raise FileReadError("not a .keras archive: it has no config.json with the model")


def _check_member(member: zipfile.ZipInfo) -> None:
    name = member.filename
    parts = name.replace("\\", "/").split("/")
    if ".." in parts or name.startswith(("/", "\\")) or parts[0].endswith(":"):
        raise FileReadError(f"unsafe archive: its member {name[:80]!r} would lie outside of it")
    if stat.S_ISLNK(member.external_attr >> 16):
        raise FileReadError(f"unsafe archive: its member {name[:80]!r} is a symbolic link")


def _read_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes:
    if member.flag_bits & _ENCRYPTED:
        raise FileReadError(f"the archive is encrypted: its {_CONFIG} cannot be read")
    if member.compress_type not in _READABLE:
        raise FileReadError(f"{_CONFIG} is packed with method {member.compress_type}; Keras stores or deflates")
    if member.file_size > MAX_BYTES:
        raise FileReadError(f"{_CONFIG} unpacks to {member.file_size:,} bytes; at most {MAX_BYTES:,} are read")
    if member.file_size > _CHUNK and member.file_size > _MAX_RATIO * max(member.compress_size, 1):
        ratio = member.file_size // max(member.compress_size, 1)
        raise FileReadError(f"{_CONFIG} unpacks to {ratio:,} times its size; at most {_MAX_RATIO} times is read")
    return _read_bounded(archive, member)


def _read_bounded(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes:
    """The bytes of a member, but never more than the declared size, which may be wrong."""
    pieces, length = [], 0
    try:
        with archive.open(member) as stream:
            while piece := stream.read(_CHUNK):
                length += len(piece)
                if length > member.file_size:
                    raise FileReadError(f"{_CONFIG} unpacks to more than the {member.file_size:,} bytes it declares")
                pieces.append(piece)
    except RuntimeError as error:  # it is encrypted according to its local header only
        raise FileReadError(f"{_CONFIG} cannot be read: {error}") from None
    except zlib.error as error:
        raise FileReadError(f"damaged archive: {_CONFIG} does not unpack ({error})") from None
    if length < member.file_size:
        raise FileReadError(f"truncated archive: {_CONFIG} has {length:,} of its {member.file_size:,} bytes")
    return b"".join(pieces)
