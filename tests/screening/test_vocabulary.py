"""The names in the screening are those of the catalog."""

from __future__ import annotations

import pytest

from orderlint.catalog import FUNCTIONS, LAYERS
from orderlint.catalog.entries import Entry, Kind
from orderlint.catalog.libraries import LIBRARIES
from orderlint.catalog.roles import RoleTable
from orderlint.engine.screening import vocabulary_of
from orderlint.graph import Role
from orderlint.screening.needs import is_about_keras, names_layers
from orderlint.screening.vocabulary import ACTIVATION, DEFAULT, DROPOUT, LINEAR, NORM
from tests.tools.write_vocabulary import bits_of, main, tables

ENTRIES = [
    *LAYERS.items(),
    *((name, entry) for (_, name), entry in FUNCTIONS.items()),
    *((name, entry) for library in LIBRARIES.values() for name, entry in library.entries.items()),
]


@pytest.mark.parametrize(("name", "entry"), ENTRIES, ids=[f"{name}-{n}" for n, (name, _) in enumerate(ENTRIES)])
def test_every_name_of_the_catalog_is_known(name: str, entry: Entry) -> None:
    """A name with a role in the catalog has that role in the screening, and contains one of the marks of the role."""
    bits = bits_of(entry)
    assert DEFAULT.role_of(name) & bits == bits & ~ACTIVATION
    assert DEFAULT.roles_by_marks(name.encode()) & bits == bits


@pytest.mark.parametrize("name", sorted(DEFAULT.words))
def test_a_name_without_its_module_names_a_layer(name: str) -> None:
    """Snippets are pasted without their imports; other names come from a module that is named."""
    text = f"x = {name}(8)(x)\n".encode()
    assert names_layers(text) == is_about_keras(text)
    assert names_layers(f"import keras\nx = keras.{name}(8)\n".encode())


@pytest.mark.parametrize("module", sorted({module for module, _ in FUNCTIONS} - {"tf", "math", "image", "random"}))
def test_a_module_with_functions_names_layers(module: str) -> None:
    """Functions of Keras and of networks count as layers, but not arithmetic and image functions."""
    assert names_layers(f"from tensorflow import keras\nx = keras.{module}.f(x)\n".encode())
    assert names_layers(f"from keras import {module}\n".encode())


def test_the_names_of_libraries_are_written_down() -> None:
    """If they differ from the catalog, run `python -m tests.tools.write_vocabulary`."""
    assert main(["--check"]) == 0


def test_a_new_library_needs_nothing_else() -> None:
    """Its layers and functions have their roles; a name without a known mark is its own mark."""
    entries = [
        Entry("FancyLinear", Kind.LAYER, Role.LINEAR),
        Entry("ConvNorm", Kind.LAYER, Role.LINEAR, then=(Role.NORM,)),
        Entry("Zap", Kind.LAYER, Role.ACTIVATION),
        Entry("drop_all", Kind.FUNCTION, Role.DROPOUT),
    ]
    written = tables((entry.name, entry) for entry in entries)
    known: dict[str, tuple[tuple[int, str], ...]] = {}
    exec(written, {"LINEAR": LINEAR, "NORM": NORM, "ACTIVATION": ACTIVATION, "DROPOUT": DROPOUT}, known)
    found = {name: {bits: names.split() for bits, names in table} for name, table in known.items() if name[0] != "_"}
    assert found == {
        "LIBRARY_LAYERS": {LINEAR: ["FancyLinear"], LINEAR | NORM: ["ConvNorm"]},
        "LIBRARY_FUNCTIONS": {DROPOUT: ["drop_all"]},
        "LIBRARY_MARKS": {
            LINEAR: ["FancyLinear"],
            NORM: ["ConvNorm"],
            DROPOUT: ["drop_all"],
            ACTIVATION: ["zap"],
        },
    }


def test_no_name_is_known_that_the_catalog_lacks() -> None:
    """A layer that is removed from the catalog is removed from the screening."""
    known = {name for name, _ in ENTRIES}
    assert {*DEFAULT.words, *DEFAULT.functions} <= known


def test_names_of_the_user_count_with_all_their_spellings() -> None:
    """A role for a layer of Keras also applies to its old names; other names count by their last part."""
    roles = RoleTable.of(
        {
            "tf.keras.layers.Conv2D": [Role.NORM],
            "lib.blocks.ConvBN": [Role.LINEAR, Role.NORM],
            "lib.drop": [Role.DROPOUT],
        }
    )
    vocabulary = vocabulary_of(roles)
    assert vocabulary.role_of("Convolution2D") & NORM
    assert vocabulary.role_of("ConvBN") == LINEAR | NORM
    assert vocabulary.roles_by_marks(b"x = drop(x)") == DROPOUT


def test_pieces_of_names() -> None:
    """A string may be the start of a name that is completed elsewhere; common words are not."""
    assert DEFAULT.roles_of_fragment(["Batch"]) == NORM
    assert DEFAULT.roles_of_fragment(["Conv", "D"]) & LINEAR
    assert DEFAULT.roles_of_fragment(["batch"], any_case=True) == NORM
    for text in ("batch", "no", "Normalization", "data", "Convert"):
        assert DEFAULT.roles_of_fragment([text]) == 0, text
