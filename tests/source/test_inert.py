"""Code without layers that is too complicated to run is not reported; all other code is."""

from __future__ import annotations

from pathlib import Path
from textwrap import indent

import pytest

from orderlint.graph import Limit
from orderlint.source import Project, analyze
from orderlint.source.inert import has_no_layers
from orderlint.source.state.frames import Frame, Function
from orderlint.text.files import source_from_text
from tests.source.running import interpreter, value_of

HEADER = "import os\nfrom keras import Input, layers\n"


def tangled(line: str = "pass", first: str = "x") -> str:
    """A function whose tests depend on one another in too many ways."""
    return f"""
def load({first}, tags):
    found, words, name = {{}}, [], None
    for word in "a b c d e f g h i j k l m n o p".split():
        {line}
        tag = tags[word]
        if tag == "O":
            if name:
                found[name] = " ".join(words)
                words, name = [], None
        elif name is None:
            words.append(word)
            name = tag[2:]
        elif tag[2:] == name:
            words.append(word)
        else:
            found[name] = " ".join(words)
            words, name = [word], tag[2:]
    return found
"""


def net(call: str) -> str:
    return f"""
def net(tags):
    x = layers.Dense(8)(Input((3,)))
    {call}
    return layers.ReLU()(x)
"""


def found(text: str, path: str = "net.py") -> tuple[list[tuple[str, Limit]], list[str]]:
    """The shortfalls of a file with this text, and the layers that were found nevertheless."""
    analysis = analyze(source_from_text(HEADER + text, path), Project())
    calls = [call.layer for graph in analysis if graph.name == "net" for call in graph.calls]
    return [(one.name, one.limit) for one in analysis.shortfalls], calls


def test_data_is_no_loss() -> None:
    """A function on data is not reported, and the code after its call is judged."""
    left_out, layers = found(tangled() + net("load('a', tags)"))
    assert left_out == []
    assert "Dense" in layers
    assert "ReLU" in layers


def test_data_in_other_files_is_no_loss(tmp_path: Path) -> None:
    """The same holds for a function in another module of the project, behind a helper, and in a class."""
    method = indent(tangled("show(word)", "self, x"), "    ")
    (tmp_path / "data.py").write_text(f"def show(word):\n    print(word)\n\nclass Loader:\n{method}")
    text = "from data import Loader\n" + net("Loader().load('a', tags)")
    left_out, layers = found(text, str(tmp_path / "net.py"))
    assert left_out == []
    assert "ReLU" in layers


@pytest.mark.parametrize(
    ("text", "call"),
    [
        (tangled(), "load(x, tags)"),
        (tangled(), "load([layers.Dense(3)], tags)"),
        (tangled(), "load(layers.Dense, tags)"),
        (tangled("layers.Dense(3)(x)"), "load('a', tags)"),
        ("def more(x):\n    return layers.Dense(3)(x)\n" + tangled("more(x)"), "load('a', tags)"),
        ("MODEL = layers.Dense(3)\n" + tangled("MODEL"), "load('a', tags)"),
        (tangled("eval(x)"), "load('a', tags)"),
    ],
    ids=["tensor", "list", "class", "layer", "helper", "global", "eval"],
)
def test_what_may_apply_layers_is_told_of(text: str, call: str) -> None:
    """The layer is an argument, or in the code itself, in a function that it calls, or in a variable of the module."""
    left_out, _ = found(text + net(call))
    assert Limit.CONDITIONS in {limit for _, limit in left_out}


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("return os.path.join(x, 'a')", True),
        ("return [one for one in x]", True),
        ("return f(x)", True),  # a function that calls itself
        ("return layers.ReLU()(x)", False),
        ("return Dense", False),
        ("return other(x)", False),
        ("return plain(x)", True),
        ("return Filled.table['a'](x)", False),
        ("return Data.table['a']", True),
        ("return wrapped_other(x)", False),
        ("return wrapped_plain(x)", True),
    ],
)
def test_code_is_looked_through(body: str, expected: bool) -> None:
    """Names are resolved through the functions that are called."""
    others = """
from keras.layers import Dense
def other(x):
    return again(x)
def again(x):
    return other(layers.ReLU()(x))
def plain(x):
    return x
class Filled:
    table = {}
Filled.table["a"] = other
class Data:
    table = {"a": [1]}
def wrapped(function):
    def inner(x):
        return function(x)
    return inner
wrapped_other = wrapped(wrapped(other))
wrapped_plain = wrapped(plain)
"""
    m = interpreter(f"{HEADER}{others}def f(x):\n    {body}\n")
    function = value_of(m, "f")
    assert isinstance(function, Function)
    frame = Frame(m.store.new_owner(), m.frame.scope, m.frame.cell, m.frame, function)
    assert has_no_layers(m, frame) is expected


@pytest.mark.parametrize("init", ["import pkg\n", "import pkg\nfrom pkg import data\n"])
def test_packages_that_import_themselves_are_looked_through_once(tmp_path: Path, init: str) -> None:
    """The search for layers ends with circular imports, and gives a result for each function."""
    package = tmp_path / "pkg"
    package.mkdir()
    (package / "__init__.py").write_text(init)
    (package / "data.py").write_text(f"import pkg\ndef show():\n    return pkg.data\n{tangled('show')}")
    text = "import pkg.data\n" + net("pkg.data.load('a', tags)")
    left_out, layers = found(text, str(tmp_path / "net.py"))
    assert left_out == []
    assert "ReLU" in layers
