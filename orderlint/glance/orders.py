"""The ways in which a unit may have gone so far, and what the rules say of each.

A *way* is whether the unit has a linear layer at its head, and the roles that came after it. The rules judge each way
once. That a norm opens a block is only known when the activation of the block has come: until then, a way that needs
it remembers the place at which it is owed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from orderlint.graph import LayerCall, Location, Role, Step, Unit, UnitStep
from orderlint.graph.units import End
from orderlint.judging import Rule
from orderlint.judging.order import Order

__all__ = ["FRESH", "HEADED", "Flow", "Orders", "Unsure", "Way"]

MOST_WAYS = 500  # that a unit may have gone so far: each layer takes all of them one step on
LONGEST = 6  # roles of a way; of a longer one it is kept which came first, and which last


class Unsure(Exception):
    """The glance cannot tell that all is in order."""


class Way(NamedTuple):
    """What may have happened in a unit so far.

    Attributes:
        is_headed: Whether a linear layer is its head.
        roles: The roles after the head, without those that pass on what they are given.
        owed: The place of a norm that is in order only if an activation follows; 0 if there is none.
        origin: The place of the `Input` that it began with; 0 for any other start.
    """

    is_headed: bool
    roles: tuple[str, ...] = ()
    owed: int = 0
    origin: int = 0


Flow = frozenset[Way]
FRESH: Flow = frozenset([Way(False)])
"""What follows a boundary or a merge, or an input."""
HEADED: Flow = frozenset([Way(True)])
"""What follows a linear layer."""

_ENDS = (Role.MERGE.value, Role.BOUNDARY.value)
_NOWHERE = Location("")


class Orders:
    """What rules say of ways.

    Args:
        rules: The rules; a finding of each depends only on the roles in a unit, one after the other.
        order: The order that they follow.

    Attributes:
        owed: The places at which an activation is owed.
        paid: Those at which it has come.
        at_input: The places of inputs that meet something else than a linear layer, a merge or a boundary.
    """

    def __init__(self, rules: Sequence[Rule], order: Order) -> None:
        self._rules = rules
        self._order = order
        self._verdicts: dict[tuple[bool, tuple[str, ...]], bool] = {}
        self._known: dict[tuple[Flow, str], Flow] = {}
        self.owed: set[int] = set()
        self.paid: set[int] = set()
        self.at_input: set[int] = set()

    def after(self, flow: Flow, role: str, place: int) -> Flow:
        """What becomes of ways that take one more step.

        Args:
            flow: The ways.
            role: The role of the layer that is applied.
            place: A number for where that is.

        Raises:
            Unsure: A rule may find something.
        """
        if role == "pass":
            return flow
        known = self._known.get((flow, role))
        if known is None:
            known, is_settled = self._after(flow, role, place)
            if is_settled:
                self._known[flow, role] = known
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
                self.at_input.add(way.origin)
            new.add(one)
        if len(new) > MOST_WAYS:
            raise Unsure("too many ways")
        return frozenset(new), is_settled

    def _step(self, way: Way, role: str, place: int) -> Way:
        roles = _shortened(way.roles, role)
        if way.owed and role == "activation":
            self.paid.add(way.owed)
            way = way._replace(owed=0)
        if not way.owed and self._is_found(way.is_headed, roles):
            if self._is_found(way.is_headed, (*roles, "activation")):
                raise Unsure(f"{'linear ' if way.is_headed else ''}{' '.join(roles)}")
            self.owed.add(place)
            return way._replace(roles=roles, owed=place)
        return way._replace(roles=roles)

    def end(self, flow: Flow) -> None:
        """Units end here.

        Raises:
            Unsure: A rule may find something.
        """
        if any(way.owed for way in flow):
            raise Unsure("an activation is missing")

    def start(self) -> None:
        """Begin anew."""
        for places in (self.owed, self.paid, self.at_input):
            places.clear()

    def settle(self) -> None:
        """All is run.

        Raises:
            Unsure: A rule may find something.
        """
        if not self.owed <= self.paid:
            raise Unsure("an activation does not come")

    def _is_found(self, is_headed: bool, roles: tuple[str, ...]) -> bool:
        found = self._verdicts.get((is_headed, roles))
        if found is None:
            found = self._verdicts[is_headed, roles] = self._judged(_unit(is_headed, roles))
        return found

    def _judged(self, unit: Unit) -> bool:
        try:
            return any(next(iter(rule.check([unit], self._order)), None) is not None for rule in self._rules)
        except Exception:  # of which the analysis will say in which rule, and on which file
            raise Unsure("a rule that fails") from None


def _shortened(roles: tuple[str, ...], role: str) -> tuple[str, ...]:
    """Roles and one more; no rule counts how often one comes."""
    if roles[-1:] == (role,):
        return roles
    roles = (*roles, role)
    return roles if len(roles) <= LONGEST else (*dict.fromkeys(roles), *roles[-2:])


def _unit(is_headed: bool, roles: Iterable[str]) -> Unit:
    """A unit of layers with these roles, as a rule sees it."""
    every = [*([Role.LINEAR] if is_headed else ()), *map(Role, roles)]
    steps = tuple(_unit_step(number, role) for number, role in enumerate(every))
    return Unit(steps, steps[0] if is_headed else None, End.OUTPUT)


def _unit_step(number: int, role: Role) -> UnitStep:
    step = Step(role, role.value)
    return UnitStep(LayerCall(number, role.value, (step,), _NOWHERE), step)
