"""Builds the models of a text before and after its repair, and compares them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from orderlint.graph import LayerGraph
from orderlint.judging import Rule, judge
from orderlint.repair import FixResult, fix_text
from orderlint.runtime.models import read_model
from orderlint.text.files import SourceFile
from tests.judged import standards
from tests.repair.probing import Probe, built_models, executed

__all__ = [
    "DEFAULT",
    "OBSTRUCTING",
    "are_close",
    "built",
    "certain_predictions",
    "found",
    "predict_the_same",
    "predictions",
    "randomize",
    "repaired",
    "shapes",
]

DEFAULT = standards()
OBSTRUCTING = tuple(rule for rule in DEFAULT.every if rule.obstructs)
"""No repair makes a finding of these; the recommended order itself may bring ORD101 and ORD109 to light."""


def repaired(file: SourceFile) -> FixResult | None:
    """The repaired text; `None` if nothing is repaired."""
    if file.problems:
        return None
    result = fix_text(file, DEFAULT)
    return result if result.repaired else None


def built(file: SourceFile) -> dict[str, Probe]:
    import keras

    keras.utils.clear_session()
    return built_models(executed(file, "fixture"))


def shapes(model: Any) -> tuple[list[Any], list[Any]]:
    return [tensor.shape for tensor in model.inputs], [tensor.shape for tensor in model.outputs]


def graphs(model: Any) -> tuple[LayerGraph, ...]:
    return read_model(model).graphs


def found(model: Any, rules: Iterable[Rule] = DEFAULT.rules) -> Counter[str]:
    """The number of findings of a built model, by code."""
    return Counter(violation.rule.code for violation in judge(graphs(model), tuple(rules), DEFAULT.order))


def predictions(model: Any) -> list[Any]:
    """The predictions of a model for one random batch."""
    import numpy as np

    random = np.random.default_rng(2)
    data = [random.standard_normal([2 if size is None else size for size in one.shape]) for one in model.inputs]
    outputs = model([one.astype("float32") for one in data], training=False)
    return [np.asarray(one) for one in (outputs if isinstance(outputs, (list, tuple)) else [outputs])]


def randomize(model: Any) -> None:
    """Give each layer different random weights."""
    import numpy as np

    random = np.random.default_rng(1)
    model.set_weights([value + random.uniform(0.1, 0.4, value.shape) for value in model.get_weights()])


def predict_the_same(old: Any, new: Any) -> bool | None:
    """Whether two models predict the same with the same weights; `None` if that cannot be decided.

    Weights are assigned by the order of the layers, as from a file, or by their names. In branches, or with equal
    layers in one expression, only one of the two pairs the right layers.
    """
    randomize(old)
    known = certain_predictions(old)
    if known is None:
        return None
    results = [are_close(predictions(new), known) for hand_over in (_by_order, _by_name) if hand_over(old, new)]
    return any(results) if results else None


def _by_name(old: Any, new: Any) -> bool:
    """Assign the weights of another model by layer name; returns whether they fit."""
    by_name = {variable.path: variable for variable in old.weights}
    if len(by_name) < len(old.weights) or by_name.keys() != {variable.path for variable in new.weights}:
        return False
    if any(variable.shape != by_name[variable.path].shape for variable in new.weights):
        return False
    for variable in new.weights:
        variable.assign(by_name[variable.path])
    return True


def _by_order(old: Any, new: Any) -> bool:
    """Assign the weights of another model by layer order; returns whether they fit."""
    if [one.shape for one in old.get_weights()] != [one.shape for one in new.get_weights()]:
        return False
    new.set_weights(old.get_weights())
    return True


def certain_predictions(model: Any) -> list[Any] | None:
    """The predictions of a model; `None` if they are random, or if the model takes symbolic tensors only."""
    try:
        first, *others = [predictions(model) for _ in range(10)]  # two masks of few values may be equal by chance
    except ValueError:
        return None
    return first if all(are_close(first, other) for other in others) else None


def are_close(some: list[Any], others: list[Any]) -> bool:
    import numpy as np

    return all(np.allclose(one, other, atol=1e-5, equal_nan=True) for one, other in zip(some, others, strict=True))
