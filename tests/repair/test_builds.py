"""Every fixture that real Keras can build: built before and after its repair."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from orderlint.graph import LayerGraph
from orderlint.judging import judge
from orderlint.repair import FixResult, fix_text
from orderlint.runtime.models import read_model
from orderlint.text.files import SourceFile, read_source, source_from_text
from tests.judged import standards
from tests.repair.probing import Probe, built_models, executed
from tests.support import ROOT

DEFAULT = standards()
FOLDERS = [ROOT / "fixtures" / "repair", ROOT / "fixtures" / "check", ROOT / "fixtures" / "demo"]


def cases() -> Iterator[Path]:
    for folder in FOLDERS:
        for path in sorted(folder.rglob("*")):
            if path.suffix in (".py", ".ipynb") and ".fixed" not in path.name and path.parent.name != "project":
                yield path


def case_id(path: Path) -> str:
    return path.relative_to(ROOT / "fixtures").as_posix()


def repaired(file: SourceFile) -> FixResult | None:
    """The result; `None` where nothing is repaired."""
    if file.problems:
        return None
    result = fix_text(file, DEFAULT)
    return result if result.repaired else None


def built(file: SourceFile) -> dict[str, Probe]:
    import keras

    keras.utils.clear_session()
    return built_models(executed(file, "fixture"))


def shapes(model: Any) -> tuple[list[Any], list[Any]]:
    return [tensor.shape for tensor in model.inputs], [tensor.shape for tensor in model.outputs]


def graphs(model: Any) -> tuple[LayerGraph, ...]:
    return read_model(model).graphs


def found(model: Any) -> list[str]:
    """The codes found in a built model."""
    return [violation.rule.code for violation in judge(graphs(model), DEFAULT.rules, DEFAULT.order)]


@pytest.mark.parametrize("path", list(cases()), ids=case_id)
def test_a_repaired_fixture_builds_like_before(path: Path) -> None:
    """The same models with the same shapes of input and output; their built graphs have the recommended order, except
    where the repair told what it left."""
    file = read_source(path, path.name)
    result = repaired(file)
    if result is None:
        pytest.skip("nothing to repair")
    try:
        before = built(file)
    except Exception as error:
        pytest.skip(f"cannot be run by this Keras: {type(error).__name__}")
    after = built(source_from_text(result.text, path.name))
    assert set(after) == set(before)
    for name, (model, is_guessed) in before.items():
        repaired_model = after[name].model
        assert shapes(repaired_model) == shapes(model), name
        if result.left or is_guessed:
            assert len(found(repaired_model)) <= len(found(model)), name
        else:
            assert found(repaired_model) == [], name
