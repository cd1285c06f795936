"""Models: `Sequential`, `Model(inputs, outputs)`, and their attributes."""

from __future__ import annotations

import pytest

from orderlint.source import analyze
from orderlint.source.keras import models
from orderlint.source.state.frames import Instance
from orderlint.source.state.values import FunctionalModel, Layer, SequentialModel, Tensor
from orderlint.text.files import source_from_text
from tests.source.running import flow, interpreter, is_unknown, layers_of, value_of

HEADER = "import keras\nfrom keras import Input, Model, Sequential, layers\nx = Input((3,))\n"
CHAIN = [("Input", "Dense"), ("Dense", "ReLU")]


@pytest.mark.parametrize(
    "text",
    [
        "m = Sequential([layers.Dense(3), layers.ReLU()])",
        "m = Sequential(layers=(layers.Dense(3), layers.ReLU()))",
        "m = Sequential()\nm.add(layers.Dense(3))\nm.add(layers.ReLU())",
        "m = Sequential([Input((3,)), layers.Dense(3)])\nm.add(layers.ReLU())",
        "m = Sequential([layers.Dense(3), layers.ELU()])\nm.pop()\nm.add(layers.ReLU())",
        "m = Sequential([Sequential([layers.Dense(3)]), layers.ReLU()])",
        "i = Input((3,))\nm = Model(i, layers.ReLU()(layers.Dense(3)(i)))",
        "i = Input((3,))\nm = Model(inputs=[i], outputs=[layers.ReLU()(layers.Dense(3)(i))])",
        "class N(Sequential):\n  def __init__(self):\n    super().__init__([layers.Dense(3), layers.ReLU()])\nm = N()",
    ],
)
def test_a_model_applies_its_layers(text: str) -> None:
    """Applying a model applies its layers in order, however the model is written."""
    m = interpreter(f"{HEADER}{text}\n")
    before = len(m.recorder.edges)
    value_of(m, "m(x)")
    assert flow(m)[before:] == CHAIN


def test_the_input_of_a_model_leads_to_its_first_layer() -> None:
    """A `Sequential` that is not applied starts at its own `Input`; an applied one starts at its argument."""
    text = (
        "from keras import Input, Sequential, layers\nm = Sequential([Input((3,)), layers.Dense(3), layers.ReLU()])\n"
    )
    (graph,) = analyze(source_from_text(text, "net.py"))
    names = [call.layer for call in graph.calls]
    assert [(names[edge.source], names[edge.target]) for edge in graph.edges] == CHAIN


def test_a_layer_that_is_added_on_some_paths_is_applied_on_those() -> None:
    """The layer after a conditional `add` is fed by the added layer where it is present, else by the previous one."""
    m = interpreter(
        f"{HEADER}m = Sequential([layers.Dense(3)])\nif n:\n    m.add(layers.ReLU())\nm.add(layers.ELU())\nm(x)\n"
    )
    assert flow(m) == [("Input", "Dense"), ("Dense", "ReLU"), ("ReLU", "ELU"), ("Dense", "ELU")]
    guards = list(m.recorder.edges.values())
    assert guards[2] is ~guards[3]


def test_a_functional_model_is_copied() -> None:
    """A functional model that is applied twice has two calls of each of its layers."""
    m = interpreter(f"{HEADER}i = Input((3,))\nm = Model(i, layers.Dense(3)(i))\ny = m(m(x))\n")
    dense = [call.layer_id for call in m.recorder.calls if call.layer == "Dense"]
    assert len(dense) == 3
    assert len(set(dense)) == 1


def test_a_model_without_known_outputs_is_a_boundary() -> None:
    """A model with unknown outputs is recorded as an opaque call."""
    m = interpreter(f"{HEADER}y = Model(a, b)(x)\n")
    assert layers_of(m) == ["Input", "Model"]


def test_the_outputs_of_a_model_are_known_as_such() -> None:
    """The output of a functional model is an output of the graph."""
    m = interpreter(f"{HEADER}m = Model(x, layers.Dense(3)(x))\n")
    assert set(m.recorder.outputs) == {1}


def test_inputs_outputs_and_layers_are_read() -> None:
    """`output`, `input` and `layers` of models and layers mean the same as in Keras."""
    m = interpreter(f"{HEADER}d = layers.Dense(3)\ny = d(x)\nf = Model(x, y)\ns = Sequential([layers.Dense(3)])\n")
    assert value_of(m, "f.output") == value_of(m, "d.output") == value_of(m, "y")
    assert value_of(m, "f.input") == value_of(m, "x")
    assert isinstance(value_of(m, "s.layers[0]"), Layer)
    assert isinstance(value_of(m, "s.output"), Tensor)
    assert value_of(m, "s.output") == value_of(m, "s.output")


def test_where_a_layer_was_made() -> None:
    """The place of a layer or model is the expression that constructs it."""
    m = interpreter(f"{HEADER}d = layers.Dense(3)\ns = Sequential()\n")
    places = [models.place_of(value_of(m, name)) for name in "ds"]
    assert [place.location().line for place in places if place is not None] == [4, 5]


def test_values_of_models() -> None:
    """`Sequential` and `Model` construct models; a model without outputs is unknown."""
    m = interpreter(f"{HEADER}class Net(Model):\n    pass\n")
    assert isinstance(value_of(m, "Sequential()"), SequentialModel)
    assert isinstance(value_of(m, "Model(x, x)"), FunctionalModel)
    assert isinstance(value_of(m, "Net()"), Instance)


def test_the_output_of_a_layer_in_a_model() -> None:
    """`model.layers[0].output` applies a `Sequential` that was not applied; a layer outside of models has no output."""
    text = (
        "from keras import Input, Sequential, layers\nm = Sequential([Input((3,)), layers.Dense(2), layers.ReLU()])\n"
    )
    m = interpreter(f"{text}y = layers.Dense(4)(m.layers[-2].output)\n")
    assert ("Dense", "Dense") in flow(m)
    assert is_unknown(interpreter(text), "layers.Dense(2).output")
