"""Misspelled names of installed packages in the configuration of roles."""

from __future__ import annotations

from pathlib import Path

import pytest

from orderlint import check_source
from orderlint.engine.mistyped import is_slip

NET = """\
from keras import layers
from extlib.blocks import (
    ConvBlock as Block,
    SyncNorm,
)


def f(x):
    return SyncNorm()(layers.ReLU()(layers.Dense(8)(x)))
"""


def said(text: str, *names: str) -> list[str]:
    """The warnings about a text, with the role of a normalization for some names."""
    report = check_source(text, "net.py", roles=dict.fromkeys(names, "norm"), isolated=True)
    return [f"{one.location.line}: {one.message}" for one in report.warnings]


@pytest.mark.parametrize("name", ["extlib.block.SyncNorm", "extlib.blcoks.SyncNorm", "extlib.blocks.SyncNrom"])
def test_a_slip_is_asked_about(name: str) -> None:
    """An imported name without a role that is similar to one with a role is named at its import."""
    assert said(NET, name) == [
        f"2: `extlib.blocks.SyncNorm` has no role, but `roles` names `{name}`: is that the same layer?"
    ]


@pytest.mark.parametrize(
    ("start", "layer"),
    [("import extlib.blocks as b", "b.SyncNorm"), ("import extlib.blocks", "extlib.blocks.SyncNorm")],
)
def test_a_slip_is_asked_about_where_a_module_is_imported(start: str, layer: str) -> None:
    """A name read from an imported module is named where it is first read."""
    text = f"from keras import layers\n{start}\n\nx = {layer}()(layers.ReLU()(x))\ny = {layer}()(x)\n"
    assert said(text, "extlib.block.SyncNorm") == [
        "4: `extlib.blocks.SyncNorm` has no role, but `roles` names `extlib.block.SyncNorm`: is that the same layer?"
    ]


@pytest.mark.parametrize("name", ["extlib.blocks.SyncNorm", "extlib.v2.SyncNorm", "otherlib.blocks.SyncNorms"])
def test_other_names_are_not_asked_about(name: str) -> None:
    """Correct names, and names that differ by more than a typo."""
    assert said(NET, name) == []


def test_a_name_that_is_used_is_not_asked_about() -> None:
    """If the file imports both spellings, both exist."""
    assert said(NET + "\nfrom extlib.block import SyncNorm as Other\n", "extlib.block.SyncNorm") == []
    assert said(NET, "extlib.block.SyncNorm", "extlib.blocks.SyncNorm") == []


@pytest.mark.parametrize(
    ("known", "given", "expected"),
    [
        ("lib.norms.Sync", "lib.norm.Sync", True),
        ("lib.Syncnorm", "lib.SyncNorm", True),
        ("lib.sync_norm", "lib.syncnorm", True),
        ("lib.v1.Conv", "lib.v2.Conv", False),
        ("lib.block1.Conv", "lib.block.Conv", False),
        ("lib.block12.Conv", "lib.block21.Conv", False),
        ("lib.ConvBN", "lib.ConvBNA", False),
        ("lib.tf.Conv", "lib.tfk.Conv", False),
        ("lib.norms.Sync", "lib.norm.Snyc", False),
        ("lib.Sync", "lib.norm.Sync", False),
    ],
)
def test_what_is_a_slip(known: str, given: str, expected: bool) -> None:
    """Case, an underscore, two swapped letters, or an additional letter in a module; never a digit."""
    assert is_slip(known.split("."), given.split(".")) is expected


def test_a_slip_in_a_module_of_the_project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """If the project has a module of the misspelled name, `misnamed` reports it instead."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "extlib").mkdir()
    (tmp_path / "extlib" / "__init__.py").touch()
    (tmp_path / "extlib" / "blocks.py").write_text("import keras\n\n\nclass SyncNorm(keras.layers.Layer):\n    pass\n")
    (tmp_path / "pyproject.toml").touch()
    assert said(NET, "extlb.blocks.SyncNorm") == [
        "2: `extlib.blocks.SyncNorm` has no role, but `roles` names `extlb.blocks.SyncNorm`: is that the same layer?"
    ]
    assert all("is that the same layer" not in one for one in said(NET, "extlib.block.SyncNorm"))
