"""The names of which a file about Keras has at least one."""

from __future__ import annotations

import pytest

from orderlint.catalog import KERAS_ROOTS, LAYERS
from orderlint.graph import Role
from orderlint.text.marks import FRAMEWORKS, mentions_keras


@pytest.mark.parametrize(
    "text",
    [
        "import keras",
        "x = Dense(8)(x)",
        "model = Sequential()",
        "Conv2D(8, 3)",
        "tf.nn.dropout",
        "tf.nn.batch_normalization",
    ],
)
def test_what_builds_a_model_is_mentioned(text: str) -> None:
    """The name is that of an import, or of a judged layer in a pasted snippet."""
    assert mentions_keras(text.encode())


@pytest.mark.parametrize("text", ["", "import torch", "conv2d(x)", "Convert()", "x = 1", "# after normalization"])
def test_other_files_are_passed_over(text: str) -> None:
    """They are not parsed."""
    assert not mentions_keras(text.encode())


def test_norms_and_dropouts_are_marks_of_their_own() -> None:
    """The misplaced layer is always one of them, so a snippet with a finding is read without an import, too."""
    names = [name for name, entry in LAYERS.items() if entry.role in (Role.NORM, Role.DROPOUT)]
    assert [name for name in names if not mentions_keras(f"x = {name}(x)".encode())] == []


def test_every_root_of_keras_is_a_framework() -> None:
    """The modules of frameworks are not read."""
    assert KERAS_ROOTS < FRAMEWORKS
