"""libcst behaves the same if it is imported in half the time."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest

from orderlint.text.loading import install
from tests.support import ROOT

FILE = "fixtures/check/idioms/refused_combinations.py"
# Properties of the classes of nodes, and the result of parsing a file.
LOOK = """
import dataclasses, inspect, json, pickle, sys
before = dataclasses.dataclass
if "quick" in sys.argv:
    from orderlint.text.loading import install
    install()
    install()
import libcst as cst
from libcst._nodes.base import CSTNode
from pathlib import Path

def subclasses(cls):
    yield cls
    for one in cls.__subclasses__():
        yield from subclasses(one)

def parameters(cls):
    try:
        cls()
    except Exception:
        pass  # whatever it lacks, its constructor has been compiled
    given = inspect.signature(cls.__init__).parameters.values()
    return [[one.name, str(one.kind), one.default is not one.empty] for one in given]

class Renamed(cst.CSTTransformer):
    def leave_Name(self, original_node, updated_node):
        return updated_node.with_changes(value=updated_node.value + "_")

text = Path(sys.argv[1]).read_text()
tree = cst.parse_module(text)
copy = pickle.loads(pickle.dumps(tree))
classes = {cls.__qualname__: cls for cls in subclasses(CSTNode) if cls.__module__.startswith("libcst._nodes")}
try:
    cst.Name("x").value = "y"
    changed = True
except dataclasses.FrozenInstanceError:
    changed = False
try:
    cst.Name("")
    validates = False
except cst.CSTValidationError:
    validates = True
print(json.dumps({
    "classes": {
        name: [parameters(cls), [field.name for field in dataclasses.fields(cls)], str(cls.__slots__)]
        for name, cls in sorted(classes.items())
    },
    "equal": [cst.Name("x") == cst.Name("x"), tree == tree, len({tree, copy}), tree.deep_equals(copy)],
    "text": [tree.code == text, copy.code == text, tree.deep_clone().code == text, tree.visit(Renamed()).code],
    "shown": repr(cst.parse_expression("f(x)[0]")),
    "untouched": dataclasses.dataclass is before,
    "changed": changed,
    "validates": validates,
    "quick": [type(CSTNode) is type, CSTNode.__hash__ is object.__hash__],
    "finders": sum(type(one).__module__ == "orderlint.text.loading" for one in sys.meta_path),
}))
"""


def looked(*arguments: str) -> dict[str, Any]:
    file = ROOT / FILE
    line = [sys.executable, "-c", LOOK, str(file), *arguments]
    done = subprocess.run(line, capture_output=True, text=True, cwd=ROOT, check=False)
    assert not done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_the_nodes_are_the_same_but_for_what_nobody_tries() -> None:
    """Signatures, fields, slots, equality, representations, copies and changes are the same; nothing is validated."""
    usual, quick = looked(), looked("quick")
    assert len(usual["classes"]) > 150
    assert (usual.pop("changed"), quick.pop("changed")) == (False, True)
    assert (usual.pop("validates"), quick.pop("validates")) == (True, False)
    assert (usual.pop("finders"), quick.pop("finders")) == (0, 1)
    assert (usual.pop("quick"), quick.pop("quick")) == ([False, False], [True, True])
    assert usual["untouched"]
    assert quick == usual


@pytest.mark.parametrize(("line", "frozen"), [("orderlint.check_source(text)", True), ("main()", False)])
def test_libcst_of_others_is_left_alone(line: str, frozen: bool) -> None:
    """The command has its own process, but the Python interface does not."""
    code = (
        "import sys, orderlint\nfrom orderlint.cli import main\n"
        "text = 'from keras import layers\\nx = layers.BatchNormalization()(layers.Dense(8, \"relu\")(x))\\n'\n"
        f"sys.argv[1:] = ['check', '--no-cache', '--exit-zero', '--quiet', '{FILE}']\n"
        f"try:\n    {line}\nexcept SystemExit:\n    pass\n"
        "import libcst\nprint(libcst.Name.__dataclass_params__.frozen)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    assert done.stdout.splitlines()[-1] == str(frozen)


def test_nothing_is_done_where_libcst_is_loaded() -> None:
    """Its node classes exist already, so no time can be saved."""
    import libcst  # noqa: F401

    before = list(sys.meta_path)
    install()
    assert sys.meta_path == before
