"""The house stands as planned: who imports whom, and what an import loads."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support import ROOT

PACKAGE = ROOT / "orderlint"

# What each part may import of orderlint. A part may always import itself and the package's own name.
ALLOWED: dict[str, set[str]] = {
    "guards": set(),
    "graph": {"guards"},
    "diagnostics": {"graph"},
    "catalog": {"graph"},
    "rules": {"graph", "guards"},
    "source": {"graph", "guards", "catalog"},
    "runtime": {"graph", "guards", "catalog"},
    "repair": {"graph", "guards", "source", "diagnostics", "catalog", "rules", "findings"},
    "report": {"graph", "guards", "rules", "diagnostics", "fixes"},
    "findings": {"graph", "diagnostics", "rules"},
    "pool": set(),
    "fixes": {"diagnostics"},
    "writing": set(),
}
# The parts that stand on all others; nothing below imports them.
UPPER = {"config", "discovery", "engine", "cache", "plan", "api", "inspection", "verification", "repairing"}
DOORS = {"cli", "commands", "console", "progress", "pytest_plugin", "lsp", "__main__", "__init__"}
EXCEPTIONS: dict[str, set[str]] = {}


def modules() -> Iterator[Path]:
    yield from sorted(PACKAGE.rglob("*.py"))


def part_of(path: Path) -> str:
    """The part of the house a module belongs to: its name below `orderlint`."""
    first = path.relative_to(PACKAGE).parts[0]
    return first.removesuffix(".py")


def imported(path: Path) -> Iterator[str]:
    """Every absolute module name a module imports, at the top or inside functions."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative imports hide the import directions"
            assert node.module is not None
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def module_id(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("path", list(modules()), ids=module_id)
def test_imports_follow_the_table(path: Path) -> None:
    """A module imports only those parts of orderlint that the architecture allows it."""
    part = part_of(path)
    assert part in ALLOWED or part in UPPER or part in DOORS, f"{part} has no place in the table yet"
    parts = {name.split(".")[1] for name in imported(path) if name.startswith("orderlint.")}
    parts = {name for name in parts if (PACKAGE / name).exists() or (PACKAGE / f"{name}.py").exists()}
    if part in DOORS:
        allowed = parts
    elif part in UPPER:
        allowed = set(ALLOWED) | UPPER
    else:
        allowed = ALLOWED[part] | EXCEPTIONS.get(module_id(path), set())
    assert parts - {part} <= allowed


@pytest.mark.parametrize("path", list(modules()), ids=module_id)
def test_only_the_runtime_side_imports_keras(path: Path) -> None:
    """Keras, TensorFlow and h5py are imported in `runtime/` (and by the pytest plugin's users), nowhere else."""
    foreign = {name.split(".")[0] for name in imported(path)} & {"keras", "tensorflow", "tf_keras", "h5py", "numpy"}
    if part_of(path) not in ("runtime", "repair"):
        assert not foreign


@pytest.mark.parametrize(
    ("statement", "unwanted"),
    [
        ("import orderlint.cli", {"tensorflow", "keras", "libcst", "rich", "pathspec", "json", "asyncio"}),
        ("import orderlint", {"tensorflow", "keras", "libcst", "rich", "click", "pathspec"}),
        ("import orderlint.rules", {"tensorflow", "keras", "libcst", "rich"}),
        ("import orderlint.catalog", {"tensorflow", "keras", "libcst", "rich"}),
        ("from orderlint.source.files import read_source", {"tensorflow", "keras", "libcst", "rich"}),
    ],
)
def test_imports_are_cheap(statement: str, unwanted: set[str]) -> None:
    """What is slow to import is imported when it is used."""
    code = f"import sys; {statement}; print(*{{name.split('.')[0] for name in sys.modules}})"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert not set(result.stdout.split()) & unwanted


def test_every_command_loads_what_it_needs_only_when_it_runs() -> None:
    """`orderlint --help` imports every command, and none of libcst, rich and TensorFlow."""
    code = (
        "import sys; from orderlint.cli import main\n"
        "try: main(['--help'])\n"
        "except SystemExit: pass\n"
        "print(*{name.split('.')[0] for name in sys.modules}, file=sys.stderr)"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert not set(result.stderr.split()) & {"tensorflow", "keras", "libcst", "rich"}
    assert "check" in result.stdout
