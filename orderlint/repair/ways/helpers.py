"""Moves the last layer of a helper to its callers, behind one of their layers.

If the activation is a parameter of the helper, only the uses with a finding change: they pass `None` and apply the
activation themselves. Otherwise, all uses must need the same change.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Final

import libcst as cst

from orderlint.graph import LayerCall, Role, Site
from orderlint.records import record
from orderlint.repair.net.moves import Move
from orderlint.repair.net.obstacles import Obstacles
from orderlint.repair.text.arms import inner_item, take_away
from orderlint.repair.text.drafts import Draft, Hopeless, Refused, described
from orderlint.repair.text.functions import distinct_names, named
from orderlint.repair.text.lines import Item, items_of
from orderlint.repair.text.names import bound_names, read_names
from orderlint.repair.text.parameters import argument_of
from orderlint.repair.text.reasons import DIFFERENT_FUNCTIONS, SHARED_LINE, TOO_TANGLED
from orderlint.repair.text.scopes import scope_of
from orderlint.repair.text.syntax import Spot, Syntax, Tree, bare_name
from orderlint.repair.ways.deciding import Decider, decider
from orderlint.repair.ways.flow import application, wrap
from orderlint.repair.ways.inline import take_out
from orderlint.repair.ways.neighbors import importer_of
from orderlint.repair.ways.places import Kind, Place, adding_form, place_anywhere, place_of
from orderlint.repair.ways.splitting import constructed
from orderlint.source.python.syntax import last_name
from orderlint.text.walking import walk

__all__ = ["behind_callers", "stands_in_helper"]

_CALLED: Final = frozenset({"__call__", "__init__", "call"})
"""The methods that run when a class, or an object of it, is called."""


def stands_in_helper(syntax: Syntax, moves: Sequence[Move]) -> bool:
    """Whether layers are to move out of one function, behind layers of others."""
    first = {place_anywhere(syntax, move.path[0]).function for move in moves}
    last = {place_of(syntax, move.calls[-1]).function for move in moves}
    return len(first) == 1 and not first & last and isinstance(next(iter(first)), cst.FunctionDef)


def behind_callers(syntax: Syntax, obstacles: Obstacles, moves: Sequence[Move]) -> tuple[Draft, tuple[LayerCall, ...]]:
    """The edits that move the last layer of a helper, or the activation of its last layer, behind layers of callers.

    Args:
        syntax: The file.
        obstacles: The obstacles in its graphs.
        moves: Moves of the same layer, each down to one of the callers.

    Returns: The edits, and all layers of callers behind which it moves.

    Raises:
        Refused: It cannot be moved out of the helper.
    """
    helper = _Helper(syntax, obstacles, moves)
    targets = helper.run()
    return helper.out, tuple(target.call for target in targets)


@record(frozen=True, slots=True)
class Use:
    """A call of the helper whose value reaches a layer of the caller."""

    tree: Tree
    node: cst.Call


class _Helper:
    def __init__(self, syntax: Syntax, obstacles: Obstacles, moves: Sequence[Move]) -> None:
        self.syntax = syntax
        self.obstacles = obstacles
        self.moves = moves
        self.call = moves[0].path[0]
        self.place = place_anywhere(syntax, self.call)
        function = self.place.function
        assert isinstance(function, cst.FunctionDef)
        self.function = function
        self._name = named(self.place.spot.tree, function)
        self.out = Draft()

    def run(self) -> list[Place]:
        if any(move.up for move in self.moves):
            raise Refused(TOO_TANGLED)
        decided = decider(self.syntax, self.call, self.function)
        if decided is not None:
            return self._pass_none(decided)
        return self._take_from_helper()

    # -- the activation is an argument at the use ---------------------------------------------------------------

    def _pass_none(self, decided: Decider) -> list[Place]:
        targets = self._targets([move.calls[-1] for move in self.moves])
        for target in targets:
            use = self._use(target, decided.passing_call)
            argument = argument_of(decided.tree, use.tree, decided.function, use.node, decided.parameter)
            if argument is None:
                raise Refused(TOO_TANGLED)
            argument.replace(self.out, "None")
            layer = constructed(
                self.out, self.syntax, argument.code, argument.is_layer, self.call, target.call, [target.spot]
            )
            if not argument.is_given:
                if argument.tree.number < 0 and read_names(argument.value):
                    raise Refused(
                        f"`{argument.code}` is defined in another file; pass the activation where the helper is called"
                    )
                self._check_readable(read_names(argument.value), target)
            self._apply(target, layer, ())
        return targets

    # -- all uses want the same change --------------------------------------------------------------------------

    def _take_from_helper(self) -> list[Place]:
        place_of(self.syntax, self.call)  # a helper of another file stays as it is
        self._check_no_importer()
        targets = self._targets(self._anchors())
        code, above = self._taken([target.spot for target in targets])
        for target in targets:
            use = self._use(target, self._called) if self._bound & read_names(cst.parse_expression(code)) else None
            self._apply(target, self._substituted(code, use, target), above)
            above = ()
        return targets

    @property
    def _bound(self) -> set[str]:
        return bound_names(self.function)

    def _anchors(self) -> list[LayerCall]:
        """For every use of the helper, the layer behind which the moved one goes."""
        found: dict[Site, LayerCall] = {}
        wanted = {move.calls[-1].place for move in self.moves}
        role = self.moves[0].calls[-1].roles[-1]
        for graph, call in self.obstacles.at(self.call.place):
            if call.id not in graph.background:
                anchor = self._anchor(call, wanted, role)
                found[anchor.place] = anchor
        return list(found.values())

    def _anchor(self, call: LayerCall, wanted: set[Site], role: Role) -> LayerCall:
        """The last layer of a role behind a call, up to where the data flow splits.

        Raises:
            Refused: There is none.
        """
        following = call
        last = None
        while True:
            consumers = self.obstacles.consumers(following)
            if len(consumers) > 1 and last is None and call.roles == (Role.DROPOUT,):
                at, layer = described(call.place.location()), self.moves[0].calls[-1].layer
                raise Refused(f"`{call.layer}` in {at} feeds several layers; apply one behind each `{layer}`")
            if len(consumers) != 1 or consumers[0].roles[:1] not in ((Role.NORM,), (Role.ACTIVATION,), (Role.PASS,)):
                break
            following = consumers[0]
            if following.roles == (role,) or following.place in wanted:
                last = following
                if role is Role.NORM and self.call.roles[-1] is Role.ACTIVATION:
                    break
        if last is None:
            at = described(call.place.location())
            layer = self.moves[0].calls[-1].layer
            raise Refused(
                f"{self._name} (`{call.layer}` in {at}) is also used where no `{layer}` follows; inline it there"
            )
        return last

    def _taken(self, where: Sequence[Spot]) -> tuple[str, tuple[str, ...]]:
        """Remove the layer from the helper. Return its code and its comments."""
        if len(self.call.steps) > 1:
            inline = take_out(self.out, self.syntax, self.call)
            norm = self.moves[0].calls[-1]
            layer = constructed(self.out, self.syntax, inline.code, inline.is_layer, self.call, norm, where)
            return layer, inline.comments.every
        self._check_last()
        spot = self.place.spot
        if self.place.kind is Kind.ADDED:
            inner = inner_item(spot, items_of(spot.tree, self.function.body))
            take_away(self.out, inner)
            return spot.tree.code(spot.node), _comments(inner.item)
        app = application(spot)
        if len(app.node.args) != 1:
            raise Refused(TOO_TANGLED)
        code = app.tree.code(app.node.func)
        inner = inner_item(spot, items_of(spot.tree, self.function.body))
        if app.is_whole and app.target is not None and app.source == app.target.value:
            take_away(self.out, inner)
            return code, _comments(inner.item)
        if not app.is_whole:
            raise Refused(TOO_TANGLED)
        self.out.replace(app.tree, *app.head, "")
        self.out.replace(app.tree, *app.tail, "")
        return code, ()

    def _check_last(self) -> None:
        """Check that the layer is not in a block of the helper, so that it is always applied.

        Raises:
            Refused: It is in one.
        """
        tree, node = self.place.spot.tree, self.place.spot.node
        if any(isinstance(above, (cst.If, cst.For, cst.While, cst.Try)) for above in _up_to(tree, node, self.function)):
            raise Refused(f"`{self.call.layer}` is in a block of {self._name}; change it by hand")

    def _substituted(self, code: str, use: Use | None, target: Place) -> str:
        """The code with the arguments of the use instead of the parameters."""
        reads = read_names(cst.parse_expression(code))
        if use is not None:
            for name in reads & self._bound:
                argument = argument_of(self.place.spot.tree, use.tree, self.function, use.node, name)
                if argument is None:
                    raise Refused(f"`{name}` is not known where {self._name} is used; inline the helper there")
                code = _renamed(code, name, argument.code)
                reads -= {name}
                reads |= set() if argument.is_given else read_names(argument.value)
        self._check_readable(reads, target)
        return code

    def _check_readable(self, names: set[str], target: Place) -> None:
        """Check that the caller does not bind names to something else than the helper's surroundings.

        Raises:
            Refused: It does.
        """
        function = target.function
        shadowed = names & bound_names(function) if function is not None else set()
        if shadowed:
            raise Refused(f"`{min(shadowed)}` means something else where {self._name} is used; rename it")

    def _check_no_importer(self) -> None:
        """Check that no other file uses the helper.

        Raises:
            Hopeless: One does.
        """
        other = importer_of(self.syntax.file.path, self._used_by, self.syntax.project)
        if other is not None:
            raise Hopeless(f"{self._name} is also used in {other}; change the order by hand, in both files")

    @property
    def _used_by(self) -> str:
        """The name by which other files use the helper; for the methods in `_CALLED`, the name of the class."""
        owner = scope_of(self.place.spot.tree, self.function)
        name = self.function.name.value
        return owner.name.value if isinstance(owner, cst.ClassDef) and name in _CALLED else name

    # -- the callers --------------------------------------------------------------------------------------------

    def _targets(self, calls: Sequence[LayerCall]) -> list[Place]:
        places = {call.place: place_of(self.syntax, call) for call in calls}
        for place in places.values():
            if place.function is self.function:
                raise Refused(DIFFERENT_FUNCTIONS)
            if self._calls(place.function):
                mine, other = distinct_names([(self.place.spot.tree, self.function), (place.spot.tree, place.function)])
                raise Refused(f"the layers are in different functions ({mine}, {other}); apply them in one function")
        return list(places.values())

    def _calls(self, function: cst.FunctionDef | cst.Lambda | None) -> bool:
        """Whether the helper calls a function. Then that function is not one of its callers."""
        if not isinstance(function, cst.FunctionDef):
            return False
        name = function.name.value
        return any(isinstance(node, cst.Call) and last_name(node.func) == name for node in walk(self.function.body))

    def _called(self, node: cst.CSTNode) -> cst.Call | None:
        """The node, if it is a call of the helper; else `None`."""
        return node if isinstance(node, cst.Call) and last_name(node.func) == self.function.name.value else None

    def _use(self, target: Place, called: Callable[[cst.CSTNode], cst.Call | None]) -> Use:
        """The call of the helper whose value reaches a layer of the caller.

        Raises:
            Refused: It is not found.
        """
        tree = target.spot.tree
        for node in _sources(tree, target):
            if (found := called(node)) is not None:
                return Use(tree, found)
        raise Refused(
            f"the layers are in different functions ({self._name} and its caller); apply them in one function"
        )

    def _apply(self, target: Place, layer: str, comments: Sequence[str]) -> None:
        """Apply a layer behind a layer of a caller."""
        tree = target.spot.tree
        item = _item(target.spot)
        above = "".join(f"{line}{item.newline}{item.indent}" for line in comments)
        if target.kind is Kind.ADDED:
            statement = adding_form(target).replace("{}", layer)
        else:
            app = application(target.spot)
            if app.target is None or not app.is_whole or isinstance(app.data, cst.Call):
                wrap(self.out, target.spot, layer)
                if above:
                    self.out.insert(
                        tree, tree.line_start(item.core[0]), f"{item.indent}{above.removesuffix(item.indent)}"
                    )
                return
            statement = f"{app.target.value} = {layer}({app.target.value})"
        if item.is_shared:
            raise Refused(SHARED_LINE)
        self.out.insert(tree, item.end, f"{item.newline}{item.indent}{above}{statement}")


def _item(spot: Spot) -> Item:
    """The innermost statement around a node."""
    for above in spot.tree.ancestors(spot.node):
        if isinstance(above, (cst.BaseSuite, cst.Module)):
            return next(item for item in items_of(spot.tree, above) if spot.tree.holds(item.node, spot.node))
    raise Refused(TOO_TANGLED)


def _sources(tree: Tree, target: Place) -> Iterator[cst.BaseExpression]:
    """The expressions from which a layer gets its input, the nearest first, as far as the value can be followed."""
    block = next(above for above in tree.ancestors(target.spot.node) if isinstance(above, (cst.BaseSuite, cst.Module)))
    items = items_of(tree, block)
    at = next(index for index, item in enumerate(items) if tree.holds(item.node, target.spot.node))
    if target.kind is Kind.ADDED:
        for item in reversed(items[:at]):
            small = item.node.body[0] if isinstance(item.node, cst.SimpleStatementLine) else item.node
            if isinstance(small, cst.Expr):
                yield small.value
        return
    node: cst.BaseExpression | None = application(target.spot).data
    while node is not None:
        yield node
        name = bare_name(node)
        if name is None:
            node = node.args[0].value if isinstance(node, cst.Call) and node.args else None
            continue
        found = _assigned(items[:at], name)
        if found is None:
            return
        at, node = found


def _assigned(items: Sequence[Item], name: str) -> tuple[int, cst.BaseExpression] | None:
    """The last statement that assigns a name: its index and the value; `None` if the name is bound in another way."""
    for index in range(len(items) - 1, -1, -1):
        node = items[index].node
        small = node.body[0] if isinstance(node, cst.SimpleStatementLine) else node
        if isinstance(small, cst.Assign) and any(bare_name(target.target) == name for target in small.targets):
            return index, small.value
        if name in bound_names(node):
            return None
    return None


def _up_to(tree: Tree, node: cst.CSTNode, function: cst.CSTNode) -> Iterator[cst.CSTNode]:
    for above in tree.ancestors(node):
        if above is function:
            return
        yield above


def _renamed(code: str, name: str, value: str) -> str:
    """Code with an expression instead of a name. Keywords with that name stay."""
    if '"' in code or "'" in code:
        raise Refused(TOO_TANGLED)
    return re.sub(rf"(?<![\w.]){name}(?!\w|\s*=[^=])", lambda match: value, code)


def _comments(item: Item) -> tuple[str, ...]:
    above = [line.strip() for line in item.lead.splitlines() if line.strip()]
    return (*above, item.trail.strip()) if "#" in item.trail else tuple(above)
