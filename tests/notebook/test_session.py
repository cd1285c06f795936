"""Executed cells as a notebook."""

from __future__ import annotations

from orderlint.notebook.session import latest


def test_a_cell_that_was_changed_and_run_again_is_its_last_version() -> None:
    """Earlier versions of a cell are blank, so that execution counts are kept."""
    assert latest(["", "a", "b", "c"], {1: "x", 3: "x"}) == ["", "b", "c"]


def test_the_magic_of_a_checked_cell_is_taken_off() -> None:
    """A cell with `%%orderlint` is checked as Python, and its line numbers are the same."""
    assert latest(["", "%%orderlint --select ORD001\nx = 1"], {}) == ["\nx = 1"]
