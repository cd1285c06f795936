"""What planning and repairing come to."""

from __future__ import annotations

from dataclasses import dataclass

from orderlint.diagnostics import Fix, LeftFinding, Repair, RepairedFinding, RepairKind
from orderlint.judging import Violation

__all__ = ["FixResult", "Plan"]


@dataclass(frozen=True, slots=True)
class Plan:
    """What can be done about one violation.

    Attributes:
        violation: The violation.
        fix: The edits, `None` if there is no repair.
        reason: Why there is none, in words a user can act on; `None` if there is one.
    """

    violation: Violation
    fix: Fix | None
    reason: str | None = None

    @property
    def kind(self) -> RepairKind | None:
        """What the repair does to the model."""
        return self.fix.kind if self.fix is not None else None

    @property
    def title(self) -> str | None:
        """The repair in the imperative."""
        return self.fix.title if self.fix is not None else None

    @property
    def repair(self) -> Repair:
        """The plan as a finding shows it."""
        return Repair(self.fix is not None, self.kind, self.reason, self.title)


@dataclass(frozen=True, slots=True)
class FixResult:
    """What repairing one file came to. It travels between processes.

    Attributes:
        text: The whole new text of the file (for a notebook, its JSON); the original's if nothing was repaired.
        repaired: The findings that were repaired.
        left: The findings that were not.
        problem: Why repairs that were made had to be taken back, naming file and rule: a bug of orderlint, which
            the user should hear of. `None` if all is well.
    """

    text: str
    repaired: tuple[RepairedFinding, ...] = ()
    left: tuple[LeftFinding, ...] = ()
    problem: str | None = None
