"""Decorators of the analyzed code."""

from __future__ import annotations

import pytest

from orderlint.source.python import decorators
from orderlint.source.state.frames import ClassObject, Function, Instance
from orderlint.source.state.values import Partial
from tests.source.running import interpreter, python_value, value_of

ADDING = "def adding(n):\n    def wrap(f):\n        return lambda x: f(x) + n\n    return wrap\n"


def test_the_decorator_next_to_a_function_comes_first() -> None:
    """Decorators are applied from the innermost to the outermost, each to the result of the previous one."""
    m = interpreter(
        f"{ADDING}def twice(f):\n    return lambda x: 2 * f(x)\n@twice\n@adding(1)\ndef f(x): return x\ny = f(3)\n"
    )
    assert python_value(m, "y") == 8
    assert decorators.__all__ == ["decorated"]


@pytest.mark.parametrize(
    "decorator", ["tf.function", "missing", "tf.keras.layer(3)", "app.route('/')", "tf.jit or adding(1)"]
)
def test_others_leave_a_function_as_it_is(decorator: str) -> None:
    """An external or unknown decorator is assumed not to change the function."""
    m = interpreter(f"import tensorflow as tf\n{ADDING}@{decorator}\ndef f(x): return x\ny = f(3)\n")
    assert python_value(m, "y") == 3


def test_what_cannot_be_followed_leaves_a_function_as_it_is() -> None:
    """The same holds for a decorator of the project that passes the function to a library, or returns nothing."""
    m = interpreter("import lib\ndef traced(f):\n    return lib.trace(f)\n@traced\ndef f(x): return x\ny = f(3)\n")
    assert python_value(m, "y") == 3
    m = interpreter("seen = []\ndef note(f):\n    seen.append(f)\n@note\ndef f(x): return x\ny = seen[0](3), f(4)\n")
    assert python_value(m, "y") == (3, 4)


def test_an_object_may_be_or_make_a_decorator() -> None:
    """A method of a registry can decorate, and so can a class, whose object then replaces the function."""
    registry = "class Registry:\n    def __init__(self):\n        self.known = {}\n    def add(self, f):\n"
    m = interpreter(
        f"{registry}        self.known['f'] = f\n        return f\nr = Registry()\n@r.add\ndef f(): return 7\n"
    )
    assert python_value(m, "r.known['f']()") == 7
    m = interpreter("class Kept:\n    def __init__(self, f):\n        self.f = f\n@Kept\ndef f(x): return x\n")
    assert isinstance(value_of(m, "f"), Instance)
    assert isinstance(value_of(m, "f.f"), Function)
    m = interpreter(
        "from functools import partial\ndef halved(f):\n    return partial(f, 1)\n@halved\ndef f(a, b): return a + b\n"
    )
    assert isinstance(value_of(m, "f"), Partial)


def test_a_class_stays_a_class() -> None:
    """A decorator that registers a class leaves it a class that others can inherit from."""
    m = interpreter(
        "known = {}\ndef add(cls):\n    known['a'] = cls\n    return lambda: cls()\n@add\nclass A: size = 3\n"
    )
    assert isinstance(value_of(m, "A"), ClassObject)
    assert value_of(m, "known['a']") is value_of(m, "A")


def test_methods_are_decorated() -> None:
    """If the result of decorating a method is a function, it is bound to the object."""
    wrap = "def adding(n):\n    def wrap(f):\n        return lambda self, x: f(self, x) + self.n + n\n    return wrap\n"
    m = interpreter(
        f"{wrap}class A:\n    n = 1\n    @adding(10)\n    @adding(100)\n    def f(self, x): return x\ny = A().f(3)\n"
    )
    assert python_value(m, "y") == 115
    kept = "class Kept:\n    def __init__(self, f): self.f = f\n    def __call__(self, *args): return 0\n"
    m = interpreter(f"{kept}class A:\n    @Kept\n    def f(self, x): return x\ny = A().f(3)\n")
    assert python_value(m, "y") == 3


def test_a_decorated_method_still_finds_its_parent() -> None:
    """`super()` in a decorated method is that of its class, and a decorated static method is still static."""
    code = "def same(f):\n    def run(*a, **k): return f(*a, **k)\n    return run\n"
    code += "class A:\n    def f(self): return 1\n"
    code += "class B(A):\n    @same\n    def f(self): return 2 + super().f()\n"
    code += "    @staticmethod\n    @same\n    def g(x): return x\ny = B().f(), B().g(5)\n"
    assert python_value(interpreter(code), "y") == (3, 5)
