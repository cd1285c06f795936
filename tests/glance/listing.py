"""Random programs that store layers in a list, some of them conditionally, and apply its elements.

All layers are in order, except for at most one, which may be misplaced.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator

__all__ = ["program"]

_START = "import functools, itertools\nimport keras\nfrom keras import Sequential, layers\n\n"
_GROUP = ("layers.Dense(8)", "layers.BatchNormalization()", "layers.ReLU()", "layers.Dropout(0.2)")
_PUTTING = (
    "parts.append({part})",
    "parts.extend([{part}])",
    "parts += [{part}]",
    "parts = parts + [{part}]",
    "parts = [*parts, {part}]",
    "parts.insert(len(parts), {part})",
    "more = parts\nmore.append({part})",
    "parts = list(parts)\nparts.append({part})",
    "put(parts, {part})",
)
_IN_DOUBT = (
    "if flag{number}:\n    parts.append({part})",
    "if flag{number}:\n    parts += [{part}]",
    "parts = parts + [{part}] if flag{number} else parts",
    "parts.extend([{part}] if flag{number} else [])",
    "parts += [one for one in [{part}] if flag{number}]",
    "for _ in range(n):\n    parts.append({part})",
    "for _ in range(n):\n    parts.append({part})\n    if flag{number}:\n        break",
    "try:\n    parts.append({part})\nexcept ValueError:\n    pass",
    "parts.append({part} if flag{number} else layers.Activation('linear'))",
    "parts.append({part} if flag{number} else None)\nparts = [one for one in parts if one is not None]",
    "if not flag{number}:\n    parts.append(layers.Activation('linear'))\nelse:\n    parts.append({part})",
    "parts.append({part}) if flag{number} else None",
    "flag{number} and parts.append({part})",
    "[parts.append({part}) for _ in range(n)]",
    "[parts.append({part}) for _ in range(2) if flag{number}]",
)
_LOOPS = ("for _ in range(n):", "for unit in units:", "while flag6():", "for number, unit in enumerate(units):")
_EXITS = ("if flag5:\n    break", "if flag5:\n    continue", "if flag5:\n    raise ValueError")
_RETURN = "if flag7:\n    return"
_CHANGING = (
    "parts.append(layers.Dense(8))\nparts.pop()",
    "parts.insert(0, layers.Dense(8))",
    "parts = parts[:]",
    "parts = parts.copy()",
    "parts = [one for one in parts]",
    "parts = list(itertools.chain(parts, [layers.Dense(8)]))",
    "parts = parts * 2",
    "parts[0] = layers.Dense(16)",
    "first, *parts = [layers.Dense(8), *parts]",
    "parts = list(reversed(list(reversed(parts))))",
)
_APPLYING = (
    "for part in parts:\n    x = part(x)",
    "for number, part in enumerate(parts):\n    x = part(x)",
    "for part, _ in zip(parts, range(100)):\n    x = part(x)",
    "for number in range(len(parts)):\n    x = parts[number](x)",
    "x = Sequential(parts)(x)",
    "x = layers.ReLU()(layers.Dense(8)(x))\nx = Sequential(parts)(x)",
    "model = Sequential()\nfor part in parts:\n    model.add(part)\nx = model(x)",
    "while parts:\n    x = parts.pop(0)(x)",
    "x = functools.reduce(lambda y, part: part(y), parts, x)",
    "for part in parts + [layers.Dense(8)]:\n    x = part(x)",
    "for part in (parts if flag9 else parts[:]):\n    x = part(x)",
    "for part in parts:\n    if flag9:\n        continue\n    x = part(x)",
    "x = run(parts, x)",
)


def program(chance: random.Random) -> str:
    """A random program."""
    lines = [chance.choice(("parts = []", "parts = [layers.Dense(8)]", "parts = [] if flag8 else [layers.Dense(8)]"))]
    for _ in range(chance.randint(1, 2)):
        lines += _often(chance, list(_group(chance))) if chance.random() < 0.4 else _group(chance)
    if chance.random() < 0.4:
        lines.insert(chance.randint(1, len(lines)), chance.choice(_CHANGING))
    if chance.random() < 0.5:
        lines.insert(chance.randint(1, len(lines)), _put(chance, chance.choice(_GROUP[1:])))
    return _START + _within(chance, lines, chance.choice(_APPLYING))


def _group(chance: random.Random) -> Iterator[str]:
    """Layers in order, some of which may be left out."""
    for number, part in enumerate(_GROUP):
        if number == 0 or chance.random() < 0.7:
            yield _put(chance, part)


def _often(chance: random.Random, lines: list[str]) -> list[str]:
    """The same in a loop of unknown length, which may be left early."""
    if chance.random() < 0.3:
        lines.insert(chance.randint(0, len(lines)), chance.choice(_EXITS))
    if chance.random() < 0.2:
        lines.insert(chance.randint(1, len(lines)), _put(chance, chance.choice(_GROUP[1:])))
    return [f"{chance.choice(_LOOPS)}\n{_indented(chr(10).join(lines), 1)}".rstrip()]


def _put(chance: random.Random, part: str) -> str:
    ways = _IN_DOUBT if "Dense" not in part and chance.random() < 0.5 else _PUTTING
    return chance.choice((ways[0], chance.choice(ways))).format(part=part, number=chance.randint(1, 3))


_HELPERS = """def put(parts, part):
    parts.append(part)

def run(parts, x):
    for part in parts:
        x = part(x)
    return x

"""
_FLAGS = ", ".join(["n", "units", *(f"flag{number}" for number in range(10))])


def _within(chance: random.Random, lines: list[str], use: str) -> str:
    """A function that constructs the list and applies it, or a layer that constructs it first."""
    is_function = chance.random() < 0.5
    if not is_function and chance.random() < 0.3:
        lines.insert(chance.randint(1, len(lines)), _RETURN)
    make = "\n".join(lines)
    if is_function:
        body = f"x = inputs = keras.Input((8,))\n{make}\n{use}\nreturn keras.Model(inputs, layers.Dense(1)(x))"
        return f"{_HELPERS}def build({_FLAGS}):\n" + _indented(body, 1)
    method = chance.choice(("__init__", "build"))
    begin = "super().__init__()" if method == "__init__" else "self.built = True"
    given = f"self, {_FLAGS}" if method == "__init__" else "self, shape"
    flags = "" if method == "__init__" else f"{_FLAGS} = options()\n"
    text = f"from somewhere import options\n{_HELPERS}class Block(layers.Layer):\n    def {method}({given}):\n"
    text += _indented(f"{begin}\n{flags}{_of_object(make)}", 2)
    text += "    def call(self, x, flag9=None):\n" + _indented(f"{_of_object(use)}\nreturn x", 2)
    return text + "\ndef net(x):\n    x = layers.Dense(8)(x)\n    return layers.Dense(1)(Block(*options())(x))\n"


def _of_object(code: str) -> str:
    """The same code with an attribute of an object."""
    return re.sub(r"(?<![.\w])parts\b", "self.parts", code)


def _indented(code: str, depth: int) -> str:
    return "".join(f"{'    ' * depth}{line}\n" for line in code.split("\n"))
