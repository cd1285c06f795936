"""Late changes: a glance sees them, wherever a value is stored and whenever it is read."""

from __future__ import annotations

import random
from collections.abc import Iterable
from pathlib import Path

import pytest

from orderlint.engine.session import Session
from orderlint.glance.late import Late
from orderlint.glance.machine import Machine
from orderlint.text.files import source_from_text
from tests.glance import aliases, changing, filling
from tests.glance.looking import analyzed, glance, glance_at

START = "import keras\nfrom keras import layers\nx = inputs = keras.Input((8,))\n"

READ_TOO_EARLY = {
    "a function that is handed on twice, between which a name that it reads changes": """
def applied(function, x):
    return function(x)

def net(x):
    x = layers.ReLU()(layers.Dense(8)(x))
    kind = layers.Dense(8)

    def function(y):
        return kind(y)

    first = applied(function, x)
    kind = layers.BatchNormalization()
    return first, applied(function, x)

net(x)
""",
    "a list that is made in the place of one that has two names": """
blocks = []
for iteration in (0, 1):
    block = [layers.Dense(8), layers.ReLU()]
    if iteration == 0:
        first = block
        blocks.append(block)
blocks[0].append(layers.BatchNormalization())
net = keras.Sequential(first)
""",
    "a list that a function makes, as it has made one that has two names": """
def make(units):
    return [layers.Dense(units), layers.ReLU()]

class Holder:
    def __init__(self, items):
        self.items = items

first = make(1)
held = Holder(first)
second = make(2)
held.items.append(layers.BatchNormalization())
net = keras.Sequential(first)
""",
    "an object that is made anew after it was used as it was in the run before": """
KIND = HELD = None

def kind():
    return KIND

class Block:
    def __init__(self):
        self.apply = kind()

def use():
    return HELD.apply(layers.ReLU()(layers.Dense(8)(keras.Input((8,)))))

def prepare():
    global HELD
    HELD = Block()

def choose():
    global KIND
    KIND = layers.BatchNormalization()

def main():
    choose()
    prepare()
    use()
""",
    "a function that is made anew after it was called as it was in the run before": """
KIND = HELD = None

def kind():
    return KIND

def use():
    return HELD(layers.ReLU()(layers.Dense(8)(keras.Input((8,)))))

def make():
    norm = kind()
    return lambda x: norm(x)

def prepare():
    global HELD
    HELD = make()

def choose():
    global KIND
    KIND = layers.BatchNormalization()

def main():
    choose()
    prepare()
    use()
""",
    "two functions of equal calls, between which a name around them changes": """
def net(x):
    kind = layers.BatchNormalization()

    def make():
        layer = kind
        return lambda y: layer(y)

    first = make()
    kind = layers.ReLU()
    second = make()
    return first(second(layers.Dense(8)(x)))

net(x)
""",
    "two functions of equal calls, between which an object that is being made changes": """
class Net:
    def __init__(self):
        self.kind = layers.BatchNormalization()
        first = self.make()
        self.kind = layers.ReLU()
        second = self.make()
        self.out = first(second(layers.Dense(8)(x)))

    def make(self):
        layer = self.kind
        return lambda y: layer(y)

Net()
""",
    "an attribute that the method sets after it has read it": """
class Block:
    def __init__(self):
        self.kind = layers.Flatten

    def apply(self, x):
        x = layers.BatchNormalization()(self.kind()(layers.Dense(8)(x)))
        self.kind = layers.ReLU
        return x

block = Block()
y = block.apply(block.apply(x))
""",
    "an attribute that a constructor reads and sets": """
class Block:
    kind = layers.ReLU

    def __init__(self, x):
        self.out = layers.BatchNormalization()(self.kind()(layers.Dense(8)(x)))
        for _ in range(3):
            self.later()
        self.kind = layers.Flatten

    def later(self):
        self.kind = layers.Flatten

Block(x)
""",
    "a name that a function reads and sets": """
KIND = layers.Flatten

def block(x):
    global KIND
    x = layers.BatchNormalization()(KIND()(layers.Dense(8)(x)))
    KIND = layers.ReLU
    return x

y = block(block(x))
""",
    "a name that one function reads and another sets": """
KIND = layers.Flatten

def block(x):
    return layers.BatchNormalization()(KIND()(layers.Dense(8)(x)))

def choose():
    global KIND
    KIND = layers.ReLU

def net(x):
    for _ in range(2):
        x = block(x)
        choose()
    return x
""",
    "an object that is handed on while it is made, and changes": """
class Block:
    def __init__(self, x):
        self.kind = layers.Flatten
        apply(self, x)
        self.kind = layers.ReLU
        apply(self, x)

def apply(block, x):
    return layers.BatchNormalization()(block.kind()(layers.Dense(8)(x)))

Block(x)
""",
    "an object that another holds while it is made": """
class Block:
    def __init__(self, x):
        self.kind = layers.Flatten
        holder = Holder(self)
        holder.apply(x)
        self.kind = layers.ReLU
        holder.apply(x)

class Holder:
    def __init__(self, block):
        self.block = block

    def apply(self, x):
        return layers.BatchNormalization()(self.block.kind()(layers.Dense(8)(x)))

Block(x)
""",
    "an object that takes from another while that is made": """
class Block:
    def __init__(self, x):
        for kind in (layers.Flatten, layers.ReLU):
            self.kind = kind
            Taker(self).apply(x)

class Taker:
    def __init__(self, block):
        self.kind = block.kind

    def apply(self, x):
        return layers.BatchNormalization()(self.kind()(layers.Dense(8)(x)))

Block(x)
""",
    "a function that sets what an object has while it is made": """
class Block:
    def __init__(self, x):
        choose(self)
        self.kind = layers.Flatten
        choose(self)
        layers.BatchNormalization()(self.kind()(layers.Dense(8)(x)))

def choose(block):
    block.kind = layers.ReLU

Block(x)
""",
    "a function that is made in each iteration of a loop": """
for kind in (layers.Flatten, layers.ReLU):
    def block(x, kind=kind):
        return layers.BatchNormalization()(kind()(layers.Dense(8)(x)))
    y = block(inputs)
""",
    "a lambda for each element": """
blocks = [
    lambda x, kind=kind: layers.BatchNormalization()(kind()(layers.Dense(8)(x)))
    for kind in (layers.Flatten, layers.ReLU)
]
for block in blocks:
    y = block(inputs)
""",
    "a class that is made in each iteration of a loop": """
for each in (layers.Flatten, layers.ReLU):
    class Block:
        kind = each
        def apply(self, x):
            return layers.BatchNormalization()(self.kind()(layers.Dense(8)(x)))
    y = Block().apply(inputs)
""",
    "a name that a comprehension leaves behind": """
def block(x):
    [kind := each for each in (layers.Flatten, layers.ReLU)]
    return layers.BatchNormalization()(kind()(layers.Dense(8)(x)))

block(x)
""",
    "a name that a comprehension leaves behind, of elements that are tested": """
kinds = [kind := each for each in (layers.Flatten, layers.ReLU) if each is not None]
y = layers.BatchNormalization()(kind()(layers.Dense(8)(x)))
""",
    "what a class gives to those that inherit from it": """
class Base:
    kind = layers.Flatten

    def __init_subclass__(cls, **options):
        cls.kind = layers.ReLU

class Block(Base):
    def apply(self, x):
        return layers.BatchNormalization()(self.kind()(layers.Dense(8)(x)))

Block().apply(x)
""",
    "what a layer has given before it is applied": """
dense = layers.Dense(8)

def late(x):
    return layers.BatchNormalization()(dense.output)

def first(x):
    return layers.ReLU()(dense(x))

first(x)
y = layers.BatchNormalization()(layers.ReLU()(dense.output))
""",
}


@pytest.mark.parametrize("name", READ_TOO_EARLY)
def test_what_is_read_too_early_is_read_again(name: str) -> None:
    text = START + READ_TOO_EARLY[name]
    assert glance(text) is None
    assert analyzed(source_from_text(text, "net.py"))


def test_an_import_in_a_circle_brings_what_is_bound_later(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`kinds` imports a name from `net` before `net` binds it."""
    (tmp_path / "kinds.py").write_text("from net import KIND\n\ndef made():\n    return KIND()\n", encoding="utf-8")
    assert _in_circle(tmp_path, "kinds.made()", "ReLU") is None
    runs = _runs(monkeypatch)
    assert _in_circle(tmp_path, "kinds.made()", "Flatten")
    assert len(runs) == 1


def test_a_name_that_is_imported_in_a_circle_may_be_read_at_once(tmp_path: Path) -> None:
    """The name is read at the top level of the importing module, before its value is known."""
    kinds = "from net import KIND\nclass Kinds:\n    pass\nfirst = KIND\nKinds.kind = first\n"
    (tmp_path / "kinds.py").write_text(kinds, encoding="utf-8")
    assert _in_circle(tmp_path, "kinds.Kinds.kind()", "ReLU") is None


@pytest.mark.parametrize("importing", ["from net import KIND", "from kinds import KIND"])
def test_names_that_wait_for_each_other_come_to_an_end(tmp_path: Path, importing: str) -> None:
    """Two modules import a name from each other, and another module imports it from itself."""
    (tmp_path / "kinds.py").write_text(f"{importing}\n\ndef made():\n    return KIND()\n", encoding="utf-8")
    text = f"{START}import kinds\nfrom kinds import KIND\ny = kinds.made()(layers.Dense(8)(x))\nKIND = layers.ReLU\n"
    (tmp_path / "net.py").write_text(text, encoding="utf-8")
    assert glance_at(tmp_path / "net.py", Session())


def _in_circle(folder: Path, layer: str, kind: str) -> bool | None:
    """The result of a glance at a file that uses a layer of `kinds`, which imports the file."""
    use = f"y = layers.BatchNormalization()({layer}(layers.Dense(8)(x)))\n"
    (folder / "net.py").write_text(f"{START}import kinds\nKIND = layers.{kind}\n{use}", encoding="utf-8")
    return glance_at(folder / "net.py", Session())


ONE_CALL = {
    "a method that counts": """
class Net:
    def __init__(self):
        self.count = 0

    def block(self, x):
        self.count = str(self.count)
        return layers.ReLU()(layers.BatchNormalization()(layers.Dense(8, name="dense" + self.count)(x)))
""",
    "a function that keeps what it loads": """
INDEX = None

def names(path):
    global INDEX
    if INDEX is None:
        INDEX = open(path).read()
    return [INDEX[each] for each in range(3)]

y = layers.ReLU()(layers.BatchNormalization()(layers.Dense(8)(x)))
""",
    "a list that is changed by another name, and was read before": """
def build(x):
    rates = [0.5]
    for name in names:
        x = layers.Dropout(rates[0])(layers.ReLU()(layers.BatchNormalization()(layers.Dense(8)(x))))
        more = rates
        more.append(0.2)
    return x

y = build(x)
""",
}


@pytest.mark.parametrize("name", ONE_CALL)
def test_only_the_call_is_run_again_in_which_all_happens(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    iterations = _iterations(monkeypatch)
    runs = _runs(monkeypatch)
    assert glance(START + ONE_CALL[name])
    assert len(runs) == 1
    assert any(iterations)


def _runs(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """The runs of a file from its start, one element for each."""
    runs: list[bool] = []
    start = Machine.start

    def started(g: Machine) -> None:
        if hasattr(g, "known"):  # it exists already
            runs.append(True)
        start(g)

    monkeypatch.setattr(Machine, "start", started)
    return runs


def _iterations(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """For each run of a call, whether it was stale at its end."""
    iterations: list[bool] = []
    end = Late.end_run

    def ended(g: Machine) -> None:
        iterations.append(g.runs[-1].is_stale)
        end(g)

    monkeypatch.setattr(Late, "end_run", ended)
    return iterations


@pytest.mark.parametrize("seed", range(150))
def test_random_orders_of_reading_and_writing_hide_nothing(seed: int) -> None:
    """Functions and methods read, set and pass on layers, each before or after others."""
    text = START + program(random.Random(seed))
    if glance(text) is not None:
        assert not analyzed(source_from_text(text, "net.py")), text


@pytest.mark.parametrize("seed", range(200))
def test_an_object_that_changes_between_its_uses_hides_nothing(seed: int) -> None:
    """Any holder of the object sees the change, also during its construction."""
    text = changing.program(random.Random(seed))
    if glance(text) is not None:
        assert not analyzed(source_from_text(text, "net.py")), text


@pytest.mark.parametrize("seed", range(150))
def test_a_list_that_is_changed_by_another_name_hides_nothing(seed: int) -> None:
    """The same holds for a dictionary or a model, wherever it was constructed."""
    text = aliases.program(random.Random(seed))
    if glance(text) is not None:
        assert not analyzed(source_from_text(text, "net.py")), text


@pytest.mark.parametrize("seed", range(200))
def test_an_object_that_is_filled_late_hides_nothing(seed: int) -> None:
    """Another object of the class that contains it hides nothing either."""
    text = filling.program(random.Random(seed))
    if glance(text) is not None:
        assert not analyzed(source_from_text(text, "net.py")), text


NESTED = """
class Stack(layers.Layer):
    def __init__(self, **given):
        super().__init__(**given)
        self.parts = {empty}

    def add(self, part):
        self.parts.append(part)

    def call(self, x):
        for part in self.parts:
            x = part(x)
        return x

class Net(keras.Model):
    def __init__(self, sizes):
        super().__init__()
        self.features = Stack(name="features")
        for number, stage_sizes in enumerate(sizes):
            stage = Stack(name="stage{{}}".format(number))
            for size in stage_sizes:
                stage.add(layers.Dense(size))
                stage.add(layers.{kind}())
            self.features.add(stage)

    def call(self, x):
        return self.features(x)

Net([[8, 8], [16], [32, 32]])(x)
"""


@pytest.mark.parametrize("empty", ["[]", "list()", "[*()]"])
def test_objects_of_one_class_that_hold_each_other_are_told_apart(empty: str) -> None:
    """Objects are distinguished by the values that are added to them: none of them contains itself."""
    assert glance(START + NESTED.format(empty=empty, kind="BatchNormalization"))
    text = START + NESTED.format(empty=empty, kind="ReLU").replace("return x", "return layers.BatchNormalization()(x)")
    assert glance(text) is None
    assert analyzed(source_from_text(text, "net.py"))


@pytest.mark.parametrize("line", aliases.HELD)
def test_a_list_that_something_keeps_is_the_same_list(line: str) -> None:
    """Elements that are added later are seen there."""
    for change in ("v[0] = layers.ReLU", "v.insert(0, layers.ReLU)"):
        for text in aliases.held(line, change):
            assert analyzed(source_from_text(text, "net.py"))
            assert glance(text) is None


PLACES = ("A", "c.a", "C.k", "d['a']")
HEAD = """
class C:
    k = layers.Flatten
    def __init__(self):
        self.a = layers.Flatten
{methods}
A = layers.Flatten
d = {{"a": layers.Flatten}}
c = C()
{functions}
"""


def program(chance: random.Random) -> str:
    """A random program: one of its functions uses a value that another sets."""
    names = ["c.m0", "c.m1", "f0", "f1", "f2"]
    chance.shuffle(names)
    place = chance.choice(PLACES)
    tasks = [_use(place), f"{place} = layers.{chance.choice(['ReLU', 'ReLU', 'Flatten'])}"]
    if chance.random() < 0.5:
        other = chance.choice(PLACES)
        tasks = [_use(other), f"{other} = {place}", tasks[1]]
    chance.shuffle(tasks)
    bodies = {}
    for number, name in enumerate(names):
        calls = [f"x = {callee}(layers.Dense(8)(x))" for callee in names[number + 1 :] if chance.random() < 0.3]
        own = [tasks.pop()] if tasks else []
        lines = chance.sample([*own, *calls], len(own) + len(calls))
        bodies[name] = _block(["global A", *lines, "return x"])
    names.sort(key=lambda name: chance.random())
    methods = "".join(f"    def {name[2:]}(self, x):\n{bodies[name]}" for name in names if "." in name)
    functions = "".join(f"def {name}(x):\n{bodies[name]}" for name in names if "." not in name)
    used = "".join(f"x = {name}(layers.Dense(8)(x))\n" for name in chance.choices(names, k=4))
    return HEAD.format(methods=methods.replace("c.", "self."), functions=functions) + used


def _use(place: str) -> str:
    return f"x = layers.BatchNormalization()({place}()(x))"  # in order, unless the place has an activation


def _block(lines: Iterable[str]) -> str:
    return "".join(f"{' ' * 8}{line}\n" for line in lines)
