"""The last layer of a helper moves to after layers of all its callers."""

from __future__ import annotations

from pathlib import Path

import pytest

from orderlint.judging import MoveAfter
from orderlint.repair import fix_text
from orderlint.repair.net.moves import move_of
from orderlint.repair.options import options
from orderlint.repair.text.drafts import Refused
from orderlint.repair.ways.helpers import behind_callers, stands_in_helper
from orderlint.text.files import read_source
from tests.judged import standards
from tests.repair.texts import Case

HELPER = "def block(x, n):\n    x = Dense(n)(x)\n    x = ReLU()(x)\n    return x\n"


def moved(text: str) -> str:
    case = Case(text)
    moves = case.moves()
    # The wish of the rules is that a norm moves up; the other way to the same order leads out of the helper.
    for option in options(case.violation):
        if option.leaves_arms:
            wishes = [wish for wish in option.wishes if isinstance(wish, MoveAfter)]
            moves = [move_of(wish, case.obstacles.path(wish.call, wish.anchor.call)) for wish in wishes]
    assert stands_in_helper(case.syntax, moves)
    draft, _ = behind_callers(case.syntax, case.obstacles, moves)
    return case.changed(draft)


def test_a_layer_of_a_helper_goes_behind_that_of_each_caller() -> None:
    """Each use wants the same change, so the layer is removed from the helper."""
    text = f"{HELPER}a = BatchNormalization()(block(x, 1))\nb = block(x, 2)\nb = BatchNormalization()(b)\n"
    assert moved(text) == (
        "def block(x, n):\n    x = Dense(n)(x)\n    return x\n"
        "a = ReLU()(BatchNormalization()(block(x, 1)))\n"
        "b = block(x, 2)\nb = BatchNormalization()(b)\nb = ReLU()(b)\n"
    )


def test_an_activation_that_is_an_argument_is_handed_over_no_more() -> None:
    """The caller applies the activation after its norm; the default and other callers are unchanged."""
    text = (
        "def block(x, act='relu'):\n    return Dense(8, activation=act)(x)\n"
        "x = block(x, 'tanh')\nx = BatchNormalization()(x)\nx = block(x)\nx = BatchNormalization()(x)\n"
    )
    assert moved(text) == (
        "def block(x, act='relu'):\n    return Dense(8, activation=act)(x)\n"
        "x = block(x, None)\nx = BatchNormalization()(x)\nx = Activation('tanh')(x)\n"
        "x = block(x)\nx = BatchNormalization()(x)\n"
    )


BLOCKS = "from keras import layers\n\ndef conv(x, n, act='relu'):\n    return layers.Conv2D(n, 3, activation=act)(x)\n"

LONG = BLOCKS.replace("    return", f'    """Applies a convolution{", and says what that is" * 5}."""\n    return')
MADE = """from keras import layers


def _conv(n, act='relu'):
    made = layers.Conv2D(n, 3, padding='same', kernel_initializer='he_normal', name=f'conv_of_{n}_filters')

    def applied(x):
        x = made(x)
        if act == 'leaky_relu':
            x = layers.LeakyReLU()(x)
        elif act is not None:
            x = layers.Activation(act)(x)
        return x

    return applied


conv = _conv
"""
OWN = """from keras import layers


class conv(layers.Layer):
    def __init__(self, n, act='relu', **options):
        super().__init__(**options)
        self.made = layers.Conv2D(n, 3, padding='same', kernel_initializer='he_normal')
        self.act = layers.Activation(act)
        self.name_of_act = act

    def call(self, x):
        return self.act(self.made(x))

    def get_config(self):
        return {'act': self.name_of_act}
"""


@pytest.mark.parametrize(
    ("blocks", "use", "fixed"),
    [
        (LONG, "conv(x, 8, 'tanh')", "conv(x, 8, None)\nx = layers.BatchNormalization()(x)\nx = ACT('tanh')(x)\n"),
        (MADE, "conv(8, 'tanh')(x)", "conv(8, None)(x)\nx = layers.BatchNormalization()(x)\nx = ACT('tanh')(x)\n"),
        (MADE, "conv(8)(x)", "conv(8, act=None)(x)\nx = layers.BatchNormalization()(x)\nx = ACT('relu')(x)\n"),
        (MADE, "conv(8, 'leaky_relu')(x)", None),
        (OWN, "conv(8, 'elu')(x)", "conv(8, None)(x)\nx = layers.BatchNormalization()(x)\nx = ACT('elu')(x)\n"),
        (OWN, "conv(8)(x)", "conv(8, act=None)(x)\nx = layers.BatchNormalization()(x)\nx = ACT('relu')(x)\n"),
        (OWN.replace("get_config", "other"), "conv(8)(x)", None),
        (BLOCKS, "conv(x, 8, 'tanh')", "conv(x, 8, None)\nx = layers.BatchNormalization()(x)\nx = ACT('tanh')(x)\n"),
        (
            BLOCKS,
            "conv(x, 8, act='elu')",
            "conv(x, 8, act=None)\nx = layers.BatchNormalization()(x)\nx = ACT('elu')(x)\n",
        ),
        (BLOCKS, "conv(x, 8)", "conv(x, 8, act=None)\nx = layers.BatchNormalization()(x)\nx = ACT('relu')(x)\n"),
        (BLOCKS.replace("activation=act", "activation='relu'"), "conv(x, 8)", None),
        (BLOCKS.replace("'relu'", "DEFAULT").replace("def", "DEFAULT = 'relu'\n\ndef"), "conv(x, 8)", None),
    ],
)
def test_a_helper_of_another_file_is_handed_another_activation(
    tmp_path: Path, blocks: str, use: str, fixed: str | None
) -> None:
    """The other file is not edited, so there is no repair if it decides itself."""
    (tmp_path / "blocks.py").write_text(blocks)
    start = "from keras import layers\nfrom blocks import conv\n\ndef net(x):\n    x = "
    net = tmp_path / "net.py"
    net.write_text(f"{start}{use}\n    x = layers.BatchNormalization()(x)\n    return layers.Dense(1)(x)\n")
    result = fix_text(read_source(net), standards("ORD001"))
    if fixed is None:
        assert result.text == net.read_text()
        assert len(result.left) == 1
    else:
        lines = fixed.replace("ACT", "layers.Activation").replace("\n", "\n    ")
        assert result.text == f"{start}{lines}return layers.Dense(1)(x)\n"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (f"{HELPER}a = BatchNormalization()(block(x, 1))\nb = Dense(8)(block(x, 2))\n", "also used where no"),
        (
            (
                "def block(x):\n    x = Dense(8)(x)\n    if c:\n        x = ReLU()(x)\n    return x\n"
                "a = BatchNormalization()(block(x))\n"
            ),
            "is in a block",
        ),
    ],
)
def test_a_helper_that_others_need_as_it_is_stays(text: str, reason: str) -> None:
    """One use does not want the change, or the layer is there on some paths only."""
    with pytest.raises(Refused, match=reason):
        moved(text)


CLASSES = """from keras import layers


class Block(layers.Layer):
    def __init__(self):
        super().__init__()
        self.conv = layers.Dense(8)
        self.relu = layers.ReLU()

    def METHOD(self, x):
        x = self.conv(x)
        x = self.relu(x)
        return x


x = Block()USE(layers.Input((4,)))
x = layers.BatchNormalization()(x)
x = layers.Dense(1)(x)
"""


@pytest.mark.parametrize(
    ("method", "other", "line"),
    [
        ("call", "import callbacks\nfrom net import Block\n\nBlock()(x)\n", 2),
        ("__call__", "import net\n\nnet.Block()(x)\n", 3),
        ("call", "from net import x\n\nclass Other:\n    def call(self):\n        callbacks(x)\n", None),
        ("apply", "from net import Block\n\nBlock().apply(x)\n", 3),
        ("apply", "from net import Block\n\nBlock().applied(x)\n", None),
    ],
)
def test_another_file_that_uses_a_method_is_told_with_class_and_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, method: str, other: str, line: int | None
) -> None:
    """A class is used by its name, not by that of its `call`. A part of a longer word is not a use."""
    monkeypatch.chdir(tmp_path)
    Path("pyproject.toml").touch()
    Path("use.py").write_text(other)
    text = CLASSES.replace("METHOD", method).replace("USE", "" if "call" in method else f".{method}")
    Path("net.py").write_text(text)
    with pytest.raises(Refused) as caught:
        moved(text)
    used = f"`Block.{method}` is also used in use.py:{line}; "
    assert caught.value.reason.startswith(used) if line else "also used" not in caught.value.reason


def test_layers_of_one_function_stand_in_no_helper() -> None:
    """They move within the function."""
    case = Case("x = Dense(8)(x)\nx = ReLU()(x)\nx = BatchNormalization()(x)\n")
    assert not stands_in_helper(case.syntax, case.moves())
