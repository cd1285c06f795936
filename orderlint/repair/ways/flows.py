"""Moves layers that are applied in expressions."""

from __future__ import annotations

from collections.abc import Sequence

import libcst as cst

from orderlint.repair.text.blanks import span_without
from orderlint.repair.text.drafts import Draft, Refused
from orderlint.repair.text.lines import Added, Item, permute
from orderlint.repair.text.names import bound_names, is_movable, read_names, rename_after, suggests_layer
from orderlint.repair.text.reasons import BOUND_BETWEEN, IN_A_BLOCK, TOO_TANGLED
from orderlint.repair.text.rows import rotated
from orderlint.repair.text.syntax import bare_name
from orderlint.repair.ways.flow import Application, application, applications, permute_callees, wrap
from orderlint.repair.ways.places import Lines, common_lines
from orderlint.repair.ways.statements import Lifted, shift
from orderlint.repair.ways.task import Idiom, Ranked, Task

__all__ = [
    "WAYS",
    "after_layer",
    "as_callees",
    "as_rows",
    "as_statements",
    "carried_down",
    "lifted_out",
    "taken_in",
    "taken_out",
]


def after_layer(task: Task, draft: Draft) -> None:
    """Apply an inline activation as a layer after the only layer that follows it."""
    norm = application(task.last.spot)
    lines = common_lines([place.spot for place in task.ends])
    item = lines.items[lines.places[-1]]
    if not item.is_compound:
        _apply_after(task, draft, norm, item)
        return
    value = _rebound(norm)
    task.check_alone(item, task.last.call)
    new = task.split_off(draft)
    permute(draft, [item], [0], added={0: new.former(f"{value} = {{}}({value})")})


def _rebound(app: Application) -> str:
    """The name of a value that a statement reads and binds again (`x = layer(x)`).

    Raises:
        Refused: It binds another name.
    """
    if app.target is None or app.source != app.target.value:
        raise Refused(
            "the normalization is in a block and assigns its output to another name; use the same name (`x = norm(x)`)"
        )
    return app.target.value


def _apply_after(task: Task, draft: Draft, norm: Application, item: Item) -> None:
    new = task.split_off(draft)
    if norm.target is not None and not isinstance(norm.data, cst.Call):
        permute(draft, [item], [0], added={0: new.former(norm.rebound)})
        return
    wrap(draft, task.last.spot, new.code)
    if new.comments.every:
        text = "".join(f"{item.indent}{line}{item.newline}" for line in new.comments.every)
        draft.insert(item.tree, item.start, text)


def as_statements(task: Task, draft: Draft) -> None:
    """Move a statement `x = layer(x)` past others that pass on `x`."""
    lines = common_lines([place.spot for place in task.ends])
    value = _passing_value(task, lines)
    added: Added | None = None
    if task.move.splits:
        added = task.split_off(draft).former(application(task.last.spot).rebound)
    shift(task, draft, lines, value, added)


def lifted_out(task: Task, draft: Draft) -> None:
    """Move a statement `x = layer(x)` past one that does more (`return norm(x)`). That one then only reads `x`."""
    lines = common_lines([place.spot for place in task.ends])
    first, last = application(task.first.spot), application(task.last.spot)
    item = lines.items[lines.places[-1]]
    value = first.source if task.move.down or task.move.up else last.source
    if value is None or item.is_compound or item.is_shared or lines.is_split:
        raise Refused(TOO_TANGLED)
    if last.source != value and (not task.move.down or bare_name(first.target) != value):
        raise Refused(TOO_TANGLED)
    tree = last.tree
    start, end = tree.span(last.node)
    before, behind = tree.text[item.core[0] : start], tree.text[end : item.core[1]]
    if value in read_names(item.node.deep_replace(last.node, cst.Name("_"))):
        raise Refused(TOO_TANGLED)
    lifted = Lifted(f"{value} = {tree.text[start:end]}", f"{before}{value}{behind}")
    added = task.split_off(draft).former(f"{value} = {{}}({value})") if task.move.splits else None
    shift(task, draft, lines, value, added, lifted)


def _passing_value(task: Task, lines: Lines) -> str:
    """The name that the moved statement reads and binds again, if the value has it at the new place, too.

    Raises:
        Refused: There is no such name.
    """
    first, last = application(task.first.spot), application(task.last.spot)
    if task.move.down:
        moved, flows = first, bare_name(last.target)
    elif task.move.up:
        moved, flows = last, first.source
    else:
        moved, flows = last, bare_name(last.target)
    value = bare_name(moved.target)
    moves = task.move.up or task.move.down
    if value is None or flows != value or (moves and moved.source != value):
        raise Refused(TOO_TANGLED)
    if lines.items[lines.places[-1]].is_compound and last.source != value:
        raise Refused(IN_A_BLOCK)
    return value


def taken_out(task: Task, draft: Draft) -> None:
    """Move the outermost layer of an expression to a new statement after another one."""
    if task.move.splits or (task.move.up and len(task.move.calls) > 2):
        raise Refused(TOO_TANGLED)
    outer, after = application(task.first.spot), application(task.last.spot)
    lines = common_lines([place.spot for place in task.ends])
    item = lines.items[lines.places[-1]]
    value = bare_name(after.target)
    if outer.target is None or not isinstance(outer.data, cst.Call) or value is None:
        raise Refused(TOO_TANGLED)
    if item.is_compound and (after.source != value or value != outer.target.value):
        raise Refused(IN_A_BLOCK)
    head, tail = (outer.tree.text[slice(*span)] for span in (outer.head, outer.tail))
    draft.replace(outer.tree, *outer.head, "")
    draft.replace(outer.tree, *outer.tail, "")
    permute(draft, [item], [0], added={0: lambda slot: f"{value} = {head}{value}{tail}"})


def as_rows(task: Task, draft: Draft) -> None:
    """Exchange the layers of statements with one layer each, with their comments.

    Names that suggest their layers move with them. Other names stay where they are.
    """
    places = task.every_place()
    chain = applications([place.spot for place in places])
    lines = common_lines([place.spot for place in places])
    items = [lines.items[place] for place in lines.places]
    if any(item.is_compound for item in items) or not all(app.is_whole for app in chain):
        raise Refused(TOO_TANGLED)
    order = task.move.order
    targets = [bare_name(app.target) for app in chain]
    outs = _outs(task, targets)
    ins = [chain[0].tree.code(chain[0].data), *(str(name) for name in outs[:-1])]
    _check_bound(task, lines, chain)
    added: dict[int, Added] = {}
    if task.move.splits:
        value = outs[task.move.added]
        if value is None:
            raise Refused(TOO_TANGLED)
        added[task.move.added] = task.split_off(draft).former(f"{value} = {{}}({value})")
    if outs[-1] != targets[-1]:
        own = [item.node for item in items]
        rename_after(draft, task.syntax, items[-1], str(targets[-1]), str(outs[-1]), own)

    def render(payload: int, slot: int) -> str:
        return _statement(chain[slot], items[slot], chain[payload], ins[slot], outs[slot])

    permute(draft, task.below_heading(items), order, render, added)


def carried_down(task: Task, draft: Draft) -> None:
    """Move a statement `x = layer(x)` after one that assigns to another name: `y = norm(x)`, `y = layer(y)`."""
    if not task.move.down or task.move.splits:
        raise Refused(TOO_TANGLED)
    moved, last = application(task.first.spot), application(task.last.spot)
    value, new = bare_name(moved.target), bare_name(last.target)
    if value is None or moved.source != value or new in (None, value) or not (moved.is_whole and last.is_whole):
        raise Refused(TOO_TANGLED)
    lines = common_lines([place.spot for place in task.ends])
    first, end = lines.places[-2:]
    items = list(lines.items[first : end + 1])
    if first >= end or lines.is_split or items[0].is_compound or items[-1].is_compound or items[0].is_shared:
        raise Refused(TOO_TANGLED)
    if not is_movable(items[0], items[1:], {value, str(new)}):
        raise Refused(BOUND_BETWEEN)
    code = _statement(moved, items[0], moved, str(new), new)
    order = rotated(len(items), up=False, down=True)
    permute(draft, items, order, lambda payload, slot: code if payload == 0 else items[payload].code)


def _outs(task: Task, targets: Sequence[str | None]) -> Sequence[str | None]:
    """The names of the values of the statements after the move: in the old order, or moved with their layers."""
    outs = targets if not _suggest_layers(task, targets) else [targets[payload] for payload in task.move.order]
    if None in outs[:-1] or (outs[-1] is None) != (targets[-1] is None):
        raise Refused(TOO_TANGLED)
    return outs


def _statement(slot: Application, item: Item, app: Application, source: str, target: str | None) -> str:
    """The statement of a place with the layer of another one.

    Args:
        slot: The application at the place.
        item: Its statement.
        app: The other application.
        source: The new input.
        target: The new name of the output, if it has one.
    """
    text = slot.tree.text
    start, end = slot.tree.span(slot.node)
    before, behind = text[item.core[0] : start], text[end : item.core[1]]
    if slot.target is not None and target is not None:
        name = slot.tree.span(slot.target)
        before = text[item.core[0] : name[0]] + target + text[name[1] : start]
    head, tail = (app.tree.text[slice(*span)] for span in (app.head, app.tail))
    return f"{before}{head}{source}{tail}{behind}"


def _suggest_layers(task: Task, targets: Sequence[str | None]) -> bool:
    """Whether different names suggest which layers their values come from."""
    names = [name for name in targets if name is not None]
    return len(set(names)) == len(names) and any(
        name is not None and suggests_layer(name, call.steps[0].role, call.layer)
        for name, call in zip(targets, task.move.calls, strict=True)
    )


def _check_names(task: Task, chain: Sequence[Application]) -> None:
    """Check that no value gets a name that suggests another layer.

    Raises:
        Refused: One would.
    """
    for slot, payload in enumerate(task.move.order):
        name = bare_name(chain[slot].target)
        call = task.move.calls[slot]
        rebound = any(name == app.source == bare_name(app.target) for app in chain)
        if name and slot != payload and not rebound and suggests_layer(name, call.steps[0].role, call.layer):
            raise Refused(f"`{name}` would have the value of another layer; change the order by hand")


def _check_bound(task: Task, lines: Lines, chain: Sequence[Application]) -> None:
    """Check that no layer's expression moves past a statement that binds a name that it reads.

    Raises:
        Refused: One would.
    """
    values = {bare_name(app.target) for app in chain} | {app.source for app in chain}
    for slot, payload in enumerate(task.move.order):
        moved = chain[payload]
        reads = read_names(moved.node) - read_names(moved.data)
        low, high = sorted((lines.places[slot], lines.places[payload]))
        if any(reads & bound_names(item.node) - values for item in lines.items[low : high + 1]):
            raise Refused(BOUND_BETWEEN)


def as_callees(task: Task, draft: Draft) -> None:
    """Exchange layers with their arguments, in nested calls or in statements of any form."""
    places = task.every_place()
    chain = applications([place.spot for place in places])
    if any(app.statement is not chain[0].statement for app in chain):
        lines = common_lines([place.spot for place in places])
        if any(lines.items[place].is_compound for place in lines.places):
            raise Refused(IN_A_BLOCK)
        _check_bound(task, lines, chain)
        _check_names(task, chain)
    added = None
    if task.move.splits:
        added = (task.move.added, task.split_off(draft).code)
    permute_callees(draft, chain, task.move.order, added)


def taken_in(task: Task, draft: Draft) -> None:
    """Remove a statement `y = layer(x)`, and apply its layer to the expression of another."""
    if task.move.splits or (task.move.up and len(task.move.calls) > 2):
        raise Refused(TOO_TANGLED)
    places = task.every_place()
    chain = applications([place.spot for place in places])
    lines = common_lines([place.spot for place in places])
    first, last = (lines.items[lines.places[at]] for at in (0, -1))
    moved, around = chain[0], chain[-1]
    if first.is_compound or last.is_compound or first.is_shared or first is last or moved.target is None:
        raise Refused(TOO_TANGLED)
    _check_bound(task, lines, chain)
    tree = moved.tree
    draft.replace(tree, *span_without(first), "")
    draft.replace(tree, *tree.full_span(chain[1].data), tree.code(moved.data))
    head, tail = (tree.text[slice(*span)] for span in (moved.head, moved.tail))
    start, end = around.tree.span(around.node)
    draft.insert(around.tree, start, head)
    draft.insert(around.tree, end, tail)
    comments = [*first.lead.splitlines(), first.trail.lstrip("; ")]
    text = "".join(f"{last.indent}{line.strip()}{last.newline}" for line in comments if line.strip())
    if text:
        draft.insert(last.tree, last.start, text)


WAYS: Ranked = {
    Idiom.APPLIED: (
        (10, as_statements),
        (20, taken_out),
        (30, carried_down),
        (40, as_rows),
        (50, as_callees),
        (60, taken_in),
        (70, lifted_out),
    ),
    Idiom.INLINE: ((10, after_layer),),
}
