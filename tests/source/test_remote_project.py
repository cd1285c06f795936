"""A project whose files are on another machine."""

from __future__ import annotations

from collections import OrderedDict
from pathlib import Path

from orderlint.source.queries import Answer, Query
from orderlint.source.remote_project import Parsed, RemoteProject


def test_what_is_not_given_is_noted_and_not_looked_for(tmp_path: Path) -> None:
    """Files on the disk are ignored: the caller gets the list of missing files."""
    module = tmp_path / "blocks.py"
    module.write_text("x = 1\n")
    project = RemoteProject({}, {}, OrderedDict())
    assert project.find("blocks", tmp_path / "net.py") is None
    assert project.read(module) is None
    assert project.missing == {("find", str(tmp_path), "blocks"), ("text", str(module))}


def test_what_is_given_is_the_answer_and_is_parsed_once(tmp_path: Path) -> None:
    """Two projects with the same text share its tree."""
    module = tmp_path / "blocks.py"
    answers: dict[Query, Answer] = {("find", str(tmp_path), "blocks"): str(module)}
    texts, parsed = {str(module): b"x = 1\n"}, Parsed()
    projects = [RemoteProject(answers, texts, parsed) for _ in range(2)]
    assert projects[0].find("blocks", tmp_path / "net.py") == str(module)
    assert projects[0].read(module) is projects[1].read(module) is not None
    assert not projects[0].missing
