"""Constructs Keras layers from their arguments, and applies them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from itertools import product

import libcst as cst

from orderlint import catalog
from orderlint.catalog import UNKNOWN, Entry, Kind
from orderlint.graph import Limit, Role, Site, Step
from orderlint.graph.guards import ALWAYS, Guard, union
from orderlint.source.keras import activations, chains, modes
from orderlint.source.library.types import class_of
from orderlint.source.python import calls, containers, names, operations
from orderlint.source.state.arguments import Arguments
from orderlint.source.state.frames import Function
from orderlint.source.state.machine import Machine
from orderlint.source.state.recorder import Applied
from orderlint.source.state.values import (
    MISSING,
    NONE,
    Activation,
    Choice,
    Const,
    DictObject,
    Element,
    External,
    Layer,
    ListObject,
    NativeMethod,
    Partial,
    Sequence,
    Tensor,
    Unknown,
    Value,
    Weight,
)

__all__ = ["METHODS", "apply", "apply_activation", "apply_function", "attribute", "construct", "wrapped"]

# The arguments whose alternatives result in different layers.
_DECISIVE = ("activation", "rate", "center", "use_bias", "bias", "p", "layer", "function", "keep_prob")
_IN_DOUBT = ("activation", "rate", "use_bias", "center")  # not known if a `**kwargs` may hold them
MOST_VARIANTS = 16
MOST_OPTIONS = 4  # of one argument
_KEPT = frozenset({"center", "dtype", "epsilon", "filters", "name", "rate", "scale", "trainable", "units", "use_bias"})
METHODS = frozenset({"add", "pop", "add_weight", "add_variable", "build", "call", "__call__", "__init__", "add_loss"})
OUTPUT = "#output"
JOINED = "#joined"  # the inputs of a Keras 1 `Merge` in addition to its argument


def construct(m: Machine, entry: Entry, arguments: Arguments, site: Site, name: str | None = None) -> Value:
    """Create a layer by a call of its class.

    If an argument has alternatives that change what the layer does, the result is a choice of layers. Facts that differ
    between them are not known. A function that wraps (`prune_low_magnitude`) returns the model that it is given.
    """
    if entry.wrapper and entry.name.islower():
        return m.each(wrapped(entry, arguments), lambda inner: _wrap(m, entry, inner, site))
    uid = m.store.new_owner()
    m.made += 1
    if entry.name == "Merge":
        _join(m, uid, arguments)
    variants = _variants(m, entry, arguments)
    if len(variants) == 1:
        return _layer(m, uid, entry, variants[0][1], site, name)
    options: list[tuple[Guard, Value]] = []
    made: dict[tuple[Step, ...], Layer] = {}
    for guard, chosen in variants:
        layer = _layer(m, uid, entry, chosen, site, name)
        known = made.get(layer.steps)
        if known is not None and known.inner is layer.inner:
            common = {key: value for key, value in known.facts.items() if layer.facts.get(key) == value}
            layer = replace(known, facts=common)
            options = [(when, layer if option is known else option) for when, option in options]
        made[layer.steps] = layer
        options.append((guard, layer))
    return m.choose(options)


def _join(m: Machine, uid: int, arguments: Arguments) -> None:
    """Store the inputs of a Keras 1 `Merge([left, right])`: the outputs of its models or layers."""
    given = arguments.get(0, "layers")
    if isinstance(given, (Sequence, ListObject)):
        joined = containers.iterate(m, given)
        outputs = (Element(m.attribute(element.value, "output"), element.guard) for element in joined)
        m.store.write(uid, JOINED, Sequence(tuple(outputs)))


def _variants(m: Machine, entry: Entry, arguments: Arguments) -> list[tuple[Guard, Arguments]]:
    if not _may_vary(arguments):
        return [(ALWAYS, arguments)]
    places = [*entry.parameters, *[""] * len(arguments.positional)]
    positional = [_options(m, value, places[i], entry) for i, value in enumerate(arguments.positional)]
    decisive = (*_DECISIVE, entry.before)
    keywords = {
        name: _options(m, value, name, entry) if name in decisive else [(ALWAYS, value)]
        for name, value in arguments.keywords.items()
    }
    if all(len(options) == 1 and options[0][0] is ALWAYS for options in (*positional, *keywords.values())):
        only = [options[0][1] for options in positional], {name: options[0][1] for name, options in keywords.items()}
        return [(ALWAYS, Arguments(*only, arguments.unknown, arguments.nodes, arguments.starred))]
    given_names = list(keywords)
    found: list[tuple[Guard, Arguments]] = []
    for combination in product(*positional, *keywords.values()):
        guard = ALWAYS
        for when, _ in combination:
            guard = guard & when
        if not guard.meets(m.path):
            continue
        values = [value for _, value in combination]
        given = dict(zip(given_names, values[len(positional) :], strict=True))
        chosen = Arguments(values[: len(positional)], given, arguments.unknown, arguments.nodes, arguments.starred)
        found.append((guard, chosen))
        if len(found) > MOST_VARIANTS:
            m.fall_short(Limit.ALTERNATIVES)
            break
    return found or [(ALWAYS, arguments)]


def _may_vary(arguments: Arguments) -> bool:
    """Whether an argument has alternatives, or may be one of several known activations."""
    for value in (*arguments.positional, *arguments.keywords.values()):
        if type(value) is Choice or (type(value) is Unknown and value.among):
            return True
    return False


def _options(m: Machine, value: Value, parameter: str, entry: Entry) -> list[tuple[Guard, Value]]:
    """The options of an argument, each with its guard: a few values, or the kinds of many activations."""
    is_activation = parameter == "activation" or (parameter != "" and parameter == entry.before)
    if isinstance(value, Unknown) and is_activation:
        value = m.choose(m.conditions.possible(value) or [(ALWAYS, value)])
    if not isinstance(value, Choice):
        return [(ALWAYS, value)]
    options = [(when, option) for when, option in value.alternatives if when.meets(m.path)]
    if 0 < len(options) <= MOST_OPTIONS:
        return options
    return _kinds(m, options) if is_activation else [(ALWAYS, m.unknown(("one of", value)))]


def _kinds(m: Machine, options: list[tuple[Guard, Value]]) -> list[tuple[Guard, Value]]:
    """Group many activations into three options: an unknown one, none, and values that certainly are activations."""
    whens: dict[bool | None, list[Guard]] = {}
    surely: list[Value] = []
    for when, option in options:
        resolved = activations.resolve(m, option)
        whens.setdefault(activations.is_none(resolved), []).append(when)
        if activations.is_none(resolved) is False:
            name = resolved.name if isinstance(resolved, catalog.ActivationOf) else resolved
            surely.append(Const(name or "activation"))
    stands: dict[bool | None, Value] = {
        True: NONE,
        False: m.unknown(("one of", tuple(surely)), scalar=True, among=surely),
        None: m.fresh("one of"),
    }
    return [(union(guards), stands[kind]) for kind, guards in whens.items()]


def _layer(m: Machine, uid: int, entry: Entry, arguments: Arguments, site: Site, name: str | None) -> Layer:
    if entry.wrapper:
        return _wrapper(m, uid, entry, arguments, site)
    inner: Value | None = None
    if entry.name == "Lambda":
        arguments = _with_its_arguments(m, arguments)
        inner = arguments.get(0, "function")
    description = _described(m, entry, arguments)
    if description.steps and description.steps[0].role is not Role.BOUNDARY:
        inner = None
    facts = _facts(m, entry, arguments, description.facts)
    given = {**dict(zip(entry.parameters, arguments.positional, strict=False)), **arguments.keywords}
    made = Layer(uid, entry, name or description.layer, description.steps, facts, site, inner, given)
    if "name" in given:
        m.named.setdefault(given["name"], []).append(made)
    return made


def _with_its_arguments(m: Machine, arguments: Arguments) -> Arguments:
    """The arguments of a `Lambda`. Its function is called with its input and with `arguments=`."""
    function, given = arguments.get(0, "function"), arguments.keywords.get("arguments")
    if not isinstance(function, Function) or not isinstance(given, DictObject):
        return arguments
    keywords: dict[str, Value] = {}
    unknown = calls.spread(m, given, keywords)
    bound = Partial(function, (), keywords, tuple(unknown))
    others = {name: value for name, value in arguments.keywords.items() if name != "function"}
    return replace(arguments, positional=[bound, *arguments.positional[1:]], keywords=others)


def wrapped(entry: Entry, arguments: Arguments) -> Value:
    """The argument of a wrapper."""
    return arguments.get(0, entry.parameters[0] if entry.parameters else "layer") or MISSING


def _wrap(m: Machine, entry: Entry, inner: Value, site: Site) -> Value:
    return _wrapper(m, m.store.new_owner(), entry, Arguments([inner]), site) if isinstance(inner, Layer) else inner


def _wrapper(m: Machine, uid: int, entry: Entry, arguments: Arguments, site: Site) -> Layer:
    inner = wrapped(entry, arguments)
    if isinstance(inner, Layer) and inner.inner is None:
        description = catalog.Description(inner.name, inner.steps, inner.facts)
        same = catalog.wrapped(entry, description)
        return Layer(uid, entry, same.layer, same.steps, same.facts, site)
    description = catalog.describe(entry, {}, settings=m.roles)
    return Layer(uid, entry, description.layer, description.steps, description.facts, site, inner)


def attribute(m: Machine, layer: Layer, name: str) -> Value:
    """`layer.name`: what code set, or what the layer stores of its constructor arguments."""
    written = m.read(layer.uid, name)
    if written is not MISSING:
        return written
    if name == "__class__":
        return class_of(m, layer)
    if name in METHODS:
        return NativeMethod(layer, name)
    kept = layer.given.get(name) if name in _KEPT else None
    return kept or m.unknown(("attribute", layer, name), scalar=name in _KEPT)


# -- arguments --------------------------------------------------------------------------------------------------


def _described(m: Machine, entry: Entry, arguments: Arguments) -> catalog.Description:
    """The description of an entry that is used with these arguments.

    A model has hundreds of layers that differ in their names at most. So descriptions are cached by the arguments that
    matter, and by their types, because `1`, `1.0` and `True` are equal in Python.
    """
    positional, keywords = _python_arguments(m, entry, arguments)
    more = tuple(filter(arguments.may_hold, (*_IN_DOUBT, entry.before)))
    values = (*positional, *keywords.values())
    key = (id(entry), more, len(positional), *keywords, *values, *map(type, values))
    known = m.descriptions.get(key)
    if known is None:
        bound = _bound(entry, positional, keywords, more)
        known = m.descriptions[key] = entry, catalog.describe(entry, bound, settings=m.roles)
    return known[1]


def _python_arguments(m: Machine, entry: Entry, arguments: Arguments) -> tuple[list[object], dict[str, object]]:
    """The arguments for the catalog: literal values, resolved activations, or `UNKNOWN`."""
    parameters = entry.parameters
    positional = [
        _python(m, entry, value, parameters[i] if i < len(parameters) else "")
        for i, value in enumerate(arguments.positional)
    ]
    keywords = {
        name: _python(m, entry, value, name) if name in catalog.DECISIVE or name == entry.before else UNKNOWN
        for name, value in arguments.keywords.items()
    }
    return positional, keywords


def _bound(
    entry: Entry, positional: list[object], keywords: dict[str, object], more: Iterable[str]
) -> dict[str, object]:
    """The arguments by name. Those named in `more` may also be given; they are not known then."""
    bound = catalog.bind(entry, positional, keywords)
    for name in more:
        if name in entry.parameters:
            bound.setdefault(name, UNKNOWN)
    return bound


def _python(m: Machine, entry: Entry, value: Value, parameter: str) -> object:
    if isinstance(value, Const):
        return value.value
    if parameter == "function":
        return activations.resolve_exactly(m, value)
    if parameter in ("activation", entry.before) or isinstance(value, (External, Function, Activation, Layer)):
        return activations.resolve(m, value)
    if isinstance(value, (Sequence, ListObject)):
        parts = [element.value for element in containers.iterate(m, value)]
        if all(isinstance(part, Const) for part in parts):
            return tuple(part.value for part in parts if isinstance(part, Const))
    return UNKNOWN


def _facts(m: Machine, entry: Entry, arguments: Arguments, facts: Mapping[str, object]) -> Mapping[str, object]:
    """The facts of a layer. A rate of 0 from a parameter or a setting is left out: it is switched off on purpose."""
    if facts.get("rate") != 0 or _is_written(m, _node_of_rate(entry, arguments)):
        return facts
    return {key: value for key, value in facts.items() if key != "rate"}


def _node_of_rate(entry: Entry, arguments: Arguments) -> cst.BaseExpression | None:
    place = entry.parameters.index("rate") if "rate" in entry.parameters else None
    for i, argument in enumerate(arguments.nodes):
        by_name = argument.keyword is not None and catalog.today(entry, argument.keyword.value) == "rate"
        if argument.star == "" and (by_name or (argument.keyword is None and i == place)):
            return argument.value
    return None


def _is_written(m: Machine, node: cst.BaseExpression | None) -> bool:
    """Whether a value is written where it is used, as a number or as the name of a constant of the module."""
    if isinstance(node, cst.UnaryOperation):
        node = node.expression
    if isinstance(node, cst.Name):
        return names.is_global(m, node.value)
    return isinstance(node, (cst.Integer, cst.Float))


# -- application ------------------------------------------------------------------------------------------------


def apply(m: Machine, layer: Layer, arguments: Arguments, site: Site) -> Value:
    """Apply a layer to tensors."""
    if layer.inner is not None:
        if layer.entry.wrapper:
            return m.call(layer.inner, arguments, site)
        return _apply_lambda(m, layer, layer.inner, arguments, site)
    given = arguments.every()
    if layer.entry.name == "Merge":
        given.append(m.read(layer.uid, JOINED))
    sources = [source for value in given for source in operations.tensors(m, value)]
    m.doubt(given)
    facts = {**layer.facts, **modes.of_layer(layer.steps, arguments)}
    applied = Applied(layer.name, layer.steps, site, layer.site, layer.uid, facts, site in m.iterated)
    output = operations.add_call(m, applied, sources)
    m.store.write(layer.uid, OUTPUT, output)
    m.store.write(layer.uid, chains.ITSELF, layer)
    return output


def _apply_lambda(m: Machine, layer: Layer, function: Value, arguments: Arguments, site: Site) -> Value:
    if isinstance(function, (Function, External, Partial)):
        result = m.call(function, arguments, site)
        if operations.tensors(m, result):
            return result
    sources = [source for value in arguments.every() for source in operations.tensors(m, value)]
    applied = Applied(layer.name, layer.steps, site, layer.site, layer.uid, layer.facts)
    return operations.add_call(m, applied, sources)


def apply_function(m: Machine, entry: Entry, arguments: Arguments, site: Site) -> Value:
    """Call a function of Keras or TensorFlow in the catalog on tensors."""
    operands = arguments.every()
    sources = [source for value in operands for source in operations.tensors(m, value)]
    m.doubt(operands if sources else ())
    if not sources and not any(operations.is_tensorish(m, value) for value in operands):
        return Weight() if operations.is_of_weights(m, operands) else m.fresh("computed", scalar=True)
    description = _described(m, entry, arguments)
    steps = description.steps
    if entry.arithmetic and not _merges(m, operands):
        return operations.record(m, steps[0].name, Role.PASS, sources, site)
    if _is_of_each_example(m, entry, arguments):
        return operations.record(m, entry.name, Role.PASS, sources, site)
    facts = {**_facts(m, entry, arguments, description.facts), **modes.of_function(m, steps, arguments)}
    return operations.add_call(m, Applied(description.layer, steps, site, None, None, facts), sources)


def _is_of_each_example(m: Machine, entry: Entry, arguments: Arguments) -> bool:
    """Whether `tf.nn.batch_normalization` gets the mean of each example: it is a layer or instance normalization."""
    mean = arguments.get(1, "mean") if entry.name == "batch_normalization" else None
    return isinstance(mean, Tensor) and m.recorder.calls[mean.node].facts.get("per_example") is True


def _merges(m: Machine, operands: list[Value]) -> bool:
    """Whether at least two operands are tensors of the network."""
    tensorish = 0
    for value in operands:
        if isinstance(value, (Sequence, ListObject)):
            tensorish += sum(operations.is_tensorish(m, element.value) for element in containers.iterate(m, value))
        else:
            tensorish += operations.is_tensorish(m, value)
    return tensorish > 1


def apply_activation(m: Machine, activation: Activation, arguments: Arguments, site: Site) -> Value:
    """Call a result of `keras.activations.get`."""
    entry = catalog.find(f"keras.activations.{activation.name or 'relu'}") or catalog.find("keras.activations.relu")
    assert entry is not None
    if activation.name is not None and entry.kind is Kind.FUNCTION:
        return apply_function(m, entry, arguments, site)
    sources = [source for value in arguments.every() for source in operations.tensors(m, value)]
    steps = (Step(Role.ACTIVATION, catalog.chain_name(activation.name)),)
    return operations.add_call(m, Applied("Activation", steps, site, None, None, {}), sources)
