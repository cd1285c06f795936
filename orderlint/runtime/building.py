"""Builds the model that a target names, by importing and running the user's code."""

from __future__ import annotations

import contextlib
import importlib
import importlib.util
import inspect
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

from orderlint.catalog import RoleTable
from orderlint.runtime.errors import NotAModelError, TargetError, not_installed
from orderlint.runtime.frames import users_traceback
from orderlint.runtime.library import library_of
from orderlint.runtime.models import read_model
from orderlint.runtime.readmodel import ReadModel
from orderlint.runtime.sources import SourceRecorder
from orderlint.runtime.specs import InputShape
from orderlint.runtime.targets import CodeTarget
from orderlint.words import hint

__all__ = ["importable", "load_model", "read_code"]


def read_code(target: CodeTarget, text: str, input_shape: InputShape | None, roles: RoleTable) -> ReadModel:
    """The layer graphs of the model that the code of a target builds.

    Args:
        target: The target.
        text: The target as the user wrote it.
        input_shape: The input shape without the batch size, for a model that does not know it.
        roles: The user's roles.

    Raises:
        InspectionError: The code fails, or its result cannot be read.
    """
    recorder = SourceRecorder()
    with importable(target), contextlib.redirect_stdout(sys.stderr):  # output of user code is not part of the report
        model = load_model(target, recorder)
        return read_model(model, target=text, input_shape=input_shape, roles=roles, sources=recorder)


def load_model(target: CodeTarget, recorder: SourceRecorder) -> Any:
    """Import the user's code and build the model.

    Raises:
        TargetError: The import or the function fails, the name does not exist, or the function needs arguments.
        NotAModelError: The name is neither a model nor a function that returns one.
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
    """Add the folder of the user's code to the import path, as when Python runs it."""
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
        missing = f"\n{not_installed(error.name)}" if error.name else ""
        raise TargetError(f"importing `{target.module}` failed:\n{users_traceback(error)}{missing}") from error
    except (Exception, SystemExit) as error:
        raise TargetError(f"importing `{target.module}` failed:\n{users_traceback(error)}") from error


def _run_file(path: Path) -> ModuleType:
    name = f"_target_{path.stem}"
    spec = importlib.util.spec_from_file_location(name, path.resolve())
    if spec is None or spec.loader is None:
        raise TargetError(f"{path} is not a Python file")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # some code looks up the module of a class by its name
    spec.loader.exec_module(module)
    return module


def _attribute(module: ModuleType, target: CodeTarget) -> Any:
    thing: Any = module
    for part in target.name.split("."):
        if not hasattr(thing, part):
            public = [name for name in dir(thing) if not name.startswith("_")]
            raise TargetError(f"`{target.module}` has no `{target.name}`{hint(part, public)}")
        thing = getattr(thing, part)
    return thing


def _check_arguments(function: Any, name: str) -> None:
    """Refuse a function that cannot be called without arguments.

    Raises:
        TargetError: It needs arguments.
    """
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
            f"`{name}` needs arguments ({', '.join(needed)}): name a function without any, such as one that calls it"
        )
