"""Records behave like dataclasses, except for what only type checkers enforce."""

from __future__ import annotations

import pickle
from dataclasses import dataclass, field, fields, is_dataclass, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderlint.records import record


@record(frozen=True, slots=True)
class Shape:
    """A typical record."""

    height: int
    width: int = 1
    notes: list[str] = field(default_factory=list, compare=False, repr=False)


@dataclass(frozen=True)
class Usual:
    """The dataclass with the same fields."""

    height: int
    width: int = 1
    notes: list[str] = field(default_factory=list, compare=False, repr=False)


@record(slots=True)
class Counter:
    """A mutable record."""

    number: int = 0


@record(frozen=True, slots=True, eq=False)
class Person:
    """A record that is compared by identity."""

    name: str


@record(frozen=True, slots=True)
class Wide(Shape):
    """A record with a base and its own `__repr__`."""

    depth: int = 2

    def __repr__(self) -> str:
        return "wide"


@record(frozen=True, slots=True)
class Alone:
    """A record with one field."""

    value: object


@given(st.integers(), st.integers(), st.integers(), st.integers())
def test_equality_and_hash_are_those_of_a_dataclass(one: int, other: int, third: int, fourth: int) -> None:
    """They use the fields with `compare`."""
    left, right = Shape(one, other, ["a"]), Shape(third, fourth)
    assert (left == right) == (Usual(one, other) == Usual(third, fourth))
    assert left != right or hash(left) == hash(right)
    assert left == Shape(one, other)
    assert hash(left) == hash(Shape(one, other))


def test_its_text_is_that_of_a_dataclass() -> None:
    """The fields with `repr`, in order."""
    assert repr(Shape(3, notes=["a"])) == repr(Usual(3)).replace("Usual", "Shape")


def test_the_text_of_a_circle_ends() -> None:
    """Values that contain each other are shown once."""
    held: list[object] = []
    circle = Alone(held)
    held.append(circle)
    assert repr(circle) == "Alone(value=[...])"


def test_it_is_a_dataclass() -> None:
    """`fields` and `replace` work on it."""
    assert is_dataclass(Shape)
    assert [one.name for one in fields(Shape)] == ["height", "width", "notes"]
    assert replace(Shape(3), width=4) == Shape(3, 4)


def test_slots_leave_no_room_for_other_attributes() -> None:
    """Assigning a misspelled name is an error."""
    with pytest.raises(AttributeError):
        Counter().numbr = 1  # type: ignore[attr-defined]


def test_what_changes_has_no_hash() -> None:
    """Its hash would change."""
    assert Counter(1) == Counter(1)
    with pytest.raises(TypeError, match="unhashable"):
        hash(Counter())


def test_without_equality_each_is_itself() -> None:
    """Like `eq=False` of a dataclass."""
    assert Person("a") != Person("a")
    assert len({Person("a"), Person("a")}) == 2


def test_what_the_author_wrote_stays() -> None:
    """Methods of the class are kept, and the fields of the base come first."""
    assert repr(Wide(1, 2)) == "wide"
    assert Wide(1, 2, depth=3) == Wide(1, 2, depth=3) != Wide(1, 2)


def test_other_classes_are_never_equal() -> None:
    """Not even a subclass."""
    assert Shape(1) != Wide(1)
    assert Shape(1) != (1, 1)  # type: ignore[comparison-overlap]


def test_identical_values_are_equal() -> None:
    """As in tuples: identical values are equal even if `==` says otherwise."""
    nan = float("nan")
    assert Alone(nan) == Alone(nan)
    assert Alone(nan) != Alone(float("nan"))


@pytest.mark.parametrize("one", [Shape(3, notes=["a"]), Counter(2), Wide(1), Alone("a")])
def test_it_can_be_pickled(one: object) -> None:
    """Records are sent to other processes."""
    again = pickle.loads(pickle.dumps(one))
    assert again == one
    assert fields(again) == fields(one)  # type: ignore[arg-type]


@record(slots=True)
class Made:
    """A record with fields of each kind."""

    first: int
    notes: list[int] = field(default_factory=list)
    total: int = field(init=False, default=0)
    kept: list[int] = field(init=False, default_factory=list)

    def __post_init__(self) -> None:
        self.total = self.first + len(self.notes)


class Plain(Made):
    """A class that inherits the constructor."""


@pytest.mark.parametrize("kind", [Made, Plain])
def test_the_first_object_is_made_as_all_others(kind: type[Made]) -> None:
    """With any arguments of its constructor, and for any subclass that inherits it."""
    first, second = kind(1), kind(first=2, notes=[3])
    assert (first.total, second.total) == (1, 3)
    assert first.notes is not kind(1).notes
    assert first.kept is not second.kept


def test_wrong_arguments_are_told_as_by_a_dataclass() -> None:
    """Also in the first call."""

    @record(frozen=True)
    class Fresh:
        name: str

    for _ in range(2):
        with pytest.raises(TypeError, match=r"Fresh\.__init__\(\) missing 1 required positional argument: 'name'"):
            Fresh()  # type: ignore[call-arg]
