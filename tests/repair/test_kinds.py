"""The kind of a repair is correct: measured with Keras models."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from orderlint.diagnostics import RepairKind
from orderlint.repair import fix_text
from orderlint.text.files import source_from_text
from tests.judged import standards

HEAD = """\
import keras
from keras.layers import *


def build():
    inputs = keras.Input({shape})
    x = {linear}(inputs)
"""
TAIL = "    return keras.Model(inputs, x)\n"


class Pair(NamedTuple):
    """A model before and after its repair, with the same weights."""

    before: Any
    after: Any
    kinds: set[RepairKind]


def source(*layers: str, linear: str = "Dense(6)", shape: tuple[int, ...] = (5,)) -> str:
    lines = [f"    x = {layer if '(x' in layer else f'{layer}(x)'}\n" for layer in layers]
    return HEAD.format(shape=shape, linear=linear) + "".join(lines) + TAIL


def pair(text: str, *codes: str, copy: bool = True) -> Pair:
    """Build both models; the second one is that of the repaired text."""
    result = fix_text(source_from_text(text, "net.py"), standards(*codes))
    assert (result.problem, result.left) == (None, ())
    before, after = built(text), built(result.text)
    if copy:
        randomize(before)
        after.set_weights(before.get_weights())
    return Pair(before, after, {applied.kind for applied in result.repaired})


def built(text: str) -> Any:
    import keras

    keras.utils.set_random_seed(7)
    namespace: dict[str, Any] = {}
    exec(compile(text, "net.py", "exec"), namespace)
    return namespace["build"]()


def randomize(model: Any) -> None:
    """Random weights instead of 0 and 1, with which different models may be the same."""
    import numpy as np

    random = np.random.default_rng(3)
    model.set_weights([value + random.uniform(0.05, 0.4, value.shape) for value in model.get_weights()])


def batch(model: Any, size: int = 8) -> Any:
    import numpy as np

    return np.random.default_rng(5).standard_normal((size, *model.input_shape[1:])).astype("float32")


def difference(one: Any, other: Any) -> float:
    import numpy as np

    return float(np.max(np.abs(np.asarray(one) - np.asarray(other))))


def trained(model: Any, x: Any) -> tuple[Any, list[Any]]:
    """The outputs in training, and the gradients of the trainable weights."""
    import tensorflow as tf

    with tf.GradientTape() as tape:
        outputs = model(x, training=True)
        loss = tf.reduce_sum(tf.square(outputs - 0.3))
    return outputs.numpy(), [gradient.numpy() for gradient in tape.gradient(loss, model.trainable_variables)]


def inference_difference(models: Pair) -> float:
    x = batch(models.before)
    return difference(models.before(x, training=False), models.after(x, training=False))


def training_difference(models: Pair) -> float:
    """The maximum difference of an output or gradient in training, with the same masks."""
    x = batch(models.before)
    (one, gradients), (other, others) = trained(models.before, x), trained(models.after, x)
    assert any(difference(gradient, 0) > 0 for gradient in gradients)
    return max(difference(one, other), *(difference(a, b) for a, b in zip(gradients, others, strict=True)))


# Equivalent: the same function in training and inference

RELUS = ["ReLU()", 'Activation("relu")', "LeakyReLU()", 'Activation("leaky_relu")', "keras.activations.relu(x)"]


@pytest.mark.parametrize("activation", RELUS)
@pytest.mark.parametrize("dropout", ["Dropout(0.5, seed=1)", "SpatialDropout1D(0.5, seed=1)"])
def test_a_dropout_changes_places_with_a_relu(dropout: str, activation: str) -> None:
    """Equivalent: with the same mask, the outputs and the gradients of all weights are identical."""
    models = pair(source(dropout, activation, "Dense(3)", shape=(4, 5)))
    assert models.kinds == {RepairKind.EQUIVALENT}
    assert training_difference(models) == 0.0
    assert inference_difference(models) == 0.0


@pytest.mark.parametrize("only", [RepairKind.EQUIVALENT, None])
def test_a_dropout_that_passes_a_norm_on_some_path_is_none_of_these(only: RepairKind | None) -> None:
    """Without the norm it would only swap with the ReLU; with it, training changes."""
    text = (
        "from keras.layers import *\n"
        "def block(x, is_normal):\n"
        "    x = Dense(6)(x)\n"
        "    x = Dropout(0.5)(x)\n"
        "    if is_normal:\n"
        "        x = BatchNormalization()(x)\n"
        "    return ReLU()(x)\n"
    )
    result = fix_text(source_from_text(text, "net.py"), standards("ORD003"), only=only)
    assert {one.kind for one in result.repaired} == ({RepairKind.SAME_INFERENCE} if only is None else set())


def test_a_bias_that_a_norm_cancels() -> None:
    """Equivalent: the outputs are the same during five steps of training, and the predictions are the same after it."""
    text = source("BatchNormalization()", "ReLU()")
    models = pair(text, "ORD101", copy=False)
    assert models.kinds == {RepairKind.EQUIVALENT}
    kernel, _, *norm = models.before.get_weights()
    models.after.set_weights([kernel, *norm])
    x = batch(models.before, 32)
    for model in (models.before, models.after):
        model.compile("sgd", "mse")
        model.fit(x, x[:, :1].repeat(6, 1), epochs=5, batch_size=32, shuffle=False, verbose=0)
    assert difference(models.before(x, training=True), models.after(x, training=True)) < 1e-5
    assert difference(models.before(x, training=False), models.after(x, training=False)) < 1e-5


def test_a_canceled_bias_can_be_folded_into_the_stored_mean() -> None:
    """Equivalent: a trained bias is included in the stored mean of the norm, and is removed from both."""
    models = pair(source("BatchNormalization()"), "ORD101", copy=False)
    randomize(models.before)
    kernel, bias, gamma, beta, mean, variance = models.before.get_weights()
    models.after.set_weights([kernel, gamma, beta, mean - bias, variance])
    assert inference_difference(models) < 1e-5


def test_old_weights_do_not_load_without_the_bias(tmp_path: Path) -> None:
    """The page of the rule says that old weight files do not fit after this equivalent repair."""
    models = pair(source("BatchNormalization()"), "ORD101", copy=False)
    models.before.save_weights(tmp_path / "old.weights.h5")
    with pytest.raises(ValueError, match="expected"):
        models.after.load_weights(tmp_path / "old.weights.h5")


# Same-inference: only training differs


def moved_dropouts() -> Iterator[tuple[str, str]]:
    """A dropout, and what it moves past."""
    smooth = ['Activation("tanh")', 'Activation("sigmoid")', 'Activation("gelu")', "ELU()", "ReLU(max_value=1.0)"]
    for activation in smooth:
        yield "Dropout(0.5, seed=1)", activation
    for dropout in ("Dropout(0.5, seed=1)", "GaussianDropout(0.5, seed=1)", "SpatialDropout1D(0.5, seed=1)"):
        yield dropout, "BatchNormalization()"
    for dropout in ("GaussianDropout(0.5, seed=1)", "AlphaDropout(0.5, seed=1)"):
        yield dropout, "ReLU()"


@pytest.mark.parametrize(("dropout", "other"), list(moved_dropouts()))
def test_a_dropout_moves_past_what_it_does_not_commute_with(dropout: str, other: str) -> None:
    """Same-inference: predictions with the old weights are identical, and training differs."""
    models = pair(source(dropout, other, "Dense(3)", shape=(4, 5)))
    assert models.kinds == {RepairKind.SAME_INFERENCE}
    assert inference_difference(models) == 0.0
    assert training_difference(models) > 1e-3


@pytest.mark.parametrize("pooling", ["GlobalMaxPooling1D", "GlobalAveragePooling1D"])
def test_a_spatial_dropout_becomes_a_plain_one_behind_a_global_pooling(pooling: str) -> None:
    """Same-inference: predictions are identical; training drops whole channels, as before."""
    import numpy as np

    models = pair(source("SpatialDropout1D(0.5, seed=1)", f"{pooling}()", "ReLU()", "Dense(3)", shape=(4, 5)))
    assert models.kinds == {RepairKind.SAME_INFERENCE}
    assert [type(layer).__name__ for layer in models.after.layers][2:5] == [pooling, "ReLU", "Dropout"]
    assert inference_difference(models) == 0.0
    x = batch(models.before, 4_000)
    means = [np.mean(np.asarray(model(x, training=True)), axis=0) for model in (models.before, models.after)]
    assert difference(*means) < 0.1 * np.max(np.abs(means[0]))


@pytest.mark.parametrize("output", ["Softmax()", 'Activation("sigmoid")', "BatchNormalization()", "ReLU()"])
@pytest.mark.parametrize("dropout", ["Dropout(0.5, seed=1)", "SpatialDropout1D(0.5, seed=1)"])
def test_a_dropout_moves_before_the_linear_layer_of_an_output(dropout: str, output: str) -> None:
    """Same-inference: predictions are identical, and in training none of them is dropped any more."""
    models = pair(source("Dense(6)", dropout, output, shape=(4, 5)))
    assert models.kinds == {RepairKind.SAME_INFERENCE}
    assert [type(layer).__name__ for layer in models.after.layers][-3] == dropout.partition("(")[0]
    assert inference_difference(models) == 0.0
    assert training_difference(models) > 1e-3


@pytest.mark.parametrize(("linear", "shape"), [("Conv2D(4, 3)", (8, 8, 3)), ("Conv1D(4, 3)", (8, 3))])
def test_a_spatial_dropout_takes_the_place_of_a_plain_one(linear: str, shape: tuple[int, ...]) -> None:
    """Same-inference: predictions are the same, and training differs."""
    text = source("ReLU()", "Dropout(0.5, seed=1)", linear.replace("4", "2"), linear=linear, shape=shape)
    models = pair(text, "ORD106")
    assert models.kinds == {RepairKind.SAME_INFERENCE}
    assert inference_difference(models) == 0.0
    assert training_difference(models) > 1e-3


# Changes-model: another function


def swapped_norms() -> Iterator[str]:
    """Sources of ORD001 in different forms."""
    yield source("BatchNormalization()", linear='Dense(6, activation="relu")')
    yield source('Activation("tanh")', "BatchNormalization()")
    yield source("keras.activations.gelu(x)", "BatchNormalization()")
    yield source("ReLU()", "MaxPooling2D()", "BatchNormalization()", linear="Conv2D(6, 3)", shape=(8, 8, 3))
    yield source("ReLU()", "Flatten()", "BatchNormalization()", linear="Conv2D(6, 3)", shape=(8, 8, 3))


@pytest.mark.parametrize("text", list(swapped_norms()))
def test_old_weights_load_into_the_changed_model_and_give_other_outputs(text: str, tmp_path: Path) -> None:
    """Changes-model: loading the old weights gives no warning, and outputs differ in inference and training."""
    models = pair(text, copy=False)
    assert models.kinds == {RepairKind.CHANGES_MODEL}
    randomize(models.before)
    models.before.save_weights(tmp_path / "old.weights.h5")
    models.after.load_weights(tmp_path / "old.weights.h5")
    for one, other in zip(models.before.get_weights(), models.after.get_weights(), strict=True):
        assert difference(one, other) == 0.0
    assert inference_difference(models) > 1e-2
    assert training_difference(models) > 1e-2


@pytest.mark.parametrize("mode", ["training=True", "training=1"])
def test_a_dropout_that_is_always_on_changes_inference_too(mode: str) -> None:
    """A dropout called with `training=True` is active in inference, so moving it past a norm changes the model."""
    models = pair(source(f"Dropout(0.5, seed=1)(x, {mode})", "BatchNormalization()"))
    assert models.kinds == {RepairKind.CHANGES_MODEL}
    x = batch(models.before)
    assert difference(models.before(x), models.after(x)) > 1e-3


# Claims of the documentation: which layers commute


@pytest.mark.parametrize(
    ("name", "commutes"), [("relu", True), ("leaky_relu", True), ("tanh", False), ("sigmoid", False), ("gelu", False)]
)
def test_which_activations_commute_with_a_mask(name: str, commutes: bool) -> None:
    """f(mask · x) = mask · f(x) for each mask of zeros and one positive constant: only relu and leaky relu."""
    import keras
    import numpy as np

    function: Callable[[Any], Any] = keras.activations.get(name)
    random = np.random.default_rng(1)
    x = random.standard_normal((64, 32)).astype("float32")
    mask = (random.random((64, 32)) < 0.5).astype("float32") * 2
    assert (difference(function(x * mask), function(x) * mask) < 1e-6) is commutes
