"""Structures that double with each line, and conditions with hundreds of branches, are processed in linear time.

These tests count operations, or would not end. None asserts a time.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import islice
from typing import Any

import libcst as cst
import pytest

from orderlint.graph import guards
from orderlint.graph.diagrams import Node
from orderlint.graph.guards import ALWAYS, Guard, GuardSpace, union
from orderlint.graph.terms import factors
from orderlint.judging import judge
from orderlint.repair.text import elements
from orderlint.repair.text.elements import slots_of
from orderlint.repair.ways import reads
from orderlint.source import analyze
from orderlint.source.python import iterations, truth
from orderlint.source.state import store
from orderlint.source.state.store import Changes, Store
from orderlint.source.state.values import Const, Element, Sequence, Unknowns
from orderlint.text.files import source_from_text
from tests.hostile.test_bounds import HEADER
from tests.judged import RULES
from tests.repair.texts import tree_of
from tests.source.running import interpreter, value_of

DOUBLED = "s = (s, s)\n" * 60 + "t = (t, t)\n" * 60


def counted(monkeypatch: pytest.MonkeyPatch, module: Any, name: str) -> Callable[[], int]:
    """Count the calls of a function of a module."""
    times, function = 0, getattr(module, name)

    def counting(*given: Any, **named: Any) -> Any:
        nonlocal times
        times += 1
        return function(*given, **named)

    monkeypatch.setattr(module, name, counting)
    return lambda: times


def test_tuples_that_hold_themselves_twice_are_compared_once() -> None:
    """The result of a comparison of tuples is kept; nested pairs would otherwise be compared 2**60 times."""
    one, other = (Sequence((Element(Const(1)),)) for _ in range(2))
    for _ in range(60):
        one, other = (Sequence((Element(side), Element(side))) for side in (one, other))
    is_equal = one == other  # not in the assertion, which would print both
    assert is_equal
    one, other = Sequence((Element(Const(1)),)), Sequence((Element(Const(1)),))
    assert one == other
    assert one == other
    assert one != Sequence((Element(Const(2)),))
    assert one != Const(1)


def test_whether_tuples_of_unknowns_are_equal_is_asked_once_of_each_pair(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each pair of tuples with unknown elements is compared once, although both contain the same pair twice."""
    m = interpreter("s = (a(),)\nt = (b(),)\n" + DOUBLED)
    times = counted(monkeypatch, truth, "_equal_sequences")
    assert truth.equal(m, value_of(m, "s"), value_of(m, "t")) is not ALWAYS
    assert times() == 61


def test_what_hundreds_of_arms_leave_as_it_is_is_one_option(monkeypatch: pytest.MonkeyPatch) -> None:
    """A branch that changes one cell does not add a value to each of the other cells."""
    space = GuardSpace()
    tests = [space.atom(number) for number in range(100)]
    arms: list[tuple[Guard, Changes]] = []
    before = ALWAYS
    for number, test in enumerate(tests):
        arms.append((before & test, {(0, f"own{number}"): Const(number)}))
        before = before & ~test
    cells = Store(Unknowns(lambda one: None))
    cells.write(0, "own7", Const(None))
    options: list[int] = []
    join = store._join

    def joined(cell: Any, given: Any, unknowns: Any) -> Any:
        options.append(len(given))
        return join(cell, given, unknowns)

    monkeypatch.setattr(store, "_join", joined)
    cells.merge(arms)
    assert options == [2] * 100
    held = cells.read(0, "own7")
    assert [value for _, value in held.alternatives] == [Const(None), Const(7)]  # type: ignore[attr-defined]
    assert held.alternatives[1][0] is arms[7][0]  # type: ignore[attr-defined]


def test_the_arms_of_a_long_match_are_united_from_the_last_on(monkeypatch: pytest.MonkeyPatch) -> None:
    """The condition of a `match` arm negates all arms before it. The common parts are not compared again."""
    space = GuardSpace(10**6)
    arms, before = [], ALWAYS
    for number in range(400):
        test = space.atom(number)
        arms.append(before & test)
        before = before & ~test
    made: list[int] = []

    def factored(*given: Any) -> list[Node]:
        found = factors(*given)
        made.append(len(found))
        return found

    monkeypatch.setattr(guards, "factors", factored)
    assert union(arms) is ~before
    assert sum(made) < 4_000


def test_the_iterations_of_a_loop_are_counted_on(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether a loop has its hundredth iteration is decided from the previous one."""
    m = interpreter("def f(n):\n    pass\n")
    lengths = ((m.fresh("n", scalar=True), 0),)
    times = counted(monkeypatch, m.conditions, "less")
    first = list(islice(iterations.going_on(m, lengths), 100))
    assert times() == 99
    assert first[0] is ALWAYS
    assert [iterations.goes_on(m, lengths, number) for number in (-1, 0, 1, 99)] == [
        ALWAYS,
        ALWAYS,
        first[1],
        first[99],
    ]


def test_what_conditions_take_counts_as_steps() -> None:
    """Evaluating conditions counts as steps, so that a repair is not tried ten times if they are expensive."""
    few = analyze(source_from_text(f"{HEADER}def f(x, a):\n    return Dense(8)(x)\n", "net.py")).num_steps
    tests = "".join(f"    if a[{number}]:\n        x = ReLU()(x)\n" for number in range(8))
    text = f"{HEADER}def f(x, a):\n{tests}    return x\n"
    m = interpreter(text)
    assert analyze(source_from_text(text, "net.py")).num_steps > few + m.conditions.space.num_steps


def test_of_a_long_list_only_the_elements_that_move_are_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only the moved elements of a long list are looked at; each starts where the previous one ends."""
    tree = tree_of("[\n" + "".join(f"    # about {number}\n    a{number},\n" for number in range(50)) + "]\n")
    holder = next(node for node in tree.parents if isinstance(node, cst.List))
    opening = tree.span(holder)[0]
    whole = slots_of(tree, holder.elements, opening)
    times = counted(monkeypatch, elements, "_slot")
    assert slots_of(tree, holder.elements, opening, 20, 22) == whole[20:23]
    assert times() == 4
    assert slots_of(tree, holder.elements, opening, 0, 1) == whole[:2]


def test_what_is_in_other_arms_is_found_by_one_way_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each of hundreds of `elif` is nested in the previous one; one walk up the tree finds the other branches."""
    arms = "".join(f"elif k == {number}:\n    x = a{number}\n    show(x)\n" for number in range(1, 200))
    tree = tree_of(f"if k == 0:\n    x = a0\n    show(x)\n{arms}show(x)\n")
    first = next(node for node in tree.parents if isinstance(node, cst.Assign))
    uses = [node for node in tree.parents if isinstance(node, cst.Name) and node.value == "x"]
    asked, parent = 0, tree.parent

    def counting(node: cst.CSTNode) -> cst.CSTNode | None:
        nonlocal asked
        asked += 1
        return parent(node)

    monkeypatch.setattr(tree, "parent", counting)
    other = reads._OtherArms(tree, first)
    held = [other.hold(use) for use in uses]
    assert held.count(True) == 2 * 199
    assert asked < 12 * len(uses)


def made_anew(rows: str) -> str:
    """A loop that replaces a list on some paths."""
    return (
        f"{HEADER}def sample(rows, ids, least, x):\n    rows = [row for row in {rows}]\n"
        "    for step in range(32):\n        x = Dense(8)(x)\n"
        "        if ids.shape[1] >= least:\n            if x.any():\n"
        "                rows = [row[ids] for row in rows]\n                ids = ids[x]\n"
        "                if len(ids) == 0:\n                    break\n"
        "    return BatchNormalization()(ReLU()(x))\n"
    )


def test_a_list_that_is_made_anew_on_some_paths_stays_as_long_as_it_is() -> None:
    """Each element is one of several values; the alternatives of whole lists would be 2**32."""
    graphs = analyze(source_from_text(made_anew("(rows.a, rows.b)"), "net.py"))
    assert [violation.rule.code for violation in judge(graphs, [RULES["ORD001"]])] == ["ORD001"]
    assert graphs.shortfalls == ()


def test_a_long_list_that_is_made_anew_on_some_paths_comes_to_an_end() -> None:
    """A long list that is replaced on some paths ends with a warning, since its conditions count as steps."""
    long = ", ".join(f"rows.r{number}" for number in range(20))
    graphs = analyze(source_from_text(made_anew(f"({long})"), "net.py"))
    assert [one.name for one in graphs.shortfalls] == ["sample"]
