"""What a run knows: rules, catalogue, project, and texts that are not saved. Handed in, never global."""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from orderlint.engine.plugins import Plugins, load_plugins

if TYPE_CHECKING:
    from orderlint.engine.cache import Cache
    from orderlint.judging import Registry
    from orderlint.runtime.reimporting import Imports
    from orderlint.source import Project

__all__ = ["Session"]


class Session:
    """What checks that belong together share: the rules there are, the modules that were read, unsaved texts.

    A command makes one a run, a server one a workspace; the functions of the API make one a call unless they are
    given one. What a session has read it looks at again at the beginning of each run, by time and size and then by
    content, so that it never judges by a file as it was. Two sessions share nothing. One session does one run at a
    time: a second thread waits.

    Args:
        texts: Texts to read instead of what files hold, by path: see `overlay`.
        plugins: The rules and roles there are; those of this environment if not given.
        cache: What files came to in earlier runs, or the folder where that is kept; none if not given.

    Attributes:
        seen: What the screening for the usual rules said of files already, by absolute path.
    """

    def __init__(
        self,
        texts: Mapping[str, bytes | str] | None = None,
        *,
        plugins: Plugins | None = None,
        cache: Cache | str | os.PathLike[str] | None = None,
    ) -> None:
        self.plugins = load_plugins() if plugins is None else plugins
        self.cache = _opened(cache, self.plugins)
        self.seen: Mapping[str, int] | None = None
        self._overlay: dict[str, bytes] = {}
        self._project: Project | None = None
        self._imports: Imports | None = None
        self._lock = threading.RLock()
        self._depth = 0
        for path, text in (texts or {}).items():
            self.overlay(path, text)

    def __reduce__(self) -> tuple[Any, ...]:
        return _rebuilt, (self._overlay, self.plugins)  # another process reads for itself

    @property
    def registry(self) -> Registry:
        """The rules there are."""
        return self.plugins.registry

    @property
    def project(self) -> Project:
        """The modules that imports lead to."""
        if self._project is None:
            from orderlint.source import Project

            self._project = Project(texts=self._overlay)
        return self._project

    @property
    def imports(self) -> Imports:
        """The modules that were imported to build models."""
        if self._imports is None:
            from orderlint.runtime.reimporting import Imports

            self._imports = Imports()
        return self._imports

    @property
    def texts(self) -> Mapping[str, bytes]:
        """What is read instead of what files hold, by absolute path."""
        return self._overlay

    def overlay(self, path: str | os.PathLike[str], text: bytes | str | None) -> None:
        """Read a text instead of what a file holds, as an editor wants it for what is not saved.

        Args:
            path: The file; it need not exist.
            text: Its text; `None` for what the file holds, from now on.
        """
        place = os.path.abspath(path)
        with self._lock:
            if text is None:
                self._overlay.pop(place, None)
            else:
                self._overlay[place] = text.encode() if isinstance(text, str) else text

    @contextlib.contextmanager
    def run(self, texts: Mapping[str, bytes] | None = None) -> Iterator[Project]:
        """One run: everything that is read in it is read as it is now, once.

        Args:
            texts: By absolute path: what to read besides the overlay, in this run.
        """
        with self._lock:
            before = dict(self._overlay)
            self._overlay.update(texts or {})
            if self._depth == 0 or texts:
                self.project.refresh()
            self._depth += 1
            try:
                yield self.project
            finally:
                self._depth -= 1
                if texts:
                    self._overlay.clear()
                    self._overlay.update(before)
                    self.project.refresh()


def _opened(cache: Cache | str | os.PathLike[str] | None, plugins: Plugins) -> Cache | None:
    if not isinstance(cache, (str, os.PathLike)):
        return cache
    from orderlint.engine.cache import open_cache

    return open_cache(plugins, cache)


def _rebuilt(texts: Mapping[str, bytes], plugins: Plugins) -> Session:
    return Session(texts, plugins=plugins)
