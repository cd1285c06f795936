"""`fix` makes the repairs that `check` offers, in each fixture."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from orderlint.diagnostics import Finding
from orderlint.engine.checking import check
from orderlint.engine.file_check import check_file
from orderlint.engine.file_repair import repair_file
from orderlint.engine.resolving import Options, Resolver
from orderlint.engine.session import Session
from orderlint.judging import Standards
from orderlint.text.files import SourceFile, source_from_bytes
from tests.judged import RULES
from tests.support import ROOT

FOLDER = ROOT / "fixtures"
UNASKED = {code for code, rule in RULES.items() if not rule.obstructs}
"""Rules that the recommended order itself may bring to light: a bias that a norm cancels, a dropout far ahead."""


def cases() -> Iterator[Path]:
    for path in sorted(FOLDER.rglob("*")):
        if path.suffix in (".py", ".ipynb") and ".fixed" not in path.name and "report" not in path.parts:
            yield path


def case_id(path: Path) -> str:
    return path.relative_to(FOLDER).as_posix()


def places(findings: Iterable[Finding]) -> list[tuple[str, int, int, int]]:
    return sorted((one.code, one.location.cell or 0, one.location.line, one.location.column) for one in findings)


def counted(file: SourceFile, standards: Standards, session: Session) -> Counter[str]:
    """The number of findings of all rules in a file, including suppressed ones."""
    everything = replace(standards, rules=standards.every, others=())
    found = check_file(file, everything, session, plans=False).findings
    return Counter(one.code for one in found if one.location.path == file.path)


@pytest.mark.parametrize("path", list(cases()), ids=case_id)
def test_what_is_promised_is_done_and_nothing_comes(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`fix` repairs exactly the findings that `check` calls repairable, and there are no new ones."""
    monkeypatch.chdir(ROOT)
    session = Session()
    (target,) = Resolver(session, Options()).worklist([path]).targets
    promised = [one for one in check([target], session=session, jobs=1).findings if one.repair and one.repair.available]
    with session.run():
        file = target.read()
        result = repair_file(file, target.standards, session)
        done = [one.finding for one in result.repaired]
        assert places(done) == places(promised)
        if result.new is None:
            return
        new = source_from_bytes(result.new, file.path)
        before, after = (counted(one, target.standards, session) for one in (file, new))
    left = before - Counter(one.code for one in done)
    assert {code: count for code, count in (after - left).items() if code not in UNASKED} == {}
