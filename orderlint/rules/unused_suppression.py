"""ORD901."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from orderlint.graph import Unit
from orderlint.judging.order import Order
from orderlint.judging.rule import Fixable, Rule, Subject, Violation


class UnusedSuppression(Rule):
    """A suppression comment suppresses nothing.

    ## What it does
    Reports an `# orderlint: ignore[...]`, `disable[...]` or `# noqa: ORD...` comment for which there is no finding.

    ## Why is this bad?
    It hides the next finding that appears there, which nobody has looked at.

    ## What a repair changes
    The comment goes, or those of its codes that are of no use; what else the comment says stays.

    - Training: nothing.
    - Inference: nothing.
    - Checkpoints: nothing.

    ## Known limits
    - Only codes that ran are judged: with a rule switched off, its suppressions are not unused.
    - Codes of other tools in a `# noqa` comment are none of orderlint's business.

    ## References
    - Ruff's RUF100, unused-noqa
    """

    code = "ORD901"
    name = "unused-suppression"
    subject = Subject.COMMENTS
    needs = ()
    fixable = Fixable.SOMETIMES
    why = "It would hide the next finding that appears there."

    def check(self, units: Sequence[Unit], order: Order) -> Iterator[Violation]:
        return iter(())  # found by who applies the suppressions
