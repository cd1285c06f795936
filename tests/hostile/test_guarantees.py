"""The page of guarantees names the test of each guarantee."""

from __future__ import annotations

import re

from tests.support import ROOT

PAGE = ROOT / "docs" / "guarantees.md"


def test_every_test_that_is_named_exists() -> None:
    """Each test that the page names exists, so that a renamed or removed one is noticed."""
    named = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", PAGE.read_text(encoding="utf-8"))
    assert len(named) > 10
    missing = [f"{path}::{name}" for path, name in named if f"def {name}(" not in (ROOT / path).read_text("utf-8")]
    assert missing == []


def test_the_policy_leads_to_the_page() -> None:
    """The security policy links to the page."""
    assert "docs/guarantees.md" in (ROOT / "SECURITY.md").read_text(encoding="utf-8")
