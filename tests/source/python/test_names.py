"""Names: scopes, and the meaning of names whose import is not visible."""

from __future__ import annotations

import pytest

from orderlint.source.python import names
from orderlint.source.state.values import Const, External, Unknown
from tests.source.running import interpreter, is_unknown, python_value, value_of


def test_scopes_are_looked_up_from_the_inside() -> None:
    """A function sees its own names, those of enclosing functions, and those of the module, in this order."""
    inner = "    def g():\n        c = 3\n        return a, b, c\n    return g()\n"
    m = interpreter(f"a = b = c = 1\ndef f():\n    b = c = 2\n{inner}")
    assert python_value(m, "f()") == (1, 2, 3)


def test_methods_do_not_see_the_names_of_their_class() -> None:
    """The names in a class body are attributes, and not variables of its methods."""
    m = interpreter("x = 1\nclass C:\n    x = 2\n    def f(self):\n        return x\n")
    assert python_value(m, "C().f()") == 1


def test_global_and_nonlocal_bind_outside() -> None:
    """A name that is declared `global` or `nonlocal` is bound in the declared scope."""
    inner = "    def g():\n        global a\n        nonlocal b\n        a = b = 2\n"
    m = interpreter(f"a = 1\ndef f():\n    b = 1\n{inner}    g()\n    return b\nc = f()\n")
    assert (python_value(m, "a"), python_value(m, "c")) == (2, 2)


def test_a_global_that_is_bound_again_is_not_relied_on() -> None:
    """A global that is bound again is unknown in functions, since a later call may see either value."""
    m = interpreter("size = 1\ndef f():\n    return size\nsize = 2\n")
    assert is_unknown(m, "f()")
    assert python_value(m, "size") == 2


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("layers", "keras.layers"),
        ("tf", "tensorflow"),
        ("Dense", "keras.layers.Dense"),
        ("Sequential", "keras.Sequential"),
        ("len", "builtins.len"),
    ],
)
def test_customary_names_mean_what_they_usually_do(name: str, wanted: str) -> None:
    """In a snippet without imports, a name of Keras or Python has its usual meaning."""
    assert value_of(interpreter(), name) == External(wanted)


def test_other_names_are_unknown_and_themselves() -> None:
    """A name that nothing binds is the same unknown value wherever it is read."""
    m = interpreter()
    assert is_unknown(m, "mystery")
    assert value_of(m, "mystery") == value_of(m, "mystery") != value_of(m, "other")


def test_star_imports_bring_what_the_catalog_knows() -> None:
    """`from keras.layers import *` imports layers, but not every name."""
    m = interpreter("from tensorflow.keras.layers import *\n")
    assert value_of(m, "Conv2D") == External("tensorflow.keras.layers.Conv2D")
    assert value_of(m, "core.Dense") == External("tensorflow.keras.layers.core.Dense")
    assert is_unknown(m, "mystery")


def test_layers_of_an_unknown_owner() -> None:
    """`layers.Dense` is the layer if `layers` is unknown; otherwise the value of `layers` counts."""
    unknown = interpreter().fresh("module")
    assert isinstance(unknown, Unknown)
    assert names.unresolved_layer(unknown, "layers", "Dense") == External("keras.layers.Dense")
    assert names.unresolved_layer(unknown, "models", "Sequential") == External("keras.Sequential")
    assert names.unresolved_layer(unknown, "layers", "Mystery") is None
    assert names.unresolved_layer(unknown, "net", "Dense") is None
    assert names.unresolved_layer(External("numpy"), "layers", "Dense") is None


@pytest.mark.parametrize(
    "name", ["keras", "tf_keras.layers", "tensorflow.keras.layers", "tensorflow.python.keras.layers"]
)
def test_keras_has_several_roofs(name: str) -> None:
    """Names in all packages that have contained Keras are names of Keras."""
    assert names.is_keras(name)
    assert names.keras_class(External(f"{name}.Model")) == "Model"


@pytest.mark.parametrize("name", ["numpy", "tensorflow.nn", "keras_applications", "my.keras"])
def test_what_is_not_keras(name: str) -> None:
    """Other packages are not Keras, whatever their names are."""
    assert not names.is_keras(name)
    assert names.keras_class(External(f"{name}.Model")) is None
    assert names.keras_class(Const(1)) is None
