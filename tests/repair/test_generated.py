"""Generated models in every style are repaired, and the results are checked."""

from __future__ import annotations

import ast
import json
import re
from collections import Counter
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st

from orderlint.diagnostics import RepairKind
from orderlint.graph import LayerGraph, units_of
from orderlint.judging import judge
from orderlint.repair import FixResult, fix_text
from orderlint.runtime.models import read_model
from orderlint.source import analyze
from orderlint.text.files import SourceFile, source_from_text
from tests.judged import standards
from tests.repair.models import STYLES, Drawn, models

DEFAULT = standards()
COMMENT = re.compile(r"#[^\r\n]*")
# Styles in which layers share an expression or a name, so that comments need not stay beside their layer.
LOOSE = {"nested calls", "held layers", "subclass", "subclass, nested calls"}

thorough = settings(deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)


def repaired(drawn: Drawn, only: RepairKind | None = None) -> FixResult:
    """The result of repairing a generated model, noted for the report of a failure."""
    result = fix_text(source_from_text(drawn.text, drawn.path), DEFAULT, only=only)
    note(drawn.text)
    note(f"became\n{result.text}")
    for left in result.left:
        note(f"left {left.finding.code} {left.finding.location}: {left.reason}")
    return result


def graphs_of(text: str, path: str) -> Sequence[LayerGraph]:
    file = source_from_text(text, path)
    assert file.problems == ()
    return analyze(file)


def chains(graphs: Sequence[LayerGraph]) -> list[tuple[str, ...]]:
    return [unit.chain for graph in graphs for unit in units_of(graph) if unit.head is not None]


def code_lines(file: SourceFile) -> list[str]:
    """All lines of code, cell by cell."""
    return [line for cell in file.cells for line in re.split(r"\r\n|\n", cell.raw)]


def check(drawn: Drawn) -> None:
    """Check all properties of a repair."""
    result = repaired(drawn)
    assert result.problem is None
    assert result.left == ()
    graphs = graphs_of(result.text, drawn.path)
    wanted = [unit.recommended for unit in drawn.units]
    if drawn.repeats:
        assert set(chains(graphs)) == set(wanted)
    else:
        assert chains(graphs) == wanted
    assert judge(graphs, DEFAULT.rules, DEFAULT.order) == []
    again = fix_text(source_from_text(result.text, drawn.path), DEFAULT)
    assert (again.text, again.repaired) == (result.text, ())
    check_text(drawn, result.text)


def check_text(drawn: Drawn, text: str) -> None:
    """Each comment is kept beside its layer, and lines of units in good order are unchanged."""
    old, new = source_from_text(drawn.text, drawn.path), source_from_text(text, drawn.path)
    for cell in new.cells:
        ast.parse(cell.text)
    before, after = code_lines(old), code_lines(new)
    assert Counter(COMMENT.findall("\n".join(before))) == Counter(COMMENT.findall("\n".join(after)))
    following = iter(after)
    for line in drawn.kept:
        assert line in following, f"changed or moved: {line!r}"
    if drawn.style not in LOOSE:
        check_comments(drawn, after)
    if drawn.path.endswith(".ipynb"):
        check_notebook(drawn.text, text)
    else:
        assert ("\r\n" in drawn.text) == ("\r\n" in text)
        assert drawn.text.endswith("\n") == text.endswith("\n")


def check_comments(drawn: Drawn, lines: Sequence[str]) -> None:
    """Each comment is on the line of its layer, or on the line above it."""
    for piece in drawn.pieces:
        if piece.comment is None or piece.comment.text not in "\n".join(lines):
            continue
        at = next(number for number, line in enumerate(lines) if piece.comment.text in line)
        if piece.comment.is_above:
            assert piece.comment.before in lines[at - 1]
            assert piece.layer in lines[at + 1], f"{piece.comment.text} stands above {lines[at + 1]!r}"
        elif not piece.is_wrapped:
            assert piece.layer in lines[at].partition("#")[0], f"{piece.comment.text} stands beside {lines[at]!r}"


def check_notebook(old: str, new: str) -> None:
    """Only source lines of the notebook change, in its cells and in the bytes of its JSON."""
    before, after = json.loads(old), json.loads(new)
    for one, other in zip(before["cells"], after["cells"], strict=True):
        assert {**one, "source": []} == {**other, "source": []}
    same = [line for line in old.split("\n") if '"outputs"' in line or "ünïcode" in line or "\\u00fc" in line]
    assert same == [line for line in new.split("\n") if '"outputs"' in line or "ünïcode" in line or "\\u00fc" in line]
    assert old.partition('"cell_type": "code"')[0] == new.partition('"cell_type": "code"')[0]
    assert old.rpartition('"metadata"')[2] == new.rpartition('"metadata"')[2]


@pytest.mark.parametrize("style", sorted(STYLES))
@settings(thorough, max_examples=30)
@given(st.data())
def test_a_broken_file_is_repaired(style: str, data: st.DataObject) -> None:
    """One run results in the recommended order and changes nothing else."""
    check(data.draw(models(style, notebook=False)))


@settings(thorough, max_examples=40)
@given(models(notebook=True))
def test_a_broken_notebook_is_repaired(drawn: Drawn) -> None:
    """Only the source lines of the moved layers differ."""
    check(drawn)


def executed(drawn: Drawn, text: str) -> Any:
    """The model of a text, built with Keras and applied to an input."""
    import keras

    keras.utils.clear_session()
    namespace: dict[str, Any] = {}
    exec(compile(text, drawn.path, "exec"), namespace)
    model = namespace["model"]
    return keras.Model(inputs := keras.Input(drawn.input_shape), model.call(inputs)) if is_subclass(model) else model


def is_subclass(model: Any) -> bool:
    return type(model).__name__ == "Net"


@settings(thorough, max_examples=25)
@given(models(notebook=False))
def test_a_repaired_model_is_built_by_keras(drawn: Drawn) -> None:
    """The built model has the same shapes, and its graph has the recommended order."""
    result = repaired(drawn)
    before, after = executed(drawn, drawn.text), executed(drawn, result.text)
    assert after.input_shape == before.input_shape
    assert after.output_shape == before.output_shape
    found = {unit.chain for graph in read_model(after).graphs for unit in units_of(graph) if unit.head is not None}
    assert found == {unit.recommended for unit in drawn.units}


@settings(thorough, max_examples=15)
@given(models(notebook=False), st.sampled_from([RepairKind.EQUIVALENT, RepairKind.SAME_INFERENCE]))
def test_milder_repairs_keep_the_predictions(drawn: Drawn, only: RepairKind) -> None:
    """If repairs are limited to a kind, no stronger ones are made; outputs with the old weights are the same."""
    import numpy as np

    result = repaired(drawn, only)
    assert result.problem is None
    kinds = list(RepairKind)
    assert all(kinds.index(one.kind) <= kinds.index(only) for one in result.repaired)
    assert all(one.finding.code in ("ORD001", "ORD002", "ORD003") for one in result.left)
    before, after = executed(drawn, drawn.text), executed(drawn, result.text)
    random = np.random.default_rng(1)
    before.set_weights([value + random.uniform(0, 0.3, value.shape) for value in before.get_weights()])
    after.set_weights(before.get_weights())
    x = random.standard_normal((4, *drawn.input_shape)).astype("float32")
    assert np.array_equal(before(x, training=False), after(x, training=False))
