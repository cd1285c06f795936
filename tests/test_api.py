"""The Python API for source code."""

from __future__ import annotations

import copy
import doctest
import inspect
import pickle
import re
from pathlib import Path

import pytest

import orderlint
import orderlint.api
from orderlint import ConfigError, Report, UnknownRule, check_paths, check_source
from orderlint.diagnostics import Severity
from tests.support import ROOT

BAD = 'from keras import layers\n\n\ndef net(x):\n    return layers.BatchNormalization()(layers.Dense(8, "relu")(x))\n'


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def codes(report: Report) -> list[str]:
    return [finding.code for finding in report]


def test_source_in_memory_is_checked() -> None:
    """The report has the findings, with the given path."""
    report = check_source(BAD, path="models/net.py")
    assert codes(report) == ["ORD001"]
    assert report.findings[0].location.path == "models/net.py"
    assert (report.files, report.errors, report.exit_status) == (1, (), 1)


def test_a_path_may_be_a_path_object_and_a_notebook() -> None:
    """The suffix of the path determines the kind of text."""
    text = (
        '{"cells": [{"cell_type": "code", "source": ["x = BatchNormalization()(ReLU()(Dense(8)(y)))"]}], "nbformat": 4}'
    )
    report = check_source(text, Path("a.ipynb"))
    assert [(finding.location.cell, finding.code) for finding in report] == [(1, "ORD001")]


def test_source_is_not_run(folder: Path) -> None:
    """A text that would have effects when executed has none."""
    assert codes(check_source("open('ran', 'w')\n" + BAD)) == ["ORD001"]
    assert not (folder / "ran").exists()


def test_options_are_those_of_the_command() -> None:
    """Rules, order, roles and warnings can be given as in the configuration."""
    assert codes(check_source(BAD, select=["ORD002"])) == []
    assert codes(check_source(BAD, ignore=["norm-after-activation"])) == []
    assert codes(check_source(BAD, order=["activation", "norm", "dropout"])) == []
    assert [finding.severity for finding in check_source(BAD, warn=["ORD001"])] == [Severity.WARNING]
    own = "import mine\nx = mine.Norm()(keras.layers.Dense(8, 'relu')(y))\n"
    assert codes(check_source(own)) == []
    assert codes(check_source(own, roles={"mine.Norm": "norm"})) == ["ORD001"]
    assert codes(check_source(own, roles={"mine.Norm": ["dropout", "norm"]})) == ["ORD001", "ORD002"]


def test_functions_of_library_layers_alone_are_checked() -> None:
    """The layers of supported libraries are checked like those of Keras."""
    text = "from qkeras import QBatchNormalization, QDense\nfrom larq.layers import QuantDense\n"
    text += "def build(x):\n    return QBatchNormalization()(QDense(8, activation='quantized_relu(4)')(x))\n"
    assert codes(check_source(text)) == ["ORD001"]


@pytest.mark.parametrize("beginning", ["from lab.parts import Even, Fc, Thin", "from lab import parts"])
def test_functions_of_configured_layers_alone_are_checked(beginning: str) -> None:
    """A file that does not mention Keras is checked if it applies layers with configured roles."""
    prefix = "parts." if beginning.endswith("parts") else ""
    text = f"{beginning}\ndef build(x):\n    return {prefix}Even()({prefix}Thin(0.5)({prefix}Fc(8)(x)))\n"
    roles = {"lab.parts.Fc": "linear", "lab.parts.Thin": "dropout", "lab.parts.Even": "norm"}
    assert codes(check_source(text, roles=roles)) == ["ORD002"]
    assert codes(check_source(text)) == []


def test_a_long_module_of_configured_layers_alone_is_followed(folder: Path) -> None:
    """A long file is followed even if it does not mention Keras."""
    roles = {"lab.parts.Fc": "linear", "lab.parts.Thin": "dropout", "lab.parts.Even": "norm"}
    settings = "".join(f'"{name}" = "{role}"\n' for name, role in roles.items())
    (folder / "orderlint.toml").write_text(f"[roles]\n{settings}")
    helpers = "from lab.parts import Fc, Thin\ndef start(x):\n    return Thin(0.5)(Fc(8)(x))\n"
    (folder / "helpers.py").write_text(helpers + "# \n" * 20_000)
    (folder / "net.py").write_text(
        "from lab.parts import Even\nfrom helpers import start\ndef f(x): return Even()(start(x))\n"
    )
    assert codes(check_paths()) == ["ORD002"]


def test_a_single_string_is_one_selector() -> None:
    """`select="ORD001"` is not a sequence of characters."""
    assert codes(check_source(BAD, select="ORD001")) == ["ORD001"]


def test_a_configuration_counts_only_if_it_is_asked_for(folder: Path) -> None:
    """`check_source` reads none by default, `check_paths` does, and arguments change both."""
    (folder / "orderlint.toml").write_text('ignore = ["ORD001"]\n')
    (folder / "net.py").write_text(BAD)
    assert codes(check_source(BAD, "net.py")) == ["ORD001"]
    assert codes(check_source(BAD, "net.py", isolated=False)) == []
    assert codes(check_source(BAD, "net.py", config="orderlint.toml")) == []
    assert codes(check_paths()) == []
    assert codes(check_paths(["net.py"], isolated=True)) == ["ORD001"]


def test_wrong_arguments_are_told() -> None:
    """An unknown rule, order or role, and a missing configuration raise an error."""
    with pytest.raises(UnknownRule, match="unknown rule `ORD0001`; did you mean `ORD0"):
        check_source(BAD, select=["ORD0001"])
    with pytest.raises(ValueError, match="`norm`, `activation`, `dropout`"):
        check_source(BAD, order=["norm", "dropout"])
    with pytest.raises(ValueError, match="normalization"):
        check_source(BAD, roles={"mine.Norm": "normalization"})
    with pytest.raises(TypeError, match="`text` is of type `bytes`, expected a string; `check_paths` checks files"):
        check_source(BAD.encode())  # type: ignore[arg-type]
    with pytest.raises(ConfigError, match="no such file"):
        check_paths(config="none.toml")


def test_what_cannot_be_read_is_an_error_of_the_report() -> None:
    """It is no exception, and the other files are checked."""
    assert [error.path for error in check_source("x = '\0'", "nul.py").errors] == ["nul.py"]
    assert check_source("{", "broken.ipynb").exit_status == 2
    assert [error.path for error in check_paths(["nothing.py"]).errors] == ["nothing.py"]
    assert codes(check_source("x = (")) == ["ORD900"]


def test_paths_may_be_one_or_many(folder: Path) -> None:
    """A path, path objects, folders."""
    (folder / "net.py").write_text(BAD)
    (folder / "sub").mkdir()
    (folder / "sub" / "net.py").write_text(BAD)
    assert codes(check_paths("net.py")) == ["ORD001"]
    assert codes(check_paths([Path("sub")])) == ["ORD001"]
    assert codes(check_paths([folder])) == ["ORD001", "ORD001"]
    assert codes(check_paths([folder], exclude=["sub/"])) == ["ORD001"]


def test_reports_are_values() -> None:
    """They can be compared, copied, pickled, counted and iterated."""
    report = check_source(BAD)
    assert report == check_source(BAD)
    assert pickle.loads(pickle.dumps(report)) == report == copy.deepcopy(report)
    assert len(report) == len(list(report)) == 1
    with pytest.raises(AttributeError):
        report.files = 3  # type: ignore[misc]


def test_every_public_name_is_there_and_documented() -> None:
    """The names in `__all__` can be imported and have docstrings; no others can be imported."""
    for name in orderlint.__all__:
        value = getattr(orderlint, name)
        assert name == "__version__" or inspect.getdoc(value), name
    with pytest.raises(AttributeError, match="has no attribute 'chek_source'"):
        orderlint.chek_source  # noqa: B018


def test_a_traceback_names_errors_that_can_be_imported() -> None:
    """Each error of the API has the module `orderlint`, from which it can be imported and pickled."""
    manual = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
    kinds = [kind for kind in orderlint.InspectionError.__subclasses__() if kind.__module__.startswith("orderlint")]
    named = [orderlint.InspectionError, orderlint.ConfigError, orderlint.UnknownRule, orderlint.LayerOrderError]
    assert len(kinds) > 4
    for kind in [*named, *kinds]:
        assert kind.__module__ == "orderlint", kind
        assert getattr(orderlint, kind.__name__) is kind
        assert pickle.loads(pickle.dumps(kind)) is kind
        assert f"orderlint.{kind.__name__}" in manual


def test_every_argument_is_documented() -> None:
    """The docstring of `check_source` has its arguments and no others."""
    text = (inspect.getdoc(check_source) or "").split("Args:")[1].split("Returns:")[0]
    named = re.findall(r"^    (\w+): ", text, re.MULTILINE)
    assert named == list(inspect.signature(check_source).parameters)


def test_the_examples_in_the_documentation_work() -> None:
    """The doctests of the module pass."""
    assert doctest.testmod(orderlint.api).failed == 0
