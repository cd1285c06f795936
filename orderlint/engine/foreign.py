"""Files that a user named and that build their layers with another library."""

from __future__ import annotations

import re
from collections.abc import Iterator

from orderlint.diagnostics import FileWarning
from orderlint.text.files import SourceFile

__all__ = ["about_foreign"]

_IMPORT = re.compile(r"^[ \t]*(?:import|from)[ \t]+(torch|flax|paddle|mxnet|mlx)\b", re.MULTILINE)
_NAMES = {"torch": "PyTorch", "flax": "Flax", "paddle": "Paddle", "mxnet": "MXNet", "mlx": "MLX"}


def about_foreign(file: SourceFile) -> Iterator[FileWarning]:
    """What to say of a file that mentions no Keras: that it uses another library, if it does."""
    if "keras" in file.text or "tensorflow" in file.text:
        return
    for cell in file.cells:
        if (found := _IMPORT.search(cell.text)) is not None:
            text = f"imports {_NAMES[found[1]]} and has no Keras layers: orderlint checks Keras models only"
            yield FileWarning(cell.location(found.start(1), found.end(1)), text, is_gap=True)
            return
