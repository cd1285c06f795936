"""A file is repaired in rounds, and the announced repairs are made."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from orderlint.diagnostics import RepairKind
from orderlint.judging import judge
from orderlint.repair.effort import TOO_LONG, TOO_MANY, Effort
from orderlint.repair.net.safety import State
from orderlint.repair.results import Plan
from orderlint.repair.rounds import fix_text, plan
from orderlint.repair.trials import Trial, Trials
from orderlint.source import Analysis, analyze
from orderlint.text.files import SourceFile, read_source, source_from_text
from tests.judged import standards

DEFAULT = standards()
NORM = "x = Dense(8)(x)\nx = ReLU()(x)\nx = BatchNormalization()(x)\n"
DROP = "x = Dense(8)(x)\nx = Dropout(0.5)(x)\nx = BatchNormalization()(x)\nx = Dense(8)(x)\n"
LEFT = "x = Dense(8)(x)\ny = ReLU()(x)\nx = BatchNormalization()(y)\nshow(y)\n"


def test_repairs_that_are_in_each_others_way_are_made_in_rounds() -> None:
    """After the last round nothing is left to repair, and each finding of the original is reported once."""
    text = "x = Dense(8)(x)\nx = Dropout(0.5)(x)\nx = ReLU()(x)\nx = BatchNormalization()(x)\nx = Dense(8)(x)\n"
    result = fix_text(source_from_text(text), DEFAULT)
    assert result.text == (
        "x = Dense(8)(x)\nx = BatchNormalization()(x)\nx = ReLU()(x)\nx = Dropout(0.5)(x)\nx = Dense(8)(x)\n"
    )
    assert sorted(one.finding.code for one in result.repaired) == ["ORD001", "ORD002", "ORD003"]
    assert (result.left, result.problem) == ((), None)


def test_those_that_touch_what_is_wrong_are_tried_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    """A few wrong repairs among many right ones cost a few trials each, in any distribution over functions."""
    sound = "def f{}(x):\n    x = Dense(8)(x)\n    x = ReLU()(x)\n    return BatchNormalization()(x)\n\n\n"
    unsound = (
        "def g{}(x, units, last):\n    for at, number in enumerate(units):\n"
        "        x = Dense(number, activation='relu' if at < last else None)(x)\n"
        "        if at < last:\n            x = BatchNormalization()(x)\n    return x\n\n\n"
    )
    text = "".join((unsound if number in (3, 9) else sound).format(number) for number in range(16))
    tried: list[int] = []
    trial = Trials._made

    def counted(trials: Trials, state: State, plans: Sequence[Plan]) -> Trial:
        tried.append(len(plans))
        return trial(trials, state, plans)

    monkeypatch.setattr(Trials, "_made", counted)
    result = fix_text(source_from_text(text), DEFAULT)
    assert (len(result.repaired), len(result.left)) == (14, 2)
    assert tried[:2] == [16, 14]
    assert len(tried) < 8


def test_what_cannot_be_repaired_is_left_with_its_reason() -> None:
    """The others are repaired."""
    result = fix_text(source_from_text(LEFT + NORM), DEFAULT)
    (left,) = result.left
    assert (left.finding.location.line, len(result.repaired)) == (3, 1)
    assert "also read in line 4" in left.reason


@pytest.mark.parametrize(("only", "repaired"), [(None, 2), (RepairKind.SAME_INFERENCE, 1), (RepairKind.EQUIVALENT, 0)])
def test_only_repairs_of_a_kind_or_milder_are_made(only: RepairKind | None, repaired: int) -> None:
    """The others remain, with their kind as the reason."""
    result = fix_text(source_from_text(NORM + DROP), DEFAULT, only=only)
    assert len(result.repaired) == repaired
    assert all("in the configuration, allows it" in left.reason for left in result.left)


def test_what_is_not_wanted_is_neither_repaired_nor_told_of() -> None:
    """A suppressed finding is neither repaired nor reported."""
    result = fix_text(source_from_text(NORM), DEFAULT, wanted=lambda file, violation: False)
    assert (result.text, result.repaired, result.left) == (NORM, (), ())


@pytest.mark.parametrize("text", [NORM, DROP, LEFT, NORM + DROP, LEFT + NORM])
def test_what_is_announced_is_what_is_done(text: str) -> None:
    """A finding has a title if it is repaired by the run, and otherwise the same reason."""
    file = source_from_text(text)
    graphs = analyze(file)
    found = judge(graphs, DEFAULT.rules, DEFAULT.order)
    plans = plan(file, found, graphs, DEFAULT)
    result = fix_text(file, DEFAULT)
    assert [one.violation for one in plans] == found
    assert sum(one.reason is None for one in plans) == len(result.repaired)
    assert sorted(one.reason for one in plans if one.reason) == sorted(left.reason for left in result.left)


def test_a_plan_names_places_of_the_text_at_hand() -> None:
    """Reasons name lines of the checked text, not of the text with the other repairs."""
    lines = (
        "from keras import Input, Model, layers",
        "x = Input((8,))",
        "y = layers.Dense(8, activation='relu')(x)",
        "y = layers.BatchNormalization()(y)",
        "z = layers.Dense(8)(y)",
        "y = layers.BatchNormalization()(y)",
        "model = Model(x, [y, z])",
    )
    file = source_from_text("\n".join(lines) + "\n")
    graphs = analyze(file)
    first, second = plan(file, judge(graphs, DEFAULT.rules, DEFAULT.order), graphs, DEFAULT)
    assert (first.reason, second.reason is None) == (None, False)
    assert "`BatchNormalization` in line 4 is also used in line 5" in str(second.reason)


def test_a_repair_that_reveals_another_finding_says_so() -> None:
    """A norm that moves up makes the bias of its linear layer redundant, which does not prevent the repair."""
    assert fix_text(source_from_text(NORM), DEFAULT).revealed == (("ORD101", 1),)


def test_the_outputs_of_a_notebook_do_not_count() -> None:
    """Large images in the outputs do not reduce the number of trials; only code counts."""
    picture = {"output_type": "display_data", "data": {"image/png": "A" * 400_000}, "metadata": {}}
    cells = [
        {"cell_type": "code", "source": NORM + DROP, "outputs": [picture], "metadata": {}, "execution_count": 1},
        {"cell_type": "code", "source": NORM, "outputs": [picture], "metadata": {}, "execution_count": 2},
    ]
    text = json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}, indent=1)
    result = fix_text(source_from_text(text, "net.ipynb"), DEFAULT)
    assert (len(result.repaired), result.left) == (3, ())


def test_of_very_many_findings_some_are_repaired(monkeypatch: pytest.MonkeyPatch) -> None:
    """Planning leaves time to try the plans; the remaining findings say that there were too many."""
    monkeypatch.setattr("orderlint.repair.effort._MOST", 60)
    result = fix_text(source_from_text(NORM * 40), DEFAULT)
    assert 10 < len(result.repaired) < 40
    assert {one.reason for one in result.left} == {TOO_MANY}


def test_where_there_are_few_trials_those_likely_to_succeed_come_first(monkeypatch: pytest.MonkeyPatch) -> None:
    """The reasons of the others say why they are likely to fail, although they were not tried."""
    monkeypatch.setattr(Effort, "has_few_trials", True)
    monkeypatch.setattr(Effort, "trial", lambda effort, *given, **more: setattr(effort, "_left", 0))
    helper = "def act(x, kind):\n    if kind == 'relu':\n        return ReLU()(x)\n    return other(x)\n"
    doubtful = "x = Dense(8)(x)\nx = Dropout(0.5)(x)\nx = act(x, kind)\nx = Dense(3)(x)\n"
    result = fix_text(source_from_text(helper + doubtful + NORM), DEFAULT)
    assert [one.finding.location.line for one in result.repaired] == [11]
    (left,) = result.left
    assert left.reason.startswith("the path from `Dense` (line 5) to a call (line 4) through this layer is in order")


def test_a_repair_that_hands_nothing_to_a_helper_is_likely_to_succeed(monkeypatch: pytest.MonkeyPatch) -> None:
    """That the activation of the helper is also on other paths is not a reason against it."""
    monkeypatch.setattr(Effort, "has_few_trials", True)
    helper = "def block(x, act='relu'):\n    x = Dense(8)(x)\n    return Activation(act)(x)\n"
    uses = "x = block(x)\nx = BatchNormalization()(x)\nx = block(x)\nx = Dense(3)(x)\n"
    result = fix_text(source_from_text(helper + uses), DEFAULT)
    assert (len(result.repaired), result.left) == (1, ())
    assert result.text == helper + uses.replace("x = block(x)", "x = block(x, act=None)", 1).replace(
        "n()(x)\n", "n()(x)\nx = Activation('relu')(x)\n", 1
    )


@pytest.mark.parametrize("most", [0, 1])
def test_where_no_repair_is_tried_none_is_said_to_be_offered(monkeypatch: pytest.MonkeyPatch, most: int) -> None:
    """If the analysis takes too long to try repairs, the report does not advise to make the offered ones."""
    monkeypatch.setattr("orderlint.repair.effort._MOST", most)
    file = source_from_text(NORM)
    result = fix_text(file, DEFAULT)
    graphs = analyze(file)
    planned = plan(file, judge(graphs, DEFAULT.rules), graphs, DEFAULT)
    assert not result.repaired
    assert {one.reason for one in result.left} | {one.reason for one in planned} == {TOO_LONG}


def test_an_analysis_that_was_made_is_not_made_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first analysis of a repair is that of the check."""
    file = source_from_text(NORM)
    graphs, whole = analyze(file), fix_text(file, DEFAULT)
    seen: list[str] = []

    def analyzed(one: SourceFile, *given: Any) -> Analysis:
        seen.append(one.text)
        return analyze(one, *given)

    monkeypatch.setattr("orderlint.repair.trials.analyze", analyzed)
    assert fix_text(file, DEFAULT, graphs=graphs) == whole
    assert file.text not in seen


IMPORTING = "from keras.layers import Conv2D, SpatialDropout2D\nfrom keras.layers import Dropout\n"
MAPS = "x = Conv2D(8, 3)(x)\nx = Dropout(0.3)(x)\nx = Conv2D(8, 3)(x)\n"


def test_an_import_that_lost_its_use_goes_and_what_is_left_is_told_where_it_stands_then() -> None:
    """The remaining findings have the lines of the new text."""
    text = f"{IMPORTING}{MAPS}y = Dense(8)(x)\ny = ReLU()(y)\nz = BatchNormalization()(y)\nshow(y)\n"
    result = fix_text(source_from_text(text, "net.py"), standards("ORD001", "ORD106"))
    assert result.text.startswith("from keras.layers import Conv2D, SpatialDropout2D\nx = ")
    (left,) = result.left
    assert result.text.splitlines()[left.finding.location.line - 1] == "z = BatchNormalization()(y)"


def test_a_reason_that_is_announced_tells_of_lines_of_the_original() -> None:
    """Another repair adds an import, which would shift the lines."""
    header = "from keras.layers import BatchNormalization, Dense\n"
    text = (
        f"{header}x = Dense(8, activation='relu')(x)\nx = BatchNormalization()(x)\ny = Dense(8, activation='relu')(x)\n"
    )
    file = source_from_text(f"{text}z = BatchNormalization()(y)\nshow(y)\n", "net.py")
    graphs = analyze(file)
    (made, left) = plan(file, judge(graphs, DEFAULT.rules, DEFAULT.order), graphs, DEFAULT)
    assert made.fix is not None
    assert "line 6" in (left.reason or "")
    (told,) = fix_text(file, DEFAULT).left
    assert "line 7" in told.reason


def test_an_import_stays_that_another_file_takes_from_this_one(tmp_path: Path) -> None:
    """Another file may import the name from this one."""
    (tmp_path / "pyproject.toml").touch()
    (tmp_path / "train.py").write_text("from net import Dropout\n")
    net = tmp_path / "net.py"
    net.write_text(f"{IMPORTING}{MAPS}")
    assert "import Dropout" in fix_text(read_source(net), standards("ORD106")).text


def test_a_reader_in_another_file_is_named_with_its_file(tmp_path: Path) -> None:
    """The reason names the file of the line that reads the value, if it is another file."""
    (tmp_path / "pyproject.toml").touch()
    (tmp_path / "heads.py").write_text("from keras.layers import Dense\ndef head(x):\n    return Dense(3)(x)\n")
    net = tmp_path / "net.py"
    net.write_text(
        f"{IMPORTING}from heads import head\ny = ReLU()(Dense(8)(Input((3,))))\nz = BatchNormalization()(y)\nhead(y)\n"
    )
    (left,) = fix_text(read_source(net), standards("ORD001")).left
    assert "is also used in line 3 of heads.py, " in left.reason
