"""Records source lines while a model is built. Keras itself does not store them.

While a `SourceRecorder` is active, it records the user's expression for each application and each construction of a
layer. Before Python 3.11, only the line is known.
"""

from __future__ import annotations

import functools
import linecache
import os
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from itertools import islice
from pathlib import Path
from types import CodeType, FrameType
from typing import Any, Final

from orderlint.graph import Location
from orderlint.runtime.library import Library, libraries_loaded
from orderlint.runtime.roles import is_keras

__all__ = ["SourceRecorder", "is_library_file", "shown_path"]

_PACKAGE: Final = Path(__file__).resolve().parent.parent.as_posix() + "/"
_STANDARD: Final = Path(os.__file__).parent.as_posix() + "/"
_LIBRARY_PARTS: Final = ("/site-packages/", "/dist-packages/")
_STAND_INS: Final = frozenset({__name__, "orderlint.runtime.standins"})
_OWN_LAYERS: Final = ("/models/sequential.py", "/engine/sequential.py")


class SourceRecorder:
    """Records where layers are constructed and applied."""

    def __init__(self) -> None:
        self._applied: dict[int, tuple[Any, Location]] = {}
        self._constructed: dict[int, tuple[Any, Location]] = {}
        self._places: dict[tuple[int, int], tuple[CodeType, Location]] = {}

    def applied(self, node: Any) -> Location | None:
        """The location where a layer was applied, by its node; `None` if it is not known."""
        found = self._applied.get(id(node))
        return found[1] if found else None

    def constructed(self, layer: Any) -> Location | None:
        """The location where a layer was constructed; `None` if it is not known."""
        found = self._constructed.get(id(layer))
        return found[1] if found else None

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Record in this thread, for all loaded generations of Keras, until the block ends."""
        with ExitStack() as stack:
            for library in libraries_loaded():
                stack.enter_context(self.recording(library))
            yield

    @contextmanager
    def recording(self, library: Library) -> Iterator[None]:
        """Record in this thread, for one generation of Keras, until the block ends."""
        thread = threading.get_ident()
        make_node = library.node_class.__init__
        make_layer = library.layer_class.__init__

        def node_init(node: Any, *args: Any, **kwargs: Any) -> None:
            make_node(node, *args, **kwargs)
            if threading.get_ident() == thread:
                self._note_node(node, sys._getframe(1))

        @functools.wraps(make_layer)
        def layer_init(layer: Any, *args: Any, **kwargs: Any) -> None:
            if threading.get_ident() == thread:
                self._note_layer(layer, sys._getframe(1))
            make_layer(layer, *args, **kwargs)

        library.node_class.__init__ = node_init
        library.layer_class.__init__ = layer_init
        try:
            yield
        finally:
            library.node_class.__init__ = make_node
            library.layer_class.__init__ = make_layer

    def _note_node(self, node: Any, frame: FrameType | None) -> None:
        # Nodes and layers are kept alive, so that their ids are not used again.
        while frame is not None and _is_hidden(frame):
            if frame.f_code.co_filename.endswith(_OWN_LAYERS):
                return  # Keras applied it, so it is reported where it was constructed
            frame = frame.f_back
        if frame is not None and not _is_ours(frame):
            self._applied[id(node)] = (node, self._location(frame))

    def _note_layer(self, layer: Any, frame: FrameType | None) -> None:
        while frame is not None and (_is_hidden(frame) or _constructs(frame, layer)):
            frame = frame.f_back
        if frame is not None and not _is_ours(frame):
            self._constructed[id(layer)] = (layer, self._location(frame))

    def _location(self, frame: FrameType) -> Location:
        """The expression that a frame evaluates. It is only computed once, because loops and helpers run it again."""
        code = frame.f_code
        key = id(code), frame.f_lasti  # by identity, because code objects of different files may be equal
        if key not in self._places:
            self._places[key] = code, _location(frame)
        return self._places[key][1]


def _is_hidden(frame: FrameType) -> bool:
    """Whether a frame belongs to a library, such as Keras or TensorFlow, or to our substitutes for them."""
    module = frame.f_globals.get("__name__", "")
    if is_keras(module) or module.startswith("tensorflow.") or module in _STAND_INS:
        return True
    return not _is_ours(frame) and is_library_file(frame.f_code.co_filename, applications=False)


def _is_ours(frame: FrameType) -> bool:
    """Whether a frame belongs to orderlint. Its callers have nothing to do with the model."""
    name: str = frame.f_globals.get("__name__", "")
    return name.startswith("orderlint.")


def _constructs(frame: FrameType, layer: Any) -> bool:
    """Whether a frame is an `__init__` of the layer itself, which calls `super().__init__`."""
    return frame.f_code.co_name == "__init__" and frame.f_locals.get("self") is layer


def is_library_file(name: str, *, applications: bool = True) -> bool:
    """Whether a file is part of an installed library, or of orderlint.

    Args:
        name: The path of the file.
        applications: Whether `keras.applications` counts as a library. Its models look like those of users.
    """
    path = name.replace("\\", "/")
    if path.startswith((_PACKAGE, _STANDARD)) or name.startswith("<frozen"):
        return True
    if not applications and "/applications/" in path:
        return False
    return any(part in path for part in _LIBRARY_PARTS)


def _location(frame: FrameType) -> Location:
    """The location of the expression that a frame evaluates."""
    code = frame.f_code
    path = shown_path(code.co_filename)
    line, end_line, column, end_column = _position(code, frame.f_lasti)
    if line is None or column is None or end_line is None or end_column is None:
        return Location(path, frame.f_lineno, 0, frame.f_lineno, 0)
    return Location(
        path,
        line,
        _characters(code.co_filename, line, column) + 1,
        end_line,
        _characters(code.co_filename, end_line, end_column) + 1,
    )


def _position(code: CodeType, instruction: int) -> tuple[int | None, int | None, int | None, int | None]:
    """The first line, last line, start byte and end byte of the expression of an instruction; `None` if not known."""
    positions = getattr(code, "co_positions", None)  # new in Python 3.11
    if positions is None:
        return None, None, None, None
    found: tuple[int | None, int | None, int | None, int | None]
    found = next(islice(positions(), instruction // 2, None), (None, None, None, None))
    return found


def _characters(path: str, line: int, num_bytes: int) -> int:
    """The number of code points in the first bytes of a line."""
    text = linecache.getline(path, line)
    return num_bytes if text.isascii() else len(text.encode()[:num_bytes].decode(errors="replace"))


def shown_path(name: str) -> str:
    """A path as reports show it: relative to the current folder if it is below it, with forward slashes."""
    path = Path(name)
    try:
        return path.resolve().relative_to(Path.cwd()).as_posix()
    except (OSError, ValueError):
        return path.as_posix()
