"""The parameter that alone decides on an activation of a helper, and the call that passes it."""

from __future__ import annotations

import libcst as cst
import pytest

from orderlint.repair.ways.deciding import Decider, decider
from tests.repair.texts import Case, find_call

USE = "x = BatchNormalization()(x)\n"
FUNCTION = "def f(x, act='relu'):\n    return Dense(8, activation=act)(x)\n"
CLOSURE = "def f(act='relu'):\n    def g(x):\n        return Activation(act)(Dense(8)(x))\n    return g\n"
CHOSEN = """def f(act='relu'):
    def g(x):
        x = Dense(8)(x)
        if act == 'leaky':
            x = LeakyReLU()(x)
        elif act:
            x = Activation(act)(x)
        return x
    return g
"""
CLASS = (
    "class F(Layer):\n    def __init__(self, act='relu'):\n        self.dense = Dense(8, activation=act)\n{}"
    "    def call(self, x):\n        return self.dense(x)\n"
)
CONFIG = "        self.act = act\n    def get_config(self):\n        return {'act': self.act}\n"
IMPORTS = "from keras.layers import *\n"


def found(helper: str, use: str) -> tuple[Decider | None, str | None]:
    """The parameter for the activation of a helper, and the call that passes it."""
    case = Case(f"{IMPORTS}{helper}x = {use}\n{USE}")
    call = case.move().path[0]
    spot = case.syntax.spot(call.applied)
    assert spot is not None
    applied = spot.tree.function(spot.node)
    assert isinstance(applied, cst.FunctionDef)
    result = decider(case.syntax, call, applied)
    handing = result.passing_call(find_call(spot.tree, use)) if result is not None else None
    return result, None if handing is None else spot.tree.code(handing)


@pytest.mark.parametrize(
    ("helper", "use", "handing"),
    [
        (FUNCTION, "f(x)", "f(x)"),
        (FUNCTION + "h = f\n", "h(x, 'elu')", "h(x, 'elu')"),
        (CLOSURE, "f('elu')(x)", "f('elu')"),
        (CLOSURE.replace("Activation(act)(Dense(8)(x))", "Dense(8, activation=act)(x)"), "f()(x)", "f()"),
        (CLASS.format(""), "F('elu')(x)", "F('elu')"),
        (CLASS.format(CONFIG), "F(act='elu')(x)", "F(act='elu')"),
        (CHOSEN, "f('elu')(x)", "f('elu')"),
    ],
)
def test_the_parameter_of_what_is_called(helper: str, use: str, handing: str) -> None:
    """A parameter of the function, of the function around it, or of the constructor of the class."""
    result, code = found(helper, use)
    assert result is not None
    assert (result.parameter, code) == ("act", handing)


@pytest.mark.parametrize(
    ("helper", "use"),
    [
        (FUNCTION.replace("(x)\n", "(Dense(4, activation=act)(x))\n"), "f(x)"),
        (FUNCTION.replace("activation=act", "activation='relu'"), "f(x)"),
        (FUNCTION.replace("    return", "    show(act)\n    return"), "f(x)"),
        (CLOSURE.replace("    def g", "    act = act or 'elu'\n    def g"), "f()(x)"),
        (CLASS.format("        self.act = act\n    def shown(self):\n        return self.act\n"), "F()(x)"),
        (CLASS.format("        self.act = self.other = act\n"), "F()(x)"),
        (CLASS.format("").replace("def call", "def run"), "F().run(x)"),
        (CLASS.format("        if act == 'selu':\n            self.initializer = 'lecun_normal'\n"), "F()(x)"),
        (CLOSURE.replace("    def g", "    if act.lower() == 'selu':\n        warn()\n    def g"), "f()(x)"),
    ],
)
def test_one_that_decides_on_more_is_none(helper: str, use: str) -> None:
    """It is not known from the text what else another value would change."""
    assert found(helper, use)[0] is None


def test_a_layer_that_is_added_to_a_model_is_made_there() -> None:
    """`model.add(F('elu'))` passes the activation to the constructor; a call of another object does not."""
    result, _ = found(CLASS.format("") + "model.add(F('elu'))\nshow('elu')\n", "F()(x)")
    assert result is not None
    call = cst.ensure_type(cst.parse_expression("model.add(F('elu'))"), cst.Call)
    handing = result.passing_call(call)
    assert handing is call.args[0].value
    assert result.passing_call(cst.parse_expression("show('elu')")) is None
    assert result.passing_call(cst.parse_expression("F")) is None


def test_a_name_that_an_import_gives_is_one_of_its_names() -> None:
    """`from blocks import f as h` in a file of the same cells."""
    result, code = found(FUNCTION.replace("def f", "from blocks import f as h\ndef f"), "f(x)")
    assert result is not None
    assert result.names == {"f", "h"}
    assert code == "f(x)"
