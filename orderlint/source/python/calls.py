"""Calls: their arguments, and how functions of the analyzed code run."""

from __future__ import annotations

from functools import partial

import libcst as cst

from orderlint.catalog.customary import LENGTHENING
from orderlint.graph import Limit, Site
from orderlint.graph.guards import NEVER, Guard, union
from orderlint.source.python import containers, data_calls, dictionaries, draining, names, operations
from orderlint.source.python.argument_contents import is_given_layers, to_be_filled
from orderlint.source.python.defaults import default_of, open_parameter
from orderlint.source.python.inheritance import class_attribute
from orderlint.source.python.syntax import parameter_names
from orderlint.source.state.arguments import Arguments
from orderlint.source.state.frames import ClassObject, Frame, Function, Instance, Super
from orderlint.source.state.machine import Machine
from orderlint.source.state.values import (
    MISSING,
    NONE,
    Const,
    DictObject,
    Element,
    Sequence,
    Unknown,
    Value,
)
from orderlint.text.files import NodeSite

__all__ = ["call_method", "evaluate_call", "invoke", "spread", "takes_from_container"]

DEEPEST = 40
STEPS_TOO_DEEP = 4  # of a call that is too deep to follow: if each makes two more calls, half of all are such calls
MOST_ACTIVE = 3  # activations of one function at a time: deeper recursion is cut


def evaluate_call(m: Machine, node: cst.Call) -> Value:
    """Evaluate a call expression."""
    m.tick()
    if type(node.func) is cst.Name and node.func.value == "super":
        return _super(m, node)
    if type(node.func) is cst.Attribute and node.func.attr.value in LENGTHENING:
        _make_list(m, node.func.value, node)
    function = m.evaluate(node.func)
    arguments = _arguments(m, node)
    site = m.site(node)
    if takes_from_container(m, node.func):
        m.iterated.add(site)
    return m.call(function, arguments, site)


def _make_list(m: Machine, owner: cst.BaseExpression, call: cst.Call) -> None:
    """Make an unknown value a list if code adds to it: `sizes.append(None)`, `rest = sizes[1:]; rest.append(n)`."""
    value = names.own(m, owner.value) if type(owner) is cst.Name else _of_self(m, owner)
    if isinstance(value, Unknown) and (draining.is_cut(value) or all(map(_is_number, call.args))):
        m.assign(owner, m.new_list(containers.every(m, value)))


def _of_self(m: Machine, owner: cst.BaseExpression) -> Value | None:
    """The value of an attribute of an object of the project: `self.sizes`; `None` for another expression."""
    if type(owner) is not cst.Attribute or type(owner.value) is not cst.Name:
        return None
    return m.evaluate(owner) if isinstance(names.own(m, owner.value.value), Instance) else None


def _is_number(argument: cst.Arg) -> bool:
    """Whether an argument is a number, or the `None` that ends a list of numbers."""
    node = argument.value
    return isinstance(node, (cst.Integer, cst.Float)) or (type(node) is cst.Name and node.value == "None")


def takes_from_container(m: Machine, callee: cst.BaseExpression) -> bool:
    """Whether the callee is a varying element of a container, or a parameter."""
    if type(callee) is cst.Subscript:
        if _is_literal_index(callee) and not m.loops:  # a loop may also run `left.pop(0)` or `left = left[1:]`
            return _is_of_iterated(m, callee.value)
        return True
    if type(callee) is cst.Attribute:
        return _is_of_iterated(m, callee.value)
    if type(callee) is cst.Call:
        return _takes_one(callee) or _makes_one(m, callee)
    if type(callee) is not cst.Name:
        return False
    return callee.value in m.frame.iterated or callee.value in m.frame.parameters


def _takes_one(node: cst.Call) -> bool:
    """Whether a call returns one of several values: `getattr(self, f"drop{i}")`, `layers.pop(0)`, `next(layers)`."""
    if type(node.func) is cst.Attribute:
        return node.func.attr.value in ("pop", "popleft", "__next__")
    if type(node.func) is cst.Name and node.func.value == "next":
        return True
    return len(node.args) > 1 and type(node.args[1].value) is not cst.SimpleString


def _makes_one(m: Machine, node: cst.Call) -> bool:
    """Whether a call creates what a loop selects: `make[kind]()`, `make(kind)`, `for make in makers: … make()`."""
    if type(node.func) in (cst.Subscript, cst.Call):
        return takes_from_container(m, node.func)
    return any(_is_of_iterated(m, part) for part in (node.func, *(argument.value for argument in node.args)))


def _is_of_iterated(m: Machine, owner: cst.BaseExpression) -> bool:
    """Whether an expression is part of an element that a loop takes from a container (`block.drop`, `block[1]`)."""
    while isinstance(owner, (cst.Attribute, cst.Subscript)):
        owner = owner.value
    return type(owner) is cst.Name and owner.value in m.frame.iterated


def _is_literal_index(node: cst.Subscript) -> bool:
    """Whether a subscript always selects the same element: `norms[-1]`, `heads["a"]`."""
    index = node.slice[0].slice if len(node.slice) == 1 else None
    value = index.value if type(index) is cst.Index else None
    if type(value) is cst.UnaryOperation:
        value = value.expression
    return isinstance(value, (cst.Integer, cst.SimpleString))


def _arguments(m: Machine, node: cst.Call) -> Arguments:
    positional: list[Value] = []
    keywords: dict[str, Value] = {}
    unknown: list[Value] = []
    starred: list[Value] = []
    evaluate = m.evaluate
    for argument in node.args:
        value = evaluate(argument.value)
        star = argument.star
        if star == "":
            if argument.keyword is not None:
                keywords[argument.keyword.value] = value
            else:
                positional.append(value)
        elif star == "*":
            if isinstance(value, Unknown):
                unknown.append(value)
                starred.append(value)
            else:
                positional += [element.value for element in containers.iterate(m, value)]
        else:
            unknown += spread(m, value, keywords)
    return Arguments(positional, keywords, tuple(unknown), tuple(node.args), tuple(starred))


def spread(m: Machine, value: Value, keywords: dict[str, Value]) -> list[Value]:
    """Add the entries of `**value` to the keywords. Return what is not known of it."""
    if not isinstance(value, DictObject):
        return [value]
    for key in dictionaries.keys(m, value):
        if isinstance(key.value, Const) and isinstance(key.value.value, str):
            entry = m.read(value.uid, key.value)
            if entry is not MISSING:
                keywords[key.value.value] = entry
    others = m.read(value.uid, dictionaries.OTHERS)
    return [] if others is MISSING else [others]


def _super(m: Machine, node: cst.Call) -> Value:
    receiver = m.frame.receiver
    if node.args:
        owner = m.evaluate(node.args[0].value)
        if len(node.args) > 1:
            receiver = m.evaluate(node.args[1].value)
    else:
        owner = m.frame.function.owner or NONE if m.frame.function is not None else NONE
    if isinstance(owner, ClassObject) and receiver is not None:
        return Super(receiver, owner)
    return Super(receiver, receiver.cls) if isinstance(receiver, Instance) else m.fresh("super")


def call_method(m: Machine, owner: Instance, name: str, positional: list[Value]) -> Value | None:
    """Call a method that the class defines; return `None` if it does not define it."""
    method = class_attribute(m, owner.cls, name)
    if not isinstance(method, Function):
        return None
    return invoke(m, method, Arguments([owner, *positional]), owner.site, owner)


# -- functions --------------------------------------------------------------------------------------------------


def invoke(m: Machine, function: Function, arguments: Arguments, site: Site, receiver: Value | None = None) -> Value:
    """Run a function of the analyzed code with these arguments."""
    node = function.node
    if m.depth >= DEEPEST:
        m.fall_short(Limit.CALLS)
        m.tick(STEPS_TOO_DEEP)
    if m.depth >= DEEPEST or _recurs_without_end(m, node) or not _is_readable(function):
        return operations.unresolved(m, function, arguments, site, function.name)
    m.recorder.followed.add(node if site == m.top[1] else getattr(site, "node", None))
    frame = Frame(m.store.new_owner(), function.frame.scope, function.cell, function.frame, function)
    frame.receiver = receiver if receiver is not None else _first_argument(function, arguments)
    frame.background = m.frame.background or m.in_main
    if not frame.background:
        m.entered.add(node)
    _bind_parameters(m, function, frame, arguments)
    if node in m.tangled and m.has_no_layers(frame):
        return operations.unresolved(m, function, arguments, site, function.name)
    again = data_calls.repeated(m, frame)
    if again is not None:
        return again
    results: list[Value] = []

    def run() -> None:
        results.append(data_calls.run_first(m, frame, partial(_run, m, frame, node)))

    is_near = frame.scope is m.frame.scope or frame.scope is m.judged
    met = m.attempt(run, partial(m.has_no_layers, frame)) if is_near else m.share(run)
    if met is None:
        return results[0]
    result = operations.unresolved(m, function, arguments, site, function.name)
    if m.has_no_layers(frame):
        m.tangled.add(node)
        return result
    if is_given_layers(m, frame):
        m.fall_short(met)
    else:
        m.doubts.note(met, result, frame.receiver)
    m.leave_open(to_be_filled(m, (*arguments.positional, *arguments.keywords.values())))
    return result


def _recurs_without_end(m: Machine, node: cst.CSTNode) -> bool:
    """Whether a function already called itself several times, and no known test decided that it does so again."""
    times, first_path = m.active.get(node, (0, m.path))
    return times >= MOST_ACTIVE and m.path is not first_path


def _is_readable(function: Function) -> bool:
    """Whether libcst can parse the body of a function. Python's own parser, which found it, accepts a little more."""
    return isinstance(function.node, cst.Lambda) or function.cell.body(function.node) is not None


def _first_argument(function: Function, arguments: Arguments) -> Value | None:
    """The value of `self` if a method is called through its class (`Base.__init__(self)`)."""
    return arguments.positional[0] if function.owner is not None and arguments.positional else None


def _run(m: Machine, frame: Frame, node: cst.FunctionDef | cst.Lambda) -> Value:
    reached = m.path
    with m.entering(frame):
        m.loops, m.in_main, m.defining = (), False, None
        m.depth += 1
        times, first_path = m.active.get(node, (0, reached))
        m.active = {**m.active, node: (times + 1, first_path)}
        if frame.scope is m.judged:
            m.own = (frame.function.name if frame.function is not None else "", NodeSite(frame.cell, node))
        if isinstance(node, cst.Lambda):
            return m.evaluate(node.body)
        m.run_block(frame.cell.body(node) or ())
        return _result(m, frame, reached)


def _result(m: Machine, frame: Frame, reached: Guard) -> Value:
    returns = list(frame.returns)
    if m.path is not NEVER:
        returns.append((m.path, NONE))
    m.path = union(guard for guard, _ in returns)
    if frame.yields:
        return m.new_list(Element(value, guard, m.site(node)) for guard, value, node in frame.yields)
    if not returns:
        return m.fresh("raised")
    if len(returns) == 1:
        return returns[0][1]
    return m.choose([(guard.given(reached), value) for guard, value in returns])  # it is only used where the call runs


def _bind_parameters(m: Machine, function: Function, frame: Frame, arguments: Arguments) -> None:
    parameters = function.node.params
    positional = [p.name.value for p in (*parameters.posonly_params, *parameters.params)]
    keywords = dict(arguments.keywords)
    rest = list(arguments.positional)
    frame.parameters = parameter_names(parameters)
    for name in frame.parameters:
        if name in positional and rest and name not in keywords:
            value = rest.pop(0)
        elif name in keywords:
            value = keywords.pop(name)
        elif arguments.may_hold(name):
            value = open_parameter(m, function, name, ("spread", arguments.unknown, name))
        else:
            default = default_of(m, function, name)
            value = m.unknown(("not given", function.name, name, frame.uid)) if default is None else default
        m.store.write(frame.uid, name, value)
    _bind_rest(m, parameters, frame, rest, keywords, arguments)


def _rest(m: Machine, known: list[Value], starred: tuple[Value, ...]) -> Value:
    """The value of `*args`: the remaining positional arguments, and unknown ones that are passed on with a star."""
    if not known and len(starred) == 1:
        return starred[0]
    more = [element for value in starred for element in containers.iterate(m, value)]
    return Sequence((*map(Element, known), *more))


def _bind_rest(
    m: Machine,
    parameters: cst.Parameters,
    frame: Frame,
    rest: list[Value],
    keywords: dict[str, Value],
    given: Arguments,
) -> None:
    if type(parameters.star_arg) is cst.Param:
        m.store.write(frame.uid, parameters.star_arg.name.value, _rest(m, rest, given.starred))
    if parameters.star_kwarg is not None:
        made = dictionaries.new_dict(m)
        for name, value in keywords.items():
            dictionaries.set_entry(m, made, Const(name), value)
        function = frame.function.node if frame.function is not None else None
        taken = [parameter.name.value for parameter in (*parameters.params, *parameters.kwonly_params)]
        for value in given.unknown:
            lacks = (*taken, *value.lacks) if isinstance(value, Unknown) else taken
            dictionaries.set_entry(m, made, value, m.unknown(("rest", value, function), lacks=lacks))
        m.store.write(frame.uid, parameters.star_kwarg.name.value, made)
