"""The names in the code of a file, and the names in its strings."""

from __future__ import annotations

import pytest

from orderlint.screening.mentions import applies_anything, mentions_of, spelled_roles
from orderlint.screening.vocabulary import DEFAULT, DROPOUT, LINEAR, NORM

ALL = LINEAR | NORM | DROPOUT

READ = {
    "a bare name": ("x = Dense(8)(x)", LINEAR),
    "an attribute": ("x = layers.BatchNormalization()(x)", NORM),
    "an import": ("from keras.layers import Dropout as D", DROPOUT),
    "an import over several lines": ("from keras.layers import (  # these\n    Flatten,\n    Dropout,\n)", DROPOUT),
    "an import after a backslash": ("from tensorflow.nn import \\\n    dropout", DROPOUT),
    "a function": ("x = tf.nn.dropout(x, 0.5)", DROPOUT),
    "a function behind a line break": ("x = (tf.nn\n     .batch_normalization(x, m, v))", NORM),
    "a function of a star import": ("from keras.backend import *\nx = dropout(x, 0.5)", DROPOUT),
    "code in a formatted string": ('print(f"{Dropout(0.5)(x)}")', DROPOUT),
    "code in a formatted string with its own quotes": ('print(f"{d["a"]}", Dropout(0.5))', DROPOUT),
    "a name after an apostrophe in a comment": ("# don't\nx = Dropout(0.5)(x)", DROPOUT),
    "a name after a keyword and a string": ('def f(): return"text", Dropout', DROPOUT),
    "a quote that does not end a raw string": ("p = r'a\\'; x = Dropout(0.5)'", 0),
    "a name after old newlines": ("# a comment\rx = Dropout(0.5)\r", DROPOUT),
    "a layer of another library": ("x = lq.layers.QuantConv2D(8, 3)(x)", LINEAR),
    "a layer that normalizes, too": ("x = QConv2DBatchnorm(8, 3)(x)", LINEAR | NORM),
}
UNREAD = {
    "a comment": "x = 1  # Dropout, BatchNormalization",
    "a docstring": '"""Dense, then Dropout."""\nx = 1',
    "a parameter of that name": "def f(x, dropout=0.1):\n    return x * dropout",
    "an attribute of one's own": "x = self.dropout(x)",
    "a longer name": "x = nn.BatchNorm1d(8); y = nn.Dropout2d(0.1)",
    "a class of that name": "class Dropout:\n    pass",
}


@pytest.mark.parametrize(("text", "roles"), READ.values(), ids=READ)
def test_names_that_code_reads(text: str, roles: int) -> None:
    """A name counts wherever code can read it."""
    assert mentions_of(text.encode(), DEFAULT, ALL).read & ALL == roles


@pytest.mark.parametrize("text", UNREAD.values(), ids=UNREAD)
def test_names_that_code_does_not_read(text: str) -> None:
    """Names that only look like names of Keras do not count."""
    assert mentions_of(text.encode(), DEFAULT, ALL).read & ALL == 0


SPELLED = {
    "a whole name": ('getattr(keras.layers, "Dropout")', DROPOUT),
    "in two strings": ('getattr(layers, "Batch" + "Normalization")', NORM),
    "in two strings side by side": ('getattr(layers, "Drop" "out")', DROPOUT),
    "in many short ones": ('getattr(keras.layers, "D" + "r" + "op" + "out")', DROPOUT),
    "over several lines": ('getattr(keras.layers, "Dro"\n        + "pout")', DROPOUT),
    "with a place for a number": ('getattr(layers, f"Conv{rank}D")', LINEAR),
    "with a percent sign": ('getattr(layers, "Conv%dD" % rank)', LINEAR),
    "with a percent sign and a name": ('getattr(layers, "Conv%(rank)dD" % {"rank": rank})', LINEAR),
    "with its owner": ('eval("keras.layers.Conv%dD" % rank)', LINEAR),
    "with its owner, formatted": ('eval(f"layers.SpatialDropout{rank}D")', DROPOUT),
    "by format": ('getattr(layers, "Spatial{}{}D".format("Dropout", n))', DROPOUT),
    "with a piece from elsewhere": ('KIND = "Batch"\nlayer = getattr(layers, KIND + rest)', NORM),
    "with escapes": ('getattr(layers, "\\x44ropo\\165t")', DROPOUT),
    "with the name of a character": ('getattr(layers, "\\N{LATIN CAPITAL LETTER D}ropout")', DROPOUT),
    "backwards": ('getattr(keras.layers, "tuoporD"[::-1])', DROPOUT),
    "in lower case": ('getattr(layers, "batch".title() + rest)', NORM),
    "as code": ('eval("layers.Dropout(0.5)")', DROPOUT),
    "a function": ('getattr(tf.nn, "drop" + "out", layers)', DROPOUT),
}


@pytest.mark.parametrize(("text", "roles"), SPELLED.values(), ids=SPELLED)
def test_names_that_strings_spell(text: str, roles: int) -> None:
    """A name that is looked up from a string counts, however the string is written."""
    data = text.encode()
    mentions = mentions_of(data, DEFAULT, ALL)
    assert mentions.looks_up
    assert (mentions.read | mentions.spelled) & roles == roles
    assert spelled_roles(data, DEFAULT, ALL) & roles == roles, "the first look sees less than the second"


def test_words_in_strings_are_not_names() -> None:
    """Ordinary strings contain no names."""
    data = b'getattr(keras.layers, "data", "batch", "out", "norm", "alpha_dropout_rate")'
    assert mentions_of(data, DEFAULT, ALL).spelled & ALL == 0


@pytest.mark.parametrize(
    ("text", "applies"),
    [
        ("from keras.layers import (Dense, Dropout)\n__all__ = ['Dense']\n", False),
        ("from keras.layers import Dense\nx = Dense(8)\n", True),
        ("class Net(Base):\n    rate = 1\n", True),
        ("@registered\ndef f(x=1):\n    return x\n", True),
    ],
)
def test_what_could_apply_a_layer(text: str, applies: bool) -> None:
    """Without a call, a class or a decorator, no layer is applied."""
    assert applies_anything(text.encode()) is applies
