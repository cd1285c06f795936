"""Imports: external names, and modules of the project."""

from __future__ import annotations

from pathlib import Path

import pytest

from orderlint.graph import Limit, Role
from orderlint.source.interpreter import Interpreter
from orderlint.source.python import imports
from orderlint.source.state.frames import Function
from orderlint.source.state.values import MISSING, External, ModuleValue
from orderlint.text.files import source_from_text
from orderlint.text.marks import LONGEST_PLAIN_MODULE
from tests.source.running import interpreter, is_unknown, python_value, value_of

KERAS = "import keras\n"  # modules that name Keras are read, however many there are


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A package `parts` with a module `blocks`, and a module `sizes` beside it."""
    package = tmp_path / "parts"
    package.mkdir()
    (package / "__init__.py").write_text(f"{KERAS}from .blocks import block\nfrom . import blocks\n")
    (package / "blocks.py").write_text(f"{KERAS}from sizes import SIZE\ndef block(): return SIZE\n")
    (tmp_path / "sizes.py").write_text("SIZE = 3\n")
    return tmp_path


def at(folder: Path, text: str) -> Interpreter:
    return interpreter(text, str(folder / "net.py"))


def test_outside_names_are_dotted() -> None:
    """A name from outside of the project is known by its full dotted name, under any alias."""
    m = interpreter(
        "import numpy as np\nimport os.path\nfrom keras import layers as L\nfrom keras.layers import Dense as D\n"
    )
    assert value_of(m, "np.array") == External("numpy.array")
    assert value_of(m, "os.path.join") == External("os.path.join")
    assert value_of(m, "L.ReLU") == External("keras.layers.ReLU")
    assert value_of(m, "D") == External("keras.layers.Dense")


@pytest.mark.parametrize(
    "text",
    [
        "from parts.blocks import block",
        "from parts import block",
        "from parts import blocks\nblock = blocks.block",
        "import parts\nblock = parts.block",
        "import parts.blocks as b\nblock = b.block",
        "from parts.blocks import *",
    ],
)
def test_modules_of_the_project_are_loaded(project: Path, text: str) -> None:
    """However a function of the project is imported, it is the same function, and reads what its module imports."""
    m = at(project, text + "\n")
    assert isinstance(value_of(m, "block"), Function)
    assert python_value(m, "block()") == 3


def test_a_module_is_run_when_it_is_needed_and_once(project: Path) -> None:
    """An import alone does not run a module; two modules that import one share it."""
    m = at(project, "from parts.blocks import block\n")
    assert len(m.scopes) == 1  # its own
    one = value_of(m, "block")
    assert len(m.scopes) > 1
    assert value_of(m, "block") is one


def test_a_circle_of_imports_ends(tmp_path: Path) -> None:
    """Two modules that import each other's names are read; a name that neither binds is external."""
    (tmp_path / "a.py").write_text(f"{KERAS}from b import y\nx = 1\n")
    (tmp_path / "b.py").write_text(f"{KERAS}from a import x, z\ny = x\n")
    m = at(tmp_path, "from a import x, y\nfrom b import z\n")
    assert python_value(m, "x") == 1
    assert isinstance(value_of(m, "z"), External)


def test_relative_imports_stand_on_the_package(project: Path) -> None:
    """`from . import blocks` in a package imports its submodule."""
    text = "from .blocks import block\n"
    m = interpreter(text, str(project / "parts" / "net.py"))
    assert isinstance(value_of(m, "block"), Function)


def test_modules_that_name_nothing_of_keras_are_read_while_they_are_few(tmp_path: Path) -> None:
    """Settings are read from a small module; a long module without Keras is not read."""
    (tmp_path / "small.py").write_text("SIZE = 3\n")
    (tmp_path / "long.py").write_text("SIZE = 3\n" + "# \n" * LONGEST_PLAIN_MODULE)
    m = at(tmp_path, "import small, long\n")
    assert python_value(m, "small.SIZE") == 3
    assert not is_unknown(m, "small.SIZE")
    assert value_of(m, "long.SIZE") == External("long.SIZE")


def test_a_module_that_is_not_read_counts_once_and_leaves_room(tmp_path: Path) -> None:
    """However many names come from a long module without Keras, the modules beside it are still read."""
    names = [f"f{i}" for i in range(imports.MOST_PLAIN_MODULES + 60)]
    length = imports.MOST_IMPORTED // 40
    (tmp_path / "long.py").write_text("".join(f"def {name}(x): return x\n" for name in names) + "#" * length)
    (tmp_path / "sizes.py").write_text("SIZE = 3\n")
    (tmp_path / "blocks.py").write_text(f"{KERAS}def block(): return 4\n")
    used = "".join(f"{name}(1)\n" for name in names)
    text = f"from long import {', '.join(names)}\nfrom sizes import SIZE\nfrom blocks import block\n{used}"
    m = at(tmp_path, text)
    assert python_value(m, "SIZE") == 3
    assert python_value(m, "block()") == 4
    assert not m.shortfalls


@pytest.mark.parametrize("spelling", ["import long\n{}long.block", "from long import block\n{}block"])
def test_a_function_of_a_module_that_was_not_read_is_told_if_it_is_given_layers(tmp_path: Path, spelling: str) -> None:
    """The effect on a tensor is unknown; a function of numbers is irrelevant to the rules."""
    (tmp_path / "long.py").write_text("def block(x):\n    return x\n" + "# \n" * LONGEST_PLAIN_MODULE)
    m = at(tmp_path, spelling.format("import keras\nx = keras.Input((3,))\n") + "(x)\n")
    assert [one.limit for one in m.shortfalls.values()] == [Limit.IMPORTS]
    assert not at(tmp_path, spelling.format("") + "(3)\n").shortfalls


def test_a_module_that_cannot_be_read_is_of_the_outside(tmp_path: Path) -> None:
    """For an unreadable module only the names are known."""
    (tmp_path / "broken.py").write_bytes(b"\xff\xfe\x00bad\x00")
    m = at(tmp_path, "import broken\n")
    assert value_of(m, "broken.x") == External("broken.x")


def test_submodules_and_attributes_of_modules(project: Path) -> None:
    """A module has the names that it binds and its submodules, and no others."""
    m = at(project, "import parts\n")
    package = value_of(m, "parts")
    assert isinstance(package, ModuleValue)
    assert isinstance(imports.submodule(m, package, "blocks"), ModuleValue)
    assert imports.module_attribute(m, package, "mystery") is MISSING


def test_names_bound_again_are_noted() -> None:
    """A name that the top level binds twice, in any block, counts as bound again."""
    file = source_from_text("a = 1\nif t:\n    a = 2\nb = 1\n", "net.py")
    assert imports.rebound(file) == {"a"}


def test_a_function_that_only_libcst_refuses_is_a_boundary(tmp_path: Path) -> None:
    """The rest of its module is analyzed; the function itself is unknown."""
    odd = "def odd(x):\n    count = len('a text that makes this body so long that it is not parsed at first')\n"
    (tmp_path / "blocks.py").write_text(
        f"{KERAS}{odd}    (y): int = 1\n    return layers.ReLU()(x)\ndef plain(x):\n    return layers.ELU()(x)\n"
    )
    m = at(tmp_path, f"{KERAS}from blocks import odd, plain\nx = plain(odd(keras.Input((3,))))\n")
    assert [call.layer for call in m.recorder.calls] == ["Input", "odd", "ELU"]
    assert m.recorder.calls[1].roles == (Role.BOUNDARY,)


def test_a_star_brings_what_a_module_offers(tmp_path: Path) -> None:
    """`*` imports the names in `__all__`, or all without a leading underscore; also if `__all__` is partly unknown."""
    (tmp_path / "one.py").write_text(f"{KERAS}a, _b, c = 1, 2, 3\n")
    (tmp_path / "two.py").write_text(f"{KERAS}__all__ = ['a', '_b']\n__all__ += ['d']\na, _b, c, d = 4, 5, 6, 7\n")
    (tmp_path / "three.py").write_text(f"{KERAS}__all__ = [*others()]\ne = 8\n")
    m = at(tmp_path, "from one import *\nfrom two import *\nfrom three import *\n")
    assert [python_value(m, name) for name in ("a", "_b", "c", "d", "e")] == [4, 5, 3, 7, 8]
    m = at(tmp_path, "from one import *\n")
    assert is_unknown(m, "_b")
