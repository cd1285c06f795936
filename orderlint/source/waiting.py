"""Chooses the next function or class to run, among those that nothing visible has used: callers come first.

A file may define thousands of them. So nothing here searches all of them again: the needed information is updated when
the machine creates and runs things.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Sequence
from heapq import heappop, heappush
from typing import TypeVar

import libcst as cst

from orderlint.source.relevance import Definition, Relevance
from orderlint.source.state.frames import ClassObject, Function
from orderlint.source.state.machine import Machine
from orderlint.text.files import SourceFile

__all__ = ["CallersFirst", "Waiting"]

Place = tuple[int, int]
Some = TypeVar("Some")


class CallersFirst:
    """A queue of definitions, callers first.

    Args:
        mentions: Returns the names that a definition mentions. They are equal for definitions of the same node.
    """

    def __init__(self, mentions: Callable[[Definition], Collection[str]]) -> None:
        self._mentions = mentions
        self._inside: dict[Definition, Place] = {}
        self._at: dict[Place, Definition] = {}
        self._of_name: dict[str, list[Definition]] = {}
        self._num_of_node: Counter[cst.CSTNode] = Counter()
        self._num_mentions: Counter[str] = Counter()
        self._every: list[Place] = []
        self._unmentioned: list[Place] = []

    def add(self, subject: Definition, place: Place) -> None:
        """Add a definition. Each has a different place."""
        self._inside[subject] = place
        self._at[place] = subject
        self._of_name.setdefault(subject.name, []).append(subject)
        self._num_of_node[subject.node] += 1
        if self._num_of_node[subject.node] == 1:
            self._num_mentions.update(self._mentions(subject))
        heappush(self._every, place)
        heappush(self._unmentioned, place)  # whether it is unmentioned is tested when it is taken out

    def remove(self, subject: Definition) -> None:
        """Remove a definition, if it is in the queue."""
        if subject not in self._inside:
            return
        del self._inside[subject]
        self._num_of_node[subject.node] -= 1
        if self._num_of_node[subject.node]:
            return
        for name in self._mentions(subject):
            self._num_mentions[name] -= 1
            if self._num_mentions[name] <= 1:  # the last one may mention itself
                for other in self._of_name.get(name, ()):
                    if self._is_unmentioned(other):
                        heappush(self._unmentioned, self._inside[other])

    def pop(self) -> Definition | None:
        """Take out the first definition that no other one mentions, or else the first; `None` if there are none."""
        return self._pop(self._unmentioned, self._is_unmentioned) or self._pop(self._every, self._inside.__contains__)

    def _pop(self, heap: list[Place], holds: Callable[[Definition], bool]) -> Definition | None:
        while heap:
            subject = self._at[heappop(heap)]
            if holds(subject):
                self.remove(subject)
                return subject
        return None

    def _is_unmentioned(self, subject: Definition) -> bool:
        if subject not in self._inside:
            return False
        by_itself = subject.name in self._mentions(subject)
        return subject.name == "<lambda>" or self._num_mentions[subject.name] <= by_itself


class _New:
    """What was added to lists since the last time."""

    def __init__(self) -> None:
        self._seen: Counter[str] = Counter()

    def of(self, kind: str, every: Sequence[Some]) -> list[tuple[int, Some]]:
        """The new items of a list that only grows, with their indices."""
        first = self._seen[kind]
        self._seen[kind] = len(every)
        return list(enumerate(every[first:], first))


class Waiting:
    """The definitions of a file that have yet to be judged on their own, because nothing has run them.

    A method does not wait on its own while its class does: the class runs the methods that it needs.

    Args:
        m: The machine that has run the top level.
        file: The file.
        relevance: Knows which definitions are worth running.
    """

    def __init__(self, m: Machine, file: SourceFile, relevance: Relevance) -> None:
        self._m = m
        self._file = file
        self._relevance = relevance
        self._new = _New()
        self._queue = CallersFirst(relevance.mentions)
        self._of_node: dict[cst.CSTNode, list[Definition]] = {}
        self._num_open: Counter[cst.CSTNode] = Counter()
        self._methods: dict[cst.CSTNode, list[tuple[Place, Function]]] = {}

    def next(self) -> Definition | None:
        """Take out the definition to be judged next; `None` if there are none left."""
        self._look()
        subject = self._queue.pop()
        if isinstance(subject, ClassObject):
            self._close(subject.node, self._num_open[subject.node] - 1)
        return subject

    def _look(self) -> None:
        """Remove what was run, and add what was created."""
        m = self._m
        for _, node in self._new.of("instantiated", m.instantiated.nodes):
            self._let_go(node)
            self._close(node, 0)
        for _, node in self._new.of("entered", m.entered.nodes):
            self._let_go(node)
        for number, cls in self._new.of("classes", m.classes):
            if cls.frame.scope.file is self._file and cls.node not in m.instantiated:
                self._num_open[cls.node] += 1
                self._add(cls, (0, number))
        for number, function in self._new.of("functions", m.functions):
            if function.frame.scope.file is self._file:
                self._take_in(function, (1, number))

    def _take_in(self, function: Function, place: Place) -> None:
        if function.node in self._m.entered:
            return
        if function.owner is not None and self._num_open[function.owner.node]:
            self._methods.setdefault(function.owner.node, []).append((place, function))
        else:
            self._add(function, place)

    def _add(self, subject: Definition, place: Place) -> None:
        if self._relevance.holds(subject):
            self._of_node.setdefault(subject.node, []).append(subject)
            self._queue.add(subject, place)

    def _let_go(self, node: cst.CSTNode) -> None:
        for subject in self._of_node.pop(node, ()):
            self._queue.remove(subject)

    def _close(self, node: cst.CSTNode, num_open: int) -> None:
        """Set how many classes of a node are left. If there are none, their methods wait on their own."""
        self._num_open[node] = num_open
        if num_open <= 0:
            for place, function in self._methods.pop(node, ()):
                self._take_in(function, place)
