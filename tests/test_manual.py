"""The manual builds without warnings, its links are valid, and its examples are correct."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys
from pathlib import Path

import click
import pytest

import orderlint
from orderlint import __version__
from orderlint.commands._group import group
from orderlint.config.reading import read_configuration
from orderlint.diagnostics import Report, Suppressed, SuppressedBy
from orderlint.graph import Limit, Location
from orderlint.report import formats, pictures
from orderlint.report.claims import nothing
from tests.judged import RULES
from tests.report.browser import BROWSER, Page, look_at
from tests.report.sample import finding
from tests.running import Place, git
from tests.support import ROOT

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

DOCS = ROOT / "docs"
PAGES = [*sorted(DOCS.rglob("*.md")), ROOT / "README.md", ROOT / "CONTRIBUTING.md"]
TABLES = "[...document.querySelectorAll('.table-wrapper')]"
NAMES = {code: rule.name for code, rule in RULES.items()}


def code_of(page: Path, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", page.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)


def anchors(page: Path) -> set[str]:
    """The anchors of headings, as named by GitHub and Sphinx."""
    titles = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title).strip().lower().replace(" ", "-") for title in titles}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(page: Path) -> None:
    """Each link to a page or a heading has a target."""
    prose = re.sub(r"^```.*?^```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE)
    for target in re.findall(r"\]\(([^)\s]+)\)", re.sub(r"`[^`]*`", "", prose)):
        if re.match(r"https?://", target):
            continue
        path, _, anchor = target.partition("#")
        linked = (page.parent / path).resolve() if path else page
        assert linked.exists(), target
        assert not anchor or anchor in anchors(linked), target


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The pages as Sphinx builds them."""
    folder = tmp_path_factory.mktemp("manual")
    command = [sys.executable, "-m", "sphinx", "-W", "-q", "-b", "html", str(DOCS), str(folder / "site")]
    done = subprocess.run([*command, "-d", str(folder / "doctrees")], check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return folder / "site"


def test_the_manual_builds_without_a_warning(site: Path) -> None:
    """Each page is included, and references and docstrings are found.

    Each region of a page has a name, and scrollable parts can be reached with the keyboard.
    """
    unnamed = r'role="heading">|<aside class="[^"]*">|<div class="table-wrapper[^"]*">|<th class="head"><p></p></th>'
    for page in [site / "rules" / "ORD001.html", *site.glob("*.html")]:
        assert not re.search(f"<pre>|{unnamed}", page.read_text(encoding="utf-8")), page.name


@pytest.mark.skipif(BROWSER is None, reason="no Chromium is installed; `.ci/run` installs it")
@pytest.mark.parametrize("name", ["guarantees", "interpreter", "configuration", "plugins"])
def test_tables_of_the_manual_fit_a_window(site: Path, tmp_path: Path, name: str) -> None:
    """Long names are wrapped, so that no table needs scrolling at a common window width."""

    async def look(page: Page) -> None:
        await page.look(width=1280)
        assert await page.value(f"{TABLES}.filter(one => one.scrollWidth > one.clientWidth + 2).length") == 0

    look_at(site / f"{name}.html", tmp_path, look)


def test_configurations_of_the_manual_are_configurations() -> None:
    """Each TOML example for `[tool.orderlint]` is valid."""
    examples = [text for page in PAGES for text in code_of(page, "toml") if "tool.orderlint" in text]
    assert len(examples) > 4
    for text in examples:
        table = tomllib.loads(text)["tool"]["orderlint"]
        read_configuration(table, ROOT / "pyproject.toml", text, ("tool", "orderlint"), NAMES)


def test_examples_in_json_are_json() -> None:
    """Examples to be copied into a settings file can be parsed."""
    examples = code_of(DOCS / "editors.md", "json")
    assert len(examples) > 1
    for text in examples:
        json.loads(text)


def test_the_first_steps_are_as_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The model of the first page has the finding, and its repair is of the kind given there."""
    import orderlint

    monkeypatch.chdir(tmp_path)
    (model,) = code_of(DOCS / "start.md", "python")
    (finding,) = orderlint.check_source(model, "net.py")
    assert finding.code == "ORD002"
    assert finding.repair is not None
    assert finding.repair.kind == "same-inference"


def test_every_page_is_in_the_manual() -> None:
    """The table of contents is complete."""
    listed = re.findall(r"^([\w/]+)$", "\n".join(code_of(DOCS / "index.md", r"\{toctree\}")), re.MULTILINE)
    pages = {path.relative_to(DOCS).with_suffix("").as_posix() for path in DOCS.glob("*.md")}
    assert pages | {"rules/index"} == {*listed, "index"}


@pytest.mark.parametrize("page", ["README.md", "docs/ci.md"])
def test_every_format_is_listed(page: str) -> None:
    """Lists that are written by hand have each format of `check`."""
    text = (ROOT / page).read_text(encoding="utf-8")
    assert [name for name in formats.names() if f"`{name}`" not in text] == []


def test_every_reason_of_a_warning_is_explained() -> None:
    """The bounds that limit a check, and the warnings of a run without findings."""
    text = (DOCS / "findings.md").read_text(encoding="utf-8")
    assert set(re.findall(r"^\| ((?:a|it|its|there) .*?) \| ", text, re.MULTILINE)) == {limit.value for limit in Limit}
    claims = {nothing(Report(suppressed=(Suppressed(finding(Location("a.py")), by),))) for by in SuppressedBy}
    assert all(claim in text for claim in (*claims, nothing(Report())))


def test_every_picture_and_command_is_listed() -> None:
    """The pictures of layer graphs, and the commands."""
    drawn, told = ((ROOT / page).read_text(encoding="utf-8") for page in ("docs/pictures.md", "README.md"))
    assert [name for name in pictures.names() if f"--format {name}" not in drawn] == []
    assert [name for name in group.list_commands(click.Context(group)) if f"orderlint {name}" not in told] == []


def commands_of(page: Path) -> list[list[str]]:
    """The orderlint command lines of a page, split into words."""
    lines = [line for language in ("sh", "text") for text in code_of(page, language) for line in text.splitlines()]
    ours = (re.sub(r"\s{2,}.*|[<|].*", "", line) for line in lines if line.startswith("orderlint "))
    return [shlex.split(line, comments=True)[1:] for line in ours]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_commands_are_understood(page: Path) -> None:
    """Each command line of the manual has an existing command and existing options."""
    from orderlint.commands._group import group

    for name, *args in commands_of(page):
        context = click.Context(group)
        if name.startswith("-"):
            group.make_parser(context).parse_args([name, *args])
            continue
        command = group.get_command(context, name)
        assert command is not None, name
        command.make_parser(click.Context(command, parent=context)).parse_args(args)


def test_the_commands_are_really_looked_at() -> None:
    """The pages about commands have some."""
    assert len(commands_of(ROOT / "README.md")) > 10
    assert len(commands_of(DOCS / "start.md")) == 3
    assert len(commands_of(DOCS / "ci.md")) == 2


def test_the_first_repair_can_be_made_as_told(place: Place) -> None:
    """The commands of the first page in sequence: a finding, its repair shown and made, nothing left."""
    (model,) = code_of(DOCS / "start.md", "python")
    path = place.write("net.py", model)
    check, diff, fix = commands_of(DOCS / "start.md")
    assert place.run(*check).status == 1
    shown = place.run(*diff)
    assert "+    layers.BatchNormalization()," in shown.out
    assert "1  same-inference" in shown.out + shown.err
    assert path.read_text() == model
    assert place.run(*fix).status == 0
    assert place.run(*check).status == 0


def test_only_new_findings_can_be_failed_for_as_told(place: Place) -> None:
    """The commands of the page on CI for a repository with old findings, with a baseline and with Git."""
    (model,) = code_of(DOCS / "start.md", "python")
    git(place.folder, "init", "--quiet", "--initial-branch=main")
    place.write("net.py", model)
    baseline, changes = commands_of(DOCS / "ci.md")
    assert place.run(*baseline).status == 0
    page = (DOCS / "ci.md").read_text(encoding="utf-8").partition("## Only what is new")[2]
    (setting,) = re.findall(r"^```toml\n(.*?)^```", page, re.DOTALL | re.MULTILINE)
    place.write("pyproject.toml", setting)
    assert place.run("check").status == 0
    place.write("net.py", f"import os\n\n{model}")
    assert place.run("check").status == 0
    place.write("new.py", model)
    assert place.run("check").status == 1
    assert place.run(*baseline).status == 1
    assert place.run(*baseline, "--add").status == 0
    assert place.run("check").status == 0

    git(place.folder, "add", "--all")
    git(place.folder, "commit", "--quiet", "--message", "start")
    git(place.folder, "branch", "origin/main")
    place.write("third.py", model)
    assert place.run(*changes, "--isolated").status == 1
    (place.folder / "third.py").unlink()
    assert place.run(*changes, "--isolated").status == 0


def test_comments_suppress_as_told(place: Place) -> None:
    """Each example of the page on suppression suppresses its finding."""
    head = 'from keras.layers import *\n\nx = Dense(8, "relu")(Input((4,)))\n'
    examples = code_of(DOCS / "suppressing.md", "python")
    assert len(examples) > 2
    for text in examples:
        place.write("net.py", head + text)
        assert place.codes("net.py") == []
        place.write("net.py", head + re.sub("#.*", "", text))
        assert place.codes("net.py") != []


def test_the_version_that_is_pinned_has_what_the_manual_describes() -> None:
    """Examples for CI name the newest version of the changelog, since older ones lack the action and some hooks."""
    newest = re.findall(r"^## (\d\S*)", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)[0]
    texts = [path.read_text(encoding="utf-8") for path in (*PAGES, *sorted((ROOT / "ci").iterdir()))]
    pinned = [version for text in texts for version in re.findall(r"(?:rev: |orderlint@|/)v(\d+\.\d+\.\d+)", text)]
    assert len(pinned) > 5
    assert set(pinned) == {newest}


def test_the_changelog_tells_what_is_new_in_the_interface() -> None:
    """Each command, option, format and API name that 0.1.0 did not have, in a readable length."""
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    newest = text[text.index("## 0.2.0") : text.index("## 0.1.0")]
    assert len(newest.splitlines()) < 200
    told = set(re.findall(r"[\w-]+", newest))
    commands = {name: group.get_command(None, name) for name in group.list_commands(None)}  # type: ignore[arg-type]
    options = {
        option.lstrip("-")
        for name, command in commands.items()
        if command is not None and name not in ("measure", "recalibrate", "server")  # these are new themselves
        for parameter in command.params
        for option in parameter.opts
        if option.startswith("--")
    }
    names = {*commands, *options, *formats.names(), *pictures.names(), *orderlint.__all__}
    assert names - _OLD - {one.lstrip("-") for one in told} == set()


# The interface of 0.1.0
_OLD = {
    word
    for line in (
        "check fix graph inspect rule rules help full concise json",
        "config debug exclude exit-zero extend-select force-exclude format ignore isolated jobs select show-files",
        "statistics stdin-filename default-only diff input-shape only verify built no-tree tree",
        "ConfigError Finding InspectionError LayerOrderCallback LayerOrderError LayerOrderWarning Report UnknownRule",
        "__version__ assert_layer_order check_paths check_source inspect_file inspect_model",
    )
    for word in line.split()
}


def test_one_version_everywhere() -> None:
    """The package, the newest section of the changelog, and each tag in the manual and the templates agree."""
    newest = re.search(r"^## (\S+)", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert newest is not None
    assert newest[1] == __version__
    places = [*PAGES, ROOT / "action.yml", *sorted((ROOT / "ci").iterdir())]
    tags = {tag for place in places for tag in re.findall(r"\bv\d+\.\d+\.\d+\b", _ours(place))}
    assert tags == {f"v{__version__}"}


def _ours(place: Path) -> str:
    """The lines of a file that name this repository, or the revision of its hooks."""
    lines = place.read_text(encoding="utf-8").splitlines()
    return "\n".join(line for line in lines if re.search(r"orderlint|^ *(rev|ref):", line))
