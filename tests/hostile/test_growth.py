"""Work grows linearly with the size of the input: results that are needed thousands of times are kept.

These tests count operations. None asserts a time.
"""

from __future__ import annotations

import ast
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import libcst as cst
import pytest

from orderlint.diagnostics import fingerprints
from orderlint.engine.checking import check_text
from orderlint.engine.repairing import repair
from orderlint.engine.session import Session
from orderlint.engine.sources import Sources
from orderlint.engine.targets import Target
from orderlint.glance import values
from orderlint.glance.library import Library
from orderlint.glance.lists import Dict
from orderlint.glance.things import const
from orderlint.graph import Location, UnitStep
from orderlint.judging import judge
from orderlint.judging.reported import finding_of
from orderlint.repair import matching, rounds
from orderlint.repair.effort import TOO_LONG
from orderlint.repair.net.obstacles import Obstacles
from orderlint.repair.text.names import names_in, uses_after
from orderlint.repair.text.syntax import Spot, Syntax
from orderlint.repair.ways.callees import calls_of
from orderlint.repair.ways.neighbors import Around
from orderlint.source import Project, analyze
from orderlint.source.python import comprehensions
from orderlint.source.python.inheritance import mro
from orderlint.source.state.frames import ClassObject, Instance
from orderlint.source.state.values import NONE, Const, External, ListObject, Value, is_data, sequence
from orderlint.text.decoding import decode
from orderlint.text.files import source_from_text
from orderlint.text.notebook_edit import source_spans
from orderlint.text.regular import read_regular
from tests.hostile.test_bounds import HEADER, MODEL, standards
from tests.judged import RULES
from tests.source.running import interpreter, python_value, value_of


class Counted:
    """Counts the calls of a function."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self._function = function
        self.times = 0

    def __call__(self, *arguments: Any, **keywords: Any) -> Any:
        self.times += 1
        return self._function(*arguments, **keywords)


def test_a_long_list_is_not_looked_through_at_each_change() -> None:
    """A list whose elements are there on all paths is not searched again after a change on all paths."""
    m = interpreter("s = [0]\ns.insert(0, 1)\ns.append(2)\ns.insert(1, 3)\ns[0] = 4\ndel s[1]\ns.insert(1, 5)\n")
    made = value_of(m, "s")
    assert isinstance(made, ListObject)
    assert m.is_certain(made.uid)
    assert python_value(m, "s") == [4, 5, 0, 2]


@pytest.mark.parametrize("change", ["s.append(1)", "s.insert(0, 1)", "s[0] = 1", "s[1:] = t", "s.pop()"])
def test_what_is_changed_on_some_paths_is_looked_through(change: str) -> None:
    """After a change on some paths, its elements are no longer there on all paths."""
    m = interpreter(f"s = [0]\ns.insert(0, 2)\nt = []\nif a:\n    t.append(1)\n    {change}\ns.append(3)\ns[1:] = t\n")
    made = value_of(m, "s")
    assert isinstance(made, ListObject)
    assert not m.is_certain(made.uid)


def test_a_changed_record_costs_what_is_changed() -> None:
    """`replace` on a dataclass with hundreds of fields copies only those that differ from their defaults."""
    fields = "".join(f"    f{number}: int = {number}\n" for number in range(300))
    head = "from dataclasses import dataclass, replace\n@dataclass\nclass C:\n"
    m = interpreter(f"{head}{fields}c = replace(replace(C(), f1=7), f2=8)\nd = [c.f0, c.f1, c.f2, c.f299]\n")
    assert python_value(m, "d") == [0, 7, 8, 299]
    made = value_of(m, "c")
    assert isinstance(made, Instance)
    assert {key for key, _ in m.store.of(made.uid)} == {"f1", "f2"}
    assert [len(names) for names in m.fields.values()] == [300]


def test_repeated_activations_are_told_without_comparing_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    """Thousands of pairs of steps are the same object, which is tested before they are compared."""
    monkeypatch.setattr(UnitStep, "__eq__", lambda self, other: pytest.fail("steps are compared"))
    layers = "ReLU(), " * 50
    file = source_from_text(f"{HEADER}model = keras.Sequential([Dense(8), {layers}])\n", "net.py")
    assert len(judge(analyze(file, Project()), [RULES["ORD102"]])) == 49


def test_calls_of_a_place_are_found_without_a_search(monkeypatch: pytest.MonkeyPatch) -> None:
    """The calls of a graph are indexed by their place once, for all plans."""
    graphs = analyze(source_from_text(f"{HEADER}x = Dense(8)(x)\nx = ReLU()(x)\n", "net.py"), Project()).graphs
    obstacles = Obstacles(graphs)
    calls = [call for graph in graphs for call in graph.calls]
    assert [obstacles.at(call.place) for call in calls] == [[(graphs[0], call)] for call in calls]
    assert not any(obstacles.applies_others(call) or obstacles.is_made_for_others(call) for call in calls)


def test_each_file_of_a_project_is_read_once_for_all_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether a file reads layers is kept. Each of hundreds of files asks it of all others."""
    (tmp_path / "pyproject.toml").touch()
    files = [tmp_path / f"m{number}.py" for number in range(80)]
    for number, file in enumerate(files):
        file.write_text("model.layers[0]\n" if number == 0 else "x = 1\n")
    read = Counted(read_regular)
    monkeypatch.setattr("orderlint.repair.ways.neighbors.read_regular", read)
    project = Project()
    found = [[one.shown for one in Around(str(file), project).readers] for file in files]
    assert found == [[], *[["m0.py"]] * 79]
    assert read.times <= 81


def test_findings_of_one_line_are_identified_in_linear_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Machine-generated code may have thousands of findings in one line, which is normalized once for all of them."""
    count = 40
    units = "Dense(8), ReLU(), BatchNormalization(), " * count
    text = HEADER + f"m = keras.Sequential([{units}Dense(3)])\n"
    kept, tried = Counted(fingerprints._kept), Counted(fingerprints._with_number)
    monkeypatch.setattr(fingerprints, "_kept", kept)
    monkeypatch.setattr(fingerprints, "_with_number", tried)
    report = check_text(source_from_text(text, "net.py"), standards(), Session())
    assert len({finding.fingerprint for finding in report.findings}) == len(report) == count
    assert kept.times < 10 * count
    assert tried.times < 10 * count


def test_a_report_splits_a_file_into_lines_once() -> None:
    """A file is split into lines once for all findings of a report."""
    target = Target("net.py", "net.py", standards(), data=b"a\nb\n")
    sources = Sources([target])
    places = [Location("net.py", line, 1) for line in (1, 2)]
    assert sources.lines(places[0]) == ["a", "b", ""]
    assert sources.lines(places[0]) is sources.lines(places[1])


def test_the_cells_of_a_notebook_are_looked_for_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The cells of a notebook are located once for all findings."""
    spans = Counted(source_spans)
    monkeypatch.setattr("orderlint.text.notebook_lines.source_spans", spans)
    cells = [{"cell_type": "code", "metadata": {}, "source": ["x = 1\n", "y = 1"], "outputs": []}] * 3
    text = json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells}, indent=1)
    sources = Sources([Target("net.ipynb", "net.ipynb", standards(), data=text.encode())])
    places = [Location("net.ipynb", 2, 1, cell=cell) for cell in (1, 2, 3)]
    lines = [sources.in_file(place).line for place in places]
    assert all("y = 1" in text.splitlines()[line - 1] for line in lines)
    assert len(set(lines)) == 3
    assert spans.times == 1


def test_each_further_condition_of_a_comprehension_is_a_step() -> None:
    """Each condition of a comprehension counts as a step. Thirty of them on thousands of elements are 100,000 tests."""
    steps = []
    for count in (1, 5):
        m = interpreter("import keras\n")
        before = m.steps_left
        value_of(m, "[i for i in range(100)" + " if i > 1" * count + "]")
        steps.append(before - m.steps_left)
    assert steps[1] - steps[0] == 400


def test_tuples_that_hold_one_another_twice_are_looked_through_once() -> None:
    """Sixty nested tuples that contain the previous one twice have 2**60 parts, and are searched once."""
    made: Value = Const(1)
    for _ in range(60):
        made = sequence(made, made)
    assert is_data(made)
    assert hash(made) == hash(made)
    assert not is_data(sequence(made, NONE, External("keras.layers.Dense")))


def test_each_use_of_a_name_is_looked_for_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The tree of a file with a thousand layers named `x` is not walked once for each of them."""
    walked = Counted(names_in)
    monkeypatch.setattr("orderlint.repair.text.names.names_in", walked)
    syntax = Syntax(source_from_text("x = 1\n" + "x = f(x)\n" * 50, "net.py"))
    (tree,) = syntax.trees
    statements = [line.body[0] for line in tree.cell.module.body if isinstance(line, cst.SimpleStatementLine)]
    found = [len(list(uses_after(syntax, Spot(tree, one), ("x",)))) for one in statements]
    assert found == [2 * left for left in range(50, -1, -1)]
    assert walked.times == 1


def test_a_dropout_moves_without_a_look_at_all_that_it_passes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Dropout masks fit any shape, so paths with hundreds of dropouts are not compared."""
    monkeypatch.setattr("orderlint.judging.moves.moves_masks", lambda *steps: pytest.fail("each step is looked at"))
    layers = "Dropout(0.1), ReLU(), " * 30
    file = source_from_text(f"{HEADER}model = keras.Sequential([Dense(8), {layers}BatchNormalization()])\n", "net.py")
    assert len(judge(analyze(file, Project()), [RULES["ORD002"]])) == 30


def test_what_all_rules_say_of_too_many_paths_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """The findings of a graph with too many paths say so, and no repair is planned."""
    monkeypatch.setattr("orderlint.repair.effort._MOST", 0)
    monkeypatch.setattr("orderlint.repair.trials.judge", lambda *given, **more: pytest.fail("all rules are asked"))
    report = check_text(source_from_text(HEADER + MODEL, "net.py"), standards(), Session())
    assert [one.repair and one.repair.reason for one in report.findings] == [TOO_LONG]


def test_a_dictionary_is_put_into_another_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """`update` of a dictionary is one operation, and counts one step for sixteen entries."""
    m = interpreter("a = {f'k{n}': n for n in range(480)}\n")
    appended = Counted(m.append)
    monkeypatch.setattr(m, "append", appended)
    left = m.steps_left
    value_of(m, "{**a, 'k1': 0}")
    few = left - m.steps_left
    assert appended.times == 1
    assert 30 <= few < 40
    assert python_value(m, "list((a | {'k1': 7, 'z': 8}).items())[::240]") == [("k0", 0), ("k240", 240), ("z", 8)]


def test_the_parts_of_a_dictionary_that_stay_are_not_joined_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only the entries that differ between two states of a dictionary are joined."""
    joined = Counted(values.join)
    monkeypatch.setattr(values, "join", joined)
    first = Dict({number: const(number) for number in range(100)}, token=1)
    second = first.but({**first.entries, 100: const(1)})
    (both,) = joined(frozenset([first]), frozenset([second]))
    assert len(both.entries) == 101
    assert joined.times <= 3


def test_what_a_class_keeps_is_looked_for_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The attributes of a class with hundreds of layers are collected once."""
    lines = "".join(f"        self.l{number} = Act()\n" for number in range(50))
    uses = "".join(f"        x = self.l{number}(x)\n" for number in range(50))
    text = "class Act:\n    def call(self, x):\n        return x\nclass A:\n    def build(self):\n" + lines
    syntax = Syntax(source_from_text(f"{text}    def call(self, x):\n{uses}", "net.py"))
    (tree,) = syntax.trees
    above = Counted(tree.ancestors)
    monkeypatch.setattr(tree, "ancestors", above)
    act = min((one for one in tree.parents if isinstance(one, cst.FunctionDef)), key=tree.span)
    assert len(list(calls_of(syntax, act))) == 50
    assert above.times < 400


def test_classes_with_many_common_bases_are_put_in_order_once() -> None:
    """The order of sixty classes with common bases is computed once; there are billions of ways through them."""
    bases = [", ".join(f"A{base}" for base in range(one - 1, max(one - 12, -1), -1)) for one in range(60)]
    m = interpreter("".join(f"class A{one}({some}): pass\n" for one, some in enumerate(bases)))
    made = value_of(m, "A59")
    assert isinstance(made, ClassObject)
    assert len(mro(m, made)) == 60


def test_a_base_of_two_bases_comes_last() -> None:
    """As in Python, a base that two classes share comes after both."""
    m = interpreter("class A: pass\nclass B(A): pass\nclass C(A): pass\nclass D(B, C): pass\n")
    made = value_of(m, "D")
    assert isinstance(made, ClassObject)
    assert [one.node.name.value for one in mro(m, made) if isinstance(one, ClassObject)] == ["D", "B", "C", "A"]


def test_findings_of_a_repaired_text_are_found_again_in_one_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    """The findings of a repaired text are matched in one pass."""
    text = HEADER + MODEL * 60
    file = source_from_text(text, "net.py")
    found = judge(analyze(file), [RULES["ORD001"]])
    starts = Counted(matching._start)
    monkeypatch.setattr(matching, "_start", starts)
    assert len(matching.matched(found, found, [])) == len(found) == 60
    assert starts.times == 2 * 60


def test_a_check_makes_each_finding_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A check does not write messages for findings that are only used to plan repairs."""
    made = Counted(finding_of)
    monkeypatch.setattr(rounds, "finding_of", made)
    check_text(source_from_text(HEADER + MODEL * 5, "net.py"), standards(), Session())
    assert made.times == 0


def test_empty_cells_are_not_parsed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A notebook may have tens of thousands of empty cells; they are not parsed."""
    parsed = Counted(cst.parse_module)
    monkeypatch.setattr(cst, "parse_module", parsed)
    cells = [{"cell_type": "code", "source": source, "outputs": []} for source in (HEADER, *[""] * 50)]
    text = json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells})
    file = source_from_text(text, "net.ipynb")
    assert not file.problems
    assert parsed.times == 1


def test_whether_a_long_list_holds_a_layer_is_counted() -> None:
    """`layer in layers` counts as one step for each element that may be equal, and none if it is certainly there."""
    few, many, sure = (
        analyze(source_from_text(f"{HEADER}s = [Dense(i) for i in range({count})]\n{test}", "net.py")).num_steps
        for count, test in ((10, "b = q in s"), (1_600, "b = q in s"), (1_600, "b = s[0] in s"))
    )
    making = analyze(source_from_text(f"{HEADER}s = [Dense(i) for i in range(1_600)]\n", "net.py")).num_steps
    assert many - making >= 100
    assert sure - making < 50
    assert few < making


def test_tables_of_tables_are_counted_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The size of a list is stored when it is made, and not counted again by a comprehension around it."""
    counted = Counted(comprehensions._size)
    monkeypatch.setattr(comprehensions, "_size", counted)
    depth = 8
    interpreter(f"made = {'[' * depth}i{' for i in range(2)]' * depth}\n")
    assert 2**depth <= counted.times <= 2 ** (depth + 1), "once for each element and each row"


def test_what_was_repaired_is_not_analyzed_again(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """`fix` analyzes the file and the repaired text; the check after it uses the latter."""
    net = tmp_path / "net.py"
    net.write_text(HEADER + MODEL)
    counted = Counted(analyze)
    for module in ("orderlint.source", "orderlint.repair.trials"):
        monkeypatch.setattr(f"{module}.analyze", counted)
    targets = [Target(str(net), "net.py", standards())]
    report = repair(targets, jobs=1).report()
    assert report.repaired
    assert not report.left
    assert counted.times == 2


def test_the_columns_of_a_module_split_it_once(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A module with hundreds of suspects is read and split into lines once."""
    (tmp_path / "net.py").write_text("".join(f"x = f({i})\n" for i in range(20)))
    counted = Counted(decode)
    monkeypatch.setattr("orderlint.glance.library.decode", counted)
    read = Library(Project((tmp_path,)))
    tree = ast.parse((tmp_path / "net.py").read_text())
    calls = [statement.value for statement in tree.body if isinstance(statement, ast.Assign)]
    assert {read.column(str(tmp_path / "net.py"), call) for call in calls} == {5}
    assert counted.times == 1


def test_fix_analyzes_no_file_that_a_glance_shows_to_be_in_order(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """`fix` does not run modules that the quick pass shows to be in order."""
    for number in range(4):
        text = HEADER + f"from m{number + 1} import f as g\n\n\ndef f(x):\n    return g(ReLU()(Dense(1)(x)))\n"
        (tmp_path / f"m{number}.py").write_text(text)
    (tmp_path / "m4.py").write_text(HEADER + "def f(x):\n    return ReLU()(Dense(1)(x))\n")
    (tmp_path / "net.py").write_text(HEADER + MODEL)
    counted = Counted(analyze)
    for module in ("orderlint.source", "orderlint.repair.trials"):
        monkeypatch.setattr(f"{module}.analyze", counted)
    targets = [Target(str(path), path.name, standards()) for path in sorted(tmp_path.glob("*.py"))]
    report = repair(targets, jobs=1).report()
    assert [one.finding.location.path for one in report.repaired] == ["net.py"]
    assert counted.times == 2
