"""The project around a file: the module that an import names."""

from __future__ import annotations

from pathlib import Path

import libcst as cst
import pytest

from orderlint.source.project import Project


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A repository with a package, a plain folder of modules, and a `src`."""
    for name in (
        ".git/HEAD",
        "pkg/__init__.py",
        "pkg/sub/__init__.py",
        "pkg/sub/net.py",
        "plain/part.py",
        "src/lib.py",
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x = 1\n")
    return tmp_path


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("pkg", "pkg/__init__.py"),
        ("pkg.sub.net", "pkg/sub/net.py"),
        ("plain.part", "plain/part.py"),
        ("plain", "plain"),
        ("lib", "src/lib.py"),
        ("net", "pkg/sub/net.py"),
        ("mystery", None),
        ("pkg.mystery", None),
    ],
)
def test_absolute_names_are_found_around_the_importer(root: Path, name: str, wanted: str | None) -> None:
    """A module is found beside the importer, in a folder above it up to the root of the repository, or in `src`."""
    found = Project().find(name, root / "pkg" / "sub" / "other.py")
    assert found == (str(root / wanted) if wanted is not None else None)


def test_frameworks_are_not_read(root: Path) -> None:
    """A folder with the name of a framework is ignored, since the layers of frameworks are in the catalog."""
    (root / "keras").mkdir()
    (root / "keras" / "__init__.py").write_text("")
    assert Project().find("keras", root / "net.py") is None


def test_further_roots_are_looked_up(root: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    """A folder that the caller names is on the import path."""
    other = tmp_path_factory.mktemp("elsewhere")
    assert Project(roots=(root,)).find("pkg", other / "net.py") == str(root / "pkg" / "__init__.py")


def test_relative_imports(root: Path) -> None:
    """One dot is the folder of the importer, and each further dot the folder above."""
    project, importer = Project(), root / "pkg" / "sub" / "other.py"
    assert project.relative(importer, 1, "net") == str(root / "pkg" / "sub" / "net.py")
    assert project.relative(importer, 2, "") == str(root / "pkg" / "__init__.py")
    assert project.relative(importer, 1, "mystery") is None


def test_submodules(root: Path) -> None:
    """The submodules of a package are the modules in its folder; a module has none."""
    project = Project()
    assert project.submodule(root / "pkg" / "__init__.py", "sub") == str(root / "pkg" / "sub" / "__init__.py")
    assert project.submodule(root / "plain", "part") == str(root / "plain" / "part.py")
    assert project.submodule(root / "src" / "lib.py", "x") is None


def test_names_of_modules_start_at_the_outermost_package(root: Path) -> None:
    """The name of a script outside of packages is its own name."""
    project = Project()
    assert project.module_name(root / "pkg" / "sub" / "net.py") == "pkg.sub.net"
    assert project.module_name(root / "pkg" / "__init__.py") == "pkg"
    assert project.module_name(root / "plain" / "part.py") == "part"


def test_a_module_is_read_once(root: Path) -> None:
    """A module that several files import is parsed once; an unreadable module is missing."""
    project = Project()
    assert project.read(root / "src" / "lib.py") is project.read(root / "src" / "lib.py") is not None
    assert project.read(root / "src" / "mystery.py") is None


FUNCTION = "def f(x):\n    y = x + 1\n" + "    y = y * 2  # again\n" * 20 + "    return y\n"


def parsed(project: Project, path: Path) -> None:
    """Read a module with one function, and parse the function."""
    file = project.read(path)
    assert file is not None
    cell = file.cells[0]
    assert cell.module is not None
    (node,) = cell.module.body
    assert isinstance(node, cst.FunctionDef)
    assert cell.body(node) is not None


def test_trees_are_kept_as_far_as_they_fit(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The length of the parsed text counts, and the least recently used tree is dropped first."""
    paths = [root / f"m{number}.py" for number in range(4)]
    for path in paths:
        path.write_text(FUNCTION)
    monkeypatch.setattr("orderlint.source.project.MOST_PARSED", int(2.5 * len(FUNCTION)))
    project = Project()
    for path in paths[:3]:
        parsed(project, path)
    assert project.modules == tuple(map(str, paths[:3])), "what was parsed last is let go of when the next is read"
    parsed(project, paths[3])
    assert project.modules == tuple(map(str, paths[1:]))


def test_modules_that_are_not_parsed_take_no_room(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Texts that were read but not parsed are kept, and do not count."""
    paths = [root / f"m{number}.py" for number in range(4)]
    for path in paths:
        path.write_text(FUNCTION)
    monkeypatch.setattr("orderlint.source.project.MOST_PARSED", len(FUNCTION))
    project = Project()
    assert [project.bytes_of(str(path)) for path in paths] == [FUNCTION.encode()] * 4
    assert project.modules == tuple(map(str, paths))


def test_a_module_that_is_asked_for_again_in_a_later_run_stays(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is kept even if it was the least recently used one when the trees were found to be too large."""
    paths = [root / f"m{number}.py" for number in range(3)]
    for path in paths:
        path.write_text(FUNCTION)
    monkeypatch.setattr("orderlint.source.project.MOST_PARSED", int(2.5 * len(FUNCTION)))
    project = Project()
    for path in paths:
        parsed(project, path)
    project.refresh()
    assert project.bytes_of(str(paths[0])) == FUNCTION.encode()
    assert project.modules == (str(paths[2]), str(paths[0]))
