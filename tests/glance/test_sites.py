"""The places in other files at which a glance suspects findings."""

from __future__ import annotations

import ast
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderlint.engine.session import Session
from orderlint.glance import glancer
from orderlint.glance.machine import Machine
from orderlint.glance.orders import FRESH, HEADED, Flow, Orders, _unit
from orderlint.glance.sites import Sites
from orderlint.glance.unsure import Unsure
from orderlint.judging import DEFAULT_ORDER, judge
from orderlint.source import analyze
from orderlint.text.files import source_from_text
from orderlint.text.parsing import python_tree
from tests.differential import programs
from tests.glance import carriers
from tests.glance.looking import RULES_OF_ROLES, USUAL

HEAD = "import keras\nfrom keras import layers\n"
Seen = set[tuple[str, int, int]]


def both(module: str, use: str) -> tuple[Seen | None, Seen]:
    """The places in a module that a glance at a file suspects, and those at which the analysis has findings."""
    place, path = os.path.abspath("blocks.py"), os.path.abspath("main.py")
    session = Session({place: module.encode()})
    with session.run():
        seen = session.glance.at(path, [python_tree(use)], RULES_OF_ROLES, USUAL.order)
        graphs = analyze(source_from_text(use, "main.py"), session.project)
        violations = judge(graphs, USUAL.rules, USUAL.order, lambda rule, error: None, lambda short: None)
    places = [(one.rule.code, one.at.place.location()) for one in violations]
    found = {(code, at.line, at.column) for code, at in places if os.path.abspath(at.path) == place}
    assert len(found) == len(set(places)) or seen is None, "a finding in the file itself"
    if seen is None:
        return None, found
    assert {suspect.path for suspect in seen.suspects} <= {place}
    return {(suspect.code, suspect.line, suspect.column) for suspect in seen.suspects}, found


@pytest.mark.parametrize(
    ("block", "expected"),
    [
        ("x = layers.Dense(8, activation='relu')(x)\n    x = layers.BatchNormalization()(x)", {("ORD001", 5, 9)}),
        ("é = x = layers.Dropout(0.5)(x)\n    return layers.BatchNormalization()(x)", {("ORD002", 4, 13)}),
        ("a = layers.Dropout(0.5)\n    b = layers.BatchNormalization()\n    return b(a(x))", {("ORD002", 6, 14)}),
        ("x = keras.Sequential([layers.Dropout(0.5), layers.BatchNormalization()])(x)", {("ORD002", 4, 27)}),
        (
            "m = keras.Sequential()\n    m.add(layers.Dropout(0.5))\n    m.add(layers.BatchNormalization())",
            {("ORD002", 5, 11)},
        ),
        (
            "x = layers.TimeDistributed(layers.Dropout(0.5))(x)\n    x = layers.BatchNormalization()(x)",
            {("ORD002", 4, 9)},
        ),
        ("for b in [layers.Dropout(0.5), layers.BatchNormalization()]:\n        x = b(x)", None),
        ("x = layers.Dense(8)(x)\n    x = layers.BatchNormalization()(x)", set()),
    ],
)
def test_a_suspect_stands_where_the_analysis_finds_it(block: str, expected: Seen | None) -> None:
    """If it is uncertain which of two places is reported, the glance cannot tell."""
    suspected, found = both(f"{HEAD}def block(x):\n    {block}\n    return x\n", "import blocks\nblocks.block(1)\n")
    assert suspected == expected
    assert found == (expected if expected is not None else {("ORD002", 4, 15)})


def test_a_place_where_another_layer_is_applied_later_is_not_sure() -> None:
    """The glance cannot tell, although the analysis has a finding there."""
    block = (
        "def f(layer, v):\n    return layer(v)\n\n\ndef block(x):\n"
        "    x = layers.BatchNormalization()(f(layers.Dropout(0.5), x))\n    return f(layers.Dense(8), x)\n"
    )
    suspected, found = both(HEAD + block, "import blocks\nblocks.block(1)\n")
    assert suspected is None
    assert found


SEQUENCE = f"""\
{HEAD}
class Own(layers.ReLU):
    pass
class Opaque(layers.Layer):
    pass
class Dropping(layers.Dropout):
    pass
class Block(layers.Layer):
    def __init__(self):
        super().__init__()
        self.act = layers.ReLU()
    def call(self, x):
        return self.act(x)
def apply_all(x, every):
    for one in every:
        x = one(x)
    return x
"""


@pytest.mark.parametrize(
    "every",
    [
        "[blocks.Own(), layers.BatchNormalization()]",
        "[layers.BatchNormalization() if i else blocks.Own() for i in range(2)]",
        "[layers.ReLU(), layers.BatchNormalization(), blocks.Opaque()]",
        "[blocks.Opaque(), layers.Dense(3), blocks.Dropping(0.5), layers.BatchNormalization()]",
        "[layers.TimeDistributed(layers.Dropout(0.5)), layers.BatchNormalization()]",
        "[layers.Lambda(lambda x: keras.ops.relu(x)), layers.BatchNormalization()]",
        "[keras.ops.relu, layers.BatchNormalization()]",
        "[keras.Sequential([layers.ReLU()]), layers.BatchNormalization()]",
        "[blocks.Block(), layers.BatchNormalization()]",
    ],
)
def test_layers_that_the_file_makes_may_be_reported_there(every: str) -> None:
    """One expression of the module applies several layers, so a finding is reported where they are constructed."""
    use = f"import blocks\n{HEAD}x = layers.Dense(8)(keras.Input((8,)))\nblocks.apply_all(x, {every})\n"
    suspected, found = both(SEQUENCE, use)
    assert suspected is None or found == suspected


def uses(seed: int) -> Iterator[tuple[str, str]]:
    """Random modules, and files that use them."""
    yield programs.program(seed).text, 'import blocks\na = blocks.build(0.5)\nb = blocks.build(0.0, False, 3, "relu")\n'
    text = carriers.program(seed)
    try:
        names = [node for node in ast.parse(text).body if isinstance(node, (ast.ClassDef, ast.FunctionDef))]
    except SyntaxError:
        return
    calls = (f"blocks.{one.name}" + (".build" if isinstance(one, ast.FunctionDef) else "().build") for one in names)
    yield text, "import keras\nimport blocks\n" + "".join(f"{call}(keras.Input((8, 8, 3)))\n" for call in calls)


def test_no_finding_of_a_random_module_is_lost(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A finding that a use has in a module is suspected there."""
    monkeypatch.chdir(tmp_path)
    num_suspected = 0
    for module, use in (pair for seed in range(120) for pair in uses(seed)):
        suspected, found = both(module, use)
        if suspected is not None:
            assert found <= suspected, module
            num_suspected += bool(found)
    assert num_suspected > 30


ROLES = st.lists(st.sampled_from(["norm", "activation", "dropout", "linear"]), max_size=12)


@given(ROLES)
def test_every_place_that_a_rule_reports_is_suspected(roles: list[str]) -> None:
    """The length of the unit and the number of roles that a way keeps make no difference."""
    sites = Sites("own.py")
    tree = ast.parse("\n".join(f"f{number}()" for number in range(len(roles) + 1)))
    calls = [statement.value for statement in tree.body if isinstance(statement, ast.Expr)]
    for call in calls:
        assert isinstance(call, ast.Call)
        sites.called("blocks.py", call)
    orders = Orders(RULES_OF_ROLES, DEFAULT_ORDER, sites)
    flow: Flow = FRESH
    for role, call in zip(roles, calls, strict=False):
        flow = orders.after(flow, role, id(call))
    orders.end(flow)
    orders.settle()
    expected: set[tuple[str, int]] = set()
    start, is_headed = 0, False
    for number, role in enumerate([*roles, "linear"]):
        if role == "linear":
            unit = _unit(is_headed, roles[start:number])
            for rule in RULES_OF_ROLES:
                for violation in rule.check([unit], DEFAULT_ORDER):
                    expected.add((rule.code, id(calls[start + violation.at.id - is_headed])))
            start, is_headed = number + 1, True
    assert expected <= sites._found


def test_what_stands_in_the_file_itself_ends_the_glance() -> None:
    """A finding in the file itself, or at an unknown place, cannot be suspected elsewhere."""
    sites = Sites("own.py")
    (statement,) = ast.parse("f()").body
    assert isinstance(statement, ast.Expr)
    assert isinstance(statement.value, ast.Call)
    sites.called("own.py", statement.value)
    for place in (id(statement.value), 0):
        orders = Orders(RULES_OF_ROLES, DEFAULT_ORDER, sites)
        with pytest.raises(Unsure):
            orders.after(orders.after(HEADED, "dropout", place), "norm", 1)


def test_what_one_file_meets_the_next_expects(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first file is looked at again with these places; another one that imports the module is looked at once."""
    ended: list[str] = []

    def look(g: Machine, path: str, tree: ast.Module) -> bool:
        try:
            return look_once(g, path, tree)
        finally:
            ended.append(Path(path).name)

    look_once = glancer.look
    monkeypatch.setattr(glancer, "look", look)
    block = f"{HEAD}def block(x):\n    return layers.BatchNormalization()(layers.Dense(8, activation='relu')(x))\n"
    session = Session({os.path.abspath("parts/blocks.py"): block.encode(), os.path.abspath("parts/__init__.py"): b""})
    with session.run():
        for name in ("one.py", "two.py"):
            tree = python_tree("from parts import blocks\nblocks.block(1)\n")
            seen = session.glance.at(os.path.abspath(name), [tree], RULES_OF_ROLES, USUAL.order)
            assert seen is not None
            assert [suspect.code for suspect in seen.suspects] == ["ORD001"]
    assert ended == ["one.py", "one.py", "two.py"]
