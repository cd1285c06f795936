"""What a rule is: documentation, examples and a judgment of units."""

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

PAGES = "https://github.com/orderlint/orderlint/blob/main/docs/rules"  # one page a rule

__all__ = ["Example", "Fixable", "NearMiss", "Rule", "Sign", "Subject", "Violation"]


class Fixable(Enum):
    """Whether the findings of a rule can be repaired."""

    SOMETIMES = "sometimes"
    NEVER = "never"


class Subject(Enum):
    """What a rule is about. Only units come from the layer graph; whoever reads the files finds the rest."""

    UNITS = "units"
    SYNTAX = "syntax"  # a file, or a cell of a notebook, that does not parse
    COMMENTS = "comments"  # a suppression comment that suppresses nothing


@record(frozen=True, slots=True)
class Example:
    """Code with findings, and the code that is meant.

    Attributes:
        title: What is shown.
        bad: Python source. A line with findings ends in `# error: COLUMN`, several columns divided by commas.
        good: The same model without findings; where the rule is fixable, what the repair makes of `bad`.
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
    """Two layers of one unit, one somewhere before the other, of which a finding can be made.

    Attributes:
        first: The role of the earlier one: norm, dropout or activation.
        second: The role of the later one, likewise.
        is_headed: Whether only units with a linear layer at their head matter.
    """

    first: Role
    second: Role
    is_headed: bool = False


class Rule(ABC):
    """A rule. What others need to know of it, it says itself.

    A subclass in a module of `orderlint.rules`, or of a package's entry point `orderlint.rules`, is found and
    registered by being there. The docstring of the subclass is its documentation; its first line is the summary in the
    tables.

    Attributes:
        code: `ORD001`, never used twice.
        name: The bad pattern in kebab-case.
        default_on: Whether it is checked without being selected.
        subject: What it is about.
        needs: Sets of roles. There is no finding in a file that does not, with what it imports, mention layers of all
            roles of one of them, so that it need not be analyzed. `None` where that cannot be said; empty where what
            the rule finds is not in the graph.
        fixable: Whether its findings can be repaired.
        of_every_use: Whether a finding says something of all uses of a layer, so that one in another file is no cause.
        by_roles: Whether a finding depends on nothing but which roles come in a unit and in which order, repeated ones
            counting once. If all rules that apply say so, files that are plainly in order need no analysis.
        is_about_order: Whether its findings show the recommended order of the unit, also those that no move repairs.
        why: What is bad about it, as one sentence, which a report says once a rule.
        mark: What a report writes beside the marked code; its name in words, if empty.
        revealed: What to say of findings that repairs of others bring to light, with `{}` for "3 layers"; a repair
            must not bring a finding of a rule that says nothing.
        advice: What to do by hand about what a repair would otherwise bring, as a clause; empty if there is nothing.
        never_because: Why there is no repair, where the rule is never repaired.
        repair_note: What users should be told after its findings were repaired, besides what each repair says.
        examples: Run as tests and shown in the documentation.
        near_misses: Run as tests: none of them is a finding.
        home: The package that brings it, such as `lab-rules 1.2`; empty for orderlint's own.
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
        """The violations in the units of all graphs of a file; one place may be given many times."""

    def signs(self, order: Order) -> Sequence[Sign] | None:
        """What a unit must hold for a finding: one of these. `None` where that cannot be said.

        If all rules that apply say it, `check` is given only the units that pass a place where one of them is
        possible, which is most of the time of judging saved.

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
        """Where the documentation stands; empty for a rule of another package that does not say."""
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
        """What the rule found at a place: whoever looked there adds the rest.

        Args:
            message: What was found.
            location: Where.
            why: What is bad about it, where that is not what the rule says of all its findings.
        """
        return Finding(
            self.code,
            self.name,
            message,
            location,
            url=self.url,
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
    """One layer that breaks a rule. Each is equal to itself alone, as what becomes of one is nothing to its like.

    Attributes:
        rule: The rule.
        at: The call that is reported, at its `place`.
        because: The other calls that make it a violation, nearest first.
        because_message: What to say at those ("activation applied here").
        message: What was found, in at most 80 characters, without a full stop.
        unit: A unit that shows it.
        wish: The repair wished for; `None` if there is none.
        other_wishes: What other paths wish for, where their anchors differ.
        refusal: Why there is no wish, in words a user can act on.
        why: What is bad about it, where that differs from one violation of the rule to the next.
        everywhere: Whether every path through the reported place shows it; a repair is only right where it is.
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
