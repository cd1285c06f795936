"""Repairs: what can be done about a finding, and the edits for it."""

from __future__ import annotations

from dataclasses import field
from enum import Enum

from orderlint.graph import Location
from orderlint.records import record

__all__ = ["Edit", "Fix", "Repair", "RepairKind", "not_allowed"]


class RepairKind(str, Enum):
    """What a repair does to the model, from mild to strong."""

    EQUIVALENT = "equivalent"
    SAME_INFERENCE = "same-inference"
    CHANGES_MODEL = "changes-model"


def not_allowed(kind: RepairKind) -> str:
    """The reason for leaving a finding if the run does not make its kind of repair."""
    return f"the repair is {kind.value}; `--only {kind.value}`, or `repair` in the configuration, allows it"


@record(frozen=True, slots=True)
class Edit:
    """One replacement in a text. Offsets count code points.

    Attributes:
        start: The offset of the first character, from 0.
        end: The offset after the last character.
        text: The new text.
        cell: The notebook cell in which the offsets count, from 1. `None` outside notebooks.
        location: The file, and the same span in lines and columns. `None` while a repair is being put together.
    """

    start: int
    end: int
    text: str
    cell: int | None = None
    location: Location | None = field(default=None, compare=False)


@record(frozen=True, slots=True)
class Fix:
    """The edits of one file that repair one finding. Make all of them or none.

    Attributes:
        title: The repair in the imperative, such as "move Dropout after ReLU", with the layers in backticks.
        edits: The edits, sorted by position. They do not overlap.
        kind: What the repair does to the model.
    """

    title: str
    edits: tuple[Edit, ...]
    kind: RepairKind


@record(frozen=True, slots=True)
class Repair:
    """The possible repair of a finding, or the reason why there is none.

    Attributes:
        available: Whether `orderlint fix` repairs it.
        kind: What the repair does to the model. `None` if there is no repair.
        reason: Why there is no repair, and what you can do. `None` if there is one.
        title: The repair in the imperative, such as "move Dropout after ReLU", with the layers in backticks. `None`
            if there is no repair.
    """

    available: bool
    kind: RepairKind | None = None
    reason: str | None = None
    title: str | None = None
