"""External functions, and what the analysis knows about them."""

from __future__ import annotations

import pytest

from orderlint.catalog import KERAS_ROOTS
from orderlint.glance.functions import MODELED, PICKING
from orderlint.glance.unspecified import _words
from orderlint.source.library import picking
from orderlint.source.library.registry import functions


def test_whatever_the_analysis_models_is_not_taken_for_unknown() -> None:
    """The glance has its own list of these packages, since the analysis imports libcst."""
    assert {name.partition(".")[0] for name in functions()} - KERAS_ROOTS <= MODELED
    picks = {name for name in (*picking._PICKS, *picking._NUMBERS) if not name.startswith("suggest_")}
    assert picks <= PICKING


@pytest.mark.parametrize(
    ("module", "role", "are_layers"),
    [("keras.layers", "norm", True), ("tensorflow.nn", "activation", False), ("keras.ops", "merge", False)],
)
def test_any_name_of_a_module_may_have_each_of_their_roles(module: str, role: str, are_layers: bool) -> None:
    words, has_layers = _words(module)
    assert {(), ("boundary",), (role,)} <= words
    assert has_layers is are_layers
