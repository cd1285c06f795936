"""The part of a traceback that is in the user's code."""

from __future__ import annotations

import linecache
import traceback
from collections.abc import Iterator
from types import FrameType

from orderlint.runtime.sources import is_library_file, shown_path

__all__ = ["stopping_call", "users_traceback"]


def _user_frames(error: BaseException) -> Iterator[tuple[FrameType, int]]:
    link = error.__traceback__
    while link is not None:
        if not is_library_file(link.tb_frame.f_code.co_filename):
            yield link.tb_frame, link.tb_lineno
        link = link.tb_next


def stopping_call(error: BaseException) -> str:
    """The innermost line of user code that led to an error, as `net.py:12: x = tf.foo(x)`; empty if there is none."""
    frames = list(_user_frames(error))
    if not frames:
        return ""
    frame, line = frames[-1]
    name = frame.f_code.co_filename
    text = linecache.getline(name, line).strip()
    return f"{shown_path(name)}:{line}: {text}" if text else f"{shown_path(name)}:{line}"


def users_traceback(error: BaseException) -> str:
    """A traceback as Python prints it, but without the frames of libraries."""
    lines = []
    for frame, line in _user_frames(error):
        name = frame.f_code.co_filename
        lines.append(f'  File "{shown_path(name)}", line {line}, in {frame.f_code.co_name}\n')
        text = linecache.getline(name, line).strip()
        if text:
            lines.append(f"    {text}\n")
    if isinstance(error, SyntaxError):
        lines = []  # the frames are those of the import, and the error itself contains the place
    return "".join([*lines, *traceback.format_exception_only(type(error), error)]).rstrip()
