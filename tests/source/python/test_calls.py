"""Calls: the binding of arguments to parameters, and the depth to which calls are followed."""

from __future__ import annotations

import libcst as cst
import pytest

from orderlint.graph.guards import ALWAYS
from orderlint.source.python import calls
from orderlint.source.state.frames import Instance
from orderlint.source.state.values import Choice, Const, ListObject
from tests.source.running import interpreter, is_unknown, layers_of, python_value, value_of

F = "def f(a, b=2, *rest, c=3, **more):\n    return a, b, rest, c, more\n"


@pytest.mark.parametrize(
    "arguments",
    ["1", "1, 5", "1, b=5", "b=5, a=1", "1, 2, 3, 4", "1, c=9", "1, d=7", "*[1, 2], **{'c': 4, 'd': 5}", "*(1,), b=3"],
)
def test_arguments_meet_parameters_as_in_python(arguments: str) -> None:
    """Positional arguments, keywords, defaults, `*` and `**` are bound as in Python."""
    namespace: dict[str, object] = {}
    exec(f"{F}found = f({arguments})", namespace)  # code of this test
    assert python_value(interpreter(F), f"f({arguments})") == namespace["found"]


def test_what_is_not_given_is_unknown() -> None:
    """A parameter without a value, or one that unknown `**options` may set, is unknown."""
    m = interpreter("def f(a, b=2):\n    return b\n")
    assert is_unknown(m, "f(**options)")
    assert python_value(m, "f(1)") == 2


def test_a_function_returns_on_each_path() -> None:
    """Early returns give a choice; after the call all paths that did not raise continue."""
    text = "def f(n):\n    if n:\n        return 1\n    if m:\n        raise E\n    return 2\nx = f(k)\n"
    m = interpreter(text)
    found = value_of(m, "x")
    assert isinstance(found, Choice)
    assert [value for _, value in found.alternatives] == [Const(1), Const(2)]
    assert m.path is ALWAYS


def test_a_generator_is_the_list_of_what_it_yields() -> None:
    """`yield` and `yield from` give the elements in order."""
    m = interpreter("def f():\n    yield 1\n    yield from [2, 3]\n")
    assert python_value(m, "list(f())") == [1, 2, 3]


def test_recursion_that_a_known_test_ends_is_followed() -> None:
    """A recursion over a known number runs to its end; one over an unknown number is cut off, its result unknown."""
    m = interpreter("def f(n):\n    return 0 if n == 0 else 1 + f(n - 1)\n")
    assert python_value(m, "f(10)") == 10
    found = value_of(m, "f(size)")
    assert isinstance(found, Choice)
    assert Const(0) in [value for _, value in found.alternatives]


def test_calls_are_followed_to_a_depth() -> None:
    """A deeper call is unknown; afterwards the depth is as before."""
    m = interpreter("def f(n):\n    return 0 if n == 0 else f(n - 1)\n")
    assert is_unknown(m, f"f({calls.DEEPEST + 1})")
    assert m.depth == 0
    assert m.active == {}


def test_calls_too_deep_to_be_followed_count_several_times() -> None:
    """If each call makes two more, half of all calls are too deep, so each of these counts as several."""
    m = interpreter("def f(n):\n    return 0 if n == 0 else f(n - 1)\n")
    steps = []
    for depth in (calls.DEEPEST - 1, calls.DEEPEST + 1):
        before = m.num_steps
        value_of(m, f"f({depth})")
        steps.append(m.num_steps - before)
    assert steps[1] - steps[0] > calls.STEPS_TOO_DEEP


@pytest.mark.parametrize(
    ("callee", "varies"),
    [
        ("blocks[i]", True),
        ("blocks[0]", True),
        ("heads['a']", True),
        ("make", True),
        ("size", False),
        ("block", True),
    ],
)
def test_what_is_called_by_an_element_of_a_container(callee: str, varies: bool) -> None:
    """In a loop, an index, a parameter or a loop variable may be one of several layers, and the list may change."""
    text = "def f(make):\n    for block in blocks:\n        size = 1\n        probe()\nf(1)\n"
    m = interpreter("")
    seen: list[bool] = []
    node = cst.parse_expression(callee)
    original = m.call

    def spy(function: object, *rest: object) -> object:
        if m.frame.function is not None:
            seen.append(calls.takes_from_container(m, node))
        return original(function, *rest)  # type: ignore[arg-type]

    m.call = spy  # type: ignore[method-assign, assignment]
    for statement in cst.parse_module(text).body:
        m.run(statement)
    assert seen[-1] is varies


def test_super_is_the_base_of_the_method() -> None:
    """`super()` in a method of a base class is the next class after that base, not after the class of the object."""
    m = interpreter(
        "class A:\n    def f(self): return 1\n"
        "class B(A):\n    def f(self): return super().f() + 10\n"
        "class C(B):\n    def f(self): return super(C, self).f() + 100\n"
    )
    assert python_value(m, "C().f()") == 111


def test_methods_are_called_by_name() -> None:
    """A method that the class defines is called; if there is none, the result is `None`."""
    m = interpreter("class A:\n    def __getitem__(self, i): return i + 1\na = A()\n")
    a = value_of(m, "a")
    assert isinstance(a, Instance)
    assert calls.call_method(m, a, "__getitem__", [Const(1)]) == Const(2)
    assert calls.call_method(m, a, "__len__", []) is None
    assert python_value(m, "a[4]") == 5


def test_code_that_only_gives_context_does_not_count_as_used() -> None:
    """A function that `__main__` calls is still judged separately."""
    m = interpreter("from keras import Input, layers\ndef f(x):\n    return layers.ReLU()(x)\n")
    m.in_main = True
    value_of(m, "f(Input((3,)))")
    assert layers_of(m) == ["Input", "ReLU"]
    assert not m.entered.nodes


@pytest.mark.parametrize("call", ["append(None)", "insert(1, 0.5)"])
def test_an_unknown_list_that_gets_a_number(call: str) -> None:
    """It becomes a list of unknown elements and the number, both as a variable and as an attribute."""
    m = interpreter("class A: pass\na = A()\nsizes, a.sizes = given(), given()\n")
    for name in ("sizes", "a.sizes"):
        value_of(m, f"{name}.{call}")
        assert isinstance(value_of(m, name), ListObject)


@pytest.mark.parametrize("call", ["append(x)", "append('relu')", "extend([8])", "pop(0)", "add(8)"])
def test_an_unknown_list_that_gets_anything_else(call: str) -> None:
    """A value that may construct a layer is not distinguished from the elements of the unknown list."""
    m = interpreter("sizes = given()\n")
    value_of(m, f"sizes.{call}")
    assert is_unknown(m, "sizes")
