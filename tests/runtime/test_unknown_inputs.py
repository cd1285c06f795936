"""Models that do not know their input, and models without a `call`: read as far as can be, or told what is missing."""

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
    """The inputs that a functional model keeps are those of the `call` that its subclass adds."""

    class Net(keras.Model):
        def __init__(self) -> None:
            inputs = keras.Input((8,))
            hidden = keras.layers.Dropout(0.2)(keras.layers.Dense(8)(inputs))
            super().__init__(inputs, keras.layers.BatchNormalization()(hidden))

        def call(self, inputs: Any, training: Any = None, mask: Any = None) -> Any:
            return super().call(inputs, training=training)

    assert [finding.code for finding in orderlint.inspect_model(Net())] == ["ORD002"]


def test_a_noted_shape_of_none_is_none(keras: Any) -> None:
    """`build(None)` notes a shape that is none: the error asks for one, and a callback that warns does so."""

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
    """What a GAN hands from one model to the other is not known; both are read, and the report says so."""

    class Gan(keras.Model):
        def __init__(self) -> None:
            super().__init__(name="gan")
            self.generator = block(keras, "generator")
            self.critic = block(keras, "critic")

    report = orderlint.inspect_model(Gan(), select=["ORD002"])
    assert [finding.location.path for finding in report] == ["gan/critic", "gan/generator"]
    assert any("checked separately" in warning.message for warning in report.warnings)


def test_a_callback_that_warns_never_ends_the_training(keras: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A failure of orderlint itself becomes a warning, unless the callback was asked to raise."""

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
    """Of a GAN of which one model is not built the other is judged, and the first is named."""

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
    """Whatever the model is, its methods return, and the user is told that it was not checked."""

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
