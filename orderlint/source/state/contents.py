"""The contents of the store: lists, the layers of models, and unknown values."""

from __future__ import annotations

from collections.abc import Hashable, Iterable

from orderlint.graph.guards import ALWAYS, Guard
from orderlint.source.state.budget import Budget
from orderlint.source.state.choices import choose
from orderlint.source.state.recorder import Recorder
from orderlint.source.state.store import ITEMS, Store
from orderlint.source.state.values import (
    MISSING,
    Choice,
    Const,
    Element,
    ListObject,
    Sequence,
    Tensor,
    Unknown,
    Unknowns,
    Value,
    certain,
    is_data,
    restrict,
)

__all__ = ["Contents"]

MANY_IN_DOUBT = 256  # uncertain elements of a list: lists that some paths build from each other double
IN_DOUBT_A_STEP = 2  # uncertain elements that count as one step, because their conditions are long


class Contents(Budget):
    """The store of an analysis, with its contents.

    Attributes:
        recorder: The graph that is recorded.
        unknown: Creates the unknown of a key, like `Unknowns.of`.
        made: How many layers were created or put into a list so far. Loops that add none have fewer iterations.
        lengthened: The lists that layers and tensors were added to, in order.
    """

    def __init__(self) -> None:
        super().__init__()
        self.unknowns = Unknowns(self.lose)
        self.unknown = self.unknowns.of
        self.store = Store(self.unknowns)
        self.recorder = Recorder()
        self.made = 0
        self.lengthened: list[int] = []
        self._certain: dict[int, Value] = {}  # by owner: contents whose elements are all present on all paths
        self._data: dict[int, tuple[Value, int]] = {}  # by owner: contents that are only data, and their amount
        self._arrays: set[int] = set()  # lists that represent arrays of numbers
        self._rests: dict[int, Unknown] = {}  # by list that is left open: the element that represents the rest

    def read(self, owner: int, key: Hashable) -> Value:
        """The value of a cell on the current path."""
        value = self.store.cell((owner, key), MISSING)
        return restrict(value, self.path) if type(value) is Choice else value

    def choose(self, options: list[tuple[Guard, Value]]) -> Value:
        """The value that is each option under its guard. Equal options are merged; too many become unknown."""
        return choose(options, self.unknowns)

    def fresh(self, why: str, *, scalar: bool = False) -> Unknown:
        """A new unknown value that equals no other value."""
        return self.unknown((why, self.store.new_owner()), scalar=scalar)

    def new_list(self, elements: Iterable[Element]) -> ListObject:
        made = ListObject(self.store.new_owner())
        self.store.write(made.uid, ITEMS, Sequence(tuple(elements)))
        return made

    def new_array(self, values: Iterable[Value]) -> ListObject:
        """A list that represents an array of numbers. Arithmetic is elementwise."""
        made = self.new_list(map(Element, values))
        self._arrays.add(made.uid)
        return made

    def is_array(self, value: Value) -> bool:
        """Whether a value is an array of numbers."""
        return isinstance(value, ListObject) and value.uid in self._arrays

    def elements(self, owner: int) -> tuple[Element, ...]:
        """The elements of a list, or the layers of a `Sequential`, that may be present now."""
        content = self.store.read(owner, ITEMS)
        if not isinstance(content, Sequence):
            return ()
        if self._certain.get(owner) is content:
            return content.elements
        if len(content.elements) > MANY_IN_DOUBT:
            self.tick(sum(element.guard is not ALWAYS for element in content.elements) // IN_DOUBT_A_STEP)
        return tuple(element for element in content.elements if element.guard.meets(self.path))

    def is_certain(self, owner: int) -> bool:
        """Whether all elements of a list are known to be `certain`."""
        return owner in self._certain and self._certain[owner] is self.store.read(owner, ITEMS)

    def note_certain(self, owner: int) -> None:
        """Note that all elements are present, so that a long list is not searched each time that it changes."""
        self._certain[owner] = self.store.read(owner, ITEMS)

    def note_data(self, made: ListObject, number: int) -> None:
        """Note that a list only holds data, maybe in rows, and how much. So nested tables are not counted again."""
        self._data[made.uid] = self.store.read(made.uid, ITEMS), number

    def num_data(self, made: ListObject) -> int | None:
        """The amount of data in a list, if it was recorded and has not changed."""
        content, number = self._data.get(made.uid, (None, 0))
        return number if content is not None and content is self.store.read(made.uid, ITEMS) else None

    def append(self, owner: int, *elements: Element) -> None:
        """Add elements to the end of a list, all at once: each addition takes time for the whole list."""
        parts = sum(self._may_hold_layers(element.value) for element in elements)
        self.made += parts
        self.lengthened += [owner] * parts
        content, is_certain = self.store.read(owner, ITEMS), self.is_certain(owner) and all(map(certain, elements))
        before = content.elements if isinstance(content, Sequence) else ()
        self.store.write(owner, ITEMS, Sequence(before + elements))
        if is_certain:
            self.note_certain(owner)

    def leave_open(self, owners: Iterable[int]) -> None:
        """Add an unknown element to the end of lists that code which was not run to its end may have extended."""
        for owner in dict.fromkeys(owners):
            elements = self.elements(owner)
            if not elements or elements[-1].value is not self._rests.get(owner):
                self._rests[owner] = self.fresh("not run")
                self.append(owner, Element(self._rests[owner]))

    def _may_hold_layers(self, value: Value) -> bool:
        """Whether an element of a list may lead to layers. Data does not, nor do results of invisible code."""
        if type(value) is Const:
            return False
        if isinstance(value, Tensor):
            return not self.recorder.is_from_afar(value.node)
        return self.is_for_layers(value) if isinstance(value, ListObject) else not is_data(value)

    def is_for_layers(self, value: ListObject) -> bool:
        """Whether a list may be for layers: it is empty, or contains more than data."""
        elements = self.elements(value.uid)
        return not elements or not all(is_data(element.value) for element in elements)
