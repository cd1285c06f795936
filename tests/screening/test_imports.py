"""The imports in a text, and the files to which they lead."""

from __future__ import annotations

from pathlib import Path

import pytest

from orderlint.screening.imports import ALL, Import, imports_in
from orderlint.screening.modules import Modules
from orderlint.source.project import Project

TEXTS = {
    "import a.b, c as d": [Import(0, "a.b", None, b"a"), Import(0, "c", None, b"d")],
    "from ..a import (b,  # not (c)\n  d)": [Import(2, "a", frozenset({b"b", b"d"}))],
    "from . import*": [Import(1, "", frozenset({ALL}))],
    "from a import(b)": [Import(0, "a", frozenset({b"b"}))],
    "x = 1; import a": [Import(0, "a", None, b"a")],
    "if x: from . a import b": [Import(1, "a", frozenset({b"b"}))],
    "from a \\\n import b": [Import(0, "a", frozenset({b"b"}))],
    "# -\r\rimport a\rx = 1": [Import(0, "a", None, b"a")],
    "important = 1; reimport(x)": [],
}


@pytest.mark.parametrize(("text", "imports"), TEXTS.items(), ids=TEXTS)
def test_imports_in_a_text(text: str, imports: list[Import]) -> None:
    """Each import is found, however it is written."""
    assert list(map(parts, imports_in(text.encode()))) == list(map(parts, imports))


def parts(one: Import) -> tuple[object, ...]:
    return one.level, one.module, one.names, one.bound


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    for name in (
        "setup.py",
        "app/main.py",
        "app/nets/__init__.py",
        "app/nets/blocks.py",
        "app/nets/deep/__init__.py",
        "app/nets/deep/core.py",
        "app/plain/tool.py",
        "app/both.py",
        "app/both/__init__.py",
        "src/lib/__init__.py",
        "src/lib/util.py",
        "keras/applications/resnet.py",
    ):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("")
    (tmp_path / "app" / "empty").mkdir()
    return tmp_path


NAMES = [
    "nets",
    "nets.blocks",
    "nets.deep.core",
    "plain",
    "plain.tool",
    "both",
    "lib.util",
    "app.nets",
    "empty",
    "none",
]
NAMES += ["keras.applications.resnet", "keras.layers", "numpy", "app.main", "lib.none", "nets.deep"]


@pytest.mark.parametrize("importer", ["app/main.py", "app/nets/deep/core.py", "src/lib/util.py"])
@pytest.mark.parametrize("name", NAMES)
def test_modules_are_found_where_the_project_finds_them(tree: Path, importer: str, name: str) -> None:
    """An absolute import leads to the file that the analyzer would read."""
    path = tree / importer
    found = Project().find(name, path)
    links = Modules().links(str(path), [Import(0, name, frozenset({ALL}))])
    assert same(links.files | set(links.packages), found)


@pytest.mark.parametrize("level", [1, 2, 3])
@pytest.mark.parametrize("name", ["", "nets", "blocks", "deep.core", "none"])
def test_relative_imports_lead_where_the_project_finds_them(tree: Path, level: int, name: str) -> None:
    """A relative import leads to the file that the analyzer would read."""
    path = tree / "app/nets/deep/core.py"
    found = Project().relative(path, level, name)
    links = Modules().links(str(path), [Import(level, name, frozenset({ALL}))])
    assert same(links.files | set(links.packages), found)


def same(places: set[str], found: str | None) -> bool:
    """Whether a place is the found one, or nothing was found."""
    return not places if found is None else found in places


def test_names_of_modules_in_strings(tree: Path) -> None:
    """A module that is imported by a string is followed."""
    modules = Modules()
    links = modules.links(str(tree / "app/main.py"), [])
    modules.link_spelled(links, str(tree / "app/main.py"), [("nets.blocks", False), ("lib", True)])
    assert str(tree / "app/nets/blocks.py") in links.files
    assert links.packages[str(tree / "src/lib")] == {ALL}
