"""Random programs that store layers in a dictionary, under known or unknown keys, and apply some of them.

Each applies the layer under a key between a `Dense` and a `BatchNormalization`. So it has a finding if that layer may
be the activation on some path.
"""

from __future__ import annotations

import random

__all__ = ["program"]

_START = "import keras\nfrom keras import layers\n\n"
_LAYERS = ("layers.Flatten", "layers.Flatten", "layers.ReLU")
_KEYS = ('"a"', '"a"', '"b"', "name", 'f"{name}"', '("a" if flag1 else "b")', '("a" if flag1 else name)', "n", "0")
_MAKING = (
    "parts = {{}}",
    "parts = {{{key}: {layer}}}",
    "parts = dict(a={layer})",
    "parts = {{{key}: {layer}}} if flag8 else {{}}",
    "parts = {{{key}: {layer}}} if flag8 else {{{other}: {layer}}}",
    "parts = {{key: {layer} for key in names}}",
    "parts = dict([({key}, {layer})])",
    "parts = dict.fromkeys(['a', 'b'], {layer})",
    "parts = given",
)
_CHANGING = (
    "parts[{key}] = {layer}",
    "parts.update({{{key}: {layer}}})",
    "parts.update(a={layer})",
    "parts.setdefault({key}, {layer})",
    "parts = {{**parts, {key}: {layer}}}",
    "parts = {{{key}: {layer}, **parts}}",
    "parts = parts | {{{key}: {layer}}}",
    "parts |= {{{key}: {layer}}}",
    "parts = dict(parts, b={layer})",
    "parts = parts.copy()",
    "parts = {{key: value for key, value in parts.items()}}",
    "parts = {{key: value for key, value in parts.items() if key != {key}}}",
    "parts.pop({key}, None)",
    "if {key} in parts:\n    del parts[{key}]",
    "parts.clear()",
    "put(parts, {key}, {layer})",
    "parts = made({key}, {layer})",
    "for key in names:\n    parts[key] = {layer}",
    "for key, value in [({key}, {layer})]:\n    parts[key] = value",
    "same = parts\nsame[{key}] = {layer}",
)
_AROUND = (
    "if flag{number}:\n{inner}",
    "if flag{number}:\n{inner}\nelse:\n{other}",
    "for _ in range(n):\n{inner}",
    "for _ in range(2):\n{inner}",
    "while flag6():\n{inner}",
    "try:\n{inner}\nexcept ValueError:\n{other}",
    "for _ in range(n):\n{inner}\n    if flag{number}:\n        break",
)
_USING = (
    "part = parts[{key}]",
    "part = parts.get({key})",
    "part = parts.get({key}, layers.Flatten)",
    "part = parts.pop({key})",
    "part = parts.setdefault({key}, layers.Flatten)",
    "part = parts[{key}] if {key} in parts else layers.Flatten",
    "part = list(parts.values())[0]",
    "part = layers.Flatten\nfor key, value in parts.items():\n    part = value",
    "part = layers.Flatten\nfor key in parts:\n    part = parts[key]",
    "part = next(iter(parts.values()))",
    "part = found(parts, {key})",
    "part = {{**parts}}[{key}]",
    "part = (lambda **given: given)(**parts)[{key}]",
)
_HELPERS = """def put(parts, key, part):
    parts[key] = part

def made(key, part):
    return {key: part}

def found(parts, key):
    return parts[key]

"""
_FLAGS = ", ".join(["n", "name", "names", "given", *(f"flag{number}" for number in range(10))])


def program(chance: random.Random) -> str:
    """A random program."""
    lines = [_filled(chance, chance.choice(_MAKING))]
    lines += [_change(chance) if chance.random() < 0.5 else _around(chance) for _ in range(chance.randint(1, 4))]
    lines.append(_filled(chance, chance.choice(_USING)))
    body = "\n".join(
        ("x = inputs = keras.Input((8,))", *lines, "x = layers.BatchNormalization()(part()(layers.Dense(8)(x)))")
    )
    return f"{_START}{_HELPERS}def build({_FLAGS}):\n{_indented(body)}\n    return keras.Model(inputs, x)\n"


def _around(chance: random.Random) -> str:
    return chance.choice(_AROUND).format(
        inner=_indented(_change(chance)), other=_indented(_change(chance)), number=chance.randint(1, 3)
    )


def _change(chance: random.Random) -> str:
    return _filled(chance, chance.choice(_CHANGING))


def _filled(chance: random.Random, text: str) -> str:
    return text.format(key=chance.choice(_KEYS), other=chance.choice(_KEYS), layer=chance.choice(_LAYERS))


def _indented(text: str) -> str:
    return "\n".join(f"    {line}" for line in text.split("\n"))
