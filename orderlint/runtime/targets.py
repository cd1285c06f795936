"""Targets of the command line: a saved file, or code that builds a model.

Saved files are read as data. Other targets import and run the user's code.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from orderlint.runtime.errors import TargetError
from orderlint.runtime.saved import SUFFIXES
from orderlint.words import near_path

__all__ = ["CodeTarget", "SavedTarget", "Target", "parse_target"]

_FORMS: Final = "model.keras, model.h5, model.json, a SavedModel folder, package.module:factory or file.py::factory"
_DOTTED: Final = re.compile(r"[^\W\d]\w*(\.[^\W\d]\w*)*")


@dataclass(frozen=True, slots=True)
class SavedTarget:
    """A file or folder that is read as data."""

    path: Path


@dataclass(frozen=True, slots=True)
class CodeTarget:
    """A model, or a function or class that creates one.

    Attributes:
        module: The dotted name of the module, or the path of a file.
        name: Its name in the module, with dots for attributes.
    """

    module: str | Path
    name: str


Target = SavedTarget | CodeTarget


def parse_target(text: str) -> Target:
    """Parse a target.

    Raises:
        TargetError: It does not have any of the forms.

    >>> parse_target("zoo.nets:build")
    CodeTarget(module='zoo.nets', name='build')
    """
    file, separator, name = text.partition("::")
    if separator:
        return _file_target(Path(file), name)
    path = Path(text)
    if path.suffix == ".py":
        _refuse_folder(path)
        raise TargetError(f"name the function that builds the model, such as {text}::build_model")
    # Before Python 3.14, the methods of `Path` raise for a name that is too long.
    if os.path.exists(path) or path.suffix.lower() in SUFFIXES:  # noqa: PTH110
        return SavedTarget(path)
    module, _, name = text.rpartition(":")
    if module.endswith(".py"):
        raise TargetError(f"a file and a name are separated by two colons: {module}::{name}")
    if _DOTTED.fullmatch(module) and _DOTTED.fullmatch(name):
        return CodeTarget(module, name)
    raise TargetError(f"neither a file nor the name of a model: expected {_FORMS}")


def _refuse_folder(path: Path) -> None:
    if os.path.isdir(path):  # noqa: PTH112
        raise TargetError(f"a folder, expected {_FORMS}")


def _file_target(path: Path, name: str) -> CodeTarget:
    _refuse_folder(path)
    if not os.path.isfile(path):  # noqa: PTH113
        raise TargetError(f"no such file: {path}{near_path(str(path))}")
    if not _DOTTED.fullmatch(name):
        raise TargetError(f"expected the name of a function or model after ::, got {name!r}")
    return CodeTarget(path, name)
