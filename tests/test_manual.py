"""The manual: it builds without a warning, its links lead somewhere, and its examples are right."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from orderlint.config.reading import read_configuration
from tests.judged import RULES
from tests.support import ROOT

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

DOCS = ROOT / "docs"
PAGES = [*sorted(DOCS.rglob("*.md")), ROOT / "README.md", ROOT / "CONTRIBUTING.md"]
NAMES = {code: rule.name for code, rule in RULES.items()}


def code_of(page: Path, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", page.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)


def anchors(page: Path) -> set[str]:
    """What headings can be linked to, as GitHub and the builder name them."""
    titles = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title).strip().lower().replace(" ", "-") for title in titles}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(page: Path) -> None:
    """Every link to a page is to one that exists, and to a heading of it."""
    prose = re.sub(r"^```.*?^```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE)
    for target in re.findall(r"\]\(([^)\s]+)\)", re.sub(r"`[^`]*`", "", prose)):
        if re.match(r"https?://", target):
            continue
        path, _, anchor = target.partition("#")
        linked = (page.parent / path).resolve() if path else page
        assert linked.exists(), target
        assert not anchor or anchor in anchors(linked), target


def test_the_manual_builds_without_a_warning(tmp_path: Path) -> None:
    """Sphinx takes every page, finds every reference and docstring, and warns of nothing."""
    command = [sys.executable, "-m", "sphinx", "-W", "-q", "-b", "html", str(DOCS), str(tmp_path / "site")]
    done = subprocess.run([*command, "-d", str(tmp_path / "doctrees")], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "site" / "rules" / "ORD001.html").is_file()


def test_configurations_of_the_manual_are_configurations() -> None:
    """Every example in TOML for `[tool.orderlint]` can be followed."""
    examples = [text for page in PAGES for text in code_of(page, "toml") if "tool.orderlint" in text]
    assert len(examples) > 4
    for text in examples:
        table = tomllib.loads(text)["tool"]["orderlint"]
        read_configuration(table, ROOT / "pyproject.toml", text, ("tool", "orderlint"), NAMES)


def test_examples_in_json_are_json() -> None:
    """What is to be copied into a settings file can be read there."""
    examples = code_of(DOCS / "editors.md", "json")
    assert len(examples) > 1
    for text in examples:
        json.loads(text)


def test_the_first_steps_are_as_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The model of the first page has the finding, and its repair is of the kind that the page says."""
    import orderlint

    monkeypatch.chdir(tmp_path)
    (model,) = code_of(DOCS / "start.md", "python")
    (finding,) = orderlint.check_source(model, "net.py")
    assert finding.code == "ORD002"
    assert finding.repair is not None
    assert finding.repair.kind == "same-inference"


def test_every_page_is_in_the_manual() -> None:
    """No page is forgotten in the table of contents."""
    listed = re.findall(r"^([\w/]+)$", "\n".join(code_of(DOCS / "index.md", r"\{toctree\}")), re.MULTILINE)
    pages = {path.relative_to(DOCS).with_suffix("").as_posix() for path in DOCS.glob("*.md")}
    assert pages | {"rules/index"} == {*listed, "index"}
