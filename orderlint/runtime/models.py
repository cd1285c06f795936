"""Converts a live model to its layer graphs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from orderlint.catalog import DEFAULT, RoleTable
from orderlint.graph import LayerGraph
from orderlint.runtime.assemble import assemble
from orderlint.runtime.errors import InspectionError, NotAModelError, NotBuiltError
from orderlint.runtime.kinds import defines_call, has_graph, is_model, is_sequential
from orderlint.runtime.library import Library, library_of
from orderlint.runtime.live import LiveReader
from orderlint.runtime.network import Network
from orderlint.runtime.opener import CodeOpener
from orderlint.runtime.readmodel import ReadModel
from orderlint.runtime.sources import SourceRecorder
from orderlint.runtime.specs import Arguments, InputShape, Spec, from_sample, from_shape, mapped
from orderlint.runtime.symbolic import call_parameters

__all__ = ["call_arguments", "read_model"]


def read_model(
    model: Any,
    *,
    target: str | None = None,
    input_shape: InputShape | None = None,
    sample: Any = None,
    roles: RoleTable = DEFAULT,
    sources: SourceRecorder | None = None,
) -> ReadModel:
    """Read a live model of any generation of Keras. The model is not changed.

    Args:
        model: A Sequential, functional or subclassed model.
        target: The `path` of places; `None` for the name of the model.
        input_shape: The input shape without the batch size, for a model that does not know it: a tuple, a list of
            tuples, or a dict of tuples by argument name.
        sample: A batch of input, or a list or dict of batches, instead of a shape.
        roles: The user's roles.
        sources: The places where layers were constructed and applied, if they were recorded.

    Raises:
        NotAModelError: `model` is not a Keras model.
        NotBuiltError: The model does not know its input, and neither `input_shape` nor `sample` is given.
        TraceError: The `call` of the model cannot be followed.
    """
    reader = LiveReader(_library(model), roles, CodeOpener(), sources=sources or SourceRecorder())
    parts = _parts(model)
    if parts:
        return reader.result(_part_by_part(reader, model, parts, target))
    return reader.result(_both_ways(reader, model, target or model.name, input_shape, sample))


def _library(model: Any) -> Library:
    """The generation of Keras of a model.

    Raises:
        NotAModelError: It is not a model.
    """
    library = library_of(model)
    if library is None or not isinstance(model, library.layer_class):
        raise NotAModelError(f"expected a Keras model, got {_kind(model)}")
    if not is_model(model):
        raise NotAModelError(f"expected a Keras model, got a single layer: {_kind(model)} `{model.name}`")
    return library


def _part_by_part(reader: LiveReader, model: Any, parts: Sequence[Any], target: str | None) -> list[LayerGraph]:
    """The graphs of the models inside a model without a `call`. A note explains this.

    Raises:
        InspectionError: None of them can be read. It is the error of the first one.
    """
    graphs: list[LayerGraph] = []
    unread: list[InspectionError] = []
    for part in parts:
        try:
            graphs += _both_ways(reader, part, target or f"{model.name}/{part.name}", None, None)
        except InspectionError as error:
            unread.append(error)
    if not graphs:
        raise unread[0]
    reader.notes += map(str, unread)
    reader.notes.append(
        f"`{model.name}` has no `call`, so it is not known how data flows between its models: "
        f"{', '.join(f'`{part.name}`' for part in parts)} are checked separately"
    )
    return graphs


def _both_ways(
    reader: LiveReader, model: Any, place: str, input_shape: InputShape | None, sample: Any
) -> tuple[LayerGraph, ...]:
    """The graphs of a model at inference and in training; one if they are the same."""
    with reader.keeper.working():
        graphs = [_read(reader, model, place, input_shape, sample)]
        if reader.follows_code:
            reader.keeper.restore_names()
            graphs.append(_read(replace(reader, training=True), model, place, input_shape, sample))
    return _different(graphs)


def _parts(model: Any) -> list[Any]:
    """The models inside a model without a `call`, such as the generator and the discriminator of a GAN."""
    if defines_call(model) or has_graph(model) or is_sequential(model):
        return []
    return [part for part in model.layers if is_model(part)]


def _kind(thing: object) -> str:
    if isinstance(thing, type):
        return f"`{thing.__name__}`, a class"
    cls = type(thing)
    module = "" if cls.__module__ == "builtins" else f"{cls.__module__}."
    return f"`{module}{cls.__qualname__}`"


def _read(reader: LiveReader, model: Any, target: str, input_shape: InputShape | None, sample: Any) -> LayerGraph:
    if not defines_call(model):
        if has_graph(model):
            return assemble(reader.model(model), target)
        if is_sequential(model):
            return _read_stack(reader, model, target, input_shape, sample)
    arguments = call_arguments(model, input_shape, sample)
    return assemble(_opened(reader, model, arguments), target)


def _opened(reader: LiveReader, model: Any, arguments: Arguments) -> Network:
    opener = reader.opener
    assert isinstance(opener, CodeOpener)
    return opener.open(reader, model, arguments)


def _read_stack(reader: LiveReader, model: Any, target: str, input_shape: InputShape | None, sample: Any) -> LayerGraph:
    """Read a `Sequential` that is not built. The order of its layers is known, but opening them needs a shape."""
    if input_shape is None and sample is None:
        return assemble(reader.model(model), target)
    spec = call_arguments(model, input_shape, sample).positional[0]
    reader.keeper.keep(model)
    if isinstance(spec, Spec):
        model.build(spec.shape)
    return assemble(reader.model(model), target)


def call_arguments(model: Any, input_shape: InputShape | None, sample: Any = None) -> Arguments:
    """The arguments to call a model with (see `read_model`).

    Raises:
        NotBuiltError: The model does not know its input, and neither `input_shape` nor `sample` is given.
    """
    parameters = call_parameters(model)
    if sample is not None:
        return from_sample(sample, parameters)
    if input_shape is not None:
        return from_shape(input_shape, parameters)
    known = _known_arguments(model, parameters)
    if known is None:
        raise NotBuiltError(
            f"`{model.name}` ({type(model).__name__}) is not built, or does not know its input: call it on a batch, "
            "or give the shape without the batch: input_shape=(224, 224, 3), on the command line "
            "--input-shape 224,224,3"
        )
    return known


def _known_arguments(model: Any, parameters: Sequence[str]) -> Arguments | None:
    """The input that a subclassed model was built for; `None` if it is not known."""
    if has_graph(model):  # it has its own `call`, too
        return Arguments((mapped(model.input, _spec_of),))
    saved = getattr(model, "save_spec", None)  # Keras 2: the arguments of its first call
    given = saved() if saved is not None and getattr(model, "_saved_model_inputs_spec", None) is not None else None
    if given is not None:
        return Arguments(*(mapped(part, _spec_of) for part in given))
    shapes = getattr(model, "_build_shapes_dict", None)  # Keras 3: by parameter, `input_shape` if there is one
    if isinstance(shapes, Mapping) and shapes and all(map(_is_known, shapes.values())):
        return _from_build(shapes, parameters)
    shape = getattr(model, "_build_input_shape", None)  # Keras 2, built by `build`
    return Arguments((_spec_with_batch(shape),)) if shape is not None else None


def _is_known(shape: Any) -> bool:
    """Whether a shape was recorded, and not just a call of `build(None)`."""
    return shape is not None and all(map(_is_known, shape.values() if isinstance(shape, Mapping) else ()))


def _spec_of(value: Any) -> Any:
    if not hasattr(value, "shape") or not hasattr(value, "dtype"):
        return value
    return Spec((None, *tuple(value.shape)[1:]), value.dtype)


def _from_build(shapes: Mapping[str, Any], parameters: Sequence[str]) -> Arguments:
    if len(shapes) == 1:
        return Arguments((_spec_with_batch(next(iter(shapes.values()))),))
    named = {name.removesuffix("_shape"): shape for name, shape in shapes.items()}
    return Arguments((), {name: _spec_with_batch(shape) for name, shape in named.items() if name in parameters})


def _spec_with_batch(shape: Any) -> Any:
    """A shape that starts with the batch size, or a structure of such shapes, as specs."""
    if isinstance(shape, Mapping):
        return {name: _spec_with_batch(inner) for name, inner in shape.items()}
    if hasattr(shape, "as_list"):
        shape = shape.as_list()
    if any(isinstance(size, (list, tuple, Mapping)) or hasattr(size, "as_list") for size in shape):
        return [_spec_with_batch(inner) for inner in shape]
    return Spec((None, *tuple(shape)[1:]))


def _different(graphs: list[LayerGraph]) -> tuple[LayerGraph, ...]:
    """The graphs of inference and training; only one if they are the same."""
    if len(graphs) == 1 or _signature(graphs[0]) == _signature(graphs[1]):
        return (graphs[0],)
    modes = ("inference", "training")
    return tuple(replace(graph, name=f"{graph.name} ({mode})") for graph, mode in zip(graphs, modes, strict=True))


def _signature(graph: LayerGraph) -> object:
    calls = tuple((call.layer, call.steps, call.place) for call in graph.calls)
    return calls, frozenset((edge.source, edge.target) for edge in graph.edges), graph.outputs
