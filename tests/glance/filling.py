"""Random programs in which objects of one class are filled after their construction, and contain each other.

All layers are in order, except for one that is added late to one of the objects, by any of its names.
"""

from __future__ import annotations

import random

__all__ = ["program"]

_START = """
import keras
from keras import layers

x = inputs = keras.Input((8,))

class Box(layers.Layer):
    def __init__(self, name=None, first=None, **given):
        super().__init__(**given)
        self.parts = []
        self.others = {empty}
        if first is not None:
            self.add(first)

    def add(self, part):
        self.parts.append(part)
        return self

    def call(self, x, training=None):
        for part in self.parts:
            x = part(x)
        return x

class Wide(Box):
    def call(self, x):
        return super().call(x)

def made(name, first=None):
    return Box(name=name, first=first)

def fill(box, part):
    box.add(part)

def fill_later(box, part):
    fill(box, part)

def filled(box, *parts):
    for part in parts:
        fill(box, part)
    return box

def parts_of(box):
    return box.parts

def apply(box, x):
    return box(x)

class Holder:
    def __init__(self, box):
        self.box = box

    def put(self, part):
        self.box.add(part)

"""
_MAKING = (
    "{cls}()",
    "{cls}(name='{name}')",
    "{cls}(name='box{{}}'.format({number}))",
    "made('{name}')",
    "made('same')",
    "[{cls}() for _ in range(2)][0]",
    "[{cls}(name=str(n)) for n in range(3)][-1]",
    "(lambda: {cls}())()",
    "filled({cls}())",
)
_PUTTING = (
    "{box}.add({part})",
    "{box}.parts.append({part})",
    "{box}.parts.insert(len({box}.parts), {part})",
    "{box}.parts += [{part}]",
    "{box}.parts = {box}.parts + [{part}]",
    "{box}.parts = [*{box}.parts, {part}]",
    "{box}.parts.extend([{part}])",
    "fill({box}, {part})",
    "fill_later({box}, {part})",
    "filled({box}, {part})",
    "parts_of({box}).append({part})",
    "Holder({box}).put({part})",
    "h = Holder({box})\nh.put({part})",
    "other = {box}\nother.add({part})",
    "put = {box}.add\nput({part})",
    "for one in [{box}]:\n    one.add({part})",
    "getattr({box}, 'parts').append({part})",
    "setattr({box}, 'parts', [*{box}.parts, {part}])",
    "{box}.__dict__['parts'].append({part})",
    "vars({box})['parts'].append({part})",
    "if flag:\n    {box}.add({part})",
    "def late():\n    {box}.add({part})\nlate()",
    "boxes = dict(one={box})\nboxes['one'].add({part})",
)
_IN_ORDER = ("layers.Dense(8)", "layers.BatchNormalization()", "layers.ReLU()", "layers.Dropout(0.2)")
_MISPLACED = "layers.BatchNormalization()"


def program(chance: random.Random) -> str:
    """A random program."""
    names = [f"b{number}" for number in range(chance.randint(2, 4))]
    lines = [f"{name} = {_made(chance, name, number)}" for number, name in enumerate(names)]
    for name in names:
        end = chance.randint(1, len(_IN_ORDER))
        lines += [_put(chance, name, part) for part in _IN_ORDER[:end]]
    outer, *inner = names
    nested = [_put(chance, chance.choice([outer, *inner[:number]]), name) for number, name in enumerate(inner)]
    late = _put(chance, chance.choice(names), _MISPLACED)
    rest = [*nested, late]
    chance.shuffle(rest)
    lines += rest if chance.random() < 0.5 else [rest[0], "x = layers.Dense(8)(x)", *rest[1:]]
    lines.append(chance.choice([f"y = {outer}(x)", f"y = apply({outer}, x)", f"y = {outer}.call(x)"]))
    if chance.random() < 0.3:
        lines.insert(len(lines) - 2, f"z = {outer}(x)")
    return _START.format(empty=chance.choice(["[]", "{}", "self.parts"])) + _within(chance, lines)


def _made(chance: random.Random, name: str, number: int) -> str:
    return chance.choice(_MAKING).format(cls=chance.choice(["Box", "Box", "Wide"]), name=name, number=number)


def _put(chance: random.Random, box: str, part: str) -> str:
    return chance.choice([_PUTTING[0], chance.choice(_PUTTING)]).format(box=box, part=part)


def _within(chance: random.Random, lines: list[str]) -> str:
    """The lines at the top level, in a function, or in the constructor of another object."""
    text = "\n".join(lines)
    kind = chance.randrange(3)
    if kind == 0:
        return f"{text}\n"
    body = text.replace("\n", "\n    ")
    if kind == 1:
        return f"def build(x, flag):\n    {body}\n    return y\n\nbuild(x, True)\n"
    body = body.replace("\n", "\n    ")
    return f"class Net:\n    def __init__(self, x, flag):\n        {body}\n        self.y = y\n\nNet(x, True)\n"
