"""Repairs as records: what can be done about a finding, and the edits that do it."""

from __future__ import annotations

from dataclasses import field
from enum import Enum

from orderlint.graph import Location
from orderlint.records import record

__all__ = ["Edit", "Fix", "Repair", "RepairKind"]


class RepairKind(str, Enum):
    """What a repair does to the model, mildest first."""

    EQUIVALENT = "equivalent"
    SAME_INFERENCE = "same-inference"
    CHANGES_MODEL = "changes-model"


@record(frozen=True, slots=True)
class Edit:
    """Replace the characters `start:end` of a text (code points, end exclusive) by `text`.

    Attributes:
        cell: The notebook cell whose source the offsets count in, from 1; `None` outside notebooks.
        location: The same span in lines and columns, and the file; `None` while a repair is being put together.
    """

    start: int
    end: int
    text: str
    cell: int | None = None
    location: Location | None = field(default=None, compare=False)


@record(frozen=True, slots=True)
class Fix:
    """Edits of one file that repair one finding: all are made or none."""

    title: str
    edits: tuple[Edit, ...]
    kind: RepairKind


@record(frozen=True, slots=True)
class Repair:
    """Whether a finding can be repaired.

    Attributes:
        available: Whether `orderlint fix` repairs it.
        kind: What the repair does to the model; `None` if there is none.
        reason: Why there is none, in words a user can act on; `None` if there is one.
        title: The repair in the imperative ("move `Dropout` after `ReLU`"); `None` if there is none.
    """

    available: bool
    kind: RepairKind | None = None
    reason: str | None = None
    title: str | None = None
