"""Symbolic links: which files are read and written through them, and which are not."""

from __future__ import annotations

from pathlib import Path

import pytest

from orderlint.source import Project, analyze
from orderlint.text.files import read_source
from tests.hostile.test_folders import MODEL, checked
from tests.hostile.trying import ran

BLOCK = "import keras\ndef block(x):\n    return keras.layers.ReLU()(keras.layers.Dense(8)(x))\n"
USE = "import keras\nfrom {} import block\ndef build(x):\n    return keras.layers.BatchNormalization()(block(x))\n"


def linked(path: Path, target: str | Path, *, is_folder: bool = False) -> Path:
    try:
        path.symlink_to(target, target_is_directory=is_folder)
    except OSError:
        pytest.skip("this user may not make links (Windows without developer mode)")
    return path


def project(folder: Path, module: str = "blocks") -> Path:
    """A project with a configuration, and a file that imports a module."""
    root = folder / "outer" / "project"
    root.mkdir(parents=True)
    (root / "pyproject.toml").write_text("")
    (root / "net.py").write_text(USE.format(module))
    return root


def layers(path: Path) -> set[str]:
    """The layers of a file, including those of imported modules."""
    return {call.layer for graph in analyze(read_source(path), Project()) for call in graph.calls}


def test_an_import_is_followed_within_the_project(tmp_path: Path) -> None:
    """A module in the same folder is read, so the tests below can fail."""
    root = project(tmp_path)
    (root / "blocks.py").write_text(BLOCK)
    assert "Dense" in layers(root / "net.py")


@pytest.mark.parametrize("depth", [0, 1])
def test_an_import_is_never_followed_above_the_root(tmp_path: Path, depth: int) -> None:
    """A module in a folder above the root of the project is not read."""
    root = project(tmp_path)
    above = [root.parent, root.parent.parent][depth]
    (above / "blocks.py").write_text(BLOCK)
    assert "Dense" not in layers(root / "net.py")


def test_a_relative_import_does_not_climb_out(tmp_path: Path) -> None:
    """`from ..blocks import block` in the root is not resolved."""
    root = project(tmp_path, "..blocks")
    (root.parent / "blocks.py").write_text(BLOCK)
    (root.parent / "__init__.py").write_text("")
    (root / "__init__.py").write_text("")
    assert "Dense" not in layers(root / "net.py")


@pytest.mark.parametrize("kind", ["file", "folder", "link to a link"])
def test_fix_on_a_folder_writes_nothing_outside(tmp_path: Path, kind: str) -> None:
    """`fix` on a folder does not write files outside it, whatever its links point to. The file inside is repaired."""
    root, outside = tmp_path / "project", tmp_path / "outside"
    root.mkdir()
    outside.mkdir()
    (root / "net.py").write_text(MODEL)
    (outside / "other.py").write_text(MODEL)
    if kind == "file":
        linked(root / "link.py", outside / "other.py")
    elif kind == "folder":
        linked(root / "link", outside, is_folder=True)
    else:
        linked(outside / "middle.py", "other.py")
        linked(root / "link.py", outside / "middle.py")
    assert ran(["fix", str(root)]) is None
    assert (outside / "other.py").read_text() == MODEL
    assert (root / "net.py").read_text() != MODEL
    assert all(path.name == "net.py" or path.is_symlink() for path in root.iterdir())


def test_a_linked_folder_is_not_searched(tmp_path: Path) -> None:
    """A link to a folder is not followed in a search."""
    root, outside = tmp_path / "project", tmp_path / "outside"
    root.mkdir()
    outside.mkdir()
    (outside / "other.py").write_text(MODEL)
    linked(root / "link", outside, is_folder=True)
    assert "other.py" not in checked(root, ".").stdout
