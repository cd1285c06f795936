"""Pictures of layer graphs."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from click.testing import CliRunner

from orderlint.cli import group
from orderlint.graph import Edge, LayerCall, LayerGraph, Location, Role, Step
from orderlint.report import pictures
from orderlint.report.picture import Box, Picture, picture_of
from tests.report.sample import finding
from tests.running import Place

EVIL = Picture('a"b<c>', (Box('x"y', "<b>", "linear"), Box("`z`#", "", "norm", ("ORD001 it",))), ((0, 1),))
NET = "x = BatchNormalization()(ReLU()(Dense(8)(x)))\n"


def chain(count: int) -> LayerGraph:
    """A chain of layers, each with a skip connection over the next."""
    calls = [
        LayerCall(number, "Dense", (Step(Role.LINEAR, "Dense"),), Location("net.py", number + 1, 1, number + 1, 9))
        for number in range(count)
    ]
    edges = [Edge(n, m) for n in range(count) for m in (n + 1, n + 2) if m < count]
    return LayerGraph("net", Location("net.py", 1), tuple(calls), tuple(edges))


def test_every_call_is_a_box() -> None:
    """Unless the picture is folded, each call has a box, and arrows point forward."""
    picture = picture_of(chain(100), folds=False)
    assert len(picture.boxes) == 100
    assert all(source < target for source, target in picture.arrows)


def test_a_dropout_has_its_rate(place: Place) -> None:
    """In each picture, if it is known, since the rate determines the effect of a dropout."""
    place.write("net.py", "x = Dropout(rate)(Dropout(0.25)(Dense(8)(x)))\n")
    for form in pictures.names():
        text = place.run("graph", "net.py", "--format", form).out
        assert text.count("rate") == text.count("line 1, rate 0.25") == 1


def test_a_large_model_shows_what_is_marked_and_folds_the_rest() -> None:
    """Layers near a mark are drawn. The others are counted in boxes that arrows pass in one direction only."""
    at = Location("net.py", 50, 1, 50, 9)
    picture = picture_of(chain(100), [finding(at)])
    assert len(picture.boxes) < 20
    assert [box.note for box in picture.boxes if box.marks] == ["line 50"]
    folded = [int(re.findall(r"\d+", box.title)[0]) for box in picture.boxes if box.style == "folded"]
    assert sum(folded) + sum(box.style != "folded" for box in picture.boxes) == 100
    assert all(source < target for source, target in picture.arrows)


def test_of_a_large_model_without_marks_the_ends_are_drawn() -> None:
    """The layers between them are counted."""
    titles = [box.title for box in picture_of(chain(100)).boxes]
    assert titles == [*["Dense"] * 3, "… 94 more", *["Dense"] * 3]


def test_a_picture_can_be_heard() -> None:
    """Its title says what is marked and where; the boxes are hidden from screen readers."""
    svg = "{http://www.w3.org/2000/svg}"
    at = Location("net.py", 50, 1, 50, 9)
    root = ET.fromstring(pictures.load("svg").render([picture_of(chain(100), [finding(at)])]))
    assert root.findtext(f"{svg}title") == root.get("aria-label")
    assert re.fullmatch(r"net  net\.py:1:0: ORD\d+ .+ at line 50", root.get("aria-label") or "")
    assert [child.get("aria-hidden") for child in root.findall(f"{svg}g")] == ["true"]


@pytest.mark.parametrize("name", pictures.names())
def test_names_cannot_become_markup(name: str) -> None:
    """Names of models and layers are escaped."""
    text = pictures.load(name).render([EVIL])
    if name == "svg":
        said = [element.text for element in ET.fromstring(text).iter("{http://www.w3.org/2000/svg}text")]
        assert said == ['a"b<c>', 'x"y', "<b>", "`z`#", "ORD001 it"]
    if name == "dot":
        assert 'label="x\\"y\\n<b>"' in text
    if name == "mermaid":
        assert 'n0["x#quot;y<br>#lt;b#gt;"]' in text
        assert "class n1 marked" in text


FEW = [[], [EVIL], [EVIL, picture_of(chain(3)), EVIL]]


@pytest.mark.parametrize("drawn", FEW, ids=len)
def test_mermaid_gets_one_chart(drawn: list[Picture]) -> None:
    """Mermaid accepts one chart per file, so the functions are subgraphs, and the ids of boxes are unique."""
    text = pictures.load("mermaid").render(drawn)
    assert len(re.findall("^flowchart TD$", text, re.MULTILINE)) == 1
    assert text.count("---\n") == (2 if len(drawn) == 1 else 0)
    boxes = re.findall(r"^ +(\w+)\[", text, re.MULTILINE)
    assert len(boxes) == len(set(boxes)) == max(sum(len(one.boxes) for one in drawn), not drawn)
    arrows = re.findall(r"^ +(\w+) --> (\w+)$", text, re.MULTILINE)
    assert {end for arrow in arrows for end in arrow} <= set(boxes)
    assert len(arrows) == sum(len(one.arrows) for one in drawn)
    assert len(re.findall("^ +subgraph ", text, re.MULTILINE)) == len(re.findall("^ +end$", text, re.MULTILINE))


@pytest.mark.skipif(shutil.which("dot") is None, reason="Graphviz is not installed; `.ci/run` installs it")
@pytest.mark.parametrize("drawn", FEW, ids=len)
def test_graphviz_draws_one_graph(drawn: list[Picture]) -> None:
    """The text is one graph, with a title for each picture and a label for each box."""
    text = pictures.load("dot").render(drawn)
    done = subprocess.run(["dot", "-Tsvg"], input=text, capture_output=True, encoding="utf-8", check=True)
    assert done.stderr == ""
    said = [
        (one.text or "").replace("\xa0", " ")
        for one in ET.fromstring(done.stdout).iter("{http://www.w3.org/2000/svg}text")
    ]
    for picture in drawn:
        assert said.count(picture.title) == drawn.count(picture)
    assert all(box.title in said for picture in drawn for box in picture.boxes)
    assert drawn or said == ["no layers"]


def test_too_many_arrows_for_mermaid_are_told(place: Place) -> None:
    """Mermaid would show an error instead of the chart; formats without a limit have no warning."""
    place.write("net.py", "from keras import layers\n\ndef net(x):\n" + 502 * "    x = layers.Dense(8)(x)\n")
    err = place.run("graph", "net.py::net", "--format", "mermaid").err
    assert "warning: net.py::net: the drawing has 501 arrows, and Mermaid draws at most 500" in " ".join(err.split())
    assert place.run("graph", "net.py::net", "--format", "dot").err == ""


@pytest.mark.parametrize("name", pictures.names())
def test_the_command_draws(name: str, tmp_path: object, monkeypatch: pytest.MonkeyPatch) -> None:
    """`graph --format` has each picture, for code and for empty models."""
    monkeypatch.chdir(str(tmp_path))
    for text, number in ((NET, 3), ("", 0)):
        Path("net.py").write_text(text)
        result = CliRunner().invoke(group, ["graph", "net.py", "--format", name], standalone_mode=False)
        assert result.exception is None
        assert result.stdout.count("BatchNormalization") == (number > 0)


def test_the_whole_drawing_lies_in_its_frame() -> None:
    """No box is outside the picture."""
    root = ET.fromstring(pictures.load("svg").render([picture_of(chain(40))]))
    width, height = float(root.get("width") or 0), float(root.get("height") or 0)
    for box in root.iter("{http://www.w3.org/2000/svg}rect"):
        assert 0 <= float(box.get("x") or -1) <= width - float(box.get("width") or 0)
        assert 0 <= float(box.get("y") or -1) <= height - float(box.get("height") or 0)


def test_skip_connections_are_seen() -> None:
    """An edge that skips boxes is drawn beside them, and two edges that share rows do not overlap."""
    calls = [
        LayerCall(number, "Dense", (Step(Role.LINEAR, "Dense"),), Location("net.py", number + 1, 1, number + 1, 9))
        for number in range(8)
    ]
    row, over = [(n, n + 1) for n in range(7)], [(0, 7), (1, 6), (2, 4), (4, 6)]
    graph = LayerGraph("net", Location("net.py", 1), tuple(calls), tuple(Edge(*pair) for pair in row + over))
    root = ET.fromstring(pictures.load("svg").render([picture_of(graph)]))
    svg = "{http://www.w3.org/2000/svg}"
    right = max(float(box.get("x") or 0) + float(box.get("width") or 0) for box in root.iter(f"{svg}rect"))
    lanes = [float(x) for path in root.iter(f"{svg}path") for x in re.findall(r"([\d.]+) [\d.]+V", path.get("d") or "")]
    past = sorted(x for x in lanes if x > right)
    assert len(past) == len(over)
    assert past[0] == past[1]  # in sequence, in one lane
    assert len(set(past)) == 3
    assert past[-1] < float(root.get("width") or 0)


def test_a_picture_of_nothing_says_so() -> None:
    """The picture has a text."""
    root = ET.fromstring(pictures.load("svg").render([]))
    assert root.findtext(".//{http://www.w3.org/2000/svg}text") == "no layers"
    assert float(root.get("height") or 0) > 20


def test_a_function_without_layers_can_be_run_instead(place: Place) -> None:
    """A model that a library builds is not in the source; a note in each format says how to see it."""
    place.write("net.py", "import keras\n\n\ndef build():\n    return keras.applications.ResNet50()\n")
    for name in ("tree", *pictures.names()):
        result = place.run("graph", "net.py::build", "--format", name)
        assert "`orderlint graph --built net.py::build` runs the code" in result.err
        assert "--built" not in result.out
