"""Work is bounded for inputs of any size, and the report says when a bound is reached."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from orderlint import check_paths
from orderlint.engine.checking import check_text
from orderlint.engine.failures import rule_failure
from orderlint.engine.session import Session
from orderlint.graph import Limit
from orderlint.judging import DEFAULT_ORDER, Standards, judge
from orderlint.judging.ordering import MOST_ORDERED
from orderlint.judging.reported import finding_of
from orderlint.repair.effort import TOO_MANY
from orderlint.screening import syntax
from orderlint.source import Project, analyze
from orderlint.text.decoding import SourceError
from orderlint.text.files import SourceFile, source_from_text
from orderlint.text.size import MOST_TOKENS, num_tokens
from tests.judged import RULES

HEADER = "import keras\nfrom keras.layers import BatchNormalization, Dense, Dropout, ReLU\n"
MODEL = "model = keras.Sequential([Dense(8), ReLU(), BatchNormalization()])\n"

LARGE = {
    "numbers": "x = [" + "1, " * MOST_TOKENS + "]\n",
    "pairs": "x = [" + "[1, 2], " * (MOST_TOKENS // 6) + "]\n",
    "statements": "x = 1\n" * (MOST_TOKENS // 3),
    "branches": "def f(x, a):\n" + "    if a: x = Dense(1)(x)\n" * (MOST_TOKENS // 10) + "    return x\n",
    "one string": "x = '" + "a" * (2 * 2**20) + "'\n",
    "blank lines": "\n" * (9 * MOST_TOKENS),
}


def standards() -> Standards:
    return Standards(tuple(rule for rule in RULES.values() if rule.default_on))


def every_rule() -> Standards:
    """Enable rules that the quick pass does not know, so that the file is analyzed."""
    return Standards(tuple(RULES.values()))


def in_a_row(count: int) -> SourceFile:
    """A model with `N` normalizations in a row, all after the activation."""
    layers = "Dense(8), ReLU(), " + "BatchNormalization(), " * count
    return source_from_text(f"{HEADER}model = keras.Sequential([{layers}])\n", "net.py")


@pytest.mark.parametrize("name", sorted(LARGE))
def test_a_file_too_large_to_be_parsed_is_told_and_not_parsed(name: str) -> None:
    """The syntax tree of a file that is too large is not built. The report says that the module was not checked."""
    file = source_from_text(HEADER + MODEL + LARGE[name], "net.py")
    report = check_text(file, standards())
    assert [(one.location.line, one.is_gap) for one in report.warnings] == [(1, True)]
    assert Limit.SIZE.value in report.warnings[0].message
    assert not file.cells[0].module.body


@pytest.mark.parametrize("name", sorted(LARGE))
def test_a_file_too_large_is_not_parsed_to_learn_whether_it_parses(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file that is too large is not parsed either if it has no normalization; the report says so, too."""
    monkeypatch.setattr(syntax, "_parses", lambda data: pytest.fail("it was parsed"))
    path = tmp_path / "net.py"
    path.write_text("from keras.layers import Dense\nx = Dense(8)(x)\n" + LARGE[name], encoding="utf-8")
    report = check_paths([path])
    assert [(one.location.line, one.is_gap) for one in report.warnings] == [(1, True)]
    assert Limit.SIZE.value in report.warnings[0].message


@pytest.mark.parametrize("step", ["s = s + s", "s = [*s, *s]", "s.extend(s)", "s += s", "s[1:1] = s[::-1]"])
def test_a_list_that_doubles_ends_its_part_with_a_word(step: str) -> None:
    """A list that doubles forty times ends the analysis of its function with a warning."""
    text = f"{HEADER}s = [Dense(8), Dropout(0.1)]\n" + f"{step}\n" * 40 + "model = keras.Sequential(s)\n"
    report = check_text(source_from_text(text, "net.py"), every_rule())
    assert any(one.is_gap and Limit.STEPS.value in one.message for one in report.warnings)


@pytest.mark.parametrize(
    "head",
    [
        "for a in itertools.chain.from_iterable([range(10**9)] * 10**6):",
        "for a in itertools.chain(*[range(10**9)] * 10**4):",
        "for a in zip(*[range(10**9)] * 10**4):",
        "for a, *_ in itertools.product(*[range(10**9)] * 10**4):",
    ],
)
def test_many_long_rows_end_their_part_with_a_word(head: str) -> None:
    """Many long lists end the analysis with a warning, although each of them is within its bound."""
    report = check_text(
        source_from_text(f"import itertools\n{HEADER}{head}\n    x = Dense(8)(Dropout(0.1)(x))\n", "net.py"),
        every_rule(),
    )
    assert any(one.is_gap and Limit.STEPS.value in one.message for one in report.warnings)


def test_a_text_whose_parts_are_replaced_by_longer_ones_does_not_fill_the_memory() -> None:
    """A string that grows with each `replace` becomes unknown, and the code after it is checked."""
    text = HEADER + "s = 'a' * 1000\n" + "s = s.replace('a', 'a' * 1000)\n" * 4 + MODEL
    report = check_text(source_from_text(text, "net.py"), standards())
    assert [one.code for one in report.findings] == ["ORD001"]


def test_a_large_file_below_the_bound_is_judged() -> None:
    """A model beside a large table of numbers is checked."""
    file = source_from_text(HEADER + MODEL + "x = [" + "1, " * 5_000 + "]\n", "net.py")
    report = check_text(file, standards())
    assert [one.code for one in report.findings] == ["ORD001"]
    assert not report.warnings


def test_the_cells_of_a_notebook_have_one_bound_together() -> None:
    """One bound applies to all cells of a notebook. The report names the first cell that is not checked."""
    cells = [HEADER + MODEL, LARGE["numbers"], MODEL]
    entries = [{"cell_type": "code", "metadata": {}, "source": source, "outputs": []} for source in cells]
    text = json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": entries})
    report = check_text(source_from_text(text, "net.ipynb"), standards())
    assert [one.location.cell for one in report.warnings] == [2]
    assert [one.location.cell for one in report.findings] == [1, 3]


def test_a_notebook_of_too_many_values_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """A notebook of many small JSON values is refused, since it takes sixty times as much memory as its file."""
    monkeypatch.setattr("orderlint.text.notebook._MOST_VALUES", 1_000)
    with pytest.raises(SourceError, match="more than 1,000 values"):
        source_from_text("[" + "{}," * 1_000 + "{}]", "net.ipynb")


def test_an_import_too_large_to_be_parsed_is_told(tmp_path: Path) -> None:
    """The report names an imported module that is too large to be parsed."""
    (tmp_path / "blocks.py").write_text(HEADER + MODEL + LARGE["numbers"])
    text = HEADER + "from blocks import model\nx = model(Dense(1)(model))\n"
    found = analyze(source_from_text(text, str(tmp_path / "net.py")), Project()).shortfalls
    assert {one.limit for one in found} == {Limit.IMPORTS}


@pytest.mark.parametrize(("length", "codes", "limits"), [(11, ["ORD001"], set()), (40, [], {Limit.IMPORTS})])
def test_a_chain_of_modules_that_call_each_other_is_followed_so_far(
    tmp_path: Path, length: int, codes: list[str], limits: set[Limit]
) -> None:
    """Hundreds of modules that call each other in a circle are followed up to a bound, and the report says so."""
    for number in range(length):
        text = f"from m{number + 1} import f as g\n\ndef f(x):\n    return g(x)\n"
        (tmp_path / f"m{number}.py").write_text(text)
    (tmp_path / f"m{length}.py").write_text(HEADER + "def f(x):\n    return ReLU()(x)\n")
    text = HEADER + "from m0 import f\n\ndef net(x):\n    return BatchNormalization()(f(Dense(8)(x)))\n"
    file = source_from_text(text, str(tmp_path / "net.py"))
    assert [one.code for one in check_text(file, standards()).findings] == codes
    assert {one.limit for one in analyze(file, Project()).shortfalls} == limits


def test_a_file_in_order_that_imports_a_module_too_large_is_told_of(tmp_path: Path) -> None:
    """The quick pass does not run a module that is too large either, so the report mentions it."""
    (tmp_path / "blocks.py").write_text(HEADER + MODEL + LARGE["numbers"])
    text = HEADER + "from blocks import model\nx = model(Dense(1)(model))\n"
    report = check_text(source_from_text(text, str(tmp_path / "net.py")), standards())
    assert not report.findings
    assert [one.message for one in report.warnings] == [
        "the module was only partly checked: a module that it imports was not read in full"
    ]


def test_tokens_are_counted_no_further_than_asked() -> None:
    """Counting of tokens stops soon after the bound."""
    assert num_tokens("x = [1, 1]\n") == 7
    assert num_tokens("1, " * 1_000, 10) == 11
    assert num_tokens("\n" * 800) == num_tokens("\r" * 800) == 200


def test_an_image_in_a_comment_is_not_counted() -> None:
    """Comments do not count: notebooks converted to scripts contain images as comments, and are checked."""
    image = "# ![plot](data:image/png;base64," + "iVBOR/w0+KGg" * MOST_TOKENS + ")\n"
    report = check_text(source_from_text(image + HEADER + MODEL, "net.py"), standards())
    assert [one.code for one in report.findings] == ["ORD001"]
    assert not report.warnings


def test_a_chain_of_hundreds_of_norms_is_judged_and_its_recommended_chain_left_out() -> None:
    """Each of hundreds of normalizations is reported, without the recommended chain, which is too long to read."""
    violations = judge(analyze(in_a_row(MOST_ORDERED + 100), Project()), [RULES["ORD001"]])
    assert len(violations) == MOST_ORDERED + 100
    finding = finding_of(violations[-1], DEFAULT_ORDER)
    assert len(finding.chain) == MOST_ORDERED + 102
    assert finding.recommended == ()


def test_a_unit_longer_than_is_followed_is_told() -> None:
    """A path of thousands of steps is not checked, and the report says so."""
    report = check_text(in_a_row(3_000), standards())
    assert [one.is_gap for one in report.warnings] == [True]
    assert Limit.PATHS.value in report.warnings[0].message


def test_repairs_that_are_not_tried_say_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """If there are more possible repairs than are tried, the findings of the others say why they have none."""
    monkeypatch.setattr("orderlint.repair.effort._MOST", 20)
    report = check_text(in_a_row(40), standards(), Session())
    assert len(report.findings) == 40
    reasons = [one.repair.reason for one in report.findings if one.repair is not None]
    assert TOO_MANY in reasons


def in_arms(count: int, indent: str) -> SourceFile:
    """A normalization after its activation, followed by an `elif` for each number."""
    arms = "".join(f"{indent}elif k == {n}:\n{indent}    y = Dense({n})(x)\n" for n in range(1, count))
    lines = [
        "k = 3",
        "x = ReLU()(Dense(8)(keras.Input((8,))))",
        "x = BatchNormalization()(x)",
        "if k == 0:",
        "    y = x",
    ]
    text = "def f(k):\n" * bool(indent) + "".join(f"{indent}{line}\n" for line in lines) + arms
    return source_from_text(HEADER + text, "net.py")


@pytest.mark.parametrize("indent", ["", "    "])
def test_what_lies_in_hundreds_of_branches_is_checked_and_repaired(indent: str) -> None:
    """Each `elif` is nested in the previous one. A larger stack is used where the default one is too small."""
    outcome = check_text(in_arms(600, indent), every_rule())
    assert not outcome.errors
    found = [one for one in outcome.findings if one.code == "ORD001"]
    assert [one.repair is not None for one in found] == [True]


@pytest.mark.parametrize("indent", ["", "    "])
def test_what_lies_in_a_thousand_branches_is_checked_where_python_allows_it(indent: str) -> None:
    """Python 3.12 cannot enlarge the stack that libcst needs. This is not reported as a bug of orderlint."""
    outcome = check_text(in_arms(1_200, indent), every_rule())
    if sys.version_info[:2] == (3, 12) and outcome.errors:  # some later versions of 3.12 can
        assert all("did not finish: the code is nested too deeply for Python" in one.message for one in outcome.errors)
        return
    assert not outcome.errors
    assert [one.repair is not None for one in outcome.findings if one.code == "ORD001"] == [True]


def test_what_nests_too_deeply_for_python_is_said_to(monkeypatch: pytest.MonkeyPatch) -> None:
    """Code that is nested too deeply for Python is an error of the file, not a bug, with every version of Python."""
    monkeypatch.setattr("orderlint.text.cells.node_spans", too_deep)
    outcome = check_text(in_arms(300, ""), every_rule())
    assert outcome.errors
    assert all("did not finish: the code is nested too deeply for Python" in one.message for one in outcome.errors)


def test_a_recursion_without_end_is_a_bug_where_the_code_does_not_nest(monkeypatch: pytest.MonkeyPatch) -> None:
    """Infinite recursion on code that is not deeply nested is reported as a bug."""
    monkeypatch.setattr("orderlint.text.cells.node_spans", too_deep)
    file = in_arms(3, "")
    messages = [one.message for one in check_text(file, every_rule()).errors]
    assert messages
    assert all("internal error" in message and "please report it" in message for message in messages)
    assert "internal error" in rule_failure(RULES["ORD001"], RecursionError(), file)
    assert "nested too deeply" in rule_failure(RULES["ORD001"], RecursionError(), in_arms(300, ""))


def too_deep(*_: object) -> None:
    raise RecursionError("maximum recursion depth exceeded")
