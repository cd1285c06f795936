"""Properties of all models of a library of Keras models."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import orderlint
from orderlint.graph import Role
from orderlint.runtime.errors import FileReadError
from orderlint.runtime.models import read_model
from orderlint.runtime.saved import read_file

__all__ = ["check_model"]


def check_model(model: Any, name: str, folder: Path) -> None:
    """The graph of the model reaches its last layer and has no finding; its file does not contain layers."""
    read = read_model(model)
    assert read.notes == ()
    assert any(Role.LINEAR in call.roles for graph in read.graphs for call in graph.calls)
    report = orderlint.inspect_model(model)
    assert (report.findings, report.errors, report.warnings) == ((), (), ())
    path = folder / "model.json"
    path.write_text(model.to_json(), encoding="utf-8")
    with pytest.raises(FileReadError, match=f"`{name}` is a subclassed model"):
        read_file(path)
