"""Programs with mutated syntax trees."""

from __future__ import annotations

import ast
import random

from tests.hostile.regrowing import regrown

_TEXT = "def build(flag):\n    x = Dense(8)(inputs)\n    if flag:\n        x = ReLU()(x)\n    return x\n"
_OTHER = "model.add(Dropout(0.3))\n"


def _grown(seed: int) -> str:
    return regrown(_TEXT, _OTHER, random.Random(seed))


def test_what_comes_out_parses_and_is_another_program() -> None:
    """Most of the mutated programs parse, so they reach the interpreter."""
    made = {_grown(seed) for seed in range(30)}
    assert len(made) > 20
    assert all(ast.parse(text) for text in made)


def test_a_seed_makes_the_same_program_again() -> None:
    """A seed generates the same program again, so that a failure can be reproduced."""
    assert [_grown(seed) for seed in range(10)] == [_grown(seed) for seed in range(10)]


def test_a_text_without_statements_stays() -> None:
    """A text without statements is returned unchanged."""
    assert regrown("# a note\n", _OTHER, random.Random(1)) == "# a note\n"
