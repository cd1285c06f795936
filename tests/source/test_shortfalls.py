"""Where the analysis is incomplete, this is reported: the absence of findings is not a pass."""

from __future__ import annotations

from pathlib import Path

import pytest

from orderlint.graph import Limit, Shortfall
from orderlint.source import Project, analyze
from orderlint.text.files import source_from_text
from tests.source.test_inert import tangled

HEADER = "from keras import Input, Sequential, layers\n"


def shortfalls(text: str) -> list[tuple[str, Limit]]:
    """The names and bounds of the code that is not judged completely, in a file with this text."""
    found = analyze(source_from_text(HEADER + text, "net.py"), Project()).shortfalls
    return [(one.name, one.limit) for one in found]


def doubling(count: int) -> str:
    helpers = "".join(f"def f{i}(x):\n    return f{i - 1}(f{i - 1}(x))\n" for i in range(1, count))
    return f"def f0(x):\n    return layers.Dense(3)(x)\n{helpers}"


TESTED = "    x = layers.Dense(3)(x)\n    if n > 3:\n        x = layers.ReLU()(x)\n    return x\n"


def tangle(count: int) -> str:
    """A function whose tests depend on sums of one another."""
    flags = ", ".join(f"c{i}" for i in range(count))
    lines = [f"def tangled(x, {flags}):", "    n = 0"]
    for i in range(count):
        lines += [f"    if c{i}:", f"        x = layers.Dense({i})(x)", f"        n = x if n is c{i} else n"]
    return "\n".join([*lines, "    return x", ""])


def deep(count: int) -> str:
    """Functions that call one another, the last of which applies a layer."""
    text = "def g0(x):\n    return layers.Dense(3)(x)\n"
    return text + "".join(f"def g{i}(x):\n    return g{i - 1}(x)\n" for i in range(1, count))


@pytest.mark.parametrize(
    "text",
    [
        "x = layers.Dense(3)(Input((3,)))\n",
        "def f(x, n):\n    for _ in range(n):\n        x = layers.Dense(3)(x)\n    return x\n",
        "def f(x, n):\n    return x if n == 0 else f(layers.Dense(3)(x), n - 1)\n",
        "def f(x, kind):\n    return {'a': layers.ReLU, 'b': layers.ELU}[kind]()(x)\n",
    ],
    ids=["plain", "unknown iterations", "recursion", "choice"],
)
def test_what_is_judged_to_its_end_has_no_shortfall(text: str) -> None:
    """Loops over unknown numbers, recursion and choices are analyzed completely."""
    assert shortfalls(text) == []


def test_a_statement_of_too_many_steps_is_named() -> None:
    """A statement of a module that takes more steps than its share is reported."""
    found = analyze(source_from_text(HEADER + doubling(40) + "f39(Input((3,)))\n", "net.py"), Project()).shortfalls
    assert Limit.STEPS in {one.limit for one in found}
    places = {one.place.location().line for one in found if one.name == "<module>"}
    assert 82 in places


def test_a_statement_that_calls_a_tangle_of_another_module_is_named(tmp_path: Path) -> None:
    """If code of another module is not judged completely, the statement that calls it is reported."""
    (tmp_path / "helper.py").write_text(HEADER + deep(60), encoding="utf-8")
    net = tmp_path / "net.py"
    net.write_text("from helper import g59\n" + HEADER + "\n\nx = g59(Input((3,)))\n", encoding="utf-8")
    (found,) = analyze(source_from_text(net.read_text(encoding="utf-8"), str(net)), Project((tmp_path,))).shortfalls
    assert (found.name, found.place.location().line) == ("<module>", 5)


def test_a_function_of_too_many_steps_is_named() -> None:
    """A function that takes more steps than allowed is reported."""
    assert ("f39", Limit.STEPS) in shortfalls(doubling(40))


def test_calls_that_nest_too_deeply_are_named() -> None:
    """Where calls are nested too deeply, the function that is not run is reported."""
    assert {limit for _, limit in shortfalls(deep(60))} == {Limit.CALLS}


def test_a_loop_of_too_many_iterations_is_named() -> None:
    """A loop with too many iterations for its steps, each with new layers, is reported with its function."""
    iteration = "layers.Dense(1)(layers.Dense(2)(layers.Dense(3)(layers.Dense(4)(x))))"
    assert shortfalls(f"def long(x):\n    for i in range(4000):\n        x = {iteration}\n    return x\n") == [
        ("long", Limit.ITERATIONS)
    ]


def test_a_loop_over_many_known_layers_is_run_to_its_end() -> None:
    """Hundreds of layers in a list are all applied."""
    every = ", ".join(f"layers.Dense({i})" for i in range(450))
    assert shortfalls(f"def long(x):\n    for layer in [{every}]:\n        x = layer(x)\n    return x\n") == []


def test_too_many_layers_to_choose_from_are_named() -> None:
    """A layer that is chosen from too long a list is reported with its function."""
    every = ", ".join(f"layers.Dense({i})" for i in range(20))
    assert shortfalls(f"def pick(x, i):\n    return [{every}][i](x)\n") == [("pick", Limit.ALTERNATIVES)]


@pytest.mark.parametrize("name", ["keras.optimizers.{}", "keras.metrics.{}", "tf.train.{}Optimizer"])
def test_optimizers_to_choose_from_are_not_named(name: str) -> None:
    """Values that cannot be layers are not reported, whether chosen from a list, a dictionary or by many tests."""
    entries = [f"'{i}': {name.format(f'Kind{i}')}" for i in range(60)]
    text = "import keras, tensorflow as tf\nKINDS = {" + ", ".join(entries) + "}\nEVERY = list(KINDS.values())\n"
    tests = "".join(f"    if name == '{i}':\n        found = KINDS['{i}']\n" for i in range(60))
    picked = "def pick(x, name, i):\n    y = layers.Dense(3)(x)\n    return y, KINDS[name]\n"
    tested = f"def test(x, name, found):\n    y = layers.Dense(3)(x)\n{tests}    return y, found\n"
    indexed = "def index(x, i):\n    return layers.Dense(3)(x), EVERY[i]\n"
    assert shortfalls(text + picked + tested + indexed) == []


def test_data_to_choose_from_is_not_named() -> None:
    """The colors of many boxes are not layers, although each is a tuple."""
    text = "COLORS = [(i, (0, i)) for i in range(40)]\nNAMED = {f'c{i}': (i, 0) for i in range(40)}\n"
    assert shortfalls(f"{text}def draw(x, i, name):\n    return layers.Dense(3)(x), COLORS[i], NAMED[name]\n") == []


def test_what_only_adds_is_not_run_by_itself() -> None:
    """A function that adds elements to a set has no layers, however complicated it is."""
    text = """
def ancestors(term, parents):
    found, stack = set(), [term]
    while stack:
        one = stack.pop()
        for parent in parents.get(one, []):
            if parent not in found:
                found.add(parent)
                stack.append(parent)
    return found
"""
    assert shortfalls(text) == []


def test_imports_too_long_to_read_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A module that imports more than is read is reported, at the name of the module that was not loaded."""
    monkeypatch.setattr("orderlint.source.python.imports.MOST_IMPORTED", 50)
    (tmp_path / "blocks.py").write_text(HEADER + "def block(x):\n    return layers.Dense(3)(x)\n")
    text = HEADER + "from blocks import block\nx = block(Input((3,)))\n"
    (found,) = analyze(source_from_text(text, str(tmp_path / "net.py")), Project()).shortfalls
    assert (found.name, found.limit) == ("<module>", Limit.IMPORTS)
    assert Path(found.place.location().path).name == "net.py"


def test_the_functions_behind_those_that_are_too_complicated_are_judged() -> None:
    """The functions that use up the room for conditions are reported; a small one has room of its own."""
    heavy = "".join(tangled("x = layers.Dense(3)(x)").replace("load", f"load{i}") for i in range(6))
    found = analyze(source_from_text(f"{HEADER}{heavy}def last(x, n):\n{TESTED}", "net.py"), Project())
    assert {one.name for one in found.shortfalls} == {f"load{i}" for i in range(6)}
    assert [call.layer for call in found[-1].calls] == ["Dense", "ReLU"]


def test_settings_under_a_key_that_is_not_known_are_not_told_apart() -> None:
    """Many settings, including nested dictionaries, may be overridden by unknown ones."""
    settings = ", ".join(f"'s{i}': {i}" for i in range(30))
    text = f"""
import copy

def override(config, other):
    made = copy.deepcopy(config)
    for key, value in other.items():
        if isinstance(value, dict):
            made[key] = override(config.get(key, {{}}), value)
        else:
            made[key] = value
    return made

def build(x, **kwargs):
    block = {{{settings}, "sizes": [1, 2]}}
    config = override({{{settings}, "norm": layers.BatchNormalization, "block": block}}, kwargs)
    return config["norm"]()(layers.Dense(config["s3"])(x))
"""
    assert shortfalls(text) == []


@pytest.mark.parametrize(
    "call", ["load(1, {})", "tool = load(1, {})\n    tool.show()", "print(Reader({}).read('a'))", "Holder().load({})"]
)
def test_what_another_module_does_with_data_is_not_told_of(tmp_path: Path, call: str) -> None:
    """Code on data in another module that is too complicated has no effect on findings here."""
    assert of_two_modules(tmp_path, call.format("tags")) == []


@pytest.mark.parametrize(
    "call",
    [
        "load(layers.ReLU(), tags)",
        "x = load(1, tags)(x)",
        "x = load(1, tags)['norm'](x)",
        "x = layers.ReLU()(load(1, tags))",
        "x = Reader(tags).read(x)",
    ],
)
def test_what_another_module_does_with_layers_is_told_of(tmp_path: Path, call: str) -> None:
    """The function gets a layer, or its result is used with one."""
    assert ("net", Limit.CONDITIONS) in of_two_modules(tmp_path, call)


def of_two_modules(folder: Path, call: str) -> list[tuple[str, Limit]]:
    """The shortfalls of a file with a function that calls one in another module, which is too complicated."""
    reader = "class Reader:\n    def __init__(self, tags):\n        self.found = load(tags, tags)\n"
    reader += "    def read(self, x):\n        return self.found(x)\n"
    holder = "class Holder:\n    def __init__(self):\n        self.built = layers.Dense(3)(Input((3,)))\n"
    holder += "    def load(self, tags):\n        return load(self.built, tags)\n"
    (folder / "blocks.py").write_text(f"{HEADER}{tangled('layers.Dense(3)')}{reader}{holder}")
    first = "" if "Holder" in call else "    x = layers.Dense(3)(x)\n"
    text = f"{HEADER}from blocks import Holder, Reader, load\ndef net(tags, x):\n{first}    {call}\n"
    found = analyze(source_from_text(f"{text}    return x\n", str(folder / "net.py")), Project()).shortfalls
    return [(one.name, one.limit) for one in found]


def test_what_an_import_leaves_out_is_told_of_its_caller(tmp_path: Path) -> None:
    """A function of another module that takes too many steps is reported once, for the function here that calls it."""
    (tmp_path / "blocks.py").write_text(HEADER + doubling(40))
    text = HEADER + "from blocks import f38, f39\ndef build(x):\n    return f38(f39(f39(layers.ReLU()(x))))\n"
    (found,) = analyze(source_from_text(text, str(tmp_path / "net.py")), Project()).shortfalls
    assert (found.name, found.limit) == ("build", Limit.STEPS)
    assert Path(found.place.location().path).name == "net.py"


def test_a_shortfall_says_what_and_why() -> None:
    """The message names the bound, and the function or module."""
    place = source_from_text(HEADER + "def f():\n    pass\n", "net.py").cells[0]
    assert "`build`" in Shortfall(place.locate(place.module), "build", Limit.STEPS).message
    assert Shortfall(place.locate(place.module), "<module>", Limit.IMPORTS).message.startswith(
        "the module was only partly checked"
    )


LONG = doubling(20)


def layers_in(text: str, path: Path) -> list[list[str]]:
    """The layers of each root with layers, in a file with this text."""
    graphs = analyze(source_from_text(HEADER + text, str(path)), Project()).graphs
    return [[call.layer for call in graph.calls] for graph in graphs if graph.calls]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("stack.append(layers.Dropout(0.5))\n    f19(x)\n    stack.append(layers.Dense(3))", ["Dropout", "call"]),
        ("f19(x)\n    stack.append(layers.Dense(3))", ["call"]),
    ],
    ids=["begun", "not begun"],
)
def test_a_list_that_a_helper_would_have_filled_is_left_open(
    body: str, expected: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Layers that are added later do not follow the known elements: an unknown layer is between them."""
    monkeypatch.setattr("orderlint.source.state.budget.STEPS_PER_ROOT", 3_000)
    (tmp_path / "fillers.py").write_text(f"{HEADER}{LONG}def fill(stack, x):\n    {body}\n")
    text = (
        "from fillers import fill\ndef net(x):\n    stack = [layers.Dense(3, activation='relu')]\n    fill(stack, x)\n"
        "    stack.append(layers.BatchNormalization())\n    return Sequential(stack)\n"
    )
    (found,) = layers_in(text, tmp_path / "net.py")
    assert found[-len(expected) - 1 :] == [*expected, "BatchNormalization"]


def test_the_lists_of_an_object_that_was_only_half_made_are_left_open(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An object whose constructor takes too many steps is applied with an unknown layer in its list."""
    monkeypatch.setattr("orderlint.source.state.budget.STEPS_PER_ROOT", 3_000)
    text = (
        f"{LONG}class Net(layers.Layer):\n    def __init__(self, x):\n        self.drop = layers.Dropout(0.5)\n"
        "        self.norm = layers.BatchNormalization()\n        self.blocks = []\n        f19(x)\n"
        "        self.blocks.append(layers.Dense(3))\n    def call(self, x):\n        x = self.drop(x)\n"
        "        for block in self.blocks:\n            x = block(x)\n        return self.norm(x)\n"
    )
    assert ["Dropout", "call", "BatchNormalization"] in layers_in(text, tmp_path / "net.py")
