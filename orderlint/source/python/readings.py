"""Notes which expressions of the judged file read the outputs of layers, whatever they do with them.

The graph only contains layers. If a value is returned, kept in a list, or passed to a call that is not visible, the
graph has no edge for that. But a repair must not change such a value.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import libcst as cst

from orderlint.source.python.syntax import given_names, target_names
from orderlint.source.state.frames import Frame, Function
from orderlint.source.state.machine import Machine
from orderlint.source.state.values import MISSING, Choice, Tensor, Value, alternatives
from orderlint.text.walking import children, walk

__all__ = ["NOTED", "free_names", "note", "note_all", "note_later", "note_within", "reads_all_variables"]

NOTED = frozenset({Tensor, Choice, Function})
"""The kinds of values that are noted."""
_READING_ALL = frozenset({"dir", "eval", "exec", "globals", "locals", "vars"})
"""Builtins that may read any variable."""


def note(m: Machine, node: cst.BaseExpression, value: Value) -> None:
    """Note an expression whose value is the output of a layer, or a function that may read one."""
    if m.frame.scope is not m.judged:
        return
    for _, option in alternatives(value):
        if type(option) is Tensor:
            m.recorder.read(node, "now", option.node)
        elif type(option) is Function and option.frame.function is not None:
            note_later(m, option, "soon")


def reads_all_variables(node: cst.BaseExpression) -> bool:
    """Whether an expression may read all variables (`locals()`)."""
    return isinstance(node, cst.Call) and isinstance(node.func, cst.Name) and node.func.value in _READING_ALL


def note_later(m: Machine, function: Function, moment: str) -> None:
    """Note what a function can read from the variables around it, with their current values. Unseen code may call it.

    Args:
        m: The machine.
        function: The function.
        moment: When that is: `soon`, where it is passed on, or `late`, after everything was run. Readings are only
            compared with those of the same moment, because a difference at one moment could hide a difference at the
            other.
    """
    if function.frame.scope is not m.judged:
        return
    if function.node not in m.free:
        m.free[function.node] = tuple(free_names(function.node))
    for name in m.free[function.node]:
        for _, option in alternatives(_value(m, function.frame, name.value)):
            if type(option) is Tensor:
                m.recorder.read(name, moment, option.node)


def note_all(m: Machine, node: cst.BaseExpression) -> None:
    """Note that an expression may read all variables of the current scope (`locals()`)."""
    for _, value in m.store.of(m.frame.uid):
        note(m, node, value)


def note_within(m: Machine, node: cst.CSTNode) -> None:
    """Note the values of the names in a statement that is not evaluated."""
    for one in walk(node):
        if isinstance(one, cst.Name):
            note(m, one, _value(m, m.frame, one.value))


def _value(m: Machine, frame: Frame | None, name: str) -> Value:
    """The value of a name in a frame or in the enclosing ones."""
    while frame is not None:
        value = m.read(frame.uid, name)
        if value is not MISSING and not frame.is_class:
            return value
        frame = frame.parent
    return MISSING


def free_names(function: cst.FunctionDef | cst.Lambda) -> Iterator[cst.Name]:
    """The names that a function reads and does not bind itself, according to its text."""
    own = set(given_names(function.params))
    if isinstance(function, cst.FunctionDef):
        shared = {item.name.value for one in walk(function.body) for item in _shared(one)}
        own |= {name for one in walk(function.body) for name in _bound(one)} - shared
    stack: list[cst.CSTNode] = [function.body]
    while stack:
        one = stack.pop()
        if isinstance(one, cst.Name):
            if one.value not in own:
                yield one
        elif isinstance(one, (cst.Attribute, cst.Arg)):
            stack.append(one.value)
        else:
            stack += children(one)


def _shared(node: cst.CSTNode) -> Sequence[cst.NameItem]:
    """The names that a statement declares to belong to an enclosing scope."""
    return node.names if isinstance(node, (cst.Global, cst.Nonlocal)) else ()


def _bound(node: cst.CSTNode) -> set[str]:
    """The names that a node binds."""
    if isinstance(node, (cst.AssignTarget, cst.AnnAssign, cst.AugAssign, cst.For, cst.NamedExpr, cst.CompFor)):
        return target_names(node.target)
    if isinstance(node, (cst.FunctionDef, cst.ClassDef)):
        return {node.name.value}
    if isinstance(node, cst.Param):
        return {node.name.value}
    return set()
