"""`orderlint measure` and `orderlint recalibrate`."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest
from click.testing import Result

from orderlint.commands.measure import command as measure_command
from orderlint.commands.recalibrate import command as recalibrate_command
from tests.running import runner
from tests.runtime.measuring.nets import blocks, noise

NET = """\
import keras
from keras import layers

def build():
    return keras.Sequential([
        keras.Input((64,)),
        layers.Dense(32), layers.Dropout(0.5), layers.BatchNormalization(name="first"), layers.ReLU(),
        layers.Dense(32), layers.BatchNormalization(name="second"), layers.ReLU(), layers.Dense(10),
    ], name="net")

def broken():
    raise RuntimeError("no weights here")
"""


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, keras3: Any) -> Path:
    """A folder with a model, its data, and code."""
    monkeypatch.chdir(tmp_path)
    Path("net.py").write_text(NET)
    blocks(keras3, "LDBA", 0.5).save("model.keras")
    blocks(keras3, "LDBA", 0.5).save_weights("model.weights.h5")
    np.savez("data.npz", x=noise(128), y=np.arange(128) % 10)
    np.save("wrong.npy", noise(128, 3))
    return tmp_path


def run(command: Any, *arguments: str) -> Result:
    return runner().invoke(command, list(arguments), standalone_mode=False)


def measure(*arguments: str) -> Result:
    result = run(measure_command, *arguments)
    if result.exception and not hasattr(result.exception, "format_message"):
        raise result.exception
    return result


def test_the_report(here: Path) -> None:
    """Each normalization has a row with a bar, its dropout and finding, and a sentence about it."""
    result = measure("net.py::build", "--data", "data.npz")
    assert result.return_value == 0
    lines = result.stdout.splitlines()
    first, second = (next(line for line in lines if line.startswith(name)) for name in ("first", "second"))
    assert "█" in first
    assert "Dropout(0.5) directly" in first
    assert "ORD002" in first
    assert "Dropout(0.5) across 1 linear layer" in second
    assert "ORD002" not in second
    assert "(Dropout, rate 0.5)" in " ".join(lines)
    assert "not trained yet" in result.stdout


def test_the_json(here: Path) -> None:
    """The data of the report."""
    result = measure("model.keras", "--data", "data.npz", "--format", "json", "--passes", "2")
    found = json.loads(result.stdout)
    assert (found["version"], found["name"], found["passes"], len(found["rows"])) == (1, "model.keras", 2, 3)
    row = found["rows"][0]
    assert row["code"] == "ORD002"
    assert row["fed_by"]["rate"] == 0.5
    assert row["fed_by"]["is_direct"]
    assert row["shift"] == pytest.approx(2.0, rel=0.15)


def test_the_limit(here: Path) -> None:
    """`--fail-above` fails with status 1 and a reason if a shift is above the limit."""
    result = measure("model.keras", "--data", "data.npz", "--fail-above", "1.5")
    assert result.return_value == 1
    assert re.search(r"error: model.keras: the shift of `\S+` is \d\.\d\d, above 1.5", result.stderr)
    assert measure("model.keras", "--data", "data.npz", "--fail-above", "100").return_value == 0


def test_the_drawing(here: Path) -> None:
    """`--svg` writes a drawing with a point for each normalization."""
    measure("model.keras", "--data", "data.npz", "--svg", "shift.svg")
    root = ElementTree.fromstring(Path("shift.svg").read_text(encoding="utf-8"))
    assert len(root.findall("{http://www.w3.org/2000/svg}circle")) == 3


def test_without_data(here: Path) -> None:
    """Only what is known without data, with the reason."""
    result = measure("net.py::build")
    assert "first" in result.stdout
    assert "second" not in result.stdout
    assert "Without data, only" in result.stdout


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("model.weights.h5", "--data", "data.npz"), "weights only"),
        (("model.keras", "--data", "wrong.npy"), "expected (examples, 64)"),
        (("model.keras", "--data", "none.npy"), "none.npy: no such file"),
        (("model.keras", "--data", "dta.npz"), "dta.npz: no such file or folder; did you mean `data.npz`?"),
        (("model.keras", "--data", "net.py"), "net.py: expected a .npy or .npz file"),
        (("model.keras", "--labels", "data.npz"), "--labels needs --data"),
        (("model.keras", "--fail-above", "nan"), "'nan' is not a number of at least 1"),
        (("model.keras", "--fail-above", "inf"), "'inf' is not a number of at least 1"),
        (("none.keras", "--svg", "."), ".: is a folder"),
        (("none.keras", "--data", "data.npz"), "no such file"),
        (("net.py::broken", "--data", "data.npz"), "no weights here"),
        (("net.py::missing", "--data", "data.npz"), "has no `missing`"),
        (("net.py", "--data", "data.npz"), "name the function"),
    ],
)
def test_what_cannot_be_measured(here: Path, arguments: tuple[str, ...], message: str) -> None:
    """One line with the target or the file and the fault."""
    error: Any = measure(*arguments).exception
    assert message in error.format_message()


def test_code_in_a_file_is_not_run(here: Path, keras3: Any) -> None:
    """A `Lambda` with code is refused in safe mode, and the message says what to do."""
    layers = keras3.layers
    model = keras3.Sequential(
        [keras3.Input((64,)), layers.Lambda(lambda x: x * 2), layers.Dropout(0.5), layers.BatchNormalization()]
    )
    model.save("code.keras")
    error: Any = measure("code.keras", "--data", "data.npz").exception
    assert "safe mode" in error.format_message()
    assert "package.module:factory" in error.format_message()


def test_a_class_of_the_users_own(here: Path, keras3: Any) -> None:
    """A file does not contain a custom class; the message says that it is missing."""

    class Mine(keras3.layers.Layer):
        def call(self, x: Any) -> Any:
            return x

    keras3.Sequential([keras3.Input((64,)), Mine(), keras3.layers.BatchNormalization()]).save("mine.keras")
    error: Any = measure("mine.keras", "--data", "data.npz").exception
    assert "a layer of your own" in error.format_message()
    assert "Mine" in error.format_message()


def test_recalibrate(here: Path) -> None:
    """The values before and after are printed, and the file is written."""
    result = run(recalibrate_command, "model.keras", "--data", "data.npz", "-o", "out.keras")
    assert result.return_value == 0
    assert "before → after" in result.stdout
    assert "Wrote out.keras." in result.stdout
    assert Path("out.keras").exists()


def test_recalibrate_refuses(here: Path) -> None:
    """The model itself as output, and data that do not fit; nothing is written."""
    for data, target, message in (
        ("data.npz", "model.keras", "never overwritten"),
        ("wrong.npy", "out.keras", "expected (examples, 64)"),
    ):
        error: Any = run(recalibrate_command, "model.keras", "--data", data, "-o", target).exception
        assert message in error.format_message()
    assert not Path("out.keras").exists()


def test_the_help_says_that_the_model_is_run(here: Path) -> None:
    """Both commands load and execute the model."""
    for command in (measure_command, recalibrate_command):
        text = runner().invoke(command, ["--help"]).output
        assert "LOADS AND RUNS THE MODEL" in " ".join(text.split())
        assert "safe mode" in " ".join(text.split())
