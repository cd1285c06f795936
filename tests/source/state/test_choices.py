"""Choices between values under guards."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from orderlint.graph.guards import ALWAYS, NEVER, Guard, GuardSpace
from orderlint.source.state.choices import MOST_PLAIN_ALTERNATIVES, choose
from orderlint.source.state.values import MISSING, Choice, Const, External, Unknown, Unknowns, Value, restrict
from tests.source.worlds import ATOMS, value_in, worlds


@st.composite
def choices(draw: st.DrawFn) -> tuple[GuardSpace, list[tuple[Guard, Value]]]:
    """Options whose guards exclude each other, like the arms of nested branches."""
    space = GuardSpace()
    for atom in ATOMS:
        space.atom(atom)
    options: list[tuple[Guard, Value]] = []
    rest = ALWAYS
    for atoms in draw(st.lists(st.lists(st.sampled_from(ATOMS), max_size=2), max_size=4)):
        guard = rest
        for atom in atoms:
            guard = guard & space.atom(atom)
        options.append((guard, Const(draw(st.integers(0, 2)))))
        rest = rest & ~guard
    return space, options


@given(choices())
def test_a_choice_is_each_option_under_its_guard(made: tuple[GuardSpace, list[tuple[Guard, Value]]]) -> None:
    """In every world the value is the option whose guard holds there, and unbound if no guard holds."""
    space, options = made
    chosen = choose(options, Unknowns())
    if isinstance(chosen, Const) or chosen is MISSING:
        return  # one value remains: the code is not reached where no option holds
    for world in worlds():
        wanted = [value for guard, value in options if value_in(Choice(((guard, value),)), world, space) == value]
        assert value_in(chosen, world, space) == (wanted[0] if wanted else MISSING)


@given(choices(), st.sampled_from(ATOMS))
def test_restricting_loses_nothing_that_can_be(made: tuple[GuardSpace, list[tuple[Guard, Value]]], atom: str) -> None:
    """On a path the value is the same as before; alternatives that the path excludes are dropped."""
    space, options = made
    chosen = choose(options, Unknowns())
    path = space.atom(atom)
    restricted = restrict(chosen, path)
    for world in worlds():
        before = value_in(chosen, world, space)
        if world[atom] and before is not MISSING:
            assert value_in(restricted, world, space) == before
    assert all(guard & path is not NEVER for guard, _ in getattr(restricted, "alternatives", ()))


def test_equal_options_are_one() -> None:
    """A variable that both arms set to the same value has that value."""
    a = GuardSpace().atom("a")
    assert choose([(a, Const(1)), (~a, Const(1))], Unknowns()) == Const(1)


def test_spellings_of_one_class_are_one() -> None:
    """A layer class is the same under any of the names by which it can be imported."""
    a = GuardSpace().atom("a")
    both: list[tuple[Guard, Value]] = [
        (a, External("keras.layers.Dense")),
        (~a, External("tensorflow.keras.layers.Dense")),
    ]
    assert isinstance(choose(both, Unknowns()), External)


def test_too_many_data_are_unknown() -> None:
    """Beyond the bound, a value with many plain alternatives is unknown, but never wrong."""
    space = GuardSpace()
    guards = [space.atom(i) for i in range(MOST_PLAIN_ALTERNATIVES + 1)]
    assert isinstance(choose([(g, Const(i)) for i, g in enumerate(guards)], Unknowns()), Unknown)
