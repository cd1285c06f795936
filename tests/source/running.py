"""Helpers of the tests of the interpreter: an interpreter that has run a module."""

from __future__ import annotations

import os

import libcst as cst

from orderlint.catalog import DEFAULT
from orderlint.graph.guards import ALWAYS, NEVER
from orderlint.source import Project
from orderlint.source.interpreter import Interpreter
from orderlint.source.python import containers, dictionaries, imports
from orderlint.source.state.values import Condition, Const, DictObject, ListObject, Sequence, Unknown, Value
from orderlint.text.files import source_from_text

__all__ = ["by_python", "flow", "interpreter", "is_unknown", "layers_of", "python_value", "value_of"]


def interpreter(text: str = "", path: str = "module.py", project: Project | None = None) -> Interpreter:
    """An interpreter that has run the top level of a module, and is in its scope."""
    m = Interpreter(project or Project(), DEFAULT)
    scope = imports.new_scope(m, "module", source_from_text(text, path))
    m.frame, m.judged = scope.frame, scope
    m.scopes[os.path.abspath(path)] = scope
    m.top = "<module>", m.site(scope.frame.cell.module)
    m.start_budget()
    imports.run_module(m, scope)
    return m


def value_of(m: Interpreter, expression: str) -> Value:
    """The value of an expression in the scope of the module."""
    return m.evaluate(cst.parse_expression(expression))


def python_value(m: Interpreter, expression: str) -> object:
    """The Python value of an expression that is completely known: constants, and containers of constants."""
    return _python(m, value_of(m, expression))


def by_python(code: str, name: str) -> object:
    """The value of a variable after Python has run the code, with which the interpreter has to agree."""
    namespace: dict[str, object] = {}
    exec(code, namespace)  # code of this test
    return namespace[name]


def _python(m: Interpreter, value: Value) -> object:
    if isinstance(value, Const):
        return value.value
    if isinstance(value, DictObject):
        keys = [element.value for element in dictionaries.keys(m, value)]
        return {_python(m, key): _python(m, containers.item(m, value, key)) for key in keys}
    if isinstance(value, Condition) and value.guard in (ALWAYS, NEVER):
        return value.guard is ALWAYS
    assert isinstance(value, (Sequence, ListObject)), value
    elements = containers.iterate(m, value)
    assert all(element.guard is ALWAYS for element in elements)
    parts = [_python(m, element.value) for element in elements]
    return tuple(parts) if isinstance(value, Sequence) else parts


def is_unknown(m: Interpreter, expression: str) -> bool:
    """Whether the value of an expression is unknown."""
    return isinstance(value_of(m, expression), Unknown)


def layers_of(m: Interpreter) -> list[str]:
    """The names of the applied layers, in order."""
    return [call.layer for call in m.recorder.calls]


def flow(m: Interpreter) -> list[tuple[str, str]]:
    """The edges of the data flow, by the names of the layers."""
    names = layers_of(m)
    return [(names[source], names[target]) for source, target in m.recorder.edges]
