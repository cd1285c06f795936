"""The names of modules and the attributes of objects as dictionaries."""

from __future__ import annotations

import pytest

from orderlint.source.library.namespaces import FUNCTIONS
from orderlint.source.state.values import Const, External
from tests.source.running import interpreter, is_unknown, python_value, value_of

HEADER = """
from keras import layers
from keras.layers import Conv1D, Conv2D
def block(): pass
class Net:
    def __init__(self, a, b=2):
        self.__dict__.update(locals())
        vars(self)["c"] = 3
net = Net(1)
globals()["made"] = 5
"""


def test_globals_are_looked_up() -> None:
    """`globals()` reads what the module defines and imports, and can be written to."""
    m = interpreter(HEADER)
    assert value_of(m, "globals()['block']") == value_of(m, "block")
    assert value_of(m, "globals().get('block')") == value_of(m, "block")
    assert python_value(m, "made") == 5


def test_globals_of_which_a_part_is_known_are_looked_up() -> None:
    """If only a part of the name is known, the result is one of the imported layers that match."""
    assert value_of(interpreter(HEADER), "globals()[f'Conv{n}D']") == External("keras.layers.Conv*D")


def test_attributes_are_written_by_name() -> None:
    """An entry in the dictionary of an object is an attribute of the object."""
    assert python_value(interpreter(HEADER), "(net.a, net.b, net.c)") == (1, 2, 3)


@pytest.mark.parametrize("expression", ["vars(layers)['ReLU']", "layers.__dict__['ReLU']", "vars(layers).get('ReLU')"])
def test_modules_have_names(expression: str) -> None:
    """The dictionary of a module has its names as keys."""
    assert value_of(interpreter(HEADER), expression) == External("keras.layers.ReLU")


def test_items_of_globals_are_what_the_module_made() -> None:
    """The names that the module binds can be iterated over."""
    assert python_value(interpreter(HEADER), "[k for k, v in globals().items() if k.startswith('b')]") == ["block"]


@pytest.mark.parametrize("expression", ["'ReLU' in vars(layers).keys()", "'x' in layers.__dict__.copy()"])
def test_whether_a_module_has_a_name_is_not_decided(expression: str) -> None:
    """The contents of a library are not visible, so its dictionary may have any key."""
    assert value_of(interpreter(HEADER), expression) not in (Const(True), Const(False))


def test_others_are_unknown() -> None:
    """The dictionary of an unknown value is unknown."""
    assert is_unknown(interpreter(), "vars(thing)['a']")
    assert "builtins.vars" in FUNCTIONS


def test_attributes_are_taken_out_by_name() -> None:
    """`pop` and `del` on the dictionary of an object delete the attribute."""
    m = interpreter(f"{HEADER}taken = net.__dict__.pop('a')\ndel vars(net)['b']\n")
    assert python_value(m, "taken") == 1
    assert python_value(m, "(hasattr(net, 'c'), getattr(net, 'a', 8), getattr(net, 'b', 9))") == (True, 8, 9)
