"""Unused suppression comments are removed, and nothing else is changed."""

from __future__ import annotations

import pytest

from orderlint.graph import Location
from orderlint.repair.text.comments import without_comments
from orderlint.text.files import source_from_text
from orderlint.text.suppression import CommentProblem
from tests.running import notebook

RULES = {"ORD001": "norm-after-activation", "ORD002": "dropout-before-norm"}


def problem(text: str, comment: str, codes: tuple[str, ...], cell: int | None = None) -> CommentProblem:
    """The problem with the comment of a text."""
    before = text[: text.index(comment)]
    line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
    return CommentProblem(Location("net.py", line, column, line, column + len(comment), cell), "", codes)


@pytest.mark.parametrize(
    ("text", "comment", "codes", "wanted"),
    [
        ("x = 1  # orderlint: ignore\n", "# orderlint: ignore", (), "x = 1\n"),
        ("# orderlint: ignore\nx = 1\n", "# orderlint: ignore", (), "x = 1\n"),
        ("    # orderlint: ignore\r\nx = 1\r\n", "# orderlint: ignore", (), "x = 1\r\n"),
        ("x = 1  # orderlint: ignore # why\n", "# orderlint: ignore", (), "x = 1  # why\n"),
        ("x = 1  # orderlint: ignore because\n", "# orderlint: ignore", (), "x = 1  # because\n"),
        (
            "x  # orderlint: ignore[ORD001, ORD002]\n",
            "# orderlint: ignore[ORD001, ORD002]",
            ("ORD001",),
            "x  # orderlint: ignore[ORD002]\n",
        ),
        (
            "x  # orderlint: ignore[norm-after-activation,ORD002]\n",
            "# orderlint: ignore[norm-after-activation,ORD002]",
            ("ORD001",),
            "x  # orderlint: ignore[ORD002]\n",
        ),
        ("x  # orderlint: ignore[ORD001]\n", "# orderlint: ignore[ORD001]", ("ORD001",), "x\n"),
        ("x  # noqa: E501, ORD001\n", "# noqa: E501, ORD001", ("ORD001",), "x  # noqa: E501\n"),
    ],
)
def test_what_is_idle_goes(text: str, comment: str, codes: tuple[str, ...], wanted: str) -> None:
    """The whole comment with its blanks or its line, or the unused codes."""
    file = source_from_text(text, "net.py")
    assert without_comments(file, [problem(text, comment, codes)], RULES) == wanted


def test_a_comment_of_a_cell_goes_from_that_cell() -> None:
    """The rest of the notebook is identical byte for byte."""
    source = "x = 1  # orderlint: ignore"
    text = notebook(source)
    file = source_from_text(text, "net.ipynb")
    found = without_comments(file, [problem(source, "# orderlint: ignore", (), 1)], RULES)
    assert found == text.replace("  # orderlint: ignore", "")
