"""The environments for running the tests on other versions."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.support import ROOT
from tests.tools.versions import TESTS, TOOLS, requirements


def _imported(path: Path) -> Iterator[str]:
    """The packages that a module imports when it is loaded."""
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        names = [one.name for one in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names = [node.module]
        yield from (name.partition(".")[0] for name in names)


LEFT_OUT = {"tests/lsp", "tests/notebook", "tests/differential"}
"""Folders with tests that need packages that are not installed, and are skipped."""


def test_the_environments_have_what_the_tests_import() -> None:
    """A test file that imports another package when it is loaded would be skipped on every Python."""
    files = [
        path
        for one in TESTS
        if one not in LEFT_OUT
        for path in ((ROOT / one).rglob("*.py") if (ROOT / one).is_dir() else [ROOT / one])
    ]
    asked = [one["name"] for one in requirements() if not (one["marker"] or "").startswith("; python_version < '3.11'")]
    there = {*asked, *(re.split("[<>=]", tool)[0] for tool in TOOLS)}
    there |= {"orderlint", "tests", "benchmarks", *sys.stdlib_module_names}
    assert {(path.name, name) for path in files for name in _imported(path) if name not in there} == set()
