"""Layers: their construction, and their application to tensors."""

from __future__ import annotations

import pytest

from orderlint.graph import Role
from orderlint.graph.guards import NEVER
from orderlint.source.keras import layers
from orderlint.source.state.values import Choice, External, Layer, NativeMethod
from tests.source.running import flow, interpreter, is_unknown, layers_of, python_value, value_of

HEADER = "import keras\nimport tensorflow as tf\nfrom keras import Input, layers\nx = Input((3,))\n"


def steps(expression: str) -> tuple[str, ...]:
    found = value_of(interpreter(HEADER), expression)
    assert isinstance(found, Layer)
    return tuple(step.role.value for step in found.steps)


@pytest.mark.parametrize(
    ("expression", "roles"),
    [
        ("layers.Dense(8)", ("linear",)),
        ("layers.Dense(8, activation='relu')", ("linear", "activation")),
        ("layers.Dense(8, 'relu')", ("linear", "activation")),
        ("layers.Dense(8, activation=lambda x: x)", ("linear",)),
        ("layers.TimeDistributed(layers.Dense(8, activation='relu'))", ("linear", "activation")),
        ("layers.Lambda(lambda x: keras.activations.relu(x))", ("activation",)),
        ("layers.BatchNormalization()", ("norm",)),
    ],
)
def test_a_layer_does_what_its_arguments_say(expression: str, roles: tuple[str, ...]) -> None:
    """A layer has its own role, that of its inline activation, and that of the layer it wraps."""
    assert steps(expression) == roles


def test_an_undecided_activation_makes_two_layers_of_one() -> None:
    """With `activation='relu' if last else None` there is a layer for each activation, under exclusive guards."""
    found = value_of(interpreter(HEADER), "layers.Dense(8, activation='relu' if last else None)")
    assert isinstance(found, Choice)
    (one, first), (other, second) = found.alternatives
    assert isinstance(first, Layer)
    assert isinstance(second, Layer)
    assert one & other is NEVER
    assert first.uid == second.uid


def test_an_argument_that_does_not_matter_makes_one_layer() -> None:
    """Two possible numbers of units make one layer, whose number of units is unknown."""
    found = value_of(interpreter(HEADER), "layers.Dense(8 if wide else 4)")
    assert isinstance(found, Layer)


def test_a_shared_layer_is_one_layer() -> None:
    """A layer that is applied twice has two calls; an expression that is evaluated twice makes two layers."""
    m = interpreter(f"{HEADER}d = layers.Dense(3)\ny = d(d(x))\nfor i in range(2):\n    y = layers.Dense(3)(y)\n")
    ids = [call.layer_id for call in m.recorder.calls if call.layer == "Dense"]
    assert ids[0] == ids[1]
    assert len(set(ids)) == 3


def test_training_belongs_to_the_application() -> None:
    """A constant `training=` belongs to the call."""
    m = interpreter(f"{HEADER}y = layers.Dropout(0.5)(x, training=True)\n")
    assert m.recorder.calls[1].facts["training"] is True


def test_a_lambda_is_looked_into() -> None:
    """The calls in the function of a `Lambda` are recorded."""
    m = interpreter(f"{HEADER}y = layers.Lambda(lambda t: layers.ReLU()(layers.Dense(3)(t)))(x)\n")
    assert flow(m) == [("Input", "Dense"), ("Dense", "ReLU")]


@pytest.mark.parametrize(
    ("expression", "layer", "role"),
    [
        ("tf.nn.relu(x)", "relu", Role.ACTIVATION),
        ("tf.add(x, x)", "add", Role.MERGE),
        ("tf.add(x, 1)", "Add", Role.PASS),
        ("keras.activations.get('relu')(x)", "relu", Role.ACTIVATION),
        ("keras.activations.get(name)(x)", "Activation", Role.ACTIVATION),
    ],
)
def test_functions_are_applied(expression: str, layer: str, role: Role) -> None:
    """A function in the catalog is a call with its role; arithmetic with a number is not a merge."""
    m = interpreter(HEADER)
    value_of(m, expression)
    assert m.recorder.calls[-1].layer == layer
    assert m.recorder.calls[-1].roles == (role,)


def test_a_function_of_numbers_is_no_step_of_the_network() -> None:
    """`tf.sqrt(2.0)` is a number."""
    m = interpreter(HEADER)
    value_of(m, "tf.sqrt(2.0)")
    assert layers_of(m) == ["Input"]
    assert layers.MOST_VARIANTS > 1


@pytest.mark.parametrize(
    ("expression", "known"),
    [
        ("layers.Dropout(0)", True),
        ("layers.Dropout(p=0.0)", True),
        ("layers.Dropout(-0.1)", True),
        ("layers.Dropout(OFF)", True),
        ("layers.Dropout(settings.rate)", False),
        ("layers.Dropout(*[0])", False),
        ("(lambda rate: layers.Dropout(rate))(0)", False),
        ("(lambda rate: layers.Dropout(rate))(0.9)", True),
    ],
)
def test_a_rate_of_zero_is_kept_where_it_is_written(expression: str, known: bool) -> None:
    """If a parameter or setting gives a rate of 0, the dropout is switched off, and rules do not see the rate."""
    found = value_of(interpreter(f"{HEADER}OFF = 0\nclass settings:\n    rate = 0\n"), expression)
    assert isinstance(found, Layer)
    assert ("rate" in found.facts) is known


def test_a_merge_takes_the_models_that_it_is_made_with() -> None:
    """The inputs of `Merge([left, right])` of Keras 1 are the outputs of both models, wherever it is applied."""
    text = (
        "from keras.layers import Dense, Merge\nfrom keras.models import Sequential\n"
        "left, right = Sequential([Dense(1)]), Sequential([Dense(2)])\n"
        "Sequential([Merge([left, right], mode='concat'), Dense(3)]).output\n"
    )
    assert ("Dense", "Merge") in flow(interpreter(text))
    assert flow(interpreter(text)).count(("Dense", "Merge")) == 2


def test_a_normalization_of_each_example_is_passed() -> None:
    """`batch_normalization` with the mean of each example is not a normalization; with that of the batch it is one."""
    m = interpreter(f"{HEADER}mean, variance = tf.nn.moments(x, 1)\ny = tf.nn.batch_normalization(x, mean, variance)\n")
    assert [step.role for step in m.recorder.calls[-1].steps] == [Role.PASS]
    m = interpreter(f"{HEADER}mean, variance = tf.nn.moments(x, 0)\ny = tf.nn.batch_normalization(x, mean, variance)\n")
    assert [step.role for step in m.recorder.calls[-1].steps] == [Role.NORM]


def test_a_layer_keeps_what_it_was_made_with() -> None:
    """A layer has the attributes that its arguments give it, and those that are set later."""
    m = interpreter(f"{HEADER}d = layers.Dense(8, 'relu', name='d')\nd.trainable = False\n")
    assert [python_value(m, f"d.{name}") for name in ("units", "name", "trainable")] == [8, "d", False]
    assert is_unknown(m, "d.activation")  # it is a function by then
    assert is_unknown(m, "layers.Dense(8).name")
    assert value_of(m, "d.__class__") == External("keras.layers.Dense")
    assert isinstance(value_of(m, "d.add_weight"), NativeMethod)
