"""The order in which definitions are judged, and the cost of finding it."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path
from types import FrameType
from typing import Any

import libcst as cst
from hypothesis import given
from hypothesis import strategies as st

from orderlint.source import analyze
from orderlint.source.state.marked import Marked
from orderlint.source.waiting import CallersFirst
from orderlint.text.files import source_from_bytes
from tests.source.running import interpreter

NAMES = ["a", "b", "c", "d", "<lambda>"]
DEFINITIONS = st.lists(st.tuples(st.sampled_from(NAMES), st.sets(st.sampled_from(NAMES))), max_size=7)
FUNCTIONS = interpreter("\n".join(f"def f{number}(): pass" for number in range(7))).functions


class Named:
    """A definition with a name."""

    def __init__(self, number: int, name: str, mentions: set[str]) -> None:
        self.node, self.name, self.mentions = FUNCTIONS[number].node, name, mentions


def mentions_of(subject: Any) -> set[str]:
    """A replacement for the names that a definition mentions."""
    mentions: set[str] = subject.mentions
    return mentions


def first_by_search(subjects: list[Any]) -> Any:
    """The first definition that no other one mentions, else the first, found by a linear search."""
    for subject in subjects:
        if subject.name == "<lambda>" or not any(
            subject.name in other.mentions for other in subjects if other is not subject
        ):
            return subject
    return subjects[0]


@given(DEFINITIONS, st.sets(st.integers(0, 6)))
def test_it_is_the_one_that_a_search_finds(given: list[tuple[str, set[str]]], run: set[int]) -> None:
    """For any mentions and removals, the order is that of a new search each time."""
    subjects: list[Any] = [Named(number, name, mentions) for number, (name, mentions) in enumerate(given)]
    queue = CallersFirst(mentions_of)
    for number, subject in enumerate(subjects):
        queue.add(subject, (0, number))
    for number in sorted(run):
        if number < len(subjects):
            queue.remove(subjects[number])
    left = [subject for number, subject in enumerate(subjects) if number not in run]
    while left:
        expected = first_by_search(left)
        assert queue.pop() is expected
        left.remove(expected)
    assert queue.pop() is None


def test_what_is_added_later_is_waited_for() -> None:
    """A function that mentions another one comes first, even if it was added after that one was found to be first."""
    called: Any = Named(0, "a", set())
    caller: Any = Named(1, "b", {"a"})
    queue = CallersFirst(mentions_of)
    queue.add(called, (0, 0))
    queue.add(caller, (0, 1))
    assert [queue.pop(), queue.pop()] == [caller, called]


def test_nodes_are_marked_once_in_their_order() -> None:
    """A caller can find new nodes by the length that it has seen before."""
    one, two = cst.Pass(), cst.Pass()
    marked = Marked()
    marked.update([one, two, one])
    assert list(marked.nodes) == [one, two]
    assert one in marked
    assert cst.Pass() not in marked


def operations(count: int) -> int:
    """The number of bytecode instructions for deciding about a number of functions and graphs."""
    text = "from keras import layers\n" + "".join(
        f"def f{number}(x):\n    return f{number + 1}x(layers.Dense(8)(x))\nclass C{number}(Base):\n"
        "    def g(self, x):\n        return layers.ReLU()(x)\n"
        for number in range(count)
    )
    watched = ("waiting.py", "relevance.py", "analysis.py", "recorder.py")
    counted: Counter[str] = Counter()

    def trace(frame: FrameType, event: str, _: object) -> Any:
        if Path(frame.f_code.co_filename).name not in watched:
            return None
        frame.f_trace_opcodes = True
        counted[event] += 1
        return trace

    file = source_from_bytes(text.encode(), "net.py")
    before = sys.gettrace()
    sys.settrace(trace)
    try:
        assert len(analyze(file)) == 2 * count
    finally:
        sys.settrace(before)
    return counted["opcode"]


def test_a_file_of_many_functions_takes_time_in_proportion() -> None:
    """Twice as many functions take twice as many steps, and not four times as many."""
    operations(1)  # loading and caching that happens once
    few, more, most = operations(10), operations(20), operations(30)
    assert most - more < 1.1 * (more - few)
