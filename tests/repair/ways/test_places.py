"""The positions of a chain's layers in the source."""

from __future__ import annotations

import libcst as cst
import pytest

from orderlint.repair.text.drafts import Refused
from orderlint.repair.text.syntax import Spot
from orderlint.repair.ways.places import Kind, adding_form, common_lines, model_of, place_anywhere, place_of, places_of
from tests.repair.texts import Case, call_at, find_call, syntax_of, tree_of


@pytest.mark.parametrize(
    ("text", "kind", "receiver"),
    [
        ("m = Sequential([Dense(8)])\n", Kind.ELEMENT, None),
        ("m = Sequential()\nm.add(Dense(8))\n", Kind.ADDED, "m.add"),
        ("xs = []\nxs.append(Dense(8))\nm = Sequential(xs)\n", Kind.ADDED, "xs.append"),
        ("m = Sequential()\nadd = m.add\nadd(Dense(8))\n", Kind.ADDED, "m.add"),
        ("x = Dense(8)(x)\n", Kind.APPLIED, None),
        ("fc = Dense(8)\nx = fc(x)\n", Kind.APPLIED, None),
        ("m = Sequential()\nfc = Dense(8)\nm.add(fc)\n", Kind.ADDED, "m.add"),
        ("outputs = []\noutputs.append(Dense(8)(x))\n", Kind.APPLIED, None),
    ],
)
def test_a_layer_is_listed_added_or_applied(text: str, kind: Kind, receiver: str | None) -> None:
    """Whatever it is named, and wherever it was constructed."""
    case = Case(text)
    (graph,) = case.graphs
    place = place_of(case.syntax, graph.calls[0])
    assert (place.kind, place.receiver) == (kind, receiver)


def test_a_layer_of_another_file_stands_nowhere_here() -> None:
    """It cannot be edited."""
    case = Case("x = Dense(8)(x)\n")
    with pytest.raises(Refused, match=r"`Dense` is in net\.py; change the order by hand$"):
        place_of(syntax_of("y = 1\n"), call_at(case.graphs, 1))


def test_a_layer_of_another_file_can_be_read() -> None:
    """Its function shows its parameters."""
    case = Case("def f(x):\n    return Dense(8)(x)\n")
    place = place_anywhere(syntax_of("y = 1\n"), call_at(case.graphs, 2))
    assert isinstance(place.function, cst.FunctionDef)
    assert place.function.name.value == "f"


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("m = Sequential()\nm.add(Dense(8))\n", "m.add({})"),
        ("def f():\n    yield Dense(8)\nm = Sequential(list(f()))\n", "yield {}"),
    ],
)
def test_another_layer_is_added_in_the_same_way(text: str, wanted: str) -> None:
    """By the same method, or by another `yield`."""
    case = Case(text)
    place = place_of(case.syntax, case.graphs[0].calls[0])
    assert place.kind is Kind.ADDED
    assert adding_form(place) == wanted


def test_layers_of_a_loop_stand_where_they_are_constructed() -> None:
    """If they are in one list. One expression applies all of them."""
    text = "ls = [\n    Dense(8),\n    ReLU(),\n    BatchNormalization(),\n]\nfor l in ls:\n    x = l(x)\n"
    case = Case(text)
    (graph,) = case.graphs
    places, reported = places_of(case.syntax, graph.calls[:3])
    assert [place.kind for place in places] == [Kind.ELEMENT] * 3
    assert reported
    assert len({place.holder for place in places}) == 1


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("m = Sequential([Dense(8)])\n", "m"),
        ("m = Sequential()\nm.add(Dense(8))\n", "m"),
        ("m = n = Sequential()\nn.add(Dense(8))\n", "m"),
        ("xs = []\nxs.append(Dense(8))\nm = Sequential(xs)\n", None),
        ("Sequential([Dense(8)])(x)\n", "0:0"),
        ("x = Dense(8)(x)\n", None),
    ],
)
def test_the_model_of_a_layer_is_told_where_the_text_does(text: str, wanted: str | None) -> None:
    """By its name, or by its position if it has none."""
    case = Case(text)
    place = place_of(case.syntax, case.graphs[0].calls[0])
    assert model_of(case.syntax, place) == wanted


def spots(text: str, *codes: str) -> list[Spot]:
    tree = tree_of(text)
    return [Spot(tree, find_call(tree, code)) for code in codes]


def test_the_statements_of_the_innermost_common_block_are_told() -> None:
    """With the statement that contains each node."""
    lines = common_lines(spots("if a:\n    f(x)\n    if b:\n        g(x)\n    h(x)\n", "f(x)", "g(x)", "h(x)"))
    assert [item.code.splitlines()[0] for item in lines.items] == ["f(x)", "if b:", "h(x)"]
    assert (list(lines.places), lines.is_split) == ([0, 1, 2], False)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("f(x)\nfor i in xs:\n    g(x)\n", "in a loop"),
        ("f(x)\ntry:\n    g(x)\nfinally:\n    pass\n", "in a `try`"),
        ("f(x)\ndef h():\n    g(x)\n", "different functions"),
    ],
)
def test_what_is_not_run_once_together_is_refused(text: str, reason: str) -> None:
    """Only one of them is in a loop, a `try` or a function."""
    with pytest.raises(Refused, match=reason):
        common_lines(spots(text, "f(x)", "g(x)"))
    if "for" in text:
        assert common_lines(spots(text, "f(x)", "g(x)"), is_lifted=False).places == [0, 1]
