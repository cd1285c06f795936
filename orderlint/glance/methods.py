"""Methods that the project does not define: of tensors, lists, dictionaries, strings, models, and of `super()`."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from orderlint.catalog.customary import LOOKS
from orderlint.glance import attributes, by_name, classes, containers, invoking, records, texts
from orderlint.glance.arguments import Given
from orderlint.glance.changes import CHANGES, is_open
from orderlint.glance.lists import CHANGEABLE, Dict, List
from orderlint.glance.things import (
    ANY,
    DATA,
    NOTHING,
    SCALAR,
    UNKNOWN,
    Class,
    Const,
    Function,
    Instance,
    Model,
    Native,
    Record,
    Stack,
    Tensor,
    Thing,
    Value,
    const,
    one,
    only,
)
from orderlint.glance.unsure import Unsure
from orderlint.glance.values import element_of, join

if TYPE_CHECKING:
    from orderlint.glance.machine import Machine

__all__ = ["call_method"]

(_ANY_THING,) = ANY


def call_method(g: Machine, method: Native, given: Given) -> Value:
    """Call a method that no code of the project defines."""
    owner, name = method.receiver, method.name
    if name == "super":
        raise Unsure("super")
    kind = type(owner)
    if owner is _ANY_THING and name in attributes.READERS:
        return join(ANY, *given.every)
    if kind is Instance and name == "_replace":
        return records.replaced(g, owner, given)
    if name in CHANGES and (kind in CHANGEABLE or (kind is Instance and owner.attributes.get("#base") == ANY)):
        if not is_open(owner):
            raise Unsure("a change by another name")
        g.share(*given.every)  # its new elements
        return join(ANY, g.none)
    run: Callable[..., Value] = _OF.get(kind, _of_keras)
    return run(g, owner, name, given)


def _of_keras(g: Machine, owner: Thing, name: str, given: Given) -> Value:
    """Call a method of a layer, of a model, or of something that may be one."""
    if name in ("__call__", "call"):
        return g.call(one(owner), given)
    if name == "get_output_at" or (name == "get_layer" and ("index" in given.keywords or _is_in_view(owner))):
        return ANY
    if name in ("get_layer", "from_config"):
        return DATA
    return invoking.unresolved(g, given)


def _is_in_view(owner: Thing) -> bool:
    """Whether something may be a model whose layers are known, and can be found by their names."""
    return isinstance(owner, (Model, Stack, Instance))


def _of_tensor(g: Machine, owner: Tensor, name: str, given: Given) -> Value:
    if name in LOOKS:
        return SCALAR
    g.consume((one(owner), *given.every))
    return g.fresh


def _of_native(g: Machine, owner: Native, name: str, given: Given) -> Value:
    """Call a method of `super()`, of `globals()`, or of something that was read from a thing."""
    if owner.name == "super":
        return _super(g, name, given)
    if owner.name == attributes.NAMES:
        return by_name.of_names(g, owner.receiver, name, given)
    return _of_keras(g, owner, name, given)


_TEXT = frozenset(
    ["lower", "upper", "strip", "lstrip", "rstrip", "startswith", "endswith", "replace", "title", "capitalize"]
)


def _of_text(g: Machine, owner: Const, name: str, given: Given) -> Value:
    """Call a method of a string."""
    text = owner.value
    if name == "format" and not given.keywords and not given.more:
        return texts.formatted(text, given.positional)
    arguments = [only(value, Const) for value in given.positional]
    if name not in _TEXT or None in arguments or given.keywords or given.more:
        return one(List((), SCALAR)) if name in ("split", "rsplit", "splitlines") else SCALAR
    added = [argument.value for argument in arguments if argument is not None and isinstance(argument.value, str)]
    if name == "replace" and len(text) * max(map(len, added), default=0) > texts.LONGEST_TEXT:
        return SCALAR
    try:
        return const(getattr(text, name)(*(argument.value for argument in arguments if argument is not None)))
    except (TypeError, ValueError):
        return SCALAR


def _of_list(g: Machine, owner: List, name: str, given: Given) -> Value:
    if name in ("copy", "__iter__"):
        return one(g.copied(owner, given.place))
    if name in ("index", "count", "__len__"):
        return SCALAR
    found = records.of_tuple(g, owner, name, given)
    return invoking.unresolved(g, given.after(one(owner))) if found is None else found


def _of_dict(g: Machine, owner: Dict, name: str, given: Given) -> Value:
    if name == "get":
        key = only(given.positional[0], Const) if given.positional else None
        default = given.positional[1] if len(given.positional) > 1 else g.none
        if key is not None and key.value in owner.entries:
            return join(owner.entries[key.value], default if key.value in owner.optional else NOTHING)
        return join(element_of(owner) or UNKNOWN, default)
    if name in ("values", "itervalues"):
        return one(List((), element_of(owner) or UNKNOWN))
    if name in ("items", "iteritems"):
        return one(List((), one(List((containers.element(g, one(owner)), element_of(owner) or UNKNOWN)))))
    if name in ("keys", "iterkeys"):
        return one(List((), containers.element(g, one(owner))))
    if name == "copy":
        return one(Dict(owner.entries, owner.others, (owner.token, "copy"), owner.optional))
    return invoking.unresolved(g, given.after(one(owner)))


def _super(g: Machine, name: str, given: Given) -> Value:
    """Call a method of `super()`."""
    receiver, owner = g.frame.receiver, g.frame.owner
    if isinstance(receiver, Class):
        return _super_of_class(g, receiver, name, given)
    if not isinstance(receiver, Instance) or not isinstance(owner, Class):
        return invoking.unresolved(g, given)
    found = attributes.method(g, receiver.cls, name, after=owner)
    if found is not None:
        functions = one(invoking.method_of(found)) if name == "__init__" else found
        return invoking.invoke_any(g, functions, given.after(one(receiver)), receiver)
    if name == "__init__":
        return classes.base_init(g, receiver, given)
    if name in ("call", "__call__"):
        return classes.apply_base(g, receiver, given)
    if name == "__setattr__":
        return by_name.set_attribute(g, given.after(one(receiver)))
    return invoking.unresolved(g, given)


def _super_of_class(g: Machine, receiver: Class, name: str, given: Given) -> Value:
    """Call a method of `super()` in a class method."""
    owner = g.frame.owner
    found = attributes.method(g, receiver, name, after=owner) if isinstance(owner, Class) else None
    if found is None and name == _OF_BASES:
        return g.none
    function = only(found or NOTHING, Function)
    if function is None or not (function.wrapper in ("classmethod", "staticmethod") or name == _OF_BASES):
        return ANY
    if function.wrapper != "staticmethod":
        given = given.after(one(receiver))
    return invoking.invoke(g, function, given, receiver)


_OF_BASES = "__init_subclass__"  # it is a class method even without the decorator


_OF: dict[type[Any], Any] = {
    Tensor: _of_tensor,
    List: _of_list,
    Dict: _of_dict,
    Record: records.of_record,
    Const: _of_text,
    Native: _of_native,
}
