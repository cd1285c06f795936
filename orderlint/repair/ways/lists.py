"""Moves layers that are elements of lists."""

from __future__ import annotations

from collections.abc import Sequence

import libcst as cst

from orderlint.repair.text.drafts import Draft, Refused
from orderlint.repair.text.elements import Added, Slot, permute_slots, slots_of
from orderlint.repair.text.reasons import IN_A_BLOCK, IN_A_LOOP
from orderlint.repair.text.rows import rotated
from orderlint.repair.text.syntax import Tree
from orderlint.repair.ways.inputs import moved_inputs
from orderlint.repair.ways.places import Kind, Place, common_lines
from orderlint.repair.ways.task import Idiom, Ranked, Task

__all__ = ["WAYS", "as_expressions", "in_one_list"]

Holder = cst.List | cst.Tuple | cst.Call


def in_one_list(task: Task, draft: Draft) -> None:
    """Move an element of a list, or insert a new one."""
    holder = task.first.holder
    assert holder is not None
    tree = task.first.spot.tree
    elements = _elements(holder)
    start, end = _index(elements, task.first.spot.node), _index(elements, task.last.spot.node)
    up, down = task.move.up, task.move.down
    place = 0 if up else abs(end - start)
    if is_reversed := _is_reversed(tree, holder):
        start, end, up, down = end, start, down, up
        place = end - start - place - 1  # the list is read from its end, so the new layer comes before the other
    if start > end:
        raise Refused(IN_A_LOOP)
    order = rotated(end - start + 1, up, down)
    if is_reversed and task.move.splits and place < 0:
        start, place, order = start - 1, 0, [0, *(one + 1 for one in order)]
    if start < 0:
        raise Refused("the list is used in reverse; put the activation before the normalization by hand")
    slots = slots_of(tree, elements, _opening(tree, holder), start, end)
    added: dict[int, Added] = {}
    if task.move.splits:
        layer = task.split_off(draft)
        added[place] = (layer.code, layer.comments)
    codes = _with_shape(task, elements[start + order[0]].value, slots, order[0])
    permute_slots(draft, slots, order, added, codes)


def _with_shape(task: Task, new: cst.BaseExpression, slots: Sequence[Slot], first: int) -> dict[int, str]:
    """The new code of the first two layers, if arguments of the first layer of a model move from one to the other."""
    if first == 0:
        return {}
    changed = moved_inputs(task.obstacles, task.first, _place(task, new), (slots[0].core, slots[first].core))
    return {} if changed is None else dict(zip((0, first), changed, strict=True))


def _elements(holder: Holder) -> Sequence[cst.BaseElement | cst.Arg]:
    """The elements of a list, or the arguments of a call."""
    return holder.args if isinstance(holder, cst.Call) else holder.elements


def _opening(tree: Tree, holder: Holder) -> int:
    """The start of a list, or of the arguments of a call."""
    return tree.span(holder.func)[1] if isinstance(holder, cst.Call) else tree.span(holder)[0]


def _is_reversed(tree: Tree, holder: Holder) -> bool:
    """Whether a list is read from its end (`[...][::-1]`, `reversed([...])`)."""
    above = tree.parent(holder)
    if isinstance(above, cst.Subscript):
        return above.value is holder and tree.text[slice(*tree.span(above))].endswith("[::-1]")
    call = tree.parent(above) if isinstance(above, cst.Arg) else None
    return isinstance(call, cst.Call) and tree.code(call.func) == "reversed"


def _place(task: Task, node: cst.CSTNode) -> Place | None:
    """The place of the layer whose expression is a node; `None` if it is not one of the move."""
    return next((place for place in task.every_place() if place.spot.node is node), None)


def _index(elements: Sequence[cst.BaseElement | cst.Arg], node: cst.CSTNode) -> int:
    return next(index for index, element in enumerate(elements) if element.value is node)


def as_expressions(task: Task, draft: Draft) -> None:
    """Exchange the expressions of layers in several lists, or in statements that add them."""
    places = task.every_place()
    if any(place.kind not in (Kind.ADDED, Kind.ELEMENT) for place in places) or task.move.splits:
        raise Refused("the layers are in different lists; put them into one")
    lines = common_lines([place.spot for place in places])
    if any(isinstance(lines.items[at].node, cst.If) for at in lines.places):
        raise Refused(IN_A_BLOCK)
    order = task.move.order
    codes = [place.spot.tree.text[slice(*place.spot.span)] for place in places]
    if order[0] != 0:
        new = places[order[0]]
        changed = moved_inputs(task.obstacles, places[0], new, (places[0].spot.span, new.spot.span))
        codes[0], codes[order[0]] = changed or (codes[0], codes[order[0]])
    for slot, payload in enumerate(order):
        draft.replace(places[slot].spot.tree, *places[slot].spot.span, codes[payload])


WAYS: Ranked = {
    Idiom.LISTED: ((10, in_one_list),),
    Idiom.ADDED: ((90, as_expressions),),
    Idiom.MIXED: ((10, as_expressions),),
}
