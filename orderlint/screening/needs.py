"""What the screening searches for, and two questions that the bytes of a file answer."""

from __future__ import annotations

from orderlint.screening.vocabulary import (
    ACTIVATION,
    DEFAULT,
    DROPOUT,
    EVERYTHING,
    LINEAR,
    MARKS,
    NORM,
    OTHER,
    Vocabulary,
)
from orderlint.text.marks import mentions_keras

__all__ = ["USUAL", "Needs", "is_about_keras", "names_layers", "own_comments"]

USUAL = (LINEAR | NORM, LINEAR | DROPOUT, NORM | DROPOUT)
"""The sets of roles that the default rules need."""

_OTHER_LIBRARIES = (b"torch", b"flax", b"paddle", b"mxnet", b"mlx")
USUAL_LETTERS = (b"ord",)
# Layers are classes of `keras.layers`, or known by name without it. Functions are in the modules named here.
_LAYER_MARKS = (
    *(mark for marks in MARKS.values() for mark in marks),
    b"layers",
    b"Layer",
    b"Sequential",
    b"Model",
    b"ormalization",
    b"Activation",
    b"Input",
    b"applications",
    b"activations",
    b"backend",
    b".nn",
    b" nn",
    b".ops",
    b" ops",
    b"qkeras",
)
_BY_RARITY = (OTHER, NORM, DROPOUT, ACTIVATION, LINEAR)


class Needs:
    """The roles that the rules for some files need.

    Attributes:
        sets: Sets of roles (bits). A finding needs all roles of one of them; `None` if a rule does not declare its
            roles.
        comments: Whether suppression comments may be findings, too.
        letters: The first letters of the codes of rules, in lower case.
        vocabulary: The names that have roles.
        bits: All roles that are needed.
        rare: For each set of roles, the role that the fewest files mention.
    """

    __slots__ = ("bits", "comments", "letters", "rare", "sets", "vocabulary")

    def __init__(
        self,
        sets: tuple[int, ...] | None,
        *,
        comments: bool = False,
        letters: tuple[bytes, ...] = USUAL_LETTERS,
        vocabulary: Vocabulary = DEFAULT,
    ) -> None:
        self.sets = sets
        self.comments = comments
        self.letters = letters
        self.vocabulary = vocabulary
        self.bits = self.rare = 0
        for need in sets or ():
            self.bits |= need
            self.rare |= next((bit for bit in _BY_RARITY if need & bit), EVERYTHING)

    @property
    def is_usual(self) -> bool:
        """Whether these are the needs of the default rules without a configuration."""
        is_plain = not self.comments and self.vocabulary is DEFAULT and self.letters == USUAL_LETTERS
        return is_plain and self.sets == USUAL

    def possible(self, roles: int) -> bool:
        """Whether these roles suffice for a finding."""
        return self.sets is None or any(need & roles == need for need in self.sets)


def is_about_keras(data: bytes, vocabulary: Vocabulary = DEFAULT) -> bool:
    """Whether a file mentions Keras, or one of the user's names."""
    if mentions_keras(data):
        return True
    if any(name in data for name, _ in vocabulary.extra):
        return True
    # Python cannot read UTF-16 or UTF-32, with or without a mark. Such a file has to be reported if it is about Keras.
    return b"\0" in data and is_about_keras(data.replace(b"\0", b""), vocabulary)


def names_layers(data: bytes, vocabulary: Vocabulary = DEFAULT) -> bool:
    """Whether a file may name a layer of Keras, or something that has or applies layers. If unsure, it is true.

    >>> names_layers(b"from keras import layers"), names_layers(b"import keras"), names_layers(b"from torch import nn")
    (True, False, False)
    """
    if not is_about_keras(data, vocabulary) or _is_foreign(data):
        return False
    return any(mark in data for mark in _LAYER_MARKS) or any(name in data for name, _ in vocabulary.extra)


def _is_foreign(data: bytes) -> bool:
    """Whether a file imports another library of models and names neither Keras nor TensorFlow.

    >>> _is_foreign(b"from torch import nn"), _is_foreign(b"import torch, keras"), _is_foreign(b"import os")
    (True, False, False)
    """
    if b"keras" in data or b"tensorflow" in data:
        return False
    return any(b"import " + name in data or b"from " + name in data for name in _OTHER_LIBRARIES)


def own_comments(data: bytes, letters: tuple[bytes, ...] = (b"ord",)) -> bool:
    """Whether a text may contain suppression comments of orderlint.

    Args:
        data: The text.
        letters: The first letters of the codes of rules, in lower case.
    """
    lower = data.lower()
    if b"orderlint" in lower:
        return True
    at = lower.find(b"noqa")
    while at >= 0:
        end = lower.find(b"\n", at)
        words = lower[at + 4 : end if end >= 0 else len(lower)].replace(b",", b" ").replace(b":", b" ").split()
        if any(word.startswith(letters) and word.rstrip(b"0123456789") in letters for word in words):
            return True
        at = lower.find(b"noqa", end) if end >= 0 else -1  # the words after another one on the line were included
    return False
