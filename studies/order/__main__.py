"""Trains what is missing from the record, or writes the page from it."""

from __future__ import annotations

from studies.command import run

if __name__ == "__main__":
    run("order", "docs/study.md")
