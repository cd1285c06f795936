"""Violations as findings: their places, chains, and wishes."""

from __future__ import annotations

from dataclasses import replace

import pytest

from orderlint import check_source
from orderlint.judging import Violation, judge
from orderlint.judging.order import DEFAULT_ORDER
from orderlint.judging.reported import finding_of
from orderlint.source import analyze
from orderlint.text.files import source_from_text
from tests.judged import RULES, standards


def violation(text: str) -> Violation:
    return judge(analyze(source_from_text(text, "net.py")), standards().rules)[0]


TEXT = "dense, act = Dense(8), ReLU()\nx = act(dense(x))\nx = BatchNormalization()(x)\n"


def test_a_finding_has_the_chain_as_it_is_and_as_it_should_be() -> None:
    """The finding also has the place of the misplaced layer."""
    finding = finding_of(violation(TEXT), DEFAULT_ORDER)
    assert (finding.location.line, finding.code) == (3, "ORD001")
    assert finding.chain == ("Dense", "ReLU", "BatchNormalization")
    assert finding.recommended == ("Dense", "BatchNormalization", "ReLU")


def test_a_message_with_long_names_fits_a_line() -> None:
    """The names of a user's classes may have any length."""
    long = "MyOwnLayerWithAVeryLongName" * 4
    text = f"class {long}(Dense):\n    pass\nx = Dropout(0.9)({long}(8, activation='selu')(x))\n"
    found = judge(analyze(source_from_text(text, "net.py")), standards("ORD107").rules)
    (message,) = [finding_of(each, DEFAULT_ORDER).message for each in found]
    assert len(message) <= 80
    assert message.startswith("`Dropout` after `selu` of `MyOwnLayerWith")
    assert message.endswith("`, not `AlphaDropout`")


def test_a_message_that_no_name_makes_long_stays() -> None:
    """Only names are shortened in the middle, since the message of a plugin's rule may be long."""
    for message in ("word " * 30, "`Dense` " + "word " * 30):
        assert finding_of(replace(violation(TEXT), message=message), DEFAULT_ORDER).message == message


@pytest.mark.parametrize(
    "text",
    [
        "f() = 1\n",
        "x = [\n\n)\n",
        "x = '''abc\n",
        "def f():\npass\n",
        "<<<<<<< HEAD\nx = 1\n=======\nx = 2\n>>>>>>> main\n",
        "x = " + "(" * 300,
        "x = " + "1 + " * 9000 + "1\n",
        "[a, b for b in c]\n",
        "f(**k, *a)\n",
        "x\u00a0= 1\n",
    ],
)
def test_what_cannot_be_parsed_is_told_in_a_line(text: str) -> None:
    """Some messages of Python are longer than a line."""
    (finding,) = check_source("from keras import layers\n" + text, path="net.py")
    assert finding.code == "ORD900"
    assert len(finding.message) <= 80


def test_only_findings_about_the_order_recommend_one() -> None:
    """Other rules recommend their own change, or nothing, even if the order of the unit is wrong."""
    text = "x = Dropout(0.9)(ReLU()(Conv2D(8, 3)(x)))\nx = BatchNormalization()(x)\n"
    chosen = standards("ORD106", "ORD108")
    found = judge(analyze(source_from_text(text, "net.py")), chosen.rules)
    recommended = {one.code: one.recommended for one in (finding_of(each, DEFAULT_ORDER) for each in found)}
    assert recommended == {"ORD106": ("Conv2D", "ReLU", "SpatialDropout2D", "BatchNormalization"), "ORD108": ()}


def test_what_has_no_influence_on_the_order_is_not_recommended() -> None:
    """A pooling between the layers is in neither chain."""
    text = "x = Dropout(0.3)(MaxPooling2D()(Conv2D(8, 3)(x)))\n"
    (found,) = judge(analyze(source_from_text(text, "net.py")), standards("ORD106").rules)
    assert finding_of(found, DEFAULT_ORDER).recommended == ("Conv2D", "SpatialDropout2D")


def test_an_order_is_recommended_where_the_rule_or_the_repair_is_about_it() -> None:
    """This holds if no layer can be moved, and if only the wish of a plugin's rule is a move."""
    found, order = violation(TEXT), ("Dense", "BatchNormalization", "ReLU")
    assert finding_of(replace(found, wish=None, refusal="so"), DEFAULT_ORDER).recommended == order
    other = replace(found, rule=RULES["ORD108"])
    assert finding_of(other, DEFAULT_ORDER).recommended == order
    assert finding_of(replace(other, wish=None), DEFAULT_ORDER).recommended == ()


def test_a_violation_is_itself_alone() -> None:
    """The notes of repairs about one violation do not apply to an equal one."""
    one = violation(TEXT)
    assert len({one, replace(one)}) == 2


def test_related_places_are_the_other_layer_and_where_it_is_made() -> None:
    """Each place is listed once; a construction within the application is not."""
    related = finding_of(violation(TEXT), DEFAULT_ORDER).related
    assert [(one.location.line, one.message) for one in related] == [
        (2, "activation applied here"),
        (1, "`ReLU` constructed here"),
    ]


def test_the_repair_is_the_wish_or_the_reason_why_there_is_none() -> None:
    """There is no repair either if only some paths have the violation."""
    found = violation(TEXT)
    repair = finding_of(found, DEFAULT_ORDER).repair
    assert repair is not None
    assert repair.available
    assert repair.title == "move `BatchNormalization` before `ReLU`"
    partly = finding_of(replace(found, everywhere=False), DEFAULT_ORDER).repair
    assert partly is not None
    assert not partly.available
    refused = finding_of(replace(found, wish=None, refusal="so"), DEFAULT_ORDER).repair
    assert refused is not None
    assert (refused.available, refused.reason) == (False, "so")


def test_a_place_is_told_once_and_one_in_another_file_is_told() -> None:
    """Several layers of the pair at one place are listed once."""
    found = violation("x = ReLU()(Dense(8)(x))\nx = BatchNormalization()(x)\n")
    other = found.because[0]
    assert len(finding_of(replace(found, because=(other, other)), DEFAULT_ORDER).related) == 1
    assert other.constructed is not None
    made = replace(other.constructed.location(), path="blocks.py")
    elsewhere = replace(found, because=(replace(other, constructed=made),))
    assert [one.location.path for one in finding_of(elsewhere, DEFAULT_ORDER).related] == ["net.py", "blocks.py"]
    both = replace(elsewhere, at=replace(found.at, constructed=made))
    assert [one.location.path for one in finding_of(both, DEFAULT_ORDER).related] == ["net.py", "blocks.py"]
    third = replace(other, constructed=replace(made, path="other.py"))
    further = replace(found, because=(other, third))
    assert [one.location.path for one in finding_of(further, DEFAULT_ORDER).related] == ["net.py"]


def test_a_construction_within_the_application_is_not_told() -> None:
    """In a list of layers the construction is the application; a construction that ends after it is listed."""
    found = violation("model = Sequential([Dense(8), ReLU(), BatchNormalization()])\n")
    assert [one.message for one in finding_of(found, DEFAULT_ORDER).related] == ["activation applied here"]
    longer = replace(found.at.place.location(), end_line=2, end_column=1)
    wide = replace(found, at=replace(found.at, constructed=longer))
    assert finding_of(wide, DEFAULT_ORDER).related[-1].message == "`BatchNormalization` constructed here"


def test_the_chain_has_both_layers_of_the_pair() -> None:
    """A pooling is in the chain only if the finding is about it."""
    source = "x = BatchNormalization()(ReLU()(Conv2D(8, 3)(x)))\nx = MaxPooling2D()(Dropout(0.3)(x))\n"
    found = judge(analyze(source_from_text(source, "net.py")), standards("ORD001", "ORD105").rules)
    chains = {one.rule.code: finding_of(one, DEFAULT_ORDER).chain for one in found}
    before = ("Conv2D", "ReLU", "BatchNormalization", "Dropout")
    assert chains["ORD001"] == before
    assert chains["ORD105"] == (*before, "MaxPooling2D")
