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
        reason: Why it is not repaired, in words a user can act on; `None` if it is.
        kind: What its repair does to the model.
        title: The repair in the imperative. Where it has no edits of its own, the repair of another finding, or one
            that can be made after others, puts it right.
        remarks: What the user should know about the repaired model.
        wishes: What the edits grant.
        option: Which of the ways to put the violation right this is, from 0.
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
        repaired: The findings that it repairs, as they stand in the text that it is made in.
        changes: The text before and after it; of a notebook, the cells that differ.
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
        text: The whole new text of the file (for a notebook, its JSON); the original's if nothing was repaired.
        repaired: The findings that were repaired.
        left: The findings that were not.
        revealed: How many findings of other rules have come to light, by code.
        problem: Why repairs that were made had to be taken back, naming file and rule: a bug in orderlint, which
            the user should hear of. `None` if all is well.
    """

    text: str
    repaired: tuple[RepairedFinding, ...] = ()
    left: tuple[LeftFinding, ...] = ()
    revealed: tuple[tuple[str, int], ...] = ()
    problem: str | None = None
