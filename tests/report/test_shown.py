"""Findings and reports are displayed in notebooks and by rich."""

from __future__ import annotations

import io
import re
import subprocess
import sys
from html.parser import HTMLParser
from xml.etree import ElementTree as ET

import pytest
from rich.console import Console

import orderlint
from orderlint.diagnostics import FileError, FileWarning, Report
from orderlint.graph import Location
from orderlint.report.chain_svg import Move, draw, moves
from tests.report.sample import REPORT
from tests.running import notebook

BAD = "Sequential([Dense(8), ReLU(), BatchNormalization(), Dropout(0.5)])"


def test_a_report_has_html_that_stands_alone() -> None:
    """Its styles are included, nothing is loaded, and messages are escaped."""
    shown = REPORT._repr_html_()
    assert "<style>" in shown
    assert "<script" not in shown
    assert "src=" not in shown
    HTMLParser().feed(shown)


def test_a_finding_shows_itself() -> None:
    """The message, the place and the drawing, in HTML and with rich."""
    (finding,) = orderlint.check_source(BAD)
    assert "<svg" in finding._repr_html_()
    out = io.StringIO()
    Console(file=out, width=100).print(finding)
    assert "ORD001" in out.getvalue()
    assert "Dense → BatchNormalization → ReLU → Dropout" in out.getvalue()


def test_an_error_is_never_all_well() -> None:
    """A report with only errors does not say that the order is right."""
    report = Report(errors=(FileError("a.py", "permission denied"),))
    assert "No layer out of order" not in report._repr_html_()
    assert "permission denied" in report._repr_html_()
    out = io.StringIO()
    Console(file=out, width=100).print(report)
    assert out.getvalue().split("\n")[-2] == "error: a.py: permission denied"


def test_records_import_no_renderer() -> None:
    """Renderers are imported when a record is displayed."""
    code = "import sys, orderlint.diagnostics; print([m for m in sys.modules if m.startswith('rich') or 'report' in m])"
    assert (
        subprocess.run([sys.executable, "-c", code], check=False, capture_output=True, text=True).stdout.strip() == "[]"
    )


@pytest.mark.parametrize(
    ("found", "better", "expected"),
    [
        ("Dense ReLU BN", "Dense BN ReLU", [Move(2, 1, 1)]),
        ("Dense Dropout ReLU", "Dense ReLU Dropout", [Move(2, 1, 1)]),
        ("Conv Dropout ReLU BN", "Conv BN ReLU Dropout", [Move(2, 2, 1), Move(3, 1, 1)]),
        ("Dense ReLU", "Dense ReLU", []),
        ("Dense ReLU ReLU BN", "Dense BN ReLU ReLU", [Move(3, 1, 1)]),
    ],
)
def test_as_few_layers_move_as_can(found: str, better: str, expected: list[Move]) -> None:
    """The drawing has as few arrows as possible, each to the new position of a layer."""
    assert moves(found.split(), better.split()) == expected


def test_an_arrow_to_the_end_points_behind_the_last_layer() -> None:
    """The arrow does not touch a box, and the drawing is wide enough for it."""
    root = ET.fromstring(draw(("Dense", "Dropout", "BN"), ("Dense", "BN", "Dropout"), "Dropout"))
    boxes = [(float(box.get("x", 0)), float(box.get("width", 0))) for box in root.iter("rect")]
    (head,) = [one.get("d", "") for one in root.iter("path") if one.get("style") == "stroke-dasharray:none"]
    tip = [float(at) for at in re.findall(r"[ML]([\d.]+) ", head)]
    assert boxes[2][0] + boxes[2][1] < min(tip)
    assert max(tip) < float(root.get("width", 0))


def test_what_could_not_be_checked_is_told() -> None:
    """The report of a session mentions cells that are not Python, and code that was checked partly."""
    report = orderlint.check_source(notebook("from keras import layers\nlayers.Dense(1)(x)", "x = ("), "net.ipynb")
    assert "No layer out of order. 1 cell is not Python." in report._repr_html_()
    gap = FileWarning(Location("net.py", 1, 1), "the module was only partly checked", is_gap=True)
    assert "No layer out of order, as far as could be checked." in Report(warnings=(gap,), files=1)._repr_html_()


def test_a_drawing_is_xml_with_words() -> None:
    """The drawing is well-formed with any layer names, and has a text description."""
    root = ET.fromstring(draw(("Dense", "<b>&", "BN"), ("Dense", "BN", "<b>&")))
    assert root.get("role") == "img"
    assert root.get("aria-label") == "As it is: Dense, <b>&, BN. Recommended: Dense, BN, <b>&."


def test_a_layer_to_be_replaced_is_marked() -> None:
    """In the current and in the recommended chain; nothing else is marked, and nothing moves."""
    drawing = draw(("Conv2D", "Dropout", "ReLU"), ("Conv2D", "SpatialDropout2D", "ReLU"))
    assert re.findall(r'<g class="(\w+)">.*?<text[^>]*>([^<]+)', drawing) == [
        ("wrong", "Dropout"),
        ("right", "SpatialDropout2D"),
    ]
    assert 'class="move"' not in drawing


def test_a_long_chain_is_folded_where_nothing_moves() -> None:
    """Layers that do not move are counted; those that move are shown."""
    names = [f"Layer{number}" for number in range(40)]
    drawing = draw((*names, "BN"), (names[0], "BN", *names[1:]))
    assert "more" in drawing
    assert ">BN<" in drawing
    assert "Layer20<" not in drawing
