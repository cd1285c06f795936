"""The versions and places that a bug report needs. It imports nothing that was not loaded before."""

from __future__ import annotations

import platform
import sys
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

from orderlint.config import ConfigError, Configurations
from orderlint.engine.places import cache_folder
from orderlint.engine.plugins import load_plugins
from orderlint.version import __version__

__all__ = ["about"]

_NEEDED = ("click", "libcst", "rich")
_USED = ("keras", "tensorflow", "tensorflow-cpu", "tf-keras", "jax", "torch", "pygls", "ipython", "pytest")


def about() -> str:
    """Lines with a name and a value each, for a bug report."""
    rows = [("orderlint", f"{__version__} in {Path(__file__).parents[1]}"), *_rows()]
    width = max(len(name) for name, _ in rows)
    return "".join(f"{name:<{width}}  {text}\n" for name, text in rows)


def _rows() -> Iterator[tuple[str, str]]:
    yield "Python", f"{platform.python_version()} ({platform.python_implementation()}) in {sys.executable}"
    yield "system", platform.platform()
    yield "encoding", f"{sys.stdout.encoding} (files: {sys.getfilesystemencoding()})"
    yield from ((name, _version(name) or "not installed") for name in _NEEDED)
    yield from ((name, version) for name in _USED if (version := _version(name)) is not None)
    plugins = load_plugins()
    yield "plugins", ", ".join(plugins.packages) or "none"
    yield from (("plugin problem", f"{one.path}: {one.message}") for one in plugins.problems)
    yield "configuration", _configuration(dict(plugins.registry.names))
    yield "cache", cache_folder()


def _version(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def _configuration(rules: dict[str, str]) -> str:
    """The configuration of the current folder."""
    try:
        file = Configurations(rules).of_folder(Path.cwd()).file
    except ConfigError as error:
        return f"cannot be used: {error}"
    return "none here" if file is None else str(file)
