"""The advisories on loading models of Keras, each by a sample: it is read as data, and nothing of it happens."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import h5py
import pytest

from orderlint.runtime.saved import read_saved
from tests.hostile.watching import watched
from tests.runtime.test_unsafe import attacks, keras_file, model_with
from tests.support import ROOT

ADVISORIES = {
    "CVE-2024-3660": "old_lambda",
    "CVE-2025-1550": "module",
    "CVE-2025-8747": "get_file",
    "CVE-2025-9905": "lambda",
    "CVE-2025-9906": "enable",
    "CVE-2025-12058": "vocabulary",
    "CVE-2025-12060": "get_file",
    "CVE-2025-12638": "get_file",
    "CVE-2025-49655": "torch",
    "CVE-2026-12479": "layer name",
}
"""The number of each, and which sample of `attacks` it is."""


def sample(name: str, marker: Path) -> dict[str, Any]:
    if name != "layer name":
        return attacks(marker)[name]
    path = f"../../../..{marker}"
    return model_with({"module": "keras.layers", "class_name": "Dense", "name": path, "config": {"name": path}})


def saved(config: dict[str, Any], path: Path) -> Path:
    if path.suffix == ".keras":
        return keras_file(path, config)
    if path.suffix == ".json":
        path.write_text(json.dumps(config), encoding="utf-8")
        return path
    with h5py.File(path, "w") as file:
        file.attrs["model_config"] = json.dumps(config)
    return path


@pytest.mark.parametrize("ending", [".keras", ".json", ".h5"])
@pytest.mark.parametrize("number", sorted(ADVISORIES))
def test_an_advisory_is_without_effect(number: str, ending: str, tmp_path: Path) -> None:
    """Its sample ends in an ordinary graph: nothing is executed, fetched, opened or written, the vocabulary unread."""
    marker = tmp_path / "marker"
    path = saved(sample(ADVISORIES[number], marker), tmp_path / f"model{ending}")
    read_saved(path)  # what is imported on first use is no concern here
    with watched() as seen:
        graph = read_saved(path)
    assert seen == []
    assert len(graph.calls) == 2
    assert not marker.exists()


def test_the_page_of_guarantees_names_every_advisory() -> None:
    """The table of the page and the samples here are the same."""
    page = (ROOT / "docs" / "guarantees.md").read_text(encoding="utf-8")
    assert set(re.findall(r"CVE-\d+-\d+", page)) == set(ADVISORIES)
