"""`orderlint inspect` and `orderlint graph` on built and saved models."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from click.testing import Result

from orderlint.commands.graph import command as graph_command
from orderlint.commands.inspect import command as inspect_command
from tests.running import runner
from tests.support import ROOT

NET = """\
import keras
from keras import layers

def build():
    x = inputs = keras.Input((4,))
    x = layers.Dense(8, activation="relu", name="fc")(x)
    x = layers.BatchNormalization(name="bn")(x)
    return keras.Model(inputs, x, name="net")

class Net(keras.Model):
    def __init__(self):
        super().__init__(name="two")
        self.fc, self.bn = layers.Dense(4), layers.BatchNormalization(name="bn")

    def call(self, left, right):
        return self.bn(self.fc(left) + right)
"""


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, keras3: Any) -> Path:
    """A folder with code that builds a model, and the saved model."""
    monkeypatch.chdir(tmp_path)
    layers = keras3.layers
    Path("net.py").write_text(NET, encoding="utf-8")
    Path("orderlint.toml").write_text("", encoding="utf-8")
    clean = keras3.Sequential([keras3.Input((4,)), layers.Dense(2, name="fc"), layers.ReLU(name="act")], name="clean")
    Path("clean.json").write_text(clean.to_json(), encoding="utf-8")
    dirty = [keras3.Input((4,)), layers.Dense(2, "relu", name="fc"), layers.BatchNormalization(name="bn")]
    keras3.Sequential(dirty, name="dirty").save("dirty.keras")
    return tmp_path


def run(*arguments: str) -> tuple[int, Result]:
    """The status and the output; commands return their status to the group."""
    result = runner().invoke(inspect_command, arguments, standalone_mode=False)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.return_value, result


def test_saved_models(here: Path) -> None:
    """Each target is drawn with its marks; the status is 1 if one has a finding."""
    status, result = run("dirty.keras", "clean.json")
    assert status == 1
    assert "dirty  dirty.keras" in result.stdout
    _, _, summary = result.stdout.partition("1 finding in 1 of 2 models.\n")
    assert summary.startswith("  ORD001  ")
    assert summary.endswith("\n`orderlint rule ORD001` explains the rule.\n")
    assert run("clean.json")[0] == 0
    assert run("dirty.keras", "--exit-zero")[0] == 0


def test_formats(here: Path) -> None:
    """The formats of `check`, with the layer path."""
    _, result = run("dirty.keras", "--format", "concise")
    assert result.stdout.startswith("dirty.keras:bn: ORD001 ")
    _, result = run("dirty.keras", "--format", "json")
    report = json.loads(result.stdout)
    assert report["findings"][0]["path"] == "dirty.keras"
    assert report["findings"][0]["layer"] == "bn"
    schema = ROOT / "docs" / "report.schema.json"
    if schema.is_file():
        jsonschema.validate(report, json.loads(schema.read_text(encoding="utf-8")))


def test_code_of_a_factory_is_shown(here: Path) -> None:
    """If a factory was traced, the finding is at its source line, with the code."""
    status, result = run("net.py::build", "--no-tree")
    assert status == 1
    assert 'x = layers.BatchNormalization(name="bn")(x)' in result.stdout
    if sys.version_info >= (3, 11):
        assert "net.py:7:9:bn" in result.stdout


@pytest.mark.parametrize(
    ("line", "is_suppressed"),
    [
        ("    x = layers.BatchNormalization(name='bn')(x)  # orderlint: ignore[ORD001]\n", True),
        ("    # orderlint: ignore\n    x = layers.BatchNormalization(name='bn')(x)\n", True),
        ("    x = layers.BatchNormalization(name='bn')(x)  # orderlint: ignore[ORD002]\n", False),
    ],
)
def test_comments_suppress_what_a_factory_builds(here: Path, line: str, is_suppressed: bool) -> None:
    """If the line that applies a layer is known, its comment applies as in a check, and is counted."""
    start, norm, end = NET.partition('    x = layers.BatchNormalization(name="bn")(x)\n')
    assert norm
    Path("net.py").write_text(start + line + end, encoding="utf-8")
    status, result = run("net.py::build", "clean.json")
    assert status == int(not is_suppressed)
    told = "No findings in 2 models.\n1 finding is suppressed by a comment.\n"
    assert (told in result.stdout) == is_suppressed
    assert ("ORD001" in result.stdout) == (not is_suppressed)
    _, result = run("net.py::build", "--format", "sarif")
    results = json.loads(result.stdout)["runs"][0]["results"]
    assert [one.get("suppressions") for one in results] == [[{"kind": "inSource"}] if is_suppressed else None]
    drawn = runner().invoke(graph_command, ["--built", "net.py::build"], standalone_mode=False)
    assert ("ORD001" in drawn.stdout) == (not is_suppressed)


def test_selection_and_configuration(here: Path) -> None:
    """The nearest configuration applies, and options override it."""
    assert run("dirty.keras", "--ignore", "ORD001")[0] == 0
    assert run("dirty.keras", "--select", "ORD102")[0] == 0
    Path("orderlint.toml").write_text('ignore = ["ORD001"]\n', encoding="utf-8")
    assert run("dirty.keras")[0] == 0
    assert run("dirty.keras", "--isolated")[0] == 1
    Path("orderlint.toml").write_text('order = ["activation", "norm", "dropout"]\n', encoding="utf-8")
    assert run("dirty.keras")[0] == 0
    Path("orderlint.toml").write_text('warn = ["ORD001"]\n', encoding="utf-8")
    assert run("dirty.keras")[0] == 0


def test_errors(here: Path) -> None:
    """The other targets are inspected: status 2, the message on standard error."""
    status, result = run("none.keras", "dirty.keras", "net.py::bild", "net.py")
    assert status == 2
    assert "error: none.keras: no such file" in result.stderr
    assert "error: net.py::bild: `net.py` has no `bild`; did you mean `build`?" in result.stderr
    assert "error: net.py: name the function that builds the model, such as net.py::build_model" in result.stderr
    assert "1 finding in 1 model." in result.stdout
    assert "3 targets could not be inspected." in result.stdout


def test_input_shapes(here: Path) -> None:
    """By argument name, or in order; the error explains the syntax of shapes."""
    status, result = run("net.py::Net", "--input-shape", "left=3", "--input-shape", "right=4")
    assert status == 0
    assert "fc" not in result.stderr
    status, result = run("net.py::Net")
    assert status == 2
    assert "--input-shape 224,224,3" in result.stderr
    for wrong in ("3x4", "a b=3", "-1"):
        result = runner().invoke(inspect_command, ["dirty.keras", "--input-shape", wrong])
        assert result.exit_code == 2
        assert "is not a shape: give the sizes without the batch, such as 224,224,3" in result.stderr
    mixed = runner().invoke(inspect_command, ["x.keras", "--input-shape", "left=3", "--input-shape", "4"])
    assert "give either every --input-shape a name of its own, or none" in mixed.stderr


def test_help_says_what_runs_code() -> None:
    """The help says which targets execute code."""
    text = runner().invoke(inspect_command, ["--help"]).stdout
    assert "IMPORT AND RUN YOUR CODE" in text
    assert "none of its code is run" in text


def test_graph_of_built_models(here: Path) -> None:
    """The graph of a built model in the JSON format; a function in a file is read as source without `--built`."""

    def graph(*arguments: str) -> dict[str, Any]:
        result = runner().invoke(graph_command, [*arguments, "--format", "json"])
        assert result.exit_code == 0, result.stderr
        (found,) = json.loads(result.stdout)["graphs"]
        return dict(found)

    saved, source, built = graph("dirty.keras"), graph("net.py::build"), graph("net.py::build", "--built")
    assert [call["layer_path"] for call in saved["calls"][1:]] == ["fc", "bn"]
    assert saved["edges"] == [[0, 1], [1, 2]]
    assert built["calls"][2]["layer_path"] == "bn"
    assert "layer_path" not in source["calls"][2]
    if sys.version_info >= (3, 11):
        places = [
            [(call["layer"], call["line"], call["column"]) for call in one["calls"][1:]] for one in (source, built)
        ]
        assert places[0] == places[1]
    assert graph("net:build")["calls"][2]["layer"] == "BatchNormalization"


def test_graph_of_what_cannot_be_read(here: Path) -> None:
    """The message has the target."""
    result = runner().invoke(graph_command, ["none.keras"])
    assert result.exit_code in {1, 2}
    assert "none.keras: no such file" in result.stderr
