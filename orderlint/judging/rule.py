"""The base class of rules: documentation, examples, and a check of units."""

from __future__ import annotations

import inspect
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from enum import Enum
from typing import ClassVar

from orderlint.diagnostics import Finding
from orderlint.graph import LayerCall, Location, Role, Unit
from orderlint.judging.order import Order
from orderlint.judging.wishes import Wish
from orderlint.records import record

MANUAL = "https://github.com/orderlint/orderlint/blob/main/docs"
PAGES = f"{MANUAL}/rules"  # one page a rule

__all__ = ["Example", "Fixable", "NearMiss", "Rule", "Sign", "Subject", "Violation"]


class Fixable(Enum):
    """Whether the findings of a rule can be repaired."""

    SOMETIMES = "sometimes"
    NEVER = "never"


class Subject(Enum):
    """What a rule looks at. Only units come from the layer graph. Code that reads the files finds the rest."""

    UNITS = "units"
    SYNTAX = "syntax"  # a file, or a cell of a notebook, that does not parse
    COMMENTS = "comments"  # a suppression comment that suppresses nothing


@record(frozen=True, slots=True)
class Example:
    """Code with findings, and the same code in order.

    Attributes:
        title: What the example shows.
        bad: Python source. A line with findings ends in `# error: COLUMN`, with commas between several columns.
        good: The same model without findings. If the rule has repairs, this is the repaired text of `bad`.
    """

    title: str
    bad: str
    good: str


@record(frozen=True, slots=True)
class NearMiss:
    """Code that looks like a finding of the rule, and why it is none."""

    title: str
    code: str


@record(frozen=True, slots=True)
class Sign:
    """Two layers of one unit, one somewhere before the other, that can lead to a finding.

    Attributes:
        first: The role of the earlier one: norm, dropout or activation.
        second: The role of the later one, likewise.
        is_headed: Whether only units with a linear layer at their head matter.
    """

    first: Role
    second: Role
    is_headed: bool = False


class Rule(ABC):
    """A rule. The engine, the repairs and the reports learn all that they need from its attributes.

    A subclass in a module of `orderlint.rules`, or in an entry point `orderlint.rules` of a package, is registered
    automatically. The docstring of the subclass is the page of the rule. Its first line is the summary in the tables.

    Attributes:
        code: Such as `ORD001`. A code is never used twice.
        name: The bad pattern in kebab-case.
        default_on: Whether the rule is checked without being selected.
        subject: What the rule looks at.
        needs: Sets of roles. A file can only have a finding if it and the modules that it imports mention layers of
            all roles in one of these sets. Other files are not analyzed. `None` if that cannot be said. Empty if the
            findings of the rule are not about the graph.
        fixable: Whether its findings can be repaired.
        of_every_use: Whether a finding depends on all uses of a layer. Then a single use in another file is not its
            cause.
        by_roles: Whether a finding only depends on the roles in a unit and on their order, with repeated roles
            counting once. If this is true of all rules that apply, files that are plainly in order are not analyzed.
        is_about_order: Whether its findings show the recommended order of the unit, even if no layer can be moved.
        why: One sentence on why this is a problem. A report shows it once for each rule.
        mark: What a report writes beside the marked code. By default, this is the name of the rule in words.
        revealed: What the summary says about findings that a repair of another rule brings up, with `{}` for
            "3 layers". If it is empty, a repair must not cause a finding of this rule.
        advice: What to do by hand if a repair would cause a finding of this rule, as a clause. It may be empty.
        never_because: Why there is no repair, if the rule is never repaired.
        repair_note: What else the summary says after findings of this rule were repaired.
        examples: Code with findings. The examples are run as tests and shown on the page.
        near_misses: Code that looks like a finding and is none. It is run as tests and shown on the page.
        home: The package that brings the rule, such as `lab-rules 1.2`. Empty for the rules of orderlint.
    """

    code: ClassVar[str]
    name: ClassVar[str]
    default_on: ClassVar[bool] = False
    subject: ClassVar[Subject] = Subject.UNITS
    needs: ClassVar[tuple[frozenset[Role], ...] | None] = None
    fixable: ClassVar[Fixable] = Fixable.NEVER
    of_every_use: ClassVar[bool] = False
    by_roles: ClassVar[bool] = False
    is_about_order: ClassVar[bool] = False
    why: ClassVar[str] = ""
    mark: ClassVar[str] = ""
    revealed: ClassVar[str] = ""
    advice: ClassVar[str] = ""
    never_because: ClassVar[str] = "its rule has no repair"
    repair_note: ClassVar[str] = ""
    examples: ClassVar[tuple[Example, ...]] = ()
    near_misses: ClassVar[tuple[NearMiss, ...]] = ()
    home: str = ""

    @abstractmethod
    def check(self, units: Sequence[Unit], order: Order) -> Iterator[Violation]:
        """The violations in the units of all graphs of a file. The same place may be reported several times."""

    def signs(self, order: Order) -> Sequence[Sign] | None:
        """The pairs of layers of which a unit must have one for a finding; `None` if that cannot be said.

        If all rules that apply give such pairs, `check` only receives units that may have one. That saves most of the
        time of judging.

        Args:
            order: The order that the ordering rules follow.
        """
        return None

    @property
    def documentation(self) -> str:
        """The documentation: Markdown, the summary first."""
        return inspect.cleandoc(type(self).__doc__ or "")

    @property
    def url(self) -> str:
        """The address of the documentation. Empty for a rule of another package that does not set it."""
        return "" if self.home else f"{PAGES}/{self.code}.md"

    @property
    def summary(self) -> str:
        """One sentence: what is found."""
        return self.documentation.partition("\n\n")[0].replace("\n", " ")

    @property
    def obstructs(self) -> bool:
        """Whether a repair of other findings must not bring one of this rule."""
        return not self.revealed

    def finding(self, message: str, location: Location, why: str | None = None) -> Finding:
        """A finding of this rule, to which the caller adds the rest.

        Args:
            message: What was found.
            location: Where it was found.
            why: Why this is a problem, if the attribute `why` of the rule does not fit.
        """
        return Finding(
            self.code,
            self.name,
            message,
            location,
            url=self.url or None,
            why=self.why if why is None else why,
            mark=self.mark,
        )

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other)  # what travels between processes is the same rule there

    def __hash__(self) -> int:
        return hash(type(self))

    def __repr__(self) -> str:
        return f"<{self.code} {self.name}>"


@record(frozen=True, slots=True, eq=False)
class Violation:
    """One layer that breaks a rule. A violation is only equal to itself.

    Attributes:
        rule: The rule.
        at: The call that is reported.
        because: The other calls that make it a violation, nearest first.
        because_message: What a report writes at these calls, such as "activation applied here".
        message: What was found, in at most 80 characters and without a period.
        unit: A unit that shows it.
        wish: The repair that the rule wishes for; `None` if there is none.
        other_wishes: The wishes of other paths, if they differ.
        refusal: Why there is no wish, and what the user can do.
        why: Why this is a problem, if the reason differs between violations of the rule.
        everywhere: Whether every path through the reported layer shows it. Otherwise, a repair would be wrong for some.
    """

    rule: Rule
    at: LayerCall
    because: tuple[LayerCall, ...]
    because_message: str
    message: str
    unit: Unit
    wish: Wish | None = None
    other_wishes: tuple[Wish, ...] = ()
    refusal: str | None = None
    why: str | None = None
    everywhere: bool = True
