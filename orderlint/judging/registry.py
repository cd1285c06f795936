"""The rules there are, and how they are found by what users write."""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from types import MappingProxyType

from orderlint.judging.rule import Rule

__all__ = ["UnknownRule", "find_rule", "load_rules", "select_rules"]


class UnknownRule(LookupError):
    """No rule has this code, name or prefix.

    Attributes:
        given: What was asked for.
        nearest: The code or name that is most like it; `None` if none is.
    """

    def __init__(self, given: str, nearest: str | None) -> None:
        hint = f"; did you mean {nearest}?" if nearest else ""
        super().__init__(f"unknown rule {given!r}{hint}")
        self.given = given
        self.nearest = nearest


@cache
def load_rules() -> Mapping[str, Rule]:
    """Every rule by its code, in the order of the codes: the presence of a module registers its rule."""
    rules = sorted(_walk(), key=lambda rule: rule.code)
    return MappingProxyType({rule.code: rule for rule in rules})


def _walk() -> Iterator[Rule]:
    package = import_module("orderlint.rules")
    for module in iter_modules(package.__path__):
        for value in vars(import_module(f"orderlint.rules.{module.name}")).values():
            if inspect.isclass(value) and issubclass(value, Rule) and not inspect.isabstract(value):
                yield value()


def find_rule(text: str) -> Rule:
    """The rule of a code or a name.

    Raises: UnknownRule: There is none.
    """
    rules = load_rules()
    wanted = text.strip()
    for rule in rules.values():
        if wanted.upper() == rule.code or wanted.lower() == rule.name:
            return rule
    raise UnknownRule(text, _nearest(wanted))


def select_rules(selector: str) -> tuple[Rule, ...]:
    """The rules that a selector of the command line or configuration means: `ALL`, a code, its beginning, or a name.

    Raises: UnknownRule: It means none.

    >>> [rule.code for rule in select_rules("ORD00")]
    ['ORD001', 'ORD002', 'ORD003']
    """
    rules = tuple(load_rules().values())
    wanted = selector.strip().upper()
    if wanted == "ALL":
        return rules
    if len(wanted) >= 3:
        chosen = tuple(rule for rule in rules if rule.code.startswith(wanted))
        if chosen:
            return chosen
    return (find_rule(selector),)


def _nearest(text: str) -> str | None:
    """The code or name most like a text, the first of equals; `None` if none is like it."""
    rules = load_rules().values()
    by_code = _best(text.upper(), [rule.code for rule in rules])
    return by_code or _best(text.lower(), [rule.name for rule in rules])


def _best(text: str, options: Sequence[str]) -> str | None:
    matcher = SequenceMatcher(b=text)
    scores = {}
    for option in options:
        matcher.set_seq1(option)
        scores[option] = matcher.ratio()
    best = max(options, key=lambda option: scores[option])
    return best if scores[best] >= 0.6 else None
