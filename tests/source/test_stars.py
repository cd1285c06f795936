"""The modules, of very many, that may define a name: decided from their texts, without missing any."""

from __future__ import annotations

from pathlib import Path

import pytest

from orderlint.engine.checking import check
from orderlint.engine.session import Session
from orderlint.engine.targets import Target
from orderlint.source import stars
from orderlint.source.project import Project
from orderlint.source.python import imports
from tests.hostile.test_bounds import HEADER, standards


@pytest.fixture(autouse=True)
def _few_are_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stars, "MANY", 2)


def written(root: Path, texts: dict[str, str]) -> list[str]:
    """Write modules, and return their paths."""
    (root / "pyproject.toml").touch()
    for name, text in texts.items():
        path = root / f"{name}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return [str(root / f"{name}.py") for name in texts]


def holder(root: Path, texts: dict[str, str], name: str) -> str | None:
    """The relative path of the module that binds a name, for a star import of the first module."""
    first, *_ = written(root, texts)
    path = Project().stars.holder([first], name, lambda module, name: (module, name) == ("keras.layers", "Dense"))
    return path and Path(path).relative_to(root).as_posix()


CIRCLE = {"a": "from b import *\n", "b": "from c import *\n", "c": "from a import *\n"}


@pytest.mark.parametrize(
    "text",
    [
        *("x = 1", "x: int = 1", "x, y = 1, 2", "def x(): pass", "class x: pass", "import x", "import x.y"),
        *("import y as x", "from y import x", "from y import z as x", "def f():\n    global x\n    x = 1"),
        *("for x in y: pass", "with y as x: pass", "try:\n    pass\nexcept E as x:\n    pass", "(x := 1)"),
        *("match y:\n    case [x]: pass", "match y:\n    case {**x}: pass", "if y:\n    x = 1", "x += 1", "*x, = y"),
        *("globals()['x'] = 1", "exec(y)", "vars()[y] = 1", "import sys\nsetattr(sys.modules[y], z, 1)", "x = = 1"),
        "def __getattr__(name): return 1",
    ],
)
def test_whatever_may_bind_a_name(tmp_path: Path, text: str) -> None:
    assert holder(tmp_path, {**CIRCLE, "c": f"from a import *\n{text}\n"}, "x") == "c.py"


def test_a_name_that_none_has(tmp_path: Path) -> None:
    """Reading the name does not bind it; nor does text like an import, or a module that is not imported."""
    texts = {**CIRCLE, "b": 'from c import *\nprint(x)\n"""\nfrom d import *\n"""\n', "d": "from a import *\nx = 1\n"}
    assert holder(tmp_path, texts, "x") == ""


@pytest.mark.parametrize(
    "texts",
    [
        {"b": "from c import *\nx = 1\n", "c": "from a import *\nx = 2\n"},
        {"b": "from c import *\nx = 1\n", "c": "from a import *\nfrom keras.layers import *\nx = 1\n"},
        {"b": "from c import *\nimport c\nc.x = 1\n"},
    ],
)
def test_a_name_that_may_come_from_two(tmp_path: Path, texts: dict[str, str]) -> None:
    """The order of the imports decides then, and each module is run."""
    assert holder(tmp_path, {**CIRCLE, **texts}, "x") is None or holder(tmp_path, {**CIRCLE, **texts}, "Dense") is None


def test_a_name_of_a_library_comes_from_the_module_that_imports_it(tmp_path: Path) -> None:
    texts = {**CIRCLE, "c": "from a import *\nfrom keras.layers import *\n"}
    assert holder(tmp_path, texts, "Dense") == "c.py"


def test_a_text_that_is_in_no_known_encoding_may_bind_any_name(tmp_path: Path) -> None:
    first, _, third = written(tmp_path, CIRCLE)
    Path(third).write_bytes(b"# coding: nothing\nfrom a import *\n")
    assert Project().stars.holder([first], "x", lambda module, name: False) == third


def test_an_import_from_above_the_root_is_one_of_a_library(tmp_path: Path) -> None:
    """The module has no name, and its values are unknown."""
    assert holder(tmp_path, {**CIRCLE, "c": "from a import *\nfrom .. import *\n"}, "x") == ""
    asked: list[str] = []

    def gives(module: str, name: str) -> bool:
        asked.append(module)
        return False

    Project().stars.holder([str(tmp_path / "a.py")], "x", gives)
    assert asked == [""]


def test_a_name_may_be_a_module_of_a_package(tmp_path: Path) -> None:
    texts = {**CIRCLE, "c": "from p import *\nfrom a import *\n", "p/__init__": "", "p/x": ""}
    assert holder(tmp_path, texts, "x") == "p/__init__.py"


def test_few_modules_are_not_told_apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stars, "MANY", 3)
    assert holder(tmp_path, CIRCLE, "x") is None


def test_each_module_is_read_once_in_a_run_and_again_in_the_next(tmp_path: Path) -> None:
    first, second, _ = written(tmp_path, {**CIRCLE, "c": "from a import *\nx = 1\n"})
    project = Project()
    assert project.stars.holder([first], "x", lambda module, name: False) == str(tmp_path / "c.py")
    (tmp_path / "c.py").write_text("from a import *\n")
    with project.recording() as asked:
        assert project.stars.holder([second], "x", lambda module, name: False) == str(tmp_path / "c.py")
    assert {("text", str(tmp_path / f"{name}.py")) for name in "abc"} <= asked.keys(), "a cache has to know of them"
    project.refresh()
    assert project.stars.holder([first], "x", lambda module, name: False) == ""


def circle(root: Path, count: int) -> list[Target]:
    """Modules that star-import each other; each uses a function of the next one."""
    texts = {}
    for one in range(count):
        head = HEADER + "".join(f"from m{other} import *\n" for other in range(count) if other != one)
        build = f"def build{one}(x):\n    return ReLU()(Dense(1)(x))\n"
        use = f"def use{one}(x):\n    return BatchNormalization()(build{(one + 1) % count}(nobody_has_this(x)))\n"
        texts[f"m{one}"] = head + build + use
    return [Target(path, path, standards()) for path in written(root, texts)]


@pytest.mark.parametrize("count", [6, 12])
def test_files_that_import_all_names_of_each_other_are_not_run_for_each(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, count: int
) -> None:
    """A name of another module costs one module, however many there are."""
    num_run = 0
    run = imports._run_aside

    def counted(*arguments: object) -> object:
        nonlocal num_run
        num_run += 1
        return run(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(imports, "_run_aside", counted)
    report = check(circle(tmp_path, count), session=Session(), jobs=1)
    assert {finding.code for finding in report.findings} == {"ORD001"}
    assert len(report.findings) == count
    assert num_run <= count
