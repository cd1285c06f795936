"""Hides the log messages of TensorFlow's start about the processor, oneDNN and missing GPUs.

From 2.17 on, TensorFlow logs these before it reads `TF_CPP_MIN_LOG_LEVEL`. It writes to the file descriptor of standard
error, so Python cannot filter them. While `import tensorflow` runs, a small separate process reads that descriptor. It
passes on everything else at once. If the import crashes, it shows the whole log.
"""

from __future__ import annotations

import contextlib
import importlib.util
import logging
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Final

__all__ = ["quiet_loading", "quiet_start"]

_LEVEL: Final = "TF_CPP_MIN_LOG_LEVEL"
_SEVERITIES: Final = "IWE"  # information, warnings, errors: a level hides that many; fatal errors are always shown
_LOGGERS: Final = ("absl", "tensorflow")
_STDERR: Final = 2  # the file descriptor of standard error
_DONE: Final = b"\0"  # sent at the end of an import that succeeded
_FILTER: Final = r"""
import re, sys
log = re.compile(rb"(\S+ \S+: )?[%s](\d{4} | \w+/)|WARNING: All log messages before absl::|To enable the following ins")
held, line = [], b""
for line in sys.stdin.buffer:
    if log.match(line):
        held.append(line)
    elif line != b"\0":
        sys.stderr.buffer.write(line)
        sys.stderr.buffer.flush()
if line != b"\0":
    sys.stderr.buffer.writelines(held)
"""


@contextlib.contextmanager
def quiet_start() -> Iterator[None]:
    """Hide TensorFlow's log messages while it is imported within the block.

    Nothing is hidden if `TF_CPP_MIN_LOG_LEVEL` is 0, or if the import fails.
    """
    level = os.environ.setdefault(_LEVEL, "3")
    severities = _SEVERITIES[: int(level)] if level.isdecimal() else ""
    if not severities or "tensorflow" in sys.modules:
        yield
        return
    watcher = _Watcher(severities)
    sys.meta_path.insert(0, watcher)
    try:
        yield
    finally:
        with contextlib.suppress(ValueError):
            sys.meta_path.remove(watcher)


@contextlib.contextmanager
def quiet_loading() -> Iterator[None]:
    """Hide the warnings of Keras about a saved model, such as that it has to be compiled again."""
    loggers = [logging.getLogger(name) for name in _LOGGERS if name in logging.root.manager.loggerDict]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.ERROR)
    try:
        yield
    finally:
        for logger, level in zip(loggers, levels, strict=True):
            logger.setLevel(level)


class _Watcher(MetaPathFinder):
    """Wraps the import of TensorFlow, from any module."""

    def __init__(self, severities: str) -> None:
        self._severities = severities

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if name != "tensorflow":
            return None
        sys.meta_path.remove(self)
        spec = importlib.util.find_spec(name)
        if spec is not None and hasattr(spec.loader, "exec_module"):
            self._wrap(spec.loader)
        return spec

    def _wrap(self, loader: object) -> None:
        run = loader.exec_module  # type: ignore[attr-defined]

        def exec_module(module: ModuleType) -> None:
            del loader.exec_module  # type: ignore[attr-defined]  # that of the instance; the class has its own
            with _filtered(self._severities):
                run(module)

        loader.exec_module = exec_module  # type: ignore[attr-defined]


@contextlib.contextmanager
def _filtered(severities: str) -> Iterator[None]:
    """Filter standard error until the block ends. If the process cannot be started, nothing is filtered."""
    sys.stderr.flush()
    kept = os.dup(_STDERR)
    try:
        command = [sys.executable, "-I", "-S", "-c", _FILTER % severities]
        reader = subprocess.Popen(command, stdin=subprocess.PIPE, stderr=kept)
    except OSError:
        os.close(kept)
        yield
        return
    assert reader.stdin is not None
    os.dup2(reader.stdin.fileno(), _STDERR)
    reader.stdin.close()
    try:
        yield
        sys.stderr.flush()
        os.write(_STDERR, _DONE)
    finally:
        sys.stderr.flush()
        os.dup2(kept, _STDERR)
        os.close(kept)
        reader.wait()
