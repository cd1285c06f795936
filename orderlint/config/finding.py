"""Finds the configuration of a file: the nearest one in its folder or a folder above."""

from __future__ import annotations

import errno
import os
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from orderlint.config.configuration import Configuration
from orderlint.config.errors import ConfigError, line_of, usable
from orderlint.config.reading import read_configuration
from orderlint.text.failures import in_words
from orderlint.text.marks import mentions_orderlint
from orderlint.text.regular import NotRegular, read_regular

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

__all__ = ["Configurations", "load_configuration", "role_line"]

OWN_FILE = "orderlint.toml"
PROJECT_FILE = "pyproject.toml"
TABLE = ("tool", "orderlint")
_MISSPELLED = 0.8  # the least ratio of `SequenceMatcher`: two letters may differ; no known tool has such a name

_MOST_BYTES = 2**20
"""The most characters of a configuration that is read. Tables take three hundred times as much memory as their text."""
_MOST_PARTS = 100
"""The most parts of a key. The memory grows with the square of their number: ten thousand parts take 400 MB."""
_DOTTED = re.compile(r"""(?<![\w-])(?:(?:[\w-]+|"[^"\n]*"|'[^'\n]*')[ \t]*\.[ \t]*)+""")


class Configurations:
    """The configurations of the folders of a run. Each file is read once.

    Args:
        rules: The names of the rules, by code.
        isolated: Whether to ignore all configurations.
    """

    def __init__(self, rules: Mapping[str, str], *, isolated: bool = False) -> None:
        self._rules = rules
        self._by_folder: dict[str, Configuration | ConfigError] = {}
        self._default = Configuration()
        self._isolated = isolated

    def of_file(self, path: str | os.PathLike[str]) -> Configuration:
        """The configuration of a file: the nearest `orderlint.toml`, or `pyproject.toml` with `[tool.orderlint]`.

        Raises:
            ConfigError: It is invalid.
        """
        return self.of_folder(os.path.dirname(os.path.abspath(path)))

    def of_folder(self, folder: str | os.PathLike[str]) -> Configuration:
        """The configuration of the files in a folder.

        Raises:
            ConfigError: It is invalid.
        """
        return self._default if self._isolated else self._nearest(os.path.abspath(folder))

    def _nearest(self, folder: str) -> Configuration:
        known = self._by_folder.get(folder)
        if known is None:
            known = self._by_folder[folder] = self._found(folder)
        return usable(known)

    def _found(self, folder: str) -> Configuration | ConfigError:
        """The configuration of the files in a folder, or its error, which is stored, since many files need it."""
        try:
            found = self._in_folder(Path(folder))
            above = os.path.dirname(folder)
            if found is None:
                found = self._nearest(above) if above != folder else self._default
        except ConfigError as error:
            return error
        return found

    def excludes(self, path: str, is_folder: bool, below: str = "") -> bool:
        """Whether the nearest configuration excludes an absolute path, or a folder between it and `below`."""
        if self._isolated:
            return False
        return self._nearest(os.path.dirname(path)).excludes(path, is_folder, below)

    def _in_folder(self, folder: Path) -> Configuration | None:
        for name in (OWN_FILE, PROJECT_FILE):
            settings = load_configuration(folder / name, self._rules)
            if settings is not None:
                return settings
        return None


def load_configuration(file: Path, rules: Mapping[str, str]) -> Configuration | None:
    """The configuration in a file; `None` if there is no such file, or no `[tool.orderlint]` in it.

    In an `orderlint.toml`, the keys are at the top level.

    Raises:
        ConfigError: The file cannot be read, or is invalid.
    """
    prefix = () if file.name == OWN_FILE else TABLE
    data = _data(file)
    if data is None:
        return None
    if prefix and not mentions_orderlint(data):
        if b"[tool.o" in data:
            _refuse_misspelled(file, data)
        return None  # it does not configure orderlint, so its errors do not matter
    text = _text(file, data)
    table: object = _parsed(file, text)
    for depth, key in enumerate(prefix):
        parent = _as_table(table, file, text, prefix[:depth])
        if key not in parent:
            return None
        table = parent[key]
    return read_configuration(_as_table(table, file, text, prefix), file, text, prefix, rules)


def role_line(file: Path, name: str) -> int | None:
    """The line of a configuration file that gives a role to a name; `None` if it is not known."""
    prefix = () if file.name == OWN_FILE else TABLE
    try:
        text = read_regular(file).decode("utf-8", "replace")
    except OSError:
        return None
    spellings = ((name,), tuple(name.split(".")))  # in quotes, or as nested tables
    return max((line_of(text, (*prefix, "roles", *keys)) or 0 for keys in spellings), default=0) or None


def _refuse_misspelled(file: Path, data: bytes) -> None:
    """Refuse a misspelled table such as `[tool.orderlnt]`, which would have no effect.

    Raises:
        ConfigError: There is such a table.
    """
    from difflib import SequenceMatcher

    for found in re.finditer(rb"^\[tool\.(o[\w-]*)", data, re.MULTILINE):
        name = found[1].decode("ascii", "replace")
        if SequenceMatcher(a=name, b="orderlint").ratio() > _MISSPELLED:
            line = 1 + data.count(b"\n", 0, found.start())
            raise ConfigError(file, line, f"unknown table `[tool.{name}]`; did you mean `[tool.orderlint]`?")


def _as_table(value: object, file: Path, text: str, keys: tuple[str, ...]) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise ConfigError(
            file,
            line_of(text, keys),
            f"`{'.'.join(keys)}` is not a table: expected `[tool.orderlint]` with keys below it",
        )
    return value


def _data(file: Path) -> bytes | None:
    try:
        return read_regular(file)
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError, NotRegular):
        return None
    except OSError as error:
        if error.errno == errno.ELOOP:  # a link to itself is treated like a broken link
            return None
        raise ConfigError(file, None, in_words(error)) from None


def _text(file: Path, data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = 1 + data.count(b"\n", 0, error.start)
        raise ConfigError(file, line, "not valid UTF-8, which TOML requires") from None


def _check_size(file: Path, text: str) -> None:
    """Refuse a configuration that would fill the memory.

    Raises:
        ConfigError: It is too large.
    """
    if len(text) > _MOST_BYTES:
        raise ConfigError(file, None, f"has {len(text):,} characters; at most {_MOST_BYTES:,} are read")
    for found in _DOTTED.finditer(text):
        if found[0].count(".") >= _MOST_PARTS:
            line = 1 + text.count("\n", 0, found.start())
            raise ConfigError(file, line, f"a key of more than {_MOST_PARTS} parts is not read")


def _parsed(file: Path, text: str) -> dict[str, Any]:
    _check_size(file, text)
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        message = str(error)
        place = re.search(r" \(at (?:line (\d+), column \d+|end of document)\)", message)
        line = int(place[1]) if place and place[1] else len(text.splitlines()) or None
        clause = message[: place.start()] if place else message
        raise ConfigError(file, line, f"not valid TOML: {clause[:1].lower()}{clause[1:]}") from None
    except RecursionError:
        raise ConfigError(file, None, "not valid TOML: nested too deeply") from None
    except ValueError:  # Python does not convert numbers with that many digits
        raise ConfigError(file, None, "contains a number that is too long to be read") from None
