"""Layers, functions and conditions: the expressions in programs."""

from __future__ import annotations

from tests.differential.writing import Scope, Writer

__all__ = ["call_of", "condition", "function_of", "layer", "layers_of"]

_ROLES = ("linear", "norm", "activation", "dropout", "pass")
_WEIGHTS = (30, 23, 20, 20, 7)
_ACTIVATIONS = ("layers.ReLU()", 'layers.Activation("tanh")', "layers.LeakyReLU()", 'layers.Activation("relu")',
                "layers.Activation(keras.activations.gelu)", "layers.ELU()")  # fmt: skip
_FUNCTIONS = ("keras.ops.relu", "keras.activations.tanh", "keras.ops.gelu", "keras.activations.relu", "ops.silu")
_INLINE = ('"relu"', '"tanh"', "keras.activations.relu", '"linear"', "None")


def layer(w: Writer, scope: Scope, role: str = "") -> str:
    """The expression that constructs a layer."""
    role = role or w.rng.choices(_ROLES, _WEIGHTS)[0]
    if role == "linear":
        return _linear(w, scope)
    if role == "norm":
        return "layers.BatchNormalization()"
    if role == "activation":
        if scope.activations and w.chance(0.2):
            return f"layers.Activation({w.pick(scope.activations)})"
        return w.pick(_ACTIVATIONS)
    if role == "dropout":
        return _dropout(w, scope)
    return w.pick(("layers.GaussianNoise(0.1)", 'layers.Activation("linear")', "layers.LayerNormalization()"))


def _linear(w: Writer, scope: Scope) -> str:
    base = 'layers.Conv2D(8, 3, padding="same"' if w.is_image and w.chance(0.8) else "layers.Dense(8"
    if w.chance(0.35):
        inline = w.pick(scope.activations) if scope.activations and w.chance(0.4) else w.pick(_INLINE)
        return f"{base}, activation={inline})"
    return f"{base})"


def _dropout(w: Writer, scope: Scope) -> str:
    if scope.rates and w.chance(0.3):
        return f"layers.Dropout({w.pick(scope.rates)} or 0.1)"  # a rate of 0 would have no effect
    kinds = ["Dropout(0.2)", "Dropout(0.5)", "GaussianDropout(0.1)", "AlphaDropout(0.1)"]
    if w.is_image:
        kinds += ["SpatialDropout2D(0.2)"]
    return f"layers.{w.pick(kinds)}"


def layers_of(w: Writer, scope: Scope, least: int = 2, most: int = 5) -> list[str]:
    """Some layers, each as the expression that constructs it."""
    return [layer(w, scope) for _ in range(w.rng.randint(least, most))]


def function_of(w: Writer) -> str:
    """An activation function."""
    return w.pick(_FUNCTIONS)


def call_of(w: Writer, scope: Scope, x: str) -> str:
    """An expression that applies something to a tensor."""
    if w.chance(0.15):
        return f"{function_of(w)}({x})"
    if w.chance(0.1):
        return f"{layer(w, scope)}({layer(w, scope)}({x}))"
    return f"{layer(w, scope)}({x})"


def condition(w: Writer, scope: Scope) -> str | None:
    """A test of a variable in the scope; `None` if there is nothing to test."""
    options = [*scope.flags, *(f"not {flag}" for flag in scope.flags)]
    options += [f'{kind} == "{value}"' for kind in scope.kinds for value in "ab"]
    options += [f'{kind} in ("a", "c")' for kind in scope.kinds]
    options += [f"{count} > 1" for count in scope.counts]
    options += [f"{rate} > 0" for rate in scope.rates] + list(scope.rates)
    if not options:
        return None
    one = w.pick(options)
    if w.chance(0.2):
        other = w.pick(options)
        return f"({one}) {w.pick(('and', 'or'))} ({other})"
    return one
