"""Imports the user's modules again if they have changed since an earlier model was built."""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from orderlint.runtime.sources import is_library_file

__all__ = ["Imports"]

Stamp = tuple[int, int]


class Imports:
    """The user's modules that were imported to build models, with the state of their files at that time."""

    def __init__(self) -> None:
        self._modules: dict[str, tuple[str, Stamp | None]] = {}

    @contextmanager
    def fresh(self) -> Iterator[None]:
        """If any of these modules has changed, import all of them again, because they may refer to each other.

        Modules of libraries, and those that were imported elsewhere, are not imported again.
        """
        if any(_stamp(file) != stamp for file, stamp in self._modules.values()):
            for name in self._modules:
                sys.modules.pop(name, None)
            self._modules.clear()
        importlib.invalidate_caches()
        before = set(sys.modules)
        try:
            yield
        finally:
            for name in set(sys.modules) - before:
                file = getattr(sys.modules[name], "__file__", None)
                if file and not is_library_file(file):
                    self._modules[name] = (file, _stamp(file))


def _stamp(file: str) -> Stamp | None:
    """The modification time and the size of a file; `None` if it does not exist."""
    try:
        status = os.stat(file)  # noqa: PTH116
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size
