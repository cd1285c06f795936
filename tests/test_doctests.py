"""The examples in docstrings are correct."""

from __future__ import annotations

import doctest
import pkgutil
from importlib import import_module

import pytest

import orderlint

MODULES = sorted(
    module.name
    for module in pkgutil.walk_packages(orderlint.__path__, "orderlint.")
    if not module.name.endswith("__main__")
)


@pytest.mark.parametrize("name", MODULES)
def test_examples_hold(name: str) -> None:
    """Each `>>>` example of the module has the given output."""
    result = doctest.testmod(import_module(name))
    assert result.failed == 0
