"""Finds what models return that show all layers of another: `Model(net.input, [one.output for one in net.layers])`.

The outputs of such a model are a list like `net.layers`, so an index into it is an index of a layer.
"""

from __future__ import annotations

import ast

from orderlint.repair.net.sources import dotted, last

__all__ = ["Displays"]

_RUNNING = ("predict", "predict_on_batch")


class Displays:
    """What is returned by the models of a file that show the layers of others.

    Attributes:
        skipped: For each model whose layers are shown, how many of its first layers are not.
    """

    def __init__(self) -> None:
        self.skipped: dict[ast.expr, int] = {}
        self._models: set[str] = set()
        self._returned: dict[str, ast.expr] = {}

    def collect(self, target: ast.expr, walked: ast.expr, where: ast.AST) -> None:
        """Note that a loop over the layers of a model reads their outputs, if it does so.

        Args:
            target: The loop variable.
            walked: What the loop runs over.
            where: The code of the loop.
        """
        skipped = 0
        if isinstance(walked, ast.Subscript) and isinstance(walked.slice, ast.Slice):
            lower = walked.slice.lower
            skipped = lower.value if isinstance(lower, ast.Constant) and isinstance(lower.value, int) else 0
            walked = walked.value
        if not isinstance(walked, ast.Attribute) or walked.attr != "layers" or not isinstance(target, ast.Name):
            return
        if any(_is_output_of(one, target.id) for one in ast.walk(where)):
            self.skipped[walked.value] = skipped

    def bind(self, name: str, value: ast.expr) -> None:
        """Note that a value is assigned to a name."""
        self._returned.pop(name, None)
        if not self.skipped or not isinstance(value, ast.Call):
            return
        if last(value.func) == "Model":
            self._models.add(name)
        elif self._runs(value):
            self._returned[name] = next(reversed(self.skipped))

    def shown(self, node: ast.expr) -> ast.expr | None:
        """The model whose layers returned an expression, if that is the list of what they returned."""
        name = dotted(node)
        if name is not None:
            return self._returned.get(name)
        return next(reversed(self.skipped)) if isinstance(node, ast.Call) and self._runs(node) else None

    def _runs(self, call: ast.Call) -> bool:
        """Whether a call runs a model that shows layers."""
        function = call.func
        if isinstance(function, ast.Attribute) and function.attr in _RUNNING:
            function = function.value
        if isinstance(function, ast.Call):
            return bool(self.skipped) and last(function.func) == "Model"
        return dotted(function) in self._models


def _is_output_of(node: ast.AST, name: str) -> bool:
    return (
        isinstance(node, ast.Attribute)
        and node.attr == "output"
        and isinstance(node.value, ast.Name)
        and node.value.id == name
    )
