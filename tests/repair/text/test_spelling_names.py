"""A repair writes only names that refer to the layer at that place."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from orderlint.repair import fix_text
from orderlint.source import Project
from orderlint.text.files import read_source, source_from_text
from tests.judged import standards

BODY = "def f(x):\n    x = Dense(8, activation='relu')(x)\n    x = BatchNormalization()(x)\n    return x\n"
FIXED = "def f(x):\n    x = Dense(8)(x)\n    x = BatchNormalization()(x)\n    x = Activation('relu')(x)\n    return x\n"
BOTH = "from keras.layers import Dense, BatchNormalization\n"
ALL = "from keras.layers import Dense, BatchNormalization, Activation\n"
TAKEN = "is already the name of something else"
UNTOLD = "nothing in this file shows where to import"


def repaired(text: str, path: str = "net.py", project: Project | None = None) -> tuple[str, list[str]]:
    """The repaired text, and the reasons of the remaining findings."""
    result = fix_text(source_from_text(text, path), standards("ORD001"), project=project)
    return result.text, [left.reason for left in result.left]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (BOTH + "class Other:\n    from keras.layers import Activation\n", None),
        (BOTH + "class Other:\n    Activation = 'relu'\n", None),
        (BOTH + "def g():\n    from keras.layers import Activation\n", None),
        (BOTH + "def g(Activation): pass\n", None),
        (BOTH + "x = [Activation for Activation in 'ab']\n", None),
        (BOTH + "if TYPE_CHECKING:\n    from keras.layers import Activation\n", None),
        (BOTH + "if x:\n    from keras.layers import Activation\n", None),
        (BOTH + "try:\n    from keras.layers import Activation\nexcept ImportError:\n    pass\n", None),
        (BOTH + "from keras import layers as L\nL = [1]\n", None),
        ("from keras.layers import *\n", "from keras.layers import *\n"),
        (
            "try:\n    " + ALL + "except ImportError:\n    from tf_keras.layers import Dense, BatchNormalization\n",
            "try:\n    " + ALL + "except ImportError:\n    from tf_keras.layers import Dense, BatchNormalization"
            ", Activation\n",
        ),
        ("try:\n    " + ALL + "except ImportError:\n    from tf_" + ALL[5:],) * 2,
        (ALL + "Activation\n",) * 2,
    ],
)
def test_the_layer_is_imported_where_nothing_certain_binds_it(before: str, after: str | None) -> None:
    """A name that is bound conditionally, in another scope, or for type checking only cannot be used."""
    wanted = before.replace(BOTH, ALL) if after is None else after
    assert repaired(before + BODY) == (wanted + FIXED, [])


@pytest.mark.parametrize(
    "text",
    [
        BODY + BOTH + "class Activation: pass\n",
        BODY + ALL + "Activation = None\n",
        ALL + "del Activation\n" + BODY,
        BOTH + "import mine as Activation\n" + BODY,
        BOTH + "Activation: str = 'relu'\n" + BODY,
        BOTH + "Activation, b = 1, 2\n" + BODY,
        BOTH + "with x as Activation: pass\n" + BODY,
        BOTH + "print(Activation := 1)\n" + BODY,
        BOTH + "def g():\n    global Activation\n    Activation = 1\n" + BODY,
        BOTH + "try:\n    from keras.layers import Activation\nexcept ImportError:\n    Activation = None\n" + BODY,
        BOTH + BODY.replace("f(x)", "f(x, Activation=1)"),
        BOTH + BODY.replace("    return", "    Activation = 1\n    return"),
        BOTH + BODY.replace("    return", "    for Activation in x: pass\n    return"),
        BOTH + BODY.replace("    return", "    try: pass\n    except E as Activation: pass\n    return"),
        "from keras.layers import *\nclass Activation: pass\n" + BODY,
    ],
)
def test_a_name_that_stands_for_something_else_is_left(text: str) -> None:
    """Neither an earlier nor a later meaning of the name, in the module or the function, is used or shadowed."""
    new, (reason,) = repaired(text)
    assert new == text
    assert TAKEN in reason


@pytest.mark.parametrize(
    ("core", "line"),
    [
        (BOTH, "from keras.layers import Activation\n"),
        (ALL + "__all__ = ['Dense', 'BatchNormalization']\n", "from keras.layers import Activation\n"),
        (ALL.replace("Activation", "Activation as _Activation"), "from keras.layers import Activation\n"),
        (ALL, ""),
        ("from keras.layers import *\n", ""),
        ("from keras import layers\nDense, BatchNormalization = layers.Dense, layers.BatchNormalization\n", None),
        (BOTH + "class Activation: pass\n", None),
    ],
)
def test_a_star_import_of_the_project_is_relied_on_for_what_it_brings(
    tmp_path: Path, core: str, line: str | None
) -> None:
    """Other layers are imported below it from the module it takes layers from, or the finding remains."""
    (tmp_path / "core.py").write_text(core)
    text = "from core import *\n"
    new, left = repaired(text + BODY, str(tmp_path / "net.py"), Project())
    assert (new, bool(left)) == ((text + BODY, True) if line is None else (text + line + FIXED, False))


def test_a_star_import_below_takes_the_place_of_an_import_above(tmp_path: Path) -> None:
    """An import above it would be overridden by the star import."""
    (tmp_path / "core.py").write_text("class Activation: pass\n")
    for above in (BOTH, ALL):
        text = above + "from core import *\n" + BODY
        assert repaired(text, str(tmp_path / "net.py"), Project())[0] == text


def test_a_star_import_that_cannot_be_read_is_not_relied_on() -> None:
    """It may have the layers that are used, but no other is assumed."""
    text = "from nowhere.core import *\n" + BODY
    new, (reason,) = repaired(text)
    assert new == text
    assert UNTOLD in reason


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (
            BOTH + "m = Sequential([Dense(8, activation='relu'), BN()])\nfrom keras.layers import Activation\n",
            ALL + "m = Sequential([Dense(8), BN(), Activation('relu')])\nfrom keras.layers import Activation\n",
        ),
        (
            "D = k.layers.Dense\nm = Sequential([D(8, activation='relu'), BN()])\nActivation = D\n",
            "D = k.layers.Dense\nm = Sequential([D(8), BN(), k.layers.Activation('relu')])\nActivation = D\n",
        ),
    ],
)
def test_what_is_bound_below_is_not_there_yet(text: str, wanted: str) -> None:
    """Statements at the top of a module are executed in order."""
    keras = "import keras as k\nfrom keras import Sequential\nBN = k.layers.BatchNormalization\n"
    assert repaired(keras + text) == (keras + wanted, [])


def test_a_layer_is_written_as_the_function_knows_it_that_applies_it() -> None:
    """An import in another function cannot be used."""
    text = (
        "def g():\n    from keras import layers\n    return layers.Dense(8, activation='relu')\n"
        "def f(x):\n    from keras import layers as L\n    x = g()(x)\n    return L.BatchNormalization()(x)\n"
    )
    assert "L.Activation('relu')(L.BatchNormalization()(x))" in repaired(text)[0]


def test_the_cells_of_a_notebook_run_in_their_order(tmp_path: Path) -> None:
    """An import in a later cell cannot be used in an earlier one."""
    cells = [BOTH, "m = [Dense(8, activation='relu'), BatchNormalization()]\n", "from keras.layers import Activation\n"]
    cells[1] = f"import keras\n{cells[1].replace('m = ', 'm = keras.Sequential(').strip()})\n"
    code = [{"cell_type": "code", "metadata": {}, "outputs": [], "source": cell, "id": "a"} for cell in cells]
    path = tmp_path / "net.ipynb"
    path.write_text(json.dumps({"cells": code, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}))
    text = fix_text(read_source(path), standards("ORD001")).text
    assert json.loads(text)["cells"][0]["source"] == ALL
