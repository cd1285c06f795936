"""What the tests of the interpreter's modules use: an interpreter that stands in a module."""

from __future__ import annotations

import libcst as cst

from orderlint.catalog import DEFAULT
from orderlint.source import Project
from orderlint.source.interpreter import Interpreter
from orderlint.source.python import imports
from orderlint.source.state.values import Value
from orderlint.text.files import source_from_text

__all__ = ["interpreter", "value_of"]


def interpreter(text: str = "", path: str = "module.py", project: Project | None = None) -> Interpreter:
    """An interpreter that has run the top level of a module and stands in its scope."""
    m = Interpreter(project or Project(), DEFAULT)
    scope = imports.new_scope(m, "module", source_from_text(text, path))
    m.frame, m.judged = scope.frame, scope
    m.top = "<module>", m.site(scope.frame.cell.module)
    m.start_budget()
    imports.run_module(m, scope)
    return m


def value_of(m: Interpreter, expression: str) -> Value:
    """The value of an expression in the scope of the module."""
    return m.evaluate(cst.parse_expression(expression))
