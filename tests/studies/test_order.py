"""The study's record, its page, and a tiny run of it."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import pytest

from studies.order.page import PAGE, measured, rendered
from studies.order.record import append, missing, read
from studies.order.settings import QUICK, grid
from tests.judged import RULES
from tests.support import ROOT


def test_the_page_is_that_of_the_record() -> None:
    """`python -m studies.order --write` has been run since the record changed."""
    assert PAGE.read_text(encoding="utf-8") == rendered(read())


@pytest.mark.parametrize("code", ["ORD001", "ORD002", "ORD003"])
def test_the_rules_quote_the_record(code: str) -> None:
    """What a rule's page says was measured is in the record."""
    page = RULES[code].documentation
    for line in measured(code, read()):
        assert line in page


def test_no_setting_is_there_twice() -> None:
    """Neither in the grid nor in the record, and every entry has a value for each seed."""
    settings = list(grid())
    assert len(settings) == len(set(settings))
    entries = read()
    assert len(entries) == len({entry.setting for entry in entries})
    for entry in entries:
        assert len(entry.figures["accuracy"]) == len(entry.figures["shift"]) == entry.setting.seeds


def test_orders_of_a_setting_have_the_same_number_of_parameters() -> None:
    """No order has more to learn with than another."""
    found: dict[tuple[object, ...], set[int]] = {}
    for entry in read():
        one = entry.setting
        found.setdefault((one.data, one.width, one.depth), set()).add(entry.figures["parameters"])
    assert all(len(numbers) == 1 for numbers in found.values())


def test_a_record_that_was_cut_off(tmp_path: Path) -> None:
    """A run that was interrupted goes on where it stopped."""
    if importlib.util.find_spec("mnist1d") is None:
        pytest.skip("the versions of the study's packages are part of a record")
    path = tmp_path / "record.jsonl"
    append(path, QUICK[0], {"accuracy": [0.5, 0.6]})
    with path.open("a", encoding="utf-8") as file:
        file.write('{"setting": {"da')
    assert missing(QUICK, path) == [QUICK[1]]


def test_a_tiny_run(tmp_path: Path) -> None:
    """`--quick` trains, resumes, and yields figures for each seed."""
    if any(importlib.util.find_spec(name) is None for name in ("jax", "sklearn", "mnist1d")):
        pytest.skip("the study needs its extra: pip install 'orderlint[study]'")
    record = tmp_path / "quick.jsonl"
    command = [sys.executable, "-m", "studies.order", "--quick", "--record", str(record)]
    for _ in range(2):
        subprocess.run(command, check=True, cwd=ROOT, env={**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3"})
    entries = read(record)
    assert [entry.setting for entry in entries] == list(QUICK)
    assert all(len(entry.figures["retaken_accuracy"]) == 2 for entry in entries)
