"""Work is bounded whatever the size of what is given, and where a bound is met the report says so."""

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
    """What no glance can answer for: the file gets its analysis."""
    return Standards(tuple(RULES.values()))


def in_a_row(count: int) -> SourceFile:
    """A model with so many normalizations in a row, all behind the activation."""
    layers = "Dense(8), ReLU(), " + "BatchNormalization(), " * count
    return source_from_text(f"{HEADER}model = keras.Sequential([{layers}])\n", "net.py")


@pytest.mark.parametrize("name", sorted(LARGE))
def test_a_file_too_large_to_be_parsed_is_told_and_not_parsed(name: str) -> None:
    """Its tree would fill the memory: it is not built, and the report says that the module was not judged."""
    file = source_from_text(HEADER + MODEL + LARGE[name], "net.py")
    report = check_text(file, standards())
    assert [(one.location.line, one.is_gap) for one in report.warnings] == [(1, True)]
    assert Limit.SIZE.value in report.warnings[0].message
    assert not file.cells[0].module.body


@pytest.mark.parametrize("name", sorted(LARGE))
def test_a_file_too_large_is_not_parsed_to_learn_whether_it_parses(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a normalization it cannot hold a finding, and is screened; what is never parsed is told there too."""
    monkeypatch.setattr(syntax, "_parses", lambda data: pytest.fail("it was parsed"))
    path = tmp_path / "net.py"
    path.write_text("from keras.layers import Dense\nx = Dense(8)(x)\n" + LARGE[name], encoding="utf-8")
    report = check_paths([path])
    assert [(one.location.line, one.is_gap) for one in report.warnings] == [(1, True)]
    assert Limit.SIZE.value in report.warnings[0].message


@pytest.mark.parametrize("step", ["s = s + s", "s = [*s, *s]", "s.extend(s)", "s += s", "s[1:1] = s[::-1]"])
def test_a_list_that_doubles_ends_its_part_with_a_word(step: str) -> None:
    """Forty lines would make more layers than there is memory: the steps that they take are counted, and end it."""
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
    """Each alone is within its bound, and all together would fill the memory."""
    report = check_text(
        source_from_text(f"import itertools\n{HEADER}{head}\n    x = Dense(8)(Dropout(0.1)(x))\n", "net.py"),
        every_rule(),
    )
    assert any(one.is_gap and Limit.STEPS.value in one.message for one in report.warnings)


def test_a_text_whose_parts_are_replaced_by_longer_ones_does_not_fill_the_memory() -> None:
    """It becomes unknown, and what follows is judged."""
    text = HEADER + "s = 'a' * 1000\n" + "s = s.replace('a', 'a' * 1000)\n" * 4 + MODEL
    report = check_text(source_from_text(text, "net.py"), standards())
    assert [one.code for one in report.findings] == ["ORD001"]


def test_a_large_file_below_the_bound_is_judged() -> None:
    """A table of numbers beside a model does not keep the model from being judged."""
    file = source_from_text(HEADER + MODEL + "x = [" + "1, " * 5_000 + "]\n", "net.py")
    report = check_text(file, standards())
    assert [one.code for one in report.findings] == ["ORD001"]
    assert not report.warnings


def test_the_cells_of_a_notebook_have_one_bound_together() -> None:
    """What comes after the cells that fill the bound is left out and named by its cell."""
    cells = [HEADER + MODEL, LARGE["numbers"], MODEL]
    entries = [{"cell_type": "code", "metadata": {}, "source": source, "outputs": []} for source in cells]
    text = json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": entries})
    report = check_text(source_from_text(text, "net.ipynb"), standards())
    assert [one.location.cell for one in report.warnings] == [2]
    assert [one.location.cell for one in report.findings] == [1, 3]


def test_a_notebook_of_too_many_values_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """JSON of brackets becomes sixty times as many bytes of objects."""
    monkeypatch.setattr("orderlint.text.notebook._MOST_VALUES", 1_000)
    with pytest.raises(SourceError, match="more than 1,000 values"):
        source_from_text("[" + "{}," * 1_000 + "{}]", "net.ipynb")


def test_an_import_too_large_to_be_parsed_is_told(tmp_path: Path) -> None:
    """A module that is too large to be read is named where it is imported."""
    (tmp_path / "blocks.py").write_text(HEADER + MODEL + LARGE["numbers"])
    text = HEADER + "from blocks import model\nx = model(Dense(1)(model))\n"
    found = analyze(source_from_text(text, str(tmp_path / "net.py")), Project()).shortfalls
    assert {one.limit for one in found} == {Limit.IMPORTS}


@pytest.mark.parametrize(("length", "codes", "limits"), [(11, ["ORD001"], set()), (40, [], {Limit.IMPORTS})])
def test_a_chain_of_modules_that_call_each_other_is_followed_so_far(
    tmp_path: Path, length: int, codes: list[str], limits: set[Limit]
) -> None:
    """Each of hundreds of files that call each other in a circle would run all of them; what is left out is told."""
    for number in range(length):
        text = f"from m{number + 1} import f as g\n\ndef f(x):\n    return g(x)\n"
        (tmp_path / f"m{number}.py").write_text(text)
    (tmp_path / f"m{length}.py").write_text(HEADER + "def f(x):\n    return ReLU()(x)\n")
    text = HEADER + "from m0 import f\n\ndef net(x):\n    return BatchNormalization()(f(Dense(8)(x)))\n"
    file = source_from_text(text, str(tmp_path / "net.py"))
    assert [one.code for one in check_text(file, standards()).findings] == codes
    assert {one.limit for one in analyze(file, Project()).shortfalls} == limits


def test_a_file_in_order_that_imports_a_module_too_large_is_told_of(tmp_path: Path) -> None:
    """A glance does not run the module either: what is in it is not in view."""
    (tmp_path / "blocks.py").write_text(HEADER + MODEL + LARGE["numbers"])
    text = HEADER + "from blocks import model\nx = model(Dense(1)(model))\n"
    report = check_text(source_from_text(text, str(tmp_path / "net.py")), standards())
    assert not report.findings
    assert [one.message for one in report.warnings] == [
        "the module was only partly checked: a module that it imports was not read in full"
    ]


def test_tokens_are_counted_no_further_than_asked() -> None:
    """The count ends soon after the bound."""
    assert num_tokens("x = [1, 1]\n") == 7
    assert num_tokens("1, " * 1_000, 10) == 11
    assert num_tokens("\n" * 800) == num_tokens("\r" * 800) == 200


def test_an_image_in_a_comment_is_not_counted() -> None:
    """Notebooks turned into scripts hold their images as lines of comment; they are judged all the same."""
    image = "# ![plot](data:image/png;base64," + "iVBOR/w0+KGg" * MOST_TOKENS + ")\n"
    report = check_text(source_from_text(image + HEADER + MODEL, "net.py"), standards())
    assert [one.code for one in report.findings] == ["ORD001"]
    assert not report.warnings


def test_a_chain_of_hundreds_of_norms_is_judged_and_its_recommended_chain_left_out() -> None:
    """Every normalization is reported; a chain that nobody reads is not put in order."""
    violations = judge(analyze(in_a_row(MOST_ORDERED + 100), Project()), [RULES["ORD001"]])
    assert len(violations) == MOST_ORDERED + 100
    finding = finding_of(violations[-1], DEFAULT_ORDER)
    assert len(finding.chain) == MOST_ORDERED + 102
    assert finding.recommended == ()


def test_a_unit_longer_than_is_followed_is_told() -> None:
    """A path of thousands of steps is not judged, and never without a word."""
    report = check_text(in_a_row(3_000), standards())
    assert [one.is_gap for one in report.warnings] == [True]
    assert Limit.PATHS.value in report.warnings[0].message


def test_repairs_that_are_not_tried_say_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where more repairs come into question than are tried, each of the others says why it is not offered."""
    monkeypatch.setattr("orderlint.repair.effort._MOST", 20)
    report = check_text(in_a_row(40), standards(), Session())
    assert len(report.findings) == 40
    reasons = [one.repair.reason for one in report.findings if one.repair is not None]
    assert TOO_MANY in reasons


def in_arms(count: int, indent: str) -> SourceFile:
    """A norm after its activation, and an `elif` for each number after it."""
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
    """Each `elif` lies in the one before; a stack that is too small for them is made larger."""
    outcome = check_text(in_arms(600, indent), every_rule())
    assert not outcome.errors
    found = [one for one in outcome.findings if one.code == "ORD001"]
    assert [one.repair is not None for one in found] == [True]


@pytest.mark.parametrize("indent", ["", "    "])
def test_what_lies_in_a_thousand_branches_is_checked_where_python_allows_it(indent: str) -> None:
    """Python 3.12 allows no larger stack for what libcst does; no bug of orderlint is to be reported then."""
    outcome = check_text(in_arms(1_200, indent), every_rule())
    if sys.version_info[:2] == (3, 12) and outcome.errors:  # from some 3.12.x on it is allowed
        assert all("did not finish: the code is nested too deeply for Python" in one.message for one in outcome.errors)
        return
    assert not outcome.errors
    assert [one.repair is not None for one in outcome.findings if one.code == "ORD001"] == [True]


def test_what_nests_too_deeply_for_python_is_said_to(monkeypatch: pytest.MonkeyPatch) -> None:
    """However much the running Python allows: it is no bug that is to be reported."""
    monkeypatch.setattr("orderlint.text.cells.node_spans", too_deep)
    outcome = check_text(in_arms(300, ""), every_rule())
    assert outcome.errors
    assert all("did not finish: the code is nested too deeply for Python" in one.message for one in outcome.errors)


def test_a_recursion_without_end_is_a_bug_where_the_code_does_not_nest(monkeypatch: pytest.MonkeyPatch) -> None:
    """The user cannot split what is not long: it is to be reported, whatever failed."""
    monkeypatch.setattr("orderlint.text.cells.node_spans", too_deep)
    file = in_arms(3, "")
    messages = [one.message for one in check_text(file, every_rule()).errors]
    assert messages
    assert all("internal error" in message and "please report it" in message for message in messages)
    assert "internal error" in rule_failure(RULES["ORD001"], RecursionError(), file)
    assert "nested too deeply" in rule_failure(RULES["ORD001"], RecursionError(), in_arms(300, ""))


def too_deep(*_: object) -> None:
    raise RecursionError("maximum recursion depth exceeded")
