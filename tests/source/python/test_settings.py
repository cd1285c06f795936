"""Names from modules that are not visible, used as data."""

from __future__ import annotations

import pytest

from orderlint.source.python import settings
from orderlint.source.state.values import Choice, Condition, External, Layer, Unknown
from tests.source.running import interpreter, is_unknown, python_value, value_of

HEADER = "import config, parts, sys, tensorflow as tf\nfrom conf import cfg, net\n"


@pytest.mark.parametrize("name", ["config.DEPTH", "config.depth", "cfg.depth", "cfg.model.depth", "tf.__version__"])
def test_what_is_not_in_view_is_unknown_as_data(name: str) -> None:
    """A name that is used in arithmetic, compared with a constant or iterated over is data."""
    m = interpreter(HEADER)
    assert isinstance(settings.as_data(m, value_of(m, name)), Unknown)
    assert is_unknown(m, f"{name} + 1")
    assert isinstance(value_of(m, f"{name} == 3"), Condition)
    assert len(m.elements(value_of(m, f"[x for x in {name}]").uid)) > 0  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", ["config", "config.Net", "sys.platform", "tf.nn.relu", "tf.keras.layers.ELU"])
def test_modules_classes_and_what_libraries_have_stay_what_they_are(name: str) -> None:
    """A module, a class, or a known name of a library is not a setting."""
    m = interpreter(HEADER)
    assert isinstance(settings.as_data(m, value_of(m, name)), External)
    assert python_value(m, f"{name} is None") is False


@pytest.mark.parametrize(
    ("name", "is_open"),
    [
        ("parts.BN", True),
        ("cfg.bn", True),
        ("parts.use_bn", True),
        ("config.bn", True),
        ("parts.bn", False),
        ("net", True),
    ],
)
def test_what_may_be_a_function_is_true(name: str, is_open: bool) -> None:
    """A test for truth or `None` is undecided for a constant and for an attribute of an imported object."""
    m = interpreter(HEADER)
    assert isinstance(settings.as_tested(m, value_of(m, name)), Unknown) is is_open
    assert isinstance(value_of(m, f"(lambda given: given is None)({name})"), Condition) is is_open


@pytest.mark.parametrize(
    "test", ["config.bn", "not cfg.bn", "config.bn is None", "None is not config.bn", "x and config.bn"]
)
def test_what_a_test_takes_from_a_module_is_a_setting(test: str) -> None:
    """An attribute of a module that is tested directly is a setting; a function that was passed on is not."""
    m = interpreter(f"{HEADER}x = 1\ny = 1 if {test} else 2\ndef f(act):\n    return act is None\nz = f(parts.net)\n")
    assert isinstance(value_of(m, "y"), Choice)
    assert python_value(m, "z") is False


@pytest.mark.parametrize(
    ("name", "known"), [("config.act", False), ("config.hidden_activation", False), ("config.mish", True)]
)
def test_a_setting_that_says_which_activation_is_not_one(name: str, known: bool) -> None:
    """A setting with such a name may be any activation or none; an attribute with another name is a function."""
    m = interpreter(f"{HEADER}from keras import layers\nlayer = layers.Dense(8, activation={name})\n")
    layer = value_of(m, "layer")
    assert isinstance(layer, Layer)
    assert (len(layer.steps) == 2) is known
    assert settings.names_an_activation(name) is not known


def test_two_spellings_of_one_setting_agree() -> None:
    """A setting is the same unknown value wherever it is tested."""
    m = interpreter(f"{HEADER}from config import BN\nimport config as c\n")
    values = [settings.as_data(m, value_of(m, name)) for name in ("config.BN", "BN", "c.BN")]
    assert values[0] == values[1] == values[2]
    assert settings.is_constant("config.BN")
    assert not settings.is_constant("config.Bn")
