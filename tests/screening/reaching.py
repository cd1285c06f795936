"""Ways in which a file can use the definitions of a module, for the tests that none of them is missed.

A way is the text of a module `blocks.py`, in which `BLOCK` stands for a function `block` with a finding, and the text
of a file `net.py` beside it. They name no other layers except ones that are in order.
"""

from __future__ import annotations

__all__ = ["BLOCK", "WAYS", "program"]

BLOCK = """
def block(x):
    x = layers.Dense(8)(x)
    x = layers.Dropout(0.5)(x)
    return layers.BatchNormalization()(x)
"""

_INDENTED = BLOCK.replace("\n", "\n    ")
_CLASS = """
class Block(layers.Layer):
    def __init__(self):
        super().__init__()
        self.dense = layers.Dense(8)
        self.drop = layers.Dropout(0.5)
        self.norm = layers.BatchNormalization()

    def call(self, x):
        return self.norm(self.drop(self.dense(x)))
"""
_REGISTRY = """
class Registry:
    def __init__(self):
        self.found = {}

    def register(self, name):
        def keep(what):
            self.found[name] = what
            return what
        return keep

    def get(self, name):
        return self.found[name]

"""


def _decorated(decorator: str, text: str = BLOCK) -> str:
    return text.replace("\ndef block", f"\n{decorator}\ndef block").replace(
        "\nclass Block", f"\n{decorator}\nclass Block"
    )


# Each: the contents of blocks.py and of net.py; `net = …` is appended to the latter unless stated otherwise.
WAYS: dict[str, tuple[str, str]] = {
    "by name": (BLOCK, "from blocks import block\ny = block(x)"),
    "all names": (BLOCK, "from blocks import *\ny = block(x)"),
    "another name": (BLOCK, "from blocks import block as part\ny = part(x)"),
    "several names": (BLOCK, "from blocks import (\n    other,  # one\n    block as part,\n)\ny = part(x)"),
    "a module": (BLOCK, "import blocks\ny = blocks.block(x)"),
    "a module with another name": (BLOCK, "import blocks as b\ny = b.block(x)"),
    "a name that is given on": (BLOCK + "part = block\n", "import blocks\ny = blocks.part(x)"),
    "two names at once": (BLOCK + "part, other = block, None\n", "import blocks\ny = blocks.part(x)"),
    "a condition": (BLOCK + "part = block if True else None\n", "import blocks\ny = blocks.part(x)"),
    "a list": (BLOCK + "PARTS = [block]\n", "import blocks\ny = blocks.PARTS[0](x)"),
    "a list in lines": (BLOCK + "PARTS = [\nblock,\n]\n", "from blocks import PARTS\ny = PARTS[0](x)"),
    "a list that grows": (BLOCK + "PARTS = []\nPARTS += [block]\n", "import blocks\ny = blocks.PARTS[0](x)"),
    "a list that is appended to": (
        BLOCK + "PARTS = []\nPARTS.append(block)\n",
        "import blocks\ny = blocks.PARTS[0](x)",
    ),
    "a table": (BLOCK + "PARTS = {'a': block}\n", "import blocks\ny = blocks.PARTS['a'](x)"),
    "a table with a type": (BLOCK + "PARTS: dict = {'a': block}\n", "import blocks\ny = blocks.PARTS['a'](x)"),
    "a table made by a call": (BLOCK + "PARTS = dict(a=block)\n", "import blocks\ny = blocks.PARTS['a'](x)"),
    "a table that is added to": (BLOCK + "PARTS = {}\nPARTS['a'] = block\n", "import blocks\ny = blocks.PARTS['a'](x)"),
    "a table of tables": (BLOCK + "A = {'a': block}\nB = {'b': A}\n", "import blocks\ny = blocks.B['b']['a'](x)"),
    "a table with the names of all": (BLOCK + "PARTS = globals()\n", "import blocks\ny = blocks.PARTS['block'](x)"),
    "a function between": (BLOCK + "def two(x):\n    return block(x)\n", "from blocks import two\ny = two(x)"),
    "a function that gives it": (BLOCK + "def pick():\n    return block\n", "from blocks import pick\ny = pick()(x)"),
    "a function that takes it": (BLOCK, "from blocks import block\ndef run(f, x):\n    return f(x)\ny = run(block, x)"),
    "a default": (BLOCK + "def two(x, f=block):\n    return f(x)\n", "from blocks import two\ny = two(x)"),
    "a lambda": (BLOCK + "two = lambda x: block(x)\n", "from blocks import two\ny = two(x)"),
    "a partial": (BLOCK + "import functools\ntwo = functools.partial(block)\n", "from blocks import two\ny = two(x)"),
    "a comprehension": (BLOCK, "import blocks\ny = [f(x) for f in [blocks.block]][0]"),
    "a keyword": (BLOCK, "import blocks\ndef run(block, x):\n    return block(x)\ny = run(block=blocks.block, x=x)"),
    "an import within a function": (
        BLOCK,
        "def run(x):\n    from blocks import block\n    return block(x)\ny = run(x)",
    ),
    "an import on the same line": (BLOCK, "if True: from blocks import block as part\ny = part(x)"),
    "an import that is tried": (
        BLOCK,
        "try:\n    from blocks import block\nexcept ImportError:\n    block = None\ny = block(x)",
    ),
    "an import by a text": (BLOCK, "import importlib\nb = importlib.import_module('blocks')\ny = b.block(x)"),
    "an import and a name by texts": (
        BLOCK,
        "import importlib\ny = getattr(importlib.import_module('blocks'), 'block')(x)",
    ),
    "a definition under a condition": ("if True:" + _INDENTED + "\n", "from blocks import block\ny = block(x)"),
    "a definition of two": (
        "if layers:" + _INDENTED + "\nelse:\n    def block(x):\n        return x\n",
        "from blocks import block\ny = block(x)",
    ),
    "a definition that is tried": (
        "try:" + _INDENTED + "\nexcept ValueError:\n    pass\n",
        "from blocks import block\ny = block(x)",
    ),
    "a definition after a closing bracket": (
        BLOCK.replace("(x):", "(\n    x,\n):", 1),
        "from blocks import block\ny = block(x)",
    ),
    "a class": (_CLASS, "from blocks import Block\ny = Block()(x)"),
    "a subclass": (_CLASS, "from blocks import Block\nclass Net(Block):\n    pass\ny = Net()(x)"),
    "a subclass in the module": (_CLASS + "class Net(Block):\n    pass\n", "from blocks import Net\ny = Net()(x)"),
    "an object": (_CLASS + "part = Block()\n", "from blocks import part\ny = part(x)"),
    "an attribute of a class": (
        BLOCK + "class Parts:\n    part = staticmethod(block)\n",
        "from blocks import Parts\ny = Parts.part(x)",
    ),
    "an attribute of an object": (
        BLOCK,
        (
            "import blocks\nclass Net:\n    def __init__(self):\n        self.block = blocks.block\n"
            "    def run(self, x):\n        return self.block(x)\ny = Net().run(x)"
        ),
    ),
    "a module as an attribute": (
        BLOCK,
        (
            "import blocks\nclass Net:\n    def __init__(self):\n        self.parts = blocks\n"
            "    def run(self, x):\n        return self.parts.block(x)\ny = Net().run(x)"
        ),
    ),
    "a method": (
        "class Parts:" + _INDENTED.replace("(x)", "(self, x)", 1) + "\n",
        "from blocks import Parts\ny = Parts().block(x)",
    ),
    "a class method": (
        "class Parts:\n    @classmethod" + _INDENTED.replace("(x)", "(cls, x)", 1) + "\n",
        "from blocks import Parts\ny = Parts.block(x)",
    ),
    "a call operator": (
        BLOCK + "class Parts:\n    def __call__(self, x):\n        return block(x)\n",
        "from blocks import Parts\ny = Parts()(x)",
    ),
    "a property": (
        BLOCK + "class Parts:\n    @property\n    def part(self):\n        return block\n",
        "from blocks import Parts\ny = Parts().part(x)",
    ),
    "a name in a text": (BLOCK, "import blocks\ny = getattr(blocks, 'block')(x)"),
    "a name in two texts": (BLOCK, "import blocks\ny = getattr(blocks, 'blo' + 'ck')(x)"),
    "a name that is formatted": (BLOCK, "import blocks\nkind = 'block'\ny = getattr(blocks, f'{kind}')(x)"),
    "a name that is filled in": (BLOCK, "import blocks\ny = getattr(blocks, 'bl%s' % 'ock')(x)"),
    "a name that is put together": (
        BLOCK.replace("block", "b2"),
        "import blocks\ny = getattr(blocks, 'b' + str(2))(x)",
    ),
    "a name in lower case": (BLOCK, "import blocks\ny = getattr(blocks, 'BLOCK'.lower())(x)"),
    "a name backwards": (BLOCK, "import blocks\ny = getattr(blocks, 'kcolb'[::-1])(x)"),
    "a name that is escaped": (BLOCK, "import blocks\ny = getattr(blocks, 'bl\\x6fck')(x)"),
    "a name in a table": (
        BLOCK + "NAMES = {'a': 'block'}\n",
        "import blocks\ny = getattr(blocks, blocks.NAMES['a'])(x)",
    ),
    "names of a module": (BLOCK, "import blocks\ny = vars(blocks)['block'](x)"),
    "names of a module by attribute": (BLOCK, "import blocks\ny = blocks.__dict__['block'](x)"),
    "names of the own module": (
        BLOCK + "def pick(name):\n    return globals()[name]\n",
        "from blocks import pick\ny = pick('block')(x)",
    ),
    "code in a text": (BLOCK, "import blocks\ny = eval('blocks.block(x)')"),
    "a name in code": (BLOCK, "from blocks import *\ny = eval('block')(x)"),
    "a registry": (
        "FOUND = {}\ndef register(f):\n    FOUND[f.__name__] = f\n    return f\n" + _decorated("@register"),
        "from blocks import FOUND\ny = FOUND['block'](x)",
    ),
    "a registry by name": (
        (
            "FOUND = {}\ndef register(name):\n    def keep(f):\n        FOUND[name] = f\n        return f\n"
            "    return keep\n"
        )
        + _decorated("@register('a')"),
        "from blocks import FOUND\ny = FOUND['a'](x)",
    ),
    "a registry that a function reads": (
        "FOUND = {}\ndef register(f):\n    FOUND['a'] = f\n    return f\ndef pick(name):\n    return FOUND[name]\n"
        + _decorated("@register"),
        "from blocks import pick\ny = pick('a')(x)",
    ),
    "a registry that the decorator reads": (
        "FOUND = {}\ndef register(f):\n    FOUND.setdefault('a', f)\n    return FOUND['a']\n" + _decorated("@register"),
        "from blocks import register\ny = register(None)(x)",
    ),
    "a list of all": (
        "FOUND = []\ndef register(f):\n    FOUND.append(f)\n    return f\n" + _decorated("@register"),
        "import blocks\nfor f in blocks.FOUND:\n    x = f(x)\ny = x",
    ),
    "a registry of classes": (
        "FOUND = {}\ndef register(cls):\n    FOUND['a'] = cls\n    return cls\n" + _decorated("@register", _CLASS),
        "from blocks import FOUND\ny = FOUND['a']()(x)",
    ),
    "an object that registers": (
        _REGISTRY + "PARTS = Registry()\n" + _decorated("@PARTS.register('a')"),
        "from blocks import PARTS\ny = PARTS.get('a')(x)",
    ),
    "a method that registers": (
        _REGISTRY + "PARTS = Registry()\nregister = PARTS.register\n" + _decorated("@register('a')"),
        "from blocks import PARTS\ny = PARTS.get('a')(x)",
    ),
    "an attribute that registers": (
        "class Found:\n    pass\ndef register(f):\n    Found.part = staticmethod(f)\n    return f\n"
        + _decorated("@register"),
        "from blocks import Found\ny = Found.part(x)",
    ),
    "an attribute set by name": (
        "class Found:\n    pass\ndef register(f):\n    setattr(Found, 'part', staticmethod(f))\n    return f\n"
        + _decorated("@register"),
        "from blocks import Found\ny = Found.part(x)",
    ),
    "a global that registers": (
        "FOUND = None\ndef register(f):\n    global FOUND\n    FOUND = f\n    return f\n" + _decorated("@register"),
        "import blocks\ny = blocks.FOUND(x)",
    ),
    "a method that is registered": (
        "FOUND = {}\ndef register(f):\n    FOUND['a'] = f\n    return f\nclass Parts:\n    @register"
        + _INDENTED.replace("(x)", "(self, x)", 1)
        + "\n",
        "from blocks import FOUND\ny = FOUND['a'](None, x)",
    ),
    "a class that registers": (
        BLOCK + "FOUND = {}\nclass Parts:\n    FOUND.update(a=block)\n",
        "from blocks import FOUND\ny = FOUND['a'](x)",
    ),
    "a class that puts into a table": (
        BLOCK + "FOUND = {}\nclass Parts:\n    FOUND['a'] = block\n",
        "from blocks import FOUND\ny = FOUND['a'](x)",
    ),
    "two names in one statement": (BLOCK + "part = other = block\n", "import blocks\ny = blocks.other(x)"),
    "two statements on a line": (BLOCK + "part = 1; other = block\n", "import blocks\ny = blocks.other(x)"),
    "a name within an expression": (BLOCK + "parts = [(other := block)]\n", "import blocks\ny = blocks.other(x)"),
    "the name of an argument": (
        BLOCK,
        (
            "import blocks\ndef run(x, **parts):\n    for name in parts:\n        x = getattr(blocks, name)(x)\n"
            "    return x\ny = run(x, block=1)"
        ),
    ),
    "the name of an attribute": (
        BLOCK,
        (
            "import blocks\nclass Parts:\n    def __getattr__(self, name):\n        return getattr(blocks, name)\n"
            "    def run(self, x):\n        return self.block(x)\ny = Parts().run(x)"
        ),
    ),
    "the name of a member": (
        BLOCK,
        "import blocks\nimport enum\nclass E(enum.Enum):\n    BLOCK = 1\ny = getattr(blocks, E.BLOCK.name.lower())(x)",
    ),
    "a registry of a module": (
        "import sys\ndef register(f):\n    sys.modules[__name__].part = f\n    return f\n" + _decorated("@register"),
        "import blocks\ny = blocks.part(x)",
    ),
    "a registry in a table": (
        "FOUND = {'a': {}}\ndef register(f):\n    FOUND['a']['b'] = f\n    return f\n" + _decorated("@register"),
        "from blocks import FOUND\ny = FOUND['a']['b'](x)",
    ),
    "a registry of two": (
        "FOUND = {}\ndef register(f):\n    FOUND['a'], other = f, 1\n    return f\n" + _decorated("@register"),
        "from blocks import FOUND\ny = FOUND['a'](x)",
    ),
    "a lookup behind a lookup": (
        BLOCK + "def pick(part):\n    return getattr(part, 'two')\ndef two(x):\n    return three(x)\n"
        "def three(x):\n    return block(x)\n",
        "import blocks\ny = blocks.pick(blocks)(x)",
    ),
    "the name of a class": (
        BLOCK.replace("def block", "def Net_block"),
        "import blocks\nclass Net:\n    pass\ny = getattr(blocks, Net.__name__ + '_block')(x)",
    ),
    "a class that is told of its subclasses": (
        "FOUND = []\nclass Base(layers.Layer):\n    def __init_subclass__(cls):\n        FOUND.append(cls)\n"
        + _CLASS.replace("layers.Layer", "Base"),
        "import blocks\ny = blocks.FOUND[0]()(x)",
    ),
    "a class that keeps its subclasses": (
        "class Base(layers.Layer):\n    found = []\n    def __init_subclass__(cls):\n        Base.found.append(cls)\n"
        + _CLASS.replace("layers.Layer", "Base"),
        "from blocks import Base\ny = Base.found[0]()(x)",
    ),
    "a decorator that calls": (
        "def twice(f):\n    def run(x):\n        return f(f(x))\n    return run\n" + _decorated("@twice"),
        "from blocks import block\ny = block(x)",
    ),
    "a decorator of a framework": (
        "import tensorflow as tf\n" + _decorated("@tf.function"),
        "from blocks import block\ny = block(x)",
    ),
    "what a module gives for a name": (
        BLOCK + "def __getattr__(name):\n    return block\n",
        "import blocks\ny = blocks.part(x)",
    ),
    "layers by another name": (
        BLOCK.replace("layers.BatchNormalization", "Norm"),
        "from blocks import block\ny = block(x)",
    ),
    "a layer from a module": ("", "from blocks import Norm\nfrom blocks import layers\ny = Norm()(layers.Dense(2)(x))"),
    "a layer by a text": (
        BLOCK.replace("layers.Dropout", "getattr(layers, 'Drop' + 'out')"),
        "from blocks import block\ny = block(x)",
    ),
}


def program(module: str, net: str) -> tuple[str, str]:
    """The texts of `blocks.py` and of `net.py`."""
    head = "from keras import layers\nfrom keras.layers import BatchNormalization as Norm\nother = None\n"
    return head + module, f"from keras import Input\nx = Input((4,))\n{net}\n"
