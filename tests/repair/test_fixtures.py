"""The cases of `fixtures/repair`: files, and the results of `orderlint fix`.

For `name.py`, `name.fixed.py` is the repaired file, if it is changed, and `name.left.txt` lists the remaining findings
with their reasons, if there are any. `--update-fixtures` rewrites both. A comment `# select: ORD101` or
`# order: activation, norm, dropout` in the first line sets the options of a case.
"""

from __future__ import annotations

import io
import re
import tokenize
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from orderlint.graph import Role
from orderlint.judging import DEFAULT_ORDER, Order, Standards, judge, own_registry
from orderlint.repair import FixResult, fix_text
from orderlint.source import analyze
from orderlint.text.files import SourceFile, source_from_bytes, source_from_text
from tests.judged import standards
from tests.support import ROOT, Recorded

FOLDER = ROOT / "fixtures" / "repair"
_SETTING = re.compile(r"#\s*(select|order):\s*(.*)")


def cases() -> Iterator[Path]:
    for path in sorted(FOLDER.rglob("*")):
        if path.suffix in (".py", ".ipynb") and not path.stem.endswith(".fixed"):
            yield path


def standards_of(text: str) -> Standards:
    """The rules and order for a case."""
    given = {match[1]: match[2] for match in map(_SETTING.match, text.splitlines()[:1]) if match}
    selectors = given.get("select", "ORD001, ORD002, ORD003").split(",")
    codes = tuple(rule.code for selector in selectors for rule in own_registry().select(selector) if rule.code < "ORD9")
    roles = tuple(Role(role.strip()) for role in given["order"].split(",")) if "order" in given else None
    return standards(*codes, order=Order(roles) if roles else DEFAULT_ORDER)


def case_id(path: Path) -> str:
    return path.relative_to(FOLDER).as_posix()


def read(path: Path) -> SourceFile:
    return source_from_bytes(path.read_bytes(), path.name)


def fixed(file: SourceFile) -> FixResult:
    return fix_text(file, standards_of(file.text))


def repaired(file: SourceFile, result: FixResult) -> SourceFile:
    return source_from_text(result.text, file.path)


def findings(file: SourceFile) -> Counter[str]:
    """The number of findings of a file, by code."""
    judged_by = standards_of(file.text)
    return Counter(violation.rule.code for violation in judge(analyze(file), judged_by.rules, judged_by.order))


def comments(file: SourceFile) -> Counter[str]:
    """The comments of a file."""
    return Counter(
        token.string
        for cell in file.cells
        if cell.problem is None
        for token in tokenize.generate_tokens(io.StringIO(cell.text.replace("\r\n", "\n").replace("\r", "\n")).readline)
        if token.type == tokenize.COMMENT
    )


def left_written_out(result: FixResult) -> str:
    lines = []
    for left in result.left:
        at = left.finding.location
        cell = f"{at.cell}:" if at.cell is not None else ""
        lines.append(f"{cell}{at.line} {left.finding.code} {left.reason}\n")
    return "".join(lines)


@pytest.mark.parametrize("path", list(cases()), ids=case_id)
def test_repairs_are_the_recorded_ones(path: Path, recorded: Recorded, request: pytest.FixtureRequest) -> None:
    """The repaired text is the recorded one; without a recorded one, the file is not changed."""
    file = read(path)
    result = fixed(file)
    assert result.problem is None
    expected = path.with_name(f"{path.stem}.fixed{path.suffix}")
    new = file.to_bytes(result.text)
    if request.config.getoption("--update-fixtures"):
        expected.unlink(missing_ok=True)
        if new != path.read_bytes():
            expected.write_bytes(new)
    assert new == (expected if expected.exists() else path).read_bytes()


@pytest.mark.parametrize("path", list(cases()), ids=case_id)
def test_what_is_left_has_the_recorded_reason(path: Path, recorded: Recorded) -> None:
    """Each remaining finding has one reason, and its place in the new text."""
    notes = path.with_name(f"{path.stem}.left.txt")
    actual = left_written_out(fixed(read(path)))
    if actual or notes.exists():
        recorded(notes, actual)


@pytest.mark.parametrize("path", list(cases()), ids=case_id)
def test_a_repaired_file_is_sound(path: Path) -> None:
    """It parses, a second run changes nothing, it has only the remaining findings, and it keeps all comments."""
    file = read(path)
    result = fixed(file)
    new = repaired(file, result)
    assert [cell.problem is None for cell in new.cells] == [cell.problem is None for cell in file.cells]
    again = fixed(new)
    assert again.text == result.text
    assert again.repaired == ()
    assert findings(new) == Counter(left.finding.code for left in result.left)
    assert comments(new) == comments(file)


@pytest.mark.parametrize("path", list(cases()), ids=case_id)
def test_every_finding_is_accounted_for(path: Path) -> None:
    """Each finding of the original is repaired or remains. Only ORD101 may be new."""
    file = read(path)
    result = fixed(file)
    told = Counter([one.finding.code for one in result.repaired] + [one.finding.code for one in result.left])
    revealed = told - findings(file)
    assert findings(file) == told - revealed
    assert set(revealed) <= {"ORD101"}
