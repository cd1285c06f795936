"""The results of planning and repairing."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum

from orderlint.diagnostics import Fix, LeftFinding, Repair, RepairedFinding, RepairKind, TextChange
from orderlint.judging import Violation, Wish
from orderlint.records import record

__all__ = ["Answer", "Ask", "FixResult", "Plan", "Question"]


@record(frozen=True, slots=True)
class Plan:
    """The plan for one violation.

    Attributes:
        violation: The violation.
        fix: The edits that repair it by themselves; `None` if there are none.
        reason: Why it is not repaired, in words that a user can act on; `None` if it is repaired.
        kind: What its repair does to the model.
        title: The repair, in the imperative. If there are no edits, the violation is repaired together with another
            one, or after others.
        remarks: What the user should know about the repaired model.
        wishes: The wishes that the edits grant.
        option: The number of its option (see `options`), from 0.
    """

    violation: Violation
    fix: Fix | None = None
    reason: str | None = None
    kind: RepairKind | None = None
    title: str | None = None
    remarks: tuple[str, ...] = ()
    wishes: tuple[Wish, ...] = ()
    option: int = 0

    @property
    def repair(self) -> Repair:
        """The plan as a finding shows it."""
        return Repair(self.reason is None, self.kind, self.reason, self.title)


@record(frozen=True, slots=True)
class Question:
    """A repair that the user must confirm.

    Attributes:
        path: The file, as reports show it.
        repaired: The findings that it repairs, with positions in the text to which the edits are made.
        changes: The text before and after it; for a notebook, the cells that differ.
    """

    path: str
    repaired: tuple[RepairedFinding, ...]
    changes: tuple[TextChange, ...]


class Answer(Enum):
    """The answer to a question."""

    YES = "yes"
    NO = "no"
    ALL = "all"  # yes, and yes to all of the same rules
    QUIT = "quit"  # no, and no to all others


Ask = Callable[[Question], Answer]


@record(frozen=True, slots=True)
class FixResult:
    """The result of repairing one file. It is sent between processes.

    Attributes:
        text: The whole new text of the file (for a notebook, its JSON); the original text if nothing was repaired.
        repaired: The findings that were repaired.
        left: The findings that were not repaired.
        revealed: How many findings of other rules have appeared, by code.
        problem: Why a repair was undone because of a bug in orderlint, with file and rule; otherwise `None`.
    """

    text: str
    repaired: tuple[RepairedFinding, ...] = ()
    left: tuple[LeftFinding, ...] = ()
    revealed: tuple[tuple[str, int], ...] = ()
    problem: str | None = None
