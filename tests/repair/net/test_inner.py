"""Readers that only use the weights and configuration of a layer."""

from __future__ import annotations

import ast

import pytest

from orderlint.repair.net.inner import Takers, tables_for_weights

CLASS = "class K(Layer):\n    def __init__(self, layer):\n        super().__init__()\n        self.kept = layer\n"


@pytest.mark.parametrize(
    ("text", "takes"),
    [
        ("def f(a):\n    return a.weights\n", True),
        ("def f(a):\n    if isinstance(a, Dense): a.trainable = False\n", True),
        ("def f(a):\n    return a.output\n", False),
        ("def f(a):\n    return g(a)\n", False),
        ("def f(b, a=1):\n    return a\n", True),
        ("def f(b, a=1):\n    return b\n", False),
        ("def f():\n    pass\n", False),
        ("@wraps\ndef f(a):\n    return a.weights\n", False),
        ("def f(a):\n    return a.weights\nf = g\n", False),
        ("def f(a):\n    return a.weights\nfrom g import f\n", False),
        ("def f(a):\n    self.kept = a\n", False),
        ("f = g\n", False),
    ],
)
def test_a_function_takes_a_layer_for_its_weights(text: str, takes: bool) -> None:
    """A function that is defined once and reads only the weights of its argument is no obstacle."""
    assert Takers([ast.parse(text)]).take_inner("f", 0) is takes


@pytest.mark.parametrize(
    ("text", "takes"),
    [
        (f"{CLASS}    def call(self, x):\n        return x + self.kept.weights[0]\n", True),
        (f"{CLASS}    def call(self, x):\n        return self.kept(x)\n", False),
        (f"{CLASS}k = K(layer)\nprint(k.kept.output)\n", False),
        (f"{CLASS}print(getattr(k, 'kept'))\n", False),
        (CLASS.replace("K(Layer)", "K(Base)"), False),
        (CLASS.replace("K(Layer)", "K(Wrapper)"), False),
        (CLASS.replace("super().__init__()", "super().__init__(layer)"), False),
        ("class K:\n    pass\n", False),
    ],
)
def test_a_class_keeps_a_layer_for_its_weights(text: str, takes: bool) -> None:
    """A class that keeps a layer is no obstacle if the file reads nothing but its weights."""
    assert Takers([ast.parse(text)]).take_inner("K", 0) is takes


def test_a_class_may_stand_in_another_cell() -> None:
    reader = ast.parse("print(one.kept.output)")
    assert Takers([ast.parse(CLASS), ast.parse("K(m.layers[0])")]).take_inner("K", 0)
    assert not Takers([ast.parse(CLASS), reader]).take_inner("K", 0)


LOOP = "for one in m.layers:\n        if isinstance(one, Dense):\n            one.set_weights(t[one.name])"


@pytest.mark.parametrize(
    ("body", "found"),
    [
        (LOOP, True),
        (LOOP.replace("Dense", "(Dense, Conv2D)"), True),
        (LOOP.replace("Dense", "Layer"), False),
        (LOOP.replace("Dense", "(Dense, Activation)"), False),
        (LOOP.replace("isinstance(one, Dense)", "one.name"), False),
        (LOOP.replace("isinstance(one, Dense)", "isinstance(one)"), False),
        (LOOP.replace("m.layers", "others"), False),
        (f"{LOOP}\n            print(one.output)", False),
        (f"{LOOP}\n    return t", False),
        (f"{LOOP}\n    t = {{}}", False),
        (f"{LOOP}\n    m.fit(x, t)", False),
        ("pass", True),
    ],
)
def test_a_table_is_for_weights(body: str, found: bool) -> None:
    """A table of layers is no obstacle if only loops that read weights of linear layers use it."""
    tree = ast.parse(f"def f(m):\n    t = {{'a': 1}}\n    {body}\n")
    assert bool(tables_for_weights(tree)) is found


def test_a_table_of_a_module_may_be_read_elsewhere() -> None:
    assert not tables_for_weights(ast.parse("t = {'a': 1}\n"))
