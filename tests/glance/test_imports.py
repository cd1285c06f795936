"""Imports are deferred until their names are read, and every read of a name gets its value."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from orderlint.glance import machine
from tests.glance.looking import glance

HEAD = "import keras\nfrom keras import layers\nx = inputs = keras.Input((8,))\n"
ACTIVE = "from keras import layers\ndef block(x):\n    return layers.ReLU()(layers.Dense(8)(x))\n"
NORM = "layers.BatchNormalization()"

READ = {
    "by a function": f"from a import block\ndef net(x):\n    return {NORM}(block(x))\n",
    "under another name": f"from a import block as made\ndef net(x):\n    return {NORM}(made(x))\n",
    "by the body of a class": f"from a import block\nclass Net:\n    f = [block]\nz = {NORM}(Net.f[0](x))\n",
    "as a default": f"from a import block\ndef net(x, f=block):\n    return {NORM}(f(x))\n",
    "as a decorator": f"from b import through\n@through\ndef f(x):\n    return x\nz = {NORM}(f(x))\n",
    "through another module": f"import b\nz = {NORM}(b.block(x))\n",
    "through two modules": f"from c import block\nz = {NORM}(block(x))\n",
    "through a star import": f"from b import *\nz = {NORM}(block(x))\n",
    "by its text": f"import b\nz = {NORM}(getattr(b, 'block')(x))\n",
    "by a part of its text": f"import b, sys\nz = {NORM}(getattr(b, f'bl{{sys.argv[1]}}')(x))\n",
    "among all names": f"from a import block\nz = {NORM}(globals()['block'](x))\n",
    "among the names of a module": f"import b\nz = {NORM}(vars(b)['block'](x))\n",
    "in a branch": f"import sys\nif sys.argv:\n    from a import block\n    z = {NORM}(block(x))\n",
    "with another import in its place": (
        f"try:\n    from a import block\nexcept ImportError:\n    from d import block\nz = {NORM}(block(x))\n"
    ),
    "with another value in its place": (
        f"import sys\nfrom a import block\nif sys.argv:\n    block = None\ndef net(x):\n    return {NORM}(block(x))\n"
    ),
    "by a function that runs before the import": (
        f"def net(x):\n    return {NORM}(block(x))\nif unknown:\n    net(x)\nfrom a import block\nnet(x)\n"
    ),
    "by a module that imports this one": "from e import net\nfrom a import block\nz = net(x)\n",
    "from an object of which nothing is known": (
        f"import b\nmodules = [b]\nfor module in unknown(modules):\n    z = {NORM}(module.block(x))\n"
        f"for module in modules:\n    z = {NORM}(module.block(x))\n"
    ),
}

OTHERS = {
    "a.py": ACTIVE,
    "b.py": "from a import block\ndef through(f):\n    return block\n",
    "c.py": "from b import block\n",
    "d.py": "def block(x):\n    return x\n",
    "e.py": f"from keras import layers\nfrom net import block\ndef net(x):\n    return {NORM}(block(x))\n",
}


@pytest.mark.parametrize("text", READ.values(), ids=READ)
def test_whatever_reads_a_name_gets_it(text: str) -> None:
    """The function applies an activation, and the file applies a normalization to its output."""
    others = {**OTHERS, "net.py": HEAD + text}
    in_order = {**others, "a.py": ACTIVE.replace("layers.ReLU()(layers.Dense(8)(x))", "layers.Dense(8)(x)")}
    assert glance(HEAD + text, "net.py", in_order) is not None
    assert glance(HEAD + text, "net.py", others) is None


def test_modules_that_are_not_read_are_not_run(monkeypatch: pytest.MonkeyPatch) -> None:
    """So the number of imported modules makes no difference."""
    monkeypatch.setattr(machine, "MOST_MODULES", 5)
    modules: Mapping[str, str] = {f"m{number}.py": ACTIVE for number in range(20)}
    imports = "".join(f"from m{number} import block as block{number}\n" for number in range(20))
    text = HEAD + imports + "def net(x):\n    return layers.ReLU()({}(x))\n"
    assert glance(text.format("block3"), "net.py", modules) is True
    every = "(x))\nz = layers.ReLU()(".join(f"block{number}" for number in range(20))
    assert glance(text.format(every), "net.py", modules) is None


def test_a_class_that_is_defined_again_has_its_methods_once() -> None:
    """A call that first reads the name of a module may run twice, and so may the module."""
    module = "class Kinds:\n    def __init__(self, given=[3]):\n        self.given, self.kind = given, None\n"
    text = (
        f"{HEAD}from a import Kinds\ndef net(x):\n    kinds = Kinds()\n    unknown(kinds.kind)\n"
        f"    kinds.kind = layers.{{}}\n    return {NORM}(kinds.kind()(layers.Dense(8)(x)))\nz = net(x)\n"
    )
    assert glance(text.format("Flatten"), "net.py", {"a.py": module}) is True
    assert glance(text.format("ReLU"), "net.py", {"a.py": module}) is None


def test_a_module_may_call_what_imports_it() -> None:
    """A module that is first run in a call may make the same call. It is not taken for a recursion."""
    text = f"{HEAD}def block(x):\n    from f import kind\n    return kind()(layers.Dense(8)(x))\nz = {NORM}(block(x))\n"
    module = "from keras import layers\nfrom net import block, x\nkind = layers.{}\ny = block(x)\n"
    assert glance(text, "net.py", {"f.py": module.format("Flatten"), "net.py": text}) is True
    assert glance(text, "net.py", {"f.py": module.format("ReLU"), "net.py": text}) is None
