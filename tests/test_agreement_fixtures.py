"""Source and built models of the fixtures have the same chains: functions, classes and models that can be built.

They are used by a few lines of code, which are executed, and analyzed as source.
"""

from __future__ import annotations

import ast
import importlib.util
import socket
import sys
from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from orderlint.graph import LayerGraph, units_of
from orderlint.source import Project, analyze_definition
from orderlint.text.files import source_from_text
from tests.support import ROOT

keras = pytest.importorskip("keras", reason="the agreement with built models needs Keras")

FOLDER = ROOT / "fixtures" / "check"
SHAPES = ((32, 32, 3), (8,), (16, 8), (4,))
TENSORS = frozenset({"x", "y", "inputs", "features"})
VALUES = {"filters": "8", "units": "8", "n": "2", "depth": "2", "count": "2", "rate": "0.2", "act": "'relu'",
          "activation": "'relu'", "kernel": "3", "size": "3", "steps": "2"}  # fmt: skip
"""What is given for a parameter that is no tensor; `True` for others."""
LEAST_COMPARED = 90
BOTH_ARMS = {"branches.tried", "classes_by_name.picked", "deleted_attributes.frozen", "names_of_modules.listed"}
"""What the source keeps all ways of, as only the run tells which is gone: it has more chains than were built."""

SILENT = {"queues.nested", "queues.of_a_length"}
"""What the source does not follow to its end, and says nothing of: more chains were built than it has."""

Chains = set[tuple[str, ...]]


def modules() -> Iterator[ModuleType]:
    """The fixtures that can be imported, as top-level modules or members of their package."""
    for path in sorted(FOLDER.rglob("*.py")):
        package = path.parent.name if (path.parent / "__init__.py").is_file() else ""
        name = ".".join(part for part in (package, path.stem) if part)
        sys.path.insert(0, str(path.parents[1] if package else path.parent))
        try:
            yield load(name, path)
        except (Exception, SystemExit):
            continue  # intentionally broken, or with names that only look like Keras
        finally:
            sys.path.pop(0)


def load(name: str, path: Path) -> ModuleType:
    keras.backend.clear_session()
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def uses(module: ModuleType) -> Iterator[tuple[str, list[str]]]:
    """The definitions of a module, each with `use` functions of which one may build it."""
    for node in ast.parse(Path(module.__file__ or "").read_bytes()).body:
        if isinstance(node, ast.FunctionDef):
            yield node.name, [f"return {node.name}({given})" for given in arguments(node.args)]
        elif isinstance(node, ast.ClassDef):
            yield node.name, list(class_uses(node))
        elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            name = node.targets[0].id
            if isinstance(getattr(module, name), keras.Model):
                yield name, [f"return {name}({given})" for given in inputs(getattr(module, name))]


def class_uses(node: ast.ClassDef) -> Iterator[str]:
    init = next((one for one in node.body if isinstance(one, ast.FunctionDef) and one.name == "__init__"), None)
    for given in ["".join(arguments(init.args, 1)[:1])] if init else [""]:
        for shape in SHAPES:
            yield f"return {node.name}({given})(keras.Input({shape}))"


def arguments(parameters: ast.arguments, bound: int = 0) -> list[str]:
    """Arguments to try: tensors of several shapes, and plain values."""
    required = parameters.args[bound : len(parameters.args) - len(parameters.defaults)]
    given = ["keras.Input({shape})" if one.arg in TENSORS else VALUES.get(one.arg, "True") for one in required]
    return list(dict.fromkeys(", ".join(given).replace("{shape}", str(shape)) for shape in SHAPES))


def inputs(model: Any) -> list[str]:
    if not getattr(model, "inputs", None):
        return [f"keras.Input({shape})" for shape in SHAPES]
    given = ", ".join(f"keras.Input({tuple(one.shape)[1:]})" for one in model.inputs)
    return [given if len(model.inputs) == 1 else f"[{given}]"]


def built_chains(module: ModuleType, body: str) -> Chains | None:
    """The chains of the result of a body; `None` if it cannot be built, or if its result is not a model."""
    from orderlint.runtime.models import read_model

    starts: list[Any] = []

    def noted(shape: Sequence[int]) -> Any:
        starts.append(keras.Input(shape))
        return starts[-1]

    space = {**vars(module), "keras": type("Keras", (), {"Input": staticmethod(noted)})}
    try:
        result = eval(body.removeprefix("return "), space)
        model = result if isinstance(result, keras.Model) else keras.Model(starts, result)
        found = read_model(model)
    except Exception:
        return None
    return None if found.notes else chains(found.graphs)


def source_chains(module: ModuleType, name: str, body: str) -> Chains:
    path = Path(module.__file__ or "")
    # A module is executed where its name is first used. This is before `use`, whose layers alone are compared.
    text = f"import keras\nfrom {module.__name__} import {name}\nit = {name}\n\ndef use():\n    {body}\n"
    project = Project(roots=(path.parent, path.parents[1]))
    return chains(analyze_definition(source_from_text(text, str(path.parent / "use_of_fixture.py")), "use", project))


def chains(graphs: Sequence[LayerGraph]) -> Chains:
    return {unit.chain for graph in graphs for unit in units_of(graph) if unit.chain}


def narrowed(chain: tuple[str, ...], built: Chains) -> tuple[str, ...]:
    """A chain with the built classes instead of families (`Conv*D`), which are only known at run time."""
    alike = (one for one in sorted(built) if len(one) == len(chain) and all(map(fnmatchcase, one, chain)))
    return next(alike, chain)


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Weights named in a fixture are not downloaded."""

    def refuse(*_: object) -> None:
        raise OSError("fixtures have no network")

    monkeypatch.setattr(socket, "getaddrinfo", refuse)


@pytest.mark.usefixtures("no_network")
@pytest.mark.filterwarnings("ignore")
def test_what_builds_has_the_same_chains_on_both_sides() -> None:
    """Each chain of a fixture that can be built is found in its source, and no other."""
    compared = set()
    different = {}
    for module in modules():
        for name, bodies in uses(module):
            body, built = next(((one, found) for one in bodies if (found := built_chains(module, one))), ("", None))
            if not built:
                continue
            compared.add(where := f"{module.__name__}.{name}")
            source = {narrowed(chain, built) for chain in source_chains(module, name, body)}
            is_expected = (where in BOTH_ARMS and source > built) or (where in SILENT and source < built)
            if source != built and not is_expected:
                different[where] = {"only built": built - source, "only in source": source - built}
    assert different == {}
    assert len(compared) >= LEAST_COMPARED
    assert compared >= BOTH_ARMS | SILENT
