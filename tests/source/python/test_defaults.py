"""Parameters that may or may not be given, and what is known of them from their defaults."""

from __future__ import annotations

import pytest

from orderlint.source.python.defaults import open_parameter, open_value
from orderlint.source.state.frames import Function
from orderlint.source.state.values import Const, DictObject, ListObject, Sequence, Unknown, Value
from tests.source.running import interpreter, is_unknown, python_value, value_of


def opened(default: str, then: str = "given") -> Value:
    """The value of an expression in which `given` is a parameter with a default."""
    m = interpreter(f"from keras import layers\n\ndef f(given={default}): pass\n")
    function = value_of(m, "f")
    assert isinstance(function, Function)
    m.store.write(m.frame.uid, "given", open_parameter(m, function, "given", "the parameter"))
    return value_of(m, then)


@pytest.mark.parametrize("default", ["8", "'relu'", "None", "()", "[]"])
def test_it_may_be_anything(default: str) -> None:
    """A number or string is only the default, and an empty container is likely to be replaced."""
    assert isinstance(opened(default), Unknown)


@pytest.mark.parametrize(("default", "kind"), [("(8, 8)", Sequence), ("[8]", ListObject), ("{'a': 1}", DictObject)])
def test_a_container_is_taken_as_it_is(default: str, kind: type[Value]) -> None:
    """A container with elements is used as the value of the parameter."""
    assert isinstance(opened(default), kind)


def test_a_plain_default_is_remembered() -> None:
    """An activation has the default if no visible call gives the parameter."""
    value = opened("'relu'")
    assert isinstance(value, Unknown)
    assert value.default == Const("relu")


def test_a_dictionary_without_entries_may_have_any() -> None:
    """Entries that are set are still known."""
    assert isinstance(opened("{}", "given.get('norm', False)"), Unknown)
    assert isinstance(opened("{}", "'norm' in given"), type(opened("8", "given == 8")))
    assert opened("{}", "[given.update(a=1), given['a']][1]") == Const(1)


def test_a_field_has_a_default_as_a_parameter_has() -> None:
    """A field without a default is unknown."""
    assert isinstance(open_value(interpreter(), None, "a field"), Unknown)


CHANGED = """
def f(a, b=1, *, c=2): return (a, b, c)
f.__defaults__ = (5, 6)
def g(a=1, *, c=2): return c
g.__kwdefaults__["c"] = 7
def h(a=1): return a
h.__defaults__ = somewhere()
def kept(a=1): return a
def made(test):
    def inner(a=1): return a
    if test: inner.__defaults__ = (8,)
    return inner
"""


def test_changed_defaults_are_those_that_count() -> None:
    """Positional defaults belong to the last parameters; those of keyword-only parameters are a mutable dictionary."""
    m = interpreter(CHANGED)
    assert python_value(m, "f()") == (5, 6, 2)
    assert python_value(m, "f(1)") == (1, 6, 2)
    assert python_value(m, "g()") == 7
    assert python_value(m, "(kept(), kept.__defaults__)") == (1, (1,))
    assert python_value(m, "(f.__defaults__, g.__kwdefaults__['c'])") == ((5, 6), 7)


def test_defaults_that_are_changed_to_something_unknown_are_unknown() -> None:
    """The defaults in the definition no longer count."""
    assert is_unknown(interpreter(CHANGED), "h()")


def test_defaults_are_those_of_one_function_on_one_path() -> None:
    """Another function from the same definition keeps its own defaults."""
    m = interpreter(CHANGED)
    assert python_value(m, "[made(True)(), made(False)()]") == [8, 1]


def test_the_numbers_of_a_shape_are_open() -> None:
    """Each number remembers its default. Other containers are used as they are."""
    m = interpreter("def f(input_shape=(64, 64, 3), widths=(8, 16), image_size='large'): pass\n")
    function = value_of(m, "f")
    assert isinstance(function, Function)
    shape = open_parameter(m, function, "input_shape", "shape")
    assert isinstance(shape, Sequence)
    numbers = [element.value for element in shape.elements]
    assert [one.default for one in numbers if isinstance(one, Unknown)] == [Const(64), Const(64), Const(3)]
    assert open_parameter(m, function, "widths", "widths") == function.defaults["widths"]
    assert isinstance(open_parameter(m, function, "image_size", "size"), Unknown)
