"""Functions and methods from outside the analyzed code, of Keras and of other libraries."""

from __future__ import annotations

from orderlint.catalog import Kind, activation_name
from orderlint.catalog.customary import LOOKS
from orderlint.graph import Site
from orderlint.source.keras import layers, models, objects, parts, serialized
from orderlint.source.library import options, picking, registry
from orderlint.source.library.attributes import set_attribute
from orderlint.source.python import by_name, containers, draining, list_items, names, operations
from orderlint.source.state.arguments import Arguments
from orderlint.source.state.frames import Function, Instance, Super
from orderlint.source.state.machine import Machine
from orderlint.source.state.matches import Regex
from orderlint.source.state.values import (
    NONE,
    Activation,
    Const,
    DictObject,
    External,
    FunctionalModel,
    Layer,
    ListObject,
    Namespace,
    NativeMethod,
    Partial,
    Sequence,
    SequentialModel,
    Tensor,
    Unknown,
    Value,
    Weight,
)

__all__ = ["call_external", "call_method", "call_unknown"]

_FRAMEWORKS = frozenset({"jax", "numpy", "tensorflow"})
_WEIGHTS = frozenset({"Variable", "get_variable", "variable", "add_weight", "add_variable", "Parameter"})
_CONSTANTS = frozenset({"array", "constant", "eye", "fill", "full", "linspace", "ones", "zeros"})
_OF_NUMBERS = frozenset({"ceil", "exp", "floor", "log", "pow", "power", "reciprocal", "rsqrt", "sqrt", "square"})
_RANDOM = frozenset({"random", "uniform", "normal", "rand", "randn", "randint", "choice", "random_sample"})


def call_external(m: Machine, function: External, arguments: Arguments, site: Site) -> Value:
    """Call something from outside the project by its name."""
    entry = m.roles.find(function.name)
    if entry is not None:
        if entry.kind is Kind.LAYER:
            return layers.construct(m, entry, arguments, site)
        if entry.name == "Input":
            return operations.boundary(m, "Input", [], site)
        return layers.apply_function(m, entry, arguments, site)
    kind = names.keras_class(function)
    if kind is not None:
        return models.construct(m, kind, arguments, site)
    if names.is_keras(function.name):
        found = _call_keras(m, function.name, arguments, site)
        if found is not None:
            return found
    found = registry.call(m, function.name, arguments, site)
    return found if found is not None else _outside(m, function, arguments, site)


def _outside(m: Machine, function: External, arguments: Arguments, site: Site) -> Value:
    last = function.name.rpartition(".")[2]
    if last == "__init__" and arguments.positional and isinstance(arguments.positional[0], Instance):
        given = Arguments(arguments.positional[1:], arguments.keywords, arguments.unknown, arguments.nodes[1:])
        return models.base_init(m, arguments.positional[0], given, site)
    if last in ("call", "__call__") and arguments.positional and isinstance(arguments.positional[0], Instance):
        given = Arguments(arguments.positional[1:], arguments.keywords, arguments.unknown)
        return objects.apply_base(m, arguments.positional[0], given, site)
    if last == "__getattribute__" and arguments.positional:
        return by_name.read(m, External(function.name.rpartition(".")[0]), arguments.positional[0])
    if last in LOOKS:
        return m.unknown(("look", last, tuple(arguments.positional)), scalar=True)
    if last in _WEIGHTS:
        return Weight()
    if last in _RANDOM:
        return m.fresh("random", scalar=True)
    if operations.is_of_weights(m, arguments.every()):
        return Weight()
    if _is_number(m, function.name, arguments):
        return operations.unresolved(m, function, arguments, site, last, scalar=True)
    picked = picking.by_tuner(m, None, last, arguments)
    return picked if picked is not None else operations.unresolved(m, function, arguments, site, last)


def _is_number(m: Machine, name: str, arguments: Arguments) -> bool:
    """Whether a function returns a constant and not a tensor of the network: `tf.constant(2.0)`, `tf.sqrt(width)`."""
    root, last = name.partition(".")[0], name.rpartition(".")[2]
    if root not in _FRAMEWORKS and not names.is_keras(name):
        return False
    given = arguments.every()
    if last in _CONSTANTS:
        return not any(operations.tensors(m, value) for value in given)
    return last in _OF_NUMBERS and not any(operations.is_tensorish(m, value) for value in given)


def _call_keras(m: Machine, name: str, arguments: Arguments, site: Site) -> Value | None:
    """Call a function of Keras that is not a layer: activations by name, cloning, deserialization."""
    *_, module, last = ("", *name.split("."))
    if module == "activations" and last in ("get", "deserialize"):
        return m.each(arguments.get(0, "identifier") or NONE, lambda value: _activation(m, value))
    if last in ("clone_model", "clone_and_build_model"):
        return arguments.get(0, "model")
    if last == "Merge" or last in LOOKS:
        return None
    if module in ("initializations", "initializers") and last == "get":
        return m.fresh("initializer")
    if last == "from_config":
        return m.each(arguments.get(0, "config") or NONE, lambda one: _from_config(m, name, one, site))
    if (module == "layers" and last in ("get", "deserialize")) or last == "deserialize_keras_object":
        given = arguments.get(0, "config") or arguments.get(0, "identifier") or NONE
        return m.each(given, lambda one: serialized.layer(m, one, site) or m.fresh("layer"))
    return None


def _from_config(m: Machine, name: str, config: Value, site: Site) -> Value:
    made = serialized.from_config(m, name.rpartition(".")[0], config, site)
    return made if made is not None else m.fresh("layer")


def _activation(m: Machine, value: Value) -> Value:
    known = containers.settled(m, value)
    if isinstance(known, Const) and known.value is None:
        return Activation("linear" if isinstance(value, Const) else None, value)
    if isinstance(known, Const) and isinstance(known.value, str):
        return Activation(activation_name(known.value), value)
    return Activation(None, value) if isinstance(known, (Unknown, DictObject)) else known


def call_unknown(m: Machine, function: Unknown, arguments: Arguments, site: Site) -> Value:
    """Call an unknown value: a method of a tuner's hyperparameters, or anything else."""
    match function.key:
        case ("initializer", _):
            return Weight()  # Keras 1 creates weights with it: `self.gamma_init(shape)`
        case ("attribute", Value() as owner, str() as name):
            found = picking.by_tuner(m, owner, name, arguments) or options.by_parser(m, owner, name, arguments)
            if found is not None:
                return found
            if isinstance(owner, Unknown) and _takes_an_end(name, arguments):
                return draining.take(m, owner)
    return operations.unresolved(m, function, arguments, site)


def _takes_an_end(name: str, arguments: Arguments) -> bool:
    """Whether a method takes the first or last element of a list: `pop()` or `pop(0)`, but not `pop("units")`."""
    if name == "popleft" or (name == "pop" and not arguments.every()):
        return True
    return name == "pop" and arguments.positional in ([Const(0)], [Const(-1)])


# -- methods ----------------------------------------------------------------------------------------------------


def call_method(m: Machine, method: NativeMethod, arguments: Arguments, site: Site) -> Value:
    """Call a method that the analyzed code did not define."""
    owner, name = method.receiver, method.name
    if isinstance(owner, Super):
        return _super_method(m, owner, name, arguments, site)
    if isinstance(owner, Tensor):
        return _tensor_method(m, owner, name, arguments, site)
    if isinstance(owner, (SequentialModel, FunctionalModel, Layer, Instance)):
        found = _model_method(m, owner, name, arguments, site)
        if found is not None:
            return found
    elif isinstance(owner, Unknown) and name == "add":
        return _add_to_unknown(m, owner, arguments)
    elif isinstance(owner, (ListObject, Sequence, DictObject, Const, Namespace, Regex)):
        return registry.call_method(m, owner, name, arguments, site)
    elif isinstance(owner, (Function, Partial)) and name == "__call__":
        return m.call(owner, arguments, site)
    return operations.unresolved(m, method, arguments, site, name)


def _tensor_method(m: Machine, owner: Tensor, name: str, arguments: Arguments, site: Site) -> Value:
    if name in LOOKS or name in ("set_shape", "numpy"):
        return m.unknown(("look", owner, name), scalar=True)
    sources = [source for value in (owner, *arguments.every()) for source in operations.tensors(m, value)]
    return operations.boundary(m, name, sources, site)


def _super_method(m: Machine, owner: Super, name: str, arguments: Arguments, site: Site) -> Value:
    receiver = owner.receiver
    if not isinstance(receiver, Instance):
        return m.fresh("super")
    if name == "__init__":
        return models.base_init(m, receiver, arguments, site)
    if name in ("call", "__call__"):
        return objects.apply_base(m, receiver, arguments, site)
    found = _model_method(m, receiver, name, arguments, site)
    return found if found is not None else m.fresh("super")


_Owner = SequentialModel | FunctionalModel | Layer | Instance


def _model_method(m: Machine, owner: _Owner, name: str, arguments: Arguments, site: Site) -> Value | None:
    if name in ("add_weight", "add_variable"):
        return Weight()
    if name == "add" and isinstance(owner, (SequentialModel, Instance)):
        return models.add(m, owner.uid, arguments)
    if name == "pop" and isinstance(owner, (SequentialModel, Instance)):
        return _pop_layer(m, owner)
    if name in ("__call__", "call"):
        return m.call(owner, arguments, site)
    if name == "from_config":
        return m.fresh("model")
    if name == "get_output_at" and isinstance(owner, (SequentialModel, Layer)):
        return models.output(m, owner)
    if name == "get_layer" and not isinstance(owner, Layer):
        return parts.get_layer(m, owner, arguments)
    if name == "__setattr__" and isinstance(owner, Instance):
        return set_attribute(m, [owner, *arguments.positional])
    return None


def _pop_layer(m: Machine, owner: SequentialModel | Instance) -> Value:
    holder = SequentialModel(owner.uid, owner.site)
    return list_items.take(m, holder, Const(-1)) if m.elements(owner.uid) else NONE


def _add_to_unknown(m: Machine, owner: Unknown, arguments: Arguments) -> Value:
    """`model.add(layer)` on a model that is not visible. The layer follows a boundary."""
    given = arguments.get(0, "layer")
    if not any(isinstance(value, (Layer, Instance, SequentialModel)) for value in _options(given)):
        return operations.unresolved(m, owner, arguments, m.site(arguments.nodes[0])) if arguments.nodes else NONE
    holder = m.model_of(owner)
    return models.add(m, holder, arguments)


def _options(value: Value | None) -> list[Value]:
    if value is None:
        return []
    return [option for _, option in getattr(value, "alternatives", ((None, value),))]
