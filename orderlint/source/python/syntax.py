"""What the syntax alone shows: names, targets, parameters.

Here, and where statements and calls are run, code compares the type of a node: `isinstance` asks the abstract base
class of libcst's nodes, which takes ten times as long if the answer is no.
"""

from __future__ import annotations

import libcst as cst

from orderlint.text.walking import children, walk

__all__ = [
    "bound_names",
    "called_by_name",
    "dotted",
    "field_names_in",
    "given_names",
    "is_main_guard",
    "is_pure",
    "is_taken_from",
    "last_name",
    "leaves_iteration",
    "parameter_names",
    "takes_nothing",
    "target_names",
]


def dotted(node: cst.BaseExpression | None) -> str:
    """`a.b.c` for a name or a chain of attributes; `""` for anything else."""
    if type(node) is cst.Attribute:
        return f"{dotted(node.value)}.{node.attr.value}"
    return node.value if type(node) is cst.Name else ""


def last_name(node: cst.BaseExpression | None) -> str | None:
    """`c` for `a.b.c` or `c`; `None` for anything else."""
    if type(node) is cst.Name:
        return node.value
    return node.attr.value if type(node) is cst.Attribute else None


_ATTRS_FIELDS = frozenset({"attr.attrib", "attr.field", "attr.ib", "attrs.field"})
_PURE_CALLS = frozenset({"bool", "callable", "getattr", "hasattr", "isinstance", "issubclass", "len"})


def is_pure(node: cst.CSTNode, and_calls: frozenset[str] = frozenset()) -> bool:
    """Whether an expression has the same result if it is evaluated again later, unless its names are bound again.

    Args:
        node: The expression.
        and_calls: Functions that it may call, in addition to those that only inspect a value.
    """
    return all(_is_pure_node(one, _PURE_CALLS | and_calls) for one in walk(node))


def _is_pure_node(node: cst.CSTNode, calls: frozenset[str]) -> bool:
    if isinstance(node, cst.Call):
        return isinstance(node.func, cst.Name) and node.func.value in calls
    return not isinstance(node, (cst.NamedExpr, cst.Await, cst.Yield))


def parameter_names(parameters: cst.Parameters) -> tuple[str, ...]:
    """The names of a function's parameters, without `*args` and `**kwargs`."""
    every = (*parameters.posonly_params, *parameters.params, *parameters.kwonly_params)
    return tuple(parameter.name.value for parameter in every)


def given_names(parameters: cst.Parameters) -> tuple[str, ...]:
    """The names of all parameters of a function, including `*args` and `**kwargs`."""
    starred = [one for one in (parameters.star_arg, parameters.star_kwarg) if isinstance(one, cst.Param)]
    return (*parameter_names(parameters), *(one.name.value for one in starred))


def takes_nothing(parameters: cst.Parameters) -> bool:
    """Whether a function has no parameters at all."""
    starred = parameters.star_kwarg is not None or type(parameters.star_arg) is cst.Param
    return not parameter_names(parameters) and not starred


def target_names(target: cst.CSTNode) -> set[str]:
    """The plain names that an assignment to a target binds."""
    if type(target) is cst.Name:
        return {target.value}
    if isinstance(target, (cst.Tuple, cst.List)):
        return set().union(*(target_names(element.value) for element in target.elements))
    return set()


def bound_names(node: cst.CSTNode) -> list[str]:
    """The names that a statement at the top level of a module binds, including those in its blocks.

    Imports and the handlers of a `try` do not count.
    """
    if isinstance(node, (cst.FunctionDef, cst.ClassDef)):
        return [node.name.value]
    if type(node) is cst.Assign:
        return [name for target in node.targets for name in target_names(target.target)]
    if isinstance(node, (cst.AnnAssign, cst.AugAssign)):
        return sorted(target_names(node.target))
    if type(node) is cst.For:
        return [*target_names(node.target), *bound_names(node.body)]
    found: list[str] = []
    for child in getattr(node, "body", ()) if isinstance(getattr(node, "body", ()), (list, tuple)) else [node.body]:  # type: ignore[attr-defined]
        found += bound_names(child)
    if isinstance(node, (cst.If, cst.Try)) and node.orelse is not None:
        found += bound_names(node.orelse)
    return found


def is_main_guard(node: cst.If) -> bool:
    """Whether a test is `__name__ == ...`."""
    test = node.test
    if type(test) is not cst.Comparison or len(test.comparisons) != 1:
        return False
    sides = (test.left, test.comparisons[0].comparator)
    named = any(type(side) is cst.Name and side.value == "__name__" for side in sides)
    return named and type(test.comparisons[0].operator) is cst.Equal


def called_by_name(statement: cst.CSTNode) -> str | None:
    """`f` for a line `f()`; `None` for any other statement."""
    inner = statement.body[0] if type(statement) is cst.SimpleStatementLine and len(statement.body) == 1 else None
    call = inner.value if type(inner) is cst.Expr else None
    if type(call) is not cst.Call or call.args or type(call.func) is not cst.Name:
        return None
    return call.func.value


def field_names_in(node: cst.ClassDef) -> list[str]:
    """The names in a class body that are arguments of `__init__` if a decorator creates it from the fields.

    These are names with annotations, and names that are set to `attr.ib(...)`, without `ClassVar` and
    `field(init=False)`.
    """
    return [
        field.value
        for line in node.body.body
        if type(line) is cst.SimpleStatementLine
        for field in map(_given_field, line.body)
        if type(field) is cst.Name
    ]


def _given_field(statement: cst.BaseSmallStatement) -> cst.BaseExpression | None:
    """The target that a statement of a class body makes an `__init__` argument; `None` if there is none."""
    if type(statement) is cst.AnnAssign:
        is_field, target = not _is_of_the_class(statement.annotation.annotation), statement.target
    elif type(statement) is cst.Assign:
        made, target = statement.value, statement.targets[0].target
        is_field = type(made) is cst.Call and dotted(made.func) in _ATTRS_FIELDS
    else:
        return None
    return target if is_field and not _is_kept_from_init(statement.value) else None


def _is_of_the_class(annotation: cst.BaseExpression) -> bool:
    """Whether it is `ClassVar` or `ClassVar[...]`."""
    return last_name(annotation.value if type(annotation) is cst.Subscript else annotation) == "ClassVar"


def _is_kept_from_init(value: cst.BaseExpression | None) -> bool:
    """Whether it is `field(init=False)`."""
    given = value.args if type(value) is cst.Call else ()
    return any(
        one.keyword is not None and one.keyword.value == "init" and dotted(one.value) == "False" for one in given
    )


def is_taken_from(body: cst.CSTNode, name: cst.BaseExpression) -> bool:
    """Whether code may take elements from the list with a name: `sizes.pop()`, or any subscript, as in `sizes[1:]`."""
    called = dotted(name)
    for node in walk(body):
        if type(node) is cst.Subscript and dotted(node.value) == called:
            return True
        if type(node) is cst.Attribute and node.attr.value in ("pop", "popleft") and dotted(node.value) == called:
            return True
    return False


def leaves_iteration(node: cst.CSTNode, by: tuple[type[cst.CSTNode], ...] = (cst.Break, cst.Continue)) -> bool:
    """Whether code contains a `break` or a `continue`, or just the one in `by`, that belongs to the loop around it."""
    if type(node) in by:
        return True
    if isinstance(node, (cst.For, cst.While)):
        return node.orelse is not None and leaves_iteration(node.orelse, by)
    if isinstance(node, (cst.FunctionDef, cst.ClassDef, cst.BaseExpression)):
        return False
    return any(leaves_iteration(child, by) for child in children(node))
