"""Statements that change the current tensor: applications, branches, merges, conditional values."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import wraps

from tests.differential.pieces import call_of, condition, function_of, layer
from tests.differential.writing import Scope, Writer

__all__ = ["STATEMENTS", "Statement", "body"]

Statement = Callable[[Writer, Scope], None]

_GIVEN = ('"relu"', '"tanh"', "None")

STATEMENTS: dict[str, tuple[float, Statement]] = {}
"""Every kind of statement by its name, with its frequency; the modules of the generator add theirs."""


def statement(weight: float) -> Callable[[Statement], Statement]:
    """Register a kind of statement."""

    def register(write: Statement) -> Statement:
        STATEMENTS[write.__name__] = (weight, write)
        return write

    return register


def shallow(write: Statement) -> Statement:
    """A statement that makes programs too large when nested: there, a layer is applied instead."""

    @wraps(write)
    def written(w: Writer, scope: Scope) -> None:
        if scope.depth > 1:
            apply(w, scope)
        else:
            write(w, scope)

    return written


def body(w: Writer, scope: Scope, most: int = 5) -> None:
    """Some statements."""
    names = list(STATEMENTS)
    weights = [STATEMENTS[name][0] for name in names]
    for _ in range(w.rng.randint(1, most)):
        if w.budget <= 0:
            return
        w.budget -= 1
        name = "apply" if scope.depth > 3 else w.rng.choices(names, weights)[0]
        w.used.add(name)
        STATEMENTS[name][1](w, scope)


def inside(w: Writer, scope: Scope, head: str, most: int = 3) -> None:
    """A block with some statements."""
    with w.block(head):
        body(w, replace(scope, depth=scope.depth + 1), most)


# -- the kinds ------------------------------------------------------------------------------------------------------


@statement(10)
def apply(w: Writer, scope: Scope) -> None:
    w.line(f"{scope.x} = {call_of(w, scope, scope.x)}")


@statement(1)
def held(w: Writer, scope: Scope) -> None:
    """Two layers in variables, constructed in another order than they are applied."""
    one, other = w.name("layer"), w.name("layer")
    w.line(f"{one}, {other} = {layer(w, scope)}, {layer(w, scope)}")
    w.line(f"{scope.x} = {one}({other}({scope.x}))")
    if w.chance(0.3):
        w.line(f"{scope.x} = {other}({scope.x})")


@statement(4)
def branch(w: Writer, scope: Scope) -> None:
    test = condition(w, scope)
    if test is None:
        apply(w, scope)
        return
    inside(w, scope, f"if {test}:")
    if scope.kinds and w.chance(0.2):
        value = w.pick("abc")
        inside(w, scope, f'elif {w.pick(scope.kinds)} == "{value}":')
    if w.chance(0.4):
        inside(w, scope, "else:")


@statement(1.5)
def conditional_expression(w: Writer, scope: Scope) -> None:
    test = condition(w, scope)
    if test is None:
        apply(w, scope)
        return
    other = scope.x if w.chance(0.6) else call_of(w, scope, scope.x)
    w.line(f"{scope.x} = {call_of(w, scope, scope.x)} if {test} else {other}")


@statement(2)
def residual(w: Writer, scope: Scope) -> None:
    """A shortcut that is merged again."""
    skip = w.name("skip")
    w.line(f"{skip} = {scope.x}")
    body(w, replace(scope, depth=scope.depth + 1), 3)
    if w.chance(0.2):
        w.line(f"{skip} = {call_of(w, scope, skip)}")
    forms = (
        "layers.add([{0}, {1}])",
        "layers.Add()([{0}, {1}])",
        "{0} + {1}",
        "layers.Dense(8)(layers.Concatenate()([{1}, {0}]))",
        "keras.ops.maximum({0}, {1})",
        "layers.Average()([{0}, {1}])",
    )
    w.line(f"{scope.x} = " + w.pick(forms).format(scope.x, skip))


@statement(0.7)
def arithmetic(w: Writer, scope: Scope) -> None:
    w.line(f"{scope.x} = " + w.pick(("{0} * 0.5", "{0} + 1.0", "-{0}", "0.1 * {0}")).format(scope.x))


@statement(1.5)
def optional_layer(w: Writer, scope: Scope) -> None:
    """A layer that is constructed under a condition, and is `None` or missing otherwise."""
    test = condition(w, scope)
    if test is None:
        apply(w, scope)
        return
    held = w.name("maybe")
    form = w.rng.randrange(4)
    if form == 0:
        w.line(f"{held} = {layer(w, scope)} if {test} else None")
    elif form == 1:
        w.line(f"{held} = None")
        with w.block(f"if {test}:"):
            w.line(f"{held} = {layer(w, scope)}")
    elif form == 2:
        w.line(f"{held} = {layer(w, scope)} if {test} else (lambda t: t)")
    else:
        w.line(f"{held} = {layer(w, scope)} if {test} else {layer(w, scope)}")
    if w.chance(0.6):
        apply(w, scope)
    if form > 1:
        w.line(f"{scope.x} = {held}({scope.x})")
    else:
        with w.block(f"if {held} is not None:" if w.chance(0.6) else f"if {held}:"):
            w.line(f"{scope.x} = {held}({scope.x})")


@statement(1)
def derived_flag(w: Writer, scope: Scope) -> None:
    """A flag that is computed from others, and tested later."""
    test = condition(w, scope)
    if test is None:
        apply(w, scope)
        return
    flag = w.name("flag")
    w.line(f"{flag} = {w.pick(('', 'bool'))}({test})")
    inside(w, scope, f"if {w.pick(('', 'not '))}{flag}:")
    apply(w, scope)
    inside(w, scope, f"if {w.pick(('', 'not '))}{flag}:")


@statement(1)
def chosen_class(w: Writer, scope: Scope) -> None:
    """A class, or a partial of one, that is called later."""
    made = w.name("make")
    form = w.rng.randrange(4)
    test = condition(w, scope)
    plain = ("layers.ReLU", "layers.BatchNormalization", "layers.ELU")
    if form == 0 and test is not None:
        w.line(f"{made} = {w.pick(plain)} if {test} else {w.pick(plain)}")
    elif form == 1:
        w.line(f"{made} = functools.partial(layers.Dense, 8, activation={w.pick(_GIVEN)})")
    elif form == 2:
        key = w.pick("ab")
        w.line(f'{made} = {{"a": {w.pick(plain)}, "b": {w.pick(plain)}}}["{key}"]')
    else:
        name = w.pick(plain).partition(".")[2]
        w.line(f'{made} = getattr(layers, "{name}")')
    w.line(f"{scope.x} = {made}()({scope.x})")


@statement(0.7)
def keywords(w: Writer, scope: Scope) -> None:
    """Arguments that are stored in a dictionary."""
    options = w.name("options")
    w.line(f"{options} = dict(units=8, activation={w.pick(_GIVEN)})")
    if w.chance(0.4):
        given = w.pick(_GIVEN)
        w.line(f'{options}["activation"] = {given}')
    if w.chance(0.3):
        w.line(f'{options}.pop("activation")')
    w.line(f"{scope.x} = layers.Dense(**{options})({scope.x})")


@statement(0.6)
def activation_value(w: Writer, scope: Scope) -> None:
    """An activation that is a function, or a result of `keras.activations.get`."""
    act = w.name("act")
    given = w.pick((function_of(w), 'keras.activations.get("relu")', "lambda t: keras.ops.relu(t)"))
    w.line(f"{act} = {given}")
    w.line(f"{scope.x} = {w.pick(('{0}({1})', 'layers.Activation({0})({1})')).format(act, scope.x)}")


@statement(0.6)
def refusal(w: Writer, scope: Scope) -> None:
    """Code that raises an exception on some paths."""
    if scope.kinds:
        with w.block(f'if {w.pick(scope.kinds)} not in ("a", "b", "c"):'):
            w.line('raise ValueError("refused")')
    elif scope.flags and w.chance(0.5):
        refused = f"{scope.flags[0]} and not {scope.flags[-1]}"
        if w.chance(0.3):
            w.line(f'assert not ({refused}), "refused"')
        else:
            with w.block(f"if {refused}:"):
                w.line('raise ValueError("refused")')
    else:
        apply(w, scope)
