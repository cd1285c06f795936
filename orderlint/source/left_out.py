"""Statements of a module that were too complicated to run completely: whether layers may remain unchecked.

A loop that generates text with a trained model, as at the end of many notebooks, has more conditions than can be
distinguished, and has nothing to do with the order of layers. It runs a finished model (`model.predict`), and no code
that creates layers reads what it changes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

import libcst as cst

from orderlint.source.inert import Definition, keeps_to_data, lead_nowhere
from orderlint.source.relevance import names_in
from orderlint.source.state.frames import ModuleScope
from orderlint.source.state.machine import Machine
from orderlint.source.state.values import (
    External,
    FunctionalModel,
    ImportedName,
    ModuleValue,
    SequentialModel,
    Unknown,
)
from orderlint.text.files import Cell
from orderlint.text.walking import walk

__all__ = ["is_no_loss"]

# Methods that run a model, and neither apply it to a tensor of the network nor change its layers.
_RUNNING = frozenset(
    {
        "compile",
        "evaluate",
        "fit",
        "fit_generator",
        "load_weights",
        "predict",
        "predict_classes",
        "predict_generator",
        "predict_on_batch",
        "reset_states",
        "save",
        "save_weights",
        "summary",
        "test_on_batch",
        "train_on_batch",
    }
)

_MODELS = (SequentialModel, FunctionalModel, Unknown)  # an unknown value may be a model
# The fields of statements and expressions that contain the names that they bind.
_BINDING: Mapping[type[cst.CSTNode], str] = {
    cst.AnnAssign: "target",
    cst.AsName: "name",
    cst.AssignTarget: "target",
    cst.AugAssign: "target",
    cst.Del: "target",
    cst.For: "target",
    cst.NamedExpr: "target",
}


def is_no_loss(m: Machine, scope: ModuleScope, statement: cst.CSTNode) -> bool:
    """Whether no layer remains unchecked if a statement of a module is left out.

    Args:
        m: The machine, in the module.
        scope: The module.
        statement: The statement, in the current cell.
    """
    uses = _uses_without_layers(m, scope, statement, scope.frame.cell)
    if uses is None:
        return False
    changed = {name for name in uses.changed if not _is_elsewhere(m, scope, name)}
    return all(
        changed.isdisjoint(names_in(other, cell)) or _uses_without_layers(m, scope, other, cell) is not None
        for other, cell in _others(scope, statement)
    )


def _uses_without_layers(m: Machine, scope: ModuleScope, statement: cst.CSTNode, cell: Cell) -> _Uses | None:
    """How a statement uses names; `None` if it has more to do with layers than running models."""
    uses = _Uses(statement)
    mentions = Counter(names_in(statement, cell))
    models = {
        name
        for name, count in uses.run.items()
        if count == mentions[name] and isinstance(m.read(scope.frame.uid, name), _MODELS)
    }
    held: list[Definition] = []
    is_clear = lead_nowhere(m, mentions.keys() - models, scope.frame, held) and all(
        keeps_to_data(m, one) for one in held
    )
    if held:  # they may change anything that is passed to them
        uses.changed |= mentions.keys()
    return uses if is_clear else None


def _others(scope: ModuleScope, statement: cst.CSTNode) -> Iterator[tuple[cst.CSTNode, Cell]]:
    """The statements that may read what a statement changed: all later ones, and all functions and classes."""
    is_later = False
    for cell in scope.file.cells:
        for other in cell.module.body if cell.problem is None else ():
            if other is statement:
                is_later = True
            elif is_later or isinstance(other, (cst.FunctionDef, cst.ClassDef)):
                yield other, cell


def _is_elsewhere(m: Machine, scope: ModuleScope, name: str) -> bool:
    """Whether a statement cannot change the value of a name: it is a module, or part of a library."""
    return isinstance(m.read(scope.frame.uid, name), (External, ImportedName, ModuleValue))


class _Uses:
    """How code uses names.

    Args:
        code: The code.

    Attributes:
        run: How often each name is a model that is run, as in `model.predict`.
        changed: The names that are bound, or whose values may be changed.
    """

    def __init__(self, code: cst.CSTNode) -> None:
        self.run: Counter[str] = Counter()
        self.changed: set[str] = set()
        for node in walk(code):
            bound = getattr(node, _BINDING.get(type(node), ""), None)
            if bound is not None:
                self.changed.update(one.value for one in walk(bound) if isinstance(one, cst.Name))
            elif isinstance(node, cst.Attribute) and isinstance(node.value, cst.Name):
                self._reach(node.value.value, node.attr.value)

    def _reach(self, name: str, attribute: str) -> None:
        if attribute in _RUNNING:
            self.run[name] += 1
        else:
            self.changed.add(name)
