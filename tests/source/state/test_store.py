"""The store: a write holds on the paths that made it, and on no others."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from orderlint.graph.guards import ALWAYS, NEVER, Guard, GuardSpace
from orderlint.source.state.store import ITEMS, MOST_JOINED, Store
from orderlint.source.state.values import MISSING, Const, Element, External, Sequence, Unknowns, Value
from tests.source.worlds import ATOMS, holds_in, value_in, worlds

KEYS = "xy"
# A program is a list of writes, and of branches on an atom with a program in each arm.
Program = list[tuple[str, object]]


@st.composite
def programs(draw: st.DrawFn, depth: int = 3) -> Program:
    write = st.tuples(st.sampled_from(KEYS), st.integers(0, 3))
    steps: Program = []
    for _ in range(draw(st.integers(0, 3))):
        if depth and draw(st.booleans()):
            arms = (draw(programs(depth - 1)), draw(programs(depth - 1)))
            steps.append((draw(st.sampled_from(ATOMS)), arms))
        else:
            steps.append(draw(write))
    return steps


def run(program: Program, store: Store, space: GuardSpace, path: Guard = ALWAYS) -> None:
    """Run a program on the store: each arm in a fork, on the paths that reach it."""
    for name, what in program:
        if name in KEYS:
            assert isinstance(what, int)
            store.write(0, name, Const(what))
            continue
        assert isinstance(what, tuple)
        arms = []
        for guard, arm in zip((space.atom(name), ~space.atom(name)), what, strict=True):
            if path & guard is not NEVER:
                store.fork()
                run(arm, store, space, path & guard)
                arms.append((guard, store.rewind()))
        store.merge(arms)


def run_in(program: Program, world: dict[str, bool], known: dict[str, int]) -> dict[str, int]:
    """Run a program in one world, like Python."""
    for name, what in program:
        if name in KEYS:
            assert isinstance(what, int)
            known[name] = what
        else:
            assert isinstance(what, tuple)
            run_in(what[0 if world[name] else 1], world, known)
    return known


@given(programs())
def test_forks_and_merges_agree_with_every_world(program: Program) -> None:
    """However branches are nested, in each world the merged store has the values of a run in that world."""
    space = GuardSpace()
    store = Store(Unknowns())
    run(program, store, space)
    for world in worlds():
        wanted = run_in(program, world, {})
        for key in KEYS:
            found = value_in(store.read(0, key), world, space)
            if key in wanted:
                assert found == Const(wanted[key])


@given(programs(), programs())
def test_rewinding_takes_everything_back(first: Program, second: Program) -> None:
    """`rewind` restores the store at the fork, and returns the changes since then."""
    space = GuardSpace()
    store = Store(Unknowns())
    run(first, store, space)
    before = {key: store.read(0, key) for key in KEYS}
    store.fork()
    run(second, store, space)
    after = {key: store.read(0, key) for key in KEYS}
    changes = store.rewind()
    assert {key: store.read(0, key) for key in KEYS} == before
    assert all(after[key] == changes.get((0, key), before[key]) for key in KEYS)


def test_unwinding_takes_back_every_fork() -> None:
    """An analysis that was interrupted leaves no open fork, and none of its writes."""
    store = Store(Unknowns())
    store.write(0, "x", Const(1))
    store.fork()
    store.write(0, "x", Const(2))
    store.fork()
    store.write(0, "x", Const(3))
    store.unwind()
    assert store.depth == 0
    assert store.read(0, "x") == Const(1)


def test_what_is_written_while_suspended_stays() -> None:
    """A module that is imported in a branch is imported on all paths."""
    store = Store(Unknowns())
    store.fork()
    forks = store.suspend()
    store.write(0, "x", Const(1))
    store.resume(forks)
    store.rewind()
    assert store.read(0, "x") == Const(1)


def test_a_cell_that_was_never_written_is_missing() -> None:
    """Reading a cell before writing it gives `MISSING`, and owners do not share cells."""
    store = Store(Unknowns())
    one, other = store.new_owner(), store.new_owner()
    store.write(one, "x", Const(1))
    assert store.read(other, "x") is MISSING
    assert store.of(one) == [("x", Const(1))]


def listed(*numbers: int) -> Sequence:
    return Sequence(tuple(Element(Const(number)) for number in numbers))


def contents(value: Value, world: dict[str, bool], space: GuardSpace) -> list[Value]:
    assert isinstance(value, Sequence)
    return [value_in(one.value, world, space) for one in value.elements if holds_in(one.guard, world, space)]


@given(st.lists(st.integers(0, 3), max_size=3), st.lists(st.integers(0, 3), max_size=3))
def test_lists_join_to_the_list_of_each_path(then: list[int], other: list[int]) -> None:
    """A list that two arms change differently has in each world the elements of the arm that ran."""
    space = GuardSpace()
    store = Store(Unknowns())
    owner = store.new_owner()
    a = space.atom("a")
    store.write(owner, ITEMS, listed(9, 3))
    arms = []
    for guard, inside in ((a, then), (~a, other)):
        store.fork()
        store.write(owner, ITEMS, listed(9, *inside, 3))
        arms.append((guard, store.rewind()))
    store.merge(arms)
    for world in worlds():
        inside = then if world["a"] else other
        assert contents(store.read(owner, ITEMS), world, space) == [Const(number) for number in (9, *inside, 3)]


def changed(numbers: list[int], *, times: int, both_ends: bool, told: list[None]) -> Sequence:
    """A list after a number of tests, under each of which its first element is removed, or it grows at both ends."""
    space = GuardSpace()
    store = Store(Unknowns(lambda _: told.append(None)))
    owner = store.new_owner()
    store.write(owner, ITEMS, listed(*numbers))
    for number in range(times):
        present = store.read(owner, ITEMS)
        assert isinstance(present, Sequence)
        store.fork()
        edge = Element(External("keras.layers.ReLU"))
        new = (edge, *present.elements, edge) if both_ends else present.elements[1:]
        store.write(owner, ITEMS, Sequence(new))
        store.merge([(space.atom(str(number)), store.rewind())])
    found = store.read(owner, ITEMS)
    assert isinstance(found, Sequence)
    return found


def test_what_is_taken_out_under_a_test_stays_once() -> None:
    """The other elements are not duplicated with each test."""
    told: list[None] = []
    assert len(changed([1, 2, 3, 4], times=1, both_ends=False, told=told).elements) == 4
    assert not told


def test_a_list_that_doubles_with_each_test_becomes_unknown() -> None:
    """This is reported, and the work is bounded."""
    told: list[None] = []
    found = changed([1, 2, 3], times=30, both_ends=True, told=told)
    assert len(found.elements) < MOST_JOINED
    assert told


def test_cells_of_an_owner_are_those_written_so_far() -> None:
    """All cells are listed in the order of their first write, with their current values."""
    store = Store(Unknowns())
    one, other = store.new_owner(), store.new_owner()
    assert store.of(one) == []
    store.write(one, "b", Const(1))
    store.write(other, "c", Const(2))
    store.write(one, "a", Const(3))
    assert store.of(one) == [("b", Const(1)), ("a", Const(3))]
    store.fork()
    store.write(one, "b", Const(4))
    store.write(one, "d", Const(5))
    assert store.of(one) == [("b", Const(4)), ("a", Const(3)), ("d", Const(5))]
    store.rewind()
    assert store.of(one) == [("b", Const(1)), ("a", Const(3)), ("d", MISSING)]
    assert store.of(other) == [("c", Const(2))]
