"""The decisions about files before anything is analyzed."""

from __future__ import annotations

import codecs
import json
import os
import py_compile
from pathlib import Path

import pytest

from orderlint.screening.needs import Needs
from orderlint.screening.screen import CLEAN, KEPT, PASSED_OVER, Screen
from orderlint.screening.syntax import python_reads
from orderlint.screening.vocabulary import DROPOUT, LINEAR, NORM

USUAL = Needs((LINEAR | NORM, NORM | DROPOUT, LINEAR | DROPOUT))
BLOCK = "from keras import layers\ndef block(x):\n    return layers.BatchNormalization()(layers.Dense(8, 'relu')(x))\n"


def verdicts(
    tmp_path: Path, files: dict[str, str | bytes], needs: Needs = USUAL, *, named: bool = False
) -> dict[str, int]:
    """Write files, and return the decision for each."""
    for name, content in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    names = sorted(files)
    return dict(zip(names, Screen(needs).screen([(str(tmp_path / name), named) for name in names]), strict=True))


ALONE: dict[str, tuple[str | bytes, int]] = {
    "nothing of Keras": ("import os\nprint(os.name)\n", PASSED_OVER),
    "a model that may hold a finding": (BLOCK, KEPT),
    "only linear layers": ("from keras.layers import Dense\nx = Dense(8)(x)\n", CLEAN),
    "only dropouts": ("from keras.layers import Dropout\nx = Dropout(0.1)(x)\n", CLEAN),
    "names in comments": ("import keras\nx = f()  # Dense, BatchNormalization\n", CLEAN),
    "Keras without layers": ("import keras\nkeras.utils.set_random_seed(1)\n", PASSED_OVER),
    "imports alone": ("from keras.layers import Dense, BatchNormalization\n", CLEAN),
    "a getattr": ("import keras\nx = getattr(keras.layers, 'Dense')(8)(getattr(keras.layers, 'Dropout')(.1)(x))", KEPT),
    "a syntax error": ("import keras\nx = (\n", KEPT),
    "a syntax error without Keras": ("x = (\n", PASSED_OVER),
    "a print statement": ("import keras\nprint 'x'\n", KEPT),
    "what does not compile": ("import keras.layers\nreturn 1\n", CLEAN),
    "a wrong byte": (b"import keras\nx = '\xff'\n", KEPT),
    "a declared encoding": (b"# -*- coding: latin-1 -*-\nimport keras\nx = '\xff'\n", PASSED_OVER),
    "UTF-16": ("import keras\n".encode("utf-16"), KEPT),
    "UTF-16 without Keras": ("import os\n".encode("utf-16"), PASSED_OVER),
    "UTF-16 without a mark": ("import keras\n".encode("utf-16-le"), KEPT),
    "UTF-32 without a mark": ("import keras\n".encode("utf-32-be"), KEPT),
    "a byte order mark": (codecs.BOM_UTF8 + b"import keras\n", PASSED_OVER),
    "a NUL byte": (b"import keras\0\n", KEPT),
    "a suppression comment": ("import keras  # orderlint: ignor\n", KEPT),
    "a noqa comment of ours": ("import keras  # noqa: F401, ORD001\n", KEPT),
    "a noqa comment of others": ("import keras  # noqa: F401 in order\n", PASSED_OVER),
}


@pytest.mark.parametrize(("content", "verdict"), ALONE.values(), ids=ALONE)
def test_a_file_alone(tmp_path: Path, content: str | bytes, verdict: int) -> None:
    """A file is kept if it may have a finding, or if anything else has to be reported about it."""
    assert verdicts(tmp_path, {"a.py": content}) == {"a.py": verdict}


def test_a_named_file_is_read_whatever_it_holds(tmp_path: Path) -> None:
    """A file that the user names is parsed with Python's grammar, with or without Keras."""
    files: dict[str, str | bytes] = {"bad.py": "x = (\n", "good.py": "x = 1\n"}
    assert verdicts(tmp_path, files, named=True) == {"bad.py": KEPT, "good.py": PASSED_OVER}


def test_a_named_file_is_about_keras_if_what_it_imports_is(tmp_path: Path) -> None:
    """It may apply the layers of a module in the project; a module of another library has none."""
    files: dict[str, str | bytes] = {
        "uses.py": "from between import relu\nx = relu(x)\n",
        "between.py": "from lib import relu\n",
        "lib.py": "from keras.layers import ReLU\ndef relu(x):\n    return ReLU()(x)\n",
        "plain.py": "import torches\n",
        "torches.py": "from torch import nn\nx = nn.Dropout()\n",
    }
    found = verdicts(tmp_path, files, named=True)
    assert {name for name, verdict in found.items() if verdict == CLEAN} == {"uses.py", "between.py", "lib.py"}
    assert {name for name, verdict in found.items() if verdict == PASSED_OVER} == {"plain.py", "torches.py"}


def test_what_has_no_name_of_source_is_looked_into(tmp_path: Path) -> None:
    """A saved model may contain text by chance, and a script may have any name."""
    assert verdicts(tmp_path, {"best.keras": "PK"}, named=True) == {"best.keras": KEPT}


def test_rules_that_do_not_say_what_they_wait_for(tmp_path: Path) -> None:
    """A rule without signs needs every file that mentions Keras."""
    assert verdicts(tmp_path, {"a.py": "import keras\n", "b.py": "x = 1\n"}, Needs(None)) == {"a.py": KEPT, "b.py": 3}


def test_suppression_comments_where_they_are_judged(tmp_path: Path) -> None:
    """With ORD901 a file with one of our comments is kept, with or without Keras."""
    files: dict[str, str | bytes] = {"a.py": "x = 1  # orderlint: ignore\n"}
    assert verdicts(tmp_path, files) == {"a.py": PASSED_OVER}
    assert verdicts(tmp_path, files, Needs((), comments=True)) == {"a.py": KEPT}


def notebook(*cells: str) -> str:
    return json.dumps({"cells": [{"cell_type": "code", "source": cell, "metadata": {}} for cell in cells]})


NOTEBOOKS = {
    "cells that are enough together": (
        notebook("from keras.layers import *", "Dense(8)", "%matplotlib\nDropout(1)"),
        KEPT,
    ),
    "cells that are not": (notebook("import keras", "Dense(8)"), CLEAN),
    "a cell that does not parse": (notebook("import keras", "x = ("), KEPT),
    "no notebook": ('{"keras": ', KEPT),
    "nothing of Keras": (notebook("x = ("), PASSED_OVER),
}


@pytest.mark.parametrize(("content", "verdict"), NOTEBOOKS.values(), ids=NOTEBOOKS)
def test_notebooks(tmp_path: Path, content: str, verdict: int) -> None:
    """A notebook is screened by the code of its cells."""
    assert verdicts(tmp_path, {"a.ipynb": content}) == {"a.ipynb": verdict}


USE = "import tensorflow as tf\n"
TOGETHER: dict[str, dict[str, str | bytes]] = {
    "a function of a module": {"a.py": USE + "from b import block\nblock(x)", "b.py": BLOCK},
    "a module": {"a.py": USE + "import b\nb.block(x)", "b.py": BLOCK},
    "all of a module": {"a.py": USE + "from b import *\nblock(x)", "b.py": BLOCK},
    "a relative import": {"p/__init__.py": "", "p/a.py": USE + "from .b import block\nblock(x)", "p/b.py": BLOCK},
    "a module of a module": {"a.py": USE + "import c\nc.block(x)", "c.py": "from b import block", "b.py": BLOCK},
    "each holds a part": {"a.py": "from b import f\nx = f(Dense(8)(x))", "b.py": "def f(x): return Dropout(.1)(x)"},
    "a name in one, its lookup in the other": {
        "a.py": USE + "from b import make\nmake('Dropout')(make('Dense')(x))",
        "b.py": "from keras import layers\ndef make(name): return getattr(layers, name)(8)",
    },
    "glued in one, looked up in the other": {
        "a.py": USE + "from b import make\nmake('Drop' + 'out')(make('De' + 'nse')(x))",
        "b.py": "from keras import layers\ndef make(name): return getattr(layers, name)(8)",
    },
    "a package by attribute": {"a.py": USE + "import p\np.b.block(x)", "p/__init__.py": "", "p/b.py": BLOCK},
    "a package in a package": {
        "a.py": USE + "import p\np.q.b.block(x)",
        "p/__init__.py": "",
        "p/q/__init__.py": "",
        "p/q/b.py": BLOCK,
    },
    "a package of another name": {"a.py": USE + "import p as n\nn.b.block(x)", "p/__init__.py": "", "p/b.py": BLOCK},
    "a folder without an init": {"a.py": USE + "import p.b\np.b.block(x)", "p/b.py": BLOCK},
    "a package of a module": {
        "a.py": USE + "from c import p\np.b.block(x)",
        "c.py": "import p",
        "p/__init__.py": "",
        "p/b.py": BLOCK,
    },
    "a package of a module by attribute": {
        "a.py": USE + "import c\nc.n.b.block(x)",
        "c.py": "import p as n",
        "p/__init__.py": "",
        "p/b.py": BLOCK,
    },
    "all of a package, then its module": {
        "a.py": USE + "from p import *\nb.block(x)",
        "p/__init__.py": "",
        "p/b.py": BLOCK,
    },
    "an import by a string": {
        "a.py": USE + "from importlib import import_module\nimport_module('p.b').block(x)",
        "p/__init__.py": "",
        "p/b.py": BLOCK,
    },
    "an import in a function": {"a.py": USE + "def f(x):\n    from b import block\n    return block(x)", "b.py": BLOCK},
    "modules that import each other": {
        "a.py": USE + "from c import block\nblock(x)",
        "c.py": "from d import *\nfrom b import block",
        "d.py": "from c import *",
        "b.py": BLOCK,
    },
    "a class to inherit from": {
        "a.py": USE + "from b import Base\nclass Net(Base):\n    pass",
        "b.py": "import keras\nclass Base(keras.Model):\n    def call(self, x): return Dropout(.1)(Dense(8)(x))",
    },
}


@pytest.mark.parametrize("files", TOGETHER.values(), ids=TOGETHER)
def test_a_file_with_what_it_imports(tmp_path: Path, files: dict[str, str | bytes]) -> None:
    """A file is kept if it imports the layers that it lacks, in any way."""
    name = next(iter(files)) if next(iter(files)) != "p/__init__.py" else "p/a.py"
    (tmp_path / "setup.py").write_text("")
    assert verdicts(tmp_path, files)[name] == KEPT
    assert Screen(USUAL).screen([(str(tmp_path / name), False)]) == [KEPT], "alone, its modules are not of the run"


def test_a_file_whose_imports_hold_too_little(tmp_path: Path) -> None:
    """An import of a module with layers is not enough."""
    files: dict[str, str | bytes] = {"a.py": USE + "from b import f\nf(x)", "b.py": "def f(x): return Dense(8)(x)"}
    assert verdicts(tmp_path, files) == {"a.py": CLEAN, "b.py": CLEAN}


def test_a_long_module_without_keras_is_not_followed(tmp_path: Path) -> None:
    """The analyzer does not run such a module, so its imports are not followed."""
    files: dict[str, str | bytes] = {
        "a.py": USE + "from c import block\nblock(x)",
        "c.py": "from b import block\n" + "x = 1\n" * 5000,
        "b.py": BLOCK,
    }
    assert verdicts(tmp_path, files)["a.py"] == PASSED_OVER


def test_bytecode_tells_that_a_file_parses(tmp_path: Path) -> None:
    """The bytecode is trusted under Python's conditions: for the same size and time of the file."""
    path = tmp_path / "a.py"
    path.write_text("x = 1\n")
    py_compile.compile(str(path))
    broken = b"x = (\n"
    assert len(broken) == path.stat().st_size
    assert python_reads(str(path), broken), "the bytecode is of a file of this size and time"
    os.utime(path, (1, 1))
    assert not python_reads(str(path), broken)
    assert python_reads(None, b"x = 1\n")


def test_a_file_that_cannot_be_read_is_kept(tmp_path: Path) -> None:
    """The error for a missing file or a folder is reported when the file is read."""
    assert Screen(USUAL).screen([(str(tmp_path / "none.py"), False), (str(tmp_path), False)]) == [KEPT, KEPT]


@pytest.mark.parametrize(
    ("encoding", "word", "escaped"),
    [
        ("unicode_escape", "BatchNormalization", r"B\x61tchNormalization"),
        ("raw-unicode-escape", "Dense", r"De\u006ese"),
        ("utf-7", "BatchNormalization", "+AEI-atchNormalization"),
    ],
)
def test_escaped_letters_of_a_name_are_decoded(tmp_path: Path, encoding: str, word: str, escaped: str) -> None:
    """In a few encodings ASCII letters may be escaped, so the bytes do not contain the name."""
    text = f"# coding: {encoding}\n{BLOCK}"
    assert escaped.encode().decode(encoding) == word
    assert verdicts(tmp_path, {"a.py": text.replace(word, escaped), "b.py": f"# utf-7 coding\n{BLOCK}"}) == {
        "a.py": KEPT,
        "b.py": KEPT,
    }
