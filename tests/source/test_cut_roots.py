"""A root that is cut off after too many steps: the models that it has made are still judged."""

from __future__ import annotations

import pytest

import orderlint
from orderlint.graph import Limit
from orderlint.source import Project, analyze
from orderlint.source.state import budget, contents
from orderlint.text.files import source_from_text
from tests.source.test_shortfalls import HEADER

ENDLESS = "total = 0\n" + "total = total + other\n" * 200

MADE = {
    "a list": "model = Sequential([layers.Dense(8), layers.ReLU(), layers.BatchNormalization()])\n",
    "added": (
        "model = Sequential()\n"
        "model.add(layers.Dense(8))\n"
        "model.add(layers.ReLU())\n"
        "model.add(layers.BatchNormalization())\n"
    ),
    "under a test": (
        "if deep:\n"
        "    model = Sequential([layers.Dense(8), layers.ReLU()])\n"
        "    model.add(layers.BatchNormalization())\n"
    ),
    "in a function": (
        "def build():\n"
        "    model = Sequential([layers.Dense(8, activation='relu')])\n"
        "    model.add(layers.BatchNormalization())\n"
        "    return model\n"
        "model = build()\n"
    ),
    "in a list": "models = [Sequential([layers.Dense(8), layers.ReLU(), layers.BatchNormalization()])]\n",
    "in another": (
        "part = Sequential([layers.ReLU(), layers.BatchNormalization()])\nmodel = Sequential([layers.Dense(8), part])\n"
    ),
}


@pytest.fixture(autouse=True)
def few_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lower the maximum number of steps, so that `ENDLESS` exceeds it."""
    monkeypatch.setattr(budget, "STEPS_PER_ROOT", 150)


@pytest.mark.parametrize("text", MADE.values(), ids=MADE.keys())
def test_models_made_before_are_judged(text: str) -> None:
    """The code before the place where the steps ran out is judged as usual."""
    assert [one.code for one in orderlint.check_source(HEADER + text + ENDLESS)] == ["ORD001"]


def test_a_model_that_may_go_on_has_no_output() -> None:
    """The code that was not run may have added further layers."""
    made = "model = Sequential([layers.Dense(8), layers.Dropout(0.5)])\n"
    assert [one.code for one in orderlint.check_source(HEADER + made, select=["ORD104"])] == ["ORD104"]
    assert not orderlint.check_source(HEADER + made + ENDLESS, select=["ORD104"])


def test_the_root_is_named_once() -> None:
    """The cut-off is reported once, and the models that are judged afterwards report nothing more."""
    found = analyze(source_from_text(HEADER + MADE["a list"] + ENDLESS, "net.py"), Project())
    assert [(one.name, one.limit) for one in found.shortfalls] == [("<module>", Limit.STEPS)]


def test_a_long_list_in_doubt_is_left_open(monkeypatch: pytest.MonkeyPatch) -> None:
    """Iterating over its elements takes steps, but not after the steps have run out."""
    monkeypatch.setattr(contents, "MANY_IN_DOUBT", 2)
    optional = "".join(f"if test({i}):\n    box.stack.append({i})\n" for i in range(4))
    text = f"{MADE['added']}class Box:\n    stack = None\nbox = Box()\nbox.stack = []\n{optional}{ENDLESS}"
    assert [one.code for one in orderlint.check_source(HEADER + text)] == ["ORD001"]
