"""Compares how source and built models are read: each model builder of a folder is built, and read as source.

    python -m benchmarks.agreement FOLDER... [--limit 30] [--only NAME]

USER CODE IS RUN: every file with builders is imported, and every function that looks like one is called, in a child
process with a time limit and no network. Use it on code you trust. A builder is a top-level function that returns
a Keras model and whose parameters have defaults or names that tell what they are.

Prints a line for each model that could be built, with the differences below it, and the share without differences.
"""

from __future__ import annotations

import argparse
import ast
import contextlib
import importlib
import importlib.abc
import importlib.machinery
import io
import json
import os
import re
import signal
import socket
import sys
import types
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from unittest import mock

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")

from orderlint.graph import LayerGraph, Role, units_of
from orderlint.source import Project, analyze
from orderlint.text.files import may_hold_models, source_from_text

COUNTED = ("linear", "norm", "activation", "inline", "dropout")
IMAGE = "(64, 64, 3)"
GUESSES: tuple[tuple[str, str], ...] = (
    (r"(input_?|image_?|img_?|in_?)(shape|dims?|size)|shape", IMAGE),
    (r"(n_?|num_?|nb_?|number_of_)?(class(es)?|labels?)(_num)?|output_size|out(put)?_dim", "10"),
    (r"(img_|image_|input_)?(h|height|rows|w|width|cols|size)", "64"),
    (r"(n_|num_|in_|img_|input_)?channels?|depth_?in", "3"),
    (r"filter_num_down|filter_num", "[8, 16, 32, 64]"),
    (r"(n_?|num_?|nb_?|base_?)?filters?(_base)?", "8"),
    (r"chans", "8"),
    (r"samples", "128"),
    (r"k(ernel)?(_?size)?", "3"),
    (r"(drop_?out|drop)(_?rate)?", "0.2"),
    (r"activation", "'relu'"),
)
"""What is given for a parameter without a default: the first pattern that is its whole name decides."""
NO_WEIGHTS = re.compile(r"(encoder_|backbone_|pretrained_)?weights|pretrained(_weights)?|weights_path")
STAND_INS = frozenset((
    "matplotlib", "skimage", "sklearn", "cv2", "pandas", "scipy", "tqdm", "PIL", "seaborn", "h5py", "imgaug",
    "tensorflow_addons", "tensorflow_hub", "tensorflow_datasets", "pycocotools", "progressbar", "keras_resnet",
    "horovod", "wandb", "requests", "yaml", "joblib", "imageio", "gym",
))  # fmt: skip
"""Packages that builders do not need, but their files import; taken where they are not installed."""
NOT_BUILDERS = re.compile(
    r"_*(main|train|test|fit|run|evaluate|predict|load|read|save|download|plot|parse|compile)(_|$)"
)


@dataclass(frozen=True)
class Builder:
    """A function that may build a model, and the arguments to call it with."""

    path: Path
    folder: Path
    module: str
    name: str
    arguments: str

    kind: str = "function"
    root: Path = Path()

    @property
    def import_path(self) -> tuple[Path, ...]:
        """The folders in which its imports are looked up: its own, that of its package, and the whole folder."""
        return (self.folder, self.path.parent, self.root)

    @property
    def text(self) -> str:
        """Source that uses it: what is run, and what is read."""
        start = f"from {self.module} import {self.name.partition('.')[0]}\n"
        if self.kind == "variable":
            return start + f"model = {self.name}\n"
        text = start + f"model = {self.name}({self.arguments})\n"
        return text + "import keras\nmodel(keras.Input((64, 64, 3)))\n" if self.kind == "class" else text


@dataclass(frozen=True)
class View:
    """A model as one side sees it."""

    counts: tuple[tuple[int, ...], ...]
    chains: frozenset[tuple[str, ...]]


@dataclass
class Outcome:
    """The result for a builder: built, or why not."""

    builder: Builder
    failure: str = ""
    differences: list[str] = field(default_factory=list)


def builders(folder: Path) -> Iterator[Builder]:
    """The functions of a folder that may build models."""
    for path in sorted(folder.rglob("*.py")):
        data = path.read_bytes()
        if "test" in path.name or (b".fit(" in data and b"def " not in data) or not may_hold_models(data):
            continue
        try:
            tree = ast.parse(data)
        except (SyntaxError, ValueError):
            continue
        top, module = _module(path)
        for node in tree.body:
            for name, arguments, kind in _candidates(node):
                if arguments is not None:
                    yield Builder(path, top, module, name, arguments, kind, folder)


def _candidates(node: ast.stmt) -> Iterator[tuple[str, str | None, str]]:
    """Name, arguments and kind of what a statement of the top level defines, if that may be a model."""
    if isinstance(node, ast.FunctionDef) and _looks_like_builder(node):
        yield node.name, _arguments(node.args), "function"
    target = node.targets[0] if isinstance(node, ast.Assign) else None
    if isinstance(target, ast.Name) and re.search(r"\b(Model|Sequential)\(", ast.unparse(node)):
        yield target.id, "", "variable"
    if isinstance(node, ast.ClassDef):
        methods = {one.name: one for one in node.body if isinstance(one, ast.FunctionDef)}
        if any(re.search(r"Model$", ast.unparse(base)) for base in node.bases) and "call" in methods:
            init = methods.get("__init__")
            yield node.name, _arguments(init.args, 1) if init else "", "class"
        if "build_model" in methods:
            arguments = _arguments(methods["build_model"].args, 1)
            yield f"{node.name}.build_model", None if arguments is None else f"None, {arguments}", "function"


def _module(path: Path) -> tuple[Path, str]:
    """The folder that a file is imported from, and the name of its module."""
    parts = [path.stem] if path.stem != "__init__" else []
    folder = path.parent
    while (folder / "__init__.py").is_file() and folder.name.isidentifier():
        parts.insert(0, folder.name)
        folder = folder.parent
    return folder, ".".join(parts)


def _looks_like_builder(node: ast.FunctionDef) -> bool:
    if NOT_BUILDERS.match(node.name.lower()) or node.decorator_list:
        return False
    returns = any(isinstance(inner, ast.Return) and inner.value is not None for inner in ast.walk(node))
    source = ast.unparse(node)
    calls = re.search(r"\b(\w*Model|Sequential)\(", source) is not None
    return returns and (calls or (node.name[0].isupper() or "model" in node.name.lower()))


def _arguments(given: ast.arguments, bound: int = 0) -> str | None:
    """The arguments of a call, without the first `bound`; `None` if one cannot be guessed."""
    plain = [*given.posonlyargs, *given.args]
    required = plain[: len(plain) - len(given.defaults)]
    required += [one for one, default in zip(given.kwonlyargs, given.kw_defaults, strict=True) if default is None]
    texts = []
    for parameter in [*plain[bound:], *given.kwonlyargs]:
        if NO_WEIGHTS.fullmatch(parameter.arg):
            texts.append(f"{parameter.arg}=None")
        elif parameter in required:
            guess = next((value for name, value in GUESSES if re.fullmatch(name, parameter.arg.lower())), None)
            if guess is None:
                return None
            texts.append(f"{parameter.arg}={guess}")
    return ", ".join(texts)


# -- one builder, in a process of its own ---------------------------------------------------------------------------


def attempt(builder: Builder, limit: int) -> Outcome:
    """Build and compare in a child process, which is ended at the limit (in seconds)."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        signal.alarm(limit)
        try:
            _report(builder, writing)
        finally:
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading, encoding="utf-8") as pipe:
        text = pipe.read()
    os.waitpid(child, 0)
    found: dict[str, Any] = (
        json.loads(text) if text.endswith("}") else {"failure": f"took more than {limit} s, or ended the process"}
    )
    return Outcome(builder, found.get("failure", ""), found.get("differences", []))


def _report(builder: Builder, pipe: int) -> None:
    silent = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(silent, standard)
    os.chdir(builder.path.parent)
    try:
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            found: dict[str, Any] = {"differences": _differences(builder)}
    except BaseException as error:
        found = {"failure": f"{type(error).__name__}: {error}".split("\n")[0][:160]}
    with os.fdopen(pipe, "w", encoding="utf-8") as stream:
        json.dump(found, stream)


def _differences(builder: Builder) -> list[str]:
    socket.socket.connect = _no_network  # type: ignore[method-assign]
    sys.path[:0] = map(str, builder.import_path)
    sys.argv = [str(builder.path)]
    try:
        importlib.import_module(builder.module)
    except BaseException as error:
        raise ImportError(f"{type(error).__name__}: {error}") from error
    from orderlint.runtime.kinds import has_graph

    builder, model = _built(builder)
    if not has_graph(model) and builder.kind == "function":
        builder = replace(builder, kind="class")
    return compared(built_view(model), source_view(builder))


def _built(builder: Builder) -> tuple[Builder, Any]:
    """The model, and the builder with the input shape that it took."""
    for shape in (IMAGE, "(64, 3)", "(64, 64, 64, 3)", "(224, 224, 3)"):
        fitting = replace(builder, arguments=builder.arguments.replace(IMAGE, shape))
        with contextlib.suppress(ValueError):
            return fitting, _run(fitting.text)
    return builder, _run(builder.text)


def _run(text: str) -> Any:
    space: dict[str, Any] = {}
    exec(text, space)
    return space["model"]


def _no_network(*_: object) -> None:
    raise OSError("builders have no network")


def built_view(model: Any) -> View:
    """The model as it was built."""
    from orderlint.runtime.models import read_model

    return view(read_model(model).graphs, apart=True)


def source_view(builder: Builder) -> View:
    """The model as read from two lines of source."""
    path = builder.folder / "two_lines.py"
    project = Project(roots=builder.import_path)
    return view(analyze(source_from_text(builder.text, str(path)), project), apart=False)


def view(graphs: Sequence[LayerGraph], *, apart: bool) -> View:
    """What is compared of graphs.

    Args:
        apart: Whether each graph is the whole model, as inference and training are.
    """
    graphs = [_reaching_outputs(graph) for graph in graphs]
    counts = [_counts(graph) for graph in graphs] or [(0,) * len(COUNTED)]
    every = tuple(counts) if apart else (tuple(sum(column) for column in zip(*counts, strict=True)),)
    return View(every, frozenset(unit.chain for graph in graphs for unit in units_of(graph) if unit.chain))


def _reaching_outputs(graph: LayerGraph) -> LayerGraph:
    """The graph without what leads to no output: a built model does not have it."""
    if not graph.outputs:
        return graph
    kept: set[int] = set()
    waiting = list(graph.outputs)
    while waiting:
        if (number := waiting.pop()) not in kept:
            kept.add(number)
            waiting.extend(edge.source for edge in graph.producers(graph.calls[number]))
    new = {old: number for number, old in enumerate(sorted(kept))}
    calls = tuple(replace(graph.calls[old], id=number) for old, number in new.items())
    edges = [edge for edge in graph.edges if edge.target in kept and edge.source in kept]
    moved = tuple(replace(edge, source=new[edge.source], target=new[edge.target]) for edge in edges)
    outputs = frozenset(new[old] for old in graph.outputs)
    return replace(graph, calls=calls, edges=moved, outputs=outputs, leaving={})


def _counts(graph: LayerGraph) -> tuple[int, ...]:
    found: Counter[str] = Counter()
    for call in graph.calls:
        for number, step in enumerate(call.steps):
            found["inline" if step.role is Role.ACTIVATION and number else step.role.value] += 1
    return tuple(found[name] for name in COUNTED)


def compared(built: View, source: View) -> list[str]:
    """The differences, one in each line. The counts of the source may be those of inference or of training."""
    lines = []
    if source.counts[0] not in built.counts:
        each = zip(COUNTED, built.counts[0], source.counts[0], strict=True)
        lines.append(
            "counts: " + ", ".join(f"{name} {one} built, {two} in source" for name, one, two in each if one != two)
        )
    lines += [f"only built:  {' → '.join(chain)}" for chain in sorted(built.chains - source.chains)]
    lines += [f"only source: {' → '.join(chain)}" for chain in sorted(source.chains - built.chains)]
    return lines


# -- old spellings ---------------------------------------------------------------------------------------------------


def accept_old_spellings() -> None:
    """Give Keras 3 the modules and the lowercase names of its predecessors, as far as models are built with them."""
    import keras
    import keras._tf_keras.keras as legacy
    from keras.src.backend import KerasTensor

    for name in dir(legacy.backend):
        if not hasattr(keras.backend, name):
            setattr(keras.backend, name, getattr(legacy.backend, name))
    for root in (keras, legacy):
        backend = root.backend
        backend.image_dim_ordering = lambda: "tf"
        backend.shape = backend.shape if hasattr(backend, "shape") else legacy.backend.shape
        root.utils.convert_all_kernels_in_model = lambda model: None
        root.applications.imagenet_utils._obtain_input_shape = _obtain_input_shape
        _fill(root.models, root.layers, ("Input", "InputLayer"))
        _fill(root.layers, root, ("Input", "Model", "Sequential"))
    for package, root in (("keras", keras), ("tensorflow.keras", legacy), ("tensorflow.python.keras", legacy)):
        _alias(package, root)
    KerasTensor._keras_shape = KerasTensor._shape_val = property(lambda self: self.shape)
    KerasTensor.get_shape = lambda self: self.shape
    keras.Model.compile = lambda self, *_, **__: None
    for name in ("Adam", "SGD", "RMSprop", "Adagrad", "Adadelta", "Adamax", "Nadam"):
        for root in (keras, legacy):
            setattr(root.optimizers, name, mock.MagicMock(name=name))
    sys.meta_path.append(_Missing())


def _fill(target: Any, source: Any, names: Sequence[str]) -> None:
    for name in names:
        if not hasattr(target, name):
            setattr(target, name, getattr(source, name))


def _alias(package: str, root: Any) -> None:
    if package not in ("keras", "tensorflow.keras"):
        sys.modules[package] = root
        for name in ("layers", "models", "utils", "backend", "applications", "activations", "optimizers", "losses",
                     "regularizers", "initializers", "constraints", "callbacks", "metrics"):  # fmt: skip
            sys.modules[f"{package}.{name}"] = getattr(root, name)
    engine: Any = types.ModuleType(f"{package}.engine")
    vars(engine).update(Model=root.Model, Sequential=root.Sequential, get_source_inputs=root.utils.get_source_inputs)
    _fill(engine, root.layers, ("Layer", "InputSpec", "Input", "InputLayer"))
    for name in ("core", "convolutional", "pooling", "merge", "normalization", "advanced_activations", "recurrent",
                 "embeddings", "local", "wrappers", "noise", "convolutional_recurrent"):  # fmt: skip
        sys.modules[f"{package}.layers.{name}"] = root.layers
    for name in ("np_utils", "data_utils", "generic_utils", "layer_utils", "conv_utils", "vis_utils"):
        sys.modules[f"{package}.utils.{name}"] = root.utils
    for name in ("engine", "engine.topology", "engine.training", "engine.base_layer", "engine.input_layer"):
        sys.modules[f"{package}.{name}"] = engine
    root.engine = engine
    engine.topology = engine.training = engine


def _obtain_input_shape(input_shape: Any, *_: object, **__: object) -> Any:
    return input_shape or (224, 224, 3)


class _Missing(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds packages that are not installed, such as those that plot, as modules that take everything."""

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> Any:
        top = name.partition(".")[0]
        if top in STAND_INS:
            return importlib.machinery.ModuleSpec(name, self, is_package=True)
        return None

    def create_module(self, spec: Any) -> Any:
        module = mock.MagicMock(name=spec.name)
        module.__path__ = []
        return module

    def exec_module(self, module: Any) -> None:
        pass


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="+", type=Path, metavar="FOLDER")
    parser.add_argument("--limit", type=int, default=30, help="seconds for each builder")
    parser.add_argument("--only", default="", help="only builders of this name")
    parser.add_argument("--failures", action="store_true", help="also print which builders failed, and why")
    options = parser.parse_args()
    import tensorflow  # noqa: F401  (loaded once, for all children)

    accept_old_spellings()
    tried = built = agreeing = 0
    for folder in options.folders:
        broken: set[Path] = set()
        for builder in builders(folder.resolve()):
            if options.only not in ("", builder.name) or builder.path in broken:
                continue
            tried += 1
            outcome = attempt(builder, options.limit)
            if outcome.failure.startswith("ImportError"):
                broken.add(builder.path)
            built += not outcome.failure
            agreeing += not (outcome.failure or outcome.differences)
            if not outcome.failure or options.failures:
                print_outcome(outcome, folder.resolve())
    print(f"{tried} tried, {built} built, {agreeing} agree" + (f" ({agreeing / built:.0%})" if built else ""))
    return int(agreeing < built)


def print_outcome(outcome: Outcome, folder: Path) -> None:
    where = f"{folder.name}/{outcome.builder.path.relative_to(folder)}::{outcome.builder.name}"
    state = f"not built: {outcome.failure}" if outcome.failure else "differs" if outcome.differences else "agrees"
    print(f"{where}({outcome.builder.arguments})  {state}", flush=True)
    for line in outcome.differences:
        print(f"    {line}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
