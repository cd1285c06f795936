"""The `html` format, in a real browser where there is one."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from html.parser import HTMLParser
from pathlib import Path

import pytest

from orderlint.diagnostics import FileError, Finding, Report
from orderlint.graph import Location
from orderlint.judging.registry import own_registry
from orderlint.report.formats import html
from orderlint.report.view import View
from tests.report.sample import REPORT, lines

BROWSER = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
VOID = {"meta", "link", "br", "hr", "img", "input"}


def page(report: Report = REPORT) -> str:
    return html.render(report, View(lines, rules=own_registry().rules))


class _Nesting(HTMLParser):
    """Fails at an element that is closed where it is not open."""

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
    """Elements are nested rightly, inner links lead somewhere, and nothing is loaded or run."""
    parser = _Nesting()
    text = page()
    parser.feed(text)
    assert not parser.open
    assert all(link[1:] in parser.ids for link in parser.links if link.startswith("#"))
    assert not re.search(r"<script|<link|@import|url\(|\ssrc=", text)


def test_everything_of_a_report_is_in_it() -> None:
    """Every finding, error and warning is said, with its place."""
    text = page()
    assert text.count("<article>") == len(REPORT.findings)
    for finding in REPORT.findings:
        assert finding.code in text
    for error in REPORT.errors:
        assert error.path in text


def test_names_cannot_become_markup() -> None:
    """Whatever a path, a message or a layer is called, it is text."""
    evil = "<script>alert(1)</script>"
    finding = Finding("ORD001", evil, evil, Location(evil, 1, 1, 1, 2), (evil, "ReLU"), ("ReLU", evil))
    report = Report(findings=(finding,), errors=(FileError(evil, evil),), files=1)
    assert "<script" not in html.render(report, View(lambda location: [evil]))


def test_many_findings_are_folded() -> None:
    """A page with many findings shows the summary; each file can be unfolded."""
    one = REPORT.findings[0]
    assert '<details class="file" open>' in page(Report(findings=(one,)))
    assert '<details class="file" open>' not in page(Report(findings=(one,) * 31))


@pytest.mark.skipif(BROWSER is None, reason="Chromium is not installed; `.ci/run` installs it")
def test_a_browser_shows_it(tmp_path: Path) -> None:
    """Chromium lays the page out without an error, and nothing sticks out at the width of a telephone."""
    assert BROWSER is not None
    file = tmp_path / "report.html"
    probe = (
        "<script>addEventListener('load', () => { document.title = JSON.stringify({"
        "wide: document.documentElement.scrollWidth, view: innerWidth,"
        "boxes: [...document.querySelectorAll('svg.ol-chain')].filter(s => s.getBBox().width > 50).length,"
        "inked: getComputedStyle(document.querySelector('svg .wrong rect')).stroke}) })</script></body>"
    )
    file.write_text(page().replace("</body>", probe), encoding="utf-8")
    sandbox = ["--no-sandbox"] if os.name == "posix" and os.geteuid() == 0 else []
    command = [BROWSER, "--headless", *sandbox, "--disable-gpu", f"--user-data-dir={tmp_path / 'profile'}"]
    command += ["--window-size=500,900", "--virtual-time-budget=3000", "--dump-dom", file.as_uri()]
    dom = subprocess.run(command, check=False, capture_output=True, text=True, timeout=180).stdout
    seen = re.search(r'<title>\{"wide":(\d+),"view":(\d+),"boxes":(\d+),"inked":"([^"]+)"\}</title>', dom)
    assert seen is not None, dom[:500]
    assert int(seen[1]) <= int(seen[2])
    assert int(seen[3]) == sum(1 for finding in REPORT.findings if finding.chain)
    assert seen[4].startswith("rgb")
