"""No finding is lost on real code: each file is compared with its analysis, with all rules and with each alone."""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from orderlint.diagnostics import Finding
from orderlint.engine.file_check import check_file
from orderlint.engine.screening import needs_of
from orderlint.engine.session import Session
from orderlint.judging import Rule, Standards, own_registry
from orderlint.screening.screen import KEPT, Screen
from orderlint.text.files import SourceError, read_source
from tests.support import ROOT

# These have no findings and are fast to analyze: they are here for their imports and their style.
FOLDERS = (
    ("keras", "src/applications"),
    ("keras", "src/layers/normalization"),
    ("keras", "src/layers/regularization"),
    ("keras", "src/legacy"),
    ("tf_keras", "applications"),
    ("tf_keras", "src/layers/regularization"),
)
SLOW = frozenset({"efficientnet_v2.py", "nasnet.py", "convnext.py", "efficientnet.py"})
RULES = own_registry().rules
ALL = Standards(tuple(RULES.values()))


def files() -> Iterator[Path]:
    for package, folder in FOLDERS:
        found = importlib.util.find_spec(package)
        if found is None:  # without a framework: only the files of the project
            continue
        assert found.origin is not None
        yield from (p for p in sorted(Path(found.origin).parent.joinpath(folder).rglob("*.py")) if p.name not in SLOW)
    yield from sorted(path for path in (ROOT / "fixtures").rglob("*") if path.suffix in (".py", ".ipynb"))
    yield from sorted((ROOT / "orderlint").rglob("*.py"))[::25]  # not Keras, and much of it is slow to analyze


@cache
def session() -> Session:
    return Session()


def findings(path: Path) -> list[Finding] | None:
    """The findings of the analysis in a file, without any screening; `None` if it cannot be read."""
    try:
        file = read_source(path)
    except SourceError:
        return None
    outcome = check_file(file, ALL, session(), plans=False, in_full=True)
    return outcome.findings if not outcome.errors else None


def identifier(path: Path) -> str:
    return "/".join(path.parts[-3:])


@pytest.mark.parametrize("path", list(files()), ids=identifier)
def test_a_file_with_a_finding_is_kept(path: Path) -> None:
    """If a rule has a finding in a file or its imports, the screening for that rule keeps the file."""
    target = [(os.path.abspath(path), False)]
    found = findings(path)
    if found is None:
        assert kept(target, ALL.rules)
    elif found:
        assert kept(target, ALL.rules)
        for code in {finding.code for finding in found}:
            assert kept(target, (RULES[code],)), code


def kept(target: list[tuple[str, bool]], rules: tuple[Rule, ...]) -> bool:
    return Screen(needs_of(Standards(rules))).screen(target) == [KEPT]
