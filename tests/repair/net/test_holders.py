"""Which names refer to the model that a repair changes."""

from __future__ import annotations

import pytest

from orderlint.repair.net.holders import Holders
from orderlint.repair.net.lookups import lookups_in


def held(text: str, line: int = 1, makers: tuple[str, ...] = ()) -> list[bool]:
    """For each lookup by position, whether it refers to the model whose layers are on a line."""
    found = lookups_in([(None, text)])
    holders = Holders(found, () if makers else {(None, line)}, makers)
    return [holders.holds(lookup) for lookup in found.by_place]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("m = Sequential([Dense(8)])\nm.layers[1]\n", 1),
        ("m = Sequential()\nm.add(Dense(8))\nm.layers[1]\n", 2),
        ("def f():\n    x = Dense(8)(y)\n    return Model(y, x)\nm = f()\nm.layers[1]\n", 2),
        ("def f():\n    x = Dense(8)(y)\ndef g():\n    return f()\nm = g()\nm.layers[1]\n", 2),
        ("m = Sequential([Dense(8)])\nn = m\nn.layers[1]\n", 1),
        ("m = Sequential([Dense(8)])\ndef show(n):\n    n.layers[1]\nshow(m)\n", 1),
        ("s = [Dense(8)]\nm = Sequential(s)\nm.layers[1]\n", 1),
        ("def f(m):\n    m.add(Dense(8))\n    m.layers[1]\n", 2),
        ("s = []\ns.append(Dense(8))\nm = Sequential(layers=s)\nm.layers[1]\n", 2),
        ("s = []\ns += [Dense(8)]\nm = Sequential([*s, Dense(9)])\nm.layers[1]\n", 2),
        ("s = [Dense(8)]\nt = [Dense(9)]\nt.extend(s)\nm = Sequential(t)\nm.layers[1]\n", 1),
        ("s = [Dense(8)]\nm = Sequential(list(s) + [Dense(9)])\nm.layers[1]\n", 1),
        ("s = [Dense(8)]\nm = Sequential()\nfor one in s:\n    m.add(one)\nm.layers[1]\n", 1),
        ("def f():\n    return [Dense(8)]\nm = Sequential(f())\nm.layers[1]\n", 2),
        ("def f():\n    return [Dense(8)]\nm = Sequential()\nfor one in f():\n    m.add(one)\nm.layers[1]\n", 2),
        ("def f():\n    return [Dense(8)]\ns = f()[1:]\nm = Sequential(s)\nm.layers[1]\n", 2),
        ("class C:\n  def f(self):\n    self.m = Sequential([Dense(8)])\n  def g(self):\n    self.m.layers[1]\n", 3),
        ("class C(Model):\n    def call(self, x):\n        x = Dense(8)(x)\n        self.layers[1]\n", 3),
    ],
)
def test_a_name_is_followed_to_what_makes_the_model(text: str, line: int) -> None:
    """A name is that of the model if it is assigned the model, an alias, or the result of its factory, or passed it."""
    assert held(text, line)[-1]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("m = Sequential([Dense(8)])\nn = Sequential([Dense(9)])\nn.layers[1]\n", 1),
        ("m = Sequential([Dense(8)])\nbase = VGG16()\nbase.layers[1]\n", 1),
        ("m = Model(a, b)\nm.layers[1]\nx = Dense(8)(a)\nn = Model(a, x)\n", 3),
        ("m = f()\nc = m.layers[:3]\nn = Sequential(c)\nm = Sequential([Dense(8)])\nn.layers[1]\n", 4),
        ("s = [Dense(8)]\nt = [Dense(9)]\nm = Sequential(t)\nm.layers[1]\n", 1),
        ("g = Sequential([Dense(8)])\nm = Sequential([g, Dense(9)])\nm.layers[1]\n", 1),
        ("g = Sequential([Dense(8)])\nm = Sequential()\nm.add(g)\nm.layers[1]\n", 1),
        ("def f():\n    return Sequential([Dense(8)])\nm = Sequential([f(), Dense(9)])\nm.layers[1]\n", 2),
        ("def f():\n    x = Dense(8)(y)\ndef g(m):\n    m.layers[1]\n", 2),
        ("def f():\n    return Sequential([Dense(8)])\ndef g():\n    return VGG16()\nm = g()\nm.layers[1]\n", 2),
        ("m = Sequential([Dense(8)])\ndef f():\n    m = VGG16()\n    m.layers[1]\n", 1),
    ],
)
def test_other_models_are_left_alone(text: str, line: int) -> None:
    """A lookup in another or an unknown model does not prevent a repair."""
    assert not held(text, line)[-1]


def test_makers_of_another_file_are_given() -> None:
    """A factory that is imported makes the model, too."""
    assert held("from net import build\nm = build()\nm.layers[1]\n", makers=("build",)) == [True]
