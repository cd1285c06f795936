"""The definitions that can apply layers at all."""

from __future__ import annotations

from textwrap import dedent

from orderlint.source.relevance import Relevance, mentioned_names
from orderlint.source.state.frames import ClassObject, Function
from orderlint.text.cells import Cell
from orderlint.text.files import source_from_text
from orderlint.text.outline import outlined
from tests.source.running import interpreter

TEXT = """
import keras
from blocks import make
def layered(x): return keras.layers.ReLU()(x)
def calls_layered(x): return layered(x)
def calls_import(x): return make(x)
def plain(x): return x + 1
class Net(keras.Model):
    def helper(self): return 1
class Config:
    def size(self): return 3
"""


def relevant(text: str) -> set[str]:
    m = interpreter(text)
    assert m.judged is not None
    definitions: list[Function | ClassObject] = [*m.functions, *m.classes]
    relevance = Relevance(m, m.judged, definitions)
    return {one.name for one in definitions if relevance.holds(one)}


def test_what_mentions_keras_or_what_mentions_it() -> None:
    """A definition is relevant if it names Keras, a module of the project, or a relevant definition."""
    assert relevant(TEXT) >= {"layered", "calls_layered", "Net", "helper"}
    assert relevant(TEXT).isdisjoint({"plain", "Config", "size"})


def test_names_of_layers_count_without_an_import() -> None:
    """In a snippet a function that names a layer is relevant."""
    assert relevant("def f(x): return Dense(3)(x)\ndef g(x): return Mystery(3)(x)\n") == {"f"}


def test_other_names_of_a_definition() -> None:
    """A lambda or definition that has another name in the module is also relevant by that name."""
    text = """
        import keras
        def _drop(x): return keras.layers.Dropout(0.5)(x)
        drop = _drop
        norm = lambda x: keras.layers.BatchNormalization()(x)
        def calls_alias(x): return drop(x)
        def calls_lambda(x): return norm(x)
        def plain(x): return other(x)
    """
    assert relevant(dedent(text)) == {"_drop", "<lambda>", "calls_alias", "calls_lambda"}


def test_what_classes_and_closures_hold() -> None:
    """A class that is modified from outside is relevant, and so is a function that closes over a relevant one."""
    text = """
        import keras
        def norm(x): return keras.layers.BatchNormalization()(x)
        def plain(x): return x + 1
        class Filled:
            table = {}
            def own(self): return 1
        Filled.table["norm"] = norm
        class Data:
            table = {"a": [1]}
        def wrapped(function):
            def inner(x): return function(x)
            return inner
        wrapped_norm = wrapped(wrapped(norm))
        wrapped_plain = wrapped(plain)
        def uses_filled(x): return Filled.table["norm"](x)
        def uses_data(x): return Data.table["a"]
        def uses_norm(x): return wrapped_norm(x)
        def uses_plain(x): return wrapped_plain(x)
    """
    assert relevant(dedent(text)) == {"norm", "inner", "Filled", "own", "uses_filled", "uses_norm"}


def test_layers_in_the_head_of_a_definition() -> None:
    """Layers in bases, decorators and defaults count, but not in annotations."""
    text = """
        import keras
        from keras.layers import Dropout, ReLU
        class Drop(Dropout): pass
        def makes(x): return Drop(0.5)(x)
        def default(x, layer=ReLU): return layer()(x)
        def only(x, *, layer=ReLU): return layer()(x)
        def calls_default(x): return default(x)
        def annotated(x: keras.KerasTensor) -> keras.KerasTensor: return x + 1
    """
    assert relevant(dedent(text)) == {"Drop", "makes", "default", "only", "calls_default"}


def test_everything_that_a_body_mentions() -> None:
    """Names and attributes in the body count, but not those in parameters, comments or strings."""
    cell = Cell("net.py", "def f(a=b):\n    # c\n    d.e(g='h')\n")
    assert mentioned_names(cell.module.body[0], cell) == {"d", "e", "g"}


def test_what_is_mentioned_in_a_body_that_was_not_parsed() -> None:
    """The methods of a class in a followed module count, though its tree has `pass` in place of their bodies."""
    body = "return keras.layers.Dense(some_units)(first) + keras.layers.Dense(other_units)(second)"
    text = f"class Net(Base):\n    def call(self, first, second=a):\n        {body}\n"
    whole, outline = Cell("net.py", text), outlined(source_from_text(text, "net.py")).cells[0]
    assert not whole.module.deep_equals(outline.module)
    names = mentioned_names(outline.module.body[0], outline)
    assert {"keras", "other_units", "a"} <= names
    assert names == mentioned_names(whole.module.body[0], whole)


def test_names_of_the_module_by_text() -> None:
    """A function that looks up names of its module from strings may find layers."""
    assert relevant("from keras.layers import *\ndef make(name): return globals()[name]\n") == {"make"}
