"""Random programs in which a list, dictionary or model with several names is changed by one name between its uses.

A use only has a finding if it sees the change. The object is constructed, used and changed at the top level, in one
function, or in functions that call one another.
"""

from __future__ import annotations

import random
import re

__all__ = ["HELD", "held", "program"]

_KINDS = {
    "[layers.Flatten]": (
        "O[0]()(X)",
        (
            "O[0] = layers.ReLU",
            "O.insert(0, layers.ReLU)",
            "O[:] = [layers.ReLU]",
            "c = O.insert; c(0, layers.ReLU)",
            "c = lambda: O.insert; c()(0, layers.ReLU)",
        ),
    ),
    '{"k": layers.Flatten}': (
        'O["k"]()(X)',
        ('O["k"] = layers.ReLU', "O.update(k=layers.ReLU)", "c = O.update; c(k=layers.ReLU)"),
    ),
    "keras.Sequential([layers.Dense(8)])": ("O(X)", ("O.add(layers.ReLU())", "O.add(layers.Activation('relu'))")),
}
"""For each construction, a use of a layer in the object, and changes of the object."""
_START = """
import keras
from keras import layers

x = inputs = keras.Input((8,))
KEPT = []

def use(o, x):
    return layers.BatchNormalization()({get})

def use_later(o, x):
    return use(o, x)

def put(o):
    {change}

def put_later(o):
    put(o)

def put_same(o):
    {again}

def same(o):
    return o

def make():
    o = {made}
    {aside}
    return o

class Holder:
    def __init__(self, o):
        self.o = o

    def use(self, x):
        return use(self.o, x)

    def put(self):
        put(self.o)
"""
_USES = """
use(O, X) | use_later(O, X) | use(same(O), X) | use(p, X) | use(h.o, X) | h.use(X) | Holder(O).use(X)
use(KEPT[-1], X) if KEPT else x | (lambda: use(O, X))() | use({"o": O}["o"], X) | use([O][0], X) | use((O, 1)[0], X)
"""
_CHANGES = (
    "put(O) | put_same(O) | put_later(O) | put(p) | h.put() | put(h.o) | put(same(O)) | put([*KEPT, O][-1])"
    " | Holder(O).put()"
)
_KEEPS = "p = O | p = same(O) | h = Holder(O) | KEPT.append(O) | h.o = O | p = h.o"
_MAIN = {
    "top": "o = {made}\np, h = o, Holder(o)\n{body}",
    "function": "def go(x):\n    o = {made}\n    p, h = o, Holder(o)\n{body}    return x\n\ngo(inputs)\n",
    "caller": "def go(o, x):\n    p, h = o, Holder(o)\n{body}    return x\n\ngo({made}, inputs)\n",
    "maker": "def go(x):\n    o = make()\n    p, h = o, Holder(o)\n{body}    return x\n\ngo(inputs)\n",
    "twice": "def go(o, x):\n    p, h = o, Holder(o)\n{body}    return x\n\no = make()\ngo(o, go(o, inputs))\n",
    "one more": "def go(x):\n    o = make()\n    p, h = o, Holder(o)\n    make()\n{body}    return x\n\ngo(inputs)\n",
    "loop": "def go(x):\n    for t in 0, 1:\n        o = {made}\n        if not t:\n            p, h = o, Holder(o)\n"
    "    o = p\n{body}    return x\n\ngo(inputs)\n",
    "nested": "def go(x):\n    o = make()\n    p, h = o, Holder(o)\n    def inner(x):\n{body}        return x\n"
    "    return inner(x)\n\ngo(inputs)\n",
}
"""Where the object is constructed, and where it is used and changed."""


def program(chance: random.Random) -> str:
    """A random program."""
    made, (get, changes) = chance.choice(list(_KINDS.items()))
    where = chance.choice(list(_MAIN))
    body = _block(_lines(chance), {"top": 0, "nested": 8}.get(where, 4))
    if where == "nested":
        body = "        nonlocal p, h\n" + body
    start = _START.format(
        get=_filled(get, "o", "x"),
        change=_filled(chance.choice(changes), "o", "x"),
        again=_filled(chance.choice(changes), "(same(o))", "x"),
        made=made,
        aside=chance.choice(["pass", "KEPT.append(o)", "use(o, inputs)", "put(o)"]),
    )
    return start + "\n" + _MAIN[where].format(made=made, body=body)


def _lines(chance: random.Random) -> list[str]:
    def one(of: str) -> str:
        return chance.choice([each.strip() for line in of.strip().splitlines() for each in line.split(" | ")])

    lines = []
    for _ in range(chance.randint(2, 6)):
        line = chance.choices([f"x = {one(_USES)}", one(_CHANGES), one(_KEEPS)], [4, 2, 2])[0]
        lines.append(_filled(line, "o", "layers.Dense(8)(x)"))
    if chance.random() < 0.3:
        at = chance.randrange(len(lines))
        head = chance.choice(["for _ in range(2):", "if x is not None:"])
        lines[at:] = [head, *(f"    {line}" for line in lines[at:])]
    return lines


def _filled(code: str, name: str, tensor: str) -> str:
    return re.sub(r"\b[OX]\b", lambda word: {"O": name, "X": tensor}[word[0]], code)


def _block(lines: list[str], indent: int) -> str:
    return "".join(f"{' ' * indent}{line}\n" for line in lines)


_MAKERS = """
import keras
from keras import layers
from functools import partial
from collections import namedtuple, deque, defaultdict, OrderedDict
from types import SimpleNamespace
from itertools import chain
from copy import copy
from dataclasses import dataclass
from typing import NamedTuple
def same(x):
    return x
def made(w, v):
    w.append(v)
    return w
def put(w, v):
    w["a"] = v
    return w
def put2(w, v):
    w.update(a=v)
    return w
def put3(w, v):
    w.setdefault("a", v)
    return w
def put4(w, v):
    w.insert(0, v)
    return w
def put5(w, v):
    w.extend([v])
    return w
def gen(v):
    yield v
def attr(o, v):
    setattr(o, "a", v)
    return o
def attr2(o, v):
    o.__dict__["a"] = v
    return o
def attr3(o, v):
    o.__dict__.update(a=v)
    return o
@dataclass
class D:
    a: object
class N(NamedTuple):
    a: object
class O:
    def __init__(self, a):
        self.a = a
class O2(O):
    def __init__(self, a):
        super().__init__(a)
class O3:
    def __init__(self, *a):
        self.a = a
class O4:
    def __init__(self, **a):
        self.a = a
class O5:
    def __init__(self, a):
        self.set(a)
    def set(self, a):
        self.a, self.b = a, 1
x = keras.Input((8,))
"""
HELD = tuple(
    r"""
dict(a=v)  ::  w["a"]
list([v])  ::  w[0]
tuple([v])  ::  w[0]
(v, 1)  ::  w[0]
{"a": v}  ::  w["a"]
[*[v]]  ::  w[0]
{**{"a": v}}  ::  w["a"]
namedtuple("P", "a b")(1, v)  ::  w.b
namedtuple("P", "a b")(a=1, b=v)  ::  w.b
SimpleNamespace(a=v)  ::  w.a
partial(same, v)  ::  w()
partial(same, x=v)  ::  w()
list(enumerate([v]))  ::  w[0][1]
deque([v])  ::  w[0]
list(chain([v]))  ::  w[0]
list(reversed([v]))  ::  w[0]
list(map(same, [v]))  ::  w[0]
made([], v)  ::  w[0]
put({}, v)  ::  w["a"]
put2({}, v)  ::  w["a"]
put3({}, v)  ::  w["a"]
put4([], v)  ::  w[0]
put5([], v)  ::  w[0]
list(gen(v))  ::  w[0]
(lambda y=v: y)  ::  w()
(lambda *y: y)(v)  ::  w[0]
(lambda **y: y)(a=v)  ::  w["a"]
D(v)  ::  w.a
D(a=v)  ::  w.a
N(v)  ::  w.a
O(v)  ::  w.a
O2(v)  ::  w.a
O3(v)  ::  w.a[0]
O4(a=v)  ::  w.a["a"]
O5(v)  ::  w.a
O(O(v).a)  ::  w.a
vars(O(v))  ::  w["a"]
[y for y in [v]]  ::  w[0]
{"a": y for y in [v]}  ::  w["a"]
same(x=v)  ::  w
(v if x is not None else [])  ::  w
(v or [])  ::  w
copy(O(v))  ::  w.a
defaultdict(lambda: v)  ::  w["a"]
attr(O([]), v)  ::  w.a
attr2(O([]), v)  ::  w.a
attr3(O([]), v)  ::  w.a
[[v]][0]  ::  w[0]
OrderedDict(a=v)  ::  w["a"]
OrderedDict([("a", v)])  ::  w["a"]
dict([("a", v)])  ::  w["a"]
dict({"a": v})  ::  w["a"]
{"a": v}.copy()  ::  w["a"]
[v].copy()  ::  w[0]
[v] + []  ::  w[0]
[v] * 2  ::  w[1]
[v][:]  ::  w[0]
(y := v)  ::  w
{"a": v}.get("a")  ::  w
{"a": v}.setdefault("a", 1)  ::  w
{"a": v}.pop("a")  ::  w
[v].pop()  ::  w
list({"a": v}.values())  ::  w[0]
list({"a": v}.items())  ::  w[0][1]
""".strip().splitlines()
)
"""Expressions that keep the list `v` in some way, as `w`, and expressions that read the list again."""


def held(line: str, change: str) -> tuple[str, str]:
    """Programs that change a list, and read it from where it was kept: at the top level, and in a function."""
    kept, read = line.split("  ::  ")
    use = f"y = layers.BatchNormalization()({read}[0]()(layers.Dense(8)(x)))"
    lines = ["v = [layers.Flatten]", f"w = {kept}", change, use]
    return _MAKERS + _block(lines, 0), f"{_MAKERS}def go():\n{_block(lines, 4)}go()\n"
