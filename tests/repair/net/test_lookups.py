"""Lookups of layers by name or by position."""

from __future__ import annotations

import pytest

from orderlint.repair.net.holders import Holders
from orderlint.repair.net.lookups import lookups_in
from orderlint.repair.net.readings import Lookups


def read(text: str) -> Lookups:
    return lookups_in([(None, text)])


def names(text: str) -> list[str]:
    return [lookup.name or "" for lookup in read(text).by_name]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('model.get_layer("a").output', ["a"]),
        ("model.get_layer(name='a')", ["a"]),
        ('x = [l for l in m.layers if l.name == "a"]', ["a"]),
        ('if layer.name in ("a", "b"): pass', ["a", "b"]),
        ('model.compile(loss={"a": "mse"})', ["a"]),
        ('for n in ["a", "b"]:\n    model.get_layer(n)', ["a", "b"]),
        ('layers.Dense(8, name="a")', []),
        ('for (a, b), c in rows:\n    m.get_layer("a")', ["a"]),
        ('print("a")', []),
    ],
)
def test_layers_are_read_by_name(text: str, expected: list[str]) -> None:
    """Lookups by `get_layer`, by comparison with a name, or by key. A computed name may be that of any layer."""
    assert names(text) == expected


@pytest.mark.parametrize(
    ("text", "receiver", "indices"),
    [
        ("parts = model.layers\nparts[2].output", "model", (2,)),
        ("for i in [1, 3]:\n    model.layers[i].trainable = False", "model", (1, 3)),
        ("x = [model.layers[i].output for i in (0, 2)]", "model", (0, 2)),
        ("for i, layer in enumerate(model.layers):\n    layer.trainable = i >= 4", "model", (4,)),
        ("parts = self.net.layers\ndef cut():\n    return parts[-2]", "self.net", (-2,)),
        ("model.layers[2].output", "model", (2,)),
        ("model.layers[-1]", "model", (-1,)),
        ("self.net.layers[1:4]", "self.net", (1, 3)),
        ("model.layers[:-2]", "model", (-2,)),
        ("model.layers[len(model.layers) - 2]", "model", (-2,)),
        ("model.get_layer(index=3)", "model", (3,)),
        ("at = 5\nmodel.layers[at].output", "model", (5,)),
        ("model.layers[0].layers[1].trainable = False", "model", (1,)),
    ],
)
def test_layers_are_read_by_place(text: str, receiver: str, indices: tuple[int, ...]) -> None:
    """Lookups by an index, a slice that excludes the last element, or `get_layer(index=...)`."""
    lookup = read(text).by_place[0]
    assert (lookup.receiver, lookup.indices) == (receiver, indices)


@pytest.mark.parametrize(
    "text",
    [
        *("for l in model.layers: l.trainable = False", "model.layers[i]", "xs[2]", "xs: list\nxs[2]"),
        *("xs = []\nxs -= model.layers\nxs[2]", "pick().add(model.layers)\nmodel[2]"),
    ],
)
def test_what_is_not_known_to_count_is_no_lookup(text: str) -> None:
    """Iteration over all layers, an unknown index, and other lists are not lookups."""
    assert read(text).by_place == []


BUILDER = (
    "class Builder:\n    def __init__(self):\n        {}\n    def build(self):\n        return Dense(self.layers[0])\n"
)


@pytest.mark.parametrize(
    ("written", "is_lookup"),
    [
        ("self.layers = [64, 32]", False),
        ("self.layers = None\n        self.layers: tuple = ((64, 1), (32, 2))", False),
        ("self.layers = [Dense(8), ReLU()]", True),
        ("self.layers = [64]\n        self.layers = sizes", True),
        ("other.layers = [64]", True),
        ("pass", True),
    ],
)
def test_an_attribute_that_holds_sizes_has_no_layers(written: str, is_lookup: bool) -> None:
    """An attribute `layers` that a class assigns is not the list of a model's layers, which cannot be assigned."""
    assert bool(read(BUILDER.format(written)).by_place) == is_lookup


@pytest.mark.parametrize(
    ("parameter", "is_lookup"),
    [
        ("layers=(500, 300)", False),
        ("*, layers=[8]", False),
        ("layers", True),
        ("layers=None", True),
        ("layers=()", True),
    ],
)
def test_a_parameter_holds_what_its_default_is(parameter: str, is_lookup: bool) -> None:
    """A parameter whose default is a list of sizes does not contain layers."""
    text = f"class Builder:\n    def __init__(self, {parameter}):\n        self.layers = layers\n"
    assert bool(read(f"{text}    def build(self):\n        return Dense(self.layers[0])\n").by_place) == is_lookup


def test_a_lookup_says_what_stands_there() -> None:
    """A lookup has its code, its line and its cell."""
    (lookup,) = lookups_in([(3, 'x = 1\ny = model.get_layer("a")\n')]).by_name
    assert (lookup.code, lookup.line, lookup.cell) == ('model.get_layer("a")', 2, 3)


def test_scripts_of_python_2_and_ipython_are_read() -> None:
    """Scripts for Python 2 and IPython are read, too."""
    text = '%matplotlib inline\nprint "a"\nnet.get_layer("features")\n'
    assert names(text) == ["features"]


def test_cells_that_do_not_parse_are_left_out() -> None:
    """Cells that do not parse are left out, and the others are read."""
    found = lookups_in([(1, "def ("), (2, "model.layers[1]")])
    assert [lookup.cell for lookup in found.by_place] == [2]


BUILD = "def build():\n    return Model(inputs, Dense(8)(inputs))  # changed\n\n\n"


def held(text: str, *, makers: tuple[str, ...] = ()) -> bool:
    """Whether the only lookup by position in a text refers to the model with the layer on the marked line."""
    found = read(text)
    changed = [(None, number) for number, line in enumerate(text.splitlines(), 1) if "# changed" in line]
    (lookup,) = found.by_place
    return Holders(found, changed, makers).holds(lookup)


@pytest.mark.parametrize(
    "text",
    [
        BUILD + "model = build()\nmodel.layers[1]",
        BUILD + "model = build()\nother = model\nother.layers[1]",
        BUILD + "def outer():\n    return build()\n\nmodel = outer()\nmodel.layers[1]",
        BUILD + "def freeze(net):\n    net.layers[1].trainable = False\n\nfreeze(build())",
        BUILD + "def freeze(net):\n    net.layers[1].trainable = False\n\nmodel = build()\nfreeze(model)",
        "model = Sequential([\n    Dense(8),  # changed\n])\nmodel.layers[1]",
        "model = Sequential()\nmodel.add(Dense(8))  # changed\nmodel.layers[1]",
        "x = Dense(8)(x)  # changed\nmodel = Model(inputs, x)\nmodel.layers[1]",
        (
            "class Net:\n    def make(self):\n        x = Dense(8)(x)  # changed\n        return Model(i, x)\n\n"
            "    def fit(self):\n        self.model = self.make()\n        self.model.layers[1]"
        ),
    ],
)
def test_a_name_may_stand_for_the_model(text: str) -> None:
    """A name refers to the model if it is assigned the result of its factory, or is passed the model."""
    assert held(text)


@pytest.mark.parametrize(
    "text",
    [
        BUILD + "base = ResNet50()\nbase.layers[1]",
        BUILD + "def freeze(net):\n    net.layers[1].trainable = False\n\nfreeze(ResNet50())",
        "one = Sequential([\n    Dense(8),  # changed\n])\nother = Sequential([Dense(8)])\nother.layers[1]",
        "one = Sequential()\none.add(Dense(8))  # changed\nother = Sequential()\nother.layers[1]",
    ],
)
def test_another_model_is_another_matter(text: str) -> None:
    """A model of a library, or one to which other layers are added, is a different model."""
    assert not held(text)


def test_another_file_reads_a_model_that_it_imports() -> None:
    """The names of factories that another file imports are given."""
    text = "from net import build\nmodel = build()\nmodel.layers[1]"
    assert held(text, makers=("build",))
    assert not held(text)


@pytest.mark.parametrize(
    ("text", "is_inner"),
    [
        ('model.get_layer("a").output', False),
        ('x = model.get_layer("a")', False),
        ('model.get_layer("a").get_weights()[0].shape', True),
        ('model.get_layer("a").trainable = False', True),
        ('assert isinstance(model.get_layer("a"), Dense)', True),
        ('isinstance(1, model.get_layer("a"))', False),
    ],
)
def test_weights_and_class_of_a_layer_are_its_own(text: str, is_inner: bool) -> None:
    """Weights and class of a layer do not depend on its position; its output does."""
    assert [lookup.is_inner for lookup in lookups_in([(None, text)]).by_name] == [is_inner]


def test_a_computed_name_of_which_only_the_weights_are_read_may_be_any() -> None:
    text = 'for n in ["a", "b"]:\n    model.get_layer(n).trainable = False\n'
    assert not lookups_in([(None, text)]).by_name


def test_what_is_put_into_a_list_is_one_element_or_all_of_another_list() -> None:
    """`append` and `add` add their argument, `extend` adds its elements."""
    fed = read("xs.append(a)\nxs.extend([b, c])\nxs.add(d.e)\n").fed
    assert [one.element for one in fed] == ["a", None, "d.e"]
