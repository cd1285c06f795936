"""A record: a line of JSON for each setting, with the figures of each seed and the versions of the packages."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final, Generic, TypeVar

__all__ = ["Entry", "append", "missing", "read", "versions"]

_PACKAGES: Final = ("keras", "jax", "numpy", "scikit-learn", "mnist1d")

S = TypeVar("S")
"""The type of a study's settings: a frozen dataclass of plain values."""


@dataclass(frozen=True, slots=True)
class Entry(Generic[S]):
    """The results of a setting: for each figure, a list with one value for each seed."""

    setting: S
    figures: dict[str, Any]


def _documents(path: Path) -> list[dict[str, Any]]:
    """The lines. A line that was cut off is left out."""
    found = []
    for line in path.read_text(encoding="utf-8").splitlines() if path.exists() else ():
        try:
            found.append(json.loads(line))
        except ValueError:
            continue
    return found


def read(path: Path, kind: type[S]) -> list[Entry[S]]:
    """The entries of a record."""
    return [Entry(kind(**one["setting"]), one["figures"]) for one in _documents(path)]


def versions(path: Path) -> str:
    """The versions of the packages that the entries were made with, in words."""
    found = sorted({json.dumps(one["versions"], sort_keys=True) for one in _documents(path)})
    return "; ".join(", ".join(f"{name} {number}" for name, number in json.loads(one).items()) for one in found)


def append(path: Path, setting: Any, figures: dict[str, Any]) -> None:
    """Add an entry."""
    numbers = {name: version(name) for name in _PACKAGES}
    line = json.dumps({"setting": asdict(setting), "figures": figures, "versions": numbers})
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    start = "" if not text or text.endswith("\n") else "\n"  # after a line that was cut off
    with path.open("a", encoding="utf-8") as file:
        file.write(f"{start}{line}\n")


def missing(settings: Sequence[S], path: Path, kind: type[S]) -> list[S]:
    """The settings that are missing from a record."""
    known = {entry.setting for entry in read(path, kind)}
    return [setting for setting in settings if setting not in known]
