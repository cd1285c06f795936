"""Whole programs: definitions, a function that builds a model or the top level of a script, and its uses."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

from tests.differential import containers, loops  # noqa: F401  (they register their statements)
from tests.differential.definitions import DEFINITIONS, every_use
from tests.differential.statements import body
from tests.differential.writing import Scope, Writer

__all__ = ["Program", "program"]

_IMPORTS = ("import enum", "import functools", "import keras", "from keras import layers, ops", "")


@dataclass(frozen=True)
class Program:
    """A program, and how to run it.

    Attributes:
        text: The text that both sides read.
        uses: The arguments of `build` for each model; empty if the text itself builds all models.
        idioms: The idioms in the text.
    """

    text: str
    uses: tuple[str, ...]
    idioms: frozenset[str]


def program(seed: int) -> Program:
    """The program with a number, which is always the same."""
    rng = random.Random(seed)
    w = Writer(rng, is_image=rng.random() < 0.3, budget=rng.randint(6, 22))
    for line in _IMPORTS:
        w.line(line)
    for _ in range(rng.randint(0, 3)):
        define = w.pick(DEFINITIONS)
        w.used.add(define.__name__)
        define(w)
        w.line("")
    if rng.random() < 0.2:
        return _script(w)
    return _builder(w)


def _script(w: Writer) -> Program:
    """A model at the top level, with constants as settings."""
    w.line(f"flag = {w.pick(('True', 'False'))}")
    kind = w.pick("abc")
    w.line(f'kind = "{kind}"')
    w.line(f"n = {w.rng.randint(1, 5)}")
    _model(w, Scope(flags=["flag"], kinds=["kind"], counts=["n"]))
    w.line("model = keras.Model(inputs, x)")
    return Program(w.text, (), frozenset(w.used | {"script"}))


def _model(w: Writer, scope: Scope) -> None:
    w.line(f"x = inputs = keras.Input({'(8, 8, 8)' if w.is_image else '(8,)'})")
    every_use(w, scope)
    body(w, scope, 8)


def _builder(w: Writer) -> Program:
    """A function that builds a model, with or without visible uses."""
    domains: dict[str, tuple[str, ...]] = {"flag": ("True", "False")}
    extra = w.rng.sample(("other", "kind", "n", "rate"), w.rng.randint(0, 2))
    values = {
        "other": ("True", "False"),
        "kind": ('"a"', '"b"', '"c"', '"d"'),
        "n": ("1", "2", "3"),
        "rate": ("0.0", "0.3"),
    }
    domains |= {name: values[name] for name in extra}
    act = w.pick(('"relu"', "None"))
    parameters = ", ".join(f"{name}={values[0]}" if w.chance(0.5) else name for name, values in domains.items())
    parameters = ", ".join(sorted(parameters.split(", "), key=lambda text: "=" in text))
    with w.block(f"def build({parameters}, act={act}):"):
        _model(w, _scope(domains))
        w.line("return keras.Model(inputs, x)")
    every = [
        ", ".join(f"{name}={value}" for name, value in zip(domains, chosen, strict=True))
        for chosen in product(*domains.values())
    ]
    if w.chance(0.4):
        return _used(w, every)
    return Program(w.text, tuple(every), frozenset(w.used | {"no use in view"}))


def _scope(domains: dict[str, tuple[str, ...]]) -> Scope:
    return Scope(
        flags=[name for name in domains if name in ("flag", "other")],
        kinds=[name for name in domains if name == "kind"],
        counts=[name for name in domains if name == "n"],
        rates=[name for name in domains if name == "rate"],
        activations=["act"],
    )


def _used(w: Writer, every: Sequence[str]) -> Program:
    """Some uses at the top level."""
    w.line("")
    for _ in range(w.rng.randint(1, 2)):
        w.line(f"{w.name('model')} = build({w.pick(every)})")
    return Program(w.text, (), frozenset(w.used | {"uses in view"}))
