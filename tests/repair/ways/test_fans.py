"""An activation with several norms as consumers moves to after each of them."""

from __future__ import annotations

import pytest

from orderlint.repair.text.drafts import Refused
from orderlint.repair.ways.fans import Fans
from orderlint.repair.ways.named import Readers
from tests.repair.texts import Case

ENDS = "a = Dense(8)(a)\nb = Dense(8)(b)\n"
NORMS = f"a = BatchNormalization()(x)\nb = BatchNormalization()(x)\n{ENDS}"
MOVED = f"a = BatchNormalization()(x)\na = ReLU()(a)\nb = BatchNormalization()(x)\nb = ReLU()(b)\n{ENDS}"


def moved(text: str) -> str:
    case = Case(text)
    readers = Readers(case.syntax, case.obstacles)
    return case.changed(Fans(case.syntax, case.obstacles, readers, set()).behind_each(case.move()))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"x = Dense(8)(x)\nx = ReLU()(x)\n{NORMS}", f"x = Dense(8)(x)\n{MOVED}"),
        (f"x = ReLU()(Dense(8)(x))\n{NORMS}", f"x = Dense(8)(x)\n{MOVED}"),
        (
            f"h = Dense(8)(x)\nx = ReLU()(h)\n{NORMS}",
            f"h = Dense(8)(x)\n{MOVED.replace('Normalization()(x)', 'Normalization()(h)')}",
        ),
        (
            f'x = Dense(8, activation="relu")(x)\n{NORMS}',
            f'x = Dense(8)(x)\n{MOVED.replace("ReLU()", """Activation("relu")""")}',
        ),
    ],
)
def test_each_norm_gets_it(text: str, expected: str) -> None:
    """As a statement, around a call, under another name, or taken out of the arguments of a layer."""
    assert moved(text).endswith(expected)


@pytest.mark.parametrize(
    "text",
    [
        f"x = Dense(8)(x)\nx = ReLU()(x)\n{NORMS}c = Dense(8)(x)\n",
        f"x = Dense(8)(x)\nx = PReLU()(x)\n{NORMS}",
        f'x = Dense(8)(x)\nx = ReLU(name="r")(x)\n{NORMS}',
        f"h = Dense(8)(x)\nx = ReLU()(h)\nprint(x.shape)\n{NORMS}",
        "x = Dense(8)(x)\nx = ReLU()(x)\nx = BatchNormalization()(x)\nx = Dense(8)(x)\n",
        "x = Dense(8)(x)\nx = ReLU()(x)\nx = BatchNormalization()(x) if flag else BatchNormalization(axis=1)(x)\n",
        f"act = ReLU()(Dense(8)(x))\n{NORMS.replace('(x)', '(act)')}",
        f"x = Dense(8)(x)\nx = ReLU()(\n    x\n)\n{NORMS}",
        f"xs = [Dense(8)(x)]\nx = ReLU()(xs[0])\n{NORMS}",
        f"x = (ReLU()(Dense(8)(x)), 1)[0]\n{NORMS}",
        f"x = ReLU()(Dense(8)(x))\ny = x\n{NORMS.replace('(x)', '(y)', 1)}",
        f"x = Dense(8)(x)\nx = ReLU()(x)\n{NORMS.replace(chr(10), '; ', 1)}",
    ],
)
def test_what_is_refused(text: str) -> None:
    """Another reader, weights, a name in Keras, a name that would be lost or names the layer, one norm, no branches.

    Also code that is spread over lines, is in a list or a tuple, has two names, or shares a line.
    """
    with pytest.raises(Refused):
        moved(text)
