"""Targets: what a user names on the command line."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

from orderlint.engine.inspecting import inspect_target
from orderlint.engine.session import Session
from orderlint.runtime.errors import InspectionError, NotAModelError, TargetError
from orderlint.runtime.reading import read_target
from orderlint.runtime.targets import CodeTarget, SavedTarget, parse_target
from tests.judged import standards
from tests.runtime.seen import chains

NET = """\
import keras
from keras import layers

def act(x):
    return layers.Activation("relu", name="act")(x)

def build():
    x = inputs = keras.Input((4,))
    x = layers.Dense(8, name="fc")(x)
    x = act(x)
    x = layers.BatchNormalization(
        name="bn")(x)
    return keras.Model(inputs, x, name="net")

def stacked(units=8):
    return keras.Sequential([
        keras.Input((4,)),
        layers.Dense(units, activation="relu"),
        layers.BatchNormalization(name="bn"),
    ])

def walked():
    x = inputs = keras.Input((4,))
    steps = [layers.Dense(4, activation="relu"), layers.BatchNormalization(name="bn")]
    for step in steps:
        x = step(x)
    return keras.Model(inputs, x)

ready = build()
"""


@pytest.fixture
def net(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file with factories, in the current folder."""
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "net.py"
    path.write_text(NET, encoding="utf-8")
    return path


def test_forms(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A path that exists or has the suffix of a saved model is a file; other targets are code."""
    monkeypatch.chdir(tmp_path)
    Path("net.py").touch()
    Path("folder").mkdir()
    assert parse_target("model.keras") == SavedTarget(Path("model.keras"))
    assert parse_target("folder") == SavedTarget(Path("folder"))
    assert parse_target("zoo.nets:build") == CodeTarget("zoo.nets", "build")
    assert parse_target("zoo:Nets.build") == CodeTarget("zoo", "Nets.build")
    assert parse_target("net.py::build") == CodeTarget(Path("net.py"), "build")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("net.py", "name the function that builds the model, such as net.py::build_model"),
        ("net.py:build", "a file and a name are separated by two colons: net.py::build"),
        ("none.py::build", "no such file: none.py"),
        ("folder.py", "a folder, expected model.keras"),
        ("folder.py::build", "a folder, expected model.keras"),
        ("here.py::2build", "expected the name of a function or model after ::, got '2build'"),
        ("model", "neither a file nor the name of a model: expected model.keras"),
        ("zoo:build()", "neither a file nor the name of a model"),
    ],
)
def test_what_is_no_target(text: str, message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The error explains the syntax of targets."""
    monkeypatch.chdir(tmp_path)
    Path("here.py").touch()
    Path("folder.py").mkdir()
    with pytest.raises(TargetError) as caught:
        parse_target(text)
    assert str(caught.value).startswith(message)


@pytest.mark.skipif(sys.version_info < (3, 11), reason="Python keeps the columns of expressions from 3.11 on")
def test_factory_in_a_file_tells_source_lines(keras3: Any, net: Path) -> None:
    """Lines are recorded while the factory runs: those of applications, or of constructors in a list."""
    (graph,) = read_target("net.py::build").graphs
    assert chains(graph) == ["Dense ReLU BatchNormalization | output"]
    at = {call.layer: call.place.location() for call in graph.calls}
    bn = at["BatchNormalization"]
    assert (bn.path, bn.line, bn.column, bn.end_line, bn.end_column, bn.layer) == ("net.py", 11, 9, 12, 22, "bn")
    assert (at["Activation"].line, at["Activation"].column) == (5, 12)
    (stacked,) = read_target("net.py::stacked").graphs
    bn = stacked.calls[-1].place.location()
    assert (bn.path, bn.line, bn.column, bn.layer) == ("net.py", 19, 9, "bn")


def test_one_expression_that_applies_several_layers(keras3: Any, net: Path) -> None:
    """The location is then the constructor of the layer, as in the check of source."""
    (graph,) = read_target("net.py::walked").graphs
    bn = graph.calls[-1].place.location()
    assert bn.line == (24 if sys.version_info >= (3, 11) else 26)  # of a call in several lines, the last
    if sys.version_info >= (3, 11):
        assert bn.column == 50


def test_a_model_in_a_file(keras3: Any, net: Path) -> None:
    """A target may be a model; without a factory there are no lines."""
    (graph,) = read_target("net.py::ready").graphs
    at = graph.calls[-1].place.location()
    assert (at.path, at.line, at.layer) == ("net.py::ready", 0, "bn")


def test_module(keras3: Any, net: Path) -> None:
    """A dotted module is imported from the current folder, which is removed from `sys.path` afterwards."""
    before = list(sys.path)
    Path("pack").mkdir()
    Path("pack/nets.py").write_text(NET, encoding="utf-8")
    (graph,) = read_target("pack.nets:build").graphs
    assert chains(graph) == ["Dense ReLU BatchNormalization | output"]
    assert sys.path == before


def test_what_user_code_prints_is_no_output(keras3: Any, net: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It goes to standard error."""
    net.write_text("print('hello')\n" + NET, encoding="utf-8")
    read_target("net.py::build")
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "hello" in captured.err


def test_input_shape(keras3: Any, net: Path) -> None:
    """A factory of a subclassed model needs an input shape."""
    net.write_text(
        "import keras\n"
        "class Net(keras.Model):\n"
        "    def __init__(self):\n"
        "        super().__init__()\n"
        "        self.a, self.b = keras.layers.Dense(2, 'relu'), keras.layers.BatchNormalization()\n"
        "    def call(self, x):\n"
        "        return self.b(self.a(x))\n",
        encoding="utf-8",
    )
    (graph,) = read_target("net.py::Net", input_shape=(3,)).graphs
    assert chains(graph) == ["Dense ReLU BatchNormalization | output"]
    at = graph.calls[-1].applied.location()
    assert (at.path, at.line) == ("net.py", 7)
    with pytest.raises(InspectionError, match="--input-shape"):
        read_target("net.py::Net")


@pytest.mark.parametrize(
    ("target", "kind", "message"),
    [
        ("tests.runtime.zoo:nothing", TargetError, "`tests.runtime.zoo` has no `nothing`"),
        ("tests.runtime.zoo:godo", TargetError, "`tests.runtime.zoo` has no `godo`; did you mean `good`?"),
        (
            "tests.runtime.zoo:needs_arguments",
            TargetError,
            "`needs_arguments` needs arguments (units, rate): name a function without any, such as one that calls it",
        ),
        (
            "tests.runtime.zoo:returns_a_list",
            NotAModelError,
            "`returns_a_list` returned an object of type `list`, expected a Keras model",
        ),
        (
            "tests.runtime.zoo:NUMBER",
            NotAModelError,
            "`NUMBER` is an object of type `int`, expected a Keras model or a function that builds one",
        ),
        ("no_such_module:build", TargetError, "no module named `no_such_module` can be imported from "),
        ("tests.runtime.none:build", TargetError, "no module named `tests.runtime.none` can be imported from "),
    ],
)
def test_targets_that_name_no_model(keras3: Any, target: str, kind: type[Exception], message: str) -> None:
    """Each mistake has its own message."""
    with pytest.raises(kind) as caught:
        read_target(target)
    assert str(caught.value).startswith(message)


def test_factory_that_fails(keras3: Any) -> None:
    """The error has the frames of the traceback that are in the user's code."""
    with pytest.raises(TargetError) as caught:
        read_target("tests.runtime.zoo:fails")
    lines = str(caught.value).splitlines()
    assert lines[0] == "`fails` failed:"
    assert lines[1].startswith('  File "tests/runtime/zoo.py", line ')
    assert lines[1].endswith("in fails")
    assert lines[2] == "    return good().nothing_like_it"
    assert lines[3].startswith("AttributeError: 'Sequential' object has no attribute 'nothing_like_it'")
    assert not any("site-packages" in line or "targets.py" in line for line in lines)


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("import keras\nkeras.layers.Dense()\n", ['  File "net.py", line 2, in <module>', "    keras.layers.Dense()"]),
        ("import nothing_like_it\n", ['  File "net.py", line 1, in <module>', "    import nothing_like_it"]),
        ("raise SystemExit(3)\n", ['  File "net.py", line 1, in <module>', "    raise SystemExit(3)", "SystemExit: 3"]),
        ("def build(:\n", ["line 1", "def build(:", "SyntaxError: invalid syntax"]),
    ],
)
def test_import_that_fails(keras3: Any, net: Path, code: str, expected: list[str]) -> None:
    """The frames of the user's code, not those of Keras, the import system or orderlint."""
    net.write_text(code, encoding="utf-8")
    with pytest.raises(TargetError) as caught:
        read_target("net.py::build")
    text = str(caught.value)
    assert text.startswith("importing `net.py` failed:")
    for line in expected:
        assert line in text
    assert "importlib" not in text
    assert "targets.py" not in text
    assert "site-packages" not in text


BLOCKS = "from keras import layers\n\ndef finished(x):\n    return layers.{}()(x)\n"
USE = """\
import keras
from blocks_of_net import finished

def build():
    inputs = keras.Input((4,))
    return keras.Model(inputs, keras.layers.BatchNormalization()(finished(keras.layers.Dense(8)(inputs))))
"""


def test_a_module_that_changed_is_imported_anew(keras3: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a session, changed modules of a target are imported again, and others are not executed again."""
    monkeypatch.chdir(tmp_path)
    for name in ("blocks_of_net", "user_of_blocks"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    session, judged_by = Session(), standards()
    Path("user_of_blocks.py").write_text(USE)
    Path("blocks_of_net.py").write_text(BLOCKS.format("Flatten"))
    assert inspect_target("user_of_blocks:build", judged_by, session=session).report.findings == ()
    first = sys.modules["blocks_of_net"]
    inspect_target("user_of_blocks:build", judged_by, session=session)
    assert sys.modules["blocks_of_net"] is first
    Path("blocks_of_net.py").write_text(BLOCKS.format("ReLU"))
    (finding,) = inspect_target("user_of_blocks:build", judged_by, session=session).report.findings
    assert finding.code == "ORD001"
