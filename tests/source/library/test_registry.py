"""The modelled functions: found by being there, each in one file."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

import pytest

from orderlint.source.library import registry
from orderlint.source.state.values import Const, DictObject, ListObject, Unknown
from tests.source.running import interpreter, value_of


def test_each_file_registers_what_it_models() -> None:
    """Every module of the package that has a table is in the registry, with all its names."""
    package = import_module("orderlint.source.library")
    tables = [
        vars(import_module(f"{package.__name__}.{one.name}")).get("FUNCTIONS", {})
        for one in iter_modules(package.__path__)
    ]
    assert registry.functions() == {name: run for table in tables for name, run in table.items()}


def test_a_function_modelled_twice_is_refused() -> None:
    """Two files that model one function are told so, by name."""
    with pytest.raises(ValueError, match=r"builtins\.zip"):
        registry._joined([{"builtins.zip": 1}, {"builtins.zip": 2}])


def test_methods_belong_to_their_receiver() -> None:
    """`pop` of a list and of a dictionary are two functions."""
    methods = registry.methods()
    assert methods[ListObject, "pop"] is not methods[DictObject, "pop"]


def test_an_unmodelled_function_is_left_to_others() -> None:
    """A function that no file models is nobody's here."""
    m = interpreter()
    assert registry.call(m, "os.getcwd", None, m.site(m.frame.cell.module)) is None  # type: ignore[arg-type]


def test_unmodelled_methods_of_text_are_scalars() -> None:
    """Whatever a method makes of a string, it is no tensor."""
    found = value_of(interpreter(), "'a'.encode()")
    assert isinstance(found, Unknown)
    assert found.scalar


@pytest.mark.parametrize(
    ("expression", "wanted"),
    [
        ("'ReLU'.lower()", "relu"),
        ("max(2, 3)", 3),
        ("max([2, 5])", 5),
        ("math.ceil(1.5)", 2),
        ("len([1, 2])", 2),
        ("sum([1, 2], 3)", 6),
        ("any([0, 1])", True),
        ("all([0, 1])", False),
        ("bool([])", False),
        ("isinstance('a', str)", True),
        ("isinstance([1], (tuple, dict))", False),
        ("callable(3)", False),
        ("list(range(2, 9, 3))[-1]", 8),
        ("list(zip([1, 2], 'ab'))[1][1]", "b"),
        ("list(enumerate('ab', 5))[1][0]", 6),
        ("list(reversed([1, 2]))[0]", 2),
        ("sorted([3, 1])[0]", 1),
        ("list(itertools.chain([1], [2]))[1]", 2),
        ("list(itertools.product([1, 2], [3]))[1][0]", 2),
        ("list(map(lambda x: x + 1, [1]))[0]", 2),
        ("list(filter(lambda x: x > 1, [1, 2]))[0]", 2),
        ("functools.reduce(lambda a, b: a * b, [2, 3, 4])", 24),
        ("functools.partial(max, 7)(3)", 7),
        ("dict(a=1)['a']", 1),
        ("{'a': 1}.get('b', 2)", 2),
        ("{'a': 1}.pop('a')", 1),
        ("copy.deepcopy([[1]])[0][0]", 1),
        ("numpy.linspace(0, 1, 3)[1]", 0.5),
        ("print(1)", None),
    ],
)
def test_modelled_functions_compute_what_python_computes(expression: str, wanted: object) -> None:
    """On known values a modelled function gives what Python gives."""
    found = value_of(interpreter("import copy, functools, itertools, math, numpy\n"), expression)
    assert found == Const(wanted)


def test_methods_change_their_list() -> None:
    """`append`, `insert`, `extend`, `remove`, `reverse` and `pop` leave in the list what they leave in Python."""
    m = interpreter("a = [1]\na.append(2)\na.insert(0, 3)\na.extend([4, 5])\na.remove(1)\na.reverse()\na.pop()\n")
    assert [value_of(m, f"a[{i}]") for i in range(3)] == [Const(5), Const(4), Const(2)]


def test_a_cleared_dictionary_has_no_entries() -> None:
    """After `clear` a dictionary has neither keys nor entries."""
    m = interpreter("a = {'x': 1}\na.clear()\n")
    assert value_of(m, "a.get('x', 7)") == Const(7)
    assert value_of(m, "len(a)") == Const(0)
