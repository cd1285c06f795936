"""Definitions of functions and classes, with their decorators."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from orderlint.glance import attributes, binding, invoking
from orderlint.glance.arguments import Given
from orderlint.glance.things import ANY, Bound, Class, External, Function, Instance, Partial, Thing, Value, one, only
from orderlint.glance.values import join

if TYPE_CHECKING:
    from orderlint.glance.machine import Machine

__all__ = ["class_", "function", "lambda_"]

_WRAPPERS = {
    "builtins.staticmethod": "staticmethod",
    "builtins.classmethod": "classmethod",
    "builtins.property": "property",
    "functools.cached_property": "property",
    "abc.abstractproperty": "property",
}

_OWN = (Function, Bound, Class, Instance)
_OF_PROPERTIES = frozenset({"setter", "deleter", "getter"})

_OF_MEMBERS = frozenset({"__call__", "__init__", "__new__"})  # methods that create or call members


def function(g: Machine, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
    """`def name(...):`."""
    names = [_name_of(g, decorator) for decorator in node.decorator_list]
    wrapper = next((_WRAPPERS[name] for name in names if name in _WRAPPERS), "")
    made = _made(g, node, wrapper)
    if not any(isinstance(each, ast.Attribute) and each.attr in _OF_PROPERTIES for each in node.decorator_list):
        after = partial(_replaced, made=made)
        binding.bind(g, node.name, _decorated(g, node.decorator_list, made, after))


def _name_of(g: Machine, decorator: ast.expr) -> str:
    thing = only(g.peek(decorator), External) if isinstance(decorator, (ast.Name, ast.Attribute)) else None
    return thing.name if thing is not None else ""


def _decorated(g: Machine, decorators: list[ast.expr], made: Thing, replaced: Callable[[Value, Value], Value]) -> Value:
    """A definition after the decorators of the project. Those of libraries are assumed to leave it unchanged.

    Args:
        g: The machine.
        decorators: The decorators in the order of the code; the last one is called first.
        made: The function or class that is defined.
        replaced: Combines a value with what a decorator returned for it.
    """
    value = one(made)
    for decorator in reversed(decorators):
        makes = g.peek(decorator.func if isinstance(decorator, ast.Call) else decorator)
        if makes & ANY:
            return ANY
        if any(isinstance(thing, _OWN) for thing in makes):
            given = g.call(g.peek(decorator), (value,))
            if given & ANY:
                return ANY
            after = replaced(value, given)
            value = after if all(isinstance(thing, _OWN) for thing in makes) else join(value, after)
    return value


def _replaced(value: Value, given: Value, made: Function) -> Value:
    """The value of a function's name: what a decorator returned, if that is callable like the function."""
    kinds = (Function,) if made.owner is not None else (Function, Bound, Instance, Partial)
    fit: Value = frozenset(thing for thing in given if isinstance(thing, kinds))
    if made.owner is not None:  # it is bound to objects like the method
        fit = frozenset(Function(each.node, each.frame, each.defaults, made.owner, made.wrapper) for each in fit)
    return fit if fit and len(fit) == len(given) else join(fit, value)


def lambda_(g: Machine, node: ast.Lambda) -> Value:
    """`lambda x: …`."""
    return one(_made(g, node, ""))


def _made(g: Machine, node: Any, wrapper: str) -> Function:
    arguments = node.args
    positional = [*arguments.posonlyargs, *arguments.args]
    defaults: dict[str, Value] = {}
    for parameter, default in zip(reversed(positional), reversed(arguments.defaults)):  # noqa: B905
        defaults[parameter.arg] = g.evaluate(default)
    for parameter, default in zip(arguments.kwonlyargs, arguments.kw_defaults):  # noqa: B905
        if default is not None:
            defaults[parameter.arg] = g.evaluate(default)
    owner = g.frame.owner if g.frame.is_class else None
    made = Function(node, g.frame, defaults, owner if isinstance(owner, Class) else None, wrapper)
    g.functions.setdefault(made)
    return made


def class_(g: Machine, node: ast.ClassDef) -> None:
    """`class Name(...):`."""
    bases = tuple(g.peek(base) for base in node.bases)
    frame = g.scope((node, g.frame), g.frame.module, g.frame, is_class=True)
    made = g.class_of(node, bases)
    frame.owner = made
    with g.entering(frame):
        g.run_block(node.body)
    if attributes.is_enumeration(made) and any(_is_of_members(part) for part in node.body):
        frame.names = _members(g, frame.names or {})
        for name in _kept(node):
            g.write_outside(name, ANY)
    g.note_names(made, frame.names or {})
    g.classes.setdefault(made)
    _call_subclass_hook(g, made)
    binding.bind(g, node.name, _decorated(g, node.decorator_list, made, _with_classes))


def _members(g: Machine, names: Mapping[str, Value]) -> dict[str, Value]:
    """The names of an enumeration: its functions, and its members, which may have anything that it defines."""
    functions = {
        name: value for name, value in names.items() if all(isinstance(thing, (Bound, Function)) for thing in value)
    }
    for name in functions:
        g.write_outside(name, ANY)
    return {name: functions.get(name, ANY) for name in names}


def _kept(node: ast.ClassDef) -> set[str]:
    """The attributes that methods of an enumeration set on members. `__init__` gets the values of the members."""
    found = (part for part in ast.walk(node) if isinstance(part, ast.Attribute))
    return {part.attr for part in found if isinstance(part.ctx, ast.Store)}


def _is_of_members(part: ast.stmt) -> bool:
    """Whether this part of the body of an enumeration makes its members hold, or be, more than constants."""
    if isinstance(part, ast.Assign):
        return not isinstance(part.value, ast.Constant) and ast.unparse(part.value) not in ("auto()", "enum.auto()")
    return not isinstance(part, (ast.Expr, ast.Pass)) and not (
        isinstance(part, ast.FunctionDef) and part.name.startswith("_") and part.name not in _OF_MEMBERS
    )


def _with_classes(value: Value, given: Value) -> Value:
    """The value that a class's name is bound to: the class, or one that a decorator returned. Others are ignored."""
    return join(value, frozenset(thing for thing in given if isinstance(thing, Class)))


def _call_subclass_hook(g: Machine, made: Class) -> None:
    """Call `__init_subclass__` of the nearest base that defines it."""
    hook = attributes.method(g, made, "__init_subclass__", after=made)
    if hook is None:
        return
    given = {keyword.arg: g.evaluate(keyword.value) for keyword in made.node.keywords if keyword.arg is not None}
    more = join(*(ANY for keyword in made.node.keywords if keyword.arg is None))
    invoking.invoke(g, invoking.method_of(hook), Given((one(made),), given, more), made)
