"""The registry of modeled functions, which finds the module of each."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

import pytest

from orderlint.source.library import registry
from orderlint.source.state.values import DictObject, ListObject, Unknown
from tests.source.running import interpreter, python_value, value_of


def test_each_file_registers_what_it_models() -> None:
    """Every module of the package that has a table is in the registry, with all its names."""
    package = import_module("orderlint.source.library")
    tables = [
        vars(import_module(f"{package.__name__}.{one.name}")).get("FUNCTIONS", {})
        for one in iter_modules(package.__path__)
    ]
    assert registry.functions() == {name: run for table in tables for name, run in table.items()}


def test_a_function_modeled_twice_is_refused() -> None:
    """If two modules model the same function, the error names both."""
    with pytest.raises(ValueError, match=r"builtins\.zip"):
        registry._joined([{"builtins.zip": 1}, {"builtins.zip": 2}])


def test_methods_belong_to_their_receiver() -> None:
    """`pop` of a list and `pop` of a dictionary are different functions."""
    methods = registry.methods()
    assert methods[ListObject, "pop"] is not methods[DictObject, "pop"]


def test_an_unmodeled_function_is_left_to_others() -> None:
    """A function that no module models is not in the registry."""
    m = interpreter()
    assert registry.call(m, "os.getcwd", None, m.site(m.frame.cell.module)) is None  # type: ignore[arg-type]


def test_unmodeled_methods_of_text_are_scalars() -> None:
    """The result of any method of strings is a scalar."""
    found = value_of(interpreter(), "'a'.encode()")
    assert isinstance(found, Unknown)
    assert found.scalar


@pytest.mark.parametrize(
    ("imports", "expression", "wanted"),
    [
        ("from six.moves import range", "list(range(2))", [0, 1]),
        ("from tqdm.notebook import tqdm", "[i for i in tqdm([0, 1])]", [0, 1]),
        ("from itertools import izip", "list(izip('ab', [0, 1]))", [("a", 0), ("b", 1)]),
        ("", "list(xrange(2))", [0, 1]),
        ("import six", "list(six.iteritems({'a': 1}))", [("a", 1)]),
    ],
)
def test_a_function_that_goes_by_several_names_is_one(imports: str, expression: str, wanted: object) -> None:
    """The names in Python 2, six and tqdm are aliases of the names in Python 3."""
    assert python_value(interpreter(imports), expression) == wanted
