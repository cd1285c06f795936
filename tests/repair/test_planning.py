"""Plans for single repairs: valid edits, or a reason that a user can act on."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from orderlint.judging import judge
from orderlint.repair.planning import Planner
from orderlint.repair.results import Plan
from orderlint.repair.text.drafts import apply_edits
from orderlint.source import analyze
from orderlint.text.files import source_from_text
from tests.judged import standards
from tests.repair.models import Drawn, models
from tests.repair.texts import Case

DEFAULT = standards()


def planned(text: str, code: str = "ORD001") -> tuple[str, Plan]:
    """The text with the repair of its first finding, and the plan for it."""
    case = Case(text, code)
    plan = Planner(case.syntax.file, case.graphs, case.standards).plan(case.violation)
    return apply_edits(text, plan.fix.edits) if plan.fix is not None else text, plan


def test_a_plan_has_edits_with_their_places_and_says_what_they_do() -> None:
    """A plan has edits with lines and columns, a title, and the kind of change."""
    new, plan = planned("x = Dense(8)(x)\nx = ReLU()(x)\nx = BatchNormalization()(x)\n")
    assert new == "x = Dense(8)(x)\nx = BatchNormalization()(x)\nx = ReLU()(x)\n"
    assert plan.fix is not None
    assert [edit.location.line for edit in plan.fix.edits if edit.location] == [2, 3]
    assert (plan.title, plan.reason) == ("move `BatchNormalization` before `ReLU`", None)
    assert plan.kind is not None
    assert plan.kind.value == "changes-model"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("x = Dense(8)(x)\ny = ReLU()(x)\nz = BatchNormalization()(y)\nshow(y)\n", "is also read in line 4"),
        ("x = Dense(8)(x)\nx = BatchNormalization()(x)\nx = ReLU()(x)\nx = BatchNormalization()(x)\n", "would cause"),
        ("f = lambda x: Dense(8, 'relu')(x)\nx = BatchNormalization()(f(x))\nf(x)\n", "function"),
    ],
)
def test_where_there_are_none_the_reason_is_told(text: str, reason: str) -> None:
    """The reason is that of the way that got furthest."""
    new, plan = planned(text)
    assert new == text
    assert plan.reason is not None
    assert reason in plan.reason


def test_what_the_order_would_cause_is_told_before_what_the_text_lacks() -> None:
    """Even if the layers were in one function, as the text lacks, the order would cause another finding."""
    text = (
        "def f(x, norm):\n    x = Dense(8)(x)\n    x = BatchNormalization()(x) if norm else x\n    return ReLU()(x)\n"
        "def g(x, norm=True):\n    x = f(x, norm)\n    return BatchNormalization()(x) if norm else x\n"
    )
    new, plan = planned(text)
    assert new == text
    assert plan.reason is not None
    assert plan.reason.startswith("the repair would cause ORD103")


def test_a_line_is_named_once() -> None:
    """Both normalizations are in one line, which is named once."""
    _, plan = planned("m = Sequential([Dense(8), BatchNormalization(), ReLU(), BatchNormalization()])\n")
    assert plan.reason is not None
    assert "(line 1)" in plan.reason


def test_a_layer_of_another_file_is_named_with_it(tmp_path: Path) -> None:
    """The file name is given, since a line alone would refer to the repaired file."""
    (tmp_path / "pyproject.toml").touch()
    (tmp_path / "acts.py").write_text("from keras import layers\n\ndef act(x, a):\n    return a(x) if a else own(x)\n")
    net = tmp_path / "net.py"
    net.write_text(
        "from keras import layers\nfrom acts import act\n\ndef net(x, a):\n    x = layers.Dense(8)(x)\n"
        "    x = layers.Dropout(0.5)(x)\n    return layers.ReLU()(x) if a else act(x, None)\n"
    )
    case = Case(net.read_text(), "ORD003", str(net))
    reason = Planner(case.syntax.file, case.graphs, case.standards).plan(case.violation).reason
    assert reason is not None
    assert "to a call (line 4 of acts.py)" in reason


def test_a_way_that_was_tried_can_be_left_out() -> None:
    """The next way is used, until none is left."""
    case = Case("x = Dense(8)(x)\nif c:\n    x = ReLU()(x)\nx = BatchNormalization()(x)\n")
    planner = Planner(case.syntax.file, case.graphs, case.standards)
    numbers = []
    plan = planner.plan(case.violation)
    while plan.fix is not None:
        numbers.append(plan.option)
        plan = planner.plan(case.violation, plan.option + 1)
    assert numbers == sorted(set(numbers)) != []


def test_what_the_user_should_know_is_remarked() -> None:
    """A plan notes a named layer whose values change, and dropouts that become adjacent."""
    _, plan = planned("x = Dense(8, activation='relu', name='d')(x)\nx = BatchNormalization()(x)\n")
    assert plan.remarks == ("`Dense` named 'd' (line 1) now returns its values before the activation",)
    text = "x = Dense(8)(x)\nx = Dropout(0.5)(x)\nx = BatchNormalization()(x)\nx = Dropout(0.5)(x)\nx = Dense(8)(x)\n"
    _, plan = planned(text, "ORD002")
    assert plan.remarks == ("two dropouts are now side by side (line 2, line 4): one may be enough",)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(models())
def test_every_finding_gets_edits_or_a_reason(drawn: Drawn) -> None:
    """A finding has either edits or a reason, and planning again gives the same plan."""
    file = source_from_text(drawn.text, drawn.path)
    graphs = analyze(file)
    planners = [Planner(file, graphs, DEFAULT) for _ in range(2)]
    for violation in judge(graphs, DEFAULT.rules):
        first, again = (planner.plan(violation) for planner in planners)
        assert (first.fix is None) == (first.reason is not None)
        assert (first.fix, first.reason) == (again.fix, again.reason)


def test_what_is_unknown_on_some_paths_is_named() -> None:
    """One expression applies an activation or an unknown layer."""
    case = Case(
        "def layer(name):\n    return LeakyReLU() if name == 'leaky' else KINDS[name]()\n\n\n"
        "def net(x, name):\n    x = Dense(8)(x)\n    x = layer(name)(x)\n"
        "    x = BatchNormalization()(x)\n    return x\n"
    )
    reason = Planner(case.syntax.file, case.graphs, case.standards).some_paths(case.violation)
    assert reason is not None
    assert reason.startswith("the layer applied in line 7 is not known on all paths")


def test_a_normalization_that_is_handed_in_is_named() -> None:
    """A normalization that is a parameter may be another layer, which the dropout would move past."""
    case = Case(
        "def net(x, norm):\n    parts = [Dense(8), Dropout(0.1)]\n"
        "    if norm == 'batch':\n        parts.append(BatchNormalization())\n"
        "    elif norm:\n        parts.append(norm)\n"
        "    for part in parts:\n        x = part(x)\n    return x\n",
        "ORD002",
    )
    reason = Planner(case.syntax.file, case.graphs, case.standards).some_paths(case.violation)
    assert reason is not None
    assert reason.endswith("if it is always a normalization, swap it with `Dropout` by hand")


def test_where_a_dropout_would_come_before_a_pooling_the_reason_says_what_to_do() -> None:
    """If the user follows the advice of the reason, there is a repair."""
    start, end = 'x = Dense(8, "relu")(x)\n', "u = concatenate([p, x])\n"
    norm, pool = "x = BatchNormalization()(x)\n", "p = MaxPooling2D()(x)\n"
    _, plan = planned(f"{start}x = Dropout(0.2)(x)\n{norm}{pool}{end}")
    assert plan.reason is not None
    assert "put the dropout after the pooling first" in plan.reason
    _, plan = planned(f"{start}{norm}{pool}p = Dropout(0.2)(p)\n{end}")
    assert plan.reason is None
