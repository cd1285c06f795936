"""Code that looks up names from strings."""

from __future__ import annotations

from pathlib import Path

from orderlint.source.library import reflection
from orderlint.source.state.values import External, Layer, ModuleValue
from tests.source.running import interpreter, is_unknown, value_of

HEADER = "import importlib\nfrom keras import layers\ndef block(): pass\n"


def test_names_are_evaluated() -> None:
    """`eval` of a name, a chain of attributes or a call of one has the value of that expression."""
    m = interpreter(HEADER)
    assert value_of(m, "eval('layers.ReLU')") == External("keras.layers.ReLU")
    assert isinstance(value_of(m, "eval('layers.ReLU()')"), Layer)


def test_a_layer_of_an_evaluated_text_is_made_where_that_is_evaluated() -> None:
    """The tree of the string has no place in the file."""
    made = value_of(interpreter(f"{HEADER}x = 1; y = eval('layers.ReLU()')\n"), "y")
    assert isinstance(made, Layer)
    assert made.site is not None
    assert (made.site.location().line, made.site.location().column) == (4, 12)


def test_other_text_is_unknown() -> None:
    """A string that is unknown, does not parse or is more than names is not evaluated."""
    m = interpreter(HEADER)
    assert all(is_unknown(m, text) for text in ("eval(text)", "eval('1 +')", "eval('(lambda: 1)()')"))


def test_modules_are_imported_by_name(tmp_path: Path) -> None:
    """`importlib.import_module` finds a module of the project; a computed or relative name is unknown."""
    (tmp_path / "blocks.py").write_text("x = 1\n")
    m = interpreter(HEADER, str(tmp_path / "net.py"))
    assert isinstance(value_of(m, "importlib.import_module('blocks')"), ModuleValue)
    assert is_unknown(m, "importlib.import_module(name)")
    assert value_of(m, "importlib.import_module('.layers', 'keras')") == External("keras.layers")
    assert "importlib.import_module" in reflection.FUNCTIONS


def test_the_head_of_a_package_is_imported() -> None:
    """`__import__` returns the top-level package, or the module if `fromlist` is given."""
    m = interpreter()
    assert value_of(m, "__import__('keras.layers')") == External("keras")
    assert value_of(m, "__import__('keras.layers', fromlist=['Dense'])") == External("keras.layers")


def test_names_of_which_a_part_is_known_are_evaluated() -> None:
    """`eval` of a partly known name that matches layers of one role gives one of these layers."""
    m = interpreter(HEADER)
    assert value_of(m, "eval(f'layers.Conv{n}D')") == External("keras.layers.Conv*D")
