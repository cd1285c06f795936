"""The study of public models: its record, its page, its models, and a small run."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import orderlint
from studies.real.page import DOCS, rendered
from studies.real.record import entries
from studies.real.settings import QUICK, VERSIONS, Setting, grid
from studies.real.texts import about, text
from tests.studies.tiny import tiny_run

MODELS = sorted({setting.model for setting in grid()})


def test_the_page_is_that_of_the_record() -> None:
    """`python -m studies.real --write` was run after the last change of the record."""
    for name, written in rendered(entries()).items():
        assert (DOCS / name).read_text(encoding="utf-8") == written, name


def test_the_record_is_whole() -> None:
    """It has both versions of each model, each with at least ten seeds."""
    found = entries()
    assert {entry.setting for entry in found} == set(grid())
    assert len(found) == len(set(grid()))
    for entry in found:
        assert len(entry.figures["accuracy"]) == entry.setting.seeds >= 10


def test_a_repair_leaves_the_number_of_parameters() -> None:
    """Both versions have the same number of parameters."""
    found: dict[str, set[int]] = {}
    for entry in entries():
        found.setdefault(entry.setting.model, set()).add(entry.figures["parameters"])
    assert all(len(numbers) == 1 for numbers in found.values())


@pytest.mark.parametrize("model", MODELS)
def test_a_model_has_findings_and_a_source(model: str) -> None:
    """Each text has a finding that can be repaired, and the source of its architecture."""
    assert list(orderlint.check_source(text(model, "before")))
    assert "@" in about(model).architecture
    assert about(model).data in ("digits", "mnist1d", "cancer")


@pytest.mark.parametrize("model", ["question_pairs", "exoplanets", "fashion"])
def test_the_repair_is_the_recorded_one(model: str) -> None:
    """`orderlint fix` gives the order of layers that was trained."""
    for version in VERSIONS:
        layers = next(entry.figures["layers"] for entry in entries() if entry.setting == Setting(model, version))
        body = text(model, version).split("def build")[1]
        assert re.findall(rf"\b({'|'.join(set(layers))})\(", body) == layers


def test_a_tiny_run(tmp_path: Path) -> None:
    """`--quick` trains, resumes, and has values for each seed."""
    found = entries(tiny_run("real", tmp_path))
    assert [entry.setting for entry in found] == list(QUICK)
    assert all(len(entry.figures["recalibrated_accuracy"]) == 2 for entry in found)
    recorded = {
        entry.setting.version: entry.figures["layers"] for entry in entries() if entry.setting.model == "narrow"
    }
    assert {entry.setting.version: entry.figures["layers"] for entry in found} == recorded
