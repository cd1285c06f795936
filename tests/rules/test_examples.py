"""Every example and near miss of every rule, analyzed as source and judged by that rule."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import pytest

from orderlint.catalog import LAYERS
from orderlint.graph import Role
from orderlint.judging import Example, NearMiss, Rule, judge
from orderlint.source import analyze
from orderlint.text.files import source_from_text
from tests.judged import RULES

HEADER = f"""\
import tensorflow as tf
from keras import Input, Model, Sequential
from keras.layers import {", ".join(sorted(LAYERS))}

"""
"""The imports that the examples leave out."""
MARK = re.compile(r"# error: (\d+(?:, ?\d+)*)$")
HOUSEKEEPING = {"ORD900", "ORD901"}

Place = tuple[int, int]


def places(text: str, rule: Rule) -> list[Place]:
    """The lines and columns, both from 1, at which a rule has findings in an example."""
    graphs = analyze(source_from_text(HEADER + text, "example.py"))
    found = (violation.at.place.location() for violation in judge(graphs, [rule]))
    return sorted((at.line - HEADER.count("\n"), at.column) for at in found)


def marked(text: str) -> list[Place]:
    """The places that an example marks."""
    lines = enumerate(text.splitlines(), start=1)
    return sorted((number, int(column)) for number, line in lines for column in columns(line))


def columns(line: str) -> Iterator[str]:
    match = MARK.search(line)
    yield from re.split(r", ?", match[1]) if match else ()


def cases() -> Iterator[tuple[Rule, Example | NearMiss]]:
    for rule in RULES.values():
        yield from ((rule, example) for example in rule.examples)
        yield from ((rule, miss) for miss in rule.near_misses)


EXAMPLES = [pytest.param(r, c, id=f"{r.code} {c.title}") for r, c in cases() if isinstance(c, Example)]
NEAR_MISSES = [pytest.param(r, c, id=f"{r.code} {c.title}") for r, c in cases() if isinstance(c, NearMiss)]


@pytest.mark.parametrize(("rule", "example"), EXAMPLES)
def test_bad_example_gives_the_marked_findings(rule: Rule, example: Example) -> None:
    """The rule has findings exactly at the marked places."""
    assert marked(example.bad), "the example marks nothing"
    assert places(example.bad, rule) == marked(example.bad)


@pytest.mark.parametrize(("rule", "example"), EXAMPLES)
def test_good_example_is_clean(rule: Rule, example: Example) -> None:
    """Neither the rule nor any default rule has a finding in the good example."""
    judged = {rule.code: rule} | {code: other for code, other in RULES.items() if other.default_on}
    assert [code for code, other in judged.items() if places(example.good, other)] == []


@pytest.mark.parametrize(("rule", "miss"), NEAR_MISSES)
def test_near_miss_is_no_finding(rule: Rule, miss: NearMiss) -> None:
    """The rule has no finding, although the example has layers."""
    graphs = analyze(source_from_text(HEADER + miss.code, "example.py"))
    assert any(call.steps[0].role is not Role.BOUNDARY for graph in graphs for call in graph.calls)
    assert places(miss.code, rule) == []


@pytest.mark.parametrize(("rule", "example"), EXAMPLES)
def test_good_and_bad_example_hold_the_same_model(rule: Rule, example: Example) -> None:
    """Both examples are valid Python, and differ."""
    assert ast.dump(ast.parse(example.bad)) != ast.dump(ast.parse(example.good))


@pytest.mark.parametrize("rule", [rule for code, rule in RULES.items() if code not in HOUSEKEEPING], ids=repr)
def test_rule_has_examples_and_more_near_misses(rule: Rule) -> None:
    """Every rule about units has examples with and without findings."""
    assert rule.examples
    assert len(rule.near_misses) >= 2
