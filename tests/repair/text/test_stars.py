"""The names of a star import are read from the imported module of the project."""

from __future__ import annotations

from pathlib import Path

import libcst as cst
import pytest

from orderlint.repair.text.stars import brings, layers_of, module_of, of_layers
from orderlint.repair.text.syntax import Syntax
from orderlint.source import Project
from orderlint.text.files import source_from_text


def star(text: str) -> cst.ImportFrom:
    statement = cst.parse_statement(text)
    assert isinstance(statement, cst.SimpleStatementLine)
    (node,) = statement.body
    assert isinstance(node, cst.ImportFrom)
    return node


def importer(folder: Path) -> Syntax:
    return Syntax(source_from_text("", str(folder / "net.py")), Project())


@pytest.mark.parametrize(
    ("core", "wanted"),
    [
        ("from keras.layers import ReLU\n", True),
        ("class ReLU: pass\n", True),
        ("if x:\n    ReLU = 1\n", True),
        ("def f():\n    ReLU = 1\n", False),
        ("from keras.layers import ReLU, Dense\n__all__ = ['Dense']\n", False),
        ("from keras.layers import ReLU, Dense\n__all__ = ('ReLU',)\n", True),
        ("from keras.layers import ReLU\n__all__ = names()\n", False),
        ("from keras.layers import ReLU\n__all__ = ['ReLU']\n__all__ += more\n", False),
        ("from keras.layers import *\n", True),
        ("from other import *\n", True),
        ("from core import *\n", False),
        ("import keras\n", False),
        ("def broken(:\n", False),
    ],
)
def test_a_star_import_brings_what_its_module_exports(tmp_path: Path, core: str, wanted: bool) -> None:
    """By `__all__` if there is one, and through further star imports."""
    (tmp_path / "core.py").write_text(core)
    (tmp_path / "other.py").write_text("class ReLU: pass\n")
    assert brings(importer(tmp_path), star("from core import *"), "ReLU") is wanted


def test_names_with_an_underscore_are_not_brought(tmp_path: Path) -> None:
    """Unless `__all__` lists them."""
    core = tmp_path / "core.py"
    core.write_text("_ReLU = 1\n")
    assert not brings(importer(tmp_path), star("from core import *"), "_ReLU")
    core.write_text("_ReLU = 1\n__all__ = ['_ReLU']\n")
    assert brings(importer(tmp_path), star("from .core import *"), "_ReLU")


@pytest.mark.parametrize("text", ["from nowhere import *", "from folder import *", "from .nowhere import *"])
def test_what_cannot_be_read_brings_nothing(tmp_path: Path, text: str) -> None:
    """Its names are unknown."""
    (tmp_path / "folder").mkdir()
    assert not brings(importer(tmp_path), star(text), "ReLU")
    assert layers_of(importer(tmp_path), star(text)) is None


def test_where_a_module_has_its_layers_from(tmp_path: Path) -> None:
    """The only module from which it imports layers; none if there are two."""
    core = tmp_path / "core.py"
    core.write_text("from tensorflow.keras.layers import Dense\n")
    node = star("from core import *")
    assert layers_of(importer(tmp_path), node) == "tensorflow.keras.layers"
    core.write_text("from tensorflow.keras.layers import Dense\nfrom keras.layers import ReLU\n")
    assert layers_of(importer(tmp_path), node) is None


def test_modules_of_layers_are_told_by_their_names() -> None:
    """Under all names of the package that they have had."""
    names = ["keras.layers", "tensorflow.keras.layers", "keras.api.layers", "my_keras.layers", "layers", "keras"]
    assert [of_layers(name) for name in names] == [True, True, True, False, False, False]
    assert module_of(star("from ..a.b import c")) == "..a.b"
    assert module_of(star("from . import c")) == "."


def test_a_module_is_read_once(tmp_path: Path) -> None:
    """Once for all layers of a file."""
    (tmp_path / "core.py").write_text("class ReLU: pass\n")
    syntax = importer(tmp_path)
    assert syntax.module(tmp_path / "core.py") is syntax.module(tmp_path / "core.py")
    assert syntax.module(tmp_path / "none.py") is None


def test_layers_may_come_through_several_modules(tmp_path: Path) -> None:
    """`from preprocessing import *`, which imports all of `settings`, which imports layers; also in a circle."""
    (tmp_path / "settings.py").write_text("from data import *\nfrom tensorflow.keras.layers import Dense, Dropout\n")
    (tmp_path / "data.py").write_text("from settings import *\n")
    (tmp_path / "core.py").write_text("from data import *\nscaled = 1\n")
    assert layers_of(importer(tmp_path), star("from core import *")) == "tensorflow.keras.layers"
    (tmp_path / "core.py").write_text("from data import *\nfrom keras.layers import ReLU\n")
    assert layers_of(importer(tmp_path), star("from core import *")) == "keras.layers"
    (tmp_path / "other.py").write_text("from keras.layers import ReLU\n")
    (tmp_path / "core.py").write_text("from data import *\nfrom other import *\n")
    assert layers_of(importer(tmp_path), star("from core import *")) is None
