"""Abstract values: what the interpreter knows of a Python value.

A value is exact (`Const`, `Layer`, `Function`, ...), one of several under known conditions (`Choice`), or
`Unknown`, which still has an identity, so that two tests of one unknown are known to agree.
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
        return hash(self.value)  # 1 and True share one, which happens less often than a hash is asked for


NONE = Const(None)
TRUE = Const(True)
FALSE = Const(False)


@record(frozen=True, slots=True, eq=False)
class Unknown(Value):
    """A value that is not known. It never makes a finding: a call of it is a boundary, and no rule looks across one.

    Made by `Unknowns.of`, which numbers them.

    Attributes:
        key: Its identity: unknowns of one key are the same value.
        number: The number of the key. Keys hold other unknowns: numbered, they compare in one step however deep they
            nest.
        default: For a parameter of a function judged on its own: its default.
        scalar: It is certainly no tensor.
        nth: For an element of an unknown sequence: its position there.
        among: The constants of which it is one; empty where they are not known.
        lacks: For what a `**kwargs` may hold: the names that it does not, which parameters beside it have.
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
        too_many: Called with the unknown that a value becomes, which may make or be a layer, for having too many
            alternatives.
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
        """The unknown of a key; the other arguments are as for `Unknown`. `among` counts only if all are constants."""
        number = self._numbers.setdefault(key, len(self._numbers))
        return Unknown(key, number, default, scalar, nth, _constants(among), frozenset(lacks))


def _constants(values: Iterable[Value]) -> tuple[Const, ...]:
    """Some values, each once, if all of them are constants; else none."""
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
    """A boolean that is true exactly while `guard` holds."""

    guard: Guard


@record(frozen=True, slots=True)
class Choice(Value):
    """One of several values, each under a guard; the guards exclude each other.

    Alternatives are no choices themselves, and there are two at least: `choose` sees to it. Where no guard holds, the
    code is not reached, or the name is not bound.
    """

    alternatives: tuple[tuple[Guard, Value], ...]


@record(frozen=True, slots=True)
class Tensor(Value):
    """The output of a recorded layer call."""

    node: int


@record(frozen=True, slots=True)
class Weight(Value):
    """A weight of a layer: arithmetic with it is no merge."""


@record(frozen=True, slots=True, eq=False)
class Layer(Value):
    """A constructed Keras layer.

    Attributes:
        uid: Its identity.
        entry: Its row in the catalog.
        name: The class as the user named it (own subclasses keep their name).
        steps: What one application does.
        facts: What rules and repairs need.
        site: Where it was constructed.
        inner: What it hands its input to: the model inside a wrapper, the function of a `Lambda`.
        given: The arguments it was constructed with, by name.
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
    """A function that the interpreter itself provides (the result of `operator.itemgetter(1)`, say)."""

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
    """`from module import name` of the project, loaded when it is first read."""

    module: ModuleValue
    name: str


@record(frozen=True, slots=True)
class Activation(Value):
    """What `keras.activations.get(value)` returns: certainly an activation; `name` is `None` if unknown."""

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
class Turn:
    """Which turn of a loop of unknown length an element is walked in.

    Attributes:
        lengths: How many turns there are: as many as each unknown plus its number.
        number: Which one, from 0.
        is_spare: Whether it is run only where code asks which turn is the last.
    """

    lengths: tuple[tuple[Unknown, int], ...]
    number: int
    is_spare: bool = False


@record(frozen=True, slots=True)
class Element:
    """An element of a sequence, present while `guard` holds.

    Attributes:
        site: The expression that put it there.
        turn: The turn it is walked in, where the length of the sequence is not known.
    """

    value: Value
    guard: Guard = ALWAYS
    site: Site | None = None
    turn: Turn | None = field(default=None, compare=False)


def certain(element: Element) -> bool:
    """Whether an element is there on all paths, and in no turn of a loop alone."""
    return element.guard is ALWAYS and element.turn is None


@record(frozen=True, slots=True)
class Sequence(Value):
    """A tuple, or another immutable sequence."""

    elements: tuple[Element, ...]
    _hash: int | None = field(default=None, init=False, compare=False, repr=False)
    _twins: object = field(default=None, init=False, compare=False, repr=False)

    def __eq__(self, other: object) -> bool:
        """What was found equal is known to be, so that each pair is gone through once."""
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
        """Kept: tuples may hold one another several times, and each would be gone through as often."""
        if self._hash is None:
            object.__setattr__(self, "_hash", hash(self.elements))
        return self._hash or 0


@record(frozen=True, slots=True)
class ListObject(Value):
    """A list or set; its elements live in the store."""

    uid: int


@record(frozen=True, slots=True)
class DictObject(Value):
    """A dictionary; its entries live in the store."""

    uid: int


@record(frozen=True, slots=True)
class Namespace(Value):
    """The names of a module, class or object as a dictionary: `vars(owner)`, `owner.__dict__`, `globals()`."""

    owner: Value


@record(frozen=True, slots=True, eq=False)
class SequentialModel(Value):
    """A `Sequential`; its layers live in the store.

    Attributes:
        is_part: Whether it is a part of something that goes on behind it: what code adds to a model that is not in
            view, or what an object makes that is a layer or a model itself.
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
    """Whether a value is data: neither a tensor nor anything that can make or apply a layer."""
    return isinstance(value, (Const, Unknown, Condition))


# What Keras and TensorFlow have for training: nothing of it makes or applies a layer.
_FOR_TRAINING = frozenset(
    ("callbacks", "constraints", "datasets", "initializers", "losses", "metrics", "optimizers", "regularizers", "train")
)


def is_inert(value: Value) -> bool:
    """Whether nothing is lost with a value: it is data, or an optimizer, a loss, a metric or the like."""
    if isinstance(value, External):
        parts = value.name.split(".")
        return "layers" not in parts and not _FOR_TRAINING.isdisjoint(parts)
    return is_data(value)


def is_data(value: Value) -> bool:
    """Whether a value is plain, or a tuple of what is: a record of numbers, say."""
    waiting, seen = [value], set()
    while waiting:
        one = waiting.pop()
        if is_plain(one) or id(one) in seen:  # tuples that hold one another several times are looked through once
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
    """Whether a value is certainly no tensor."""
    return isinstance(value, (Const, Condition)) or (isinstance(value, Unknown) and value.scalar)


def restrict(value: Value, path: Guard) -> Value:
    """`value` as it can be while `path` holds: impossible alternatives and unbound names left out."""
    if not isinstance(value, Choice):
        return value
    left = [(g, v) for g, v in value.alternatives if v is not MISSING and g.meets(path)]
    if len(left) == len(value.alternatives) > 1:
        return value
    if len(left) == 1:
        return left[0][1]
    return Choice(tuple(left)) if left else MISSING
