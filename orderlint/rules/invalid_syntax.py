"""ORD900."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from orderlint.graph import Unit
from orderlint.judging.order import Order
from orderlint.judging.rule import Rule, Subject, Violation


class InvalidSyntax(Rule):
    """A file or a notebook cell cannot be parsed.

    ## What it does
    Checks for files and notebook cells that are not valid Python. Nothing else is reported for such a file. In a
    notebook, only the invalid cell is left out, and the other cells are checked.

    ## Why is this bad?
    orderlint cannot check code that it cannot parse. Without this finding, the file would look clean.

    ## Known limits
    - A file that parses is checked even if it would not compile, such as one with `return` outside a function.
    - A cell that does not mention Keras is skipped, and so is such a file in a folder. Many notebooks have cells with
      notes, or with exercises for the reader. The summary counts what was skipped.
    - `print` statements of Python 2 are ignored, and its numerals (`0777`, `10L`) and exceptions
      (`except OSError, error:`, `raise ValueError, "message"`) are read. Other syntax of Python 2 cannot be parsed.
    - Magics and shell lines (`%matplotlib inline`, `!pip install keras`) are ignored, in notebooks and in scripts.
    - Code that is nested too deeply is reported too, although some versions of Python read it: about 2,000 operators or
      method calls in one expression, or 200 nested brackets. The message says so.

    ## References
    - The Python language reference, full grammar specification
    """

    code = "ORD900"
    name = "invalid-syntax"
    default_on = True
    subject = Subject.SYNTAX
    never_because = "the code cannot be parsed"
    needs = ()
    why = "Code that cannot be parsed is not checked."
    mark = "here"  # "invalid syntax" is a message of Python's too, and the title has the one that holds

    def check(self, units: Sequence[Unit], order: Order) -> Iterator[Violation]:
        return iter(())  # the code that reads the file finds it
