"""Random programs in which an object changes between its uses: a use only has a finding if it sees the change.

The object is used and changed by itself, by functions, and by other objects that contain it or share its attributes:
in the constructor, in `build`, in a method, or from outside.
"""

from __future__ import annotations

import random
import re
from collections.abc import Sequence

__all__ = ["program"]

_START = """
import keras
from keras import layers

x = inputs = keras.Input((8,))
REG = {}

def use(o, x):
    return layers.BatchNormalization()(o.kind()(x))

def use_later(o, x):
    return use(o, x)

def use_all(objects, x):
    for o in objects:
        x = use(o, x)
    return x

def use_named(x, **given):
    return use(given["o"], x)

def uses(o, x):
    yield use(o, x)

def put(o, kind):
    o.kind = kind

def put_later(o, kind):
    put(o, kind)

def put_by_name(o, kind):
    setattr(o, "kind", kind)

def kind_of(o):
    return o.kind

class Holder:
    def __init__(self, o):
        self.o = o

    def use(self, x):
        return use(self.o, x)

    def put(self, kind):
        self.o.kind = kind

class Copy:
    def __init__(self, o):
        self.kind = o.kind

    def use(self, x):
        return layers.BatchNormalization()(self.kind()(x))

class Lazy:
    def __init__(self, o):
        self.o = o

    @property
    def kind(self):
        return self.o.kind

class Both(Holder):
    def __init__(self, o):
        super().__init__(o)
        self.kind = self.o.kind
"""
_USES = """
use(O, X) | use_later(O, X) | use_all([O], X) | use_named(X, o=O) | Holder(O).use(X) | Holder(h).o.use(X) | h.use(X)
Copy(O).use(X) | O.use(X) | use(Lazy(O), X) | use(h, X) | use(Both(O), X) | layers.BatchNormalization()(kind_of(O)()(X))
layers.BatchNormalization()(O.kind()(X)) | next(uses(O, X)) | (lambda: use(O, X))() | [use(O, X) for _ in range(1)][0]
O.net[0](X) | REG["o"].use(X) if "o" in REG else x
"""
_CHANGES = """
put(O, K) | put_later(O, K) | put_by_name(O, K) | Holder(O).put(K) | h.put(K) | O.kind = K | O.put(K)
(lambda kind: put(O, kind))(K) | [put(O, kind) for kind in [K]]
"""
_KEPT = 'REG["o"] = O | h = Holder(O) | h = Copy(O) | h = Both(O) | h = Lazy(O)'
_CLASS = """
class C{base}:
    def __init__(self, x):
        self.kind = layers.Flatten
        self.net = [lambda x: use(self, x)]
{init}
    def use(self, x):
        return layers.BatchNormalization()(self.kind()(x))

    def put(self, kind):
        self.kind = kind
{method}
"""
_MAIN = {
    "init": "C(inputs)\n",
    "run": "C(inputs).run(inputs)\n",
    "build": "C(inputs)(inputs)\n",
    "top": "c = C(inputs)\n{body}",
    "function": "def go(c, x):\n{body}    return x\n\ngo(C(inputs), inputs)\n",
}
"""Where the object is used and changed, and the code that passes it there."""


def program(chance: random.Random) -> str:
    """A random program."""
    where = chance.choice(["init", *_MAIN])
    lines = _lines(chance, "c" if where in ("top", "function") else "self")
    base = "(layers.Layer)" if where == "build" or chance.random() < 0.3 else ""
    method = f"\n    def {where}(self, x):\n{_block(lines, 8)}        return x" if where in ("run", "build") else ""
    cls = _CLASS.format(base=base, init=_block(lines, 8) if where == "init" else "", method=method)
    return f"{_START}{cls}{_MAIN[where].format(body=_block(lines, 0 if where == 'top' else 4))}"


def _lines(chance: random.Random, name: str) -> list[str]:
    def one(of: str, kind: str = "") -> str:
        code = chance.choice([each.strip() for line in of.strip().splitlines() for each in line.split(" | ")])
        stands_for = {"O": name, "K": kind, "X": "layers.Dense(8)(x)"}
        return re.sub(r"\b[OKX]\b", lambda word: stands_for[word[0]], code)

    lines = [f"h = Holder({name})"]
    for _ in range(chance.randint(1, 4)):
        kinds = [f"x = {one(_USES)}", one(_CHANGES, "layers.ReLU"), one(_CHANGES, "layers.Flatten"), one(_KEPT)]
        lines += chance.choices(kinds, [4, 2, 1, 1])
    lines.append(one(_CHANGES, "layers.Flatten") if chance.random() < 0.5 else "pass")
    at = chance.randrange(1, len(lines))
    if chance.random() < 0.25:
        lines[at:] = ["for _ in range(2):", *(f"    {line}" for line in lines[at:])]
    return lines


def _block(lines: Sequence[str], indent: int) -> str:
    return "".join(f"{' ' * indent}{line}\n" for line in lines)
