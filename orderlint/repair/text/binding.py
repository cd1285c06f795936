"""Binds the arguments of a call to the parameters of a layer."""

from __future__ import annotations

import libcst as cst

from orderlint import catalog
from orderlint.catalog import UNKNOWN
from orderlint.repair.text.arguments import keyword
from orderlint.repair.text.syntax import bare_name, dotted_name
from orderlint.text.parsing import literal

__all__ = ["position"]

_CONSTANTS = (cst.SimpleString, cst.Integer, cst.Float, cst.Tuple, cst.List)


def position(call: cst.Call, layer: str, name: str) -> int | None:
    """The index of the argument of a constructor call for a parameter; `None` if it is not given, or not found."""
    given = keyword(call, name)
    if given is not None:
        return call.args.index(given)
    entry = catalog.find_layer(layer)
    if entry is None or any(arg.star == "*" for arg in call.args):
        return None
    positional = [arg for arg in call.args if arg.keyword is None and not arg.star]
    keywords = {arg.keyword.value: _literal(arg.value) for arg in call.args if arg.keyword is not None}
    values = [_literal(arg.value) for arg in positional]
    # Each unknown value is replaced by a distinct one, so that it can be found among the bound ones.
    marked = [catalog.ActivationOf(f"?{i}") if value is UNKNOWN else value for i, value in enumerate(values)]
    bound = catalog.bind(entry, values, keywords)
    if name in bound and bound[name] is UNKNOWN:
        bound = catalog.bind(entry, marked, keywords)
        values = marked
    if name not in bound:
        return None
    return next((index for index, value in enumerate(values) if value is bound[name]), None)


def _literal(node: cst.BaseExpression) -> object:
    name = (dotted_name(node) or "").rpartition(".")[2]
    if name in catalog.ACTIVATIONS:
        return catalog.ActivationOf(name)
    if isinstance(node, _CONSTANTS) or bare_name(node) in ("None", "True", "False"):
        try:
            return literal(cst.Module([]).code_for_node(node))
        except ValueError:
            return UNKNOWN
    return UNKNOWN
