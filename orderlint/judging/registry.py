"""The registry of rules, and how to find rules by what users write."""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Iterator, Mapping
from functools import cache, cached_property
from importlib import import_module
from pkgutil import iter_modules
from types import GenericAlias, ModuleType

from orderlint.catalog import DEFAULT, RoleTable
from orderlint.judging.order import DEFAULT_ORDER, Order
from orderlint.judging.rule import Rule, Subject
from orderlint.judging.standards import Standards
from orderlint.records import record
from orderlint.words import is_beginning, meant, nearest_rule

__all__ = ["Registry", "UnknownRule", "own_registry", "rules_in"]


class UnknownRule(LookupError):
    """Raised if no rule has the given code, name or prefix.

    Attributes:
        given: The given text.
        nearest: The most similar code or name. `None` if none is similar.
    """

    __module__ = "orderlint"  # where users import it from, which a traceback names

    def __init__(self, given: str, nearest: str | None) -> None:
        super().__init__(f"unknown rule `{given}`{meant(nearest)} (`orderlint rules` lists all rules)")
        self.given = given
        self.nearest = nearest


@record(frozen=True)
class Registry:
    """The rules of a session.

    Attributes:
        rules: Every rule by its code, in the order of the codes.
    """

    rules: Mapping[str, Rule]

    @classmethod
    def of(cls, rules: Iterable[Rule]) -> Registry:
        """The registry of some rules."""
        ordered = sorted(rules, key=lambda rule: rule.code)
        return cls({rule.code: rule for rule in ordered})

    @cached_property
    def names(self) -> Mapping[str, str]:
        """The name of every rule, by its code."""
        return {code: rule.name for code, rule in self.rules.items()}

    @cached_property
    def usual(self) -> frozenset[str]:
        """The codes that are on by default."""
        return frozenset(code for code, rule in self.rules.items() if rule.default_on)

    @cached_property
    def about_comments(self) -> frozenset[str]:
        """The codes of the rules about suppression comments."""
        return frozenset(code for code, rule in self.rules.items() if rule.subject is Subject.COMMENTS)

    def standards(
        self,
        codes: Iterable[str] | None = None,
        *,
        warn: frozenset[str] = frozenset(),
        order: Order = DEFAULT_ORDER,
        roles: RoleTable = DEFAULT,
    ) -> Standards:
        """The standards with some rules, or with the default rules."""
        chosen = self.usual if codes is None else frozenset(codes)
        applied = tuple(rule for code, rule in self.rules.items() if code in chosen)
        others = tuple(rule for code, rule in self.rules.items() if code not in chosen)
        return Standards(applied, warn, order, roles, others)

    def find(self, text: str) -> Rule:
        """The rule of a code or a name.

        Raises: UnknownRule: There is none.
        """
        wanted = text.strip()
        for rule in self.rules.values():
            if wanted.upper() == rule.code or wanted.lower() == rule.name:
                return rule
        raise UnknownRule(text, nearest_rule(wanted, self.names))

    def select(self, selector: str) -> tuple[Rule, ...]:
        """The rules that a selector of the command line or configuration selects.

        It is `ALL`, a code, the beginning of one, or a name.

        Raises: UnknownRule: It selects none.

        >>> [rule.code for rule in own_registry().select("ORD00")]
        ['ORD001', 'ORD002', 'ORD003']
        """
        wanted = selector.strip().upper()
        if wanted == "ALL":
            return tuple(self.rules.values())
        chosen = tuple(rule for code, rule in self.rules.items() if is_beginning(wanted, code))
        return chosen or (self.find(selector),)


@cache
def own_registry() -> Registry:
    """orderlint's own rules: the presence of a module in `orderlint.rules` registers its rule."""
    package = import_module("orderlint.rules")
    modules = (import_module(f"orderlint.rules.{module.name}") for module in iter_modules(package.__path__))
    return Registry.of(rule for module in modules for rule in rules_in(module))


def rules_in(module: ModuleType) -> Iterator[Rule]:
    """The rules that a module defines, not those it imports."""
    for value in vars(module).values():
        # Python 3.10 takes `list[int]` for a class.
        is_class = inspect.isclass(value) and not isinstance(value, GenericAlias)
        is_rule = is_class and issubclass(value, Rule) and not inspect.isabstract(value)
        if is_rule and value.__module__ == module.__name__:
            yield value()
