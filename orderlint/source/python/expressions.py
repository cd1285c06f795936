"""Evaluates expressions to abstract values."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, partial
from typing import Any

import libcst as cst

from orderlint.source.python import (
    attributes,
    by_name,
    calls,
    comprehensions,
    containers,
    dictionaries,
    imports,
    list_items,
    names,
    operations,
    pieces,
    readings,
    settings,
    texts,
    truth,
    unknown_keys,
)
from orderlint.source.state.frames import Function, Instance
from orderlint.source.state.machine import Machine
from orderlint.source.state.values import (
    MISSING,
    NONE,
    Choice,
    Condition,
    Const,
    DictObject,
    Element,
    External,
    Namespace,
    Unknown,
    Value,
    alternatives,
    restrict,
    sequence,
)
from orderlint.text.parsing import literal

__all__ = ["assign", "evaluate", "index_of"]


def evaluate(m: Machine, node: cst.BaseExpression) -> Value:
    """The value of an expression in the current scope."""
    evaluator = _EVALUATORS.get(type(node))
    if evaluator is None:
        return m.fresh("expression")
    return evaluator(m, node)


_KEYWORDS = {"None": NONE, "True": Const(True), "False": Const(False)}


def _name(m: Machine, node: cst.Name) -> Value:
    value = _KEYWORDS.get(node.value) or names.read(m, node.value)
    if type(value) in readings.NOTED:
        readings.note(m, node, value)
    return value


def _attribute(m: Machine, node: cst.Attribute) -> Value:
    value = evaluate(m, node.value)
    if isinstance(value, Choice):
        found = m.each(value, lambda one: m.attribute(one, node.attr.value, node.value))
    else:
        found = m.attribute(value, node.attr.value, node.value)
    if type(found) in readings.NOTED:
        readings.note(m, node, found)
    return found


def _call(m: Machine, node: cst.Call) -> Value:
    value = calls.evaluate_call(m, node)
    if type(value) in readings.NOTED:
        readings.note(m, node, value)
    elif readings.reads_all_variables(node):
        readings.note_all(m, node)
    return value


def _constant(m: Machine, node: cst.Integer | cst.Float | cst.Imaginary | cst.SimpleString) -> Value:
    return _literal(node.value) or m.fresh("literal", scalar=True)


@lru_cache(maxsize=4096)
def _literal(text: str) -> Const | None:
    try:
        return Const(literal(text))
    except ValueError:  # an integer that is too long to convert, or a bad escape
        return None


def _joined_string(m: Machine, node: cst.FormattedString) -> Value:
    return texts.join(m, [_part(m, part) for part in node.parts])


def _part(m: Machine, part: cst.BaseFormattedStringContent) -> Value:
    if isinstance(part, cst.FormattedStringText):
        return Const(part.value)
    if not isinstance(part, cst.FormattedStringExpression):
        return m.fresh("text", scalar=True)
    value = m.evaluate(part.expression)
    spec = [one.value for one in part.format_spec or () if isinstance(one, cst.FormattedStringText)]
    if part.equal is not None or len(spec) < len(part.format_spec or ()):
        return m.fresh("text", scalar=True)
    return texts.one(m, value, "".join(spec), part.conversion or "")


def _concatenated(m: Machine, node: cst.ConcatenatedString) -> Value:
    return operations.binary(m, "+", evaluate(m, node.left), evaluate(m, node.right), m.site(node))


def _elements(m: Machine, nodes: Any) -> list[Element]:
    elements: list[Element] = []
    for item in nodes:
        value = evaluate(m, item.value)
        if isinstance(item, cst.StarredElement):
            elements += containers.iterate(m, value)
        else:
            elements.append(Element(value, site=m.site(item.value)))
    return elements


def _tuple(m: Machine, node: cst.Tuple) -> Value:
    return containers.Sequence(tuple(_elements(m, node.elements)))


def _list(m: Machine, node: cst.List | cst.Set) -> Value:
    return m.new_list(_elements(m, node.elements))


def _set(m: Machine, node: cst.Set) -> Value:
    # `{{choice([...])}}` is not a set in a set, which Python does not allow: Hyperas inserts one of the values.
    inner = node.elements[0].value if len(node.elements) == 1 else None
    if isinstance(inner, cst.Set) and len(inner.elements) == 1:
        return m.evaluate(inner.elements[0].value)
    return _list(m, node)


def _dict(m: Machine, node: cst.Dict) -> Value:
    made = dictionaries.new_dict(m)
    for item in node.elements:
        if isinstance(item, cst.DictElement):
            dictionaries.set_entry(m, made, evaluate(m, item.key), evaluate(m, item.value))
        else:
            dictionaries.update(m, made, evaluate(m, item.value))
    return made


def _lambda(m: Machine, node: cst.Lambda) -> Value:
    function = Function(node, "<lambda>", m.frame, m.frame.cell, defaults(m, node.params))
    m.functions.append(function)
    m.capture()
    readings.note_later(m, function, "soon")
    return function


def defaults(m: Machine, parameters: cst.Parameters) -> dict[str, Value]:
    """The default values of a function, evaluated at its definition."""
    every = (*parameters.posonly_params, *parameters.params, *parameters.kwonly_params)
    return {p.name.value: evaluate(m, p.default) for p in every if p.default is not None}


def _if_expression(m: Machine, node: cst.IfExp) -> Value:
    guard = truth.holds(m, node.test)
    return m.under([(guard, lambda: evaluate(m, node.body)), (~guard, lambda: evaluate(m, node.orelse))])


def _boolean(m: Machine, node: cst.BooleanOperation) -> Value:
    left = evaluate(m, node.left)
    holds = truth.of(m, left)
    guard = holds if isinstance(node.operator, cst.And) else ~holds
    right: list[Value] = []

    def other() -> Value:
        right.append(evaluate(m, node.right))
        return right[0]

    value = m.under([(guard, other), (~guard, lambda: left)])
    if right and isinstance(left, Unknown) and isinstance(right[0], Unknown) and left != right[0]:
        return Choice(((guard, right[0]), (~guard, left)))  # each one is tested separately later
    return value


def _unary(m: Machine, node: cst.UnaryOperation) -> Value:
    value = evaluate(m, node.expression)
    if isinstance(node.operator, cst.Not):
        return Condition(~truth.of(m, value))
    return operations.unary(m, type(node.operator).__name__, value, m.site(node))


def _binary(m: Machine, node: cst.BinaryOperation) -> Value:
    # A long chain of operators is nested to the left, so a stack replaces recursion.
    chain: list[cst.BinaryOperation] = []
    first: cst.BaseExpression = node
    while isinstance(first, cst.BinaryOperation):
        chain.append(first)
        first = first.left
    value = evaluate(m, first)
    for link in reversed(chain):
        m.tick()
        right = evaluate(m, link.right)
        value = operations.binary(m, operations.symbol(link.operator), value, right, m.site(link))
    return value


def _comparison(m: Machine, node: cst.Comparison) -> Value:
    return truth.compare(m, node)


def slice_bounds(m: Machine, node: cst.Slice) -> list[Value]:
    """The bounds of `[lower:upper:step]`; `NONE` for a missing one."""
    return [evaluate(m, bound) if bound is not None else NONE for bound in (node.lower, node.upper, node.step)]


def _subscript(m: Machine, node: cst.Subscript) -> Value:
    value = settings.as_data(m, evaluate(m, node.value))
    if len(node.slice) == 1 and isinstance(node.slice[0].slice, cst.Index):
        index = evaluate(m, node.slice[0].slice.value)
        return m.each(value, lambda one: m.each(index, lambda at: _item(m, one, settings.as_data(m, at))))
    if len(node.slice) == 1 and isinstance(node.slice[0].slice, cst.Slice):
        parts = slice_bounds(m, node.slice[0].slice)
        return m.each(value, lambda one: list_items.cut(m, one, parts))
    indices = index_of(m, node)
    return m.each(value, lambda one: _many_items(m, one, indices))


def index_of(m: Machine, node: cst.Subscript) -> Value | None:
    """The index in `container[i]`, a tuple for `container[1, i]`; `None` if it contains slices."""
    parts = [element.slice for element in node.slice]
    found = [evaluate(m, part.value) for part in parts if isinstance(part, cst.Index)]
    if len(found) < len(parts):
        return None
    return found[0] if len(found) == 1 else sequence(*found)


def _many_items(m: Machine, container: Value, indices: Value | None) -> Value:
    if isinstance(container, DictObject) and indices is not None:
        return _item(m, container, indices)
    return containers.many_items(m, container)


def _item(m: Machine, container: Value, index: Value) -> Value:
    if isinstance(container, Instance):
        found = calls.call_method(m, container, "__getitem__", [index])
        return found or m.unknown(("item", container, index))
    if isinstance(container, Namespace):
        return by_name.read(m, container.owner, index)
    if container == External("sys.modules") and isinstance(index, Const):
        return imports.module(m, str(index.value))
    if isinstance(container, DictObject) and isinstance(index, Unknown) and pieces.is_text(index):
        return unknown_keys.latest(m, container, index, lambda: _by_text(m, container, index))
    return containers.item(m, container, index)


def _by_text(m: Machine, container: DictObject, index: Unknown) -> Value:
    """The entry of a key that is a partly unknown text: a choice of entries if it may be one of a few texts."""
    return m.each(texts.possible(m, index), lambda key: containers.item(m, container, key))


def _named(m: Machine, node: cst.NamedExpr) -> Value:
    value = evaluate(m, node.value)
    assert isinstance(node.target, cst.Name)
    names.bind(m, node.target.value, value, from_comprehension=True)
    return value


def _await(m: Machine, node: cst.Await) -> Value:
    return evaluate(m, node.expression)


def _yield(m: Machine, node: cst.Yield) -> Value:
    if isinstance(node.value, cst.From):
        for element in containers.iterate(m, evaluate(m, node.value.item)):
            m.frame.yields.append((m.path & element.guard, element.value, node))
    elif node.value is not None:
        m.frame.yields.append((m.path, evaluate(m, node.value), node))
    return m.fresh("sent")


# -- assignment -----------------------------------------------------------------------------------------------


def assign(m: Machine, target: cst.BaseExpression, value: Value) -> None:
    """Bind a target: a name, an attribute, an item, or a nested tuple of targets."""
    if type(target) is cst.Name:
        names.bind(m, target.value, value)
    elif isinstance(target, cst.Attribute):
        owner = evaluate(m, target.value)
        name = target.attr.value
        for guard, one in alternatives(restrict(owner, m.path)):
            m.when(guard, partial(attributes.write, m, one, name, value))
    elif isinstance(target, cst.Subscript):
        owner = evaluate(m, target.value)
        if len(target.slice) == 1 and isinstance(target.slice[0].slice, cst.Slice):
            bounds = slice_bounds(m, target.slice[0].slice)
            for guard, one in alternatives(restrict(owner, m.path)):
                m.when(guard, partial(list_items.set_cut, m, one, bounds, value))
            return
        key = index_of(m, target)
        if key is not None:
            for guard, one in alternatives(restrict(owner, m.path)):
                m.when(guard, partial(_set_item, m, one, key, value))
    elif isinstance(target, (cst.Tuple, cst.List)):
        _unpack(m, target.elements, value)
    elif isinstance(target, cst.StarredElement):
        assign(m, target.value, value)


def _set_item(m: Machine, container: Value, key: Value, value: Value) -> None:
    if isinstance(container, Namespace):
        by_name.write(m, container.owner, key, value)
    else:
        list_items.set_item(m, container, key, value)


def _unpack(m: Machine, targets: Any, value: Value) -> None:
    starred = next((i for i, t in enumerate(targets) if isinstance(t, cst.StarredElement)), None)
    count = len(targets)
    options = value.alternatives if isinstance(value, Choice) else ((m.path, value),)
    columns: list[list[tuple[Any, Value]]] = [[] for _ in targets]
    for guard, option in options:
        if guard.meets(m.path) and option is not MISSING:
            for column, part in zip(columns, containers.unpack(m, option, count, starred), strict=True):
                column.append((guard, part))
    for target, column in zip(targets, columns, strict=True):
        part = m.choose(column) if column else m.fresh("unpacked")
        assign(m, target.value, part)


_EVALUATORS: dict[type[cst.CSTNode], Callable[[Machine, Any], Value]] = {
    cst.Name: _name,
    cst.Attribute: _attribute,
    cst.Call: _call,
    cst.Integer: _constant,
    cst.Float: _constant,
    cst.Imaginary: _constant,
    cst.SimpleString: _constant,
    cst.FormattedString: _joined_string,
    cst.ConcatenatedString: _concatenated,
    cst.Tuple: _tuple,
    cst.List: _list,
    cst.Set: _set,
    cst.Dict: _dict,
    cst.Lambda: _lambda,
    cst.IfExp: _if_expression,
    cst.BooleanOperation: _boolean,
    cst.UnaryOperation: _unary,
    cst.BinaryOperation: _binary,
    cst.Comparison: _comparison,
    cst.Subscript: _subscript,
    cst.NamedExpr: _named,
    cst.Await: _await,
    cst.Yield: _yield,
    cst.ListComp: comprehensions.elements,
    cst.SetComp: comprehensions.elements,
    cst.GeneratorExp: comprehensions.elements,
    cst.DictComp: comprehensions.dictionary,
}
