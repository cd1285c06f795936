"""Comments that suppress findings."""

from __future__ import annotations

import json
import pickle

import pytest

from orderlint.graph import Location
from orderlint.text.files import SourceFile, source_from_text
from orderlint.text.suppression import Suppressions, suppressions

RULES = {
    "ORD001": "norm-after-activation",
    "ORD002": "dropout-before-norm",
    "ORD003": "dropout-before-activation",
    "ORD101": "redundant-bias",
    "ORD900": "invalid-syntax",
    "ORD901": "unused-suppression",
}
DEFAULT = ("ORD001", "ORD002", "ORD003")


def read(text: str) -> Suppressions:
    return suppressions(source_from_text(text, "net.py"), RULES, {"ORD901"})


def notebook(*cells: str) -> SourceFile:
    entries = [{"cell_type": "code", "source": cell, "metadata": {}} for cell in cells]
    return source_from_text(json.dumps({"cells": entries, "metadata": {}}), "net.ipynb")


def at(line: int, end_line: int | None = None, cell: int | None = None) -> Location:
    return Location("net.py", line, 1, end_line or line, 5, cell)


def messages(comments: Suppressions) -> list[tuple[int, str]]:
    return [(problem.location.line, problem.message) for problem in comments.problems]


def unused(comments: Suppressions, *ran: str) -> list[tuple[int, str]]:
    return [(problem.location.line, problem.message) for problem in comments.unused(ran or DEFAULT, DEFAULT)]


@pytest.mark.parametrize(
    ("comment", "covered"),
    [
        ("# orderlint: ignore[ORD001]", {"ORD001"}),
        ("# orderlint: ignore[ORD001, ORD003] as in the paper", {"ORD001", "ORD003"}),
        ("#orderlint:ignore[ord001 ord002]", {"ORD001", "ORD002"}),
        ("# orderlint: ignore[ORD00]", {"ORD001", "ORD002", "ORD003"}),
        ("# orderlint: ignore[norm-after-activation]", {"ORD001"}),
        ("# orderlint: ignore", set(RULES) - {"ORD901"}),
        ("# orderlint: ignore: see the paper", set(RULES) - {"ORD901"}),
        ("# orderlint: ignore[ORD901]", {"ORD901"}),
        ("# noqa: ORD001", {"ORD001"}),
        ("# noqa:E501,ORD001 , W291", {"ORD001"}),
        ("# NOQA : ORD001 ORD002", {"ORD001", "ORD002"}),
        ("# type: ignore # noqa: ORD001", {"ORD001"}),
        ("# noqa", set(RULES) - {"ORD901"}),
        ("# noqa because of the paper", set(RULES) - {"ORD901"}),
        ("# noqa: E501", set()),
        ("# flake8: noqa", set()),
        ("# ruff: noqa: ORD001", set()),
        ("# noqa-like", set()),
        ("# my orderlint ignore", set()),
    ],
)
def test_a_comment_covers_codes_on_its_line(comment: str, covered: set[str]) -> None:
    """Codes, prefixes and names count; without codes, all are covered; codes of other linters are ignored."""
    comments = read(f"a\nx = f(x)  {comment}\nb\n")
    assert {code for code in RULES if comments.covers(code, at(2))} == covered
    assert not any(comments.covers(code, place) for code in RULES for place in (at(1), at(3)))
    assert comments.problems == ()


def test_a_comment_counts_on_any_line_of_the_expression() -> None:
    """The reported expression may have several lines, with the comment after any of them."""
    comments = read("x = BatchNormalization(\n    axis=1,  # orderlint: ignore[ORD001]\n)(x)\n")
    assert comments.covers("ORD001", at(1, 3))
    assert not comments.covers("ORD001", at(3, 3))


@pytest.mark.parametrize(
    "text",
    [
        "x = '# orderlint: ignore'\n",
        '"""\n# orderlint: ignore\n"""\n',
        "x = f'''\n# noqa\n'''\n",
        "x = 'a' '# orderlint: skip-file'\n",
    ],
)
def test_strings_are_no_comments(text: str) -> None:
    """A suppression in a string suppresses nothing."""
    comments = read(text)
    assert not comments
    assert not any(comments.covers("ORD001", at(line)) for line in (1, 2, 3))


def test_a_range_covers_the_lines_between() -> None:
    """`disable` starts at its line, and `enable` ends the range for its codes."""
    comments = read(
        "a\n# orderlint: disable[ORD001, ORD002]\nb\n# orderlint: enable[ORD001]\nc\n# orderlint: enable[ORD002]\nd\n"
    )
    lines = range(1, 8)
    assert [line for line in lines if comments.covers("ORD001", at(line))] == [2, 3]
    assert [line for line in lines if comments.covers("ORD002", at(line))] == [2, 3, 4, 5]
    assert not comments.covers("ORD003", at(3))


def test_a_range_that_is_not_ended_lasts_to_the_end() -> None:
    """A range that starts again after an end is a new one."""
    comments = read("# orderlint: disable\na\n# orderlint: enable\nb\n# orderlint: disable[ORD001]\nc\n")
    assert [line for line in range(1, 7) if comments.covers("ORD001", at(line))] == [1, 2, 5, 6]
    assert [line for line in range(1, 7) if comments.covers("ORD002", at(line))] == [1, 2]


def test_ranges_go_on_over_the_cells_of_a_notebook() -> None:
    """The cells are one module in order; a line comment only counts in its own cell."""
    file = notebook(
        "a\n# orderlint: disable[ORD001]", "b  # orderlint: ignore[ORD002]", "c\n# orderlint: enable[ORD001]\nd"
    )
    comments = suppressions(file, RULES)
    places = [at(1, cell=1), at(2, cell=1), at(1, cell=2), at(1, cell=3), at(3, cell=3)]
    assert [comments.covers("ORD001", place) for place in places] == [False, True, True, True, False]
    assert [comments.covers("ORD002", place) for place in places] == [False, False, True, False, False]


@pytest.mark.parametrize(
    "text",
    [
        "# orderlint: skip-file\nimport keras\n",
        "#!/usr/bin/env python\n# coding: utf-8\n\n# Copyright\n#\n# orderlint: skip-file\n",
        '"""A model.\n\nLong."""\n# orderlint: skip-file\nimport keras\n',
        "import keras  # orderlint: skip-file\n",
        "# orderlint: skip-file\nprint 'Python 2'\n",
    ],
)
def test_a_file_can_be_skipped_in_its_first_lines(text: str) -> None:
    """The comment is above the first statement except a docstring, or in the first line; the file need not parse."""
    comments = read(text)
    assert comments.skips_file
    assert comments.covers("ORD001", at(99))
    assert messages(comments) == unused(comments) == []


def test_further_down_a_file_is_not_skipped() -> None:
    """A comment deep in a file must not disable the whole file unnoticed."""
    comments = read("import keras\nx = 1\n# orderlint: skip-file\n")
    assert not comments.skips_file
    assert messages(comments) == [(3, "`# orderlint: skip-file` only works above the first statement of a file")]


def test_a_notebook_is_skipped_from_its_first_cell() -> None:
    """Magics before the comment are not statements; later cells cannot skip the notebook."""
    assert suppressions(notebook("%matplotlib inline\n# orderlint: skip-file", "x"), RULES).skips_file
    comments = suppressions(notebook("x", "# orderlint: skip-file"), RULES)
    assert not comments.skips_file
    assert [problem.location.cell for problem in comments.problems] == [2]


@pytest.mark.parametrize(
    ("comment", "message"),
    [
        ("# orderlint: ignore[ORD0O1]", "unknown rule `ORD0O1`; did you mean `ORD001`?"),
        ("# orderlint: ignore[norm-after-activations]", "did you mean `norm-after-activation`?"),
        ("# orderlint: ignore[E501]", "unknown rule `E501`"),
        ("# noqa: ORD999", "unknown rule `ORD999`"),
        ("# orderlint: ingore[ORD001]", "unknown suppression comment `ingore`; did you mean `ignore`?"),
        ("# orderlint: off", "known are `ignore`, `disable`, `enable`, `skip-file`"),
        ("# orderlint: ignore[]", "names no code, so it suppresses nothing"),
        ("# orderlint: ignore ORD001", "write the codes in brackets: `# orderlint: ignore[ORD001]`"),
        ("# orderlint: disable=ORD001,ORD002", "write the codes in brackets: `# orderlint: disable[ORD001, ORD002]`"),
    ],
)
def test_mistakes_are_warned_of(comment: str, message: str) -> None:
    """The warning has the place and the probable intention."""
    comments = read(f"a\nx = f(x)  {comment}\n")
    assert [line for line, _ in messages(comments)] == [2]
    assert message in messages(comments)[0][1]


def test_codes_without_brackets_do_not_suppress_all() -> None:
    """The code counts without brackets, too."""
    comments = read("x = f(x)  # orderlint: ignore ORD001\n")
    assert comments.covers("ORD001", at(1))
    assert not comments.covers("ORD002", at(1))


@pytest.mark.parametrize("comment", ["# orderlint: ignore[]", "# orderlint: ignore[ORD999]"])
def test_a_comment_without_a_known_code_suppresses_nothing(comment: str) -> None:
    """The comment was not meant for all rules."""
    assert not read(f"x  {comment}\n").covers("ORD001", at(1))


def test_unused_comments_are_told() -> None:
    """The warning lists the codes that suppressed nothing."""
    comments = read(
        "a  # orderlint: ignore[ORD001, ORD002]\n"
        "b  # orderlint: ignore[ORD001]\n"
        "c  # orderlint: ignore\n"
        "d  # noqa: ORD003, E501\n"
        "e  # noqa\n"
        "# orderlint: disable[ORD002]\n"
        "# orderlint: enable[ORD002]\n"
        "# orderlint: enable[ORD003]\n"
        "f  # orderlint: ignore[ORD001, ORD002, ORD003, ORD00]\n"
        "# orderlint: enable[ORD001, ORD002, ORD003, ORD00]\n"
    )
    assert comments.covers("ORD001", at(1))
    assert unused(comments) == [
        (1, "`ORD002` in this `ignore` suppresses nothing"),
        (2, "this `# orderlint: ignore[ORD001]` suppresses nothing"),
        (3, "this `# orderlint: ignore` suppresses nothing"),
        (4, "this `# noqa: ORD003` suppresses nothing"),
        (6, "this `# orderlint: disable[ORD002]` suppresses nothing"),
        (8, "this `enable` ends nothing: `ORD003` is not disabled here"),
        (9, "this `# orderlint: ignore[ORD001, ORD002, ORD003, …]` suppresses nothing"),
        (10, "this `enable` ends nothing: `ORD001`, `ORD002` and 2 more are not disabled here"),
    ]


def test_comments_are_judged_only_for_codes_that_ran() -> None:
    """Another rule might have a finding there; without codes, any default rule might."""
    comments = read("a  # orderlint: ignore[ORD001]\nb  # orderlint: ignore\nc  # orderlint: ignore[ORD1]\n")
    assert unused(comments, "ORD002", "ORD901") == []
    assert [line for line, _ in unused(comments, *DEFAULT)] == [1, 2]
    assert [line for line, _ in unused(comments, "ORD101")] == [3]


def test_every_comment_that_covers_a_finding_is_used() -> None:
    """A range and a comment in the same line are both used."""
    comments = read("# orderlint: disable[ORD001]\na  # orderlint: ignore[ORD001]  # noqa\n")
    assert comments.covers("ORD001", at(2))
    assert unused(comments) == []


def test_comments_can_be_sent_to_another_process() -> None:
    """Files are read in several processes, and the findings are collected in one."""
    comments = pickle.loads(pickle.dumps(read("a  # orderlint: ignore[ORD001]\n")))
    assert comments.covers("ORD001", at(1))


def test_a_comment_has_its_place() -> None:
    """The location is that of the directive, not of the whole comment or line."""
    problem = read("é = 1  # type: ignore # orderlint: ignore[ORD999] x\n").problems[0]
    assert (problem.location.column, problem.location.end_column) == (23, 50)
