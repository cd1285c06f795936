"""Definitions: functions, classes, and what their decorators make of them."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from orderlint.glance import binding
from orderlint.glance.things import ANY, Class, External, Function, Partial, Value, one
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


def function(g: Machine, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
    """`def name(...):`."""
    decorators = [_decorator(g, one_decorator) for one_decorator in node.decorator_list]
    wrapper = next((_WRAPPERS[name] for name in decorators if name in _WRAPPERS), "")
    if any(name is not None and name.endswith((".setter", ".deleter")) for name in decorators):
        return
    made = _made(g, node, wrapper)
    binding.bind(g, node.name, ANY if None in decorators else one(made))


def _decorator(g: Machine, node: ast.expr) -> str | None:
    """The name of a decorator that leaves a function as it is; `None` for one of the project."""
    value = g.peek(node.func if isinstance(node, ast.Call) else node)
    names = [thing.name for thing in value if isinstance(thing, External)]
    if not any(isinstance(thing, (Function, Class, Partial)) for thing in value) and value != ANY:
        return names[0] if names else "?"
    if isinstance(node, ast.Attribute) and node.attr in ("setter", "deleter", "getter"):
        return "." + node.attr
    return None


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
    made = Class(node, g.frame, bases, {})
    frame.owner = made
    with g.entering(frame):
        g.run_block(node.body)
    made.names.update(frame.names or {})
    g.classes.setdefault(made)
    is_changed = any(_decorator(g, one_decorator) is None for one_decorator in node.decorator_list)
    binding.bind(g, node.name, join(one(made), ANY) if is_changed else one(made))


def parameters(node: Any) -> Sequence[str]:
    """The names of all parameters of a function."""
    arguments = node.args
    every = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
    return [parameter.arg for parameter in every]
