"""A name that a module only imports from others is read from there, without running the module."""

from __future__ import annotations

import ast
import os
from collections.abc import Mapping

import pytest

from orderlint.engine.session import Session
from orderlint.glance import listings
from orderlint.glance.frames import Module
from orderlint.glance.listings import Listed, listed_in
from orderlint.glance.machine import Machine
from orderlint.text.parsing import python_tree
from tests.glance.looking import RULES_OF_ROLES, USUAL

HEAD = "from keras import layers\n"
IN_ORDER = HEAD + "def block(x):\n    return layers.BatchNormalization()(layers.Dense(8)(x))\n"
ACTIVE = HEAD + "def block(x):\n    return layers.ReLU()(layers.Dense(8)(x))\n"


@pytest.fixture(autouse=True)
def _short_ones_count(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listings, "MANY", 2)


def seen(text: str, others: Mapping[str, str]) -> bool | None:
    """Whether a text applies layers, all of them in order; `None` if a glance cannot tell."""
    session = Session({os.path.abspath(path): other.encode() for path, other in others.items()})
    with session.run():
        found = session.glance.at(os.path.abspath("main.py"), [python_tree(text)], RULES_OF_ROLES, USUAL.order)
        return None if found is None or found.suspects else found.has_layers


def package(lines: str, **modules: str) -> dict[str, str]:
    return {"p/__init__.py": lines, **{f"p/{name}.py": text for name, text in modules.items()}}


@pytest.mark.parametrize(
    ("lines", "use"),
    [
        ("from .a import block\nfrom .b import other\n", "from p import block\n"),
        ("from .a import block\nfrom .b import other\n", "import p\nblock = p.block\n"),
        ("from p.a import block as made\nfrom .b import other\n", "from p import made as block\n"),
        ("from . import a, b\n", "import p\nblock = p.a.block\n"),
        ("from . import a as c, b\n", "from p.c import block\nfrom p import c\nblock = c.block\n"),
        ("from .b import other, more\n", "from p import a\nblock = a.block\n"),
        ("from .q import block, other\n", "from p import block\n"),
    ],
)
def test_what_is_listed_is_what_it_is_where_it_comes_from(lines: str, use: str) -> None:
    """The file is in order exactly if the name is in order in the module that defines it."""
    for block, expected in ((IN_ORDER, True), (ACTIVE, None)):
        others = package(lines, a=block, b="other = more = 1\n")
        others["p/q/__init__.py"] = "from ..a import block\nfrom ..b import other\n"
        text = f"{use}{HEAD}def net(x):\n    return layers.BatchNormalization()(layers.Dense(2)(block(x)))\n"
        assert seen(text, others) is True
        assert seen(text.replace("layers.Dense(2)(block(x))", "block(x)"), others) is expected


@pytest.mark.parametrize("write", ["p.block = other", "setattr(p, 'block', other)", "setattr(p, name, other)"])
def test_a_listed_name_that_is_replaced(write: str) -> None:
    """A file that has already read the name has seen the old value."""
    others = package("from .a import block\nfrom .b import more\n", a=IN_ORDER, b="more = 1\n")
    use = "def net(x):\n    return layers.BatchNormalization()(layers.Dense(2)(p.block(x)))\n"
    own = "def other(x):\n    return layers.ReLU()(x)\n"
    text = f"import p\n{HEAD}{own}{use}def change(name):\n    {write}\n"
    assert seen(text.replace(write, "return other"), others) is True
    active = text.replace("layers.Dense(2)(p.block(x))", "p.block(x)")
    assert seen(active, others) is None


def test_two_that_list_each_other_end() -> None:
    others = {"p.py": "from q import block, other\n", "q.py": "from p import block, other\n"}
    assert seen(f"from p import block\n{HEAD}x = layers.Dense(1)(block(x))\n", others) is None


@pytest.mark.parametrize(
    ("text", "listed"),
    [
        ('"""Text."""\nfrom .a import b as c, d\n__all__ = ["c"]\n', {"c": (1, "a", "b"), "d": (1, "a", "d")}),
        ("from a import b, c\n__version__ = '1'\n", {"b": (0, "a", "b"), "c": (0, "a", "c")}),
        *(
            ("from a import b, c\n" + more, None)
            for more in ("x = 1", "__x = 1", "x__ = 1", "__x__ = f()", "import y", "b()", "del b")
        ),
        *((text, None) for text in ("from a import *\nfrom b import c, d", "from a import b\nfrom c import b, d")),
        ("from a import b\n", None),
    ],
)
def test_what_counts_as_a_listing(text: str, listed: dict[str, tuple[int, str, str]] | None) -> None:
    found = listed_in(ast.parse(text))
    assert found == (listed and {name: Listed(*one) for name, one in listed.items()})


@pytest.mark.parametrize("count", [10, 40])
def test_the_imports_of_a_large_package_are_not_run_for_each_file(monkeypatch: pytest.MonkeyPatch, count: int) -> None:
    """Reading one name of it costs the imports of one module, however many modules there are."""
    num_run = 0
    run = Machine.run_module

    def counted(machine: Machine, module: Module) -> None:
        nonlocal num_run
        num_run += 1
        run(machine, module)

    monkeypatch.setattr(Machine, "run_module", counted)
    modules = {f"m{one}": IN_ORDER for one in range(count)}
    others = package("".join(f"from .m{one} import block as block{one}\n" for one in range(count)), **modules)
    assert seen(f"import p\n{HEAD}def net(x):\n    return layers.Dense(1)(p.block5(x))\n", others) is True
    assert num_run == 2
