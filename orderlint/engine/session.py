"""The state of a run: rules, catalog, project, and unsaved texts. It is passed as an argument and is never global."""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from orderlint.engine.plugins import Plugins, load_plugins

if TYPE_CHECKING:
    from orderlint.engine.cache import Cache
    from orderlint.engine.last_analysis import LastAnalysis
    from orderlint.glance import Glance
    from orderlint.judging import Registry
    from orderlint.runtime.reimporting import Imports
    from orderlint.screening.screen import Screen
    from orderlint.source import Project

__all__ = ["Session"]


class Session:
    """The state that several checks share: the rules, the modules that were read, and unsaved texts.

    A command has one session for each run, and the language server has one for each workspace. The functions of the API
    create a session for each call, unless they receive one. At the start of each run, a session checks whether the
    files that it has read have changed, so that it never uses an old version. Two sessions share nothing. A session
    does one run at a time, and a second thread waits.

    Args:
        texts: Texts by path, to use instead of the content of these files. See `overlay`.
        plugins: The rules and roles. The default is those of this environment.
        cache: The cached results of earlier runs, or the folder with them. By default, there is no cache.
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
        self.seen: Mapping[str, int] | None = None  # the verdicts of files for the default rules, by absolute path
        self.screen: Screen | None = None  # the screen that determined them
        self.last_analysis: LastAnalysis | None = None  # the analysis of the text that was repaired last
        self._overlay: dict[str, bytes] = {}
        self._project: Project | None = None
        self._glance: Glance | None = None
        self._imports: Imports | None = None
        self._lock = threading.RLock()
        self._depth = 0
        for path, text in (texts or {}).items():
            self.overlay(path, text)

    def __reduce__(self) -> tuple[Any, ...]:
        return _rebuilt, (self._overlay, self.plugins)  # another process reads the files itself

    @property
    def registry(self) -> Registry:
        """The available rules."""
        return self.plugins.registry

    @property
    def project(self) -> Project:
        """The modules of the project, by their imports."""
        if self._project is None:
            from orderlint.source import Project

            self._project = Project(texts=self._overlay)
        return self._project

    @property
    def glance(self) -> Glance:
        """The quick pass, which clears most files whose layers are in order."""
        if self._glance is None:
            from orderlint.glance import Glance

            self._glance = Glance(self.project)
        return self._glance

    @property
    def imports(self) -> Imports:
        """The modules that were imported to build models."""
        if self._imports is None:
            from orderlint.runtime.reimporting import Imports

            self._imports = Imports()
        return self._imports

    @property
    def texts(self) -> Mapping[str, bytes]:
        """The texts that are used instead of the content of files, by absolute path."""
        return self._overlay

    def overlay(self, path: str | os.PathLike[str], text: bytes | str | None) -> None:
        """Use a text instead of the content of a file, for example the unsaved text of an editor.

        Args:
            path: The file. It does not have to exist.
            text: The text, or `None` to use the content of the file again.
        """
        place = os.path.abspath(path)
        with self._lock:
            if text is None:
                self._overlay.pop(place, None)
            else:
                self._overlay[place] = text.encode() if isinstance(text, str) else text

    @contextlib.contextmanager
    def run(self, texts: Mapping[str, bytes] | None = None) -> Iterator[Project]:
        """A run. Each file is read at most once, in its current state.

        Args:
            texts: Texts for this run, by absolute path, in addition to the overlay.
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
