"""Abstract values: what the interpreter knows of a Python value.

A value is exact (`Const`, `Layer`, `Function`, ...), one of several under known conditions (`Choice`), or `Unknown`. An
`Unknown` still has an identity, so two tests of the same unknown value agree.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import field

from orderlint.catalog import Entry
from orderlint.graph import Site, Step
from orderlint.graph.guards import ALWAYS, NEVER, Guard
from orderlint.records import record


class Value:
    """Any abstract value."""

    __slots__ = ()


@record(frozen=True, slots=True, eq=False)
class Const(Value):
    """A Python scalar: number, string, bytes, bool, None, Ellipsis."""

    value: object

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Const) and type(self.value) is type(other.value) and self.value == other.value

    def __hash__(self) -> int:
        return hash(self.value)  # 1 and True have the same hash, which matters less than its speed


NONE = Const(None)
TRUE = Const(True)
FALSE = Const(False)


@record(frozen=True, slots=True, eq=False)
class Unknown(Value):
    """A value that is not known. It never causes a finding: a call of it is a boundary, and no rule looks across one.

    `Unknowns.of` creates and numbers unknowns.

    Attributes:
        key: Its identity: unknowns with the same key are the same value.
        number: The number of the key. Keys hold other unknowns. With numbers, they are compared in one step, however
            deeply they are nested.
        default: The default of a parameter, if its function is judged on its own.
        scalar: Whether it is certainly not a tensor.
        nth: The position in an unknown sequence, if it is an element of one.
        among: The constants of which it is one; empty if they are not known.
        lacks: The names that a `**kwargs` cannot hold, because other parameters have them.
    """

    key: Hashable
    number: int
    default: Value | None = None
    scalar: bool = False
    nth: int | None = None
    among: tuple[Const, ...] = ()
    lacks: frozenset[str] = frozenset()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Unknown) and self.number == other.number

    def __hash__(self) -> int:
        return self.number


class Unknowns:
    """The unknowns of one analysis. Each analysis has its own numbers.

    Args:
        too_many: Called with the new unknown if a value that may create or be a layer has too many alternatives.
    """

    def __init__(self, too_many: Callable[[Unknown], object] = lambda _: None) -> None:
        self._numbers: dict[Hashable, int] = {}
        self.too_many = too_many

    def of(
        self,
        key: Hashable,
        default: Value | None = None,
        *,
        scalar: bool = False,
        nth: int | None = None,
        among: Iterable[Value] = (),
        lacks: Iterable[str] = (),
    ) -> Unknown:
        """The unknown with a key. For the other arguments, see `Unknown`. `among` only counts if all are constants."""
        number = self._numbers.setdefault(key, len(self._numbers))
        return Unknown(key, number, default, scalar, nth, _constants(among), frozenset(lacks))


def _constants(values: Iterable[Value]) -> tuple[Const, ...]:
    """Different values, if all of them are constants; else an empty tuple."""
    found: dict[Const, None] = {}
    for value in values:
        if not isinstance(value, Const):
            return ()
        found[value] = None
    return tuple(found)


@record(frozen=True, slots=True, eq=False)
class Missing(Value):
    """A name that is not bound on this path."""


MISSING = Missing()


@record(frozen=True, slots=True)
class Condition(Value):
    """A Boolean that is true exactly if `guard` holds."""

    guard: Guard


@record(frozen=True, slots=True)
class Choice(Value):
    """One of several values, each under a guard. The guards exclude each other.

    Alternatives are not choices themselves, and there are at least two: `choose` ensures that. Where no guard holds,
    the code is not reached, or the name is not bound.
    """

    alternatives: tuple[tuple[Guard, Value], ...]


@record(frozen=True, slots=True)
class Tensor(Value):
    """The output of a recorded layer call."""

    node: int


@record(frozen=True, slots=True)
class Weight(Value):
    """A weight of a layer. Arithmetic with it is not a merge."""


@record(frozen=True, slots=True, eq=False)
class Layer(Value):
    """A constructed Keras layer.

    Attributes:
        uid: Its identity.
        entry: Its row in the catalog.
        name: The class as the user named it (subclasses of the project keep their name).
        steps: What one call of the layer does.
        facts: What rules and repairs need to know.
        site: Where it was constructed.
        inner: What it passes its input to: the model in a wrapper, the function of a `Lambda`.
        given: The arguments of its constructor, by name.
    """

    uid: int
    entry: Entry
    name: str
    steps: tuple[Step, ...]
    facts: Mapping[str, object]
    site: Site
    inner: Value | None = None
    given: Mapping[str, Value] = field(default_factory=dict)


@record(frozen=True, slots=True)
class NativeMethod(Value):
    """A method of a value that the analyzed code did not define (`list.append`, `Sequential.add`)."""

    receiver: Value
    name: str


@record(frozen=True, slots=True)
class NativeFunction(Value):
    """A function that the interpreter itself provides, for example the result of `operator.itemgetter(1)`."""

    name: str
    run: Callable[..., Value] = field(compare=False)


@record(frozen=True, slots=True)
class External(Value):
    """A module, class or function from outside the project, by its full dotted name."""

    name: str


@record(frozen=True, slots=True)
class ModuleValue(Value):
    """A module of the project, by its absolute dotted name and file."""

    name: str
    path: str


@record(frozen=True, slots=True, eq=False)
class ImportedName(Value):
    """`from module import name` in the project. It is loaded when it is first read."""

    module: ModuleValue
    name: str


@record(frozen=True, slots=True)
class Activation(Value):
    """The result of `keras.activations.get(value)`: certainly an activation; `name` is `None` if it is unknown."""

    name: str | None
    value: Value


@record(frozen=True, slots=True, eq=False)
class Partial(Value):
    """`functools.partial`."""

    function: Value
    args: tuple[Value, ...]
    kwargs: Mapping[str, Value]
    unknown: tuple[Value, ...] = ()


@record(frozen=True, slots=True)
class Iteration:
    """The iteration of a loop of unknown length that an element belongs to.

    Attributes:
        lengths: The number of iterations: each unknown plus its number.
        number: The number of this iteration, from 0.
        is_spare: Whether it is only run if the code tests which iteration is the last.
    """

    lengths: tuple[tuple[Unknown, int], ...]
    number: int
    is_spare: bool = False


@record(frozen=True, slots=True)
class Element:
    """An element of a sequence, present where `guard` holds.

    Attributes:
        site: The expression that added it.
        iteration: The iteration that it belongs to, if the length of the sequence is not known.
    """

    value: Value
    guard: Guard = ALWAYS
    site: Site | None = None
    iteration: Iteration | None = field(default=None, compare=False)


def certain(element: Element) -> bool:
    """Whether an element is present on all paths, and does not belong to an iteration of a loop of unknown length."""
    return element.guard is ALWAYS and element.iteration is None


@record(frozen=True, slots=True)
class Sequence(Value):
    """A tuple, or another immutable sequence."""

    elements: tuple[Element, ...]
    _hash: int | None = field(default=None, init=False, compare=False, repr=False)
    _twins: object = field(default=None, init=False, compare=False, repr=False)

    def __eq__(self, other: object) -> bool:
        """Equal sequences are remembered, so that each pair is compared once."""
        if not isinstance(other, Sequence):
            return NotImplemented
        if self is other or (self._twins is not None and self._twins is other._twins):
            return True
        if self.elements != other.elements:
            return False
        twins = self._twins or object()
        object.__setattr__(self, "_twins", twins)
        object.__setattr__(other, "_twins", twins)
        return True

    def __hash__(self) -> int:
        """The hash is cached: tuples may hold each other repeatedly, and each would be visited as often."""
        if self._hash is None:
            object.__setattr__(self, "_hash", hash(self.elements))
        return self._hash or 0


@record(frozen=True, slots=True)
class ListObject(Value):
    """A list or set. Its elements are in the store."""

    uid: int


@record(frozen=True, slots=True)
class DictObject(Value):
    """A dictionary. Its entries are in the store."""

    uid: int


@record(frozen=True, slots=True)
class Namespace(Value):
    """The names of a module, class or object as a dictionary: `vars(owner)`, `owner.__dict__`, `globals()`."""

    owner: Value


@record(frozen=True, slots=True, eq=False)
class SequentialModel(Value):
    """A `Sequential`. Its layers are in the store.

    Attributes:
        is_part: Whether it is part of something that continues after it: the layers that code adds to a model that is
            not visible, or a model that is created by an object that is a layer or a model itself.
    """

    uid: int
    site: Site
    name: str = "Sequential"
    is_part: bool = False


@record(frozen=True, slots=True, eq=False)
class FunctionalModel(Value):
    """A `Model(inputs, outputs)`."""

    uid: int
    inputs: Value
    outputs: Value
    site: Site


def sequence(*values: Value) -> Sequence:
    """The tuple of these values."""
    return Sequence(tuple(Element(value) for value in values))


def alternatives(value: Value) -> tuple[tuple[Guard, Value], ...]:
    """The values that `value` may be, with their guards."""
    if isinstance(value, Choice):
        return value.alternatives
    return ((ALWAYS, value),)


def is_plain(value: Value) -> bool:
    """Whether a value is a constant, a condition or unknown. Such values are treated as data."""
    return isinstance(value, (Const, Unknown, Condition))


# Parts of Keras and TensorFlow for training. None of them creates or applies a layer.
_FOR_TRAINING = frozenset(
    ("callbacks", "constraints", "datasets", "initializers", "losses", "metrics", "optimizers", "regularizers", "train")
)


def is_inert(value: Value) -> bool:
    """Whether a value can be dropped without a loss: data, or an optimizer, a loss function, a metric or the like."""
    if isinstance(value, External):
        parts = value.name.split(".")
        return "layers" not in parts and not _FOR_TRAINING.isdisjoint(parts)
    return is_data(value)


def is_data(value: Value) -> bool:
    """Whether a value is plain, or a tuple of plain values, for example a record of numbers."""
    waiting, seen = [value], set()
    while waiting:
        one = waiting.pop()
        if is_plain(one) or id(one) in seen:  # tuples that hold each other repeatedly are visited once
            continue
        if not isinstance(one, Sequence):
            return False
        seen.add(id(one))
        waiting += [element.value for element in one.elements]
    return True


def when_missing(value: Value) -> Guard:
    """The paths on which a cell was never written, or was deleted."""
    if isinstance(value, Choice):
        return next((guard for guard, one in value.alternatives if one is MISSING), NEVER)
    return ALWAYS if value is MISSING else NEVER


def is_scalar(value: Value) -> bool:
    """Whether a value is certainly not a tensor."""
    return isinstance(value, (Const, Condition)) or (isinstance(value, Unknown) and value.scalar)


def restrict(value: Value, path: Guard) -> Value:
    """`value` where `path` holds, without impossible alternatives and unbound names; `MISSING` if nothing is left."""
    if not isinstance(value, Choice):
        return value
    left = [(g, v) for g, v in value.alternatives if v is not MISSING and g.meets(path)]
    if len(left) == len(value.alternatives) > 1:
        return value
    if len(left) == 1:
        return left[0][1]
    return Choice(tuple(left)) if left else MISSING
