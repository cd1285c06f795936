"""The analysis of the last repaired text is reused if it would be the same, and otherwise not."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from orderlint.catalog import DEFAULT, RoleTable
from orderlint.engine.last_analysis import LastAnalysis
from orderlint.engine.repairing import repair
from orderlint.engine.session import Session
from orderlint.engine.targets import Target
from orderlint.graph import Role
from orderlint.source import Project, analyze
from orderlint.text.files import SourceFile, source_from_text
from tests.hostile.test_bounds import HEADER, MODEL, standards

USE = "from helper import act\nfrom keras import layers\nx = act(layers.Dense(8)(x))\n"
HELPER = "from keras import layers\n\n\ndef act(x):\n    return layers.{}()(x)\n"


def last(file: SourceFile, project: Project) -> LastAnalysis:
    with project.recording() as queries:
        graphs = analyze(file, project)
    return LastAnalysis(file, graphs, DEFAULT, dict(queries))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "helper.py").write_text(HELPER.format("ReLU"))
    return tmp_path


def test_it_holds_for_the_same_text(folder: Path) -> None:
    """A file that is read again is the same, but not one with another text or path."""
    project, path = Project((folder,)), str(folder / "net.py")
    known = last(source_from_text(USE, path), project)
    project.refresh()
    assert known.holds(source_from_text(USE, path), DEFAULT, project)
    assert not known.holds(source_from_text(USE + "x = 1\n", path), DEFAULT, project)
    assert not known.holds(source_from_text(USE, str(folder / "other.py")), DEFAULT, project)


def test_it_holds_as_long_as_what_is_imported_stays(folder: Path) -> None:
    """A module that changed since may change the analysis."""
    project, path = Project((folder,)), str(folder / "net.py")
    known = last(source_from_text(USE, path), project)
    (folder / "helper.py").write_text(HELPER.format("BatchNormalization"))
    project.refresh()
    assert not known.holds(source_from_text(USE, path), DEFAULT, project)


def test_files_that_change_together_are_each_checked_as_they_are(folder: Path) -> None:
    """A file that imports another one, which is repaired after it, is checked with the new text of that."""
    (folder / "a.py").write_text(HEADER + MODEL + "from b import model as other\n")
    (folder / "b.py").write_text(HEADER + MODEL)
    session = Session()
    targets = [Target(str(folder / name), name, standards()) for name in ("a.py", "b.py")]
    report = repair(targets, session=session, jobs=1).report()
    assert [one.finding.location.path for one in report.repaired] == ["a.py", "b.py"]
    assert not report.left
    assert session.last_analysis is None, "a session that lives on keeps no analysis"


def test_other_roles_take_another_analysis(folder: Path) -> None:
    """The roles of names are part of the input of an analysis."""
    project, file = Project((folder,)), source_from_text(USE, str(folder / "net.py"))
    known = last(file, project)
    others = RoleTable.of({"helper.Own": [Role.NORM]})
    assert not known.holds(file, others, project)
    assert replace(known, roles=others).holds(file, others, project)
