"""A progress line on standard error, which is removed at the end."""

from __future__ import annotations

import os
import shutil
import sys
import time
from types import TracebackType
from typing import TextIO

__all__ = ["ProgressLine", "StepLine"]

_PATIENCE = 0.3  # seconds without output, because many runs are done by then
_PAUSE = 0.1  # seconds between two updates
_RUNNERS = ("GITHUB_ACTIONS", "TF_BUILD")
"""Environment variables of runners that search for commands at the start of a line. There, no progress is shown."""


class ProgressLine:
    """A line such as `120 of 3400 files left: src/net.py`. It is only shown on a terminal.

    It is a context manager, which clears the line at the end.
    """

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = sys.stderr if stream is None else stream
        self._is_shown = self._stream.isatty() and not any(map(os.environ.get, _RUNNERS))
        self._next = time.monotonic() + _PATIENCE
        self._written = 0

    def __enter__(self) -> ProgressLine:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self.clear()

    def __call__(self, done: int, total: int, under_way: str) -> None:
        if under_way:
            self.show(f"{total - done} of {total} {'file' if total == 1 else 'files'} left: {under_way}")

    def show(self, text: str) -> None:
        """Write a line, if enough time has passed since the last one."""
        now = time.monotonic()
        if self._is_shown and now >= self._next:
            self._next = now + _PAUSE
            self._write(_fitting(text, _columns(self._stream)))

    def clear(self) -> None:
        """Remove the line."""
        if self._written:
            self._write("")
            self._stream.write("\r")
            self._stream.flush()

    def _write(self, text: str) -> None:
        self._stream.write("\r" + text.ljust(self._written))
        self._stream.flush()
        self._written = len(text)


def _columns(stream: TextIO) -> int:
    """The width of the terminal of a stream, even if standard output is not a terminal."""
    try:
        return os.get_terminal_size(stream.fileno()).columns or shutil.get_terminal_size().columns
    except (OSError, ValueError, AttributeError):  # it is not a terminal
        return shutil.get_terminal_size().columns


def _fitting(text: str, columns: int) -> str:
    """A text that fits into a row of the terminal. It is cut in the middle, and unprintable characters become `?`."""
    shown = "".join(character if character.isprintable() else "?" for character in text)
    width = max(columns - 1, 20)
    return shown if len(shown) <= width else f"{shown[: width // 2]}...{shown[len(shown) - width + width // 2 + 3 :]}"


class StepLine(ProgressLine):
    """A progress line with any text."""

    def __enter__(self) -> StepLine:
        return self

    def __call__(self, text: str) -> None:  # type: ignore[override]
        self.show(text)
