"""The argument that a call passes for a parameter of a function."""

from __future__ import annotations

import libcst as cst

from orderlint.records import record
from orderlint.repair.text.arguments import add_keyword, keyword
from orderlint.repair.text.drafts import Draft
from orderlint.repair.text.spelling import is_activation_layer
from orderlint.repair.text.syntax import Tree

__all__ = ["Argument", "argument_of", "parameter_of"]


@record(frozen=True, slots=True)
class Argument:
    """The argument that a call passes for a parameter.

    Attributes:
        tree: The cell of the value.
        value: The value: the argument, or else the default of the parameter.
        at: The cell of the call.
        call: The call.
        name: The name of the parameter.
        is_given: Whether the call passes it.
    """

    tree: Tree
    value: cst.BaseExpression
    at: Tree
    call: cst.Call
    name: str
    is_given: bool

    @property
    def code(self) -> str:
        return self.tree.code(self.value)

    @property
    def is_layer(self) -> bool:
        """Whether the value is an activation layer."""
        return is_activation_layer(self.value)

    def replace(self, draft: Draft, code: str) -> None:
        """Replace the argument, or add it if the call does not pass it."""
        if self.is_given:
            draft.replace(self.tree, *self.tree.full_span(self.value), code)
        else:
            add_keyword(draft, self.at, self.call, f"{self.name}={code}")


def parameter_of(function: cst.FunctionDef, name: str) -> cst.Param | None:
    """The parameter of a function with a name; `None` if there is none. `*args` and `**kwargs` do not count."""
    params = function.params
    return next(
        (one for one in (*params.posonly_params, *params.params, *params.kwonly_params) if one.name.value == name), None
    )


def argument_of(home: Tree, tree: Tree, function: cst.FunctionDef, call: cst.Call, name: str) -> Argument | None:
    """The argument that a call passes for a parameter; `None` if it is not visible.

    Args:
        home: The cell of the function.
        tree: The cell of the call.
    """
    given = keyword(call, name)
    if given is not None:
        return Argument(tree, given.value, tree, call, name, is_given=True)
    if any(arg.star for arg in call.args):
        return None
    positional = [*function.params.posonly_params, *function.params.params]
    is_bound = isinstance(call.func, cst.Attribute) or function.name.value == "__init__"
    if is_bound and positional and positional[0].name.value in ("self", "cls"):
        positional = positional[1:]
    names = [one.name.value for one in positional]
    plain = [arg for arg in call.args if arg.keyword is None]
    if name in names and names.index(name) < len(plain):
        return Argument(tree, plain[names.index(name)].value, tree, call, name, is_given=True)
    parameter = parameter_of(function, name)
    if parameter is None or parameter.default is None:
        return None
    return Argument(home, parameter.default, tree, call, name, is_given=False)
