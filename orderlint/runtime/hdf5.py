"""Reads the attribute `model_config` of `.h5` model files as data, and nothing else.

The HDF5 library is not used, because damaged files made it hang (three of 542), raise unexpected errors, or allocate
1.6 GB to reject a text. Here, only the structures that lead to one attribute are read, each with a limit. So links,
filters, data sets and external files are never read. This also starts faster: h5py and NumPy take 150 ms to import.

Source: HDF5 File Format Specification Version 3.0, sections II (superblock), III.E (global heap), IV.A.1 (object
headers) and IV.A.2 (messages).
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from orderlint.runtime.beginnings import LETTERS, instead
from orderlint.runtime.errors import FileReadError, WeightsOnlyError
from orderlint.runtime.jsontext import MAX_BYTES

__all__ = ["read_config"]

_SIGNATURE: Final = b"\x89HDF\r\n\x1a\n"
_CONFIG: Final = b"model_config"
_ATTRIBUTE, _DENSE, _CONTINUATION = 0x0C, 0x15, 0x10
_STRING, _VARIABLE = 3, 9
_MAX_HEADER: Final = 2**20
"""The most bytes of the root's header. It contains a few attributes of at most 64 KiB."""
_MAX_BLOCKS: Final = 64
"""The most blocks of a header: in a damaged file, a header may continue in itself."""
_MAX_OBJECTS: Final = 2**16
"""The most objects in a heap, because their numbers have two bytes."""


class _Damaged(Exception):
    """Raised if a structure is not as expected, or ends too early."""


def read_config(path: Path) -> bytes:
    """The bytes of the attribute `model_config` of an HDF5 file.

    Raises:
        FileReadError: The file is truncated, damaged or not an HDF5 file, or the attribute is not text.
        WeightsOnlyError: The file contains weights without a model.
    """
    with path.open("rb") as stream:
        if not (start := stream.read(LETTERS)).startswith(_SIGNATURE):
            raise FileReadError(f"not an HDF5 file: {instead(start, 'one')}")
        try:
            return _config(_File.opened(stream))
        except _Damaged as error:
            raise FileReadError(f"truncated or damaged HDF5 file: {error}") from None


@dataclass(frozen=True, slots=True)
class _Block:
    """Some bytes of the file. Numbers are little-endian."""

    data: bytes

    def number(self, at: int, size: int) -> int:
        return int.from_bytes(self.bytes(at, size), "little")

    def bytes(self, at: int, size: int) -> bytes:
        if at < 0 or at + size > len(self.data):
            raise _Damaged("a structure ends too early")
        return self.data[at : at + size]


@dataclass(frozen=True, slots=True)
class _File:
    """An open file.

    Attributes:
        stream: The stream to read from.
        size: The size of the file, in bytes.
        address_size: The size of an address, in bytes.
        length_size: The size of a length, in bytes.
        root: The address of the header of the root group.
    """

    stream: BinaryIO
    size: int
    address_size: int
    length_size: int
    root: int

    @classmethod
    def opened(cls, stream: BinaryIO) -> _File:
        """Open the file in a stream, and read its superblock."""
        size = stream.seek(0, os.SEEK_END)
        stream.seek(0)
        block = _Block(stream.read(128))
        version = block.number(8, 1)
        if version > 3:
            raise _Damaged(f"its superblock has version {version}; at most version 3 is read")
        sizes = 13 if version < 2 else 9
        address, length = block.number(sizes, 1), block.number(sizes + 1, 1)
        if address not in (2, 4, 8) or length not in (2, 4, 8):
            raise _Damaged("its superblock has no valid size of addresses")
        if version < 2:  # four addresses, then the entry of the root with the addresses of its name and its header
            at = 24 if version == 0 else 28
            end, root = block.number(at + 2 * address, address), block.number(at + 5 * address, address)
        else:
            end, root = block.number(12 + 2 * address, address), block.number(12 + 3 * address, address)
        if end > size:
            raise _Damaged(f"it has {size:,} bytes of {end:,}")
        return cls(stream, size, address, length, root)

    def block(self, address: int, size: int) -> _Block:
        """`size` bytes from an address on."""
        if address + size > self.size:
            raise _Damaged("the file ends too early")
        self.stream.seek(address)
        return _Block(self.stream.read(size))


@dataclass(frozen=True, slots=True)
class _Message:
    """A message of an object header."""

    kind: int
    flags: int
    body: _Block


def _config(file: _File) -> bytes:
    messages = list(_messages(file))
    for message in messages:
        if message.kind == _ATTRIBUTE and not message.flags & 2:  # shared messages are stored elsewhere
            name, kind, rank_of, value = _attribute(message.body)
            if name == _CONFIG:
                return _text(file, kind, rank_of, value)
    if any(message.kind == _DENSE and _has_heap(file, message.body) for message in messages):
        raise FileReadError("orderlint cannot read the form in which its attributes are stored; save it as .keras")
    raise WeightsOnlyError(
        "the file contains weights only: it has no `model_config`; use the model they were saved from"
    )


# -- the header of the root -------------------------------------------------------------------------------------


def _messages(file: _File) -> Iterator[_Message]:
    """The messages in all blocks of the root's header."""
    start = file.block(file.root, 16)
    if start.bytes(0, 4) == b"OHDR":
        flags = start.number(5, 1)
        at = 6 + (16 if flags & 0x20 else 0) + (4 if flags & 0x10 else 0)
        size_bytes = 1 << (flags & 3)
        size = file.block(file.root + at, size_bytes).number(0, size_bytes)
        blocks = [(file.root + at + size_bytes, size)]
        read = _new_messages
    elif start.number(0, 1) == 1:
        flags = 0
        blocks = [(file.root + 16, start.number(8, 4))]
        read = _old_messages
    else:
        raise _Damaged("its root group has no valid header")
    left = _MAX_HEADER
    for number, (address, size) in enumerate(blocks):
        left -= size
        if left < 0 or number >= _MAX_BLOCKS:
            raise _Damaged("the header of its root group is too large")
        for message in read(file.block(address, size), flags):
            if message.kind == _CONTINUATION:
                blocks.append(_continuation(file, message.body, is_new=read is _new_messages))
            else:
                yield message


def _old_messages(block: _Block, flags: int) -> Iterator[_Message]:
    at = 0
    while at + 8 <= len(block.data):
        size = block.number(at + 2, 2)
        yield _Message(block.number(at, 2), block.number(at + 4, 1), _Block(block.bytes(at + 8, size)))
        at += 8 + size


def _new_messages(block: _Block, flags: int) -> Iterator[_Message]:
    at, head = 0, 6 if flags & 4 else 4
    while at + head <= len(block.data):
        size = block.number(at + 1, 2)
        yield _Message(block.number(at, 1), block.number(at + 3, 1), _Block(block.bytes(at + head, size)))
        at += head + size


def _continuation(file: _File, body: _Block, *, is_new: bool) -> tuple[int, int]:
    address = body.number(0, file.address_size)
    size = body.number(file.address_size, file.length_size)
    if not is_new:
        return address, size
    if file.block(address, 4).bytes(0, 4) != b"OCHK" or size < 8:
        raise _Damaged("the header of its root group continues outside the file")
    return address + 4, size - 8  # between the signature and the checksum


def _has_heap(file: _File, body: _Block) -> bool:
    """Whether attributes are stored in a separate heap, which is possible for more than eight of them."""
    at = 4 if body.number(1, 1) & 1 else 2
    return body.number(at, file.address_size) != (1 << 8 * file.address_size) - 1


# -- the attribute ----------------------------------------------------------------------------------------------


def _attribute(body: _Block) -> tuple[bytes, _Block, _Block, _Block]:
    """The name, data type, data space and data of an attribute."""
    version = body.number(0, 1)
    if version not in (1, 2, 3):
        raise _Damaged(f"an attribute has version {version}; at most version 3 is read")
    at = 9 if version == 3 else 8
    parts = []
    for place in (2, 4, 6):
        size = body.number(place, 2)
        parts.append(body.bytes(at, size))
        at += -(-size // 8) * 8 if version == 1 else size
    name, kind, space = parts
    return name.split(b"\0", 1)[0], _Block(kind), _Block(space), _Block(body.data[at:])


def _text(file: _File, kind: _Block, space: _Block, value: _Block) -> bytes:
    what, size = kind.number(0, 1) & 15, kind.number(4, 4)
    if (
        space.number(1, 1) > 1
        or (what == _VARIABLE and kind.number(1, 1) & 15 != 1)
        or what not in (_STRING, _VARIABLE)
    ):
        raise FileReadError("its `model_config` is not a string")
    if what == _STRING:
        return value.bytes(0, size).rstrip(b"\0")
    size = value.number(0, 4)
    if size > MAX_BYTES:
        raise FileReadError(f"its `model_config` has {size:,} bytes; at most {MAX_BYTES:,} are read")
    heap, index = value.number(4, file.address_size), value.number(4 + file.address_size, 4)
    return _heap_object(file, heap, index, size).rstrip(b"\0")


def _heap_object(file: _File, heap: int, index: int, size: int) -> bytes:
    """An object of a global heap. A collection contains objects with numbers, one after the other."""
    head = 8 + file.length_size
    start = file.block(heap, head)
    if start.bytes(0, 4) != b"GCOL":
        raise _Damaged("its `model_config` is not in a heap")
    at, end = heap + head, heap + start.number(8, file.length_size)
    for _ in range(_MAX_OBJECTS):
        if at + head > end:
            break
        entry = file.block(at, head)
        number, length = entry.number(0, 2), entry.number(8, file.length_size)
        if number == index:
            if size > length:
                raise _Damaged("its `model_config` is longer than the space for it")
            return file.block(at + head, size).data
        if number == 0:  # the free space at the end
            break
        at += head + -(-length // 8) * 8
    raise _Damaged("its `model_config` is not where it should be")
