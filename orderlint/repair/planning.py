"""Plans the repair of violations."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import replace

from orderlint.diagnostics import Edit, Fix, RepairKind
from orderlint.graph import LayerCall, LayerGraph, Role, Site, UnitStep
from orderlint.judging import MoveAfter, MoveBefore, ReplaceLayer, SetArgument, Standards, Violation, Wish
from orderlint.judging.wishes import worst
from orderlint.repair.net.foresight import Foresight, unknown_end
from orderlint.repair.net.moves import Move, merged, move_of
from orderlint.repair.net.obstacles import Obstacles
from orderlint.repair.net.simulation import Paths
from orderlint.repair.options import Option, options
from orderlint.repair.results import Plan
from orderlint.repair.text.drafts import Draft, Hopeless, Refused, RuledOut, described
from orderlint.repair.text.functions import named
from orderlint.repair.text.reasons import DIFFERENT_REPAIRS
from orderlint.repair.text.refusals import main_refusal
from orderlint.repair.text.syntax import Syntax
from orderlint.repair.ways.companions import replace_layer, replace_moved, set_argument
from orderlint.repair.ways.fans import Fans
from orderlint.repair.ways.helpers import behind_callers, stands_in_helper
from orderlint.repair.ways.into_arms import into_arms
from orderlint.repair.ways.named import Readers, name_of
from orderlint.repair.ways.neighbors import Around
from orderlint.repair.ways.past import past_call
from orderlint.repair.ways.rearrange import first_way, rearrange
from orderlint.repair.ways.sharers import Sharers
from orderlint.repair.ways.tails import tails_behind
from orderlint.repair.ways.task import Task
from orderlint.repair.ways.transplant import out_of_loop
from orderlint.repair.ways.uses import exchange_uses
from orderlint.source import Project
from orderlint.source.neighborhood import shown_beside
from orderlint.text.files import SourceFile

__all__ = ["Planner"]

_KINDS = {Role.ACTIVATION: "an activation", Role.NORM: "a normalization"}
_OWN = "give each path its own layer"


class Planner:
    """Plans the repairs of one file.

    Args:
        file: The file.
        graphs: Its graphs.
        standards: The rules, the roles and the order that apply to it.
        paths: The graphs with their units, if they are already known.
        project: The project in which imports are resolved.
        around: The files around it, if they are already known.
        violations: The violations to repair: one repair may be for several.

    Attributes:
        taken: The names that new layers have so far.
    """

    def __init__(
        self,
        file: SourceFile,
        graphs: Sequence[LayerGraph],
        standards: Standards,
        paths: Paths | None = None,
        project: Project | None = None,
        around: Around | None = None,
        violations: Sequence[Violation] = (),
    ) -> None:
        self._file = file
        self.syntax = Syntax(file, project)
        self.obstacles = Obstacles(graphs)
        self.readers = Readers(self.syntax, self.obstacles, around)
        self.foresight = Foresight.of(graphs, standards) if paths is None else Foresight(paths, standards)
        self.taken: set[str] = set()
        self._sharers = Sharers(self.obstacles, violations)
        self._joint: dict[tuple[Violation, ...], Draft] = {}
        self.fans = Fans(self.syntax, self.obstacles, self.readers, self.taken)

    def plan(self, violation: Violation, option: int = 0) -> Plan:
        """Plan the repair of a violation.

        Args:
            violation: The violation.
            option: The number of the first option to try.

        Returns: A plan without edits, but with a reason, if no option works.
        """
        if violation.wish is None:
            return Plan(violation, None, violation.refusal or "this rule has no repair")
        refusals = []
        for number, one in enumerate(options(violation)):
            if number < option:
                continue
            try:
                return self._planned(violation, one, number)
            except Refused as refusal:
                refusals.append(refusal)
        reason = main_refusal(refusals)
        other = None if isinstance(reason, RuledOut) else self.some_paths(violation) or self._ruled_out(violation)
        return Plan(violation, None, other or reason.reason, option=option)

    def breadth(self, violation: Violation) -> int:
        """The number of layers that read the output of the anchor: one repair may concern all of them."""
        wish = violation.wish
        return len(self.obstacles.consumers(wish.anchor.call)) if isinstance(wish, MoveBefore) else 0

    def _ruled_out(self, violation: Violation) -> str | None:
        """The finding that the wished order would cause, as a reason; `None` if it would cause none.

        If there is one, no text is right, not even one that is changed by hand.
        """
        wishes = [wish for wish in (violation.wish, *violation.other_wishes) if wish is not None]
        try:
            self._check_brings_nothing(wishes)
        except RuledOut as refusal:
            return refusal.reason
        return None

    def doubt(self, one: Plan) -> str | None:
        """Why a repair is likely to be wrong, before it is tried; `None` if nothing shows that.

        For a norm, `explained` is about one that moves up. For a dropout, it does not matter whether its norm or
        activation is on other paths, too: it stays where it is.
        """
        if Role.NORM not in one.violation.at.roles:
            return self.some_paths(one.violation)
        return None if isinstance(one.wishes[0], MoveAfter) else self.explained(one.violation)

    def explained(self, violation: Violation) -> str | None:
        """Why a repair that was tried is wrong for a layer that it would change; `None` if that is not known."""
        reason = self.some_paths(violation)
        wish = violation.wish
        if reason is not None or not isinstance(wish, (MoveBefore, MoveAfter)):
            return reason
        for linear in self._move(violation, wish).linears:
            if not self.obstacles.is_always_followed(linear, violation.at):
                at = self._where(linear.place)
                return f"`{linear.layer}` in {at} also constructs layers that no `{violation.at.layer}` follows; {_OWN}"
        moved = wish.anchor.call if isinstance(wish, MoveBefore) else wish.call
        past = self.foresight.past(moved, violation.at, is_any=True)
        if past is not None and Role.NORM in violation.at.roles:
            if past.follower is None and (reason := self.obstacles.as_output(past.steps[-1].call)) is not None:
                return reason
            start, end = self._where(moved.place), self._named(past.follower)
            return f"`{moved.layer}` in {start} also leads to {end} without `{violation.at.layer}`; {_OWN}"
        if Role.DROPOUT in moved.roles and self.foresight.past(wish.anchor.call, moved) is not None:
            at = self._where(wish.anchor.call.place)
            advice = self._parameter_for(wish.anchor.call, moved) or _OWN
            return f"`{wish.anchor.call.layer}` in {at} is also on paths without this `{moved.layer}`; {advice}"
        if any(self.obstacles.applies_others(call) for call in (wish.call, wish.anchor.call)):
            at = self._where(wish.call.applied)
            return f"the expression in {at} also applies other layers, which would change; apply them separately"
        return None

    def _parameter_for(self, anchor: LayerCall, dropout: LayerCall) -> str | None:
        """What to do if a helper applies what a dropout would go behind: some of its uses have the dropout."""
        spots = [self.syntax.anywhere(call.place) for call in (anchor, dropout)]
        functions = [spot.tree.function(spot.node) if spot is not None else None for spot in spots]
        if spots[0] is None or functions[0] in (None, functions[1]):
            return None
        return f"pass the dropout to {named(spots[0].tree, functions[0])} as a parameter"

    def some_paths(self, violation: Violation) -> str | None:
        """The path through a layer that is in order, as a reason against a repair; `None` if there is none."""
        if violation.everywhere:
            return None
        wishes = [wish for wish in (violation.wish, *violation.other_wishes) if wish is not None]
        found = self.foresight.in_order(violation, wishes)
        if found is None:
            return None
        unknown = unknown_end(found, wishes)
        if unknown is not None:
            at, what = self._where(unknown[0].applied), _KINDS[unknown[1]]
            return (
                f"the layer applied in {at} is not known on all paths; "
                f"if it is always {what}, swap it with `{violation.at.layer}` by hand"
            )
        start, end = map(self._named, found)
        if found[0].facts.get("activation_unknown"):
            return f"the activation of {start} is not known; without one, its path to {end} is in order; {_OWN}"
        return (
            f"the path from {start} to {end} through this layer is in order, and the repair would change that; {_OWN}"
        )

    def _named(self, call: LayerCall | None) -> str:
        """The name of a layer in reasons; `the end` for `None`."""
        if call is None:
            return "the end"
        what = "a call" if call.layer == "call" else f"`{call.layer}`"  # one that is not followed
        return f"{what} ({self._where(call.place)})"

    def _where(self, site: Site) -> str:
        """The position of a place in reasons, with its file if that is another one."""
        at = site.location()
        return described(at) + (
            f" of {shown_beside(self._file.path, at.path)}" if self.syntax.spot(site) is None else ""
        )

    def _planned(self, violation: Violation, chosen: Option, option: int) -> Plan:
        wishes = chosen.wishes
        sharers = self._sharers.of(violation) if option == 0 else ()
        draft = self._of_all(sharers) if sharers else self._draft(violation, chosen)
        wishes += tuple(one.wish for one in sharers if one is not violation and one.wish is not None)
        if isinstance(draft, tuple):
            draft, anchors = draft
            wishes = tuple(_everywhere(wishes, anchors))
        self._make_plainer(violation, wishes, draft)
        edits = draft.finished()
        if draft.leaves_loop:
            wishes = tuple(replace(one, leaves_loop=True) if isinstance(one, MoveAfter) else one for one in wishes)
        wishes = (*wishes, *self._in_other_arms(wishes))
        self._check_brings_nothing(wishes)
        wish = wishes[0]
        kind = RepairKind(worst([self.foresight.effect(one) for one in wishes]))
        fix = Fix(wish.title, self._located(edits), kind)
        remarks = tuple(self._remarks(violation, wishes))
        return Plan(violation, fix, None, fix.kind, fix.title, remarks, wishes, option)

    def _make_plainer(self, violation: Violation, wishes: Sequence[Wish], draft: Draft) -> None:
        """Replace the class of a moved layer by the one that it becomes at its new place, if that is another.

        Raises:
            Refused: The expression also constructs layers that do not move.
        """
        becomes = {wish.becomes for wish in wishes if isinstance(wish, MoveAfter)} - {None}
        if not becomes:
            return
        call, layer = wishes[0].call, min(filter(None, becomes))
        if not violation.everywhere or self.obstacles.is_made_for_others(call):
            raise Refused(
                f"`{call.layer}` would become a plain `{layer}` elsewhere too; construct a layer for each use"
            )
        replace_moved(self.syntax, call, layer, draft)

    def _in_other_arms(self, wishes: Sequence[Wish]) -> Iterator[Wish]:
        """The same wishes for norms of other arms behind the same activation, which one repair grants together."""
        known = {wish.call.place for wish in wishes}
        for wish in wishes:
            if isinstance(wish, MoveBefore) and wish.call.roles == (Role.NORM,):
                for other in self.obstacles.consumers(wish.anchor.call):
                    if other.roles == (Role.NORM,) and other.place not in known:
                        known.add(other.place)
                        yield replace(wish, call=other)

    def _remarks(self, violation: Violation, wishes: Sequence[Wish]) -> Iterator[str]:
        """What the user should know about the repaired model."""
        for wish in wishes:
            if isinstance(wish, (MoveBefore, MoveAfter)):
                for linear in self._move(violation, wish).linears:
                    name = name_of(self.syntax, linear)
                    if name is not None:
                        at = described(linear.place.location())
                        yield f"`{linear.layer}` named {name} ({at}) now returns its values before the activation"
        for one, other in self.foresight.side_by_side(wishes):
            places = sorted({one.place.location(), other.place.location()})
            yield f"two dropouts are now side by side ({', '.join(map(described, places))}): one may be enough"

    def _located(self, edits: Sequence[Edit]) -> tuple[Edit, ...]:
        """The edits with their places in lines and columns."""
        cell = self._file.cell
        return tuple(replace(edit, location=cell(edit.cell).location(edit.start, edit.end)) for edit in edits)

    def _check_brings_nothing(self, wishes: Sequence[Wish]) -> None:
        """Check that a repair causes no finding of any rule, selected or not.

        Raises:
            RuledOut: It causes one, which is the reason.
        """
        brought = self.foresight.brought(wishes)
        if brought is None:
            return
        rule = brought.rule
        advice = f"; {rule.advice}" if rule.advice else ""
        raise RuledOut(f"the repair would cause {rule.code} ({rule.name}): {_clause(brought)}{advice}")

    def _draft(self, violation: Violation, option: Option) -> Draft | tuple[Draft, tuple[LayerCall, ...]]:
        """The edits; for a layer that moves out of a helper, also the layers of the callers behind which it goes."""
        wishes = option.wishes
        wish = wishes[0]
        if isinstance(wish, SetArgument):
            return set_argument(self.syntax, wish)
        if isinstance(wish, ReplaceLayer):
            return replace_layer(self.syntax, wish)
        moves = [self._move(violation, one) for one in wishes if isinstance(one, (MoveBefore, MoveAfter))]
        with contextlib.suppress(Refused):
            return self.fans.behind_each(merged(moves))
        for move in moves:
            if option.opens_block:
                self.obstacles.check_follows_activation(move.calls[0], move.calls[-1])
            self._check(move)
        with contextlib.suppress(Refused):
            return past_call(self.syntax, self.obstacles, merged(moves))
        with contextlib.suppress(Refused):
            return exchange_uses(self.syntax, self.obstacles, moves, self.taken)
        if not moves[0].up and stands_in_helper(self.syntax, moves):
            return behind_callers(self.syntax, self.obstacles, moves)
        if option.leaves_arms:
            draft = tails_behind(self.syntax, self.obstacles, moves, self.taken, everywhere=violation.everywhere)
            for move in moves:
                self._check_leads_on(move)
            return draft
        if len(moves) > 1 and not all(move.splits for move in moves):
            return self._agreed(moves)
        return self._rearranged(merged(moves))

    def _of_all(self, violations: tuple[Violation, ...]) -> Draft:
        """The edits that repair all uses of one layer object. They are cached, because each use asks for them."""
        if violations not in self._joint:
            wishes = [(one, one.wish) for one in violations]
            moves = [self._move(one, wish) for one, wish in wishes if isinstance(wish, MoveBefore)]
            out = Draft()
            for move in moves:
                self._check(move, moves)
                made = self._rearranged(move)
                out.edits += made.edits
                out.shared += made.shared
            self._joint[violations] = out
        return self._joint[violations]

    def _check_leads_on(self, move: Move) -> None:
        """Check that every path from a layer leads to the one behind which it is to move.

        Raises:
            Refused: One does not.
        """
        moved = move.path[0]
        past = self.foresight.past(moved, move.calls[-1])
        if past is not None or self.obstacles.is_returned(moved):
            at, end = self._where(moved.place), self._named(None if past is None else past.follower)
            raise Refused(f"`{moved.layer}` in {at} also leads to {end} without `{move.calls[-1].layer}`; {_OWN}")

    def _rearranged(self, move: Move) -> Draft:
        """The edits of the first way that can make a move."""
        try:
            return rearrange(self.syntax, self.obstacles, move, self.taken)
        except Hopeless:
            raise
        except Refused:
            with contextlib.suppress(Refused):
                return into_arms(self.syntax, self.obstacles, move, self.taken)
            with contextlib.suppress(Refused):
                return self._out_of_loop(move)
            raise

    def _out_of_loop(self, move: Move) -> Draft:
        """The edits that move a layer of the last iteration out of a loop."""
        self._check_leads_on(move)
        return first_way(Task(self.syntax, self.obstacles, move, set(self.taken)), [out_of_loop], self.taken)

    def _check(self, move: Move, alike: Sequence[Move] = ()) -> None:
        """Check that nothing prevents a move, which is made together with others.

        Raises:
            Refused: Something does. A reader that finds a layer by its position is named first: it says more than
                another use of the layer's output.
        """
        try:
            self.obstacles.check(move, alike)
        except RuledOut:
            self.readers.check(move)
            raise
        self.readers.check(move)

    def _move(self, violation: Violation, wish: MoveBefore | MoveAfter) -> Move:
        calls = {step.call.id: step.call for step in violation.unit.steps}
        ends = (wish.anchor.call, wish.call) if isinstance(wish, MoveBefore) else (wish.call, wish.anchor.call)
        if all(calls.get(end.id) is end for end in ends):
            return move_of(wish, list(calls.values()))
        return move_of(wish, self.obstacles.path(*ends))

    def _agreed(self, moves: Sequence[Move]) -> Draft:
        """The edits, if they are the same for all moves.

        Raises:
            Refused: They differ.
        """
        first, *others = [rearrange(self.syntax, self.obstacles, move, set(self.taken)) for move in moves]
        if any(set(other.finished()) != set(first.finished()) for other in others):
            raise Refused(DIFFERENT_REPAIRS)
        return first


def _everywhere(wishes: Sequence[Wish], anchors: Sequence[LayerCall]) -> Iterator[Wish]:
    """The wishes to move a layer of a helper behind the layers of all its callers."""
    wish = wishes[0]
    if isinstance(wish, MoveBefore):
        moved, becomes = wish.anchor, None
    else:
        assert isinstance(wish, MoveAfter)
        moved, becomes = wish.moved, wish.becomes
    for anchor in anchors:
        yield MoveAfter(moved, UnitStep(anchor, anchor.steps[-1]), wish.effect, becomes)


def _clause(violation: Violation) -> str:
    """The message and the places of a violation, without what is expected instead."""
    places = sorted({call.place.location() for call in (violation.at, *violation.because[:1])})
    return f"{violation.message.partition('; expected')[0]} ({', '.join(dict.fromkeys(map(described, places)))})"
