"""A file has the same units, findings and paths as the object; what it does not contain is reported."""

from __future__ import annotations

import os
import subprocess
import sys
import warnings
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

from orderlint.diagnostics import Report
from orderlint.engine.inspecting import judged, standards_of
from orderlint.engine.session import Session
from orderlint.graph import LayerGraph, units_of
from orderlint.runtime.errors import FileReadError
from orderlint.runtime.models import read_model
from orderlint.runtime.readmodel import ReadModel
from orderlint.runtime.saved import read_file
from tests.runtime.savedzoo import CASES, KERAS_2, OPS, Case
from tests.support import ROOT

STANDARDS = standards_of(Session(), ["ALL"])
FORMS = (".keras", ".h5", ".json")
FOLDERS = {"sequential", "settings_of_norms", "nested_models", "own_activation"}
"""The cases that are saved as SavedModel folders too: TensorFlow takes seconds for one, and the JSON in it is that of
an `.h5` file, but for tuples and shapes."""


def units(graph: LayerGraph) -> Counter[str]:
    return Counter(f"{' '.join(unit.chain)} | {unit.end.value}" for unit in units_of(graph))


def paths(graph: LayerGraph) -> Counter[str | None]:
    return Counter(call.applied.location().layer for call in graph.calls)


def report(read: ReadModel) -> Report:
    return judged(read.graphs, STANDARDS, notes=read.notes)


def findings(read: ReadModel) -> Counter[tuple[str, str | None, str, str]]:
    return Counter(
        (found.code, found.location.layer, " ".join(found.chain), found.message) for found in report(read).findings
    )


def saved(model: Any, folder: Path, forms: Iterable[str], refused: frozenset[str]) -> Iterator[Path]:
    """The model in several formats.

    Args:
        refused: The formats in which Keras may refuse to save it.
    """
    for form in forms:
        path = folder / f"model{form}"
        try:
            if form == ".json":
                path.write_text(model.to_json(), encoding="utf-8")
            else:
                model.save(path, **({"save_format": "tf"} if form == "folder" else {}))
        except (NotImplementedError, TypeError, ValueError):
            assert form in refused, f"{form} is not among the forms that may be refused"
            continue
        yield path


def compare(live: ReadModel, path: Path, case: Case) -> None:
    """Compare a file with the object."""
    read = read_file(path)
    said = report(read).warnings
    named = {name for name in case.gaps if any(f"`{name}`" in warning.message for warning in said)}
    assert named == case.gaps, said
    assert bool(said) == bool(case.gaps), said
    if case.gaps:  # a file never has a finding that the object does not have
        assert findings(read) <= findings(live)
        return
    (built,), (graph,) = live.graphs, read.graphs
    assert units(graph) == units(built)
    assert paths(graph) == paths(built)
    assert findings(read) == findings(live)


def held(keras: Any, name: str, folder: Path) -> None:
    """Compare each file of a case with its object."""
    case = CASES[name]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # by Keras, about formats that are deprecated
        keras.backend.clear_session()  # so that automatic layer names do not depend on earlier models
        model = case.build(keras)
        live = read_model(model)
        forms = [*FORMS, *(["folder"] if keras.__name__ == "tf_keras" and name in FOLDERS else [])]
        for path in saved(model, folder, forms, case.unsaved):
            compare(live, path, case)


def named(kind: str) -> list[str]:
    """The cases for a kind of Keras, except for `subclassed_model`, which has a separate test."""
    other = {"keras3": KERAS_2, "keras2": OPS}[kind]
    return [name for name, case in CASES.items() if case.needs != other and name != "subclassed_model"]


@pytest.mark.parametrize("name", named("keras3"))
def test_a_file_of_keras_3(keras3: Any, name: str, tmp_path: Path) -> None:
    """`.keras`, `.h5` and `.json` of Keras 3 on TensorFlow have the same graph as the object."""
    held(keras3, name, tmp_path)


@pytest.mark.parametrize("name", named("keras2"))
def test_a_file_of_keras_2(keras2: Any, name: str, tmp_path: Path) -> None:
    """`.keras`, `.h5`, `.json` and SavedModel folders of tf_keras have the same graph as the object."""
    held(keras2, name, tmp_path)


def test_a_file_of_a_subclassed_model_says_so(keras: Any, tmp_path: Path) -> None:
    """It does not contain layers: the error for each format says what to inspect instead."""
    model = CASES["subclassed_model"].build(keras)
    assert findings(read_model(model))
    for path in saved(model, tmp_path, FORMS, frozenset({".h5"})):
        with pytest.raises(FileReadError, match=r"`Subclassed` is a subclassed model.*package.module:factory"):
            read_file(path)


ON_JAX = """
import pathlib, tempfile, keras
from tests.runtime.test_files_and_objects import held
assert keras.backend.backend() == "jax"
names = ["functions_of_keras", "nested_models", "operators", "own_activation", "layer_of_layers"]
for name in names:
    with tempfile.TemporaryDirectory() as folder:
        held(keras, name, pathlib.Path(folder))
print("fine")
"""


def test_files_of_keras_3_on_jax() -> None:
    """With JAX, in a separate process, which takes seconds: the backend is chosen on import."""
    pytest.importorskip("jax", reason="the backend that is tried")
    environment = {**os.environ, "KERAS_BACKEND": "jax"}
    command = [sys.executable, "-c", ON_JAX]
    result = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT, env=environment)
    assert result.returncode == 0, result.stderr
    assert result.stdout.splitlines()[-1] == "fine"


def test_a_note_names_three_layers_of_a_kind_and_counts_the_others(keras3: Any, tmp_path: Path) -> None:
    """A large model with custom classes has one line per class, with the role to configure."""

    class Own(keras3.layers.Layer):
        def call(self, x: Any) -> Any:
            return x

    model = keras3.Sequential([keras3.Input((4,)), *(Own(name=f"own_{number}") for number in range(9))])
    model.save(tmp_path / "model.keras")
    (note,) = read_file(tmp_path / "model.keras").notes
    assert note.startswith(
        "`own_0` (Own), `own_1` (Own), `own_2` (Own) and 6 more: what a class outside Keras computes"
    )
    assert f"`{Own.__module__}.Own` a role" in note
