"""The record of this study."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from studies.order.settings import Setting
from studies.record import Entry, read

__all__ = ["RECORD", "entries"]

RECORD: Final = Path(__file__).parent / "record.jsonl"


def entries(path: Path = RECORD) -> list[Entry[Setting]]:
    """The entries of the record."""
    return read(path, Setting)
