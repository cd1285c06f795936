"""Each fixture that Keras can build is built before and after its repair."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from orderlint.diagnostics import RepairKind
from orderlint.repair import FixResult, fix_text
from orderlint.text.files import SourceFile, read_source, source_from_text
from tests.repair.building import (
    DEFAULT,
    OBSTRUCTING,
    built,
    found,
    predict_the_same,
    repaired,
    shapes,
)
from tests.repair.probing import Probe
from tests.support import ROOT

FOLDERS = [ROOT / "fixtures" / "repair", ROOT / "fixtures" / "check", ROOT / "fixtures" / "demo"]


def cases() -> Iterator[Path]:
    for folder in FOLDERS:
        for path in sorted(folder.rglob("*")):
            if path.suffix in (".py", ".ipynb") and ".fixed" not in path.name and path.parent.name != "project":
                yield path


def case_id(path: Path) -> str:
    return path.relative_to(ROOT / "fixtures").as_posix()


@pytest.mark.parametrize("path", list(cases()), ids=case_id)
def test_a_repaired_fixture_builds_like_before(path: Path) -> None:
    """The repaired models have the same input and output shapes, and no new findings.

    Their built graphs have the recommended order, except for findings that were left.
    """
    file = read_source(path, path.name)
    result = repaired(file)
    if result is None:
        pytest.skip("nothing to repair")
    try:
        before = built(file)
    except (Exception, SystemExit) as error:  # a script may call `sys.exit`
        pytest.skip(f"cannot be run by this Keras: {type(error).__name__}")
    after = built(source_from_text(result.text, path.name))
    assert set(after) == set(before)
    for name, (model, is_guessed) in before.items():
        repaired_model = after[name].model
        assert shapes(repaired_model) == shapes(model), name
        assert found(repaired_model, OBSTRUCTING) - found(model, OBSTRUCTING) == Counter(), name
        if not (result.left or is_guessed):
            assert found(repaired_model) == Counter(), name
    check_mild_repairs(file, result, before)


def check_mild_repairs(file: SourceFile, full: FixResult, before: Mapping[str, Probe]) -> None:
    """Repairs of the kinds equivalent and same-inference, applied alone, keep the predictions with the same weights."""
    if not any(one.kind is not RepairKind.CHANGES_MODEL for one in full.repaired):
        return
    mild = fix_text(file, DEFAULT, only=RepairKind.SAME_INFERENCE)
    for name, (model, _) in built(source_from_text(mild.text, file.path)).items() if mild.repaired else ():
        assert predict_the_same(before[name].model, model) is not False, name
