"""Statements, run on all paths at once."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from orderlint.glance import computed, containers, definitions, expressions, imports, loops, paths
from orderlint.glance.lists import Dict, List
from orderlint.glance.things import NOTHING, UNKNOWN, is_plain, one
from orderlint.glance.unsure import Unsure

if TYPE_CHECKING:
    from orderlint.glance.machine import Machine

__all__ = ["run_block"]


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
        return next((each.with_token(thing.token) for each in made if type(each) in (List, Dict)), None)

    if changed and is_plain(held - changed):
        containers.update(g, node.target, longer, given)
        return
    for thing in changed:
        g.changed_elsewhere(thing.token, one(longer(thing) or thing))
    containers.assign(g, node.target, expressions.binary(g, node.op, held, given, is_in_place=True))


def _return(g: Machine, node: ast.Return) -> None:
    value = g.peek(node.value) if node.value is not None else g.none
    g.frame.returned.append(value)
    g.frame.left.append(paths.leave(g))


def _raise(g: Machine, node: ast.Raise) -> None:
    g.frame.names = None


def _pass(g: Machine, node: ast.stmt) -> None:
    pass


def _if(g: Machine, node: ast.If) -> None:
    is_true = g.decide(node.test)
    if is_true is not None:
        run_block(g, node.body if is_true else node.orelse)
        return
    start = paths.fork(g)
    run_block(g, node.body)
    after = paths.here(g)
    paths.go_to(g, start)
    run_block(g, node.orelse)
    paths.meet(g, after, paths.here(g))


def _try(g: Machine, node: ast.Try) -> None:
    start = paths.fork(g)
    g.look_through(start.names, len(node.handlers))
    with g.branching():
        run_block(g, node.body)
        run_block(g, node.orelse)
        after = [paths.here(g)]
        caught = paths.anywhere_since(g, start)
        for handler in node.handlers:
            begin = paths.copied(caught)
            if handler.name:
                begin.names[handler.name] = UNKNOWN
            paths.go_to(g, begin)
            run_block(g, handler.body)
            after.append(paths.here(g))
    paths.meet(g, *after)
    if node.finalbody:
        is_over = g.frame.names is None
        if is_over:
            paths.go_to(g, caught)
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
    ast.For: loops.run_for,
    ast.AsyncFor: loops.run_for,
    ast.While: loops.run_while,
    ast.Break: lambda g, node: loops.leave(g, goes_on=False),
    ast.Continue: lambda g, node: loops.leave(g, goes_on=True),
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
