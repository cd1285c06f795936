"""Adding a name to an import keeps its layout."""

from __future__ import annotations

import libcst as cst
import pytest

from orderlint.repair.text.drafts import Draft
from orderlint.repair.text.importing import add_name
from tests.repair.texts import changed, tree_of


def with_name(text: str, name: str, new_module: str | None = None) -> str:
    tree = tree_of(text)
    node = next(node for node in tree.parents if isinstance(node, cst.ImportFrom))
    draft = Draft()
    add_name(draft, tree, node, name, new_module=new_module)
    return changed(tree, draft)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("from m import B\n", "from m import B, C\n"),
        ("from m import B, D\n", "from m import B, C, D\n"),
        ("from m import D, B\n", "from m import D, B, C\n"),
        ("from m import (B, D)\n", "from m import (B, C, D)\n"),
        ("from m import (\n    B,\n    D,\n)\n", "from m import (\n    B,\n    C,\n    D,\n)\n"),
        ("from m import (\n    A,\n    B,\n)\n", "from m import (\n    A,\n    B,\n    C,\n)\n"),
        ("from m import (\n    A,\n    B\n)\n", "from m import (\n    A,\n    B,\n    C\n)\n"),
        ("from m import (\n    A,\n    B  # b\n)\n", "from m import (\n    A,\n    B, C  # b\n)\n"),
        ("from m import A, \\\n    B\n", "from m import A, \\\n    B, C\n"),
        ("from m import B as b\r\n", "from m import B as b, C\r\n"),
    ],
)
def test_a_name_goes_where_the_others_say(text: str, wanted: str) -> None:
    """At its position among sorted names, otherwise at the end; on its own line if the others are."""
    assert with_name(text, "C") == wanted


def test_an_import_of_another_module_is_a_new_line() -> None:
    """Below a given import, with the same indentation and newline."""
    text = "if a:\r\n    from m import B  # b\r\n"
    assert with_name(text, "C", new_module="n") == f"{text}    from n import C\r\n"
