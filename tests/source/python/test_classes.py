"""Classes: their bodies, their bases, and the fields of dataclasses."""

from __future__ import annotations

from orderlint.source.python import classes
from orderlint.source.state.frames import ClassObject, Function
from orderlint.source.state.values import Const, External, Unknown
from tests.source.running import interpreter, python_value, value_of


def test_the_names_of_the_body_are_the_attributes() -> None:
    """A class body runs in order, reads its own names, and leaves them as attributes."""
    m = interpreter("class Net:\n    a = 1\n    b = a + 1\n    if b == 2:\n        c = 3\n")
    assert [python_value(m, f"Net.{name}") for name in "abc"] == [1, 2, 3]


def test_functions_of_the_body_belong_to_the_class() -> None:
    """A function in a class body is a method; a lambda there, and a function in a method, is not."""
    m = interpreter("class Net:\n    def f(self): pass\n    g = lambda x: x\n")
    f, g = value_of(m, "Net.f"), value_of(m, "Net.g")
    assert isinstance(f, Function)
    assert isinstance(g, Function)
    assert f.owner is value_of(m, "Net")
    assert g.owner is None


def test_a_class_may_stand_in_a_class() -> None:
    """After an inner class, the body of the outer class continues."""
    m = interpreter("class Net:\n    class Part:\n        size = 1\n    def f(self): pass\n")
    f, net = value_of(m, "Net.f"), value_of(m, "Net")
    assert isinstance(f, Function)
    assert f.owner is net
    assert python_value(m, "Net.Part.size") == 1


def test_spellings_of_one_base_are_one() -> None:
    """A base that is `keras.Model` or `tf.keras.Model`, depending on an import, is one class."""
    guarded = "try:\n    pass\n    from keras import Model\nexcept E:\n    from tensorflow.keras import Model\n"
    net = value_of(interpreter(f"{guarded}class Net(Model): pass\n"), "Net")
    assert isinstance(net, ClassObject)
    assert isinstance(net.bases[0], External)


def test_fields_are_the_arguments() -> None:
    """A dataclass without `__init__` sets its annotated names from the arguments, by position or by name."""
    m = interpreter("class Config:\n    size: int = 1\n    rate: float = 0.5\nc = Config(3, rate=0.1)\nd = Config()\n")
    assert (python_value(m, "c.size"), python_value(m, "c.rate"), python_value(m, "d.rate")) == (3, 0.1, 0.5)
    assert classes.__all__ == ["dataclass_fields", "define", "open_fields"]


def test_bases_are_told_of_their_subclasses() -> None:
    """`__init_subclass__` of the nearest base gets the class and the keywords of the class statement."""
    base = "class Base:\n    known = {}\n    def __init_subclass__(cls, key, size=1, **kwargs):\n"
    text = f"{base}        super().__init_subclass__(**kwargs)\n        cls.known[key] = cls, size\n"
    m = interpreter(f"{text}class A(Base, key='a'): pass\nclass B(A, key='b', size=2): pass\n")
    assert value_of(m, "Base.known['a'][0]") is value_of(m, "A")
    assert value_of(m, "Base.known['b'][0]") is value_of(m, "B")
    assert python_value(m, "Base.known['b'][1]") == 2


def test_fields_of_a_dataclass_are_its_parameters() -> None:
    """A dataclass that is judged separately has unknown fields; other classes have the values that they set."""
    fields = "    size: int\n    rate: float = 0.5\n"
    m = interpreter(f"from dataclasses import dataclass\n@dataclass\nclass A:\n{fields}class B:\n{fields}")
    a, b = value_of(m, "A"), value_of(m, "B")
    assert isinstance(a, ClassObject)
    assert isinstance(b, ClassObject)
    found = classes.open_fields(m, a)
    assert list(found) == ["size", "rate"]
    assert all(isinstance(value, Unknown) for value in found.values())
    assert [getattr(value, "default", 0) for value in found.values()] == [None, Const(0.5)]
    assert classes.open_fields(m, b) == {}


def test_a_dataclass_goes_on_once_it_has_its_fields() -> None:
    """`__post_init__` runs only if a decorator made the `__init__`."""
    body = "    size: int = 1\n    def __post_init__(self): self.twice = self.size * 2\n"
    m = interpreter(f"import dataclasses as d\n@d.dataclass(frozen=True)\nclass A:\n{body}class B:\n{body}a = A(4)\n")
    assert python_value(m, "a.twice") == 8
    assert isinstance(value_of(m, "B(4).twice"), Unknown)
