"""Loops over known and unknown numbers, with iterations that differ."""

from __future__ import annotations

from dataclasses import replace

from tests.differential.pieces import condition, layer
from tests.differential.statements import apply, body, inside, shallow, statement
from tests.differential.writing import Scope, Writer

__all__: list[str] = []


def _iteration_test(w: Writer, i: str, n: str) -> str:
    """A test of the first or the last iteration of `for i in range(n)`."""
    first = ("{0} == 0", "not {0}", "{0} > 0", "{0} != 0", "{0}", "{0} >= 1", "{0} < 1")
    last = ("{0} < {1} - 1", "{0} + 1 < {1}", "{0} == {1} - 1", "{0} != {1} - 1", "{0} + 1 == {1}", "{0} >= {1} - 1")
    return w.pick(first + last).format(i, n)


def _iteration(w: Writer, scope: Scope, i: str, n: str) -> None:
    """The body of a loop, with a statement that only some iterations run."""
    inner = replace(scope, depth=scope.depth + 1)
    apply(w, inner)
    if w.chance(0.6):
        apply(w, inner)
    if w.chance(0.8):
        test = _iteration_test(w, i, n)
        form = w.rng.randrange(4)
        if form == 0:
            with w.block(f"if {test}:"):
                w.line(w.pick(("continue", "break")))
        elif form == 1:
            w.line(f"{scope.x} = {layer(w, scope)}({scope.x}) if {test} else {scope.x}")
        else:
            inside(w, inner, f"if {test}:", 2)
            if w.chance(0.3):
                inside(w, inner, "else:", 2)
    if w.chance(0.6):
        apply(w, inner)


@statement(1.5)
def known_range(w: Writer, scope: Scope) -> None:
    i = w.name("i")
    number = w.pick((1, 2, 3, 4, 6, 10, 13))
    if number > 4 and scope.depth:
        number = 4
    n: str = str(number)
    if w.chance(0.3):
        n = w.name("n")
        w.line(f"{n} = {number}")
    with w.block(f"for {i} in range({n}):"):
        test = _iteration_test(w, i, n) if w.chance(0.6) else f"{i} == {w.rng.randrange(number)}"
        apply(w, replace(scope, depth=3))
        with w.block(f"if {test}:"):
            apply(w, replace(scope, depth=3))
            if w.chance(0.2):
                w.line(w.pick(("break", "continue")))
        if w.chance(0.7):
            apply(w, replace(scope, depth=3))


@statement(1.5)
def unknown_range(w: Writer, scope: Scope) -> None:
    if not scope.counts or scope.depth > 1:
        known_range(w, scope)
        return
    i, n = w.name("i"), w.pick(scope.counts)
    with w.block(f"for {i} in range({n}):"):
        _iteration(w, scope, i, n)


@statement(0.8)
@shallow
def over_sizes(w: Writer, scope: Scope) -> None:
    """A loop over a list of numbers, by index, by value, or both."""
    sizes, size, i = w.name("sizes"), w.name("size"), w.name("i")
    known = not scope.counts or w.chance(0.5)
    w.line(f"{sizes} = [8] * {w.rng.randint(1, 4)}" if known else f"{sizes} = [8] * {w.pick(scope.counts)}")
    if w.chance(0.5):
        with w.block(f"for {i}, {size} in enumerate({sizes}):"):
            _iteration(w, scope, i, f"len({sizes})")
    else:
        with w.block(f"for {size} in {sizes}:"):
            w.line(f"{scope.x} = layers.Dense({size})({scope.x})")
            body(w, replace(scope, depth=scope.depth + 2), 2)


@statement(0.6)
@shallow
def known_end(w: Writer, scope: Scope) -> None:
    """A loop over numbers and a list whose first or last element differs."""
    sizes, ends, end = w.name("sizes"), w.name("ends"), w.name("end")
    n = w.pick(scope.counts) if scope.counts and w.chance(0.7) else str(w.rng.randint(1, 4))
    w.line(f"{sizes} = [8] * {n}")
    forms = (
        "{0}[1:] + [None]",
        "[*{0}[1:], None]",
        "[None] + {0}[:-1]",
        "[1 for _ in {0}[:-1]] + [None]",
        "[1] * (len({0}) - 1) + [None]",
        "list({0})[1:] + [None]",
    )
    w.line(f"{ends} = {w.pick(forms).format(sizes)}")
    if w.chance(0.2):
        w.line(f"{ends} = list(zip({sizes}, {ends}))")
    else:
        w.line(f"{ends} = zip({sizes}, {ends})")
    with w.block(f"for size, {end} in {ends}:"):
        w.line(f"{scope.x} = layers.Dense(size)({scope.x})")
        with w.block(f"if {end} is {w.pick(('', 'not '))}None:"):
            apply(w, replace(scope, depth=3))
        if w.chance(0.5):
            apply(w, replace(scope, depth=3))


@statement(0.6)
@shallow
def until(w: Writer, scope: Scope) -> None:
    """A `while` loop with a counter."""
    i = w.name("i")
    known = not scope.counts or w.chance(0.5)
    n = str(w.rng.randint(1, 4)) if known else w.pick(scope.counts)
    w.line(f"{i} = 0")
    with w.block(f"while {i} < {n}:"):
        apply(w, replace(scope, depth=3))
        with w.block(f"if {_iteration_test(w, i, n)}:"):
            apply(w, replace(scope, depth=3))
        w.line(f"{i} += 1")


@statement(0.6)
@shallow
def first_flag(w: Writer, scope: Scope) -> None:
    """A flag that is set in the first or in the last iteration."""
    i, flag = w.name("i"), w.name("first")
    n = w.pick(scope.counts) if scope.counts and w.chance(0.6) else str(w.rng.randint(1, 4))
    w.line(f"{flag} = True")
    with w.block(f"for {i} in range({n}):"):
        if w.chance(0.5):
            apply(w, replace(scope, depth=3))
        with w.block(f"if {w.pick(('', 'not '))}{flag}:"):
            apply(w, replace(scope, depth=3))
        if w.chance(0.5):
            apply(w, replace(scope, depth=3))
        w.line(f"{flag} = False")


@statement(0.5)
@shallow
def side_by_side(w: Writer, scope: Scope) -> None:
    """Parallel lists of layers that a loop iterates over together."""
    ones, others, i = w.name("ones"), w.name("others"), w.name("i")
    n = w.pick(scope.counts) if scope.counts and w.chance(0.5) else str(w.rng.randint(1, 4))
    w.line(f"{ones} = [{layer(w, scope)} for _ in range({n})]")
    w.line(f"{others} = []")
    with w.block(f"for _ in range({n}):"):
        w.line(f"{others}.append({layer(w, scope)})")
    form = w.rng.randrange(3)
    if form == 0:
        with w.block(f"for one, other in zip({ones}, {others}):"):
            w.line(f"{scope.x} = other(one({scope.x}))")
    elif form == 1:
        with w.block(f"for {i} in range({n}):"):
            w.line(f"{scope.x} = {ones}[{i}]({scope.x})")
            w.line(f"{scope.x} = {others}[{i}]({scope.x})")
    else:
        with w.block(f"for {i}, one in enumerate({ones}):"):
            w.line(f"{scope.x} = one({scope.x})")
            test = condition(w, scope)
            with w.block(f"if {test}:" if test else f"if {_iteration_test(w, i, n)}:"):
                w.line(f"{scope.x} = {others}[{i}]({scope.x})")
