"""Imports that are unused after repairs."""

from __future__ import annotations

import pytest

from orderlint.diagnostics import Edit, Fix, RepairKind
from orderlint.repair.text.drafts import apply_edits
from orderlint.repair.text.unused import unused_imports, without_unused
from orderlint.repair.trials import edited
from orderlint.text.files import source_from_text


def cleaned(head: str, *, uses: str = "Dropout(0.5)", left: str = "", path: str = "net.py") -> str:
    """The imports of a text after its uses of names have changed."""
    old, new = (source_from_text(f"{head}{rest}\n", path) for rest in (uses, left))
    _, edits = unused_imports(old, new)
    return (edited(new, edits).text if edits else new.text).removesuffix(f"{left}\n")


@pytest.mark.parametrize(
    ("head", "wanted"),
    [
        ("from k import Conv2D, Dropout, ReLU\n", "from k import Conv2D, ReLU\n"),
        ("from k import Conv2D, Dropout\n", "from k import Conv2D\n"),
        ("from k import Dropout, ReLU\n", "from k import ReLU\n"),
        ("from k import (\n    Conv2D,\n    Dropout,\n)\n", "from k import (\n    Conv2D,\n)\n"),
        ("from k import (\n    Dropout,\n    ReLU,\n)\n", "from k import (\n    ReLU,\n)\n"),
        ("from k import ReLU\nfrom k import Dropout\n", "from k import ReLU\n"),
        ("from k import Drop as Dropout, ReLU as R\n", "from k import ReLU as R\n"),
        (
            "try:\n    from a import Dropout, R\nexcept E:\n    R = 1\n",
            "try:\n    from a import R\nexcept E:\n    R = 1\n",
        ),
    ],
)
def test_a_name_that_lost_its_last_use_is_not_imported_any_more(head: str, wanted: str) -> None:
    """In any layout; an import with only this name is removed with its line."""
    assert cleaned(head, left="ReLU, R") == wanted


@pytest.mark.parametrize(
    "head",
    [
        "from k import ReLU, Dropout\n__all__ = ['Dropout']\n",
        "from k import ReLU, Dropout\n# Dropout is for others\n",
        "from k import (ReLU,  # one\n    Dropout)\n",
        "from k import ReLU, LSTM\n",
        "from k import *\n",
        "try:\n    from a import Dropout\nexcept E:\n    pass\n",
        "import a; from a import Dropout\n",
    ],
)
def test_other_imports_stay(head: str) -> None:
    """Imports of names that are used, that were unused before, or that cannot be removed alone."""
    assert cleaned(head, left="ReLU") == head


def test_a_package_hands_on_what_it_imports() -> None:
    """Other modules may import them from its `__init__`."""
    head = "from k import ReLU, Dropout\n"
    assert cleaned(head, path="net/__init__.py") == head


def test_an_attribute_is_no_use_of_a_name() -> None:
    """`layers.Dropout` does not need an import of `Dropout`."""
    assert cleaned("from k import ReLU, Dropout\n", left="ReLU, layers.Dropout") == "from k import ReLU\n"


def alone(text: str, others: tuple[str, ...] = ()) -> str:
    """A text with the dropout replaced, and without the import that is then unused."""
    at = text.rindex("Dropout(")
    edits = (Edit(at, at + len("Dropout"), "SpatialDropout2D"),)
    old = source_from_text(text, "net.py")
    fix = Fix("replace", edits, RepairKind.SAME_INFERENCE)
    new = source_from_text(apply_edits(text, edits), "net.py")
    others_made = [Edit(0, 0, one) for one in others]
    return apply_edits(text, without_unused(old, fix, new, others_made, lambda name: name == "Kept").edits)


def test_a_single_repair_takes_away_what_it_alone_leaves_unused() -> None:
    """Unless another repair or other code needs the name."""
    head = "from keras.layers import Dropout, SpatialDropout2D\n"
    assert (
        alone(f"{head}x = Dropout(0.5)(x)\n")
        == "from keras.layers import SpatialDropout2D\nx = SpatialDropout2D(0.5)(x)\n"
    )
    assert alone(f"{head}x = Dropout(0.5)(x)\n", ("Dropout(0.1)",)).startswith(head)
    assert alone(f"{head}y = Dropout(0.1)(x)\nx = Dropout(0.5)(x)\n").startswith(head)
