"""Code that looks names up as text: `eval`, `globals`, `importlib.import_module`."""

from __future__ import annotations

import libcst as cst

from orderlint.graph import Site
from orderlint.source.library.kinds import Function as Modelled
from orderlint.source.python import containers, imports
from orderlint.source.state.arguments import Arguments
from orderlint.source.state.frames import ClassObject, Function
from orderlint.source.state.machine import Machine
from orderlint.source.state.values import NONE, Const, External, ModuleValue, Value


def _evaluate_text(m: Machine, arguments: Arguments, site: Site) -> Value:
    """`eval(text)` of a name or an attribute chain."""
    text = containers.settled(m, arguments.positional[0]) if arguments.positional else NONE
    if isinstance(text, Const) and isinstance(text.value, str) and len(text.value) < 200:
        try:
            node = cst.parse_expression(text.value.strip())
        except cst.ParserSyntaxError:
            return m.fresh("eval")
        if isinstance(node, (cst.Name, cst.Attribute, cst.Call)):
            return m.evaluate(node) if not isinstance(node, cst.Call) else _evaluated_call(m, node)
    return m.unknown(("eval", text))


def _evaluated_call(m: Machine, node: cst.Call) -> Value:
    return m.evaluate(node) if isinstance(node.func, (cst.Name, cst.Attribute)) else m.fresh("eval")


def _scope(m: Machine, arguments: Arguments, site: Site) -> Value:
    """`globals()`: a dictionary of the module's names, as far as they are bound."""
    made = containers.new_dict(m)
    for name, value in m.store.of(m.frame.globals.uid):
        if isinstance(name, str) and isinstance(value, (ClassObject, Function, External, ModuleValue)):
            containers.set_entry(m, made, Const(name), value)
    return made


def _import_module(m: Machine, arguments: Arguments, site: Site) -> Value:
    name = arguments.get(0, "name")
    if isinstance(name, Const) and isinstance(name.value, str) and not name.value.startswith("."):
        return imports.module(m, name.value)
    return m.fresh("module")


FUNCTIONS: dict[str, Modelled] = {
    "builtins.eval": _evaluate_text,
    "builtins.globals": _scope,
    "importlib.import_module": _import_module,
}
