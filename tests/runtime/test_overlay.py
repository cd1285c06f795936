"""Imports with texts that replace those of files."""

from __future__ import annotations

import importlib
import inspect
import sys
from pathlib import Path

import pytest

from orderlint.runtime.overlay import Overlay


@pytest.fixture
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A module `overlaid_part` that was imported before, so that its bytecode is cached."""
    path = tmp_path / "overlaid_part.py"
    path.write_text("def answer():\n    return 1\n")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    importlib.import_module("overlaid_part")
    monkeypatch.delitem(sys.modules, "overlaid_part")
    return path


def test_an_import_runs_the_given_text(module: Path) -> None:
    """Neither the file nor its bytecode is used; `inspect.getsource` has the text, too."""
    overlay = Overlay({str(module): b"def answer():\n    return 2\n"})
    with overlay.installed():
        part = importlib.import_module("overlaid_part")
    assert part.answer() == 2
    assert "return 2" in inspect.getsource(part.answer)
    assert overlay.loaded == {str(module)}
    assert module.read_text() == "def answer():\n    return 1\n"


def test_a_file_without_text_runs_as_it_is(module: Path) -> None:
    """Its import is recorded; a module that is not imported is not recorded."""
    overlay = Overlay({str(module): None, str(module.with_name("other.py")): b"raise Exception"})
    with overlay.installed():
        part = importlib.import_module("overlaid_part")
    assert part.answer() == 1
    assert overlay.loaded == {str(module)}


def test_a_link_is_the_file_it_points_to(module: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The path may be a link to the imported file."""
    link = module.with_name("link.py")
    link.symlink_to(module)
    overlay = Overlay({str(link): b"def answer():\n    return 2\n"})
    with overlay.installed():
        assert importlib.import_module("overlaid_part").answer() == 2
    assert overlay.loaded == {str(link)}


def test_imports_are_as_before_afterwards(module: Path) -> None:
    """The overlay ends with its block."""
    with Overlay({str(module): b"raise Exception"}).installed():
        pass
    assert importlib.import_module("overlaid_part").answer() == 1
