"""The record: one line of JSON a setting, with the figures of each seed and the versions they came of."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

from studies.order.settings import Setting

__all__ = ["RECORD", "Entry", "append", "missing", "read"]

RECORD: Final = Path(__file__).parent / "record.jsonl"
_PACKAGES: Final = ("keras", "jax", "numpy", "scikit-learn", "mnist1d")


@dataclass(frozen=True, slots=True)
class Entry:
    """What came of a setting: for each figure a list with one value a seed."""

    setting: Setting
    figures: dict[str, Any]


def read(path: Path = RECORD) -> list[Entry]:
    """The entries of a record; a last line that was cut off is left out."""
    if not path.exists():
        return []
    found = []
    for line in path.read_text(encoding="utf-8").splitlines():
        try:
            document = json.loads(line)
        except ValueError:
            continue
        found.append(Entry(Setting(**document["setting"]), document["figures"]))
    return found


def append(path: Path, setting: Setting, figures: dict[str, Any]) -> None:
    """Add an entry."""
    versions = {name: version(name) for name in _PACKAGES}
    line = json.dumps({"setting": asdict(setting), "figures": figures, "versions": versions})
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    start = "" if not text or text.endswith("\n") else "\n"  # behind a line that was cut off
    with path.open("a", encoding="utf-8") as file:
        file.write(f"{start}{line}\n")


def missing(settings: Sequence[Setting], path: Path) -> list[Setting]:
    """The settings that a record lacks."""
    known = {entry.setting.key for entry in read(path)}
    return [setting for setting in settings if setting.key not in known]
