"""The picture in the README."""

from __future__ import annotations

import html
import re

import pytest

from tests.support import ROOT
from tests.tools.picture import PICTURE, picture


def text_of(svg: str) -> str:
    """The text in an SVG."""
    return re.sub(r"\s+", "", html.unescape("".join(re.findall(r">([^<]*)</text>", svg))))


def test_the_picture_shows_what_the_command_says(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is made from real output; if it is out of date, run `python -m tests.tools.picture`."""
    monkeypatch.chdir(ROOT)
    drawn = text_of(picture())
    assert "ORD001" in drawn
    assert text_of((ROOT / PICTURE).read_text(encoding="utf-8")) == drawn
