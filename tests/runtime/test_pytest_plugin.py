"""The pytest plugin, in separate runs of pytest."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.support import ROOT

pytest_plugins = ["pytester"]

PLUGIN = ("-p", "orderlint.pytest_plugin", "-p", "no:cacheprovider", "-p", "no:unraisableexception")


@pytest.fixture
def project(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, keras3: Any) -> pytest.Pytester:
    """A project with factories. Other plugins are disabled, since loading them would take seconds in each run."""
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    pytester.syspathinsert(ROOT)
    pytester.makepyfile(
        zoo="""
        from keras import Input, Sequential, layers

        def good():
            return Sequential([Input((4,)), layers.Dense(2), layers.BatchNormalization(), layers.ReLU()])

        def bad():
            return Sequential([Input((4,)), layers.Dense(2, activation="relu"), layers.BatchNormalization(name="bn")])

        def broken():
            raise KeyError("weights")
        """
    )
    return pytester


def test_fixture(project: pytest.Pytester) -> None:
    """`layer_order(model)` passes or fails a test, with the report as the reason."""
    project.makepyfile(
        """
        import zoo

        def test_good(layer_order):
            layer_order(zoo.good())

        def test_bad(layer_order):
            layer_order(zoo.bad())

        def test_chosen(layer_order):
            layer_order(zoo.bad(), ignore=["ORD001"])
        """
    )
    result = project.runpytest(*PLUGIN)
    result.assert_outcomes(passed=2, failed=1)
    result.stdout.fnmatch_lines(["*LayerOrderError: 1 layer out of order*", "*Dense*ReLU*BatchNormalization*"])


def test_listed_models_are_test_items(project: pytest.Pytester) -> None:
    """Each model of the ini option is a test item, without a traceback of orderlint."""
    project.makeini("[pytest]\nlayer_order_models =\n    zoo:good\n    zoo:bad\n    zoo:broken\n    none.keras")
    result = project.runpytest(*PLUGIN, "-v")
    result.assert_outcomes(passed=1, failed=3)
    result.stdout.fnmatch_lines(["layer_order::zoo:good PASSED*", "layer_order::zoo:bad FAILED*"])
    result.stdout.fnmatch_lines(["1 layer out of order", "*KeyError: 'weights'", "no such file"])
    result.stdout.no_fnmatch_line("*site-packages/orderlint*")
    result.stdout.no_fnmatch_line("*inspection.py*")


def test_models_on_the_command_line(project: pytest.Pytester) -> None:
    """`--layer-order` adds items; `-m` and `-k` select among them; if tests are named, only those run."""
    project.makepyfile(test_it="def test_one(): pass")
    project.makeini("[pytest]\nlayer_order_models = zoo:bad")
    one, good, bad = "test_it.py::test_one", "layer_order::zoo:good", "layer_order::zoo:bad"

    def collected(*options: str) -> list[str]:
        lines = project.runpytest(*PLUGIN, "--collect-only", "-q", *options).outlines
        return [line for line in lines if "::" in line]

    assert collected("--layer-order", "zoo:good") == [one, good, bad]
    assert collected("-m", "layer_order") == [bad]
    assert collected("-k", "test_one") == [one]
    assert collected("test_it.py") == [one]
    assert collected("test_it.py", "--layer-order", "zoo:good") == [one, good]


def test_idle_until_used(tmp_path: Path) -> None:
    """Without listed models and uses of the fixture, no module of orderlint is imported."""
    code = (
        "import sys, pytest\n"
        "pytest.main(['-q', '-p', 'orderlint.pytest_plugin', '-p', 'no:cacheprovider', '--co', '--markers'])\n"
        "print(*sorted(name for name in sys.modules if name.split('.')[0] in "
        "('orderlint', 'keras', 'tensorflow', 'libcst', 'rich', 'click')))"
    )
    environment = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", code]
    result = subprocess.run(command, capture_output=True, text=True, check=True, cwd=tmp_path, env=environment)
    assert result.stdout.splitlines()[-1].split() == ["orderlint", "orderlint.pytest_plugin", "orderlint.version"]
