"""The parts of a module."""

from __future__ import annotations

import pytest

from orderlint.screening.parts import Parts
from orderlint.screening.reads import may_bind

TEXT = b'''"""What
def it says
"""
import keras.layers as kl
from blocks import (conv as c,  # a convolution
    head)

@register("a")
@cached
def first(
    x,
):
    from others import tail
    return tail(x)

if kl:
    class Net(
        kl.Layer,
    ):
        kind = "net"
        table = make()
        @hook
        def call(self, x):
            return c(x)
    net = Net()
else:
    def first(x):
        return x
TABLE = {
    "a": first,
}
A = B = first
for one in TABLE:
    def inner(): pass
'''


def test_definitions_are_told_apart() -> None:
    """Functions, classes and tables are found by name, also under conditions; strings and loops define none."""
    module = Parts(TEXT)
    assert {name: len(parts) for name, parts in module.definitions.items()} == {b"first": 2, b"Net": 1, b"TABLE": 1}


def test_what_runs_on_import_is_the_rest() -> None:
    """Class bodies belong to it if they do more than define methods; imports do not count."""
    words = Parts(TEXT).run.words
    assert words >= {b"net", b"A", b"B", b"one", b"inner", b"make"}
    assert words.isdisjoint({b"tail", b"head", b"kind", b"says", b"blocks", b"call"})


def test_imports_and_decorators_are_known() -> None:
    """The origin and original name of imported names are known, and the decorators of definitions."""
    module = Parts(TEXT)
    assert module.sources == {b"kl": {b"keras"}, b"c": {b"blocks"}, b"head": {b"blocks"}, b"tail": {b"others"}}
    assert module.renamed == {b"kl": {b"layers"}, b"c": {b"conv"}}
    found = [one for parts in module.definitions.values() for part in parts for one in part.decorators]
    assert [(one.name, one.is_plain) for one in found if one is not None] == [
        (b"register", True),
        (b"cached", True),
        (b"hook", True),
    ]


def test_strings_belong_to_their_parts() -> None:
    """Each part has the strings in its text."""
    module = Parts(TEXT)
    assert module.definitions[b"TABLE"][0].strings == [b"a"]
    assert module.definitions[b"Net"][0].strings == [b"net"]


def test_digits_in_quotes_are_no_string_for_that() -> None:
    """The text of a formatted string stays in the code, whatever it contains."""
    module = Parts(b"x = f\"{y} '" + b"9" * 10_000 + b"'\"\n")
    assert [len(string) for string in module.definitions[b"x"][0].strings] == [10_006]


@pytest.mark.parametrize("code", [b"net = 3", b"f(net=3)", b"x = net = 3"])
def test_a_name_is_bound(code: bytes) -> None:
    """A statement or an argument binds it."""
    assert may_bind(code, b"net")


@pytest.mark.parametrize("code", [b"net == 3", b"x = net", b"nets = 3", b"f(net)"])
def test_a_name_is_not_bound(code: bytes) -> None:
    """The code only reads it."""
    assert not may_bind(code, b"net")
