"""The `html` format, in a browser if there is one."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from orderlint.diagnostics import FileError, Finding, Repair, RepairKind, Report
from orderlint.graph import Location
from orderlint.judging.registry import own_registry
from orderlint.report.formats import html
from orderlint.report.terminal import place
from orderlint.report.view import View
from tests.report.browser import BROWSER, Page, look_at
from tests.report.sample import REPORT, lines

VOID = {"meta", "link", "br", "hr", "img", "input"}


def page(report: Report = REPORT) -> str:
    return html.render(report, View(lines, rules=own_registry().rules))


class _Nesting(HTMLParser):
    """Raises an error for an element that is closed but not open."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: set[str] = set()
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        self.ids.add(values.get("id") or "")
        self.links += [values["href"]] if values.get("href") else []  # type: ignore[list-item]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        pass

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_the_page_is_whole_and_stands_alone() -> None:
    """Elements are nested correctly, internal links have targets, and nothing is loaded or executed."""
    parser = _Nesting()
    text = page()
    parser.feed(text)
    assert not parser.open
    assert all(link[1:] in parser.ids for link in parser.links if link.startswith("#"))
    assert not re.search(r"<script|<link|@import|url\(|\ssrc=", text)


def test_everything_of_a_report_is_in_it() -> None:
    """Each finding, error and warning with its place."""
    text = page()
    assert text.count("<article>") == len(REPORT.findings)
    for finding in REPORT.findings:
        assert finding.code in text
        assert all(f"{one.message}: {place(one.location)}" in text for one in finding.related)
    for error in REPORT.errors:
        assert error.path in text


def test_files_that_were_not_checked_are_counted() -> None:
    """Each category is counted separately, and omitted if it is empty."""
    text = page(replace(REPORT, passed_over=2, skipped=1, unparsed=3))
    assert "Files without Keras layers: 2." in text
    assert "Files skipped by a comment: 1." in text
    assert "Notebook cells that are not Python: 3." in text
    assert "skipped by a comment" not in page()


def test_names_cannot_become_markup() -> None:
    """Paths, messages and layer names are escaped."""
    evil = "<script>alert(1)</script>"
    finding = Finding("ORD001", evil, evil, Location(evil, 1, 1, 1, 2), (evil, "ReLU"), ("ReLU", evil))
    report = Report(findings=(finding,), errors=(FileError(evil, evil),), files=1)
    assert "<script" not in html.render(report, View(lambda location: [evil]))


def test_many_findings_are_folded() -> None:
    """A page with many findings shows the summary, and each file can be expanded."""
    one = REPORT.findings[0]
    assert '<details class="file" open>' in page(Report(findings=(one,)))
    assert '<details class="file" open>' not in page(Report(findings=(one,) * 31))


def test_the_layer_that_the_words_name_is_marked() -> None:
    """Of two swapped neighbors, the layer named in the repair, or else in the message, is marked."""
    at = Location("net.py", 1, 1, 1, 2)
    chains = ("Dense", "Dropout", "BatchNormalization"), ("Dense", "BatchNormalization", "Dropout")
    one = Finding("ORD002", "dropout-before-norm", "`Dropout` before `BatchNormalization`", at, *chains)
    other = replace(one, repair=Repair(True, RepairKind.SAME_INFERENCE, title="move `BatchNormalization` up"))
    marked = re.findall(r'class="wrong"><rect[^>]*><text[^>]*>(\w+)', page(Report(findings=(one, other))))
    assert marked == ["Dropout", "BatchNormalization"]


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A page with collapsed files."""
    file = tmp_path_factory.mktemp("page") / "report.html"
    long = replace(REPORT.findings[0], location=replace(REPORT.findings[0].location, path=f"{'a_folder/' * 9}net.py"))
    file.write_text(page(replace(REPORT, findings=(*REPORT.findings * 8, long))), encoding="utf-8")
    return file


@pytest.mark.skipif(BROWSER is None, reason="Chromium is not installed; `.ci/run` installs it")
def test_a_browser_shows_it(file: Path, tmp_path: Path) -> None:
    """No overflow at the width of a phone, misplaced layers are red in light and dark mode, print shows all."""

    async def look(shown: Page) -> None:
        seen = "[...document.querySelectorAll('article')].filter(one => one.checkVisibility()).length"
        ink = "getComputedStyle(document.querySelector('svg .wrong rect')).stroke"
        inks = []
        for scheme in ("light", "dark"):
            await shown.look(360, scheme=scheme)
            assert await shown.value(seen) == 0, "folded"
            inks.append(await shown.value(ink))
        await shown.value("document.querySelectorAll('details').forEach(one => { one.open = true })")
        assert await shown.value("document.documentElement.scrollWidth - innerWidth") <= 0
        boxes = "[...document.querySelectorAll('svg.ol-chain')].filter(one => one.getBBox().width > 50).length"
        assert await shown.value(boxes) == await shown.value("document.querySelectorAll('svg.ol-chain').length") > 0
        assert inks == ["rgb(179, 38, 30)", "rgb(255, 138, 128)"]
        await shown.value("document.querySelectorAll('details').forEach(one => { one.open = false })")
        await shown.look(media="print")
        assert await shown.value(seen) == len(REPORT.findings) * 8 + 1

    look_at(file, tmp_path, look)


@pytest.mark.skipif(BROWSER is None, reason="Chromium is not installed; `.ci/run` installs it")
def test_keys_and_ears_suffice(file: Path, tmp_path: Path) -> None:
    """Each Tab stop has a name and a visible focus, Enter expands a file, and a drawing has one description."""
    focus = "getComputedStyle(document.activeElement).outlineStyle"
    name = "document.activeElement.tagName + ' ' + document.activeElement.textContent"

    async def look(shown: Page) -> None:
        await shown.look()
        stops: list[str] = []
        while len(stops) < 30 and not (stops and stops[-1].startswith("SUMMARY")):
            await shown.press("Tab", 9)
            stops.append(await shown.value(name))
            assert await shown.value(focus) == "solid", stops
        assert stops[0] == "A Skip to the findings"
        assert not any(role == "image" for role, _ in await shown.said())
        await shown.press("Enter", 13, "\r")
        assert await shown.value("document.activeElement.parentElement.open")
        await shown.value("document.querySelectorAll('details').forEach(one => { one.open = true })")
        said = await shown.said()
        assert all(name for role, name in said if role in {"heading", "link", "image", "table"}), said
        drawn = [name for role, name in said if role == "image"]
        assert drawn
        assert all(sentence.startswith("As it is: ") for sentence in drawn)
        assert not any(name == "recommended" for _, name in said), "what is drawn is said once"

    look_at(file, tmp_path, look)
