"""Functions, closures and classes of a program, and their uses."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from tests.differential.containers import surgery
from tests.differential.pieces import condition, layer
from tests.differential.statements import apply, body, refusal, statement
from tests.differential.writing import Scope, Writer

__all__ = ["DEFINITIONS", "every_use"]

_FLAGS = ("True", "False")


def _inner(**names: list[str]) -> Scope:
    return Scope(x="t", depth=1, calls=True, **names)


def helper(w: Writer) -> None:
    """A function from tensor to tensor, with flags and defaults."""
    name = w.name("block")
    act = w.pick(("None", '"relu"'))
    with w.block(f"def {name}(t, bn=True, rate=0.0, act={act}):"):
        scope = _inner(flags=["bn"], rates=["rate"], activations=["act"])
        body(w, scope, 4)
        if w.chance(0.3):
            with w.block(f"if {condition(w, scope)}:"):
                w.line("return t")
            body(w, scope, 2)
        w.line("return t")
    w.helpers.append(name + "({x}, {flag}{rate})")


def forwarding(w: Writer) -> None:
    """A function that passes its argument on to another one."""
    name, inner = w.name("outer"), w.name("inner")
    with w.block(f"def {inner}(t, flag=False, rate=0.2):"):
        body(w, _inner(flags=["flag"], rates=["rate"]), 3)
        w.line("return t")
    with w.block(f"def {name}(t, *args, **kwargs):"):
        if w.chance(0.4):
            apply(w, _inner())
        w.line(f"return {inner}(t, *args, **kwargs)")
    w.helpers.append(name + "({x}, {flag})")
    w.helpers.append(name + "({x}, rate=0.3)")


def closure(w: Writer) -> None:
    """A function that returns a function."""
    name = w.name("make")
    with w.block(f'def {name}(flag, kind="a"):'):
        if w.chance(0.3):
            w.line(f"shared = {layer(w, _inner())}")
        with w.block("def apply(t):"):
            scope = _inner(flags=["flag"], kinds=["kind"])
            body(w, scope, 4)
            w.line("return t")
        w.line("return apply" if w.chance(0.7) else "return lambda t: apply(t)")
    w.helpers.append(name + '({flag}, "b")({x})')
    w.helpers.append(name + "({flag})({x})")


def generator(w: Writer) -> None:
    """A generator of layers."""
    name, user = w.name("parts"), w.name("use")
    with w.block(f"def {name}(flag):"):
        w.line(f"yield {layer(w, _inner())}")
        with w.block("if flag:"):
            w.line(f"yield {layer(w, _inner())}")
        w.line(f"yield {layer(w, _inner())}")
    with w.block(f"def {user}(t, flag):"):
        with w.block(f"for one in {name}(flag):"):
            w.line("t = one(t)")
        w.line("return t")
    w.helpers.append(user + "({x}, {flag})")


def own_layer(w: Writer) -> None:
    """A layer class with sublayers in attributes, some of them optional, which are applied in `call`."""
    name = w.name("Block")
    scope = Scope(x="t", flags=["self.flag", "self.other"], depth=3)
    making = Scope(flags=["flag", "other"], depth=3)
    parts = [(f"self.part{i}", layer(w, making)) for i in range(w.rng.randint(2, 5))]
    optional = {part for part, _ in parts if w.chance(0.3)}
    with w.block(f"class {name}(layers.Layer):"):
        with w.block("def __init__(self, flag=True, other=False, **kwargs):"):
            w.line("super().__init__(**kwargs)")
            w.line("self.flag = flag")
            w.line("self.other = other")
            if w.chance(0.3):
                refusal(w, making)
            for part, made in w.rng.sample(parts, len(parts)):
                w.line(f"{part} = {made} if flag else None" if part in optional else f"{part} = {made}")
        with w.block("def call(self, t, training=None):"):
            for part, _ in parts:
                if part in optional:
                    with w.block(w.pick((f"if {part} is not None:", "if self.flag:"))):
                        w.line(f"t = {part}(t)")
                elif w.chance(0.2):
                    w.line(f"t = {part}(t) if {condition(w, scope)} else t")
                else:
                    w.line(f"t = {part}(t)")
                if w.chance(0.15):
                    w.line("t = keras.ops.relu(t)")
            w.line("return t")
    w.helpers.append(name + "({flag})({x})")
    w.helpers.append(name + "({flag}, {flag})({x})")


def listing_layer(w: Writer) -> None:
    """A layer class with its sublayers in a list."""
    name = w.name("Stack")
    making = Scope(flags=["flag"], counts=["n"], depth=3)
    with w.block(f"class {name}(layers.Layer):"):
        with w.block("def __init__(self, n=2, flag=False):"):
            w.line("super().__init__()")
            w.line("parts = []")
            with w.block("for i in range(n):"):
                w.line(f"parts.append({layer(w, making)})")
                with w.block(w.pick(("if flag:", "if i < n - 1:", "if i == 0:", "if i > 0 or flag:"))):
                    w.line(f"parts.append({layer(w, making)})")
            if w.chance(0.4):
                surgery(w, replace(making, counts=[]), "parts")
            w.line("self.parts = parts")
        with w.block("def call(self, t):"):
            with w.block("for part in self.parts:"):
                w.line("t = part(t)")
            w.line("return t")
    w.helpers.append(name + "(flag={flag})({x})")
    w.helpers.append(name + "(3, {flag})({x})")


def inheriting_layer(w: Writer) -> None:
    """A layer class and a subclass of it."""
    base, name = w.name("Base"), w.name("Derived")
    scope = Scope(depth=3)
    with w.block(f"class {base}(layers.Layer):"):
        with w.block("def __init__(self):"):
            w.line("super().__init__()")
            w.line(f"self.one = {layer(w, scope)}")
            w.line("self.other = self.make()")
        with w.block("def make(self):"):
            w.line(f"return {layer(w, scope)}")
        with w.block("def call(self, t):"):
            w.line("return self.other(self.one(t))")
    with w.block(f"class {name}({base}):"):
        if w.chance(0.6):
            with w.block("def make(self):"):
                w.line(f"return {layer(w, scope)}")
        with w.block("def call(self, t):"):
            w.line(f"t = {layer(w, scope)}(t)" if w.chance(0.1) else "t = super().call(t)")
            w.line(f"return {w.pick(('keras.ops.relu(t)', 't', 'super().call(t)'))}")
    w.helpers.append(name + "()({x})")
    w.helpers.append(base + "()({x})")


def plain_object(w: Writer) -> None:
    """A class that is not a layer, with `__call__` and a method that constructs layers."""
    name = w.name("Maker")
    scope = Scope(x="t", flags=["self.flag"], depth=3)
    with w.block(f"class {name}:"):
        with w.block("def __init__(self, flag):"):
            w.line("self.flag = flag")
        with w.block("def norm(self, t):"):
            w.line(f"return {layer(w, scope)}(t) if self.flag else t")
        with w.block("def __call__(self, t):"):
            body(w, scope, 2)
            w.line("t = self.norm(t)")
            apply(w, scope)
            w.line("return t")
    w.helpers.append(name + "({flag})({x})")


def enumeration(w: Writer) -> None:
    """An enumeration whose members are constructed by an `__init__`, with a method that applies layers."""
    name = w.name("Kind")
    scope = Scope(x="t", flags=["self.flag"], kinds=["self.kind"], depth=2)
    with w.block(f"class {name}(enum.Enum):"):
        for member in "ABC":
            w.line(f'{member} = "{w.pick("abc")}", {w.pick(_FLAGS)}, "{member}"')
        with w.block("def __init__(self, kind, flag, label):"):
            w.line("self.kind, self.flag = kind, flag")
        is_called = w.chance(0.5)
        with w.block(f"def {'__call__' if is_called else 'apply'}(self, t):"):
            body(w, scope, 3)
            apply(w, scope)
            w.line("return t")
    user = w.name("use")
    with w.block(f"def {user}(t):"):
        with w.block(f"for one in {w.pick((name, f'({name}.A, {name}.C)', f'list({name})[1:]'))}:"):
            w.line(f"t = {'one' if is_called else 'one.apply'}(t)")
        w.line("return t")
    w.helpers.append(user + "({x})")


DEFINITIONS: tuple[Callable[[Writer], None], ...] = (
    helper, helper, forwarding, closure, generator, own_layer, listing_layer, inheriting_layer, plain_object,
    enumeration,
)  # fmt: skip


def every_use(w: Writer, scope: Scope) -> None:
    """A use of each definition of the program: an unused one is judged, but not built."""
    for form in w.helpers:
        _use(w, scope, form)


@statement(4)
def use(w: Writer, scope: Scope) -> None:
    """A use of a definition of the program."""
    if not w.helpers or not scope.calls:
        apply(w, scope)
        return
    _use(w, scope, w.pick(w.helpers))


def _use(w: Writer, scope: Scope, form: str) -> None:
    flag = w.pick(scope.flags) if scope.flags and w.chance(0.6) else w.pick(_FLAGS)
    rate = w.pick(("", "", ", rate=0.3", f", rate={scope.rates[0]}" if scope.rates else ""))
    w.line(f"{scope.x} = " + form.format(x=scope.x, flag=flag, rate=rate))
