"""ORD901."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from orderlint.graph import Unit
from orderlint.judging.order import Order
from orderlint.judging.rule import Fixable, Rule, Subject, Violation


class UnusedSuppression(Rule):
    """A suppression comment suppresses nothing.

    ## What it does
    Checks for `# orderlint: ignore[...]`, `disable[...]` and `# noqa: ORD...` comments that suppress no finding.

    ## Why is this bad?
    The comment would hide the next finding in that place, which nobody has looked at.

    ## What a repair changes
    The comment is removed, or only the codes in it that suppress nothing. Any other text in the comment stays.

    - Training: nothing.
    - Inference: nothing.
    - Checkpoints: nothing.

    ## Known limits
    - Only the codes of rules that ran are checked. The suppressions of a rule that is off are not reported.
    - Codes of other tools in a `# noqa` comment are ignored.

    ## References
    - Ruff's RUF100, unused-noqa
    """

    code = "ORD901"
    name = "unused-suppression"
    subject = Subject.COMMENTS
    needs = ()
    fixable = Fixable.SOMETIMES
    why = "The comment would hide the next finding that appears there."

    def check(self, units: Sequence[Unit], order: Order) -> Iterator[Violation]:
        return iter(())  # the code that applies the suppressions finds it
