"""The pre-commit hook, run by the real pre-commit."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support import ROOT

GOOD = "from keras import layers\n\n\ndef net(x):\n    return layers.BatchNormalization()(layers.Dense(8)(x))\n"
BAD = 'from keras import layers\n\n\ndef net(x):\n    return layers.BatchNormalization()(layers.Dense(8, "relu")(x))\n'


def git(folder: Path, *args: str) -> None:
    identity = ["-c", "user.name=Test", "-c", "user.email=test@example.com", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", *identity, *args], cwd=folder, check=True, capture_output=True)


def repository(folder: Path) -> Path:
    git(folder, "init", "--quiet")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", "start")
    return folder


@pytest.fixture(scope="module")
def hooks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository with the hooks, made of the working tree as it is."""
    folder = tmp_path_factory.mktemp("hooks") / "orderlint"
    folder.mkdir()
    for name in ("pyproject.toml", "README.md", "LICENSE", ".pre-commit-hooks.yaml"):
        shutil.copy(ROOT / name, folder / name)
    shutil.copytree(ROOT / "orderlint", folder / "orderlint", ignore=shutil.ignore_patterns("__pycache__"))
    return repository(folder)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where pre-commit keeps its environments, shared by the tests of this module."""
    return tmp_path_factory.mktemp("pre-commit-home")


def try_repo(hooks: Path, home: Path, project: Path, hook: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PRE_COMMIT_HOME": str(home), "NO_COLOR": "1"}
    command = [sys.executable, "-m", "pre_commit", "try-repo", str(hooks), hook, "--all-files", "--verbose"]
    return subprocess.run(command, cwd=project, env=environment, capture_output=True, text=True, check=False)


def notebook(source: str) -> str:
    cell = {"cell_type": "code", "execution_count": None, "metadata": {}, "outputs": [], "source": source}
    return json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 4})


def test_the_hook_checks_python_files_and_notebooks(hooks: Path, home: Path, tmp_path: Path) -> None:
    """It fails with the findings of both kinds of file, leaves out what is excluded, and passes once they are gone."""
    (tmp_path / "net.py").write_text(BAD)
    (tmp_path / "net.ipynb").write_text(notebook(BAD))
    (tmp_path / "notes.txt").write_text(BAD)
    (tmp_path / "generated").mkdir()
    (tmp_path / "generated" / "net.py").write_text(BAD)
    (tmp_path / "orderlint.toml").write_text('exclude = ["generated"]\n')
    repository(tmp_path)

    failed = try_repo(hooks, home, tmp_path, "orderlint")
    assert failed.returncode == 1, failed.stdout + failed.stderr
    assert "net.py:5:12" in failed.stdout
    assert "net.ipynb:cell 1:5:12" in failed.stdout
    assert "2 findings in 2 of 2 files" in failed.stdout

    (tmp_path / "net.py").write_text(GOOD)
    (tmp_path / "net.ipynb").write_text(notebook(GOOD))
    git(tmp_path, "add", "--all")
    passed = try_repo(hooks, home, tmp_path, "orderlint")
    assert passed.returncode == 0, passed.stdout + passed.stderr
    assert "Passed" in passed.stdout


def test_the_environment_of_the_hook_has_no_tensorflow(hooks: Path, home: Path, tmp_path: Path) -> None:
    """Checking source needs no Keras, so the hook installs quickly."""
    (tmp_path / "net.py").write_text(GOOD)
    assert try_repo(hooks, home, repository(tmp_path), "orderlint").returncode == 0
    installed = {path.name.lower() for path in home.rglob("site-packages/*")}
    assert "orderlint" in installed
    assert not {"tensorflow", "keras", "tf_keras", "h5py"} & installed
