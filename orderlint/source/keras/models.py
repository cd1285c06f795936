"""Models: `Sequential`, `Model(inputs, outputs)`, and classes that inherit from them."""

from __future__ import annotations

import libcst as cst

from orderlint.graph import Role, Site
from orderlint.graph.guards import ALWAYS
from orderlint.source.keras import chains, layers
from orderlint.source.keras.bases import base_kind, listed_base
from orderlint.source.python import calls, containers, operations
from orderlint.source.state.arguments import Arguments
from orderlint.source.state.frames import Instance
from orderlint.source.state.machine import Machine
from orderlint.source.state.recorder import Source
from orderlint.source.state.store import ITEMS
from orderlint.source.state.values import (
    MISSING,
    NONE,
    Choice,
    Element,
    FunctionalModel,
    Layer,
    ListObject,
    NativeMethod,
    Sequence,
    SequentialModel,
    Tensor,
    Value,
)

__all__ = [
    "BASE",
    "FUNCTIONAL",
    "ITEMS",
    "WRAPPED",
    "Sequence",
    "add",
    "apply",
    "apply_layers",
    "attribute",
    "base_init",
    "construct",
    "input_of",
    "native_attribute",
    "output",
]

FUNCTIONAL = "#functional"
BASE = "#base"
WRAPPED = "layer"  # the attribute in which `Wrapper.__init__` stores its argument


def construct(m: Machine, kind: str, arguments: Arguments, site: Site) -> Value:
    """`Sequential(...)`, `Model(...)`, `Input(...)`."""
    if kind == "Sequential":
        return _sequential(m, arguments, site)
    if kind == "Model":
        return _functional(m, arguments, site) or m.fresh("model")
    return m.fresh(kind)


def _sequential(m: Machine, arguments: Arguments, site: Site) -> SequentialModel:
    receiver = m.frame.receiver
    is_part = isinstance(receiver, Instance) and base_kind(m, receiver.cls) is not None
    made = SequentialModel(m.store.new_owner(), site, is_part=is_part)
    m.models.append(made)
    m.store.write(made.uid, ITEMS, Sequence(tuple(_given_layers(m, arguments, 0))))
    return made


def _given_layers(m: Machine, arguments: Arguments, position: int) -> list[Element]:
    """The layers that are passed as a list.

    If the list is not a literal in the call, one expression applies several layers. Then each layer is reported where
    it was constructed.
    """
    given = arguments.get(position, "layers")
    if given is None:
        return []
    literal = _is_literal(arguments, position)
    elements: list[Element] = []
    for element in containers.iterate(m, given):
        site = element.site if literal and element.site is not None else None
        elements.append(Element(element.value, element.guard, site or place_of(element.value) or element.site))
    return elements


def _is_literal(arguments: Arguments, position: int) -> bool:
    node = next((a.value for a in arguments.nodes if a.keyword is not None and a.keyword.value == "layers"), None)
    if node is None and position < len(arguments.nodes):
        node = arguments.nodes[position].value
    return isinstance(node, (cst.List, cst.Tuple))


def place_of(value: Value) -> Site | None:
    """The place where a layer was constructed."""
    if isinstance(value, Choice):
        places = {place_of(option) for _, option in value.alternatives}
        return places.pop() if len(places) == 1 else None
    return value.site if isinstance(value, (Layer, Instance, SequentialModel, FunctionalModel)) else None


def _functional(m: Machine, arguments: Arguments, site: Site) -> FunctionalModel | None:
    inputs = arguments.get(0, "inputs") or arguments.keywords.get("input")
    outputs = arguments.get(1, "outputs") or arguments.keywords.get("output")
    if inputs is None or outputs is None:
        return None
    m.recorder.leave(operations.tensors(m, outputs), site)
    return FunctionalModel(m.store.new_owner(), inputs, outputs, site)


def add(m: Machine, owner: int, arguments: Arguments) -> Value:
    """`model.add(layer)`."""
    value = arguments.get(0, "layer")
    if value is None:
        return NONE
    site = m.site(arguments.nodes[0].value) if arguments.nodes else place_of(value)
    if arguments.nodes and calls.takes_from_container(m, arguments.nodes[0].value) and site is not None:
        m.iterated.add(site)
    m.append(owner, Element(value, site=site))
    return NONE


# -- application ------------------------------------------------------------------------------------------------


def apply(m: Machine, model: SequentialModel | FunctionalModel, arguments: Arguments, site: Site) -> Value:
    """Apply a model of the analyzed code, so that its layers are applied again."""
    if isinstance(model, SequentialModel):
        m.applied.add(model.uid)
        return apply_layers(m, model.uid, arguments, site)
    return _apply_functional(m, model, arguments, site)


def apply_layers(m: Machine, owner: int, arguments: Arguments, site: Site) -> Value:
    """Apply the layers of a `Sequential` one after the other."""
    elements = m.elements(owner)
    current = arguments.get(0, "inputs") or _own_input(m, elements) or m.fresh("input")
    before = m.recorder.size
    for element in elements:
        current = _apply_element(m, element, current, site)
    m.nested.append((before, m.recorder.size))
    return current


def _own_input(m: Machine, elements: tuple[Element, ...]) -> Value | None:
    """The `Input` at the start of a `Sequential`, if there is one."""
    if not elements or elements[0].guard is not ALWAYS:
        return None
    first = elements[0].value
    return first if isinstance(first, Tensor) and _is_input(m, first) else None


def _apply_element(m: Machine, element: Element, current: Value, site: Site) -> Value:
    if _is_input(m, element.value):
        return current

    def apply_one(layer: Value) -> Value:
        # If two branches add one layer each, each layer is reported where it was constructed.
        return m.call(layer, Arguments([current]), element.site or place_of(layer) or site)

    def run() -> Value:
        return m.each(element.value, apply_one)

    return m.under([(element.guard, run), (~element.guard, lambda: current)])


def _is_input(m: Machine, value: Value) -> bool:
    if isinstance(value, Tensor):
        return m.recorder.calls[value.node].layer == "Input"
    return (isinstance(value, Layer) and value.name == "InputLayer") or value == NONE


def _apply_functional(m: Machine, model: FunctionalModel, arguments: Arguments, site: Site) -> Value:
    old_inputs = _leaves(m, model.inputs)
    given = arguments.get(0, "inputs")
    new_inputs = _leaves(m, given) if given is not None else []
    output_nodes = {node for _, node in operations.tensors(m, model.outputs)}
    if not old_inputs or not output_nodes:
        return operations.unresolved(m, model, arguments, site, "Model")
    mapping: dict[int, list[Source]] = {}
    for number, leaf in enumerate(old_inputs):
        stands_in = new_inputs[number : number + 1] if len(new_inputs) == len(old_inputs) else new_inputs
        arrives = [source for value in stands_in for source in operations.tensors(m, value)]
        for _, node in operations.tensors(m, leaf):
            mapping[node] = arrives
    before = m.recorder.size
    copies = m.recorder.copy(mapping, output_nodes, m.path, m.frame.background)
    m.nested.append((before, m.recorder.size))
    for _ in range(m.recorder.size - before):
        m.tick()
    return _renumbered(m, model.outputs, copies)


def _leaves(m: Machine, value: Value) -> list[Value]:
    if isinstance(value, (Sequence, ListObject)):
        return [leaf for element in containers.iterate(m, value) for leaf in _leaves(m, element.value)]
    return [value]


def _renumbered(m: Machine, value: Value, copies: dict[int, int]) -> Value:
    """The outputs of the copy, in the structure of the model's outputs."""
    if isinstance(value, Tensor):
        return Tensor(copies[value.node]) if value.node in copies else m.fresh("input")
    if isinstance(value, Choice):
        return m.choose([(when, _renumbered(m, option, copies)) for when, option in value.alternatives])
    if isinstance(value, (Sequence, ListObject)):
        return Sequence(
            tuple(Element(_renumbered(m, e.value, copies), e.guard, e.site) for e in containers.iterate(m, value))
        )
    return value


def attribute(m: Machine, owner: SequentialModel | FunctionalModel | Layer, name: str) -> Value:
    """`owner.name` of a model or a layer."""
    if name in ("output", "outputs"):
        return output(m, owner)
    if name in ("input", "inputs"):
        return input_of(m, owner)
    if name == "layers" and isinstance(owner, SequentialModel):
        return _layers_of(m, owner.uid)
    if name == "layers" and isinstance(owner, FunctionalModel):
        return chains.layers_of(m, owner) or NativeMethod(owner, name)
    return layers.attribute(m, owner, name) if isinstance(owner, Layer) else NativeMethod(owner, name)


def _layers_of(m: Machine, owner: int) -> Sequence:
    """`model.layers` of a `Sequential`. Inputs (`Input((8,))` or an `InputLayer`) are not included."""
    return Sequence(tuple(one for one in m.elements(owner) if not _is_input(m, one.value)))


def output(m: Machine, owner: Value) -> Value:
    """`model.output`, `layer.output`."""
    if isinstance(owner, FunctionalModel):
        return owner.outputs
    if isinstance(owner, Layer):
        made = m.read(owner.uid, layers.OUTPUT)
        holder = _holder(m, owner) if made is MISSING else None
        if holder is not None:
            output(m, holder)
            made = m.read(owner.uid, layers.OUTPUT)
        return made if made is not MISSING else m.unknown(("output", owner))
    if isinstance(owner, SequentialModel):
        made = m.read(owner.uid, layers.OUTPUT)
        if made is MISSING:
            made = apply(m, owner, Arguments([input_of(m, owner)]), owner.site)
            m.store.write(owner.uid, layers.OUTPUT, made)
        return made
    return m.fresh("output")


def _holder(m: Machine, layer: Layer) -> SequentialModel | None:
    """The model of this root that holds a layer (`model.layers[-2].output`); `None` if no model holds it."""
    return next((model for model in m.models if any(e.value == layer for e in m.elements(model.uid))), None)


def input_of(m: Machine, owner: Value) -> Value:
    """`model.input`, `layer.input`."""
    if isinstance(owner, FunctionalModel):
        return owner.inputs
    if isinstance(owner, SequentialModel):
        made = m.read(owner.uid, "#input")
        if made is MISSING:
            made = operations.record(m, "Input", Role.BOUNDARY, [], owner.site)
            m.store.write(owner.uid, "#input", made)
        return made
    return m.unknown(("input", owner))


# -- subclasses -------------------------------------------------------------------------------------------------


def base_init(m: Machine, instance: Instance, arguments: Arguments, site: Site) -> Value:
    """Run the `__init__` of Keras with the arguments that reach it."""
    kind = base_kind(m, instance.cls)
    if kind == "Sequential":
        m.store.write(instance.uid, ITEMS, Sequence(tuple(_given_layers(m, arguments, 0))))
        return NONE
    base = listed_base(m, instance.cls)
    if base is not None:
        entry = m.roles.find(base.name)
        assert entry is not None
        made = layers.construct(m, entry, arguments, instance.site, instance.cls.name)
        m.store.write(instance.uid, BASE, made)
        if entry.wrapper or entry.name == "Wrapper":
            m.store.write(instance.uid, WRAPPED, layers.wrapped(entry, arguments))
        return NONE
    model = _functional(m, arguments, site)
    if model is not None:
        m.store.write(instance.uid, FUNCTIONAL, model)
    return NONE


def native_attribute(m: Machine, owner: Instance, name: str) -> Value:
    """An attribute that an object has from Keras."""
    functional = m.read(owner.uid, FUNCTIONAL)
    if isinstance(functional, FunctionalModel) and name in ("input", "inputs", "output", "outputs"):
        return functional.inputs if name.startswith("input") else functional.outputs
    if name == "layers" and base_kind(m, owner.cls) == "Sequential":
        return _layers_of(m, owner.uid)
    if name in layers.METHODS or name == "get_layer":
        return NativeMethod(owner, name)
    return m.unknown(("attribute", owner, name), scalar=name in ("name", "dtype", "trainable", "built"))
