"""The examples of each rule in each format. A rule may have no recommended order, no repair or no chain."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import pytest

from orderlint import check_source
from orderlint.diagnostics import Report
from orderlint.report import formats
from orderlint.report.view import View
from tests.judged import RULES
from tests.rules.test_examples import HEADER

_WITHOUT = {
    "ORD900": "from keras.layers import Dense\nx = (\n",
    "ORD901": "from keras.layers import Dense\nx = Dense(1)(x)  # orderlint: ignore[ORD001]\n",
}
"""Texts for the rules without examples."""


@cache
def texts_of(code: str) -> Mapping[str, str]:
    """The examples of a rule by file name."""
    texts = [HEADER + example.bad for example in RULES[code].examples] or [_WITHOUT[code]]
    return {f"net{number}.py": text for number, text in enumerate(texts)}


@cache
def findings_of(code: str) -> Report:
    """The findings of a rule in its examples."""
    found = [check_source(text, path=path, select=["ORD0", code]) for path, text in texts_of(code).items()]
    return Report(tuple(one for report in found for one in report if one.code == code), files=len(found))


@pytest.mark.parametrize("name", formats.names())
@pytest.mark.parametrize("code", sorted(RULES))
def test_every_format_shows_every_rule(code: str, name: str) -> None:
    """Each finding is included, with its code."""
    report = findings_of(code)
    assert report.findings
    view = View(lambda at: texts_of(code)[at.path].split("\n"), rules=RULES)
    assert formats.load(name).render(report, view).count(code) >= len(report.findings)


@pytest.mark.parametrize("code", sorted(RULES))
def test_a_notebook_shows_every_rule(code: str) -> None:
    """The HTML of a report and of each single finding include it, too."""
    report = findings_of(code)
    assert report._repr_html_().count(code) >= len(report.findings)
    assert all(code in finding._repr_html_() for finding in report)
