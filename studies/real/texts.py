"""The models' texts, before and after their repair, and what their docstrings say."""

from __future__ import annotations

import ast
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

__all__ = ["About", "about", "text"]

_MODELS: Final = Path(__file__).parent / "models"


@dataclass(frozen=True, slots=True)
class About:
    """The contents of a model's docstring.

    Attributes:
        title: Its first line.
        architecture: Where it comes from.
        here: How it differs from that.
        data: The name of the data that it is trained on.
        shape: The shape of an example.
    """

    title: str
    architecture: str
    here: str
    data: str
    shape: tuple[int, ...]


def about(model: str) -> About:
    """Read the docstring of a model."""
    doc = ast.get_docstring(ast.parse(text(model, "before"))) or ""
    title, rest = doc.split("\n\n", 1)
    _, rest = rest.split("Architecture: ")
    architecture, rest = rest.split("\nHere: ")
    here, data = rest.split("\nData: ")
    name, shape = data.split(" ", 1)
    joined = architecture.replace("/\n", "/").replace("\n", " ")
    return About(title, joined, here.replace("\n", " "), name, ast.literal_eval(shape))


@lru_cache(None)
def text(model: str, version: str) -> str:
    """The source of a model: as found, or after `orderlint fix`."""
    given = (_MODELS / f"{model}.py").read_text(encoding="utf-8")
    if version == "before":
        return given
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, f"{model}.py")
        path.write_text(given, encoding="utf-8")
        command = [sys.executable, "-m", "orderlint", "fix", "--isolated", "--exit-zero", str(path)]
        subprocess.run(command, check=True, capture_output=True)
        return path.read_text(encoding="utf-8")
