"""No finding is lost: if the analysis has a finding in a file, a glance does not call the file in order."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from pathlib import Path

import pytest

from orderlint.engine.session import Session
from orderlint.judging.rule import Example
from orderlint.text.files import SourceError, read_source, source_from_text
from tests.differential.programs import program
from tests.glance.looking import USUAL, analyzed, glance, glance_at
from tests.judged import RULES
from tests.support import ROOT

SLOW = frozenset({"efficientnet_v2.py", "nasnet.py"})


def cases() -> Iterator[Path]:
    yield from sorted(path for path in (ROOT / "fixtures").rglob("*") if path.suffix in (".py", ".ipynb"))


def applications() -> Iterator[Path]:
    found = importlib.util.find_spec("keras")
    if found is not None and found.origin is not None:
        folder = Path(found.origin).parent / "src" / "applications"
        yield from sorted(path for path in folder.glob("*.py") if path.name not in SLOW)


@pytest.mark.parametrize("path", list(cases()), ids=lambda path: "/".join(path.parts[-2:]))
def test_no_finding_of_a_fixture_is_lost(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The fixtures have all known ways in which code has hidden a finding."""
    monkeypatch.chdir(ROOT)
    try:
        file = read_source(path)
    except SourceError:
        pytest.skip("it cannot be read, which is what it is there for")
    if glance_at(path, Session()) is not None:
        assert not analyzed(file)


@pytest.mark.parametrize("path", list(applications()), ids=lambda path: path.name)
def test_no_finding_of_a_real_file_is_lost(path: Path) -> None:
    """The files are Keras's own models."""
    if glance_at(path, Session()) is not None:
        assert not analyzed(read_source(path))


def test_most_real_files_in_order_need_no_analysis() -> None:
    """A glance that is never certain would be sound, but useless."""
    paths = list(applications())
    if not paths:
        pytest.skip("Keras is not installed, and its models are the real files")
    session = Session()
    assert sum(glance_at(path, session) is not None for path in paths) > len(paths) / 2


def test_no_finding_of_a_random_program_is_lost() -> None:
    """The programs have every idiom; a glance finds a fifth of them in order."""
    lost, num_in_order = [], 0
    for seed in range(400):
        text = program(seed).text
        if glance(text) is not None:
            num_in_order += 1
            if analyzed(source_from_text(text, "net.py")):
                lost.append(seed)
    assert not lost
    assert num_in_order > 40


@pytest.mark.parametrize(
    "example", [example for code in USUAL.codes for example in RULES[code].examples], ids=lambda one: one.title
)
def test_no_example_of_a_rule_is_in_order(example: Example) -> None:
    """The bad examples in the documentation of the rules are never called in order."""
    assert glance(example.bad) is None
