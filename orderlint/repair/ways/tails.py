"""Moves the layers at the ends of arms behind the norm below: once if they are equal, or else with a condition.

The end of the last iteration of a loop is also such an end, if nothing else leads to the norm.
"""

from __future__ import annotations

from collections.abc import Sequence

import libcst as cst

from orderlint.graph import LayerCall, Role
from orderlint.records import record
from orderlint.repair.net.moves import Move
from orderlint.repair.net.obstacles import Obstacles
from orderlint.repair.text.arguments import NO_COMMENTS, Comments
from orderlint.repair.text.arms import Arm, Inner, conjunction, inner_item, take_away
from orderlint.repair.text.drafts import Draft, Hopeless, Refused
from orderlint.repair.text.lines import Item
from orderlint.repair.text.names import bound_names, read_names
from orderlint.repair.text.reasons import BOUND_BETWEEN, DIFFERENT_ACTIVATIONS, IN_A_LOOP, TOO_TANGLED
from orderlint.repair.text.syntax import Syntax
from orderlint.repair.ways.flow import Application, application, wrap
from orderlint.repair.ways.places import Kind, Place, adding_form, common_lines, place_of
from orderlint.repair.ways.splitting import split_off
from orderlint.source.python.syntax import is_pure

__all__ = ["tails_behind"]


@record(frozen=True, slots=True)
class Tail:
    """The last layer of an arm.

    Attributes:
        inner: The position of its statement, or of the statement of the layer whose argument it is.
        code: The layer, as it is written behind the norm.
        kind: A key that is equal for two tails with the same activation.
        comments: Its comments.
    """

    inner: Inner
    code: str
    kind: object
    comments: Comments = NO_COMMENTS

    @property
    def arms(self) -> tuple[Arm, ...]:
        return self.inner.arms


def tails_behind(
    syntax: Syntax, obstacles: Obstacles, moves: Sequence[Move], taken: set[str], *, everywhere: bool
) -> Draft:
    """The edits that move the activations of several arms behind one norm.

    Args:
        syntax: The file.
        obstacles: The obstacles in its graphs.
        moves: Moves of activations, inline or not, down to the same norm.
        taken: The names of new layers. Further ones are added.
        everywhere: Whether every path to the norm passes one of them.

    Raises:
        Refused: They are not at the ends of their arms, or are too different.
    """
    return _Tails(syntax, obstacles, moves, taken, everywhere).draft()


class _Tails:
    def __init__(
        self, syntax: Syntax, obstacles: Obstacles, moves: Sequence[Move], taken: set[str], everywhere: bool
    ) -> None:
        self.syntax = syntax
        self.obstacles = obstacles
        self.moves = moves
        self.taken = taken
        self.everywhere = everywhere
        self.out = Draft()
        self.norm = place_of(syntax, moves[0].calls[-1])

    def draft(self) -> Draft:
        if len({move.calls[-1].place for move in self.moves}) > 1 or any(move.up for move in self.moves):
            raise Refused(TOO_TANGLED)
        for move in self.moves:
            _check_passed(move)
        calls = list({move.path[0].place: move.path[0] for move in self.moves}.values())
        places = [place_of(self.syntax, call) for call in calls]
        lines = common_lines([*(place.spot for place in places), self.norm.spot], is_lifted=False)
        item = lines.items[lines.places[-1]]
        if item.is_compound or item.is_shared:
            raise Refused(TOO_TANGLED)
        form = self._form()
        passed = lines.items[min(lines.places[:-1]) : lines.places[-1] + 1]
        tails = [self._taken(call, place, lines.items, form) for call, place in zip(calls, places, strict=True)]
        self._write(tails, item, passed, form)
        return self.out

    def _form(self) -> str:
        """The statement for a new layer, with `{}` for the layer."""
        if self.norm.kind is Kind.ADDED:
            return adding_form(self.norm)
        app = application(self.norm.spot)
        value = app.source
        if value is None or (self._is_inside and not _is_liftable(app, value)):
            raise Refused(TOO_TANGLED)
        return f"{value} = {{}}({value})"

    @property
    def _is_inside(self) -> bool:
        """Whether the norm's statement does not bind the output to the name of the input (`return norm(x)`)."""
        if self.norm.kind is Kind.ADDED:
            return False
        app = application(self.norm.spot)
        return app.target is None or app.source != app.target.value or not app.is_whole

    def _taken(self, call: LayerCall, place: Place, outer: Sequence[Item], form: str) -> Tail:
        """Remove an activation from its arm."""
        inner = inner_item(place.spot, outer, through_loops=self.everywhere)
        if inner.item.is_compound or any(self._value in read_names(item.node) for item in inner.later_in_iteration):
            raise Refused(TOO_TANGLED)
        if len(call.steps) > 1:
            new = split_off(self.out, self.syntax, [call], self.moves[0].calls[-1], self.norm.spot, self.taken)
            return Tail(inner, new.code, call.facts.get("activation", new.code), new.comments)
        if place.kind is not self.norm.kind:
            raise Refused(TOO_TANGLED)
        code = place.spot.tree.code(place.spot.node)
        if place.kind is Kind.APPLIED:
            app = application(place.spot)
            value = form.partition(" ")[0]
            if app.target is None or app.target.value != value or not app.is_whole:
                raise Refused(TOO_TANGLED)
            code = self._callee(app)
            if app.source != value:
                return self._unwrapped(call, app, inner, code)
        take_away(self.out, inner)
        return Tail(inner, code, self._kind(call, code), _comments(inner.item))

    def _callee(self, app: Application) -> str:
        """The code of the layer of an application without further arguments."""
        if len(app.node.args) != 1:
            raise Refused(TOO_TANGLED)
        return app.tree.code(app.node.func)

    def _unwrapped(self, call: LayerCall, app: Application, inner: Inner, code: str) -> Tail:
        """Change `x = ReLU()(Dense(8)(x))` to `x = Dense(8)(x)`."""
        if not app.is_whole or not isinstance(app.data, cst.Call):
            raise Refused(TOO_TANGLED)
        self.out.replace(app.tree, *app.head, "")
        self.out.replace(app.tree, *app.tail, "")
        return Tail(inner, code, self._kind(call, code))

    def _kind(self, call: LayerCall, code: str) -> object:
        """A key that is equal for equal activations: the name for plain ones, or else the code."""
        if call.layer == "PReLU" and len(self.moves) > 1:
            raise Hopeless("each branch has its own `PReLU` weights; change the order by hand")
        plain = call.facts.get("commutes") or "(" not in code.partition("(")[2].rstrip(")")
        return call.facts.get("activation", code) if plain and code.endswith("()") else code

    # -- behind the norm ----------------------------------------------------------------------------------------

    def _write(self, tails: Sequence[Tail], item: Item, passed: Sequence[Item], form: str) -> None:
        alike = len({tail.kind for tail in tails}) == 1
        looped = [tail for tail in tails if tail.inner.loop is not None]
        self.out.leaves_loop = bool(looped)
        for tail in looped:
            self._check_unbound(tail, passed)
        if self.everywhere and alike:
            self._write_alike(tails, item, form)
            return
        if looped:
            raise Refused(IN_A_LOOP)
        for tail in tails:
            self._check_arms(tail, passed)
        arms = [tail.arms for tail in tails]
        if self.everywhere and len(tails) == 2 and _opposite(*arms):
            first, second = tails if arms[0][-1].holds else tails[::-1]
            self._insert(item, _statement(first, form), first.arms)
            self._insert_else(item, _statement(second, form))
        elif len(tails) > 1:
            raise Refused(DIFFERENT_ACTIVATIONS)
        else:
            self._insert(item, _statement(tails[0], form), tails[0].arms)
        if self._is_inside:
            self._lift(item)

    def _write_alike(self, tails: Sequence[Tail], item: Item, form: str) -> None:
        """Apply the layer that all arms end with once, without a condition."""
        lines = _statement(tails[0], form, tails)
        if not self._is_inside:
            self._insert(item, lines, ())
            return
        wrap(self.out, self.norm.spot, tails[0].code)
        behind = tails[0].comments.behind
        for line in [*lines[:-1], *([behind] if behind else [])]:
            self.out.insert(item.tree, item.core[0], f"{line}{item.newline}{item.indent}")

    def _lift(self, item: Item) -> None:
        """Move the norm to its own statement. The statement that contained it comes last."""
        app, tree = application(self.norm.spot), item.tree
        start, end = tree.span(app.node)
        rest = f"{tree.text[item.core[0] : start]}{self._value}{tree.text[end : item.core[1]]}"
        self.out.replace(tree, item.core[0], start, f"{self._value} = ")
        self.out.replace(tree, end, item.core[1], "")
        at = next(index for index, one in enumerate(self.out.edits) if one.start == item.end and one.text)
        edit = self.out.edits.pop(at)
        self.out.insert(tree, item.end, f"{edit.text}{item.newline}{item.indent}{rest}")

    def _check_arms(self, tail: Tail, passed: Sequence[Item]) -> None:
        """Check that the conditions of an arm have the same values behind the norm.

        Raises:
            Refused: They may not.
        """
        if not tail.arms:
            raise Refused(TOO_TANGLED)
        bound = _bound(passed)
        for arm in tail.arms:
            if not is_pure(arm.test):
                raise Refused(f"`{arm.tree.code(arm.test)}` cannot safely be evaluated twice; change the order by hand")
            if arm.names & bound:
                raise Refused(BOUND_BETWEEN)
        self._check_unbound(tail, passed)

    def _check_unbound(self, tail: Tail, passed: Sequence[Item]) -> None:
        """Check that the names that a layer reads are not bound up to the norm.

        Raises:
            Refused: One is.
        """
        if _reads(tail) & _bound(passed) - {self._value}:
            raise Refused(BOUND_BETWEEN)

    @property
    def _value(self) -> str:
        return self._form().partition(" ")[0]

    def _insert(self, item: Item, lines: Sequence[str], arms: Sequence[Arm]) -> None:
        tree = item.tree
        if arms:
            lines = [f"if {conjunction(arms)}:", *(f"{_STEP}{line}" for line in lines)]
        text = "".join(f"{item.newline}{item.indent}{line}" for line in lines)
        self.out.insert(tree, item.end, text)

    def _insert_else(self, item: Item, lines: Sequence[str]) -> None:
        edit = self.out.edits.pop()
        start = f"{item.newline}{item.indent}"
        text = f"{edit.text}{start}else:" + "".join(f"{start}{_STEP}{line}" for line in lines)
        self.out.insert(item.tree, item.end, text)


_STEP = "    "


def _is_liftable(app: Application, value: str) -> bool:
    """Whether a statement only reads a value to apply a layer to it. Then the name can be bound to the output."""
    is_simple = isinstance(app.statement, (cst.Assign, cst.Return, cst.Expr))
    return is_simple and value not in read_names(app.statement.deep_replace(app.node, cst.Name("_")))


def _check_passed(move: Move) -> None:
    """Check that an activation only passes the norm and `pass` layers, such as a pooling.

    Raises:
        Refused: It passes another layer.
    """
    for call in move.calls[0 if move.splits else 1 : -1]:
        if call.roles != (Role.PASS,) or (call.facts.get("shape") == "other" and move.path[0].facts.get("axes")):
            raise Refused("other layers are between the branches and the normalization; change the order by hand")


def _opposite(one: Sequence[Arm], other: Sequence[Arm]) -> bool:
    """Whether two positions are in the two arms of one `if`."""
    if len(one) != len(other) or not one:
        return False
    same = all(a.test is b.test for a, b in zip(one, other, strict=True))
    return (
        same
        and all(a.holds == b.holds for a, b in zip(one[:-1], other[:-1], strict=True))
        and (one[-1].holds != other[-1].holds)
    )


def _bound(items: Sequence[Item]) -> set[str]:
    return {name for item in items for name in bound_names(item.node)}


def _reads(tail: Tail) -> set[str]:
    return read_names(cst.parse_expression(tail.code))


def _comments(item: Item) -> Comments:
    above = tuple(line.strip() for line in item.lead.splitlines() if line.strip())
    return Comments(above, item.trail.strip() if "#" in item.trail else "")


def _statement(tail: Tail, form: str, others: Sequence[Tail] = ()) -> list[str]:
    """The lines of a statement with a layer, with its comments and those of equal layers."""
    above = list(tail.comments.above)
    for other in others:
        if other is not tail:
            above += [line for line in other.comments.every if line not in above]
    behind = f"  {tail.comments.behind}" if tail.comments.behind else ""
    return [*above, f"{form.replace('{}', tail.code)}{behind}"]
