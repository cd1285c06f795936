"""Hovers: the rule and the repair of a finding, the unit that a layer belongs to, and the rule that a comment names.

Editors show a hover together with the diagnostics at its place. So it does not repeat their messages and chains.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from lsprotocol import types

from orderlint.diagnostics import Finding, RepairKind
from orderlint.graph import Unit
from orderlint.judging import Rule
from orderlint.report.described import KIND_WORDS

__all__ = ["markdown", "of_findings", "of_rule", "of_units", "rule_at"]

_CODE = re.compile(r"[A-Z]+\d+|[a-z]+(?:-[a-z]+)+")
_MOST_UNITS = 5


def of_findings(findings: Iterable[Finding], rules: Mapping[str, Rule]) -> str:
    """The rules of findings, and their repairs."""
    return "\n\n---\n\n".join(_finding(finding, rules.get(finding.code)) for finding in findings)


def of_units(units: Sequence[Unit]) -> str:
    """The units that a layer belongs to: the layers from one linear layer to the next."""
    title = "Unit of this layer" if len(units) == 1 else "Units of this layer"
    lines = [f"- {_unit(unit)}" for unit in units[:_MOST_UNITS]]
    if len(units) > _MOST_UNITS:
        lines.append(f"- and {len(units) - _MOST_UNITS} more")
    return f"**{title}** (the layers from one linear layer up to the next)\n\n" + "\n".join(lines)


def of_rule(rule: Rule) -> str:
    """The code, the name and the summary of a rule."""
    return f"{_link(rule.code, rule.url)} `{rule.name}`\n\n{rule.summary}"


def rule_at(line: str, column: int, rules: Mapping[str, Rule]) -> Rule | None:
    """The rule that a comment names at a place.

    Args:
        line: The line.
        column: The place in it, from 0, in code points.
        rules: The available rules.
    """
    comment = line.rfind("#", 0, column + 1)
    if comment < 0 or not re.search(r"orderlint|noqa", line[comment:], re.IGNORECASE):
        return None
    for match in _CODE.finditer(line, comment):
        if match.start() <= column <= match.end():
            word = match[0]
            return rules.get(word) or next((rule for rule in rules.values() if rule.name == word), None)
    return None


def _finding(finding: Finding, rule: Rule | None) -> str:
    parts = [f"{_link(finding.code, finding.url)} `{finding.name}`" if rule is None else of_rule(rule)]
    if finding.chain and not finding.recommended:  # the diagnostic has two chains or none
        parts.append(f"Found: {_chain(finding.chain)}")
    if finding.repair is not None:
        parts.append(_repair(finding))
    return "\n\n".join(parts)


def _repair(finding: Finding) -> str:
    repair = finding.repair
    assert repair is not None
    if not repair.available:
        return f"No repair{f': {repair.reason}' if repair.reason else ''}"
    effect = _effect(repair.kind) if repair.kind is not None else ""
    said = f"{repair.title} ({effect})" if repair.title else effect
    fix = finding.fix
    if fix is None or fix.title == repair.title:
        return f"Repair: {said}"
    # The repair of a single finding may differ from that of all findings of its unit together.
    return f"Quick fix: {fix.title} ({_effect(fix.kind)})\n\nWith all findings of the file: {said}"


def _unit(unit: Unit) -> str:
    chain = _chain(unit.chain)
    return f"{chain}, up to `{unit.follower.layer}`" if unit.follower is not None else f"{chain}, up to the end"


def _chain(names: Iterable[str]) -> str:
    return " → ".join(f"`{name}`" for name in names)


def _link(code: str, url: str | None) -> str:
    return f"**[{code}]({url})**" if url else f"**{code}**"


def markdown(text: str) -> types.MarkupContent:
    """Markdown as a value of the protocol."""
    return types.MarkupContent(types.MarkupKind.Markdown, text)


def _effect(kind: RepairKind) -> str:
    """The effect of a kind of repair on the model, as in reports."""
    return f"{kind.value}: {KIND_WORDS[kind]}"
