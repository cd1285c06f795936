"""Objects of classes in the analyzed code, constructed and applied as by Keras."""

from __future__ import annotations

from orderlint.catalog import DEFAULT
from orderlint.graph.guards import ALWAYS
from orderlint.source.keras import objects
from orderlint.source.state.frames import Instance
from orderlint.source.state.values import MISSING, Tensor
from tests.source.running import flow, interpreter, layers_of, python_value, value_of

HEADER = "import keras\nfrom keras import Input, Model, layers\nx = Input((3,))\n"
NET = """
class Net(Model):
    def __init__(self, n=3):
        super().__init__()
        self.dense = layers.Dense(n)
    def build(self, shape):
        self.act = layers.ReLU()
    def call(self, inputs, training=None):
        y = self.dense(inputs)
        return self.act(y) if not training else self.act(y)
"""


def test_an_object_has_what_init_sets() -> None:
    """`__init__` runs with the arguments, and each object has its own attributes."""
    m = interpreter("class A:\n    def __init__(self, n): self.n = n\na = A(1)\nb = A(n=2)\n")
    assert (python_value(m, "a.n"), python_value(m, "b.n")) == (1, 2)


def test_a_model_is_built_before_its_first_call() -> None:
    """Applying a model runs `build` once and then `call`, as Keras does."""
    m = interpreter(f"{HEADER}{NET}net = Net()\ny = net(net(x))\n")
    assert flow(m)[:2] == [("Input", "Dense"), ("Dense", "ReLU")]
    ids = {call.layer_id for call in m.recorder.calls if call.layer == "ReLU"}
    assert len(ids) == 1


def test_an_object_knows_that_it_was_applied() -> None:
    """Only objects that were never applied are judged separately."""
    m = interpreter(f"{HEADER}{NET}a = Net()\nb = Net()\na(x)\n")
    a, b = value_of(m, "a"), value_of(m, "b")
    assert isinstance(a, Instance)
    assert isinstance(b, Instance)
    assert m.store.read(a.uid, objects.APPLIED) is not MISSING
    assert m.store.read(b.uid, objects.APPLIED) is MISSING


def test_an_own_subclass_of_a_layer_is_that_layer() -> None:
    """A class that inherits from `Dense` behaves like `Dense`, and keeps its own name."""
    m = interpreter(f"{HEADER}class Wide(layers.Dense): pass\ny = Wide(8, activation='relu')(x)\n")
    call = m.recorder.calls[-1]
    assert (call.layer, [role.value for role in call.roles]) == ("Wide", ["linear", "activation"])


def test_super_call_applies_the_base() -> None:
    """`super().call(x)` in a subclass of a layer applies the layer."""
    text = "class Wide(layers.Dense):\n    def call(self, x):\n        return layers.ReLU()(super().call(x))\n"
    m = interpreter(f"{HEADER}{text}y = Wide(8)(x)\n")
    assert layers_of(m) == ["Input", "Wide", "ReLU"]


def test_a_functional_model_in_a_class() -> None:
    """A class that passes inputs and outputs to `Model.__init__` is a functional model."""
    init = "        i = Input((3,))\n        super().__init__(i, layers.Dense(3)(i))\n"
    text = f"class Net(Model):\n    def __init__(self):\n{init}"
    m = interpreter(f"{HEADER}{text}y = Net()(x)\n")
    assert flow(m)[-1] == ("Input", "Dense")


def test_what_cannot_be_looked_into_is_a_boundary() -> None:
    """An object whose `call` is not visible is a boundary for its inputs."""
    m = interpreter(f"{HEADER}class Net(mystery.Base): pass\ny = Net()(x)\n")
    assert flow(m) == [("Input", "Net")]
    assert isinstance(value_of(m, "y"), Tensor)


def test_the_user_may_give_roles_to_a_class() -> None:
    """A class without such roles is analyzed."""
    m = interpreter(f"{HEADER}{NET}y = Net()(x)\n")
    assert m.roles is DEFAULT
    assert "Net" not in layers_of(m)


def test_what_build_checks_of_its_shape_is_forgotten() -> None:
    """Many layers that each refuse some shapes leave no condition on the path."""
    depthwise = """
class Depthwise(layers.Layer):
    def build(self, input_shape):
        if len(input_shape) < 4:
            raise ValueError(f"expected rank 4, got {input_shape}")
        channels = input_shape[-1]
        if channels is None:
            raise ValueError("the channels should be known")
    def call(self, inputs):
        return layers.Dense(8)(inputs)

def net(x):
    for _ in range(5):
        x = Depthwise()(x)
    return layers.ReLU()(x)

y = net(x)
"""
    m = interpreter(HEADER + depthwise)
    assert [call.layer for call in m.recorder.calls] == ["Input", *["Dense"] * 5, "ReLU"]
    assert all(call.guard is ALWAYS for call in m.recorder.calls)
