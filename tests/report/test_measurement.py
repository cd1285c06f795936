"""The text of measurement reports."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from orderlint.diagnostics.measurements import Effect, FedBy, MeasurementRecord, NormRow
from orderlint.report import measurement, measurement_html, measurement_svg
from orderlint.report.terminal import ASCII
from tests.report.browser import BROWSER, Page, look_at

DROPOUT = FedBy("drop", "Dropout", 0.3, 0, True)
SHIFTED = NormRow("a/bn", 1.43, 1.4, 1.5, 1.44, 1.01, DROPOUT, ("ORD002",))
LEVEL = NormRow("b/bn", 1.0, 0.99, 1.01, 1.01, 1.0)
LAGGING = NormRow("c/bn", 1.0, 0.99, 1.01, 15.2, 15.1)


def record(*rows: NormRow, effect: Effect | None = None, **others: Any) -> MeasurementRecord:
    return MeasurementRecord("net", rows, effect, 128, 1000, 4, **others)


def words(*rows: NormRow, effect: Effect | None = None) -> str:
    return " ".join(measurement.render(record(*rows, effect=effect)).split())


def test_a_shift_is_explained() -> None:
    """The normalization, the factor, its effect, and the dropout."""
    text = words(SHIFTED, LEVEL)
    assert "`a/bn` learns a variance that is 1.43 times the variance at inference" in text
    assert "16 % smaller" in text
    assert "`drop` (Dropout, rate 0.3) feeds it directly" in text


def test_the_examples_that_were_used_are_told_from_those_that_were_given() -> None:
    """The variances are taken on a sample."""
    assert "4 training passes on 128 of the 1,000 examples" in words(LEVEL)
    assert "4 training passes on 128 examples" in measurement.render(replace(record(LEVEL), given=128))


def test_no_shift_is_said() -> None:
    """Without a shift, the report says so."""
    assert "dropout causes no shift" in words(LEVEL)


def test_data_that_do_not_vary_have_no_figure() -> None:
    """If no input varies, nothing is said about the order, moving averages and predictions."""
    row = NormRow("a/bn", None, stored_over_train=235.0, fed_by=DROPOUT)
    text = words(row, effect=Effect("classes", 300, 300, 0.0, 0.0))
    assert "the same for all examples, so there is no variance to compare" in text
    assert "no shift" not in text
    assert "moving average lags" not in text
    assert "predict" not in text
    assert "no shift" in words(row, LEVEL)


def test_a_moving_average_that_lags() -> None:
    """A large stored:actual with a shift near 1 is not caused by the order."""
    text = words(LAGGING)
    assert "moving average lags behind in `c/bn`" in text
    assert "The order is not the cause" in text


def test_a_recalibrated_model() -> None:
    """After recalibration the shift has no effect on this model, and the moving average does not lag."""
    row = NormRow("a/bn", 2.3, 2.2, 2.4, 1.01, 0.43, DROPOUT)
    assert not row.lags
    assert "costs this model nothing" in words(row)


@pytest.mark.parametrize(
    ("effect", "text"),
    [
        (Effect("classes", 797, 797, 0.001, 0.0), "hardly affects"),
        (Effect("classes", 797, 797, 0.06, 0.0), "6.0 % of the predictions change (797 examples). Labels"),
        (Effect("classes", 797, 797, 0.06, 0.0, 0.524, 0.583, 0.52), "accuracy 52.4 % → 58.3 %. `orderlint recal"),
        (Effect("classes", 797, 797, 0.06, 0.0, 0.583, 0.524, 0.52), "make this model worse"),
        (Effect("decisions", 797, 797, 0.06, 0.0, 0.583, 0.584, 0.52), "neither better nor worse"),
        (Effect("values", 797, 797, 0.12, 0.0, 2.0, 1.5, 2.0), "change by 12.0 % of their standard deviation"),
    ],
)
def test_the_effect_on_predictions(effect: Effect, text: str) -> None:
    """How many predictions change, for better or worse, and what to do about it."""
    assert text in words(SHIFTED, effect=effect)


def test_what_a_plain_terminal_shows() -> None:
    """The report can be written in ASCII."""
    text = measurement.render(record(SHIFTED, LEVEL, NormRow("dead", None)), glyphs=ASCII)
    assert text.isascii()
    assert "####" in text


def test_names_cannot_break_the_drawings() -> None:
    """Layer names are escaped, and control characters do not reach the terminal."""
    row = NormRow('<b>&"bn\x1b[31m', 1.5, fed_by=DROPOUT)
    ElementTree.fromstring(measurement_svg.render(record(row)))
    assert "<b>" not in measurement_html.render(record(row))
    assert "\x1b" not in measurement.render(record(row))


def test_nothing_measured_can_be_drawn() -> None:
    """A record without rows has a drawing and a page."""
    empty = MeasurementRecord("net", (), notes=("`net` has no dropout",))
    ElementTree.fromstring(measurement_svg.render(empty))
    assert "has no dropout" in measurement_html.render(empty)


def test_page_stands_alone() -> None:
    """The page contains the drawing and the table, escapes names, and has no external references."""
    row = NormRow("<b>bn</b>", 1.5, 1.4, 1.6)
    text = measurement_html.as_page(record(row))
    assert text.startswith("<!DOCTYPE html>")
    assert '"></th>' not in text
    assert text.count("<svg") == 1
    assert "&lt;b&gt;bn" in text
    assert not re.search(r"<script|<link|<img|src=", text)


@pytest.mark.skipif(BROWSER is None, reason="Chromium is not installed; `.ci/run` installs it")
def test_page_fits_a_telephone(tmp_path: Path) -> None:
    """No overflow at the width of a phone: the drawing and the table scroll separately."""
    file = tmp_path / "measure.html"
    row = replace(SHIFTED, path="backbone/batch_normalization_12", codes=("ORD001", "ORD002"))
    file.write_text(measurement_html.as_page(record(row, LEVEL, LAGGING)), encoding="utf-8")

    async def look(shown: Page) -> None:
        await shown.look(360)
        assert await shown.value("document.documentElement.scrollWidth") <= 360
        assert await shown.value("document.querySelector('svg').getBoundingClientRect().width") > 360, "legible"

    look_at(file, tmp_path / "profile", look)


@pytest.mark.skipif(BROWSER is None, reason="Chromium is not installed; `.ci/run` installs it")
def test_the_theme_of_a_notebook_counts(tmp_path: Path) -> None:
    """The text of the drawing is light in a dark notebook on a light system, and vice versa."""
    file = tmp_path / "cell.html"
    file.write_text(f"<!doctype html><meta charset=utf-8><body>{measurement_html.render(record(SHIFTED))}", "utf-8")
    color = "getComputedStyle(document.querySelector('.shift text')).fill"

    async def look(shown: Page) -> None:
        for scheme in ("light", "dark"):
            await shown.look(scheme=scheme)
            for is_light, expected in (("true", "rgb(51, 51, 51)"), ("false", "rgb(221, 221, 221)")):
                await shown.value(f"document.body.dataset.jpThemeLight = '{is_light}'")
                assert await shown.value(color) == expected

    look_at(file, tmp_path / "profile", look)


def test_in_little_room_no_row_sticks_out() -> None:
    """In a narrow terminal, the input of a normalization is on the row below; with colors, names are bold."""
    whole = measurement.render(record(SHIFTED, LEVEL, LAGGING), width=120)
    narrow = measurement.render(record(SHIFTED, LEVEL, LAGGING), width=50)
    assert max(map(len, narrow.splitlines())) <= 50
    long = replace(SHIFTED, path="batch_normalization_1", shift=9.0, codes=("ORD001", "ORD002"), is_frozen=True)
    assert max(map(len, measurement.render(record(long), width=45).splitlines())) <= 45
    assert sorted(narrow.split()) == sorted(whole.replace("fed by", "").split())
    assert "\n  Dropout(0.3) directly  ORD002\n" in narrow
    assert "`" not in measurement.render(record(SHIFTED), color=True)


def test_notes_are_sentences() -> None:
    """The notes of a run are sentences."""
    assert measurement.render(record(LEVEL, notes=("few examples",))).endswith("\nFew examples.\n")
