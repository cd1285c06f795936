"""Imports modules with replaced source text, to try a repair before it is written."""

from __future__ import annotations

import importlib.util
import linecache
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.machinery import SourceFileLoader
from types import CodeType
from typing import Any

__all__ = ["Overlay"]


class Overlay:
    """Source texts that are imported instead of the content of files.

    Args:
        sources: By path, the bytes to run instead of those of the file; `None` to run the file itself.

    Attributes:
        loaded: The paths among them that were imported.
    """

    def __init__(self, sources: Mapping[str, bytes | None]) -> None:
        self._sources = {os.path.realpath(path): (path, data) for path, data in sources.items()}
        self.loaded: set[str] = set()

    @contextmanager
    def installed(self) -> Iterator[None]:
        """Use the texts for all imports until the block ends."""
        overlay, inherited = self, SourceFileLoader.get_code

        def get_code(loader: SourceFileLoader, name: str) -> CodeType | None:
            path = loader.get_filename(name)
            given, data = overlay._sources.get(os.path.realpath(path), (None, None))
            if given is not None:
                overlay.loaded.add(given)
            return inherited(loader, name) if data is None else _compiled(loader, data, path)

        SourceFileLoader.get_code = get_code  # type: ignore[assignment,method-assign]
        try:
            yield
        finally:
            SourceFileLoader.get_code = inherited  # type: ignore[method-assign]


def _compiled(loader: SourceFileLoader, data: bytes, path: str) -> CodeType:
    # Code that needs the source of a function gets this text, too: TensorFlow converts the source of `call`.
    lines = importlib.util.decode_source(data).splitlines(keepends=True)
    linecache.cache[path] = (len(data), None, lines, path)
    code: Any = loader.source_to_code(data, path)
    assert isinstance(code, CodeType)
    return code
