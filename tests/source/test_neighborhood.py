"""The files around a file: the root of its project, and the files below the root."""

from __future__ import annotations

from pathlib import Path

import pytest

from orderlint.source import neighborhood
from orderlint.source.neighborhood import files_in, is_root, root_of, shown_beside


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    for name in ("a.py", "b.ipynb", "c.txt", "deep/d.py", ".hidden/e.py", "venv/f.py"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    return tmp_path


@pytest.mark.parametrize("mark", [".git", ".hg", "pyproject.toml", "setup.py", "setup.cfg"])
def test_the_nearest_mark_above_a_file_is_its_root(tree: Path, mark: str) -> None:
    """The mark is a repository or an installed package."""
    (tree / mark).touch()
    assert is_root(str(tree))
    assert not is_root(str(tree / "deep"))
    assert root_of(str(tree / "deep" / "d.py")) == (str(tree), True)


def test_without_a_mark_the_folder_of_a_file_is_all(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The extent of the project is unknown then."""
    monkeypatch.setattr(neighborhood, "is_root", lambda folder: False)
    assert root_of(str(tree / "deep" / "d.py")) == (str(tree / "deep"), False)


def test_files_are_told_in_order_without_what_is_hidden_or_installed(tree: Path) -> None:
    """Python files and notebooks are listed; those in subfolders only in a project."""
    names = [Path(file).relative_to(tree).as_posix() for file in files_in(str(tree), True)]
    assert names == ["a.py", "b.ipynb", "deep/d.py"]
    assert [Path(file).name for file in files_in(str(tree), False)] == ["a.py", "b.ipynb"]


def test_a_project_has_a_bound(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Files beyond the bound are ignored."""
    monkeypatch.setattr(neighborhood, "MOST_AROUND", 1)
    assert len(list(files_in(str(tree), True))) == 1


def test_another_file_is_shown_from_the_root(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The path does not depend on the working directory, since results about a file are stored and shown again."""
    (tree / "setup.py").touch()
    for folder in (tree, tree / "deep"):
        monkeypatch.chdir(folder)
        assert shown_beside(str(tree / "a.py"), str(tree / "deep" / "d.py")) == "deep/d.py"
