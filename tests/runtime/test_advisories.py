"""Security advisories about loading Keras models: a sample for each is read as data, without effect."""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import h5py
import pytest

from orderlint.runtime.saved import read_saved
from tests.hostile.watching import watched
from tests.runtime.test_unsafe import attacks, model_with
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
    "CVE-2026-0897": "weights of any size",
    "CVE-2026-1462": "saved_model",
    "CVE-2026-1669": "weights elsewhere",
    "CVE-2026-12479": "layer name",
}
"""The number of each, and which sample of `attacks` it is; the others are made here."""


def sample(name: str, marker: Path) -> dict[str, Any]:
    if name in WEIGHTS:
        return model_with({"module": "keras.layers", "class_name": "Dense", "name": "fc", "config": {"name": "fc"}})
    if name != "layer name":
        return attacks(marker)[name]
    path = f"../../../..{marker}"
    return model_with({"module": "keras.layers", "class_name": "Dense", "name": path, "config": {"name": path}})


def huge(file: h5py.File) -> None:
    """Weights that would allocate four terabytes."""
    file.create_dataset("layers/fc/vars/0", shape=(2**40,), dtype="float32", chunks=(1024,))


def elsewhere(file: h5py.File) -> None:
    """Weights that are stored in another file of the user's machine."""
    file.create_dataset("layers/fc/vars/0", shape=(64,), dtype="uint8", external=[("/etc/passwd", 0, 64)])


WEIGHTS = {"weights of any size": huge, "weights elsewhere": elsewhere}


def saved(config: dict[str, Any], path: Path, weights: Callable[[h5py.File], None] | None) -> Path:
    """A model in a file, with weights if they are the sample."""
    if path.suffix == ".json":
        path.write_text(json.dumps(config), encoding="utf-8")
        return path
    inside = path.with_suffix(".inside") if path.suffix == ".keras" else path
    with h5py.File(inside, "w") as file:
        file.attrs["model_config"] = json.dumps(config)
        if weights is not None:
            weights(file)
    if path.suffix == ".keras":
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("config.json", json.dumps(config))
            archive.write(inside, "model.weights.h5")
    return path


@pytest.mark.parametrize("ending", [".keras", ".json", ".h5"])
@pytest.mark.parametrize("number", sorted(ADVISORIES))
def test_an_advisory_is_without_effect(number: str, ending: str, tmp_path: Path) -> None:
    """The sample has an ordinary graph: nothing is executed, downloaded or written, and the vocabulary is not read."""
    marker = tmp_path / "marker"
    name = ADVISORIES[number]
    path = saved(sample(name, marker), tmp_path / f"model{ending}", WEIGHTS.get(name))
    read_saved(path)  # modules that are imported on first use do not matter
    with watched() as seen:
        graph = read_saved(path)
    assert seen == []
    assert len(graph.calls) == 2
    assert not marker.exists()


def test_the_page_of_guarantees_names_every_advisory() -> None:
    """The table of the page has the samples of this test."""
    page = (ROOT / "docs" / "guarantees.md").read_text(encoding="utf-8")
    assert set(re.findall(r"CVE-\d+-\d+", page)) == set(ADVISORIES)
