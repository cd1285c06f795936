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
    """The modules of the user's that were imported to build models, as their files were then."""

    def __init__(self) -> None:
        self._modules: dict[str, tuple[str, Stamp | None]] = {}

    @contextmanager
    def fresh(self) -> Iterator[None]:
        """Import changed modules again, and those that were imported with them, which still refer to the old ones.

        Modules that somebody else imported, and those of libraries, stay as they are.
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
    """Time of change and size of a file; `None` if it is gone."""
    try:
        status = os.stat(file)  # noqa: PTH116
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size
