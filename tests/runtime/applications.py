"""The public constructors of `keras.applications`, built with `weights=None`, and the expected numbers of layers.

Counted are applications of linear layers, norms, activation layers or functions, inline activations and dropouts.
`python -m tests.runtime.applications` builds all of them and prints the differences from the table.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from orderlint.graph import LayerCall, LayerGraph, Role

Counts = tuple[int, int, int, int, int]
"""Linear, norm, activation, inline activation, dropout."""

JUDGED = frozenset({Role.LINEAR, Role.NORM, Role.ACTIVATION, Role.DROPOUT})
NUM_PAIRS = 251
"""How many distinct pairs of source lines all constructors have together (see `source_pairs`)."""

EXPECTED: Mapping[str, Counts] = {
    "ConvNeXtBase": (113, 0, 36, 1, 0),
    "ConvNeXtLarge": (113, 0, 36, 1, 0),
    "ConvNeXtSmall": (113, 0, 36, 1, 0),
    "ConvNeXtTiny": (59, 0, 18, 1, 0),
    "ConvNeXtXLarge": (113, 0, 36, 1, 0),
    "DenseNet121": (121, 121, 121, 1, 0),
    "DenseNet169": (169, 169, 169, 1, 0),
    "DenseNet201": (201, 201, 201, 1, 0),
    "EfficientNetB0": (82, 49, 33, 33, 10),
    "EfficientNetB1": (116, 69, 46, 47, 17),
    "EfficientNetB2": (116, 69, 46, 47, 17),
    "EfficientNetB3": (131, 78, 52, 53, 20),
    "EfficientNetB4": (161, 96, 64, 65, 26),
    "EfficientNetB5": (195, 116, 77, 79, 33),
    "EfficientNetB6": (225, 134, 89, 91, 39),
    "EfficientNetB7": (274, 163, 108, 111, 49),
    "EfficientNetV2B0": (92, 59, 39, 33, 16),
    "EfficientNetV2B1": (112, 73, 48, 39, 22),
    "EfficientNetV2B2": (117, 76, 50, 41, 23),
    "EfficientNetV2B3": (137, 88, 58, 49, 27),
    "EfficientNetV2L": (340, 217, 142, 123, 73),
    "EfficientNetV2M": (246, 157, 103, 89, 51),
    "EfficientNetV2S": (171, 110, 72, 61, 35),
    "InceptionResNetV2": (245, 204, 243, 1, 0),
    "InceptionV3": (95, 94, 94, 1, 0),
    "MobileNet": (28, 27, 28, 0, 1),
    "MobileNetV2": (53, 52, 35, 1, 0),
    "MobileNetV3Large": (64, 46, 49, 0, 1),
    "MobileNetV3Small": (54, 34, 43, 0, 1),
    "NASNetLarge": (269, 264, 264, 1, 0),
    "NASNetMobile": (197, 192, 192, 1, 0),
    "ResNet101": (105, 104, 100, 1, 0),
    "ResNet101V2": (105, 100, 100, 1, 0),
    "ResNet152": (156, 155, 151, 1, 0),
    "ResNet152V2": (156, 151, 151, 1, 0),
    "ResNet50": (54, 53, 49, 1, 0),
    "ResNet50V2": (54, 49, 49, 1, 0),
    "VGG16": (16, 0, 0, 16, 0),
    "VGG19": (19, 0, 0, 19, 0),
    "Xception": (41, 40, 35, 1, 0),
}


@dataclass(frozen=True)
class BuiltApplication:
    """A constructor whose model was built; its graph has the lines where layers are constructed."""

    name: str
    graph: LayerGraph
    counts: Counts


def constructors() -> dict[str, Callable[..., Any]]:
    """The public constructors of the installed `keras.applications`."""
    import keras

    names = [name for name in dir(keras.applications) if name[0].isupper()]
    return {name: getattr(keras.applications, name) for name in names}


def build(name: str) -> BuiltApplication:
    """Build a constructor with its defaults, without weights, recording source lines."""
    import keras

    from orderlint.runtime.models import read_model
    from orderlint.runtime.sources import SourceRecorder

    recorder = SourceRecorder()
    keras.backend.clear_session()
    with recorder.watching():
        model = constructors()[name](weights=None)
    (graph,) = read_model(model, sources=recorder).graphs
    return BuiltApplication(name, graph, counts(graph))


def build_all() -> Iterator[BuiltApplication]:
    """Build each constructor in turn, which takes a minute and a half on two cores."""
    for name in constructors():
        yield build(name)


def counts(graph: LayerGraph) -> Counts:
    """The numbers of applications with a role in a graph."""
    found: Counter[str] = Counter()
    for call in graph.calls:
        for number, step in enumerate(call.steps):
            inline = step.role is Role.ACTIVATION and number > 0
            found["inline" if inline else step.role.value] += 1
    return (found["linear"], found["norm"], found["activation"], found["inline"], found["dropout"])


def neighbors(graph: LayerGraph) -> Iterator[tuple[LayerCall, LayerCall]]:
    """Pairs of calls with a role that are adjacent, except for `pass` layers between them."""
    for call in graph.calls:
        if not is_judged(call):
            continue
        waiting = [edge.target for edge in graph.consumers(call)]
        seen = set(waiting)
        while waiting:
            follower = graph.calls[waiting.pop()]
            if is_judged(follower):
                yield call, follower
            elif follower.roles == (Role.PASS,):
                more = {edge.target for edge in graph.consumers(follower)} - seen
                seen |= more
                waiting.extend(more)


def is_judged(call: LayerCall) -> bool:
    """Whether a call has a role for the ordering rules."""
    return bool(JUDGED.intersection(call.roles))


def source_pairs(graph: LayerGraph) -> set[tuple[str, int, str, int]]:
    """The source positions of adjacent layers with a role: file name and line of each."""
    pairs = set()
    for first, second in neighbors(graph):
        if first.constructed and second.constructed:
            one, other = first.constructed.location(), second.constructed.location()
            pairs.add((Path(one.path).name, one.line, Path(other.path).name, other.line))
    return pairs


def main() -> int:
    wrong = 0
    pairs = set()
    for built in build_all():
        pairs |= source_pairs(built.graph)
        expected = EXPECTED.get(built.name)
        same = built.counts == expected
        wrong += not same
        print(f"{built.name:20} {built.counts}" + ("" if same else f"  expected {expected}"), flush=True)
    print(f"{wrong} differ; {len(pairs)} distinct pairs of source lines")
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main())
