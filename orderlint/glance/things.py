"""Things: what a name may refer to. A value is a frozen set of things, each of which is possible.

A value may hold things that the code cannot lead to, but it never lacks one that the code can lead to.
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from orderlint import catalog
from orderlint.catalog.customary import is_keras
from orderlint.glance.orders import Flow
from orderlint.glance.unsure import Unsure

__all__ = [
    "ANY",
    "DATA",
    "NOTHING",
    "OF_NOBODY",
    "SCALAR",
    "UNKNOWN",
    "Bound",
    "Class",
    "Const",
    "External",
    "Fields",
    "Function",
    "Instance",
    "Layer",
    "Model",
    "ModuleOf",
    "Native",
    "Partial",
    "Record",
    "SomeOf",
    "Stack",
    "Tensor",
    "Text",
    "Thing",
    "Value",
    "const",
    "is_plain",
    "one",
    "only",
    "parts_of",
]

Thing = Any
Value = frozenset[Thing]
MOST_PARTS = 2_000  # parts of a thing, counted each time that it holds them: equal things are compared part by part


class _Thing:
    """The properties of all things, with the defaults that hold for most of them.

    Attributes:
        parts: How many things it holds, plus one for itself. A thing that it holds several times counts each time.
        is_plain: Whether it can neither be nor hold a layer, a tensor, a function or a model.
        has_any: Whether it is `ANY`, or a list or dictionary that holds `ANY`.
        has_tensor: Whether it is a tensor, or a list or dictionary that holds one.
        depth: How deeply it is nested, if it is a list or dictionary.
        has_tail: Whether it is, or holds, a list that records the order of elements that may be missing.
    """

    __slots__ = ()
    parts: int = 1
    is_plain: bool = False
    has_any: bool = False
    has_tensor: bool = False
    depth: int = 0
    has_tail: bool = False


class _Named(_Thing):
    """A thing that is only equal to itself."""

    __slots__ = ("_name", "has_any", "is_plain")

    def __init__(self, name: str, *, is_plain: bool = True) -> None:
        self._name = name
        self.is_plain = is_plain
        self.has_any = not is_plain

    def __repr__(self) -> str:
        return self._name


class Fields(_Thing):
    """A thing that is equal to things of the same type with equal fields."""

    __slots__: tuple[str, ...] = ("_key",)
    _key: tuple[Any, ...]

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and self._key == other._key

    def __hash__(self) -> int:
        return hash(self._key)

    def __repr__(self) -> str:
        return f"{type(self).__name__}{self._key!r}"


class Const(Fields):
    """A constant of Python."""

    __slots__ = ("value",)
    is_plain = True

    def __init__(self, value: Any) -> None:
        self.value = value
        self._key = type(value), value


class Text(Fields):
    """A string that is only partly known. In its pattern, `*` is an unknown part. The name of a layer may be one."""

    __slots__ = ("pattern",)
    is_plain = True

    def __init__(self, pattern: str) -> None:
        self.pattern = pattern
        self._key = (pattern,)


class External(Fields):
    """A name from outside the project. It is plain unless it may be a layer, or a module or class of Keras."""

    __slots__ = ("is_plain", "name")

    def __init__(self, name: str) -> None:
        self.name = name
        self.is_plain = _is_data(name)
        self._key = (name,)


@lru_cache(maxsize=4096)
def _is_data(name: str) -> bool:
    if catalog.find(name) is not None or is_keras(name):
        return False
    return not name.endswith((".nn", ".layers", ".math", "tensorflow"))


class SomeOf(Fields):
    """A layer or function of a library module, if it is not known which one."""

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name
        self._key = (name,)


class ModuleOf(Fields):
    """A module of the project."""

    __slots__ = ("name", "path")

    def __init__(self, name: str, path: str) -> None:
        self.name = name
        self.path = path
        self._key = (path,)


class Function(Fields):
    """A function of the project, as its definition created it.

    Attributes:
        node: `FunctionDef`, `AsyncFunctionDef` or `Lambda`.
        frame: The scope in which it was defined.
        defaults: The default values, by parameter.
        owner: The class whose body defines it.
        wrapper: `staticmethod`, `classmethod`, `property`, or empty.
    """

    __slots__ = ("defaults", "frame", "node", "owner", "wrapper")

    def __init__(
        self, node: Any, frame: Any, defaults: dict[str, Value], owner: Class | None = None, wrapper: str = ""
    ) -> None:
        self.node = node
        self.frame = frame
        self.defaults = defaults
        self.owner = owner
        self.wrapper = wrapper
        self._key = node, frame, tuple(defaults.items())  # each iteration of a loop may define the same function again


class Bound(Fields):
    """A function that is bound to the object or class that it was read from."""

    __slots__ = ("function", "parts", "receiver")

    def __init__(self, function: Function, receiver: Thing) -> None:
        self.function = function
        self.receiver = receiver
        self.parts = _counted(1 + parts_of(one(receiver)))
        self._key = function, receiver


class Partial(Fields):
    """A callable that already has some of its arguments."""

    __slots__ = ("function", "keywords", "more", "parts", "positional")

    def __init__(
        self, function: Value, positional: tuple[Value, ...], keywords: tuple[tuple[str, Value], ...], more: Value
    ) -> None:
        self.function = function
        self.positional = positional
        self.keywords = keywords
        self.more = more
        self.parts = _counted(1 + parts_of(function, more, *positional, *(value for _, value in keywords)))
        self._key = function, positional, keywords, more


class Record(Fields):
    """The class of a named tuple.

    Attributes:
        names: Its fields.
        defaults: The default values of its last fields.
    """

    __slots__ = ("defaults", "names")

    def __init__(self, names: tuple[str, ...], defaults: tuple[Value, ...]) -> None:
        self.names = names
        self.defaults = defaults
        self._key = names, defaults

    @property
    def default_of(self) -> dict[str, Value]:
        """The defaults by the names of the fields."""
        return dict(zip(self.names[len(self.names) - len(self.defaults) :], self.defaults))  # noqa: B905


class Class(_Thing):
    """A class of the project. Each scope that runs its definition has one; classes are compared by identity.

    Attributes:
        bases: The classes that it inherits from, in order.
        names: All values that its body ever binds, by name.
    """

    __slots__ = ("bases", "frame", "names", "node")

    def __init__(self, node: ast.ClassDef, frame: Any, bases: tuple[Value, ...]) -> None:
        self.node = node
        self.frame = frame
        self.bases = bases
        self.names: dict[str, Value] = {}

    def __repr__(self) -> str:
        return f"Class({self.node.name})"


class Instance(_Thing):
    """An object of a class of the project. Each place that creates it has one for equal arguments.

    Objects are compared by identity: `Machine.object_of` returns the same object for equal arguments.

    Attributes:
        cls: Its class.
        attributes: The attributes that it was given while it was created.
        is_made: Whether it is completely created.
        began: When its creation began, by the clock `CallRuns.now`.
        is_lasting: Whether equal arguments would create it in the same way again.
        branches: How many branches that may not be taken were entered where it was created.
        weight: How many parts the arguments have that distinguish it from other objects.
        level: How many objects of its class are nested in each other here.
    """

    __slots__ = ("attributes", "began", "branches", "cls", "is_lasting", "is_made", "level", "weight")

    def __init__(self, cls: Class, weight: int, level: int) -> None:
        self.cls = cls
        self.weight = weight
        self.level = level
        self.begin()

    def begin(self, branches: int = 0, now: int = 0) -> None:
        """Reset the object, because it is created again.

        Args:
            branches: How many branches are entered.
            now: The time.
        """
        self.attributes: dict[str, Value] = {}
        self.is_made = False
        self.is_lasting = True
        self.branches, self.began = branches, now

    def __repr__(self) -> str:
        return f"Instance({self.cls.node.name})"


class Layer(Fields):
    """A layer of Keras.

    Attributes:
        words: The sequences of roles that it may have. The roles of a sequence act one after the other.
        inner: What a wrapper or a `Lambda` calls instead; empty for other layers.
        made: The place where it is constructed, if places are recorded.
    """

    __slots__ = ("inner", "made", "parts", "words")

    def __init__(self, words: frozenset[tuple[str, ...]], inner: Value = frozenset(), made: int = 0) -> None:
        self.words = words
        self.inner = inner
        self.made = made
        self.parts = _counted(1 + parts_of(inner))
        self._key = words, inner, made


class Stack(Fields):
    """A `Sequential`.

    Attributes:
        layers: Its first layers.
        rest: What each further layer may be. There may be any number of them; none if `rest` is empty.
        flow: The ways of its output if it is applied to an input.
        token: Identifies it among the lists and models that are changed.
    """

    __slots__ = ("flow", "layers", "parts", "rest", "token")

    def __init__(self, layers: tuple[Value, ...], rest: Value, flow: Flow, token: object) -> None:
        self.layers = layers
        self.rest = rest
        self.flow = flow
        self.token = token
        self.parts = _counted(1 + parts_of(rest, *layers))
        self._key = layers, rest, flow, token

    def renewed(self, change: Callable[[Value], Value]) -> Stack:
        """The same model, with `change` applied to each of its layers."""
        return Stack(tuple(map(change, self.layers)), change(self.rest), self.flow, self.token)


class Model(Fields):
    """A `Model(inputs, outputs)`."""

    __slots__ = ("inputs", "outputs", "parts")

    def __init__(self, inputs: Value, outputs: Value) -> None:
        self.parts = _counted(1 + parts_of(inputs, outputs))
        self.inputs = inputs
        self.outputs = outputs
        self._key = inputs, outputs


class Tensor(Fields):
    """The output of a layer: the ways that its unit may have taken so far."""

    __slots__ = ("flow",)
    has_tensor = True

    def __init__(self, flow: Flow) -> None:
        self.flow = flow
        self._key = (flow,)


class Native(Fields):
    """A method that no code of the project defines, with the thing that it was read from."""

    __slots__ = ("name", "parts", "receiver")

    def __init__(self, receiver: Thing, name: str) -> None:
        self.receiver = receiver
        self.name = name
        self.parts = _counted(1 + (1 if receiver is None else receiver.parts))
        self._key = receiver, name


ANY = frozenset([_Named("ANY", is_plain=False)])
"""A value that the glance cannot determine, though the analysis might. The glance is unsure about code that uses it."""
UNKNOWN = frozenset([_Named("UNKNOWN")])
"""A value that cannot be determined. A call of it is a boundary. As the argument of a layer, it is an input."""
DATA = frozenset([_Named("DATA")])
"""Data that the glance cannot determine. If it is called, or a layer is applied to it, it is treated as `UNKNOWN`."""
SCALAR = frozenset([_Named("SCALAR")])
"""A value that is neither a tensor nor a layer: a number, a string, a shape."""
NOTHING: Value = frozenset()
OF_NOBODY = (*UNKNOWN, *DATA)
"""The things that are not known, and that do not matter on their own."""


def parts_of(*values: Value) -> int:
    """How many parts values have. A part that they hold several times counts each time."""
    return sum(thing.parts for value in values for thing in value)


def _counted(parts: int) -> int:
    """The number of parts of a thing, if a thing may have as many.

    Raises:
        Unsure: There are too many.
    """
    if parts > MOST_PARTS:
        raise Unsure("a thing of too many parts")
    return parts


def one(thing: Thing) -> Value:
    """The value that is this thing."""
    return frozenset((thing,))


@lru_cache(maxsize=4096, typed=True)
def const(value: Any) -> Value:
    """The value that is this constant."""
    return frozenset((Const(value),))


def only(value: Value, kind: type) -> Any:
    """The thing of a value that is exactly one thing, of this kind; else `None`."""
    if len(value) == 1:
        (thing,) = value
        if isinstance(thing, kind):
            return thing
    return None


def is_plain(value: Value) -> bool:
    """Whether a value can neither be nor hold a layer, a tensor, a function or a model."""
    return all(thing.is_plain for thing in value)
