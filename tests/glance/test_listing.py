"""Lists and dictionaries with conditional layers are followed, lists in order, and hide no finding."""

from __future__ import annotations

import random

import pytest

from orderlint.text.files import source_from_text
from tests.glance import keying, listing
from tests.glance.looking import analyzed, glance

OPTIONS = "from keras import Sequential, layers\n"

IN_ORDER = {
    "a norm that may be left out": """
def build(use_norm):
    parts = [layers.Conv2D(8, 3)]
    if use_norm:
        parts.append(layers.BatchNormalization())
    parts.append(layers.ReLU())
    return Sequential(parts)
""",
    "a loop over such a list": """
def build(x, use_norm, rate):
    parts = [layers.Conv2D(8, 3)]
    if use_norm:
        parts.append(layers.BatchNormalization())
    parts += [layers.ReLU()]
    if rate:
        parts.append(layers.Dropout(rate))
    for number, part in enumerate(parts):
        x = part(x)
    return x
""",
    "an attribute": """
class Block(layers.Layer):
    def __init__(self, norm=None):
        super().__init__()
        self.parts = [layers.Conv2D(8, 3)]
        if norm == "batch":
            self.parts.append(layers.BatchNormalization())
        elif norm == "layer":
            self.parts.append(layers.LayerNormalization())
        self.parts.append(layers.ReLU())

    def call(self, x):
        for part in self.parts:
            x = part(x)
        return x
""",
    "a loop of unknown length that fills an attribute": """
class Block(layers.Layer):
    def __init__(self, hidden, rate, use_norm=False):
        super().__init__()
        self.parts = []
        for number, units in enumerate(hidden):
            self.parts.append(layers.Dense(units))
            if use_norm:
                self.parts.append(layers.BatchNormalization())
            self.parts.append(layers.ReLU())
            self.parts.append(layers.Dropout(rate))
        self.out = layers.Dense(1)

    def call(self, x, training=None):
        for part in self.parts:
            if isinstance(part, layers.Dropout):
                x = part(x, training=training)
            else:
                x = part(x)
        return self.out(x)
""",
    "a loop of unknown length and a model of what it made": """
def build(hidden, rate):
    parts = []
    for units in hidden:
        parts.append(layers.Dense(units))
        parts += [layers.BatchNormalization(), layers.ReLU(), layers.Dropout(rate)]
    parts.append(layers.Dense(1))
    return Sequential(parts)
""",
    "a loop of unknown length that may be left": """
def build(x, hidden, last):
    parts = [layers.Dense(8)]
    for units in hidden:
        parts.extend([layers.BatchNormalization(), layers.ReLU()])
        if units == last:
            break
        parts.append(layers.Dense(units))
    for number, part in enumerate(parts):
        x = part(x)
    return x
""",
    "a list that `build` makes, and that is built by hand": """
class Block(layers.Layer):
    def build(self, shape):
        self.parts = []
        for _ in range(2):
            self.parts.append(layers.Conv2D(8, 3))
            if options():
                self.parts.append(layers.BatchNormalization())
            self.parts.append(layers.ReLU())

    def call(self, x):
        for part in self.parts:
            x = part(x)
        return x

def net(x):
    block = Block()
    block.build(x.shape)
    return block(layers.ReLU()(layers.Dense(8)(x)))
""",
    "what is left of a list": """
def build(x, norm):
    parts = [layers.Conv2D(8, 3), norm and layers.BatchNormalization(), layers.ReLU()]
    for part in [part for part in parts if part is not None]:
        x = part(x)
    return x
""",
    "one of two lists": """
def build(x, deep):
    parts = [layers.Conv2D(8, 3), layers.ReLU()] if deep else [layers.Dense(8), layers.BatchNormalization()]
    for part in parts:
        x = part(x)
    return x
""",
    "lists in a dictionary and in a list, which loops fill": """
import collections

def build(x, found):
    seen = collections.defaultdict(set)
    levels = [[] for _ in range(options())]
    for name in found:
        seen[name[0]].add(name)
        for number, level in enumerate(name):
            levels[number].append(level)
    return layers.ReLU()(layers.BatchNormalization()(layers.Dense(8)(x)))
""",
    "data that code wraps in a list again and again": """
def wrapped(data):
    for key, value in data.items():
        data[key] = [value]
    return data

given = {"a": [1.0, 2.0], "b": ["c", "d"]}
for _ in range(options()):
    given = wrapped(wrapped(given))

def build(x):
    return layers.ReLU()(layers.BatchNormalization()(layers.Dense(len(given))(x)))
""",
    "a model behind an activation": """
def block(use_norm):
    model = Sequential()
    model.add(layers.Conv2D(8, 3))
    if use_norm:
        model.add(layers.BatchNormalization())
    model.add(layers.ReLU())
    return model

def net(x, use_norm):
    return block(use_norm)(block(use_norm)(x))
""",
}


@pytest.mark.parametrize("text", IN_ORDER.values(), ids=IN_ORDER)
def test_layers_that_may_be_left_out_keep_their_place(text: str) -> None:
    assert glance(OPTIONS + text) is True


@pytest.mark.parametrize("text", IN_ORDER.values(), ids=IN_ORDER)
def test_what_is_misplaced_among_them_is_not_passed_over(text: str) -> None:
    misplaced = text.replace("layers.ReLU()", "layers.BatchNormalization()").replace(
        "layers.BatchNormalization()", "layers.ReLU()", 1
    )
    if analyzed(source_from_text(OPTIONS + misplaced, "net.py")):
        assert glance(OPTIONS + misplaced) is None


@pytest.mark.parametrize("seed", range(200))
def test_a_list_that_is_filled_by_chance_hides_nothing(seed: int) -> None:
    text = listing.program(random.Random(seed))
    if glance(text) is not None:
        assert not analyzed(source_from_text(text, "net.py")), text


@pytest.mark.parametrize("seed", range(100))
def test_a_dictionary_that_is_filled_by_chance_hides_nothing(seed: int) -> None:
    text = keying.program(random.Random(seed))
    if glance(text) is not None:
        assert not analyzed(source_from_text(text, "net.py")), text


LOST = {
    "one of two lists, made longer in a function": """
def put(parts, part):
    parts.append(part)

def build(x, flag):
    parts = [] if flag else [layers.Dense(8)]
    parts += [layers.BatchNormalization()]
    put(parts, layers.ReLU())
    parts += [layers.BatchNormalization()]
    for number in range(len(parts)):
        x = parts[number](x)
    return x
""",
    "one of two lists, made longer by another name": """
def build(x, flag):
    parts = [] if flag else [layers.Dense(8)]
    others = parts
    parts.extend([layers.ReLU(), layers.BatchNormalization()])
    for part in others:
        x = part(x)
    return x
""",
    "a slice that a function makes longer": """
def put(parts):
    parts.append(layers.BatchNormalization())

def build(x):
    parts = [layers.Flatten(), layers.Dense(8), layers.ReLU()][1:]
    put(parts)
    for part in parts:
        x = part(x)
    return x
""",
    "a product that a function makes longer": """
def put(parts):
    parts.append(layers.BatchNormalization())

def build(x):
    x = layers.Dense(8)(x)
    parts = [layers.ReLU()] * 2
    put(parts)
    for part in parts:
        x = part(x)
    return x
""",
    "what a starred name takes, made longer by a function": """
def put(parts):
    parts.append(layers.BatchNormalization())

def build(x):
    first, *parts = [layers.Dense(8), layers.ReLU()]
    put(parts)
    x = first(x)
    for part in parts:
        x = part(x)
    return x
""",
}


@pytest.mark.parametrize("text", LOST.values(), ids=LOST)
def test_a_list_is_followed_by_all_its_names(text: str) -> None:
    assert analyzed(source_from_text(OPTIONS + text, "net.py"))
    assert glance(OPTIONS + text) is None
