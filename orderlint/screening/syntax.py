"""Whether Python can parse a file, determined as cheaply as possible."""

from __future__ import annotations

import os
import sys
from _frozen_importlib_external import MAGIC_NUMBER  # loaded at the start, unlike `importlib.util`

__all__ = ["python_reads"]

_OVERFLOWS: bool = sys.version_info[:2] < (3, 11)  # deep nesting overflows the stack, so the text is scanned first
_ONLY_TREE = 0x400  # ast.PyCF_ONLY_AST, without importing `ast`
_SMALL = 65_000
"""The number of bytes that cannot be too many tokens, because each token has at least one byte."""
_REFUSALS = (SyntaxError, ValueError, RecursionError, MemoryError, OverflowError)


def python_reads(path: str | None, data: bytes) -> bool:
    """Whether the running Python can parse a file. A file whose tree would fill the memory is not parsed.

    Args:
        path: The file; `None` for a text without a file.
        data: Its content.
    """
    return (path is not None and _is_compiled(path, len(data))) or (not _is_too_large(data) and _parses(data))


def _is_too_large(data: bytes) -> bool:
    if len(data) <= _SMALL:
        return False
    from orderlint.text.size import MOST_TOKENS, num_tokens

    return num_tokens(data.decode("latin-1")) > MOST_TOKENS  # a letter of several bytes may count as several tokens


def _is_compiled(path: str, size: int) -> bool:
    """Whether Python has compiled exactly this file before, according to the size and time in its cached bytecode.

    Only the header is read. It is trusted as far as Python itself trusts it for an import.
    """
    tag = sys.implementation.cache_tag
    if tag is None or sys.pycache_prefix is not None:
        return False
    folder, name = os.path.split(path)
    cached = os.path.join(folder, "__pycache__", f"{name.rpartition('.')[0]}.{tag}.pyc")
    try:
        descriptor = os.open(cached, os.O_RDONLY | getattr(os, "O_BINARY", 0))
        try:
            header = os.read(descriptor, 16)
        finally:
            os.close(descriptor)
        if len(header) < 16 or header[:8] != MAGIC_NUMBER + b"\0\0\0\0":  # no flags: it is checked by time
            return False
        modified = int(os.stat(path).st_mtime) & 0xFFFFFFFF
    except OSError:
        return False
    return header[8:] == modified.to_bytes(4, "little") + (size & 0xFFFFFFFF).to_bytes(4, "little")


def _parses(data: bytes) -> bool:
    if _OVERFLOWS:
        return _parses_carefully(data)
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # invalid escapes and similar warnings do not matter here
        try:
            _symbols(data)
        except _REFUSALS:
            # Code that parses and does not compile, such as `return` outside a function, is analyzed anyway.
            return _has_tree(data)
    return True


def _symbols(data: bytes) -> None:
    """Parse without building a tree of Python objects, which would take longer than the parse."""
    try:
        from _symtable import symtable  # type: ignore[import-not-found]
    except ImportError:  # an implementation other than CPython
        compile(data, "<text>", "exec", _ONLY_TREE, dont_inherit=True)
    else:
        symtable(data, "<text>", "exec")


def _has_tree(data: bytes) -> bool:
    try:
        compile(data, "<text>", "exec", _ONLY_TREE, dont_inherit=True)
    except _REFUSALS:
        return False
    return True


def _parses_carefully(data: bytes) -> bool:
    from orderlint.text.decoding import SourceError, decode
    from orderlint.text.parsing import python_accepts

    try:
        return python_accepts(decode(data).text)
    except SourceError:
        return False
