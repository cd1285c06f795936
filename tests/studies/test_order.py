"""The study's record, its page, and a small run."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from studies.order.defaults import Count, count
from studies.order.page import DOCS, measured, quoted, rendered
from studies.order.record import entries
from studies.order.settings import QUICK, RULES, Setting, grid
from studies.order.summary import differences
from studies.record import append, missing
from tests.judged import RULES as JUDGED
from tests.studies.tiny import tiny_run


def test_the_page_is_that_of_the_record() -> None:
    """`python -m studies.order --write` was run after the last change of the record."""
    for name, text in rendered(entries()).items():
        assert (DOCS / name).read_text(encoding="utf-8") == text, name


@pytest.mark.parametrize("code", RULES)
def test_the_rules_quote_the_record(code: str) -> None:
    """The measurements quoted on a rule's page are in the record."""
    path, text = quoted(code, entries())
    assert path.read_text(encoding="utf-8") == text
    assert "\n".join(measured(code, entries())) in JUDGED[code].documentation


def test_the_proposal_is_that_of_the_record() -> None:
    """The statements of the page about the default rules are true for the record."""
    gaps = differences(entries(), "accuracy", "accuracy")

    def of(order: str, *names: str, rate: float | None = None) -> Count:
        return count(
            gap
            for one, gap in gaps.items()
            if one.order == order and one.activation in (names or (one.activation,)) and rate in (None, one.rate)
        )

    assert of("LDBA").worse > of("LDBA").total / 2
    assert of("LBDA").worse > 4 * of("LBDA").better
    assert of("LBDA", "relu").level == of("LBDA", "relu").total
    assert (of("LABD", "elu").worse, of("LABD", rate=0).better, of("LABD", "tanh").better) == (0, 0, 1)
    assert of("LABD", "elu").better > 0


def test_no_setting_is_there_twice() -> None:
    """The grid and the record have no duplicates, and each entry has a value for each seed."""
    settings = list(grid())
    assert len(settings) == len(set(settings))
    found = entries()
    assert len(found) == len({entry.setting for entry in found})
    for entry in found:
        assert len(entry.figures["accuracy"]) == len(entry.figures["shift"]) == entry.setting.seeds


def test_orders_of_a_setting_have_the_same_number_of_parameters() -> None:
    """All orders of a setting have the same number of parameters."""
    found: dict[tuple[object, ...], set[int]] = {}
    for entry in entries():
        one = entry.setting
        found.setdefault((one.data, one.width, one.depth), set()).add(entry.figures["parameters"])
    assert all(len(numbers) == 1 for numbers in found.values())


def test_a_record_that_was_cut_off(tmp_path: Path) -> None:
    """An interrupted run continues at the next entry."""
    if importlib.util.find_spec("mnist1d") is None:
        pytest.skip("the versions of the study's packages are part of a record")
    path = tmp_path / "record.jsonl"
    append(path, QUICK[0], {"accuracy": [0.5, 0.6]})
    with path.open("a", encoding="utf-8") as file:
        file.write('{"setting": {"da')
    assert missing(QUICK, path, Setting) == [QUICK[1]]


def test_a_tiny_run(tmp_path: Path) -> None:
    """`--quick` trains, resumes, and has values for each seed."""
    found = entries(tiny_run("order", tmp_path))
    assert [entry.setting for entry in found] == list(QUICK)
    assert all(len(entry.figures["recalibrated_accuracy"]) == 2 for entry in found)
