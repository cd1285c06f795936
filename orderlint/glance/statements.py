"""Statements, run on all paths at once."""

from __future__ import annotations

import ast
import contextlib
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from orderlint.glance import computed, containers, definitions, expressions, imports
from orderlint.glance.frames import Names, joined
from orderlint.glance.lists import Dict, List, Tail
from orderlint.glance.things import NOTHING, UNKNOWN, is_plain, one
from orderlint.glance.unsure import Unsure
from orderlint.glance.values import widened

if TYPE_CHECKING:
    from orderlint.glance.machine import Machine

__all__ = ["run_block"]

MOST_TURNS = 12  # of a loop, until what its names stand for is settled


def run_block(g: Machine, body: Sequence[ast.stmt]) -> None:
    """Run statements, one after the other."""
    for statement in body:
        if g.frame.names is None:
            return
        g.tick()
        _RUN[type(statement)](g, statement)


def _expression(g: Machine, node: ast.Expr) -> None:
    g.peek(node.value)


def _assign(g: Machine, node: ast.Assign) -> None:
    value = g.evaluate(node.value)
    for target in node.targets:
        containers.assign(g, target, value)


def _annotated(g: Machine, node: ast.AnnAssign) -> None:
    if node.value is not None:
        containers.assign(g, node.target, g.evaluate(node.value))


def _augmented(g: Machine, node: ast.AugAssign) -> None:
    """`target += value`."""
    held = g.peek(node.target)
    given = g.evaluate(node.value)
    changed = frozenset(thing for thing in held if type(thing) in (List, Dict))

    def longer(thing: Any) -> Any:
        made = expressions.binary(g, node.op, one(thing), given) if thing in changed else NOTHING
        return next((each.told_by(thing.token) for each in made if type(each) in (List, Dict)), None)

    if changed and is_plain(held - changed):
        containers.update(g, node.target, longer, given)
        return
    for thing in changed:
        g.changed_elsewhere(thing.token, one(longer(thing) or thing))
    containers.assign(g, node.target, expressions.binary(g, node.op, held, given))


def _return(g: Machine, node: ast.Return) -> None:
    value = g.peek(node.value) if node.value is not None else g.none
    g.frame.returned.append(value)
    g.frame.left.append(g.frame.names or {})
    g.frame.names = None


def _raise(g: Machine, node: ast.Raise) -> None:
    g.frame.names = None


def _pass(g: Machine, node: ast.stmt) -> None:
    pass


def _if(g: Machine, node: ast.If) -> None:
    is_true = g.decide(node.test)
    before = g.frame.names
    assert before is not None
    if is_true is None:
        g.look_through(before)
        start = dict(before)
        with g.branching():
            run_block(g, node.body)
            after = g.frame.names
            g.frame.names = start
            run_block(g, node.orelse)
        g.frame.names = joined((after, g.frame.names))
    else:
        run_block(g, node.body if is_true else node.orelse)


def _for(g: Machine, node: ast.For | ast.AsyncFor) -> None:
    iterable = g.peek(node.iter)
    lists = containers.unrolled(iterable)
    if lists is None:
        element = containers.element(g, iterable)
        _loop(g, node.body, node.orelse, lambda: containers.assign(g, node.target, element))
    elif len(lists) == 1:
        _unrolled(g, node, lists[0])
    else:
        _one_of(g, node, lists)


def _one_of(g: Machine, node: ast.For | ast.AsyncFor, lists: Sequence[Tail]) -> None:
    """A loop over one of several lists."""
    start, ends = dict(g.frame.names or {}), []
    for elements in lists:
        g.look_through(start)
        g.frame.names = dict(start)
        with g.branching():
            _unrolled(g, node, elements)
        ends.append(g.frame.names)
    g.frame.names = joined(ends)


def _unrolled(g: Machine, node: ast.For | ast.AsyncFor, elements: Tail) -> None:
    """A loop over elements that are known, one after the other, each with whether it may not be there."""
    exits: list[Names | None] = []
    for value, may_miss in elements:
        if g.frame.names is None:
            break
        g.look_through(g.frame.names)
        before = dict(g.frame.names) if may_miss else None
        with g.branching() if exits or may_miss else contextlib.nullcontext():
            containers.assign(g, node.target, value)
            ended, broken = _turn(g, node.body)
        exits += broken
        g.frame.names = joined((before, ended))
    if g.frame.names is not None:
        run_block(g, node.orelse)
    g.frame.names = joined((g.frame.names, *exits))


def _turn(g: Machine, body: Sequence[ast.stmt]) -> tuple[Names | None, list[Names]]:
    """One turn: what names stand for at its end or where it goes on, and where the loop is left."""
    g.frame.broken += [[], []]
    run_block(g, body)
    continued, broken = g.frame.broken.pop(), g.frame.broken.pop()
    return joined((g.frame.names, *continued)), broken


def _loop(g: Machine, body: Sequence[ast.stmt], orelse: Sequence[ast.stmt], begin: Any) -> None:
    """A loop with any number of turns."""
    exits: list[Names] = []
    head = g.frame.names
    assert head is not None
    for _ in range(MOST_TURNS):
        g.look_through(head)
        g.frame.names, num_changes = dict(head), g.num_changes
        with g.branching(), g.looping():
            begin()
            ended, broken = _turn(g, body)
        exits += broken
        after = joined((head, ended), widened)
        assert after is not None
        if after == head and g.num_changes == num_changes:
            break
        head = after
    else:
        raise Unsure("a loop that does not settle")
    g.frame.names = dict(head)
    run_block(g, orelse)
    g.frame.names = joined((g.frame.names, *exits))


def _while(g: Machine, node: ast.While) -> None:
    _loop(g, node.body, node.orelse, lambda: g.peek(node.test))


def _break(g: Machine, node: ast.Break) -> None:
    _leave(g, -2)


def _continue(g: Machine, node: ast.Continue) -> None:
    _leave(g, -1)


def _leave(g: Machine, place: int) -> None:
    if g.frame.names is not None and g.frame.broken:
        g.frame.broken[place].append(g.frame.names)
    g.frame.names = None


def _try(g: Machine, node: ast.Try) -> None:
    start = dict(g.frame.names or {})
    g.look_through(start, 1 + len(node.handlers))
    with g.branching():
        run_block(g, node.body)
        run_block(g, node.orelse)
        after = [g.frame.names]
        caught = joined((start, g.frame.names))
        for handler in node.handlers:
            g.frame.names = dict(caught or {})
            if handler.name:
                g.frame.names[handler.name] = UNKNOWN
            run_block(g, handler.body)
            after.append(g.frame.names)
    g.frame.names = joined(after)
    if node.finalbody:
        is_over = g.frame.names is None
        g.frame.names = dict(caught or {}) if is_over else g.frame.names
        run_block(g, node.finalbody)
        g.frame.names = None if is_over else g.frame.names


def _with(g: Machine, node: ast.With | ast.AsyncWith) -> None:
    for item in node.items:
        value = g.evaluate(item.context_expr)
        if item.optional_vars is not None:
            containers.assign(g, item.optional_vars, value)
    run_block(g, node.body)


def _delete(g: Machine, node: ast.Delete) -> None:
    for target in node.targets:
        if isinstance(target, ast.Name):
            if g.frame.names is not None:
                g.frame.names.pop(target.id, None)
        elif isinstance(target, ast.Subscript):
            containers.taken_out(g, target.value, target.slice)
        elif isinstance(target, ast.Attribute):
            computed.delete(g, g.peek(target.value), target.attr)


def _global(g: Machine, node: ast.Global) -> None:
    g.frame.shared.update(dict.fromkeys(node.names, g.frame.globals))


def _nonlocal(g: Machine, node: ast.Nonlocal) -> None:
    for name in node.names:
        frame = g.frame.parent
        while frame is not None and (frame.is_class or name not in (frame.names or {})):
            frame = frame.parent
        if frame is None:
            raise Unsure("nonlocal")
        g.frame.shared[name] = frame


def _unusual(g: Machine, node: ast.stmt) -> None:
    raise Unsure(type(node).__name__)


_RUN: dict[type[ast.stmt], Any] = {
    ast.Expr: _expression,
    ast.Assign: _assign,
    ast.AnnAssign: _annotated,
    ast.AugAssign: _augmented,
    ast.Return: _return,
    ast.Raise: _raise,
    ast.Pass: _pass,
    ast.Assert: _pass,
    ast.If: _if,
    ast.For: _for,
    ast.AsyncFor: _for,
    ast.While: _while,
    ast.Break: _break,
    ast.Continue: _continue,
    ast.Try: _try,
    ast.With: _with,
    ast.AsyncWith: _with,
    ast.Delete: _delete,
    ast.Global: _global,
    ast.Nonlocal: _nonlocal,
    ast.FunctionDef: definitions.function,
    ast.AsyncFunctionDef: definitions.function,
    ast.ClassDef: definitions.class_,
    ast.Import: imports.import_names,
    ast.ImportFrom: imports.import_from,
}
for _kind in (getattr(ast, name, None) for name in ("Match", "TryStar", "TypeAlias")):
    if _kind is not None:
        _RUN[_kind] = _unusual
