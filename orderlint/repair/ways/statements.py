"""Moves whole statements past others, and inserts new ones."""

from __future__ import annotations

from collections.abc import Sequence

from orderlint.records import record
from orderlint.repair.text.drafts import Draft, Refused
from orderlint.repair.text.lines import Added, Item, Render, permute
from orderlint.repair.text.names import is_movable
from orderlint.repair.text.reasons import BOUND_BETWEEN, IN_A_LOOP
from orderlint.repair.text.rows import rotated
from orderlint.repair.ways.inputs import moved_inputs
from orderlint.repair.ways.places import Kind, Lines, Place, adding_form, common_lines
from orderlint.repair.ways.reads import check_block
from orderlint.repair.ways.task import Idiom, Ranked, Task
from orderlint.source.python.syntax import leaves_iteration

__all__ = ["WAYS", "Lifted", "adding_statements", "shift"]


@record(frozen=True, slots=True)
class Lifted:
    """A layer inside a statement (`return norm(x)`) that gets its own statement before it.

    Attributes:
        code: Its own statement.
        rest: The other statement without the layer.
    """

    code: str
    rest: str

    def render(self, items: Sequence[Item]) -> Render:
        """Returns a function for the texts of the statements. The last one is replaced by the layer's own."""
        return lambda payload, slot: self.code if payload == len(items) - 1 else items[payload].code

    def behind(self, slot: Item) -> str:
        """The statement without the layer, which comes after all others."""
        return self.rest


def adding_statements(task: Task, draft: Draft) -> None:
    """Move a statement that adds a layer (`model.add(layer)`), or insert a new one."""
    lines = common_lines([place.spot for place in task.ends])
    added: Added | None = None
    if task.move.splits:
        added = task.split_off(draft).former(adding_form(task.last))
    shift(task, draft, lines, None, added)


def shift(
    task: Task, draft: Draft, lines: Lines, value: str | None, added: Added | None, lifted: Lifted | None = None
) -> None:
    """Move the first or last of some statements to the other end, and insert one.

    Args:
        task: The move.
        draft: Takes the edits.
        lines: The statements of the block. Its last two places are those of the first and last layer.
        value: The name of the value; `None` if the statements add layers.
        added: The new statement.
        lifted: The two parts of the last statement, if its layer gets its own statement.

    Raises:
        Refused: A name would be read before it is bound, or the statements cannot be moved.
    """
    first, last = lines.places[-2:]
    if first > last:
        raise Refused(IN_A_LOOP)
    items = _chain(task, lines) if lines.is_split else list(lines.items[first : last + 1])
    if added is not None:
        task.check_alone(items[-1], task.move.calls[-1])
    for up, down in _directions(task, items):
        moved, crossed = (items[-1], items[:-1]) if up else (items[0], items[1:])
        values = {value} if value else set()
        leaving = items[-1] if lifted is not None else None
        if (up or down) and (first == last or not is_movable(moved, crossed, values, leaving=leaving)):
            continue
        call = task.move.calls[-1 if up else 0]
        task.check_alone(moved, call)
        check_block(moved, task.syntax.spot(call.place), values)
        if up or down:
            task.check_alone(items[0 if up else -1], task.move.calls[0 if up else -1])
        place = 0 if task.move.up else len(items) - 1
        order = rotated(len(items), up, down)
        render = _render(task, items, order[0]) if lifted is None else lifted.render(items)
        end = len(items) - 1
        permute(
            draft, task.below_heading(items) if up else items, order, render, added=_added(place, added, end, lifted)
        )
        return
    if first == last:
        raise Refused("the layers are in one statement; write one layer per line")
    raise Refused(IN_A_LOOP if any(leaves_iteration(item.node) for item in items) else BOUND_BETWEEN)


def _added(place: int, added: Added | None, end: int, lifted: Lifted | None) -> dict[int, Added] | None:
    """The new statements by their places."""
    new = {place: added} if added is not None else {}
    if lifted is not None:
        before = new.get(end)
        new[end] = lifted.behind if before is None else lambda slot: _joined(slot, before(slot), lifted.rest)
    return new or None


def _joined(slot: Item, first: str, second: str) -> str:
    return f"{first}{slot.newline}{slot.indent}{second}"


def _render(task: Task, items: list[Item], first: int) -> Render | None:
    """The texts of statements if another layer comes first in a model; `None` if none changes."""
    if first == 0 or task.first.kind is not Kind.ADDED:
        return None
    places = task.every_place()
    old, new = (next((one for one in places if _is_in(one, items[at])), None) for at in (0, first))
    changed = moved_inputs(task.obstacles, old, new, (items[0].core, items[first].core)) if old is not None else None
    if changed is None:
        return None
    codes = dict(zip((0, first), changed, strict=True))
    return lambda payload, slot: codes.get(payload, items[payload].code)


def _is_in(place: Place, item: Item) -> bool:
    return item.tree is place.spot.tree and item.tree.holds(item.node, place.spot.node)


def _chain(task: Task, lines: Lines) -> list[Item]:
    """The statements of the layers, if they are in several cells."""
    if not (task.move.up or task.move.down):
        return [lines.items[lines.places[-1]]]
    own = common_lines([place.spot for place in task.every_place()])  # fewer cells than `lines`, maybe
    return [own.items[place] for place in dict.fromkeys(own.places)]


def _directions(task: Task, items: list[Item]) -> list[tuple[bool, bool]]:
    """The possible moves, up and down: of two neighbors, either one can pass the other."""
    up, down = task.move.up, task.move.down
    if len(task.move.calls) == 2 and len(items) == 2 and (up or down) and not task.move.splits:
        return [(up, down), (down, up)]
    return [(up, down)]


WAYS: Ranked = {Idiom.ADDED: ((10, adding_statements),)}
