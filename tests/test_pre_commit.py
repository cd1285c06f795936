"""The pre-commit hooks, run by pre-commit."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.running import notebook
from tests.support import ROOT

GOOD = "from keras import layers\n\n\ndef net(x):\n    return layers.BatchNormalization()(layers.Dense(8)(x))\n"
HEAD = "from keras import layers\n\n\ndef net(x):\n    x = layers.Dense(8)(x)\n"
NORM, DROP = "    x = layers.BatchNormalization()(x)\n", "    x = layers.Dropout(0.3)(x)\n"
DROPOUT, MOVED = f"{HEAD}{DROP}{NORM}    return x\n", f"{HEAD}{NORM}{DROP}    return x\n"
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
    """A repository with the hooks, made from the working tree."""
    folder = tmp_path_factory.mktemp("hooks") / "orderlint"
    folder.mkdir()
    for name in ("pyproject.toml", "README.md", "LICENSE", ".pre-commit-hooks.yaml"):
        shutil.copy(ROOT / name, folder / name)
    shutil.copytree(ROOT / "orderlint", folder / "orderlint", ignore=shutil.ignore_patterns("__pycache__"))
    return repository(folder)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The cache of pre-commit with the environment of installed hooks, which is made once."""
    return tmp_path_factory.mktemp("pre-commit-home")


def configured(hooks: Path, project: Path, hook: str) -> None:
    """Write a configuration with one hook."""
    revision = subprocess.run(["git", "rev-parse", "HEAD"], cwd=hooks, capture_output=True, text=True, check=True)
    entry = {"repo": str(hooks), "rev": revision.stdout.strip(), "hooks": [{"id": hook}]}
    (project / ".pre-commit-config.yaml").write_text(json.dumps({"repos": [entry]}))  # JSON is valid YAML


def pre_commit(project: Path, home: Path, *args: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PRE_COMMIT_HOME": str(home), "NO_COLOR": "1"}
    command = [sys.executable, "-m", "pre_commit", *args, "--all-files", "--verbose"]
    return subprocess.run(command, cwd=project, env=environment, capture_output=True, text=True, check=False)


def test_the_hook_reports_python_files_and_notebooks(hooks: Path, tmp_path: Path) -> None:
    """`pre-commit try-repo` fails with findings in both kinds of file, except for excluded ones."""
    project = tmp_path / "project"
    (project / "generated").mkdir(parents=True)
    (project / "net.py").write_text(BAD)
    (project / "net.ipynb").write_text(notebook(BAD))
    (project / "notes.txt").write_text(BAD)
    (project / "generated" / "net.py").write_text(BAD)
    (project / "orderlint.toml").write_text('exclude = ["generated"]\n')
    result = pre_commit(repository(project), tmp_path / "home", "try-repo", str(hooks), "orderlint")
    assert result.returncode == 1, result.stdout + result.stderr
    assert "net.py:5:12" in result.stdout
    assert "net.ipynb:cell 1:5:12" in result.stdout
    assert "2 findings in 2 files" in result.stdout


def test_the_installed_hook_passes_and_brings_no_tensorflow(hooks: Path, home: Path, tmp_path: Path) -> None:
    """Configured as a repository, it passes on clean files, in an environment without Keras."""
    project = tmp_path / "project"
    project.mkdir()
    (project / "net.py").write_text(GOOD)
    (project / "net.ipynb").write_text(notebook(GOOD))
    configured(hooks, project, "orderlint")
    result = pre_commit(repository(project), home, "run")
    assert result.returncode == 0, result.stdout + result.stderr
    assert "Passed" in result.stdout
    installed = {path.name.lower() for path in home.rglob("site-packages/*")}
    assert "orderlint" in installed
    assert not {"tensorflow", "keras", "tf_keras", "h5py"} & installed


def test_the_repair_hook_rewrites_and_then_passes(hooks: Path, home: Path, tmp_path: Path) -> None:
    """It fails after moving a dropout in a file and in a notebook; after `git add` the hook passes."""
    (tmp_path / "net.py").write_text(DROPOUT)
    (tmp_path / "net.ipynb").write_text(notebook(DROPOUT))
    (tmp_path / "notes.txt").write_text(DROPOUT)
    failed = pre_commit(repository(tmp_path), tmp_path / "home", "try-repo", str(hooks), "orderlint-fix")
    assert failed.returncode == 1, failed.stdout + failed.stderr
    assert "files were modified by this hook" in failed.stdout
    assert "2  same-inference" in failed.stdout
    assert (tmp_path / "net.py").read_text() == MOVED
    assert (tmp_path / "net.ipynb").read_text() == notebook(MOVED)
    assert (tmp_path / "notes.txt").read_text() == DROPOUT

    configured(hooks, tmp_path, "orderlint-fix")
    git(tmp_path, "add", "--all")
    passed = pre_commit(tmp_path, home, "run")
    assert passed.returncode == 0, passed.stdout + passed.stderr


def test_the_repair_hook_changes_no_prediction_unless_configured(hooks: Path, home: Path, tmp_path: Path) -> None:
    """A norm is not moved, but reported; `repair` in the configuration allows the hook to move it."""
    (tmp_path / "net.py").write_text(BAD)
    configured(hooks, tmp_path, "orderlint-fix")
    left = pre_commit(repository(tmp_path), home, "run")
    assert left.returncode == 1, left.stdout + left.stderr
    assert "changes-model" in left.stdout
    assert (tmp_path / "net.py").read_text() == BAD

    (tmp_path / "orderlint.toml").write_text('repair = "changes-model"\n')
    git(tmp_path, "add", "--all")
    assert pre_commit(tmp_path, home, "run").returncode == 1
    assert (tmp_path / "net.py").read_text() != BAD
    git(tmp_path, "add", "--all")
    passed = pre_commit(tmp_path, home, "run")
    assert passed.returncode == 0, passed.stdout + passed.stderr


def test_the_warning_hook_shows_and_passes(hooks: Path, home: Path, tmp_path: Path) -> None:
    """The findings are shown, and the commit passes; a file that cannot be read fails it."""
    (tmp_path / "net.py").write_text(BAD)
    configured(hooks, tmp_path, "orderlint-warn")
    environment = {**os.environ, "PRE_COMMIT_HOME": str(home), "NO_COLOR": "1"}
    command = [sys.executable, "-m", "pre_commit", "run", "--all-files"]
    repository(tmp_path)
    shown = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert shown.returncode == 0, shown.stdout + shown.stderr
    assert "Passed" in shown.stdout
    assert "1 warning in 1 file." in shown.stdout

    (tmp_path / "broken.py").write_bytes(b"import keras\0")
    git(tmp_path, "add", "--all")
    assert pre_commit(tmp_path, home, "run").returncode == 1
