"""Layers that are looked up by name or by position are not changed."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from orderlint.repair.text.drafts import Hopeless
from orderlint.repair.ways.named import Readers, name_of, name_pattern
from tests.repair.texts import Case, call_at

NET = "x = Dense(8, activation='relu', name='d')(x)\nx = BatchNormalization()(x)\nm = Model(i, x)\n"


def check(text: str) -> None:
    case = Case(text)
    Readers(case.syntax, case.obstacles).check(case.move())


@pytest.mark.parametrize(
    ("reader", "reason"),
    [
        ("m.get_layer('d').output\n", "by name"),
        ("m.layers[2].output\n", "by index"),
        ("m.layers[-1]\n", "by index"),
        ("[m.layers[i].output for i in (0, 2)]\n", "by index"),
        ("any(i > 1 for i, one in enumerate(m.layers))\n", "by index"),
        ("m.get_layer('batch_normalization').output\n", "by the name that Keras gives"),
        ("m.get_layer('batchnormalization_1')\n", "by the name that Keras gives"),
        ("m.get_layer('activation_4').output\n", "by the name that Keras gives"),
        ("m.get_layer('re_lu')\n", "by the name that Keras gives"),
    ],
)
def test_a_reader_of_a_changed_layer_is_named(reader: str, reason: str) -> None:
    """With its line, so that the user can change both."""
    with pytest.raises(Hopeless, match=rf"line 4 .*{reason}"):
        check(NET + reader)


def test_a_name_that_keras_gives_is_only_one_of_a_layer(tmp_path: Path) -> None:
    """In another file, the name may be compared with that of any object."""
    (tmp_path / "pyproject.toml").touch()
    net = tmp_path / "net.py"
    net.write_text(NET)
    (tmp_path / "use.py").write_text("import net\nif entry.name == 'activation': pass\n")
    case = Case(NET, path=str(net))
    Readers(case.syntax, case.obstacles).check(case.move())


@pytest.mark.parametrize(
    "reader",
    [
        "",
        "m.get_layer('other')\n",
        "base.layers[-1]\n",
        "m.layers[0]\n",
        "m.get_layer('conv2d_1')\n",
        "{'activation': 1}\n",
        "[m.layers[i] for i in range(9)]\n",
        "any(i for i, one in enumerate(m.layers))\n",
    ],
)
def test_readers_of_others_do_not_matter(reader: str) -> None:
    """Another name, another model, or a position before the change."""
    check(f"i = Input((8,))\nx = Dense(8)(i)\n{NET}{reader}")


def test_a_reader_in_another_file_is_found(tmp_path: Path) -> None:
    """The other files of the project are searched."""
    (tmp_path / "pyproject.toml").touch()
    net = tmp_path / "net.py"
    net.write_text(NET)
    (tmp_path / "use.py").write_text("import net\nnet.m.get_layer('d').output\n")
    case = Case(NET, path=str(net))
    with pytest.raises(Hopeless, match=r"line 2 of use\.py"):
        Readers(case.syntax, case.obstacles).check(case.move())


@pytest.mark.parametrize(
    ("name", "pattern"),
    [("'d.1'", r"d\.1"), ("f'd{i}'", "d.*"), ("'d' + str(i)", "d.*"), ("name", None), ("f'{a}_{b}'", None)],
)
def test_the_name_of_a_layer_is_a_pattern(name: str, pattern: str | None) -> None:
    """A computed name may be any name; a pattern that matches all names has no meaning."""
    case = Case(f"x = Dense(8, name={name})(x)\n")
    call = call_at(case.graphs, 1)
    assert name_of(case.syntax, call) == name
    assert name_pattern(case.syntax, call) == pattern


@pytest.mark.skipif(sys.platform != "linux", reason="names of files are text on other systems")
def test_names_that_are_no_text_are_compared_as_bytes(tmp_path: Path) -> None:
    """A file name that is not UTF-8, or a layer name with a lone surrogate, is not read by another file."""
    (tmp_path / "pyproject.toml").touch()
    net = tmp_path / os.fsdecode(b"n\xfft.py")
    text = NET.replace("'d'", "'d\\udc80'")
    net.write_text(text)
    (tmp_path / "use.py").write_text("import net\nnet.m.get_layer('other').output\nnet.m.layers[0]\n")
    case = Case(text, path=str(net))
    Readers(case.syntax, case.obstacles).check(case.move())
