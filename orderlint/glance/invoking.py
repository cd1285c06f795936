"""Calls of functions of the project and of unknown values, and runs of functions that nothing calls."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from orderlint.glance import paths
from orderlint.glance.arguments import Given
from orderlint.glance.frames import Frame, joined
from orderlint.glance.lists import CHANGEABLE, Dict, List
from orderlint.glance.things import ANY, DATA, NOTHING, UNKNOWN, Function, Instance, Thing, Value, is_plain, one, only
from orderlint.glance.unsure import Unsure
from orderlint.glance.values import holds_any, join, num_tensors

if TYPE_CHECKING:
    from orderlint.glance.machine import Machine

__all__ = ["invoke", "invoke_any", "method_of", "open_arguments", "run_by_itself", "unresolved"]

MOST_DISTINGUISHED = 2  # nested calls of one function that are distinguished by their numbers and texts
MOST_DISTINGUISHED_RUNS = 8  # of one function that are distinguished by widths and the names of layers
DEEPEST_RECURSION = 8  # nested calls of one function
MOST_RUNS = 4  # of one call
MOST_RECURSIONS = 4  # runs of a recursive call, until its result settles


def unresolved(g: Machine, given: Given) -> Value:
    """Call something unknown. If it is applied to tensors, the call is a boundary."""
    g.consume(given.every)
    is_any = any(map(holds_any, given.every))
    has_tensor = any(thing.has_tensor for value in given.every for thing in value)
    g.num_layers += is_any or has_tensor
    if is_any:
        return join(g.fresh, DATA)
    if not has_tensor:
        return DATA
    return g.fresh if any(map(num_tensors, given.every)) else join(g.fresh, DATA)


def invoke(g: Machine, function: Function, given: Given, receiver: Thing = None) -> Value:
    """Call a function of the project. Equal calls run once.

    After some runs, calls that only differ in widths and the names of layers are equal.
    """
    tokens = {thing.token for value in given.every for thing in value if type(thing) in CHANGEABLE}
    tokens.discard(None)
    known, key = _known(g, function, given)
    if known is None and receiver is None and _is_run_often(g, function.node):
        given = given.coarse
        known, key = _known(g, function, given)
    if known is None:
        result, kept, is_lasting = _run_once(g, function, given, receiver, tokens)
        g.num_runs[function.node] += 1
        if any(type(thing) is Instance for thing in result):
            g.makers.add(function.node)
        if key is not None and is_lasting:
            g.known[key] = result, kept
    else:
        result, kept = known
    g.shared |= kept
    return result


def _is_run_often(g: Machine, node: ast.AST) -> bool:
    """Whether a function was run often. Functions that return objects do not count: these would become one object."""
    return g.num_runs[node] >= MOST_DISTINGUISHED_RUNS and node not in g.makers


def _known(g: Machine, function: Function, given: Given) -> tuple[tuple[Value, frozenset[object]] | None, object]:
    """The result of an equal call, if there was one, and the key of such calls; `None` if they may differ."""
    key = (function, given.key) if _is_lasting(g, function.frame) else None
    return (g.known.get(key), key) if key is not None else (None, None)


def _run_once(
    g: Machine, function: Function, given: Given, receiver: Thing, tokens: set[object]
) -> tuple[Value, frozenset[object], bool]:
    """Return the result of a call, the tokens of arguments that have a new name now, and whether equal calls agree."""
    depth = sum(1 for other, _ in g.under_way if other == function)
    if g.is_blurred or depth > MOST_DISTINGUISHED:
        given = given.blurred
    mark = (function, given.key)
    if mark in g.under_way:
        g.recursive.add(mark)
        return g.assumed.get(mark, NOTHING), frozenset(), True
    if depth > DEEPEST_RECURSION:
        raise Unsure("a recursion")
    lent, began = tokens - g.lent, len(g.known)
    g.under_way.add(mark)
    g.lent |= lent
    try:
        result, is_lasting = _settled(g, function, given, receiver)
        for number in range(MOST_RECURSIONS):
            assumed = g.assumed.get(mark, NOTHING)
            if mark not in g.recursive or result <= assumed:
                break
            is_last = number == MOST_RECURSIONS - 2
            g.assumed[mark] = UNKNOWN if is_plain(result) else ANY if is_last else join(result, assumed)
            g.forget_calls(began)  # they used a result that was too small
            result, is_lasting = _settled(g, function, given, receiver)
            if g.assumed[mark] in (UNKNOWN, ANY):
                result = join(result, g.assumed[mark])
                break
    finally:
        g.under_way.discard(mark)
        g.lent -= lent
    returned = {thing.token for thing in result if type(thing) in CHANGEABLE}
    return result, frozenset(tokens & (returned | g.shared)), is_lasting


def _settled(g: Machine, function: Function, given: Given, receiver: Thing) -> tuple[Value, bool]:
    """Run a call until what it read stays the same. Return its result, and whether equal calls return the same."""
    for _ in range(MOST_RUNS):
        before, run = g.state(), g.begin_run()
        result = _run(g, function, given, receiver)
        g.end_run()
        if not run.is_stale or g.runs_again:
            break
        g.back_to(before)
    else:
        g.is_stale = True
    return result, run.is_lasting


def _is_lasting(g: Machine, frame: Frame | None) -> bool:
    """Whether the names of the scopes around a function no longer change."""
    while frame is not None and frame is not frame.globals:
        if not frame.is_done:
            return frame.is_class and _is_lasting(g, frame.parent)
        frame = frame.parent
    return True


def _run(g: Machine, function: Function, given: Given, receiver: Thing) -> Value:
    frame = g.scope((function, given.key), function.frame.module, function.frame)
    frame.receiver = receiver
    frame.owner = function.owner
    frame.names = _bound(g, function, given)
    node = function.node
    with g.entering(frame):
        if isinstance(node, ast.Lambda):
            frame.returned.append(g.evaluate(node.body))
        else:
            g.run_block(node.body)
            if frame.names is not None:
                frame.returned.append(g.none)
        paths.meet(g, paths.here(g), *frame.left)
    _end(g, frame)
    return one(List((), join(*frame.yielded))) if frame.yielded else join(*frame.returned)


def _end(g: Machine, frame: Frame) -> None:
    """Complete the scope of a run: functions in it may be called. Equal runs define the same functions."""
    names = frame.names or {}
    frame.names = joined((frame.before, names)) if frame in g.ended else names
    frame.is_done = True
    g.ended[frame] = None
    g.is_anew(frame, frame.before, frame.names)


def _bound(g: Machine, function: Function, given: Given) -> dict[str, Value]:
    """The values of the parameters of a function."""
    arguments = function.node.args
    positional = [parameter.arg for parameter in (*arguments.posonlyargs, *arguments.args)]
    names = dict(zip(positional, given.positional))  # noqa: B905
    rest = given.positional[len(positional) :]
    known = {*positional, *(parameter.arg for parameter in arguments.kwonlyargs)}
    others: dict[str, Value] = {}
    for name, value in given.keywords.items():
        (names if name in known else others)[name] = value
    for name in known - names.keys():
        default = function.defaults.get(name, UNKNOWN)
        names[name] = join(default, given.more, given.maybe.get(name, NOTHING))
    g.share(*rest, *others.values(), *given.maybe.values())  # `args` or `kwargs` holds them
    if arguments.vararg is not None:
        names[arguments.vararg.arg] = one(List(tuple(rest), given.more))
    if arguments.kwarg is not None:
        maybe = {name: value for name, value in given.maybe.items() if name not in known}
        token = g.token(("keywords", function.node))
        names[arguments.kwarg.arg] = one(Dict({**maybe, **others}, given.more, token, frozenset(maybe)))
    return names


def run_by_itself(g: Machine, function: Function, receiver: Value | None = None) -> Value:
    """Run a function that is not known to be used."""
    given = open_arguments(function, bound=receiver is not None)
    if receiver is None:
        return invoke(g, function, given)
    result = NOTHING
    for thing in receiver:
        result = join(result, invoke(g, function, given.after(one(thing)), thing))
    return result


def open_arguments(function: Function, *, bound: bool = True) -> Given:
    """Arguments that are unknown, or the defaults of the parameters.

    Args:
        function: The function.
        bound: Whether its first parameter is bound already.
    """
    arguments = function.node.args
    parameters = [parameter.arg for parameter in (*arguments.posonlyargs, *arguments.args)][int(bound) :]
    keywords = [parameter.arg for parameter in arguments.kwonlyargs]
    values = {name: join(UNKNOWN, function.defaults.get(name, NOTHING)) for name in (*parameters, *keywords)}
    has_more = arguments.vararg is not None or arguments.kwarg is not None
    more = UNKNOWN if has_more else NOTHING
    return Given([values[name] for name in parameters], {name: values[name] for name in keywords}, more)


def invoke_any(g: Machine, found: Value, given: Given, receiver: Thing) -> Value:
    """Call each function that a method may be, since a decorator may return one of several.

    For the analysis, the object may then have no method of its own.
    """
    results = [invoke(g, method_of(one(thing)), given, receiver) for thing in found]
    return join(*results, unresolved(g, given) if len(results) > 1 else NOTHING)


def method_of(found: Value) -> Function:
    """The function that was found as a method of a class."""
    function = only(found, Function)
    if function is None:
        raise Unsure("an unusual method")
    return function  # type: ignore[no-any-return]
