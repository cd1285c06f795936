"""Loads saved models with Keras, so that they can be run.

Keras's safe mode stays on, so a `Lambda` with code in the file is refused. The version of Keras that wrote a file is
read from the file as data.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import re
import sys
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from orderlint.runtime.building import importable
from orderlint.runtime.building import load_model as build_model
from orderlint.runtime.errors import FileReadError, MeasurementError, not_installed
from orderlint.runtime.saved import read_saved
from orderlint.runtime.sources import SourceRecorder
from orderlint.runtime.starting import quiet_loading
from orderlint.runtime.targets import SavedTarget, parse_target

__all__ = ["LoadedModel", "load_saved", "loaded"]

_CLASS: Final = re.compile(r"(?:locate class|Unknown layer:?) ['\"]?([\w.>]+)")
_RUN_IT: Final = "If you trust the file, write a function that loads it, and name that function: package.module:factory"


@dataclass(frozen=True, slots=True, eq=False)
class LoadedModel:
    """A model that can be run.

    Attributes:
        model: The model.
        sources: The places where its layers were constructed, if they were recorded.
        notes: What the user should know about the loading.
    """

    model: Any
    sources: SourceRecorder | None = None
    notes: tuple[str, ...] = ()


@contextmanager
def loaded(text: str) -> Iterator[LoadedModel]:
    """Load a target of the command line. Within the block, its code can import modules in its folder.

    Raises:
        InspectionError: It cannot be loaded. The message gives the reason.
        OSError: A file cannot be opened.
    """
    target = parse_target(text)
    if isinstance(target, SavedTarget):
        yield load_saved(target.path)
        return
    recorder = SourceRecorder()
    with importable(target), contextlib.redirect_stdout(sys.stderr):  # output of user code is not part of the report
        yield LoadedModel(build_model(target, recorder), recorder)


def load_saved(path: Path) -> LoadedModel:
    """Load a saved model with its weights.

    Raises:
        FileReadError: The file does not contain a whole model, is damaged, or needs a Keras that is not installed.
        MeasurementError: Keras cannot load it.
        OSError: The file cannot be opened.
    """
    if path.suffix.lower() == ".json":
        raise FileReadError("the file says how the layers are connected, but contains no weights: give the saved model")
    _check_content(path)
    keras = _library_for(path)
    with quiet_loading():
        return _load(keras, path)


def _load(keras: Any, path: Path) -> LoadedModel:
    try:
        return LoadedModel(keras.models.load_model(path, safe_mode=True))
    except Exception as error:  # custom losses and metrics are not needed to run it
        first = error
    try:
        model = keras.models.load_model(path, compile=False, safe_mode=True)
    except Exception:
        raise MeasurementError(_failure(first)) from first
    return LoadedModel(model, notes=(f"loaded without its loss and optimizer: {_line(first)}",))


def _check_content(path: Path) -> None:
    """Report what is wrong with a file, before Keras does so less clearly. Subclassed models are allowed here.

    Raises:
        FileReadError: The file is damaged, unsafe or not a saved model.
    """
    try:
        read_saved(path)
    except FileReadError as error:
        if "subclassed model" not in str(error):
            raise


def _library_for(path: Path) -> Any:
    version = _written_by(path)
    if not version.startswith(("1.", "2.")):
        return _imported("keras")
    try:
        return _imported("tf_keras")
    except FileReadError:
        keras = _imported("keras")
        if keras.__version__.startswith("2.") or path.suffix.lower() in (".h5", ".hdf5"):
            return keras  # Keras 3 can read most of these
        raise


def _imported(name: str) -> Any:
    try:
        return importlib.import_module(name)
    except ImportError:
        raise FileReadError(f"running this model needs `{name}`: {not_installed(name)}") from None


def _written_by(path: Path) -> str:
    """The version of Keras that wrote a file; empty if it is not known."""
    if path.is_dir():
        return "2."
    if path.suffix.lower() == ".keras":
        with zipfile.ZipFile(path) as archive:
            if "metadata.json" not in archive.namelist():
                return ""
            return str(json.loads(archive.read("metadata.json")).get("keras_version", ""))
    h5py = importlib.import_module("h5py")
    with h5py.File(path, "r") as file:
        version = file.attrs.get("keras_version", "")
        return version.decode() if isinstance(version, bytes) else str(version)


def _failure(error: Exception) -> str:
    text = str(error)
    if "safe_mode" in text or "unsafe" in text.lower():
        return (
            "it contains Python code in a `Lambda` layer, which Keras's safe mode does not run, because it could do "
            f"anything. {_RUN_IT}"
        )
    if "Could not locate class" in text or "Unknown layer" in text or "custom object" in text.lower():
        found = _CLASS.search(text)
        what = f"a layer of your own (`{found[1]}`)" if found else "a layer of your own"
        return (
            f"it contains {what}, whose code is not in the file. Write a function that defines or imports the class "
            "and loads the file, and name that function: package.module:factory"
        )
    return f"Keras cannot load it ({_line(error)})"


def _line(error: Exception) -> str:
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return f"{type(error).__name__}: {lines[0][:200]}" if lines else type(error).__name__
