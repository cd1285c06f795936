"""Named files that build their layers with another library."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from orderlint.diagnostics import FileWarning
from orderlint.engine.targets import Target
from orderlint.text.files import SourceError, SourceFile

__all__ = ["about_foreign"]

_IMPORT = re.compile(r"^[ \t]*(?:import|from)[ \t]+(torch|flax|paddle|mxnet|mlx)\b", re.MULTILINE)
_NAMES = {"torch": "PyTorch", "flax": "Flax", "paddle": "Paddle", "mxnet": "MXNet", "mlx": "MLX"}


def about_foreign(targets: Iterable[Target]) -> Iterator[tuple[Target, FileWarning]]:
    """The named targets without Keras layers that use another library, each with a warning."""
    for target in targets:
        if target.is_named:
            try:
                warnings = _about_file(target.read())
            except SourceError:  # it was read before, and has been deleted since
                continue
            yield from ((target, warning) for warning in warnings)


def _about_file(file: SourceFile) -> Iterator[FileWarning]:
    """The warning that a file uses another library, if it does."""
    if "keras" in file.text or "tensorflow" in file.text:
        return
    for cell in file.cells:
        if (found := _IMPORT.search(cell.text)) is not None:
            text = f"imports {_NAMES[found[1]]} and has no Keras layers: orderlint checks Keras models only"
            yield FileWarning(cell.location(found.start(1), found.end(1)), text)
            return
