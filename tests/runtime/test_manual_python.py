"""The Python examples of the manual run: each block that is not tested elsewhere, on a small model with a finding."""

from __future__ import annotations

import ast
import builtins
import re
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import orderlint
from orderlint.judging import Rule
from tests.support import ROOT

DOCS = ROOT / "docs"
PAGES = [*sorted(DOCS.glob("*.md")), ROOT / "README.md", ROOT / "CONTRIBUTING.md"]
SOURCE = {
    "suppressing.md",
    "start.md",
    "interpreter.md",
}  # pages with models as examples, which other tests check
GIVEN = {"model", "net", "x", "y", "x_train", "y_train", "dataset", "build_model"}
"""What a reader has before a block: the names of a model and of its data."""


def blocks(page: Path) -> list[str]:
    return re.findall(r"^```python\n(.*?)^```", page.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)


BLOCKS = [
    pytest.param(text, id=f"{page.name}-{number}")
    for page in PAGES
    if page.name not in SOURCE
    for number, text in enumerate(blocks(page), 1)
    if "# orderlint: " not in text
]


@pytest.fixture
def given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, keras3: Any) -> dict[str, Any]:
    """What a block needs: a folder with files, a model with a finding, and data for it."""
    layers = keras3.layers
    monkeypatch.chdir(tmp_path)
    Path("src").mkdir()
    for name in ("src/net.py", "net.py"):
        Path(name).write_text(blocks(DOCS / "start.md")[0], encoding="utf-8")

    def build_model() -> Any:
        return keras3.Sequential([keras3.Input((8,)), layers.Dense(8), layers.BatchNormalization(), layers.Dense(3)])

    class Net(keras3.Model):
        def __init__(self) -> None:
            super().__init__()
            self.conv = layers.Conv2D(2, 3)

        def call(self, image: Any, text: Any = None) -> Any:
            return self.conv(image)

    model = keras3.Sequential(
        [keras3.Input((8,)), layers.Dense(16), layers.Dropout(0.5), layers.BatchNormalization(), layers.Dense(3)]
    )
    model.compile(loss="mse")
    model.save("best.keras")
    x, y = np.random.default_rng(0).normal(size=(64, 8)).astype("float32"), np.zeros((64, 3), "float32")
    images = np.zeros((2, 32, 32, 3), "float32")
    found = {"orderlint": orderlint, "model": model, "net": Net(), "x": x, "y": y, "dataset": [(images, None)]}
    return {**found, "x_train": x, "y_train": np.zeros(64, int), "build_model": build_model}


@pytest.mark.parametrize("text", BLOCKS)
def test_a_block_runs(text: str, given: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """Each line is executed, with its own definitions and the names that the page assumes."""
    monkeypatch.setattr(given["model"], "fit", _briefly(given["model"].fit))
    for statement in ast.parse(text).body:
        with _said(ast.unparse(statement)):
            exec(compile(ast.Module([statement], []), "block", "exec"), given)
    for value in [value for name, value in given.items() if name.startswith("test_")]:
        value(orderlint.assert_layer_order)
    own = [one for one in given.values() if isinstance(one, type) and issubclass(one, Rule) and one is not Rule]
    assert all(rule().documentation for rule in own)


def _said(line: str) -> AbstractContextManager[Any]:
    """The documented effect of a line on a model with a finding: an error, or a warning."""
    if "LayerOrderCallback('raise')" in line or "assert_layer_order" in line:
        return pytest.raises(orderlint.LayerOrderError, match="1 layer out of order")
    if "LayerOrderCallback" in line:
        return pytest.warns(orderlint.LayerOrderWarning)
    return nullcontext()


def _briefly(fit: Any) -> Any:
    return lambda x, y, callbacks: fit(x, y, epochs=1, verbose=0, callbacks=callbacks)


@pytest.mark.parametrize("text", BLOCKS)
def test_every_name_of_a_block_has_a_meaning(text: str) -> None:
    """Names are imported or defined in the block, builtins, or assumed by the page, and those of `orderlint` exist."""
    tree = ast.parse(text)
    names = [node for node in ast.walk(tree) if isinstance(node, ast.Name)]
    known = {node.id for node in names if isinstance(node.ctx, ast.Store)} | GIVEN | set(vars(builtins))
    for node in ast.walk(tree):
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            known |= {one.name for one in node.names}
        elif isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            known.add(node.name)
        elif isinstance(node, ast.arg):
            known.add(node.arg)
    assert {node.id for node in names} - known <= {"orderlint"}
    asked = [node for node in ast.walk(tree) if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)]
    missing = {one.attr for one in asked if ast.unparse(one.value) == "orderlint" and not hasattr(orderlint, one.attr)}
    assert not missing


def test_the_pages_on_python_have_blocks() -> None:
    """The search finds the blocks of each page."""
    pages = {str(one.id).rpartition("-")[0] for one in BLOCKS}
    assert pages == {"README.md", "api.md", "inspect.md", "measure.md", "notebooks.md", "plugins.md"}


def test_the_first_lines_of_the_api_print_a_finding(given: dict[str, Any], capsys: pytest.CaptureFixture[str]) -> None:
    """The lines can be copied, and show a finding."""
    exec(blocks(DOCS / "api.md")[0], {})
    assert capsys.readouterr().out.startswith("1 ORD002 `Dropout` before `BatchNormalization`")
