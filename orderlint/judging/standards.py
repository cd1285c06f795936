"""The rules, roles and order that apply to a file or a model."""

from __future__ import annotations

from collections.abc import Iterator

from orderlint.catalog import DEFAULT, RoleTable
from orderlint.judging.order import DEFAULT_ORDER, Order
from orderlint.judging.rule import Rule, Subject
from orderlint.records import record

__all__ = ["Standards"]


@record(frozen=True, slots=True)
class Standards:
    """The rules, roles and order that apply to a file or a model, after configuration and options.

    Attributes:
        rules: The rules that apply, in the order of their codes.
        warn: The codes whose findings do not make a run fail.
        order: The order that the ordering rules follow.
        roles: The roles of names, the user's among them.
        others: The rules that do not apply. A repair must not cause findings of these, either.
    """

    rules: tuple[Rule, ...]
    warn: frozenset[str] = frozenset()
    order: Order = DEFAULT_ORDER
    roles: RoleTable = DEFAULT
    others: tuple[Rule, ...] = ()

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes of the rules."""
        return tuple(rule.code for rule in self.rules)

    @property
    def every(self) -> tuple[Rule, ...]:
        """All rules, in the order of their codes."""
        return tuple(sorted((*self.rules, *self.others), key=lambda rule: rule.code))

    def about(self, subject: Subject) -> Iterator[Rule]:
        """The rules that apply and have a given subject."""
        return (rule for rule in self.rules if rule.subject is subject)
