"""Code in strings: `eval` and `importlib.import_module`."""

from __future__ import annotations

import libcst as cst

from orderlint.graph import Site
from orderlint.graph.guards import ALWAYS
from orderlint.source.library.kinds import Modeled
from orderlint.source.python import by_name, containers, imports, pieces, texts, truth
from orderlint.source.state.arguments import Arguments
from orderlint.source.state.machine import Machine
from orderlint.source.state.values import NONE, Const, Value
from orderlint.text.files import NodeSite, QuotedCell


def _evaluate_text(m: Machine, arguments: Arguments, site: Site) -> Value:
    """`eval(text)`, if the text is a name, a chain of attributes or a call."""
    text = texts.possible(m, arguments.positional[0]) if arguments.positional else NONE
    return m.each(text, lambda one: _evaluated_at(m, containers.settled(m, one), site))


def _evaluated_at(m: Machine, text: Value, site: Site) -> Value:
    """Evaluate a text. The layers that it creates are located at the call of `eval`."""
    frame, cell = m.frame, m.frame.cell
    frame.cell = QuotedCell(site) if isinstance(site, NodeSite) else cell
    try:
        return _evaluated(m, text)
    finally:
        frame.cell = cell


def _evaluated(m: Machine, text: Value) -> Value:
    if isinstance(text, Const) and isinstance(text.value, str) and len(text.value) < 200:
        try:
            node = cst.parse_expression(text.value.strip())
        except cst.ParserSyntaxError:
            return m.fresh("eval")
        if isinstance(node, (cst.Name, cst.Attribute, cst.Call)):
            return m.evaluate(node) if not isinstance(node, cst.Call) else _evaluated_call(m, node)
    return _evaluated_name(m, text) or m.unknown(("eval", text))


def _evaluated_name(m: Machine, text: Value) -> Value | None:
    """`eval(f"layers.Conv{rank}D")`: a partly known name, or an attribute with such a name."""
    owner, name = texts.owner_and_name(m, text)
    if name is None or pieces.pattern(name) is None:
        return None
    if owner is None:
        return by_name.read(m, by_name.of_module(m).owner, name)
    return by_name.read(m, m.evaluate(cst.parse_expression(owner)), name)


def _evaluated_call(m: Machine, node: cst.Call) -> Value:
    return m.evaluate(node) if isinstance(node.func, (cst.Name, cst.Attribute)) else m.fresh("eval")


def _import_module(m: Machine, arguments: Arguments, site: Site) -> Value:
    """`importlib.import_module(name, package)`."""
    name, package = arguments.get(0, "name"), arguments.get(1, "package")
    if name is None:
        return m.fresh("module")
    return m.each(texts.possible(m, name), lambda one: _imported(m, one, package))


def _imported(m: Machine, name: Value, package: Value | None) -> Value:
    if not isinstance(name, Const) or not isinstance(name.value, str):
        return m.fresh("module")
    if not name.value.startswith("."):
        return imports.module(m, name.value)
    if name.value.startswith("..") or not isinstance(package, Const) or not isinstance(package.value, str):
        return m.fresh("module")
    return imports.module(m, f"{package.value}{name.value}")


def _import(m: Machine, arguments: Arguments, site: Site) -> Value:
    """`__import__(name)`: the top-level package, unless `fromlist` names something in the module."""
    name, asked = arguments.get(0, "name"), arguments.get(3, "fromlist")
    if not isinstance(name, Const) or not isinstance(name.value, str):
        return m.fresh("module")
    whole = asked is not None and truth.of(m, asked) is ALWAYS
    return imports.module(m, name.value if whole else name.value.partition(".")[0])


FUNCTIONS: dict[str, Modeled] = {
    "builtins.eval": _evaluate_text,
    "builtins.__import__": _import,
    "importlib.import_module": _import_module,
}
