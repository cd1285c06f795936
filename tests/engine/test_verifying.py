"""`fix --verify`: models are built before and after the repair, and compared."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from orderlint.diagnostics import RepairKind, Verification
from orderlint.engine import verifying as verification
from orderlint.engine.verifying import VerificationError, verify
from orderlint.runtime import verify as child

HEAD = """\
import keras
from keras import layers
from keras.layers import BatchNormalization, Conv2D, Dropout


def build():
    return keras.Sequential([
        keras.Input((8, 8, 3)),
"""
TAIL = """\
        layers.Flatten(), layers.Dense(2),
    ])
"""
DROPOUT_FIRST = "        Conv2D(4, 3), Dropout(0.3), BatchNormalization(), layers.Activation('tanh'),\n"
DROPOUT_LAST = "        Conv2D(4, 3), BatchNormalization(), layers.Activation('tanh'), Dropout(0.3),\n"
NORM_LAST = "        Conv2D(4, 3), layers.Activation('tanh'), BatchNormalization(), Dropout(0.3),\n"
NO_BIAS = DROPOUT_LAST.replace("(4, 3)", "(4, 3, use_bias=False)")


@pytest.fixture
def in_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Run both parts of the proof in this process, so that TensorFlow is imported once."""
    pytest.importorskip("keras", reason="the models are built by Keras")

    def run(job: Mapping[str, Any], folder: str) -> dict[str, Any]:
        path, result = Path(folder, "job.json"), Path(job["result"])
        path.write_text(json.dumps(job))
        child.main(str(path))
        found: dict[str, Any] = json.loads(result.read_text())
        return found

    monkeypatch.setattr(verification, "_run", run)


def proof(folder: Path, before: str, after: str, kind: RepairKind, **options: Any) -> Verification:
    path = folder / "net.py"
    path.write_text(HEAD + before + TAIL if "def build" not in before else before)
    repaired = HEAD + after + TAIL if "def build" not in after else after
    return verify(f"{path}::build", {path: repaired.encode()}, {path: kind}, **options)


@pytest.mark.usefixtures("in_process")
def test_a_moved_dropout_is_proven(tmp_path: Path) -> None:
    """The same shapes, number of parameters and predictions with the old weights, and other units."""
    result = proof(tmp_path, DROPOUT_FIRST, DROPOUT_LAST, RepairKind.SAME_INFERENCE)
    assert result.refusal is None
    assert result.after is not None
    assert result.before.inputs == result.after.inputs == ((None, 8, 8, 3),)
    assert result.before.outputs == result.after.outputs == ((None, 2),)
    assert result.before.parameters == result.after.parameters == 4 * 28 + 4 * 4 + 2 * 145
    assert result.before.units[0] == ("Conv2D", "Dropout", "BatchNormalization", "tanh")
    assert result.after.units[0] == ("Conv2D", "BatchNormalization", "tanh", "Dropout")
    assert (result.comparison.reason, result.comparison.difference) == (None, 0.0)
    assert result.loaded == (tmp_path / "net.py",)


@pytest.mark.usefixtures("in_process")
def test_a_bias_that_goes_leaves_the_outputs(tmp_path: Path) -> None:
    """It is counted as 0 in the old model, and the number of parameters decreases."""
    result = proof(tmp_path, DROPOUT_LAST, NO_BIAS, RepairKind.EQUIVALENT)
    assert result.comparison.reason is None
    assert result.after is not None
    assert result.after.parameters == (result.before.parameters or 0) - 4
    assert result.refusal is None


@pytest.mark.usefixtures("in_process")
def test_a_moved_norm_gives_other_outputs_with_the_old_weights(tmp_path: Path) -> None:
    """This is what `changes-model` means, so it is accepted, but it would be refused for another kind."""
    result = proof(tmp_path, NORM_LAST, DROPOUT_LAST, RepairKind.CHANGES_MODEL)
    assert result.refusal is None
    assert result.comparison.reason is None
    assert result.comparison.difference > 0.01
    milder = proof(tmp_path, NORM_LAST, DROPOUT_LAST, RepairKind.SAME_INFERENCE)
    assert milder.refusal is not None
    assert "outputs differ" in milder.refusal


@pytest.mark.usefixtures("in_process")
@pytest.mark.parametrize(
    ("after", "refusal"),
    [
        (DROPOUT_LAST.replace("Conv2D(4, 3)", "Conv2D(4)"), "cannot be built"),
        (DROPOUT_LAST.replace("Conv2D", "Undefined"), "NameError"),
        (DROPOUT_LAST + "        layers.Dense(3), layers.Reshape((3, 36)),\n", "do not fit"),
        (HEAD.replace("(8, 8, 3)", "(9, 9, 3)") + DROPOUT_LAST + TAIL, "inputs of the model would have other shapes"),
        (HEAD + DROPOUT_LAST + TAIL.replace("Dense(2)", "Dense(5)"), "outputs of the model would have other shapes"),
    ],
)
def test_a_repair_that_breaks_the_model_is_refused(tmp_path: Path, after: str, refusal: str) -> None:
    """It cannot be built, or has other shapes or other weights."""
    result = proof(tmp_path, DROPOUT_FIRST, after, RepairKind.SAME_INFERENCE)
    assert result.refusal is not None
    assert re.search(refusal, result.refusal)


@pytest.mark.usefixtures("in_process")
def test_a_target_that_imports_no_repaired_file_proves_nothing(tmp_path: Path) -> None:
    """The repair is refused, since the user asked for a proof."""
    other = tmp_path / "other.py"
    other.write_text(HEAD + DROPOUT_LAST + TAIL)
    result = verify(f"{other}::build", {tmp_path / "net.py": b""}, {})
    assert result.refusal is not None
    assert "none of the repaired files" in result.refusal


SUBCLASS = """\
import keras
from keras import layers


class Net(keras.Model):
    def __init__(self):
        super().__init__()
        self.dense, self.norm = layers.Dense(4), layers.BatchNormalization()
        self.dropout = layers.Dropout(0.5)

    def call(self, x, training=None):
        x = self.dense(x)
        x = self.dropout(x, training=training)
        x = self.norm(x, training=training)
        return x


def build():
    return Net()
"""


@pytest.mark.usefixtures("in_process")
def test_a_subclassed_model_is_proven_on_the_shape_given(tmp_path: Path) -> None:
    """Without a shape the model cannot be called, and the message says what to give."""
    lines = SUBCLASS.splitlines(keepends=True)
    lines[12], lines[13] = lines[13], lines[12]
    after = "".join(lines)
    result = proof(tmp_path, SUBCLASS, after, RepairKind.SAME_INFERENCE, input_shape=[6])
    assert result.refusal is None
    assert result.before.outputs == ((None, 4),)
    assert (result.comparison.reason, result.comparison.difference) == (None, 0.0)
    assert result.after is not None
    assert result.after.units == (("Dense", "BatchNormalization", "Dropout"),)
    with pytest.raises(VerificationError, match="--input-shape"):
        proof(tmp_path, SUBCLASS, after, RepairKind.SAME_INFERENCE)


@pytest.mark.usefixtures("in_process")
def test_random_outputs_are_not_compared(tmp_path: Path) -> None:
    """A dropout that is always active changes the outputs in each call; the reason says so."""
    before = DROPOUT_FIRST.replace("Dropout(0.3)", "layers.Lambda(lambda x: keras.random.dropout(x, 0.5))")
    result = proof(tmp_path, before, DROPOUT_LAST, RepairKind.SAME_INFERENCE)
    assert result.refusal is None
    assert result.comparison.reason == "its outputs differ from run to run, even at inference"


def test_a_process_that_dies_is_an_error(tmp_path: Path) -> None:
    """Its last output is shown, and nothing is proven."""
    path = tmp_path / "net.py"
    path.write_text("import os, sys\nsys.stderr.write('out of luck')\nsys.stderr.flush()\nos._exit(7)\n")
    with pytest.raises(VerificationError, match=r"(?s)status 7.*out of luck"):
        verify(f"{path}::build", {path: b"pass"}, {path: RepairKind.EQUIVALENT})
