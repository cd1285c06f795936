"""Targets: what a user names on the command line, as a saved file or as code that builds a model.

Saved files are read as data. The other targets import and run the user's code.
"""

from __future__ import annotations

import contextlib
import importlib
import importlib.util
import inspect
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from types import ModuleType
from typing import Any, Final

from orderlint.catalog import DEFAULT, RoleTable
from orderlint.runtime.errors import NotAModelError, TargetError
from orderlint.runtime.frames import users_traceback
from orderlint.runtime.library import library_of
from orderlint.runtime.models import ReadModel, read_model
from orderlint.runtime.saved import SUFFIXES, read_saved
from orderlint.runtime.sources import SourceRecorder
from orderlint.runtime.specs import InputShape

__all__ = ["CodeTarget", "SavedTarget", "Target", "importable", "load_model", "parse_target", "read_target"]

_FORMS: Final = "model.keras, model.h5, model.json, a SavedModel folder, package.module:factory or file.py::factory"
_DOTTED: Final = re.compile(r"[^\W\d]\w*(\.[^\W\d]\w*)*")


@dataclass(frozen=True, slots=True)
class SavedTarget:
    """A file or folder that is read as data."""

    path: Path


@dataclass(frozen=True, slots=True)
class CodeTarget:
    """A model, or a function or class that makes one.

    Attributes:
        module: The module's dotted name, or the path of a file.
        name: Its name in the module, with dots for attributes.
    """

    module: str | Path
    name: str


Target = SavedTarget | CodeTarget


def parse_target(text: str) -> Target:
    """What a target names.

    Raises:
        TargetError: It has none of the forms.

    >>> parse_target("zoo.nets:build")
    CodeTarget(module='zoo.nets', name='build')
    """
    file, separator, name = text.partition("::")
    if separator:
        return _file_target(Path(file), name)
    path = Path(text)
    if path.suffix == ".py":
        raise TargetError(f"name the function that builds the model: {text}::build_model")
    if path.exists() or path.suffix.lower() in SUFFIXES:
        return SavedTarget(path)
    module, _, name = text.partition(":")
    if _DOTTED.fullmatch(module) and _DOTTED.fullmatch(name):
        return CodeTarget(module, name)
    raise TargetError(f"no such file, and no name of a model: expected {_FORMS}")


def _file_target(path: Path, name: str) -> CodeTarget:
    if not path.is_file():
        raise TargetError(f"no such file: {path}")
    if not _DOTTED.fullmatch(name):
        raise TargetError(f"after :: stands the name of a function or model, not {name!r}")
    return CodeTarget(path, name)


def read_target(
    text: str,
    *,
    input_shape: InputShape | None = None,
    roles: RoleTable = DEFAULT,
) -> ReadModel:
    """The layer graphs of what a target names.

    Raises:
        InspectionError: It cannot be read; the message says why.
        OSError: A file that cannot be opened.
    """
    target = parse_target(text)
    if isinstance(target, SavedTarget):
        return ReadModel((read_saved(target.path, text, roles),))
    recorder = SourceRecorder()
    with importable(target), contextlib.redirect_stdout(sys.stderr):  # what user code prints is no report
        model = load_model(target, recorder)
        return read_model(model, target=text, input_shape=input_shape, roles=roles, sources=recorder)


def load_model(target: CodeTarget, recorder: SourceRecorder) -> Any:
    """Import the user's code and build the model.

    Raises:
        TargetError: The import or the function fails, the name does not exist, or the function needs arguments.
        NotAModelError: The name is, or the function returns, something else.
    """
    thing = _attribute(_imported(target), target)
    if library_of(thing) is not None:
        return thing
    if not callable(thing):
        raise NotAModelError(f"`{target.name}` is {_a(thing)}, expected a Keras model or a function that builds one")
    _check_arguments(thing, target.name)
    try:
        with recorder.watching():
            model = thing()
    except (Exception, SystemExit) as error:
        raise TargetError(f"`{target.name}` failed:\n{users_traceback(error)}") from error
    if library_of(model) is None:
        raise NotAModelError(f"`{target.name}` returned {_a(model)}, expected a Keras model")
    return model


def _a(thing: object) -> str:
    return "None" if thing is None else f"an object of type `{type(thing).__name__}`"


@contextlib.contextmanager
def importable(target: CodeTarget) -> Iterator[None]:
    """Imports find what stands beside the user's code, as they do when it is run by Python."""
    folder = str(target.module.resolve().parent if isinstance(target.module, Path) else Path.cwd())
    sys.path.insert(0, folder)
    try:
        yield
    finally:
        with contextlib.suppress(ValueError):
            sys.path.remove(folder)


def _imported(target: CodeTarget) -> ModuleType:
    try:
        if isinstance(target.module, Path):
            return _run_file(target.module)
        return importlib.import_module(target.module)
    except ModuleNotFoundError as error:
        if isinstance(target.module, str) and error.name and f"{target.module}.".startswith(f"{error.name}."):
            raise TargetError(f"no module named `{error.name}` can be imported from {Path.cwd()}") from error
        raise TargetError(f"importing `{target.module}` failed:\n{users_traceback(error)}") from error
    except (Exception, SystemExit) as error:
        raise TargetError(f"importing `{target.module}` failed:\n{users_traceback(error)}") from error


def _run_file(path: Path) -> ModuleType:
    name = f"_target_{path.stem}"
    spec = importlib.util.spec_from_file_location(name, path.resolve())
    if spec is None or spec.loader is None:
        raise TargetError(f"{path} is no Python file")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # classes look their module up by name
    spec.loader.exec_module(module)
    return module


def _attribute(module: ModuleType, target: CodeTarget) -> Any:
    thing: Any = module
    for part in target.name.split("."):
        if not hasattr(thing, part):
            near = get_close_matches(part, [name for name in dir(thing) if not name.startswith("_")], 1)
            hint = f"; did you mean `{near[0]}`?" if near else ""
            raise TargetError(f"`{target.module}` has no `{target.name}`{hint}")
        thing = getattr(thing, part)
    return thing


def _check_arguments(function: Any, name: str) -> None:
    """Refuse a function that cannot be called without arguments, before it fails in some other way."""
    try:
        parameters = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):
        return
    needed = [
        parameter.name
        for parameter in parameters
        if parameter.default is parameter.empty
        and parameter.kind not in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD)
    ]
    if needed:
        raise TargetError(
            f"`{name}` needs arguments ({', '.join(needed)}): name a function without, such as one that calls it"
        )
