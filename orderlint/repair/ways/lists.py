"""Moves layers that are elements of lists."""

from __future__ import annotations

from typing import TYPE_CHECKING

from orderlint.repair.net.moves import rotated
from orderlint.repair.text.drafts import Draft, Refused
from orderlint.repair.text.elements import Added, permute_slots, slots_of
from orderlint.repair.ways.places import Kind
from orderlint.repair.ways.task import Task

if TYPE_CHECKING:
    import libcst as cst

__all__ = ["as_expressions", "in_one_list"]


def in_one_list(task: Task, draft: Draft) -> None:
    """Elements of one list change places, and a new one is put in."""
    holder = task.first.holder
    assert holder is not None
    tree = task.first.spot.tree
    start, end = _index(holder, task.first.spot.node), _index(holder, task.last.spot.node)
    if start > end:
        raise Refused("the layers stand in a loop")
    slots = slots_of(tree, holder.elements, tree.span(holder)[0])[start : end + 1]
    added: dict[int, Added] = {}
    if task.move.splits:
        new = task.split_off(draft)
        added[0 if task.move.up else len(slots) - 1] = (new.code, new.comments)
    permute_slots(draft, slots, rotated(len(slots), task.move.up, task.move.down), added)


def _index(holder: cst.List | cst.Tuple, node: cst.CSTNode) -> int:
    return next(index for index, element in enumerate(holder.elements) if element.value is node)


def as_expressions(task: Task, draft: Draft) -> None:
    """Layers in several lists or statements that add them: the expressions change places."""
    places = task.every_place()
    if any(place.kind not in (Kind.ADDED, Kind.ELEMENT) for place in places) or task.move.splits:
        raise Refused("the layers stand in different lists; put them into one")
    for slot, payload in enumerate(task.move.order):
        target, source = places[slot].spot, places[payload].spot
        draft.replace(target.tree, *target.span, source.tree.text[slice(*source.span)])
