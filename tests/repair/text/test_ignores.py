"""A suppression comment is added for each finding, and code is not changed."""

from __future__ import annotations

import json

import pytest

from orderlint.diagnostics import Finding
from orderlint.graph import Location
from orderlint.repair.text.ignores import with_ignores
from orderlint.text.files import source_from_text
from tests.running import notebook


def finding(line: int, end_line: int | None = None, code: str = "ORD001", cell: int | None = None) -> Finding:
    return Finding(code, "name", "message", Location("net.py", line, 1, end_line or line, 9, cell=cell), ())


@pytest.mark.parametrize(
    ("text", "findings", "wanted"),
    [
        ("x = f()\n", [finding(1)], "x = f()  # orderlint: ignore[ORD001]\n"),
        ("x = f()  # why\n", [finding(1)], "x = f()  # why  # orderlint: ignore[ORD001]\n"),
        (
            "x = f()  # orderlint: ignore[ORD002]\n",
            [finding(1), finding(1, code="ORD003")],
            "x = f()  # orderlint: ignore[ORD002, ORD001, ORD003]\n",
        ),
        ("x = f(\n    1)\n", [finding(1, 2)], "x = f(  # orderlint: ignore[ORD001]\n    1)\n"),
        (
            "x = 1 + \\\n    f()\r\n",
            [finding(1)],
            "# orderlint: disable[ORD001]\r\nx = 1 + \\\n    f()\r\n# orderlint: enable[ORD001]\r\n",
        ),
    ],
)
def test_a_comment_goes_on_a_line_that_can_take_one(text: str, findings: list[Finding], wanted: str) -> None:
    """At the end of the line, or around the statement if a line cannot have a comment."""
    found = with_ignores(source_from_text(text, "net.py"), findings)
    assert found.text.replace("\r\n", "\n") == wanted.replace("\r\n", "\n")
    assert found.left == ()


@pytest.mark.parametrize(
    ("cell", "end_line", "wanted"),
    [
        ("x = 1 + \\\n    f()", 2, "x = 1 + \\\n    f()  # orderlint: ignore[ORD001]"),
        ("%time x = f(\n    1)", 2, "%time x = f(\n    1)  # orderlint: ignore[ORD001]"),
        ("%time x = f()", 1, "# orderlint: disable[ORD001]\n%time x = f()\n# orderlint: enable[ORD001]"),
    ],
)
def test_a_line_with_a_magic_takes_none(cell: str, end_line: int, wanted: str) -> None:
    """A magic may receive the line as an argument. The newlines are those of the cell, not of the file."""
    text = notebook("x = 1", cell).replace("\n", "\r\n")
    found = with_ignores(source_from_text(text, "net.ipynb"), [finding(1, end_line, cell=2)])
    assert ["".join(one["source"]) for one in json.loads(found.text)["cells"]] == ["x = 1", wanted]
    assert (found.num_comments, found.left) == (wanted.count("#"), ())
