"""The other files of a project: those that import from a file, and those that look up layers."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from orderlint.repair.ways.neighbors import Around, importer_of


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with a file that defines `block`."""
    (tmp_path / "pyproject.toml").touch()
    (tmp_path / "pkg").mkdir()
    (tmp_path / "pkg" / "net.py").write_text("def block(x): pass\n")
    return tmp_path


def net(project: Path) -> str:
    return str(project / "pkg" / "net.py")


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("from pkg.net import block\n", 1),
        ("from .net import block\n", 1),
        ("import pkg.net\npkg.net.block(x)\n", 2),
        ("    from net import block\n", 1),
        ("from .net import (\r\n    head,\r\n    block,\r\n)\r\n", 3),
        ("from pkg.net import head\nhead(blocks=3)\nblock\n", 3),
        ("from pkg.net import head\nhead(blocks=3, my_block=x)\n", None),
        ("from pkg.network import block\n", None),
        ("from pkg.net import other\n", None),
        ("# from pkg.net import block\n", None),
    ],
)
def test_an_importer_is_found_by_its_import(project: Path, text: str, line: int | None) -> None:
    """Of the file and of the name as a whole word; absolute or relative."""
    (project / "use.py").write_text(text, newline="")
    assert importer_of(net(project), "block") == (f"use.py:{line}" if line else None)


@pytest.mark.parametrize("is_one_text", [True, False])
def test_a_notebook_imports_too(project: Path, is_one_text: bool) -> None:
    """It is imported in one cell and used in another; a source is a string or a list of lines."""
    texts = ["import os\n", "from pkg.net import *\nimport os\n", "import sys\nx = block(x)\n"]
    cells: list[dict[str, object]] = [
        {
            "cell_type": "code",
            "execution_count": None,
            "metadata": {},
            "outputs": [],
            "source": text if is_one_text else text.splitlines(keepends=True),
        }
        for text in texts
    ]
    notebook = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    (project / "use.ipynb").write_text(json.dumps(notebook))
    assert importer_of(net(project), "block") == "use.ipynb, cell 3, line 2"
    assert importer_of(net(project), "bloc") is None


def test_readers_are_told_with_their_path_from_the_root(project: Path) -> None:
    """Notebooks and files; files without layers are not parsed, excluded and hidden ones are skipped."""
    for name in ("tools/show.py", ".hidden/a.py", "venv/b.py", "plain.py"):
        (project / name).parent.mkdir(exist_ok=True)
        (project / name).write_text("x = 1\n" if name == "plain.py" else "m.get_layer('d')\n")
    found = Around(net(project)).readers
    assert [(one.shown, [lookup.name for lookup in one.lookups().by_name]) for one in found] == [
        ("tools/show.py", ["d"])
    ]


def test_a_file_that_changed_is_read_anew(project: Path) -> None:
    """The cache is keyed by time and size."""
    use = project / "use.py"
    use.write_text("m.get_layer('a')\n")
    assert [one.lookups().by_name[0].name for one in Around(net(project)).readers] == ["a"]
    use.write_text("m.get_layer('bcd')\n")
    os.utime(use, (1, 1))
    assert [one.lookups().by_name[0].name for one in Around(net(project)).readers] == ["bcd"]


def test_without_a_mark_of_a_project_only_the_folder_counts(tmp_path: Path) -> None:
    """A file in a download folder has no project."""
    (tmp_path / "deep").mkdir()
    for name in ("net.py", "near.py", "deep/far.py"):
        (tmp_path / name).write_text("m.get_layer('d')\n")
    assert [one.shown for one in Around(str(tmp_path / "net.py")).readers] == ["near.py"]


def test_a_text_that_is_no_file_has_no_neighbors() -> None:
    """It has no path."""
    assert Around("<string>").readers == []
