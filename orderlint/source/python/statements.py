"""Runs statements."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import libcst as cst

from orderlint.graph.guards import ALWAYS, NEVER, Guard
from orderlint.source.python import (
    attributes,
    by_name,
    calls,
    classes,
    containers,
    dictionaries,
    expressions,
    imports,
    list_items,
    loops,
    names,
    operations,
    patterns,
    raising,
    readings,
    truth,
    whiles,
)
from orderlint.source.python.decorators import decorated
from orderlint.source.python.syntax import dotted, is_main_guard, target_names
from orderlint.source.state.frames import Function
from orderlint.source.state.machine import Machine
from orderlint.source.state.values import (
    MISSING,
    NONE,
    DictObject,
    ListObject,
    Namespace,
    Tensor,
    Value,
)

__all__ = ["run"]

MOST_REMEMBERED = 6  # conditions in a check that are kept for all code after it


def run(m: Machine, node: cst.CSTNode) -> None:
    """Run one statement or block."""
    m.tick()
    runner = _RUNNERS.get(type(node))
    if runner is not None:
        runner(m, node)


def _simple_line(m: Machine, node: cst.SimpleStatementLine | cst.SimpleStatementSuite | cst.IndentedBlock) -> None:
    if len(node.body) == 1 and m.path is not NEVER:
        run(m, node.body[0])  # no other statement follows on paths that this one leaves
    else:
        m.run_block(node.body)


# -- small statements -------------------------------------------------------------------------------------------


def _expression(m: Machine, node: cst.Expr) -> None:
    known = len(m.recorder.calls)
    value = expressions.evaluate(m, node.value)
    if isinstance(value, Tensor) and value.node >= known:
        m.recorder.drop_if_boundary(value.node)  # `show(x)`: an unused result is not part of the network


def _assign(m: Machine, node: cst.Assign) -> None:
    value = expressions.evaluate(m, node.value)
    for target in node.targets:
        expressions.assign(m, target.target, value)
    is_taken = type(node.value) in (cst.Subscript, cst.Call) and calls.takes_from_container(m, node.value)
    if is_taken or m.loops:  # in a loop, this may be `layer, *left = left`
        kind = cst.Name if is_taken else cst.Tuple
        m.frame.iterated.update(*(target_names(t.target) for t in node.targets if type(t.target) is kind))


def _annotated(m: Machine, node: cst.AnnAssign) -> None:
    if node.value is not None:
        expressions.assign(m, node.target, expressions.evaluate(m, node.value))


def _augmented(m: Machine, node: cst.AugAssign) -> None:
    sign = operations.symbol(node.operator)
    old = expressions.evaluate(m, node.target)
    value = expressions.evaluate(m, node.value)
    if sign == "+" and isinstance(old, ListObject) and not m.is_array(old):
        m.append(old.uid, *containers.iterate(m, value))
        return
    if sign == "|" and isinstance(old, DictObject):
        dictionaries.update(m, old, value)
        return
    expressions.assign(m, node.target, operations.binary(m, sign, old, value, m.site(node), is_in_place=True))


def _return(m: Machine, node: cst.Return) -> None:
    value = expressions.evaluate(m, node.value) if node.value is not None else NONE
    m.frame.returns.append((m.path, value))
    m.path = NEVER


def _raise(m: Machine, node: cst.Raise) -> None:
    readings.note_within(m, node)
    m.refuse()
    m.path = NEVER


def _break(m: Machine, node: cst.Break) -> None:
    if m.loops:
        m.loops[-1].broken = m.loops[-1].broken | m.path
    m.path = NEVER


def _continue(m: Machine, node: cst.Continue) -> None:
    if m.loops:
        m.loops[-1].continued = m.loops[-1].continued | m.path
    m.path = NEVER


def _assert(m: Machine, node: cst.Assert) -> None:
    test = truth.holds(m, node.test)
    # A check of shapes is not kept as a condition: no layer depends on it on any path, and there are many such checks.
    if m.conditions.is_of_tensors(test) or not m.path.meets(test):
        return
    m.refuse(unless=test)
    if not _is_wide(m, test):
        m.path = m.path & test


def _is_wide(m: Machine, test: Guard) -> bool:
    """Whether a check has so many conditions that the code after it runs as if it had never failed. The error is noted.

    Refused paths are left out of the graph after everything was recorded. If each later layer carried the conditions,
    there would be no room for others: `assert n == len(units) == len(rates)`, where each list may be its default. An
    error that is caught is not noted.
    """
    return test.inner.bit_count() > MOST_REMEMBERED and not m.caught


def _delete(m: Machine, node: cst.Del) -> None:
    targets = node.target.elements if type(node.target) is cst.Tuple else [node]
    for item in targets:
        target = item.value if isinstance(item, cst.BaseElement) else node.target
        if type(target) is cst.Attribute:
            m.each(expressions.evaluate(m, target.value), partial(_delete_attribute, m, target.attr.value))
        if type(target) is not cst.Subscript:
            continue
        owner, part = expressions.evaluate(m, target.value), target.slice[0].slice
        if type(part) is cst.Slice and len(target.slice) == 1:
            bounds = expressions.slice_bounds(m, part)
            m.each(owner, partial(_delete_cut, m, bounds))
            continue
        key = expressions.index_of(m, target)
        if key is not None:
            m.each(owner, partial(_delete_item, m, key))


def _delete_attribute(m: Machine, name: str, owner: Value) -> Value:
    attributes.delete(m, owner, name)
    return NONE


def _delete_item(m: Machine, key: Value, owner: Value) -> Value:
    if isinstance(owner, Namespace):
        by_name.delete(m, owner.owner, key)
    else:
        list_items.delete(m, owner, key)
    return NONE


def _delete_cut(m: Machine, bounds: list[Value], owner: Value) -> Value:
    list_items.delete_cut(m, owner, bounds)
    return NONE


def _global(m: Machine, node: cst.Global) -> None:
    for item in node.names:
        m.frame.shared[item.name.value] = m.frame.globals


def _nonlocal(m: Machine, node: cst.Nonlocal) -> None:
    for item in node.names:
        name = item.name.value
        frame = m.frame.parent
        while frame is not None and m.store.read(frame.uid, name) is MISSING:
            frame = frame.parent
        if frame is not None:
            m.frame.shared[name] = frame


# -- branches ---------------------------------------------------------------------------------------------------


def _if(m: Machine, node: cst.If) -> None:
    if is_main_guard(node) and m.frame.parent is None:
        m.mains.append((m.frame, m.frame.cell, node))
        if node.orelse is not None:
            run(m, node.orelse)
        return
    guard = truth.holds(m, node.test)
    if _only_raises(node.body) and _is_passed(m, ~guard):
        if node.orelse is not None:
            run(m, node.orelse)
        return
    m.under([(guard, _block(m, node.body)), (~guard, _block(m, node.orelse))])


def _is_passed(m: Machine, test: Guard) -> bool:
    """Whether the code after an `if` that only raises runs as if it had never raised, as for `assert`.

    Args:
        m: The machine.
        test: The condition under which it does not raise.
    """
    if m.conditions.is_of_tensors(test):
        return True
    if not _is_wide(m, test) or not m.path.meets(test):
        return False
    m.refuse(unless=test)
    return True


def _only_raises(block: cst.BaseSuite) -> bool:
    """Whether a block only raises an error. It may first build the message."""
    parts: list[cst.CSTNode] = []
    for line in block.body:
        parts += line.body if type(line) is cst.SimpleStatementLine else (line,)
    makes_up = all(isinstance(part, (cst.Assign, cst.Expr)) for part in parts[:-1])
    return bool(parts) and isinstance(parts[-1], cst.Raise) and makes_up


def _block(m: Machine, node: cst.CSTNode | None) -> Callable[[], Value]:
    def arm() -> Value:
        if node is not None:
            run(m, node)
        return NONE

    return arm


def _else(m: Machine, node: cst.Else) -> None:
    run(m, node.body)


def _try(m: Machine, node: cst.Try | cst.TryStar) -> None:
    if _starts_with_import(node.body):
        run(m, node.body)
    else:
        _try_arms(m, node)
    if node.finalbody is not None:
        run(m, node.finalbody.body)


def _starts_with_import(block: cst.BaseSuite) -> bool:
    """Whether a block starts with an import. Then it is assumed to succeed."""
    first = block.body[0] if block.body else None
    if type(first) is cst.SimpleStatementLine:
        return isinstance(first.body[0], (cst.Import, cst.ImportFrom))
    return isinstance(first, (cst.Import, cst.ImportFrom))


def _try_arms(m: Machine, node: cst.Try | cst.TryStar) -> None:
    arms: list[tuple[Guard, Callable[[], Value]]] = []
    rest = ALWAYS
    for handler in node.handlers:
        known = raising.when_raised(m, node, handler)
        raised = m.conditions.opaque(("raised", m.store.new_owner())) if known is None else known
        arms.append((rest & raised, _block(m, handler.body)))
        rest = rest & ~raised

    def body() -> Value:
        with m.entering(m.frame):
            m.caught = m.caught or bool(node.handlers)
            m.in_order([partial(run, m, part) for part in (node.body, node.orelse) if part is not None])
        return NONE

    m.under([*arms, (rest, body)])


def _with(m: Machine, node: cst.With) -> None:
    for item in node.items:
        value = expressions.evaluate(m, item.item)
        if item.asname is not None:
            expressions.assign(m, item.asname.name, value)
    run(m, node.body)


def _match(m: Machine, node: cst.Match) -> None:
    subject = expressions.evaluate(m, node.subject)
    arms: list[tuple[Guard, Callable[[], Value]]] = []
    rest = ALWAYS
    for case in node.cases:
        guard = patterns.matches(m, case.pattern, subject)
        if case.guard is not None:
            patterns.capture(m, case.pattern, subject)
            guard = guard & truth.holds(m, case.guard)
        arms.append((rest & guard, _case(m, case, subject)))
        rest = rest & ~guard
    m.under([*arms, (rest, lambda: NONE)])


def _case(m: Machine, case: cst.MatchCase, subject: Value) -> Callable[[], Value]:
    def arm() -> Value:
        patterns.capture(m, case.pattern, subject)
        run(m, case.body)
        return NONE

    return arm


def _for(m: Machine, node: cst.For) -> None:
    loops.run_for(m, node)


def _while(m: Machine, node: cst.While) -> None:
    whiles.run_while(m, node)


# -- definitions ------------------------------------------------------------------------------------------------


def _function(m: Machine, node: cst.FunctionDef) -> None:
    wrapper = None
    for decorator in node.decorators:
        name = dotted(decorator.decorator).rpartition(".")[2]
        if name in ("staticmethod", "classmethod", "property", "cached_property"):
            wrapper = "property" if name == "cached_property" else name
        elif name == "setter":
            return
    values = expressions.defaults(m, node.params)
    function = Function(node, node.name.value, m.frame, m.frame.cell, values, m.defining, wrapper)
    m.functions.append(function)
    m.capture()
    names.bind(m, node.name.value, decorated(m, node.decorators, function))


def _class(m: Machine, node: cst.ClassDef) -> None:
    names.bind(m, node.name.value, decorated(m, node.decorators, classes.define(m, node)))


def _import(m: Machine, node: cst.Import) -> None:
    imports.import_names(m, node)


def _import_from(m: Machine, node: cst.ImportFrom) -> None:
    imports.import_from(m, node)


_RUNNERS: dict[type[cst.CSTNode], Callable[[Machine, Any], None]] = {
    cst.SimpleStatementLine: _simple_line,
    cst.SimpleStatementSuite: _simple_line,
    cst.IndentedBlock: _simple_line,
    cst.Expr: _expression,
    cst.Assign: _assign,
    cst.AnnAssign: _annotated,
    cst.AugAssign: _augmented,
    cst.Return: _return,
    cst.Raise: _raise,
    cst.Break: _break,
    cst.Continue: _continue,
    cst.Assert: _assert,
    cst.Del: _delete,
    cst.Global: _global,
    cst.Nonlocal: _nonlocal,
    cst.Import: _import,
    cst.ImportFrom: _import_from,
    cst.If: _if,
    cst.Else: _else,
    cst.Try: _try,
    cst.TryStar: _try,
    cst.With: _with,
    cst.Match: _match,
    cst.For: _for,
    cst.While: _while,
    cst.FunctionDef: _function,
    cst.ClassDef: _class,
}
