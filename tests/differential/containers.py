"""Layers in lists, dictionaries and `Sequential`s, and changes of these containers."""

from __future__ import annotations

from collections.abc import Callable

from tests.differential.pieces import condition, layer, layers_of
from tests.differential.statements import apply, shallow, statement
from tests.differential.writing import Scope, Writer

__all__: list[str] = []


def _written_out(w: Writer, scope: Scope, name: str, least: int = 2, most: int = 6) -> int:
    """A list of layers, and their number."""
    made = layers_of(w, scope, least, most)
    w.line(f"{name} = [")
    for one in made:
        w.line(f"    {one},")
    w.line("]")
    return len(made)


def _append(w: Writer, scope: Scope, name: str) -> None:
    w.line(f"{name}.append({layer(w, scope)})")


def _insert(w: Writer, scope: Scope, name: str) -> None:
    w.line(f"{name}.insert({w.pick(('0', '1', '-1', f'len({name})', '2'))}, {layer(w, scope)})")


def _pop(w: Writer, scope: Scope, name: str) -> None:
    w.line(f"{name}.pop({w.pick(('', '0', '-1', '1', '-2'))})")


def _delete(w: Writer, scope: Scope, name: str) -> None:
    w.line(f"del {name}[{w.pick(('0', '-1', '1', ':1', '-1:'))}]")


def _extend(w: Writer, scope: Scope, name: str) -> None:
    more = ", ".join(layers_of(w, scope, 1, 2))
    w.line(w.pick((f"{name}.extend([{more}])", f"{name} += [{more}]", f"{name} = {name} + [{more}]")))


def _set(w: Writer, scope: Scope, name: str) -> None:
    w.line(f"{name}[{w.pick(('0', '-1', '1'))}] = {layer(w, scope)}")


def _slice(w: Writer, scope: Scope, name: str) -> None:
    w.line(f"{name} = {name}[{w.pick((':-1', '1:', ':2', '::-1', '::2', '-2:'))}]")


def _put(w: Writer, scope: Scope, name: str) -> None:
    """A layer that is inserted into the list, or replaces a part of it."""
    w.line(f"{name}[{w.pick(('1:1', ':1', '-1:'))}] = [{layer(w, scope)}]")


def _rebuilt(w: Writer, scope: Scope, name: str) -> None:
    forms = ("[*{0}[:1], {1}, *{0}[1:]]", "list(reversed({0}))", "[one for one in {0}]", "{0}.copy()",
             "[one for one in {0} if not isinstance(one, layers.Dropout)]", "list({0}) + [{1}]")  # fmt: skip
    w.line(f"{name} = " + w.pick(forms).format(name, layer(w, scope)))


def _reversed(w: Writer, scope: Scope, name: str) -> None:
    w.line(f"{name}.reverse()")


_SURGERY: tuple[Callable[[Writer, Scope, str], None], ...] = (
    _append, _insert, _pop, _delete, _extend, _set, _slice, _put, _rebuilt, _reversed,
)  # fmt: skip


def surgery(w: Writer, scope: Scope, name: str) -> None:
    """A change of a list, perhaps under a condition."""
    operation = w.pick(_SURGERY)
    w.used.add(f"list {operation.__name__.strip('_')}")
    test = condition(w, scope)
    if test is not None and w.chance(0.4):
        with w.block(f"if {test}:"):
            operation(w, scope, name)
    else:
        operation(w, scope, name)


def stack_of(w: Writer, scope: Scope) -> str:
    """The name of a list of layers, with some changes made to it; it may be empty."""
    name = w.name("stack")
    _written_out(w, scope, name)
    for _ in range(w.rng.randint(0, 3)):
        surgery(w, scope, name)
    return name


@statement(2)
def walked_list(w: Writer, scope: Scope) -> None:
    """A list of layers that are applied in order."""
    stack = stack_of(w, scope)
    x = scope.x
    form = w.rng.randrange(6)
    if form == 0:
        w.line(f"{x} = functools.reduce(lambda t, one: one(t), {stack}, {x})")
    elif form == 1:
        with w.block(f"for i, one in enumerate({stack}):"):
            with w.block(f"if i == {w.rng.randrange(3)}:"):
                w.line(w.pick(("continue", "break")))
            w.line(f"{x} = one({x})")
    elif form == 2:
        with w.block(f"while {stack}:"):
            w.line(f"{x} = {stack}.pop({w.pick(('', '0'))})({x})")
    elif form == 3:
        with w.block(f"for i in range(len({stack})):"):
            w.line(f"{x} = {stack}[i]({x})")
    elif form == 4:
        with w.block(f"for one in {w.pick(('reversed({0})', '{0}[:-1]', '{0}[1:]')).format(stack)}:"):
            w.line(f"{x} = one({x})")
    else:
        with w.block(f"for one in {stack}:"):
            w.line(f"{x} = one({x})")


@statement(2)
def sequential(w: Writer, scope: Scope) -> None:
    """A `Sequential` in one of its forms, which is applied."""
    x, model = scope.x, w.name("model")
    form = w.rng.randrange(6)
    if form == 0:
        w.line(f"{model} = keras.Sequential([{', '.join(layers_of(w, scope))}])")
    elif form == 1:
        stack = stack_of(w, scope)
        w.line(f"{model} = keras.Sequential({stack})")
    elif form == 2:
        stack = stack_of(w, scope)
        w.line(f"{model} = keras.Sequential([*{stack}, {layer(w, scope)}])")
    elif form == 3:
        stack = stack_of(w, scope)
        w.line(f"{model} = keras.Sequential()")
        with w.block(f"for one in {stack}:"):
            w.line(f"{model}.add(one)")
        w.line(f"{model}.add({layer(w, scope)})")
    elif form == 4:
        w.line(f"{model} = keras.Sequential()")
        for one in layers_of(w, scope, 2, 4):
            w.line(f"{model}.add({one})")
        if w.chance(0.4):
            w.line(f"{model}.pop()")
            w.line(f"{model}.add({layer(w, scope)})")
    else:
        _part_of_another(w, scope, model)
        return
    test = condition(w, scope)
    if test is not None and w.chance(0.3):
        with w.block(f"if {test}:"):
            w.line(f"{model}.add({layer(w, scope)})")
    w.line(f"{x} = {model}({x})")


def _part_of_another(w: Writer, scope: Scope, model: str) -> None:
    """A `Sequential` with some layers of another one; both are applied."""
    full, x = w.name("full"), scope.x
    w.line(f"{full} = keras.Sequential([{', '.join(layers_of(w, scope, 3, 5))}])")
    w.line(f"{model} = keras.Sequential({full}.layers[{w.pick((':-1', '1:', ':2'))}])")
    w.line(f"{x} = layers.add([{full}({x}), {model}({x})])")


@statement(0.8)
def dictionary(w: Writer, scope: Scope) -> None:
    """Layers by name."""
    x, table = scope.x, w.name("table")
    w.line(f"{table} = {{")
    for key in "pqr":
        w.line(f'    "{key}": {layer(w, scope)},')
    w.line("}")
    form = w.rng.randrange(4)
    if form == 0:
        with w.block(f"for key, one in {table}.items():"):
            if w.chance(0.5):
                key = w.pick("pqr")
                with w.block(f'if key == "{key}":'):
                    w.line("continue")
            w.line(f"{x} = one({x})")
    elif form == 1:
        with w.block(f"for one in {table}.values():"):
            w.line(f"{x} = one({x})")
    elif form == 2:
        w.line(f'{x} = {table}["q"]({table}["p"]({x}))')
    else:
        gone, one, other = w.pick("pq"), w.pick("rs"), w.pick("rs")
        w.line(f'{table}["s"] = {table}.pop("{gone}")')
        with w.block(f'for key in ("{one}", "{other}"):'):
            w.line(f"{x} = {table}[key]({x})")


@statement(0.8)
def table_in_arms(w: Writer, scope: Scope) -> None:
    """A dictionary that gets entries in the arms of branches, and is applied in order."""
    x, table = scope.x, w.name("table")
    w.line(f"{table} = {{}}")
    for _ in range(w.rng.randint(1, 3)):
        test = condition(w, scope) if w.chance(0.8) else None
        if test is None:
            _set_entry(w, scope, table)
            continue
        for head in (f"if {test}:", "else:")[: w.rng.randint(1, 2)]:
            with w.block(head):
                for _ in range(w.rng.randint(1, 2)):
                    _set_entry(w, scope, table)
    form = w.rng.randrange(4)
    if form == 0:
        with w.block(f"for one in {table}.values():"):
            w.line(f"{x} = one({x})")
    elif form == 1:
        with w.block(f"for key, one in {table}.items():"):
            w.line(f"{x} = one({x})")
    else:
        keys = w.pick(("{0}", "list({0})", "reversed(list({0}))", "sorted({0})")).format(table)
        with w.block(f"for key in {keys}:"):
            w.line(f"{x} = {table}[key]({x})")


def _set_entry(w: Writer, scope: Scope, table: str) -> None:
    key, one = w.pick("pqr"), layer(w, scope)
    forms = (f'{table}["{key}"] = {one}', f"{table}.update({key}={one})", f'{table}.setdefault("{key}", {one})')
    w.line(f'{table}.pop("{key}", None)' if w.chance(0.1) else w.pick((*forms, forms[0])))


@statement(0.5)
def part_of_functional(w: Writer, scope: Scope) -> None:
    """A functional model with one chain of layers: some of them are applied, and then the model."""
    x, full, given = scope.x, w.name("full"), w.name("given")
    w.line(f"{given} = keras.Input({'(8, 8, 8)' if w.is_image else '(8,)'})")
    value = given
    for one in layers_of(w, scope, 2, 4):
        value = f"{one}({value})"
    w.line(f"{full} = keras.Model({given}, {value})")
    with w.block(f"for one in {full}.layers[{w.pick(('1:', '1:-1', '2:'))}]:"):
        w.line(f"{x} = one({x})")
    w.line(f"{x} = layers.add([{full}({x}), {x}])")


@statement(0.6)
def nested_list(w: Writer, scope: Scope) -> None:
    """Blocks of layers, each a tuple."""
    blocks, x = w.name("blocks"), scope.x
    n = w.pick(scope.counts) if scope.counts and w.chance(0.4) else str(w.rng.randint(1, 3))
    if w.chance(0.5):
        w.line(f"{blocks} = [({layer(w, scope)}, {layer(w, scope)}) for _ in range({n})]")
        with w.block(f"for one, other in {blocks}:"):
            w.line(f"{x} = {w.pick(('one(other({0}))', 'other(one({0}))')).format(x)}")
    else:
        w.line(f"{blocks} = [one for _ in range({n}) for one in (")
        for one in layers_of(w, scope, 2, 3):
            w.line(f"    {one},")
        w.line(")]")
        with w.block(f"for one in {blocks}:"):
            w.line(f"{x} = one({x})")


@statement(0.5)
@shallow
def skips(w: Writer, scope: Scope) -> None:
    """Tensors that are stored in a list on the way down, and read on the way up."""
    kept, x = w.name("kept"), scope.x
    n = w.rng.randint(1, 3)
    w.line(f"{kept} = []")
    with w.block(f"for _ in range({n}):"):
        apply(w, scope)
        w.line(f"{kept}.append({x})")
        apply(w, scope)
    with w.block(w.pick((f"while {kept}:", f"for _ in range({n}):"))):
        apply(w, scope)
        w.line(f"{x} = layers.add([{x}, {kept}.pop()])")
