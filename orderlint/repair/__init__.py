"""Turns violations into edited source: plans for single findings, and files that are repaired under a safety net.

Everything is loaded when it is first used, because planning needs libcst.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from orderlint.repair.results import FixResult, Plan
    from orderlint.repair.rounds import fix_text, plan

__all__ = ["FixResult", "Plan", "fix_text", "plan"]

_MODULES = {
    "FixResult": "results",
    "Plan": "results",
    "fix_text": "rounds",
    "plan": "rounds",
}


def __getattr__(name: str) -> Any:
    if name not in _MODULES:
        raise AttributeError(name)
    from importlib import import_module

    return getattr(import_module(f"orderlint.repair.{_MODULES[name]}"), name)
