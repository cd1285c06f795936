"""The quick pass gives up early: its steps and comparisons are bounded for any input.

No test asserts a time. Without the bound, the test would not end.
"""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

import pytest

from orderlint import catalog
from orderlint.glance import attributes, things
from orderlint.glance.glancer import Glance, Glancer, look
from orderlint.glance.library import Library
from orderlint.glance.machine import MOST_MODULES, MOST_STEPS, Machine
from orderlint.glance.orders import MOST_WAYS, Orders
from orderlint.glance.things import Class
from orderlint.glance.unsure import Unsure
from orderlint.judging import DEFAULT_ORDER
from orderlint.source import Project
from tests.hostile.test_bounds import standards

HEADER = (
    "import keras\n"
    "from functools import partial\n"
    "from keras import layers\n"
    "from keras.layers import BatchNormalization, Dense, Dropout, ReLU\n"
    "from keras.models import Sequential\n"
)
OBJECT = "class A:\n    def __init__(self, a, b):\n        self.a, self.b = a, b\n"
LEVELS = range(60)

GROWING = {
    "models of models": "m = Sequential([Dense(1)])\n"
    + "m = Sequential([m, m])\n" * 60
    + "x = m(Dense(1)(keras.Input((1,))))\n",
    "models in a loop": "def f(c):\n    while c:\n        m0 = Sequential([Dense(1)])\n"
    + "".join(f"        m{n + 1} = Sequential([m{n}, m{n}])\n" for n in LEVELS),
    "models of tensors": "i = keras.Input((1,))\nm = keras.Model(i, Dense(1)(i))\n"
    + "m = keras.Model(m, [m, m])\n" * 60,
    "objects": OBJECT + "a = A(1, 2)\n" + "a = A(a, a)\n" * 60,
    "objects in a loop": OBJECT
    + "def f(c):\n    while c:\n        a0 = A(1, 2)\n"
    + "".join(f"        a{n + 1} = A(a{n}, a{n})\n" for n in LEVELS),
    "objects twice": OBJECT
    + "a = A(1, 2)\n"
    + "a = A(a, a)\n" * 60
    + "def f():\n    return g.b\nf()\ng = A(a, a)\ng.b = a\n",
    "partial functions": "f = Dense\n" + "f = partial(f, f, f)\n" * 60,
    "partial functions in a loop": "def f(c):\n    while c:\n        p0 = Dense\n"
    + "".join(f"        p{n + 1} = partial(p{n}, a=p{n}, b=p{n})\n" for n in LEVELS),
    "wide lists": "a = 1\n" + f"a = [{'a, ' * 60}]\n" * 7 + "for b in a:\n    x = b(x)\n",
    "wide dictionaries": "a = 1\n"
    "a = {"
    + "".join(f"{n}: a, " for n in LEVELS)
    + "}\n"
    + ("a = {" + "".join(f"{n}: a, " for n in LEVELS) + "}\n") * 6,
    "numbers": "n = 3\n" + "n = n * n\n" * 60 + "s = 10 ** 9 * 'ab'\nt = 1000000000000 * 'ab'\n",
    "loops in loops": "def f(x, n):\n"
    + "".join(
        "    " * (n + 1) + f"for i{n} in range(n):\n" + "    " * (n + 2) + "x = Dense(1)(x)\n" for n in range(18)
    ),
    "texts": "s = 'ab'\n"
    + "s = s + s\n" * 60
    + "t = 'ab'\n"
    + "t = f'{t}{t}'\n" * 60
    + "u = 'aaaa'\n"
    + "u = u.replace('a', u)\n" * 9
    + "v = 'ab'\n"
    + "v = '{}{}'.format(v, v)\n" * 60
    + "x = getattr(layers, s)(s)\n",
    "dictionaries of thousands of keys": "d = {}\n" + "".join(f"d = d | {{'k{n}': {n}}}\n" for n in range(1_600)),
    "names and branches": "".join(f"v{n} = {n}\n" for n in range(2_000)) + "if c:\n    x = 1\n" * 2_000,
    "functions of functions": "def f(g):\n    return tf.cond(p, lambda: g, lambda: f(lambda: g))\nf(None)\n",
    "functions of numbers": "def f(n):\n    return tf.cond(p, lambda: n, lambda: f(n + 1))\nf(0)\n",
    "functions of lists": "def f(a):\n    return tf.cond(p, lambda: a, lambda: f([a]))\nf([])\n",
    "owed places": "def f(x, "
    + ", ".join(f"a{n}" for n in range(200))
    + "):\n    x = Dense(1)(x)\n"
    + "".join(f"    if a{n}:\n        x = BatchNormalization()(ReLU()(x))\n" for n in range(200)),
}


def glanced(text: str, folder: Path) -> tuple[Glancer, bool | None]:
    """Run the quick pass on a text; returns its machine and the result."""
    path = folder / "net.py"
    path.write_text(text)
    g = Glancer(Library(Project()), Orders(standards().rules, DEFAULT_ORDER))
    try:
        return g, look(g, str(path), ast.parse(text))
    except (Unsure, RecursionError):
        return g, None


@pytest.mark.parametrize("name", sorted(GROWING))
def test_what_grows_with_each_line_ends_the_glance(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Code that doubles with each line ends the quick pass after few steps and comparisons."""
    compared = 0
    equal = things.Fields.__eq__

    def counted(self: things.Fields, other: object) -> bool:
        nonlocal compared
        compared += 1
        return equal(self, other)

    monkeypatch.setattr(things.Fields, "__eq__", counted)
    g, _ = glanced(HEADER + GROWING[name], tmp_path)
    assert g.steps <= MOST_STEPS + 1_000
    assert compared < 2_000_000


def test_names_are_looked_for_once_in_modules_that_import_all_of_two_others(tmp_path: Path) -> None:
    """A name is looked up once in each module, although modules that import from two others make 2**n ways."""
    for number in range(40):
        for one in "ab":
            text = f"from a{number + 1} import *\nfrom b{number + 1} import *\n"
            (tmp_path / f"{one}{number}.py").write_text(text if number < 39 else HEADER)
    g, _ = glanced("from a0 import *\nfrom keras.layers import Dense\nx = Dense(1)(y)\nprint(x)\n", tmp_path)
    assert g.steps < 1_000


def test_calls_that_differ_in_numbers_and_texts_are_run_few_times(tmp_path: Path) -> None:
    """A model with hundreds of blocks, each with another width and name, does not run its builder hundreds of times."""
    block = "def block(x, width, name):\n" + "    x = Dense(width, name=name + '_dense')(x)\n" * 20 + "    return x\n"
    calls = "".join(f"x = block(x, {number}, 'block{number}')\n" for number in range(300))
    g, found = glanced(f"{HEADER}{block}x = keras.Input((4,))\n{calls}", tmp_path)
    assert found is True
    assert g.steps < 300 * 20


def test_a_number_that_decides_is_noticed_after_many_calls(tmp_path: Path) -> None:
    """Once numbers are no longer distinguished, both branches of a test of them are possible."""
    block = "def block(x, width):\n    x = Dense(width)(x)\n    if width == 200:\n        x = ReLU()(x)\n"
    block += "    return BatchNormalization()(x)\n"
    calls = "".join(f"block(x, {number})\n" for number in range(300))
    _, found = glanced(f"{HEADER}{block}x = keras.Input((4,))\n{calls}", tmp_path)
    assert found is None


def test_objects_of_different_widths_stay_different(tmp_path: Path) -> None:
    """A function that creates objects always runs for one width at a time, so the objects stay apart."""
    block = "class Block(layers.Layer):\n    def __init__(self, width):\n        super().__init__()\n"
    block += "        self.dense = Dense(width)\n    def call(self, x):\n        return self.dense(x)\n"
    calls = "def make(width):\n    return Block(width)\n"
    calls += "".join(f"x = make({number})(x)\n" for number in range(10, 60))
    g, found = glanced(f"{HEADER}x = keras.Input((4,))\n{block}{calls}", tmp_path)
    assert found is True
    assert len(g.instances) > 50


def test_optional_arguments_that_decide_nothing_are_not_combined(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A layer with ten arguments of which each may be missing is described a few times, not a thousand."""
    described, describe = 0, catalog.describe

    def counted(*args: Any, **kwargs: Any) -> Any:
        nonlocal described
        described += 1
        return describe(*args, **kwargs)

    monkeypatch.setattr(catalog, "describe", counted)
    names = (
        "kernel_size",
        "padding",
        "strides",
        "name",
        "use_bias",
        "groups",
        "dilation_rate",
        "data_format",
        "trainable",
    )
    options = "".join(f"if flags[{number}]:\n    options['{name}'] = 1\n" for number, name in enumerate(names))
    text = f"options = {{}}\nif flags[9]:\n    options['activation'] = 'relu'\n{options}x = Conv2D(8, **options)(x)\n"
    _, found = glanced(
        f"{HEADER}from keras.layers import Conv2D\nfrom flags import flags\nx = keras.Input((4,))\n{text}", tmp_path
    )
    assert found is True
    assert 0 < described < 20


def test_modules_that_import_all_of_each_other_end(tmp_path: Path) -> None:
    """A name is looked up once in modules that import everything from each other."""
    for number in range(12):
        stars = "".join(f"from m{other} import *\n" for other in range(12))
        (tmp_path / f"m{number}.py").write_text(f"{stars}import keras\n")
    g, found = glanced("from m0 import *\nfrom keras.layers import Dense\nx = Dense(1)(nothing)\n", tmp_path)
    assert found is True
    assert g.steps < 2_000


def test_a_file_that_reads_names_of_more_modules_than_are_run_is_left_to_the_analysis(tmp_path: Path) -> None:
    """A file that reads names of too many modules is analyzed; else each file of a circle would run all of them."""
    count = MOST_MODULES + 10
    for number in range(count):
        text = f"from m{(number + 1) % count} import f as g\nimport keras\ndef f(x, g=g):\n    return x\n"
        (tmp_path / f"m{number}.py").write_text(text)
    library, text = Library(Project()), "from m0 import f\nf(1)\n"
    path = str(tmp_path / "net.py")
    assert library.reached(path, ast.parse(text), MOST_MODULES) is None
    assert len(library.reached(path, ast.parse(text), count + 1) or ()) == count + 1
    assert library.reached(path, ast.parse("def f():\n    from m0 import f\n"), 1) == {path}
    g, found = glanced(text, tmp_path)
    assert found is None
    assert len(g.modules) <= MOST_MODULES
    assert Glance(Project()).at(path, [ast.parse(text)], standards().rules, DEFAULT_ORDER) is None


def test_a_unit_that_may_have_gone_too_many_ways_is_for_the_analysis() -> None:
    """A unit with too many possible paths is left to the analysis."""
    from orderlint.glance.orders import Way

    orders = Orders((), DEFAULT_ORDER)
    nowhere: frozenset[int] = frozenset()
    ways = frozenset(Way(True, ("norm",), number, places=(nowhere,)) for number in range(MOST_WAYS + 1))
    with pytest.raises(Unsure):
        orders.after(ways, "norm", 1)


def test_objects_of_objects_are_looked_through_few_times(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Following methods that return objects with methods counts as steps."""
    text = (
        "class Chain:\n    def __init__(self, *steps):\n        self.steps = list(steps)\n"
        "    def then(self, step):\n        return Chain(*self.steps, step)\n"
        "    def both(self, other):\n        return Chain(*self.steps, *other.steps)\n"
        "x = Chain().then(Dense(1)).both(Chain(ReLU()))\n"
    )
    looked = 0
    own_classes = attributes.own_classes

    def counted(g: Machine, cls: Class) -> list[Class]:
        nonlocal looked
        looked += 1
        return own_classes(g, cls)

    monkeypatch.setattr(attributes, "own_classes", counted)
    _, found = glanced(HEADER + text, tmp_path)
    assert found is None
    assert looked < MOST_STEPS
