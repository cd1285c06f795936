"""Code that looks names up as text."""

from __future__ import annotations

from pathlib import Path

from orderlint.source.library import reflection
from orderlint.source.state.values import External, Layer, ModuleValue
from tests.source.running import interpreter, is_unknown, value_of

HEADER = "import importlib\nfrom keras import layers\ndef block(): pass\n"


def test_names_are_evaluated() -> None:
    """`eval` of a name, an attribute chain or a call of one is what it says."""
    m = interpreter(HEADER)
    assert value_of(m, "eval('layers.ReLU')") == External("keras.layers.ReLU")
    assert isinstance(value_of(m, "eval('layers.ReLU()')"), Layer)


def test_other_text_is_unknown() -> None:
    """Text that is unknown, does not parse or is more than names is not evaluated."""
    m = interpreter(HEADER)
    assert all(is_unknown(m, text) for text in ("eval(text)", "eval('1 +')", "eval('(lambda: 1)()')"))


def test_globals_are_looked_up() -> None:
    """`globals()[name]` finds what the module defines and imports."""
    m = interpreter(HEADER)
    assert value_of(m, "globals()['block']") == value_of(m, "block")


def test_modules_are_imported_by_name(tmp_path: Path) -> None:
    """`importlib.import_module` finds a module of the project; a computed or relative name is unknown."""
    (tmp_path / "blocks.py").write_text("x = 1\n")
    m = interpreter(HEADER, str(tmp_path / "net.py"))
    assert isinstance(value_of(m, "importlib.import_module('blocks')"), ModuleValue)
    assert is_unknown(m, "importlib.import_module(name)")
    assert "importlib.import_module" in reflection.FUNCTIONS
