"""No finding is lost on real code: each file is held against its own analysis, with all rules and with each alone."""

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

# Nothing of these holds a finding, or takes long: they are here for what they import and how they are written.
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
        if found is None:  # without a framework: the files of the project are what there is
            continue
        assert found.origin is not None
        yield from (p for p in sorted(Path(found.origin).parent.joinpath(folder).rglob("*.py")) if p.name not in SLOW)
    yield from sorted(path for path in (ROOT / "fixtures").rglob("*") if path.suffix in (".py", ".ipynb"))
    yield from sorted((ROOT / "orderlint").rglob("*.py"))[::25]  # none of it is Keras, and much of it takes long


@cache
def session() -> Session:
    return Session()


def findings(path: Path) -> list[Finding] | None:
    """What the analysis of a file finds, and nothing else dismisses; `None` where it cannot be read."""
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
    """A file in which, or in whose imports, a rule finds anything is kept by the screening for that rule alone."""
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
