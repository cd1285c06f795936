"""Which violations are to be repaired: those of the file that are not suppressed."""

from __future__ import annotations

import pytest

from orderlint.diagnostics import RepairKind
from orderlint.engine.wanted import Wanted
from orderlint.judging import judge, own_registry
from orderlint.source import analyze
from orderlint.text.files import source_from_text
from tests.judged import standards

NET = "x = Dense(8)(x)\nx = ReLU()(x)\nx = BatchNormalization()(x){}\n"


def wanted(comment: str = "", path: str = "net.py", kinds: tuple[RepairKind, ...] = tuple(RepairKind)) -> bool:
    """Whether the finding of a net with a comment is to be repaired in a file."""
    file = source_from_text(NET.format(comment), "net.py")
    (violation,) = judge(analyze(file), standards("ORD001").rules)
    return Wanted(own_registry(), kinds)(source_from_text(NET.format(comment), path), violation)


@pytest.mark.parametrize(
    ("comment", "result"),
    [
        ("", True),
        ("  # orderlint: ignore", False),
        ("  # orderlint: ignore[ORD002]", True),
        ("  # noqa: ORD001", False),
    ],
)
def test_what_a_comment_suppresses_is_not(comment: str, result: bool) -> None:
    """A comment for another rule does not count."""
    assert wanted(comment) is result


def test_what_stands_in_another_file_is_not() -> None:
    """It is repaired in the other file."""
    assert not wanted(path="other.py")


def test_what_is_of_another_kind_is_not() -> None:
    """If only other kinds of repairs are requested."""
    assert not wanted(kinds=(RepairKind.EQUIVALENT,))
    assert wanted(kinds=(RepairKind.CHANGES_MODEL,))
