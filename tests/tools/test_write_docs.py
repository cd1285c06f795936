"""The documentation that is generated from the rules is up to date."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from tests.judged import RULES
from tests.tools.write_docs import BEGIN, END, PAGES, ROOT, main, stale, with_table

if TYPE_CHECKING:
    import pytest


def test_documentation_is_up_to_date() -> None:
    """If the pages or the table in the README differ from the rules, run `python -m tests.tools.write_docs`."""
    assert list(stale(ROOT)) == []


def test_missing_changed_and_surplus_pages_are_stale_until_written(tmp_path: Path) -> None:
    """Writing updates every page, deletes the pages of removed rules, and changes nothing the second time."""
    assert main(["--check"], tmp_path) == 1
    assert main([], tmp_path) == 0
    assert main(["--check"], tmp_path) == 0
    assert len(list((tmp_path / PAGES).iterdir())) == len(RULES) + 1  # and the table of all rules
    (tmp_path / PAGES / "ORD001.md").write_text("changed", encoding="utf-8")
    (tmp_path / PAGES / "ORD777.md").write_text("gone", encoding="utf-8")
    assert [path.name for path in stale(tmp_path)] == ["ORD001.md", "ORD777.md"]
    assert main([], tmp_path) == 0
    assert list(stale(tmp_path)) == []


def test_readme_table_stands_between_its_markers(tmp_path: Path) -> None:
    """Only the text between the two markers is written; a README without them is an error."""
    readme = tmp_path / "README.md"
    readme.write_text(f"# before\n{BEGIN}old\n{END}after\n", encoding="utf-8")
    assert main([], tmp_path) == 0
    text = readme.read_text(encoding="utf-8")
    assert text.startswith(f"# before\n{BEGIN}| code |")
    assert text.endswith(f"|\n{END}after\n")
    assert "old" not in text
    assert with_table(text) == text
    readme.write_text("no markers", encoding="utf-8")
    assert main(["--check"], tmp_path) == 2


def test_unknown_arguments_are_refused(capsys: pytest.CaptureFixture[str]) -> None:
    """Anything except `--check` is a usage error."""
    assert main(["--nonsense"]) == 2
    assert "--check" in capsys.readouterr().err
