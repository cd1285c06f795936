"""Moves an activation that several norms read behind each of them: `a = norm1(act(x))` and `b = norm2(act(x))`."""

from __future__ import annotations

from collections.abc import Sequence

import libcst as cst

from orderlint.graph import LayerCall, Role, Site
from orderlint.repair.net.moves import Move
from orderlint.repair.net.obstacles import Obstacles
from orderlint.repair.text.blanks import span_without
from orderlint.repair.text.drafts import Draft, Refused
from orderlint.repair.text.lines import Item, permute
from orderlint.repair.text.names import bound_names, suggests_layer, uses_after
from orderlint.repair.text.newlayer import NewLayer
from orderlint.repair.text.reasons import BOUND_BETWEEN, IN_A_BLOCK, TOO_TANGLED
from orderlint.repair.text.syntax import Spot, Syntax
from orderlint.repair.ways.flow import Application, application, wrap
from orderlint.repair.ways.named import Readers, name_of
from orderlint.repair.ways.places import Kind, common_lines, place_of
from orderlint.repair.ways.splitting import split_off

__all__ = ["Fans"]

_NOT_ALWAYS = (cst.IfExp, cst.BooleanOperation, cst.BaseComp)


class Fans:
    """Repairs the fans of a file: one activation, and the norms that read it.

    Each norm of a fan has a finding, and one repair is right for all. It is drafted once: otherwise, each of a thousand
    norms would search the other thousand.

    Args:
        syntax: The file.
        obstacles: The obstacles in its graphs.
        named: The code that looks up layers by name or index.
        taken: The names of new layers. Further ones are added.
    """

    def __init__(self, syntax: Syntax, obstacles: Obstacles, named: Readers, taken: set[str]) -> None:
        self._syntax = syntax
        self._obstacles = obstacles
        self._named = named
        self._taken = taken
        self._drafted: dict[tuple[Site, ...], tuple[set[Site], Draft | Refused]] = {}

    def behind_each(self, move: Move) -> Draft:
        """The edits that remove an activation and apply it behind each of the norms that read it.

        Args:
            move: The move of one of the norms before the activation.

        Raises:
            Refused: The activation is also read by other code, or the text is not one statement for each layer.
        """
        if move.is_merged or len(move.calls) != 2 - move.splits or not (move.up or move.splits):
            raise Refused(TOO_TANGLED)
        drafted = self._of(move)
        self._named.check(move)
        if isinstance(drafted, Refused):
            raise drafted
        return drafted

    def _of(self, move: Move) -> Draft | Refused:
        key = tuple(call.place for call in (move.path[0], *move.linears))
        if key in self._drafted:
            places, drafted = self._drafted[key]
            if move.calls[-1].place in places:
                return drafted
        norms = self._obstacles.fan(move)
        try:
            drafted = _drafted(self._syntax, norms, move, self._taken)
        except Refused as refusal:
            drafted = refusal
        self._drafted[key] = {call.place for call in norms}, drafted
        return drafted


def _drafted(syntax: Syntax, norms: Sequence[LayerCall], move: Move, taken: set[str]) -> Draft:
    """The edits for one of the norms, which are those for all of them."""
    places = [place_of(syntax, call, reported=False) for call in (move.path[0], *norms)]
    if any(place.kind is not Kind.APPLIED for place in places):
        raise Refused(TOO_TANGLED)
    source, *fan = [application(place.spot) for place in places]
    lines = common_lines([place.spot for place in places])
    items = [lines.items[at] for at in lines.places]
    if lines.is_split or any(item.is_compound or item.is_shared for item in items):
        raise Refused(IN_A_BLOCK)
    if len(set(lines.places)) < len(items) or any(app.tree.around(app.node, _NOT_ALWAYS) for app in fan):
        raise Refused(TOO_TANGLED)  # in `norm_1(x) if flag else norm_2(x)`, only one of the norms runs
    _check_read(source, fan)
    draft, names = Draft(), set(taken)
    if move.splits:
        new = split_off(draft, syntax, move.linears, norms[0], places[1].spot, names)
    else:
        between = lines.items[min(lines.places) : max(lines.places)]
        new = _taken_away(draft, syntax, move, source, fan, items[0], items[1], between)
    for app, item in zip(fan, items[1:], strict=True):
        _apply(draft, app, item, new)
    draft.finished()
    taken |= names
    return draft


def _check_read(source: Application, fan: Sequence[Application]) -> None:
    """Check that the value has a name, and that the norms read it by that name.

    Raises:
        Refused: They do not.
    """
    if source.target is None or not source.is_whole:
        raise Refused(TOO_TANGLED)
    name = source.target.value
    if any(app.source != name or app.tree is not source.tree for app in fan):
        raise Refused(TOO_TANGLED)


def _taken_away(
    draft: Draft,
    syntax: Syntax,
    move: Move,
    act: Application,
    fan: Sequence[Application],
    item: Item,
    following: Item,
    between: Sequence[Item],
) -> NewLayer:
    """Remove the activation, so that the norms read its input. Return it as a layer to insert."""
    call = move.calls[0]
    tree, made = act.tree, syntax.spot(call.constructed)
    head, tail = (tree.text[slice(*span)] for span in (act.head, act.tail))
    if not head.endswith("(") or tail != ")" or "\n" in head:
        raise Refused(TOO_TANGLED)
    if made is not None and made.tree is tree and tree.holds(act.node, made.node) and name_of(syntax, call) is not None:
        raise Refused(f"`{call.layer}` has a name, and each path needs one of its own; apply one on each")
    assert act.target is not None
    if isinstance(act.data, cst.Call):
        if suggests_layer(act.target.value, Role.ACTIVATION, call.layer):
            raise Refused(f"`{act.target.value}` would have the value of another layer; change the order by hand")
        draft.replace(tree, *act.head, "")
        draft.replace(tree, *act.tail, "")
        return NewLayer(head[:-1])
    if act.source is None:
        raise Refused(TOO_TANGLED)
    if act.source != act.target.value:
        _rename(draft, syntax, act, fan, between)
    draft.replace(tree, *span_without(item), "")
    comments = [*item.lead.splitlines(), item.trail]
    text = "".join(f"{following.indent}{line.strip()}{following.newline}" for line in comments if line.strip())
    if text:
        draft.insert(tree, following.start, text)
    return NewLayer(head[:-1])


def _rename(
    draft: Draft, syntax: Syntax, act: Application, fan: Sequence[Application], between: Sequence[Item]
) -> None:
    """Make the norms read the input of the activation by its own name."""
    assert act.target is not None
    source = str(act.source)
    if any(source in bound_names(item.node) for item in between):
        raise Refused(BOUND_BETWEEN)
    name, statement = act.target.value, Spot(act.tree, act.statement)
    uses = [spot for spot, _ in uses_after(syntax, statement, (name,))]
    if len(uses) != len(fan):  # for example, its shape is read by a name that would not be bound
        raise Refused(TOO_TANGLED)
    for app in fan:
        draft.replace(app.tree, *app.tree.full_span(app.data), source)


def _apply(draft: Draft, app: Application, item: Item, new: NewLayer) -> None:
    """Apply the activation to the output of a norm."""
    if app.target is None or not app.is_whole:
        wrap(draft, Spot(app.tree, app.node), new.code)
        return
    permute(draft, [item], [0], added={0: new.former(f"{app.target.value} = {{}}({app.target.value})")})
