"""Plans the repair of violations."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from orderlint.diagnostics import Edit, Fix, RepairKind
from orderlint.graph import LayerGraph
from orderlint.judging import MoveAfter, MoveBefore, ReplaceLayer, SetArgument, Standards, Violation, Wish
from orderlint.repair.net.foresight import Foresight
from orderlint.repair.net.moves import Move, merged, move_of
from orderlint.repair.net.obstacles import Obstacles
from orderlint.repair.results import Plan
from orderlint.repair.text.drafts import Draft, Refused, described
from orderlint.repair.text.syntax import Syntax
from orderlint.repair.ways.companions import replace_layer, set_argument
from orderlint.repair.ways.named import Readers, name_of
from orderlint.repair.ways.rearrange import rearrange
from orderlint.repair.ways.task import SOME_PATHS, Task
from orderlint.text.files import SourceFile

__all__ = ["Planner"]

DIFFERENT = "the paths through this layer need different repairs; change the order by hand"


class Planner:
    """Plans the repairs of one file.

    Attributes:
        taken: Names given to new layers so far.
    """

    def __init__(self, file: SourceFile, graphs: Sequence[LayerGraph], standards: Standards) -> None:
        self._file = file
        self.syntax = Syntax(file)
        self.obstacles = Obstacles(graphs)
        self.readers = Readers(self.syntax, self.obstacles)
        self.foresight = Foresight.of(graphs, standards)
        self.taken: set[str] = set()

    def plan(self, violation: Violation) -> Plan:
        """What can be done about a violation."""
        wish = violation.wish
        if wish is None:
            return Plan(violation, None, violation.refusal or "this rule has no repair")
        try:
            if not violation.everywhere:
                self._refuse_some_paths(violation)
            wishes = [wish, *violation.other_wishes]
            edits = self._draft(violation, wishes).finished()
            self._check_brings_nothing(wishes)
        except Refused as refusal:
            return Plan(violation, None, refusal.reason)
        fix = Fix(wish.title, self._located(edits), RepairKind(wish.effect))
        return Plan.of(violation, fix, tuple(self._remarks(violation, wishes)))

    def _remarks(self, violation: Violation, wishes: Sequence[Wish]) -> Iterator[str]:
        """What the user should know of the model after a repair."""
        for wish in wishes:
            if isinstance(wish, (MoveBefore, MoveAfter)):
                for linear in self._move(violation, wish).linears:
                    name = name_of(self.syntax, linear)
                    if name is not None:
                        at = described(linear.place.location())
                        yield f"`{linear.layer}` with the name {name} ({at}) gives its values before the activation now"
        for one, other in self.foresight.side_by_side(wishes):
            places = sorted({one.place.location(), other.place.location()})
            yield f"two dropouts stand side by side now ({', '.join(map(described, places))}): one may be enough"

    def _located(self, edits: Sequence[Edit]) -> tuple[Edit, ...]:
        """The edits with their places in lines and columns."""
        cell = self._file.cell
        return tuple(replace(edit, location=cell(edit.cell).location(edit.start, edit.end)) for edit in edits)

    def _check_brings_nothing(self, wishes: Sequence[Wish]) -> None:
        """See that a repair makes no finding of any rule, selected or not.

        Raises:
            Refused: It does; the reason is that finding.
        """
        brought = self.foresight.brought(wishes)
        if brought is None:
            return
        rule = brought.rule
        advice = f"; {rule.advice}" if rule.advice else ""
        raise Refused(f"the repair would bring {rule.code} ({rule.name}), as {_clause(brought)}{advice}")

    def _refuse_some_paths(self, violation: Violation) -> None:
        wish = violation.wish
        if isinstance(wish, (MoveBefore, MoveAfter)):
            move = self._move(violation, wish)
            self.obstacles.check(move)
            Task(self.syntax, self.obstacles, move, set()).check_function()
        raise Refused(SOME_PATHS)

    def _draft(self, violation: Violation, wishes: Sequence[Wish]) -> Draft:
        wish = wishes[0]
        if isinstance(wish, SetArgument):
            return set_argument(self.syntax, wish)
        if isinstance(wish, ReplaceLayer):
            return replace_layer(self.syntax, wish)
        moves = [self._move(violation, one) for one in wishes if isinstance(one, (MoveBefore, MoveAfter))]
        for move in moves:
            self.obstacles.check(move)
            self.readers.check(move)
        if len(moves) > 1 and not all(move.splits for move in moves):
            return self._agreed(moves)
        return rearrange(self.syntax, self.obstacles, merged(moves), self.taken)

    def _move(self, violation: Violation, wish: MoveBefore | MoveAfter) -> Move:
        calls = {step.call.id: step.call for step in violation.unit.steps}
        ends = (wish.anchor.call, wish.call) if isinstance(wish, MoveBefore) else (wish.call, wish.anchor.call)
        if all(calls.get(end.id) is end for end in ends):
            return move_of(wish, list(calls.values()))
        return move_of(wish, self.obstacles.path(*ends))

    def _agreed(self, moves: Sequence[Move]) -> Draft:
        """The edits that are right for every path."""
        first, *others = [rearrange(self.syntax, self.obstacles, move, set(self.taken)) for move in moves]
        if any(set(other.finished()) != set(first.finished()) for other in others):
            raise Refused(DIFFERENT)
        return first


def _clause(violation: Violation) -> str:
    """What was found and where, without what is expected instead."""
    places = sorted({call.place.location() for call in (violation.at, *violation.because[:1])})
    return f"{violation.message.partition('; expected')[0]} ({', '.join(map(described, places))})"
