"""ORD900."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from orderlint.graph import Unit
from orderlint.judging.order import Order
from orderlint.judging.rule import Rule, Subject, Violation


class InvalidSyntax(Rule):
    """A file, or a cell of a notebook, cannot be parsed.

    ## What it does
    Reports a file that is no Python, and a notebook cell that is none. Nothing else is reported of the file; in a
    notebook it is the cell alone, and the others are judged.

    ## Why is this bad?
    What cannot be parsed is not checked: silence about it would look like a clean file.

    ## Known limits
    - A file that parses is judged, even if it would not compile (`return` outside a function).
    - A cell that mentions nothing of Keras is passed over, and so is such a file in a folder: many a notebook has cells
      that are notes, or exercises left to the reader. The summary counts them.
    - The `print` statements of Python 2 are stepped over; other syntax of Python 2 does not parse.

    ## References
    - The Python language reference, full grammar specification
    """

    code = "ORD900"
    name = "invalid-syntax"
    default_on = True
    subject = Subject.SYNTAX
    never_because = "what does not parse is not repaired"
    needs = ()
    why = "Code that cannot be parsed is not checked."

    def check(self, units: Sequence[Unit], order: Order) -> Iterator[Violation]:
        return iter(())  # found by who reads the file
