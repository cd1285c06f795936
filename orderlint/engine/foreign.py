"""Named files that build their layers with another library, or in another language."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from orderlint.diagnostics import FileWarning
from orderlint.engine.targets import Target
from orderlint.graph import Location
from orderlint.text.files import FileKind, SourceError, SourceFile
from orderlint.text.notebook import other_language

__all__ = ["about_foreign"]

_IMPORT = re.compile(r"^[ \t]*(?:import|from)[ \t]+(torch|flax|paddle|mxnet|mlx)\b", re.MULTILINE)
_NAMES = {"torch": "PyTorch", "flax": "Flax", "paddle": "Paddle", "mxnet": "MXNet", "mlx": "MLX"}


def about_foreign(targets: Iterable[Target]) -> Iterator[tuple[Target, FileWarning]]:
    """The named targets without Keras layers that use another library or language, each with a warning."""
    for target in targets:
        if target.is_named:
            try:
                warnings = _about_file(target.read())
            except SourceError:  # it was read before, and has been deleted since
                continue
            yield from ((target, warning) for warning in warnings)


def _about_file(file: SourceFile) -> Iterator[FileWarning]:
    """The warning that a file uses another library or language, if it does."""
    if file.kind is FileKind.NOTEBOOK and not file.cells and (language := other_language(file.text)) is not None:
        yield FileWarning(Location(file.path), f"is a notebook in `{language}`: orderlint checks Python only")
        return
    if "keras" in file.text or "tensorflow" in file.text:
        return
    for cell in file.cells:
        if (found := _IMPORT.search(cell.text)) is not None:
            text = f"imports {_NAMES[found[1]]} and has no Keras layers: orderlint checks Keras models only"
            yield FileWarning(cell.location(found.start(1), found.end(1)), text)
            return
