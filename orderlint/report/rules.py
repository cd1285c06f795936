"""The page of each rule, and the table of all rules."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Sequence

from orderlint.judging.rule import Example, Fixable, NearMiss, Rule
from orderlint.report.terminal import UNICODE, Glyphs, styled

__all__ = ["page", "table"]

_MARKER = re.compile(r"[ \t]*# error: [\d, ]+$", re.MULTILINE)


def page(rule: Rule) -> str:
    """The page of a rule as Markdown: its documentation and its examples."""
    parts = [f"# {rule.code} {rule.name}", _facts(rule), rule.documentation]
    if rule.examples:
        parts += ["## Examples", *(_example(example) for example in rule.examples)]
    if rule.near_misses:
        parts += ["## Not a finding", *(_near_miss(miss) for miss in rule.near_misses)]
    return "\n\n".join(parts) + "\n"


def table(rules: Iterable[Rule], *, width: int = 100, glyphs: Glyphs = UNICODE, color: bool = False) -> str:
    """A row for each rule: its code, its name, whether it is on by default and repairable, and its summary."""
    listed = list(rules)
    names = max((len(rule.name) for rule in listed), default=0)
    lines: list[str] = []
    for rule in listed:
        on = "on" if rule.default_on else ""
        fix = "repair" if rule.fixable is not Fixable.NEVER else ""
        start = f"{rule.code}  {rule.name:<{names}}  {on:<2}  {fix:<6}  "
        lines += _row(start, glyphs.spell(rule.summary), width)
    return styled("\n".join([*lines, "", *textwrap.wrap(_KEY, width)]) + "\n", color=color)


_KEY = "on: checked by default; --extend-select adds others. repair: `orderlint fix` can often repair it."


def _row(start: str, summary: str, width: int) -> Sequence[str]:
    if width - len(start) < 30:  # too narrow for its own column
        return [start.rstrip(), *textwrap.wrap(summary, width, initial_indent="    ", subsequent_indent="    ")]
    first, *more = textwrap.wrap(summary, width - len(start)) or [""]
    return [start + first, *(" " * len(start) + line for line in more)]


def _facts(rule: Rule) -> str:
    on = "On by default." if rule.default_on else f"Off by default: `--extend-select {rule.code}` turns it on."
    fix = "Never repaired." if rule.fixable is Fixable.NEVER else "Repaired by `orderlint fix` where that is safe."
    return f"{on} {fix}"


def _example(example: Example) -> str:
    bad, good = _MARKER.sub("", example.bad), example.good
    return f"**{example.title}**\n\n{_code(bad)}\n\nUse instead:\n\n{_code(good)}"


def _near_miss(miss: NearMiss) -> str:
    return f"**{miss.title}**\n\n{_code(miss.code)}"


def _code(text: str) -> str:
    return f"```python\n{textwrap.dedent(text).strip()}\n```"
