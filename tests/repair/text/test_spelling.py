"""A new layer is written in the style of the file, with an import if needed."""

from __future__ import annotations

import libcst as cst
import pytest

from orderlint.repair.text.drafts import Draft, Hopeless
from orderlint.repair.text.spelling import is_activation_layer, spell
from tests.repair.texts import spot_at, syntax_of


def spelled(text: str, like: str = "", layer: str = "Activation") -> tuple[str, str]:
    """The source of a layer, and its import."""
    syntax = syntax_of(text)
    draft = Draft()
    name = spell(draft, syntax, layer, [spot_at(syntax, like)])
    return name, "".join(edit.text for edit in draft.shared)


@pytest.mark.parametrize(
    ("text", "like", "wanted"),
    [
        ("from keras import layers\nlayers.Dense(8)\n", "layers.Dense(8)", ("layers.Activation", "")),
        ("tf.keras.layers.Dense(8)\n", "tf.keras.layers.Dense(8)", ("tf.keras.layers.Activation", "")),
        ("import keras\nkeras.layers.core.Dense(8)\n", "keras.layers.core.Dense(8)", ("keras.layers.Activation", "")),
        ("from keras.layers import Dense\nDense(8)\n", "Dense(8)", ("Activation", ", Activation")),
        ("from keras.layers.core import Dense\nDense(8)\n", "Dense(8)", ("Activation", ", Activation")),
        (
            "from keras.src.layers.core import Dense\nDense(8)\n",
            "Dense(8)",
            ("Activation", "\nfrom keras.layers import Activation"),
        ),
        (
            "from keras.layers.core import Dense\nfrom keras.layers import ReLU\nDense(8)\n",
            "Dense(8)",
            ("Activation", ", Activation"),
        ),
        ("from keras.layers import Dense\ndef f():\n    Dense(8)\n", "Dense(8)", ("Activation", ", Activation")),
        (
            "def g():\n    from keras.layers import Activation as A\nfrom keras.layers import Dense\nDense(8)\n",
            "Dense(8)",
            ("Activation", ", Activation"),
        ),
        ("def f():\n    from keras.layers import Dense\n    Dense(8)\n", "Dense(8)", ("Activation", ", Activation")),
        ("from keras.layers import Dense\n" * 2 + "Dense(8)\n", "Dense(8)", ("Activation", ", Activation")),
        ("from keras.layers import Dense, Activation as A\nDense(8)\n", "Dense(8)", ("A", "")),
        ("from .core import Dense\nfrom .core import Activation as A\nDense(8)\n", "Dense(8)", ("A", "")),
        ("from keras.layers import *\nDense(8)\n", "Dense(8)", ("Activation", "")),
        ("from keras.layers import Dense as D\nD(8)\n", "D(8)", ("Activation", ", Activation")),
        ("from keras import layers\nD = layers.Dense\nD(8)\n", "D(8)", ("layers.Activation", "")),
        ("D = k.layers.Dense\nActivation = k.layers.Activation\nD(8)\n", "D(8)", ("Activation", "")),
        ("D = k.layers.Dense\nActivation = own.Activation\nD(8)\n", "D(8)", ("k.layers.Activation", "")),
        ("D = partial(Dense, 8)\nD()\n", "D()", ("Activation", "")),
        ("def f():\n    Dense = k.layers.Dense\n    Dense(8)\n", "Dense(8)", ("k.layers.Activation", "")),
        (
            "def f():\n    Dense = partial(k.layers.Dense, 8)\n    Dense(3)\n",
            "Dense(3)",
            ("k.layers.Activation", ""),
        ),
        ("import keras\ndef f(Dense):\n    Dense(8)\n", "Dense(8)", ("keras.layers.Activation", "")),
        ("Dense(8)\n", "Dense(8)", ("Activation", "")),
        ("build(8)\n", "build(8)", ("Activation", "")),
        ("from net import Block\nfrom keras import layers\nBlock()\n", "Block()", ("layers.Activation", "")),
        ("import keras\nfrom net import Block\nBlock()\n", "Block()", ("keras.layers.Activation", "")),
        (
            "from tensorflow_addons.layers import W\nfrom keras import layers as l\nW(l.Dense(8))\n",
            "W(l.Dense(8))",
            ("l.Activation", ""),
        ),
        (
            "import tensorflow_addons as tfa\nimport keras\ntfa.layers.SpectralNormalization(x)\n",
            "tfa.layers.SpectralNormalization(x)",
            ("keras.layers.Activation", ""),
        ),
        (
            "from keras_cv import layers\nimport tensorflow as tf\nlayers.DropBlock2D(0.1)\n",
            "layers.DropBlock2D(0.1)",
            ("tf.keras.layers.Activation", ""),
        ),
        (
            "from keras.layers.convolutional import Conv2D\nConv2D(8, 3)\n",
            "Conv2D(8, 3)",
            ("Activation", "\nfrom keras.layers import Activation"),
        ),
    ],
)
def test_the_file_decides_on_the_spelling(text: str, like: str, wanted: tuple[str, str]) -> None:
    """The layer beside it decides first, then any import of Keras layers."""
    assert spelled(text, like) == wanted


def test_alternative_imports_all_get_the_name() -> None:
    """The name is available in each branch."""
    text = "try:\n    from keras.layers import Dense\nexcept E:\n    from tf_keras.layers import Dense\nDense(8)\n"
    assert spelled(text, "Dense(8)") == ("Activation", ", Activation, Activation")


def test_a_name_that_is_taken_is_hopeless() -> None:
    """No name of the file is shadowed."""
    with pytest.raises(Hopeless, match="the name of something else"):
        spelled("from keras.layers import Dense\ndef Activation(): pass\nDense(8)\n", "Dense(8)")


def test_a_part_of_the_layers_has_some_of_them() -> None:
    """Layers that `keras.layers.core` never had are imported from `keras.layers`."""
    assert spelled("from keras.layers.core import Dense\nDense(8)\n", "Dense(8)", "ReLU") == (
        "ReLU",
        "\nfrom keras.layers import ReLU",
    )


@pytest.mark.parametrize("text", ["from net.core import Dense\nDense(8)\n", "from net import D\nD(8)\n"])
def test_where_a_name_would_come_from_nowhere_it_is_hopeless(text: str) -> None:
    """A module of the project that has one layer need not have the other; an import of the user's is used."""
    like = text.splitlines()[1]
    with pytest.raises(Hopeless, match="nothing in this file shows where to import `Activation` from"):
        spelled(text, like)
    assert spelled(f"from keras.layers import Activation\n{text}", like) == ("Activation", "")


@pytest.mark.parametrize(
    ("code", "wanted"),
    [("ReLU()", True), ("layers.LeakyReLU(0.1)", True), ("Dense(8)", False), ("relu", False), ("f()", False)],
)
def test_activation_layers_are_known_by_name(code: str, wanted: bool) -> None:
    """Only where they are constructed."""
    assert is_activation_layer(cst.parse_expression(code)) is wanted
