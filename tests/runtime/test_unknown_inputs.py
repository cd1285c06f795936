"""Models with unknown input, and models without a `call`: inspected as far as possible, with a message otherwise."""

from __future__ import annotations

import warnings
from typing import Any

import pytest

import orderlint
from orderlint.runtime.errors import NotBuiltError


def block(keras: Any, name: str) -> Any:
    layers = keras.layers
    stack = [layers.Input((8,)), layers.Dense(8), layers.Dropout(0.3), layers.BatchNormalization(), layers.ReLU()]
    return keras.Sequential(stack, name=name)


def test_a_functional_model_with_a_call_of_its_own_knows_its_input(keras: Any) -> None:
    """If a subclass of a functional model adds a `call`, its inputs are those of the functional model."""

    class Net(keras.Model):
        def __init__(self) -> None:
            inputs = keras.Input((8,))
            hidden = keras.layers.Dropout(0.2)(keras.layers.Dense(8)(inputs))
            super().__init__(inputs, keras.layers.BatchNormalization()(hidden))

        def call(self, inputs: Any, training: Any = None, mask: Any = None) -> Any:
            return super().call(inputs, training=training)

    assert [finding.code for finding in orderlint.inspect_model(Net())] == ["ORD002"]


def test_a_noted_shape_of_none_is_none(keras: Any) -> None:
    """`build(None)` stores an invalid shape: the error, or the warning of a callback, asks for one."""

    class Net(keras.Model):
        def __init__(self) -> None:
            super().__init__()
            self.dense = keras.layers.Dense(3)

        def call(self, inputs: Any) -> Any:
            return self.dense(inputs)

    net = Net()
    net._build_shapes_dict = {"input_shape": None}
    with pytest.raises(NotBuiltError, match="does not know its input"):
        orderlint.inspect_model(net)
    callback = orderlint.LayerOrderCallback()
    callback.set_model(net)
    callback.on_train_begin()
    callback.on_epoch_end(0)
    with pytest.warns(orderlint.LayerOrderWarning, match="the order of the layers was not checked"):
        callback.on_train_end()


def test_a_model_without_a_call_is_read_part_by_part(keras: Any) -> None:
    """The data flow between the two models of a GAN is unknown; both are inspected, and the report says so."""

    class Gan(keras.Model):
        def __init__(self) -> None:
            super().__init__(name="gan")
            self.generator = block(keras, "generator")
            self.critic = block(keras, "critic")

    report = orderlint.inspect_model(Gan(), select=["ORD002"])
    assert [finding.location.path for finding in report] == ["gan/critic", "gan/generator"]
    assert any("checked separately" in warning.message for warning in report.warnings)


def test_a_callback_that_warns_never_ends_the_training(keras: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A failure of orderlint is a warning, unless the callback should raise an error."""

    def broken(*args: object, **options: object) -> None:
        raise TypeError("'NoneType' object is not iterable")

    monkeypatch.setattr("orderlint.engine.asserting.inspect_model", broken)
    callback = orderlint.LayerOrderCallback()
    callback.set_model(block(keras, "net"))
    with pytest.warns(orderlint.LayerOrderWarning, match="internal error: TypeError"):
        callback.on_train_begin()
    strict = orderlint.LayerOrderCallback(action="raise")
    strict.set_model(block(keras, "net"))
    with warnings.catch_warnings(), pytest.raises(TypeError):
        strict.on_train_begin()


def test_a_part_that_cannot_be_read_costs_itself_alone(keras: Any) -> None:
    """If one model of a GAN is not built, the other one is checked, and the report names the first."""

    class Critic(keras.Model):
        def call(self, inputs: Any) -> Any:
            return inputs

    class Gan(keras.Model):
        def __init__(self) -> None:
            super().__init__(name="gan")
            self.generator = block(keras, "generator")
            self.critic = Critic(name="critic")

    report = orderlint.inspect_model(Gan(), select=["ORD002"])
    assert [finding.location.path for finding in report] == ["gan/generator"]
    assert any("`critic` (Critic) is not built" in warning.message for warning in report.warnings)


@pytest.mark.parametrize("kind", ["several", "by name", "raises", "no call", "no layers", "no model", "returns none"])
def test_a_callback_that_warns_raises_on_no_model(keras: Any, kind: str) -> None:
    """With any model, its methods return, and a warning says that the model was not checked."""

    class Several(keras.Model):
        def call(self, first: Any, second: Any, *, third: Any) -> Any:
            return first + second + third

    class ByName(keras.Model):
        def call(self, inputs: Any) -> Any:
            return inputs["a"] + inputs["b"]

    class Raises(keras.Model):
        def call(self, inputs: Any) -> Any:
            raise RuntimeError("not today")

    class ReturnsNone(keras.Model):
        def call(self, inputs: Any) -> None:
            return None

    class NoCall(keras.Model):
        def __init__(self) -> None:
            super().__init__()
            self.generator, self.critic = Raises(), Several()

    models = {
        "several": Several,
        "by name": ByName,
        "raises": Raises,
        "no call": NoCall,
        "no layers": keras.Model,
        "no model": object,
        "returns none": ReturnsNone,
    }
    for input_shape in (None, (4,)):
        callback = orderlint.LayerOrderCallback(input_shape=input_shape)
        callback.set_model(models[kind]())
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            callback.on_train_begin()
            callback.on_epoch_end(0)
            callback.on_train_end()
        told = [str(one.message) for one in caught if issubclass(one.category, orderlint.LayerOrderWarning)]
        assert len(told) == 1
        assert "was not checked" in told[0]
        assert "internal error" not in told[0]
