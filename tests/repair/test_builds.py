"""Every fixture that real Keras can build: built before and after its repair."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from orderlint.diagnostics import RepairKind
from orderlint.graph import LayerGraph
from orderlint.judging import Rule, judge
from orderlint.repair import FixResult, fix_text
from orderlint.runtime.models import read_model
from orderlint.text.files import SourceFile, read_source, source_from_text
from tests.judged import standards
from tests.repair.probing import Probe, built_models, executed
from tests.support import ROOT

DEFAULT = standards()
OBSTRUCTING = tuple(rule for rule in DEFAULT.every if rule.obstructs)
"""No repair makes a finding of these; the recommended order itself may bring ORD101 and ORD109 to light."""
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


def found(model: Any, rules: Iterable[Rule] = DEFAULT.rules) -> Counter[str]:
    """How many findings a built model has, by code."""
    return Counter(violation.rule.code for violation in judge(graphs(model), tuple(rules), DEFAULT.order))


def predictions(model: Any) -> list[Any]:
    """What a model makes of one made-up batch."""
    import numpy as np

    random = np.random.default_rng(2)
    data = [random.standard_normal([2 if size is None else size for size in one.shape]) for one in model.inputs]
    outputs = model([one.astype("float32") for one in data], training=False)
    return [np.asarray(one) for one in (outputs if isinstance(outputs, (list, tuple)) else [outputs])]


def randomize(model: Any) -> None:
    """Weights that no two layers share."""
    import numpy as np

    random = np.random.default_rng(1)
    model.set_weights([value + random.uniform(0.1, 0.4, value.shape) for value in model.get_weights()])


@pytest.mark.parametrize("path", list(cases()), ids=case_id)
def test_a_repaired_fixture_builds_like_before(path: Path) -> None:
    """The same models with the same shapes of input and output, and no finding that they had not before.

    Their built graphs have the recommended order, except where the repair told what it left.
    """
    file = read_source(path, path.name)
    result = repaired(file)
    if result is None:
        pytest.skip("nothing to repair")
    try:
        before = built(file)
    except (Exception, SystemExit) as error:  # a script may end itself
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
    """Repairs that are called equivalent or same-inference, made alone, keep the predictions of the same weights."""
    if not any(one.kind is not RepairKind.CHANGES_MODEL for one in full.repaired):
        return
    mild = fix_text(file, DEFAULT, only=RepairKind.SAME_INFERENCE)
    for name, (model, _) in built(source_from_text(mild.text, file.path)).items() if mild.repaired else ():
        old = before[name].model
        randomize(old)
        if not _have_same_places(old, model) or (known := _certain_predictions(old)) is None:
            continue
        model.set_weights(old.get_weights())
        assert _are_close(predictions(model), known), name


def _have_same_places(old: Any, new: Any) -> bool:
    """Whether weights can be handed over by their order, which follows that of the layers in several branches."""
    return [one.shape for one in old.get_weights()] == [one.shape for one in new.get_weights()]


def _certain_predictions(model: Any) -> list[Any] | None:
    """What a model predicts; `None` where a dropout of its own works at inference, or it works on symbols only."""
    try:
        first, *others = [predictions(model) for _ in range(10)]  # two masks of few values are alike by chance
    except ValueError:
        return None
    return first if all(_are_close(first, other) for other in others) else None


def _are_close(some: list[Any], others: list[Any]) -> bool:
    import numpy as np

    return all(np.allclose(one, other, atol=1e-5, equal_nan=True) for one, other in zip(some, others, strict=True))
