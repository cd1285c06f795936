"""A new layer as an attribute of a subclass."""

from __future__ import annotations

import pytest

from orderlint.repair.text.drafts import Draft, Hopeless
from orderlint.repair.text.newlayer import NewLayer
from orderlint.repair.ways.members import add_member, home_of
from tests.repair.texts import changed, spot_at, syntax_of

CLASS = """class Net(Model):
    def __init__(self):
        self.fc = Dense(8)
        self.bn = BatchNormalization()
    def call(self, x):
        return self.bn(self.fc(x))
"""


def added(text: str, norm: str | None = "bn", reads: frozenset[str] = frozenset(), taken: set[str] | None = None):  # type: ignore[no-untyped-def]
    syntax = syntax_of(text)
    home = home_of(spot_at(syntax, "self.fc(x)"))
    assert home is not None
    draft = Draft()
    beside = spot_at(syntax, "Dense(8)")
    name = add_member(draft, home, beside, norm, NewLayer("ReLU()"), reads, taken if taken is not None else set())
    return name, changed(home.tree, draft)


def test_it_is_constructed_behind_the_layer_it_belongs_to() -> None:
    """It is named like the norm that it follows."""
    name, text = added(CLASS)
    assert name == "act"
    assert text == CLASS.replace("        self.bn =", "        self.act = ReLU()\n        self.bn =")


@pytest.mark.parametrize(
    ("norm", "taken", "wanted"),
    [
        ("bn1", set(), "act1"),
        ("batch_norm_2", set(), "act_2"),
        ("other", set(), "fc_act"),
        (None, set(), "fc_act"),
        ("bn", {"Net.act"}, "fc_act"),
        ("bn", {"Net.act", "Net.fc_act"}, "fc_act_2"),
        ("bn", {"Other.act"}, "act"),
    ],
)
def test_its_name_is_new_in_the_class(norm: str | None, taken: set[str], wanted: str) -> None:
    """Like that of the norm, or of the layer it is taken from; numbered if necessary."""
    assert added(CLASS, norm, taken=taken)[0] == wanted
    assert f"Net.{wanted}" in taken


def test_a_name_that_the_class_uses_is_passed_over() -> None:
    """In any kind of use."""
    assert added(CLASS.replace("Model", "Model, act"))[0] == "fc_act"


LOOP = CLASS.replace("        self.fc = Dense(8)", "        for n in ns:\n            self.fc = Dense(8)")


def test_behind_a_loop_it_is_constructed_once() -> None:
    """Unless it is another one in each iteration."""
    assert "            self.fc = Dense(8)\n        self.act = ReLU()\n" in added(LOOP)[1]
    with pytest.raises(Hopeless, match="iterations of a loop"):
        added(LOOP, reads=frozenset({"n"}))


def test_a_layer_made_outside_the_class_gives_no_place() -> None:
    """There is no constructor to add it to."""
    with pytest.raises(Hopeless, match="outside the class"):
        added(CLASS.replace("self.fc = Dense(8)", "self.fc = fc") + "fc = Dense(8)\n")


def test_outside_methods_there_is_no_home() -> None:
    """Neither functions nor modules have attributes for layers."""
    syntax = syntax_of("def f(x):\n    return g(x)\nh(x)\n")
    assert home_of(spot_at(syntax, "g(x)")) is home_of(spot_at(syntax, "h(x)")) is None
