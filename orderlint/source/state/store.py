"""The store: every variable, attribute and container entry, with forks for code that runs on some paths only.

A *cell* is `(owner, key)`: a frame and a variable, an object and an attribute, a container and `ITEMS`.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import replace
from itertools import islice
from typing import TypeAlias

from orderlint.graph.guards import NEVER, Guard, union
from orderlint.source.state.choices import choose
from orderlint.source.state.values import MISSING, Element, Sequence, Unknowns, Value, is_inert

Cell: TypeAlias = tuple[int, Hashable]
Changes: TypeAlias = dict[Cell, Value]
Suspended: TypeAlias = tuple[list[Changes], list[int]]

MOST_JOINED = 2_048  # elements of one list on all paths: if a test changes both ends of a list, the list doubles
_MANY_ARMS = 8  # arms that leave a cell unchanged
ITEMS = "#items"


class Store:
    """Cells and their values. Reading a cell that was never written returns `MISSING`.

    If the owner of a cell was created after a fork, only the paths of that fork can reach the cell. So the fork neither
    records, rewinds nor joins it. This way, the local objects of helpers cost nothing at the end of an arm.
    """

    def __init__(self, unknowns: Unknowns) -> None:
        self._unknowns = unknowns
        self._cells: dict[Cell, Value] = {}
        self.cell = self._cells.get  # takes a cell and a default: `read` without another function call
        self._keys: dict[int, list[Hashable]] = {}  # by owner, the keys of the first `_num_listed` cells
        self._num_listed = 0
        self._forks: list[Changes] = []
        self._marks: list[int] = []  # the newest owner at each fork
        self._next = 0
        self._lasting = 0
        self._suspended = 0

    @property
    def newest(self) -> int:
        """The newest identity. Later ones are greater."""
        return self._next

    def new_owner(self) -> int:
        """A new identity for a frame, an object or a container."""
        if self._suspended:
            return self.lasting_owner()
        self._next += 1
        return self._next

    def lasting_owner(self) -> int:
        """A new identity for an owner that other paths may reach, too: it is older than every fork."""
        self._lasting -= 1
        return self._lasting

    def read(self, owner: int, key: Hashable) -> Value:
        return self._cells.get((owner, key), MISSING)

    def write(self, owner: int, key: Hashable, value: Value) -> None:
        cell = (owner, key)
        if self._forks and owner <= self._marks[-1]:
            self._forks[-1].setdefault(cell, self._cells.get(cell, MISSING))
        self._cells[cell] = value

    def of(self, owner: int) -> list[tuple[Hashable, Value]]:
        """All cells of an owner, in the order in which they were first written.

        Cells are never removed, so those that were written since the last call are at the end.
        """
        new = list(islice(reversed(self._cells), len(self._cells) - self._num_listed))
        self._num_listed = len(self._cells)
        for one, key in reversed(new):
            self._keys.setdefault(one, []).append(key)
        return [(key, self._cells[owner, key]) for key in self._keys.get(owner, ())]

    def fork(self) -> None:
        """Start to record changes, so that they can be undone.

        Forks can be nested. Each fork holds the earlier values of the cells that were written since. Only the first
        write records a value, so a rewind takes one assignment for each cell, however often it was written.
        """
        self._forks.append({})
        self._marks.append(self._next)

    def rewind(self) -> Changes:
        """Undo all changes since the fork, and return them."""
        before = self._forks.pop()
        self._marks.pop()
        after = {cell: self._cells[cell] for cell in before}
        self._cells.update(before)
        return after

    def commit(self, but: int) -> bool:
        """Keep all changes since the fork.

        Args:
            but: An owner whose changes do not count.

        Returns: Whether cells of other owners changed that are older than the fork.
        """
        before = self._forks.pop()
        self._marks.pop()
        if self._forks:
            for cell, value in before.items():
                if cell[0] <= self._marks[-1]:
                    self._forks[-1].setdefault(cell, value)
        return any(owner != but for owner, _ in before)

    def suspend(self) -> Suspended:
        """Stop recording changes, to run code outside of the current paths (the first import of a module)."""
        forks = self._forks, self._marks
        self._forks, self._marks = [], []
        self._suspended += 1
        return forks

    def resume(self, forks: Suspended) -> None:
        """Record changes again, in the forks that `suspend` returned."""
        self._forks, self._marks = forks
        self._suspended -= 1

    @property
    def depth(self) -> int:
        """How many forks are open."""
        return len(self._forks)

    def unwind(self, depth: int = 0) -> None:
        """Undo the changes of all forks above `depth`."""
        while len(self._forks) > depth:
            self.rewind()

    def merge(self, arms: list[tuple[Guard, Changes]], settled: int | None = None) -> None:
        """Apply the changes of each arm under its guard, and keep the current state where no guard holds.

        The guards exclude each other. So the values of a cell under these guards form a `Choice`. Where no guard holds,
        nothing has changed.

        Args:
            arms: The guard and the changes of each arm.
            settled: The owner, if any, whose cells are only read on the paths of a single arm.
        """
        rest = ~union(guard for guard, _ in arms)
        cells: dict[Cell, None] = {}
        for _, changes in arms:
            cells.update(dict.fromkeys(changes))
            for cell in changes if settled is not None else ():
                if cell[0] == settled:
                    self.write(*cell, changes[cell])
                    del cells[cell]
        for cell in cells:
            self.write(*cell, _join(cell, self._options(cell, arms, rest), self._unknowns))

    def _options(self, cell: Cell, arms: list[tuple[Guard, Changes]], rest: Guard) -> list[tuple[Guard, Value]]:
        """The values of a cell after each arm, and where none of their guards holds.

        If there are very many arms, most change different cells. All arms that leave a cell unchanged form one option.
        """
        present = self._cells.get(cell, MISSING)
        changing = [guard for guard, changes in arms if cell in changes]
        if len(arms) - len(changing) > _MANY_ARMS:
            options = [(guard, changes[cell]) for guard, changes in arms if cell in changes]
            first = next(at for at, (_, changes) in enumerate(arms) if cell not in changes)
            options.insert(first, (~union(changing), present))
            return options
        options = [(guard, changes.get(cell, present)) for guard, changes in arms]
        return options if rest is NEVER else [*options, (rest, present)]


def _join(cell: Cell, options: list[tuple[Guard, Value]], unknowns: Unknowns) -> Value:
    if cell[1] == ITEMS:
        return _join_items(options, unknowns)
    return choose(options, unknowns)


def _join_items(options: list[tuple[Guard, Value]], unknowns: Unknowns) -> Value:
    """Join the contents of one list: shared elements stay, and those that an arm added are present under its guard."""
    contents = [(guard, value.elements if isinstance(value, Sequence) else ()) for guard, value in options]
    shortest = min(len(elements) for _, elements in contents)
    first = contents[0][1]
    same = 0
    while same < shortest and all(elements[same] == first[same] for _, elements in contents):
        same += 1
    joined = list(first[:same])
    if all(len(elements) == shortest for _, elements in contents):
        joined += [
            _join_element([(guard, elements[i]) for guard, elements in contents], unknowns)
            for i in range(same, shortest)
        ]
        return Sequence(tuple(joined))
    shared = _shared_end([elements[same:] for _, elements in contents])
    for guard, elements in contents:
        for element in elements[same : len(elements) - shared]:
            joint = element.guard & guard
            if joint is not NEVER:
                joined.append(replace(element, guard=joint))
    joined += first[len(first) - shared :]
    if len(joined) > MOST_JOINED:
        found = unknowns.of(("joined", tuple(joined)))
        if not all(is_inert(element.value) for element in joined):
            unknowns.too_many(found)
        return Sequence((Element(found),))
    return Sequence(tuple(joined))


def _shared_end(contents: list[tuple[Element, ...]]) -> int:
    """How many elements all contents share at their ends. What an arm removed or inserted is before them.

    Without this, each `layers.remove(layer)` under a test would double the list.
    """
    first, shared = contents[0], 0
    shortest = min(map(len, contents))
    while shared < shortest and all(elements[-1 - shared] == first[-1 - shared] for elements in contents):
        shared += 1
    return shared


def _join_element(options: list[tuple[Guard, Element]], unknowns: Unknowns) -> Element:
    present = [(guard & element.guard, element) for guard, element in options]
    value = choose([(guard, element.value) for guard, element in present], unknowns)
    sites = {element.site for _, element in present}
    return Element(value, union(guard for guard, _ in present), sites.pop() if len(sites) == 1 else None)
