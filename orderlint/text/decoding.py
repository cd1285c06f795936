"""Decodes and encodes source text: encodings, byte order marks, newlines, and positions of characters.

Lines are counted like in an editor: a line only ends at `\\n`, `\\r\\n` or a lone `\\r`. It does not end at a form feed
or at U+2028, where `str.splitlines` would split.
"""

from __future__ import annotations

import codecs
import re
from bisect import bisect_right

from orderlint.records import record

__all__ = [
    "NEWLINE",
    "DecodedText",
    "LineTable",
    "SourceError",
    "decode",
    "dominant_newline",
    "encode",
    "without_surrogates",
]

NEWLINE = re.compile(r"\r\n?|\n")
_NEWLINE_BYTES = re.compile(rb"\r\n?|\n")
_WIDE_MARKS = {
    codecs.BOM_UTF32_LE: "UTF-32",  # before UTF-16: its mark starts with the same two bytes
    codecs.BOM_UTF32_BE: "UTF-32",
    codecs.BOM_UTF16_LE: "UTF-16",
    codecs.BOM_UTF16_BE: "UTF-16",
}


class SourceError(Exception):
    """Raised if a file cannot be read as source code. The message is for the user: it gives the reason."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


@record(frozen=True, slots=True)
class DecodedText:
    """The text of a file, and what is needed to write it again.

    Attributes:
        text: The text without the byte order mark, with the newlines of the file.
        encoding: The codec, as Python names it.
        bom: The byte order mark; `b""` if there is none.
        is_exact: Whether the codec encodes the text to the same bytes. For example, `unicode_escape` would write each
            newline as an escape, so that all code would be in the comment of the first line.
    """

    text: str
    encoding: str
    bom: bytes = b""
    is_exact: bool = True


class LineTable:
    """Where the lines of a text start.

    >>> LineTable("a\\r\\nbc").position(4)
    (2, 2)
    """

    __slots__ = ("_length", "_starts")

    def __init__(self, text: str) -> None:
        self._starts = [0, *(match.end() for match in NEWLINE.finditer(text))]
        self._length = len(text)

    def position(self, offset: int) -> tuple[int, int]:
        """The line and column of a character offset, both from 1. Columns are counted in code points."""
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1

    def offset(self, line: int, column: int) -> int:
        """The character offset of a line and column. A place outside of the text counts as its nearest end."""
        if line < 1:
            return 0
        if line > len(self._starts):
            return self._length
        return min(self._starts[line - 1] + max(column - 1, 0), self._length)

    def __len__(self) -> int:
        return len(self._starts)


def dominant_newline(text: str) -> str:
    """The most common newline of a text; `"\\n"` if it has only one line."""
    windows = text.count("\r\n")
    counts = {"\n": text.count("\n") - windows, "\r\n": windows, "\r": text.count("\r") - windows}
    return max(counts, key=counts.__getitem__)


def decode(data: bytes, *, cookie: bool = True) -> DecodedText:
    """The text of a file.

    Args:
        data: The bytes of the file.
        cookie: Whether a coding comment in the first two lines counts, as it does in Python source.

    Raises:
        SourceError: The bytes are not text, or are not in the encoding that the file declares.
    """
    for mark, name in _WIDE_MARKS.items():
        if data.startswith(mark):
            raise SourceError(f"the file is encoded in {name}, which Python does not read; save it as UTF-8")
    if (at := data.find(b"\0")) >= 0:
        raise SourceError(
            f"the file contains a NUL byte in line {_line_of(data, at)}, so it is not source text; save it as UTF-8"
        )
    bom = codecs.BOM_UTF8 if data.startswith(codecs.BOM_UTF8) else b""
    encoding = _declared_encoding(data) if cookie else "utf-8"
    body = data[len(bom) :]
    try:
        text = body.decode(encoding)
        return DecodedText(text, encoding, bom, encoding == "utf-8" or _writes(encoding, text, body))
    except UnicodeDecodeError as error:
        line = _line_of(body, error.start)
        raise SourceError(_bad_byte(encoding, line, body[error.start], cookie=cookie)) from None
    except LookupError:
        raise SourceError(_NO_TEXT.format(encoding)) from None
    except ValueError as error:  # codecs that are written in Python raise other kinds of `ValueError`
        why = " ".join(str(error).split())
        raise SourceError(f"the file is not valid {encoding}: {why}; correct the coding comment") from None


def encode(text: str, like: DecodedText) -> bytes:
    """The bytes of a changed text, with the encoding and the byte order mark of the original.

    Raises:
        SourceError: The encoding cannot encode a character of the text, or would encode unchanged text differently.
    """
    if not like.is_exact:
        raise SourceError(f"the file cannot be written in {like.encoding} without other changes; save it as UTF-8")
    try:
        return like.bom + text.encode(like.encoding)
    except UnicodeEncodeError as error:
        missing = text[error.start : error.start + 1]
        raise SourceError(f"the character {missing!r} cannot be written in {like.encoding}") from None
    except ValueError:  # codecs that are written in Python raise other kinds of `ValueError`
        raise SourceError(f"the changed text cannot be written in {like.encoding}; save the file as UTF-8") from None


def _writes(encoding: str, text: str, data: bytes) -> bool:
    """Whether an encoding encodes a text to the bytes that it was decoded from."""
    try:
        return text.encode(encoding) == data
    except (LookupError, ValueError):  # some codecs can only decode
        return False


def without_surrogates(text: str) -> str:
    """The text with `?` in place of each lone surrogate, which cannot be encoded or parsed.

    A notebook may contain one, as an escape in its JSON.
    """
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-8", "replace").decode()
    return text


_NO_TEXT = "the encoding `{}`, named in a coding comment, is not a text encoding; name one, such as utf-8"


def _declared_encoding(data: bytes) -> str:
    """The encoding of Python source code (PEP 263): that of a coding comment in the first two lines, or else UTF-8.

    Raises:
        SourceError: The coding comment is wrong.
    """
    lines = [line + b"\n" for line in _NEWLINE_BYTES.split(data[:1000], 2)[:2]]
    if not any(b"coding" in line for line in lines):
        return "utf-8"
    from tokenize import detect_encoding  # slow to import, and only needed for files with a coding comment

    try:
        encoding, _ = detect_encoding(iter([*lines, b""]).__next__)
    except SyntaxError as error:
        if data.startswith(codecs.BOM_UTF8):
            raise SourceError(
                "the coding comment contradicts the byte order mark, which says UTF-8; delete the comment"
            ) from None
        raise SourceError(_not_followed(error.msg)) from None
    except LookupError as error:  # from Python 3.14 on, the lines are decoded there
        raise SourceError(_NO_TEXT.format(str(error).partition("'")[2].partition("'")[0])) from None
    except ValueError as error:
        raise SourceError(_not_followed(str(error))) from None
    return "utf-8" if encoding == "utf-8-sig" else encoding


_UNKNOWN = re.compile(r"unknown encoding\b.*: *(\S+)")
_USUAL = ("utf-8", "latin-1", "ascii", "cp1252")


def _not_followed(why: str) -> str:
    """The message about a coding comment, from Python's message."""
    unknown = _UNKNOWN.search(why)
    if unknown is None:
        return f"the coding comment cannot be followed: {why}; name another encoding, such as utf-8"
    from orderlint.words import hint

    near = hint(unknown[1], _USUAL, otherwise="; name one that Python knows, such as utf-8")
    return f"the coding comment names an unknown encoding, `{unknown[1]}`{near}"


def _line_of(data: bytes, offset: int) -> int:
    return 1 + len(_NEWLINE_BYTES.findall(data, 0, offset))


def _bad_byte(encoding: str, line: int, byte: int, *, cookie: bool) -> str:
    if not cookie:
        hint = "save it as UTF-8"
    elif encoding == "utf-8":
        hint = "save it as UTF-8, or name its encoding in the first line (`# -*- coding: latin-1 -*-`)"
    else:
        hint = "correct the coding comment"
    return f"the file is not valid {encoding}: byte 0x{byte:02x} in line {line}; {hint}"
