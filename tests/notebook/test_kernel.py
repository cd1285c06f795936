"""The magics in a notebook, run by an IPython kernel."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any

import nbformat
import pytest
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient

from tests.support import ROOT

DENSE = "from keras import layers\ndef build(x):\n    x = layers.Dense(8)(x)\n"
BAD = DENSE + "    return layers.BatchNormalization()(layers.ReLU()(x))"
GOOD = DENSE + "    return layers.ReLU()(layers.BatchNormalization()(x))"
LOAD = f"import sys; sys.path.insert(0, {str(ROOT)!r})\n%load_ext orderlint"


def run(cells: list[str], folder: Path) -> list[list[dict[str, Any]]]:
    """The outputs of cells, run in sequence by one kernel in a folder."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in [LOAD, *cells]])
    manager = AsyncKernelManager()
    command = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    manager._kernel_spec = KernelSpec(argv=command, display_name="test", language="python")
    client = NotebookClient(notebook, km=manager, timeout=300, allow_errors=True)
    client.execute(cwd=str(folder))
    return [cell.get("outputs", []) for cell in notebook.cells[1:]]


def html(outputs: list[dict[str, Any]]) -> str:
    return "".join(output["data"].get("text/html", "") for output in outputs if "data" in output)


def error(outputs: list[dict[str, Any]]) -> str:
    return "".join(output.get("text", "") + output.get("evalue", "") for output in outputs)


@pytest.fixture(scope="module")
def outputs(tmp_path_factory: pytest.TempPathFactory) -> list[list[dict[str, Any]]]:
    folder = tmp_path_factory.mktemp("notebook")
    return run(
        [
            BAD,  # 1, executed as In [2]
            "%orderlint",
            "%%orderlint\ny = 1 + 1\nx = layers.ReLU()(layers.Dense(2)(x)) if False else 0\nmade = 'ran'",
            "made",
            "%orderlint --ignore ORD001",
            "%orderlint --selekt ORD001",
            "%orderlint --select ORD9999",
            "%orderlint biuld",
            "%%orderlint\n\ndef other(x):\n    return layers.BatchNormalization()(layers.ReLU()(layers.Dense(2)(x)))",
            "%orderlint model net",
            "%orderlint 'open",  # 11
            "%orderlint --select ,",
            "%orderlint --ignore 'ORD001, ORD002'  # why",
            "%orderlint net.py",
            "%orderlint opne",
            "made = {'a': [3]}\n%orderlint made['a'][0]",
        ],
        folder,
    )


def test_the_session_so_far_is_checked(outputs: list[list[dict[str, Any]]]) -> None:
    """`%orderlint` shows the findings of the executed cells, each with its execution count and a drawing."""
    shown = html(outputs[1])
    assert "1 finding: ORD001" in shown
    assert "cell 2:4:12" in shown
    assert "<svg" in shown
    assert 'aria-label="As it is: Dense, ReLU, BatchNormalization.' in shown


def test_a_cell_is_checked_and_run(outputs: list[list[dict[str, Any]]]) -> None:
    """`%%orderlint` reports findings of its own cell only, in the context of the others, and then executes it."""
    assert "No layer out of order" in html(outputs[2])
    assert "ran" in outputs[3][0]["data"]["text/plain"]
    assert "1 finding: ORD001" in html(outputs[8])
    assert re.findall(r"cell \d+:\d+:\d+", html(outputs[8])) == ["cell 10:4:12"]


def test_rules_can_be_chosen(outputs: list[list[dict[str, Any]]]) -> None:
    """The options are those of the command."""
    assert "No layer out of order" in html(outputs[4])


def test_wrong_use_is_explained(outputs: list[list[dict[str, Any]]]) -> None:
    """The message for an unknown option, rule or name suggests a similar one, without a traceback."""
    assert "no such option `--selekt`; did you mean `--select`?" in error(outputs[5])
    assert "unknown rule `ORD9999`" in error(outputs[6])
    assert "`biuld` is not a model: name 'biuld' is not defined; did you mean `build`?" in error(outputs[7])
    assert "`model net` is not a model: expected the name of one, as in `%orderlint net`" in error(outputs[9])


def test_what_is_no_name_of_a_model_is_explained(outputs: list[list[dict[str, Any]]]) -> None:
    """Quotation marks are kept in an expression; an open one, a missing rule or a file are explained."""
    assert "a quotation mark in `'open` is not closed" in error(outputs[10])
    assert "`--select` names no rule" in error(outputs[11])
    assert "No layer out of order" in html(outputs[12])
    assert "`!orderlint check net.py` is for files" in error(outputs[13])
    assert "did you mean" not in error(outputs[14])
    assert "`made['a'][0]`: expected a Keras model, got `int`" in error(outputs[15])


def test_a_cell_that_was_run_again_counts_once(tmp_path: Path) -> None:
    """If a cell is executed twice, the last version counts; a repaired version replaces it by its names."""
    outputs = run([BAD, BAD, "%orderlint"], tmp_path)
    assert "1 finding" in html(outputs[2])
    assert "cell 3:" in html(outputs[2])


def test_a_built_model_is_inspected(tmp_path: Path) -> None:
    """`%orderlint model` inspects the built model, without a configuration in the folder."""
    model = (
        "import keras\nmodel = keras.Sequential([keras.Input((4,)), keras.layers.Dense(8), keras.layers.ReLU(),"
        " keras.layers.BatchNormalization()])"
    )
    subclassed = (
        "class Net(keras.Model):\n    def __init__(self):\n        super().__init__()\n"
        "        self.all = keras.layers.Dense(2), keras.layers.ReLU(), keras.layers.BatchNormalization()\n"
        "    def call(self, x):\n        for layer in self.all:\n            x = layer(x)\n        return x\n"
        "net = Net()\ny = net(keras.ops.zeros((1, 2)))"
    )
    unbuilt = "new = Net()"
    outputs = run([model, "%orderlint model", subclassed, "%orderlint net", unbuilt, "%orderlint new"], tmp_path)
    assert "1 finding: ORD001" in html(outputs[1])
    assert "sequential" in html(outputs[1])
    column = ":17" if sys.version_info >= (3, 11) else ""  # earlier versions of Python only have the line
    assert f"session.ipynb:cell 4:7{column}" in html(outputs[3])
    assert "call it on a batch, or use `orderlint.inspect_model(new, input_shape=" in error(outputs[5])
    assert "--input-shape" not in error(outputs[5])


def test_the_configuration_of_the_folder_counts(tmp_path: Path) -> None:
    """The notebook is checked with the nearest configuration."""
    tmp_path.joinpath("orderlint.toml").write_text('ignore = ["ORD001"]\n')
    assert "No layer out of order" in html(run([BAD, "%orderlint"], tmp_path)[1])
