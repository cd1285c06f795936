"""Calls of helpers that each apply a layer are swapped."""

from __future__ import annotations

import pytest

from orderlint.repair.text.drafts import Refused
from orderlint.repair.ways.uses import exchange_uses
from tests.repair.texts import Case

ACT = "def act(x):\n    return ReLU()(x)\n"
NORM = "def norm(x, **options):\n    return BatchNormalization(**options)(x)\n"
HELPERS = ACT + NORM
LAYERS = (
    "class Act(layers.Layer):\n    def call(self, x):\n        return ReLU()(x)\n"
    "class Norm(layers.Layer):\n    def __init__(self):\n        super().__init__()\n"
    "        self.bn = BatchNormalization()\n"
    "    def call(self, x):\n        return self.bn(x)\n"
)
DENSE = "x = Dense(8)(x)\n"
END = "x = Dense(1)(x)\n"


def moved(text: str, code: str = "ORD001", helpers: str = HELPERS) -> str:
    case = Case(helpers + text, code)
    return case.changed(exchange_uses(case.syntax, case.obstacles, case.moves(), set())).removeprefix(helpers)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (f"x = act(x)  # a\n# n\nx = norm(x)\n{END}", f"# n\nx = norm(x)\nx = act(x)  # a\n{END}"),
        (f"x = norm(act(x), momentum=0.9)\n{END}", f"x = act(norm(x, momentum=0.9))\n{END}"),
        (f"y = act(x)\nz = norm(y)\n{END}", f"y = norm(x)\nz = act(y)\n{END}"),
        (f"x = act(x)\nif flag:\n    x = norm(x)\n{END}", f"if flag:\n    x = norm(x)\nx = act(x)\n{END}"),
        (f"x = act(x)\nx = BatchNormalization()(x)\n{END}", f"x = BatchNormalization()(x)\nx = act(x)\n{END}"),
        (f"x = ReLU()(x)\nx = norm(x)\n{END}", f"x = norm(x)\nx = ReLU()(x)\n{END}"),
    ],
)
def test_calls_change_places_with_their_arguments(text: str, wanted: str) -> None:
    """As statements with their comments, nested, under a condition, and with a layer that is not in a helper."""
    assert moved(DENSE + text) == DENSE + wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (
            f"x = Dense(8, activation='relu')(x)\nx = norm(x)  # n\n{END}",
            f"x = Dense(8)(x)\nx = norm(x)  # n\nx = Activation('relu')(x)\n{END}",
        ),
        (
            f"x = norm(Dense(8, 'tanh')(x), scale=False)\n{END}",
            f"x = Activation('tanh')(norm(Dense(8)(x), scale=False))\n{END}",
        ),
        (
            f"x = Dense(8, 'relu')(x)\nif flag:\n    x = norm(x)\n{END}",
            f"x = Dense(8)(x)\nif flag:\n    x = norm(x)\nx = Activation('relu')(x)\n{END}",
        ),
    ],
)
def test_an_inline_activation_goes_behind_the_call(text: str, wanted: str) -> None:
    """After each call that a norm follows; other uses of the helper are unchanged."""
    in_order = f"x = norm(LSTM(3)(x))\n{END}"
    assert moved(text + in_order) == wanted + in_order


@pytest.mark.parametrize(
    "text",
    [
        f"def dense(x):\n    return Dense(8, 'relu')(x)\n\nx = norm(dense(x))\n{END}",
        f"def more(x):\n    return ReLU()(BatchNormalization()(x))\n\nx = more(Dense(8, 'tanh')(x))\n{END}",
        f"bn = BatchNormalization()\ndef own(x):\n    return bn(x)\n\nx = own(Dense(8, 'relu')(x))\n{END}x = own(x)\n",
    ],
)
def test_an_activation_stays_in_a_helper_and_before_one_that_does_more(text: str) -> None:
    """Other callers may need it, and a norm that is shared would get other values."""
    with pytest.raises(Refused):
        moved(text)


def test_all_calls_change_places() -> None:
    """Those in good order are unchanged."""
    wrong, right = "x = act(x)\nx = norm(x)\n", "x = norm(x)\nx = act(x)\n"
    assert moved((DENSE + wrong) * 2 + DENSE + right + END) == (DENSE + right) * 3 + END


def test_an_optional_layer_moves_with_its_helper() -> None:
    """The condition inside the helper is unchanged."""
    drop = "def drop(x, rate):\n    if rate:\n        x = Dropout(rate)(x)\n    return x\n"
    text = f"{DENSE}x = drop(x, r)\nx = norm(x)\nx = act(x)\n{END}"
    assert moved(text, "ORD002", HELPERS + drop) == f"{DENSE}x = norm(x)\nx = act(x)\nx = drop(x, r)\n{END}"


def test_other_layers_may_be_passed_elsewhere() -> None:
    """Each call of the helper moves past the layer that follows it."""
    drop = "def drop(x):\n    return Dropout(0.1)(x)\n"
    one, other = "x = norm(x)\n", "x = BatchNormalization()(x)\n"
    text = f"{DENSE}x = drop(x)\n{one}x = act(x)\n{DENSE}x = drop(x)\n{other}x = act(x)\n{END}"
    wanted = f"{DENSE}{one}x = act(x)\nx = drop(x)\n{DENSE}{other}x = act(x)\nx = drop(x)\n{END}"
    assert moved(text, "ORD002", HELPERS + drop) == wanted


def test_methods_of_one_class_change_places() -> None:
    """Methods of equal names in another class are not changed."""
    own = "class A:\n    def act(self, x):\n        return ReLU()(x)\n"
    own += "    def norm(self, x):\n        return BatchNormalization()(x)\n"
    use = "    def both(self, x):\n        x = Dense(8)(x)\n        x = self.{}(x)\n        return self.{}(x)\n"
    other = "class B:\n    def run(self, x):\n        x = self.act(x)\n        return self.norm(x)\n"
    text = use.format("act", "norm") + other
    assert moved(text, helpers=own) == use.format("norm", "act") + other


@pytest.mark.parametrize(
    "text",
    [
        f"{DENSE}x = act(x)\ny = x\nx = norm(x)\nx = Add()([x, y])\n",
        f"{DENSE}x = act(x)\nfor i in range(n):\n    x = norm(x)\n{END}",
        f"{DENSE}x = ReLU()(x)\nx = BatchNormalization()(x)\n{END}",
        f"def block(x):\n    return ReLU()(Dense(8)(x))\nx = block(x)\nx = norm(x)\n{END}",
    ],
)
def test_other_calls_are_refused(text: str) -> None:
    """A value that is read between, a loop, layers without helpers, and a helper with several layers."""
    with pytest.raises(Refused):
        moved(text)


@pytest.mark.parametrize(
    ("helpers", "act", "norm"),
    [
        ("act = lambda x: ReLU()(x)\nnorm = lambda x: BatchNormalization()(x)\n", "act", "norm"),
        (LAYERS, "Act()", "Norm()"),
        (f"{LAYERS}act = Act()\nnorm = Norm()\n", "act", "norm"),
    ],
)
def test_lambdas_and_own_layers_are_helpers(helpers: str, act: str, norm: str) -> None:
    """A custom layer may be constructed where it is applied, or assigned to a name."""
    text = f"{DENSE}x = {act}(x)\nx = {norm}(x)\n{END}"
    assert moved(text, helpers=helpers) == f"{DENSE}x = {norm}(x)\nx = {act}(x)\n{END}"


def test_an_own_layer_that_is_applied_in_two_orders_stays() -> None:
    """Its weights are shared."""
    wrong = f"{DENSE}x = act(x)\nx = norm(x)\n"
    with pytest.raises(Refused, match="weights are shared"):
        moved(f"{wrong}{DENSE}x = norm(x)\n{END}", helpers=f"{LAYERS}act = Act()\nnorm = Norm()\n")
    assert moved(wrong * 2 + END, helpers=f"{LAYERS}act = Act()\nnorm = Norm()\n").count("x = norm(x)\nx = act(x)") == 2


def test_a_local_function_of_the_same_name_is_another() -> None:
    """Names are resolved by Python's scopes."""
    local = "def f(x):\n    def norm(x):\n        return x * 2\n    return norm(act(x))\n"
    wrong, right = "x = act(x)\nx = norm(x)\n", "x = norm(x)\nx = act(x)\n"
    assert moved(local + DENSE + wrong + END) == local + DENSE + right + END
