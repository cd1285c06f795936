"""The ways that a unit may have taken so far, and what the rules find in each of them.

A *unit* is a chain of layers that ends at the next linear layer, merge or boundary. A *way* records whether the unit
has a linear layer as its head, and the roles of the layers after it. The rules judge each way once. Whether a
normalization opens a block is only known once the activation of the block follows. Until then, a way that depends on
the activation remembers the place where it is *owed*. If it matters in which file a rule finds something, ways also
remember the places of their layers.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from orderlint.glance.unsure import Suspicion, Unsure
from orderlint.graph import LayerCall, Location, Role, Step, Unit, UnitStep
from orderlint.graph.units import End
from orderlint.judging import Rule
from orderlint.judging.order import Order

if TYPE_CHECKING:
    from orderlint.glance.sites import Sites

__all__ = ["FRESH", "HEADED", "Flow", "Orders", "Way"]

MOST_WAYS = 500  # that a unit may have taken so far: each layer extends all of them
LONGEST = 6  # roles of a way; a longer one is reduced to its different roles in order, and the last two


Places = frozenset[int]


class Way(NamedTuple):
    """What may have happened in a unit so far.

    Attributes:
        is_headed: Whether a linear layer is its head.
        roles: The roles after the head, without layers that only pass on their input.
        owed: The place of a normalization that is in order only if an activation follows; 0 if there is none.
        origin: The place of the `Input` that it began with; 0 for any other start.
        places: The places of the layers of each role; empty if places are not recorded.
    """

    is_headed: bool
    roles: tuple[str, ...] = ()
    owed: int = 0
    origin: int = 0
    places: tuple[Places, ...] = ()


Flow = frozenset[Way]
FRESH: Flow = frozenset([Way(False)])
"""The ways after a boundary, a merge or an input."""
HEADED: Flow = frozenset([Way(True)])
"""The ways after a linear layer."""

_ENDS = (Role.MERGE.value, Role.BOUNDARY.value)
_NOWHERE = Location("")
_NO_PLACE: Places = frozenset()
Found = frozenset[tuple[str, int]]
"""The codes of the rules that find something in a way, each with the index of the reported role; -1 for the head."""


class Orders:
    """Judges ways by the rules.

    Args:
        rules: The rules. The findings of each depend only on the sequence of roles in a unit.
        order: The order that they follow.
        sites: Records where rules find something. Without it, a finding ends the glance.

    Attributes:
        owed: The places at which an activation is owed.
        paid: The places at which the owed activation has followed.
        at_input: The places of inputs that are followed by anything but a linear layer, a merge or a boundary.
    """

    def __init__(self, rules: Sequence[Rule], order: Order, sites: Sites | None = None) -> None:
        self._rules = rules
        self._order = order
        self.sites = sites
        self._verdicts: dict[tuple[bool, tuple[str, ...]], Found] = {}
        self._known: dict[tuple[Flow, str, int], Flow] = {}
        self._debts: dict[int, set[tuple[str, int]]] = {}  # what rules find if an owed activation does not follow
        self.owed: dict[int, None] = {}
        self.paid: dict[int, None] = {}
        self.at_input: dict[int, None] = {}

    def after(self, flow: Flow, role: str, place: int) -> Flow:
        """Extend ways by one layer.

        Args:
            flow: The ways.
            role: The role of the layer.
            place: The number of the place where it is applied.

        Raises:
            Unsure: A rule may find something.
        """
        if role == "pass":
            return flow
        key = flow, role, 0 if self.sites is None else place
        known = self._known.get(key)
        if known is None:
            known, is_settled = self._after(flow, role, place)
            if is_settled:
                self._known[key] = known
        return known

    def _after(self, flow: Flow, role: str, place: int) -> tuple[Flow, bool]:
        if role == "linear" or role in _ENDS:
            self.end(flow)
            return HEADED if role == "linear" else FRESH, True
        new, is_settled = set(), True
        for way in flow:
            one = self._step(way, role, place)
            is_settled = is_settled and not (way.owed or one.owed or way.origin)
            if way.origin:
                self.at_input[way.origin] = None
            new.add(one)
        if len(new) > MOST_WAYS:
            raise Unsure("too many ways")
        return frozenset(new), is_settled

    def _step(self, way: Way, role: str, place: int) -> Way:
        if way.owed and role == "activation":
            self.paid[way.owed] = None
            way = way._replace(owed=0)
        way = self._longer(way, role, place)
        found = self._found(way.is_headed, way.roles)
        if not found:
            return way
        lasting = found & self._found(way.is_headed, (*way.roles, "activation"))
        if lasting:
            self._suspect(self._located(way, lasting))
        if found == lasting:
            return way
        owed = way.owed or place
        self.owed[owed] = None
        self._debts.setdefault(owed, set()).update(self._located(way, found - lasting))
        return way._replace(owed=owed)

    def _longer(self, way: Way, role: str, place: int) -> Way:
        """A way with one more role. No rule counts how often a role repeats."""
        places = (*way.places, _NO_PLACE if self.sites is None else frozenset((place,)))
        if way.roles[-1:] == (role,):
            return way._replace(places=(*places[:-2], places[-2] | places[-1]))
        roles = (*way.roles, role)
        if len(roles) > LONGEST:
            firsts = dict.fromkeys(roles, _NO_PLACE)
            for one, where in zip(roles, places, strict=True):
                firsts[one] |= where
            roles, places = (*firsts, *roles[-2:]), (*firsts.values(), *places[-2:])
        return way._replace(roles=roles, places=places)

    def _located(self, way: Way, found: Found) -> Iterator[tuple[str, int]]:
        """The codes of rules that find something, each with a place to report; 0 if that is not known."""
        for code, index in found:
            places = way.places[index] if index >= 0 else _NO_PLACE
            yield from ((code, place) for place in places or (0,))

    def _suspect(self, found: Iterable[tuple[str, int]]) -> None:
        """Record that rules find something at places, whatever follows.

        Raises:
            Unsure: Nothing is recorded, so this ends the glance.
        """
        if self.sites is None:
            raise Suspicion("something out of order")
        for code, place in found:
            self.sites.suspect(code, place)

    def end(self, flow: Flow) -> None:
        """End units with these ways.

        Raises:
            Unsure: A rule may find something.
        """
        for way in flow:
            if way.owed:
                self._suspect(self._debts[way.owed])

    def start(self) -> None:
        """Start to run the file again."""
        for places in (self.owed, self.paid, self.at_input):
            places.clear()

    def settle(self) -> None:
        """Judge what is still owed after everything was run.

        Raises:
            Unsure: A rule may find something.
        """
        for place in self.owed.keys() - self.paid.keys():
            self._suspect(self._debts[place])

    def _found(self, is_headed: bool, roles: tuple[str, ...]) -> Found:
        found = self._verdicts.get((is_headed, roles))
        if found is None:
            found = self._verdicts[is_headed, roles] = frozenset(self._judged(_unit(is_headed, roles)))
        return found

    def _judged(self, unit: Unit) -> Iterator[tuple[str, int]]:
        first = int(unit.head is not None)
        try:
            for rule in self._rules:
                for violation in rule.check([unit], self._order):
                    yield rule.code, violation.at.id - first
        except Exception:  # the analysis will report which rule fails, and on which file
            raise Unsure("a rule that fails") from None


def _unit(is_headed: bool, roles: Iterable[str]) -> Unit:
    """A unit of layers with these roles, as a rule sees it."""
    every = [*([Role.LINEAR] if is_headed else ()), *map(Role, roles)]
    steps = tuple(_unit_step(number, role) for number, role in enumerate(every))
    return Unit(steps, steps[0] if is_headed else None, End.OUTPUT)


def _unit_step(number: int, role: Role) -> UnitStep:
    step = Step(role, role.value)
    return UnitStep(LayerCall(number, role.value, (step,), _NOWHERE), step)
