"""Guards: conditions that know when they exclude each other."""

from __future__ import annotations

import itertools
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderlint.graph.guards import ALWAYS, NEVER, Guard, GuardSpace, GuardSpaceFull, union

ATOMS = "abcd"


def test_condition_and_its_negation_exclude_each_other() -> None:
    """`use_bn and not use_bn` is impossible, and `use_bn or not use_bn` is certain."""
    use_bn = GuardSpace().atom("use_bn")
    assert use_bn & ~use_bn is NEVER
    assert use_bn | ~use_bn is ALWAYS
    assert ~~use_bn is use_bn


def test_same_key_is_the_same_condition() -> None:
    """Two tests with the same key are one atom; tests with different keys are independent."""
    space = GuardSpace()
    assert space.atom("a") is space.atom("a")
    assert space.atom("a") & ~space.atom("b") is not NEVER


def test_equal_conditions_are_one_object() -> None:
    """However a condition is written, it is the same object, so conditions can be compared with `is`."""
    space = GuardSpace()
    a, b, c = (space.atom(key) for key in "abc")
    assert ~(a & b) is ~a | ~b
    assert (a | b) & (a | c) is a | (b & c)


def test_implication() -> None:
    """A conjunction implies its parts, and NEVER implies everything."""
    space = GuardSpace()
    a, b = space.atom("a"), space.atom("b")
    assert (a & b).implies(a)
    assert not a.implies(a & b)
    assert NEVER.implies(a)
    assert a.implies(ALWAYS)


def test_meeting_is_a_conjunction_that_is_possible() -> None:
    """Two conditions meet if both can hold at once; nothing meets an impossible condition."""
    space = GuardSpace()
    a, b = space.atom("a"), space.atom("b")
    assert a.meets(b)
    assert a.meets(a | b)
    assert not (a & b).meets(~a)
    assert not a.meets(NEVER)
    assert ALWAYS.meets(a)


def test_parts_share_no_atom() -> None:
    """A condition is stored in independent parts, and known conditions can be removed from it."""
    space = GuardSpace()
    a, b, c, d = (space.atom(key) for key in "abcd")
    whole = a & (b | c) & d
    assert whole.num_terms == 3
    assert whole.given(a & d) is (b | c)
    assert whole.given(whole) is ALWAYS
    assert a.given(b) is a


def test_pickled_conditions_are_equal_and_keep_working() -> None:
    """Conditions that are pickled together share one space again; the constants remain the same objects."""
    space = GuardSpace()
    a, b, c = (space.atom(key) for key in "abc")
    guards = [a & (b | ~c), ~a, ALWAYS, NEVER]
    again = pickle.loads(pickle.dumps(guards))
    assert all(map(Guard.same_as, again, guards))
    assert again[0] & again[1] is NEVER
    assert again[2] is ALWAYS
    assert again[3] is NEVER
    assert not again[0].same_as(a & (b | c))


def test_space_is_bounded() -> None:
    """A full space raises an error instead of growing."""
    space = GuardSpace(limit=10)
    for number in range(10):
        space.atom(number)
    with pytest.raises(GuardSpaceFull):
        space.atom(10)


def test_representation_shows_the_decisions() -> None:
    """The representation shows the decisions."""
    assert repr(~GuardSpace().atom("a")) == "(0 ? NEVER : ALWAYS)"


Formula = tuple[str, object, object] | str


def formulas() -> st.SearchStrategy[Formula]:
    leaves: st.SearchStrategy[Formula] = st.sampled_from(ATOMS)
    return st.recursive(
        leaves, lambda inner: st.tuples(st.sampled_from(["and", "or", "not"]), inner, inner), max_leaves=12
    )


def build(formula: Formula, space: GuardSpace) -> Guard:
    if isinstance(formula, str):
        return space.atom(formula)
    operator, left, right = formula
    first = build(left, space)  # type: ignore[arg-type]
    if operator == "not":
        return ~first
    second = build(right, space)  # type: ignore[arg-type]
    return first & second if operator == "and" else first | second


def truth(formula: Formula, values: dict[str, bool]) -> bool:
    if isinstance(formula, str):
        return values[formula]
    operator, left, right = formula
    first = truth(left, values)  # type: ignore[arg-type]
    if operator == "not":
        return not first
    second = truth(right, values)  # type: ignore[arg-type]
    return (first and second) if operator == "and" else (first or second)


def table(formula: Formula) -> list[bool]:
    assignments = itertools.product([False, True], repeat=len(ATOMS))
    return [truth(formula, dict(zip(ATOMS, values, strict=True))) for values in assignments]


@given(formulas(), formulas())
def test_guards_agree_with_truth_tables(first: Formula, second: Formula) -> None:
    """Guards imply each other exactly where their truth tables do; NEVER and ALWAYS have constant tables."""
    space = GuardSpace()
    left, right = build(first, space), build(second, space)
    assert (left.implies(right) and right.implies(left)) == (table(first) == table(second))
    assert left.meets(right) == any(a and b for a, b in zip(table(first), table(second), strict=True))
    assert left.meets(right) == (left & right is not NEVER)
    assert left.narrowed(right).same_as(left & right)
    assert (left.given(right) & right).same_as(left & right)
    assert (left is NEVER) == (not any(table(first)))
    assert (left is ALWAYS) == all(table(first))
    implied = all(b for a, b in zip(table(first), table(second), strict=True) if a)
    assert left.implies(right) == implied


@given(formulas(), st.sets(st.sampled_from(ATOMS)))
def test_what_holds_whatever_is_true_of_some_atoms(formula: Formula, atoms: set[str]) -> None:
    """The result implies the guard, and is the widest that does not depend on these atoms."""
    space = GuardSpace()
    guard = build(formula, space)
    mask = union(map(space.atom, atoms)).mask if atoms else 0
    found = guard.regardless(mask)
    assert not found.mask & mask
    assert found.implies(guard)
    worlds = [dict(zip(ATOMS, values, strict=True)) for values in itertools.product([False, True], repeat=len(ATOMS))]
    held = [
        all(truth(formula, w) for w in worlds if all(w[a] == one[a] for a in ATOMS if a not in atoms)) for one in worlds
    ]
    assert (found is NEVER) == (not any(held))
    assert (found is ALWAYS) == all(held)


@given(formulas(), formulas())
def test_guards_stay_comparable_after_pickling(first: Formula, second: Formula) -> None:
    """Guards that are pickled together share one space again, and are the same object exactly if they were before."""
    space = GuardSpace()
    left, right = build(first, space), build(second, space)
    new_left, new_right = pickle.loads(pickle.dumps((left, right)))
    assert new_left.same_as(new_right) == left.same_as(right)
    assert (new_left & new_right).same_as(left & right)
    assert new_left.same_as(right) == left.same_as(right)


def test_a_deep_guard_can_be_pickled() -> None:
    """As many conditions as an analysis may collect do not exhaust the stack."""
    space = GuardSpace()
    guard = NEVER
    for number in range(3_000):
        guard = guard | space.atom(number)
    assert pickle.loads(pickle.dumps(guard)).same_as(guard)


def test_what_depends_on_thousands_of_atoms_counts_as_several() -> None:
    """A mask has a bit for each older atom, and the bound is on the memory."""
    few, many = GuardSpace(limit=1_000), GuardSpace(limit=40_000)
    assert len({id(few.atom(number)) for number in range(1_000)}) == 1_000
    with pytest.raises(GuardSpaceFull):
        list(map(many.atom, range(40_000)))


def test_guards_that_are_kept_work_as_before() -> None:
    """Operations on kept guards have the same results as before; the rest is freed."""
    space = GuardSpace()
    a, b, c, d = (space.atom(name) for name in "abcd")
    either, both, neither = (a | b) & (b | c), a & ~(b & c), ~(a | b)
    for guard in ((a | d) & (b | d), (c & d) | (a & b)):
        assert guard.meets(either)
    size = space.size

    def joined() -> list[Guard]:
        return [either & both, either | both, ~either, both & ~neither]

    def met() -> list[bool]:
        return [either.meets(both), neither.meets(both), both.implies(either), neither.implies(~both)]

    guards, answers = pickle.loads(pickle.dumps(joined())), met()
    space.keep([either, both, neither, ALWAYS])
    assert space.size < size
    assert all(map(Guard.same_as, joined(), guards))
    assert met() == answers == [True, False, False, True]
    assert joined()[0] is either & both


def test_a_guard_of_thousands_of_atoms_counts_besides_its_nodes() -> None:
    """Such a guard has masks of its own; the masks of a guard of few atoms do not count."""
    space = GuardSpace(limit=1_025)
    far = space.literal(1_024)  # 1,025 nodes
    space.guard(space.literal(0))
    with pytest.raises(GuardSpaceFull):
        space.guard(far)


def test_a_space_can_be_given_room_three_times_over() -> None:
    """The limit grows by the given room beyond the current size, up to three times the first limit."""
    space = GuardSpace(limit=2)
    for key in "ab":
        space.atom(key)
    with pytest.raises(GuardSpaceFull):
        space.atom("c")
    space.extend(1)
    space.atom("c")
    with pytest.raises(GuardSpaceFull):
        space.atom("d")
    space.extend(100)
    for key in "def":
        space.atom(key)
    with pytest.raises(GuardSpaceFull):
        space.atom("g")


def test_a_pickled_space_keeps_its_limit() -> None:
    """The limit is the same after unpickling."""
    space = pickle.loads(pickle.dumps(GuardSpace(limit=1)))
    space.atom("a")
    with pytest.raises(GuardSpaceFull):
        space.atom("b")


def test_what_is_asked_again_is_not_made_again() -> None:
    """Results are cached: a full space still returns them, for operands in either order."""
    space = GuardSpace(limit=13)  # the first operations fill it
    a, b, c = (space.atom(key) for key in "abc")
    left, right = a | b, b | c
    known = [left & right, left | right, ~left]
    with pytest.raises(GuardSpaceFull):
        space.atom("d")
    assert [left & right, left | right, ~left] == known
    assert ~known[2] is left
    assert left.meets(right)
    assert left.narrowed(right).same_as(known[0])


def test_what_a_guard_requires_and_bars_is_told_at_once() -> None:
    """There is a bit for each atom, in the order of creation; a certain guard requires nothing."""
    space = GuardSpace()
    a, b, c = (space.atom(key) for key in "abc")
    guard = a & ~b & (c | a)
    assert (guard.required, guard.barred, guard.mask) == (0b001, 0b010, 0b011)
    either = a | c
    assert (either.required, either.barred, either.mask) == (0, 0, 0b101)
    assert (ALWAYS.required, ALWAYS.barred, ALWAYS.mask) == (0, 0, 0)


def test_what_is_known_is_taken_off_part_by_part() -> None:
    """Unrelated and overlapping parts are kept; the constants remove nothing."""
    space = GuardSpace()
    a, b, c = (space.atom(key) for key in "abc")
    guard = a & (b | c)
    assert guard.given(a) is b | c
    assert guard.given(b) is guard
    assert guard.given(NEVER) is guard
    assert guard.given(ALWAYS) is guard
    assert NEVER.given(a) is NEVER
    assert ALWAYS.given(a) is ALWAYS


def test_what_a_conjunction_comes_to_is_known_part_by_part() -> None:
    """The atoms that it requires and bars are removed from its parts."""
    space = GuardSpace()
    a, b, c = (space.atom(key) for key in "abc")
    guard = (a | b | c) & ~b
    assert guard.given(~b) is a | c
    assert guard.num_terms == 2
    assert ((a | b) & ~b).given(~b) is a


def test_what_is_joined_with_a_constant_is_itself_or_the_constant() -> None:
    """The result is the same object, with the operands in either order."""
    guard = GuardSpace().atom("a")
    assert guard & ALWAYS is ALWAYS & guard is guard | NEVER is NEVER | guard is guard
    assert guard & NEVER is NEVER & guard is NEVER
    assert guard | ALWAYS is ALWAYS | guard is ALWAYS
    assert guard.narrowed(ALWAYS) is ALWAYS.narrowed(guard) is guard.narrowed(guard) is guard
    assert guard.narrowed(NEVER) is NEVER.narrowed(guard) is NEVER


def test_the_same_atoms_are_not_yet_the_same_guard() -> None:
    """Guards are compared in one space and across two, also if they depend on the same atoms."""
    here, there = GuardSpace(), GuardSpace()
    a, b = here.atom("a"), here.atom("b")
    other_a, other_b = there.atom("x"), there.atom("y")
    assert (a | b).same_as(other_a | other_b)
    assert not (a | b).same_as(other_a & other_b)
    assert not (a | b).same_as(a & b)
    assert not a.same_as(ALWAYS)
    assert ALWAYS.same_as(ALWAYS)
    assert not ALWAYS.same_as(NEVER)


def test_parts_that_do_not_mention_the_atoms_stay_as_they_are() -> None:
    """A part without the atoms is kept as it is."""
    space = GuardSpace()
    a, b, c, d = (space.atom(key) for key in "abcd")
    assert ((a | b) & (c | d)).regardless(a.mask) is b & (c | d)


def test_a_union_of_many_is_that_of_any_order() -> None:
    """The guards with the most atoms are joined first, as for the arms of a long `match`."""
    space = GuardSpace()
    atoms = [space.atom(key) for key in range(20)]
    arms, others = [], ALWAYS
    for atom in atoms:
        arms.append(others & atom)
        others = others & ~atom
    assert union(arms) is union(reversed(arms))
    assert union([*arms, others]) is ALWAYS


def test_a_union_holds_where_one_of_them_does() -> None:
    """The union of no guards is NEVER."""
    space = GuardSpace()
    a, b = space.atom("a"), space.atom("b")
    assert union([]) is NEVER
    assert union([a]) is a
    assert union([a, b]).same_as(a | b)


def test_representations_name_each_part() -> None:
    """The constants are represented by name, and a conjunction part by part."""
    space = GuardSpace()
    assert [repr(ALWAYS), repr(NEVER)] == ["ALWAYS", "NEVER"]
    assert repr(space.atom("a") & space.atom("b")) == "(0 ? ALWAYS : NEVER) & (1 ? ALWAYS : NEVER)"


def test_what_was_joined_is_known_to_meet_or_not() -> None:
    """This holds even if neither guard requires or bars an atom that the other does."""
    space = GuardSpace()
    a, b, c = (space.atom(key) for key in "abc")
    one, neither = a | b, ~a & ~b
    assert one & neither is NEVER
    assert not one.meets(neither)
    assert one & (~a | c) is not NEVER
    assert one.meets(~a | c)


def test_what_single_atoms_settle_of_a_part_may_leave_nothing() -> None:
    """One literal leaves a part satisfiable; two may not."""
    space = GuardSpace()
    a, b, c = (space.atom(key) for key in "abc")
    assert a.meets(~a | b)
    assert (~a).meets(a | b)
    assert not (~a & ~b).meets(a | b)
    assert (~a & ~b).narrowed(a | b) is NEVER
    assert (~a).narrowed(a | b).same_as(~a & b)
    assert (a & ~b & c).narrowed((a | b) & (b | c)).same_as(a & ~b & c)


def test_what_a_guard_says_of_some_atoms_tells_it_from_others() -> None:
    """Guards that say the same about these atoms give equal results, whatever else they say."""
    space = GuardSpace()
    a, b, c, d = (space.atom(key) for key in "abcd")
    assert (a & ~b & (c | d)).about(0b0011) == (a & ~b).about(0b0011) == (0b01, 0b10, ())
    assert (a & (c | d)).about(0b0100) == (0, 0, (c | d).parts)
    assert ALWAYS.about(-1) == (0, 0, ())


def test_parts_are_joined_only_with_those_that_they_touch() -> None:
    """Two pairs of parts with common atoms are joined to two parts."""
    space = GuardSpace()
    a, b, c, d, e, f = (space.atom(key) for key in "abcdef")
    joined = ((a | b) & (c | d)) & ((a | e) & (c | f))
    assert sorted(part.mask for part in joined.parts) == [0b010011, 0b101100]
    assert joined.same_as(((a | b) & (a | e)) & ((c | d) & (c | f)))


def test_of_two_guards_of_which_one_implies_the_other_the_wider_one_holds() -> None:
    """The union is the wider guard itself, in either order, even if the guards have a part in common."""
    space = GuardSpace()
    a, b, c, d = (space.atom(key) for key in "abcd")
    narrow, wide = d & (a | b), d & (a | b | c)
    assert narrow | wide is wide
    assert wide | narrow is wide


def test_one_condition_in_other_parts_has_the_same_negation() -> None:
    """A guard may be stored in one part or in two, with the same meaning."""
    space = GuardSpace()
    a, b, c, d = (space.atom(key) for key in "abcd")
    parts = (a | b) & (c | d)
    negation = (~a & ~b) | (~c & ~d)
    whole = ~negation
    assert (len(parts.parts), len(whole.parts)) == (2, 1)
    assert ~parts is negation
    assert ~negation is whole
    assert parts.same_as(whole)


def test_what_was_too_much_is_told_again_until_there_is_more_room() -> None:
    """The operation is not tried again each time, since thousands of paths may need it."""
    space = GuardSpace(limit=40)
    one, two, three, four = (space.atom(key) for key in "abcd")
    first, second = (one & two) | (~one & three), (two & four) | (~two & ~three)
    space._diagrams.limit = space.size
    for _ in range(2):
        with pytest.raises(GuardSpaceFull):
            first.narrowed(second)
    space.extend(40, 40)
    assert first.narrowed(second).same_as(first & second)
