"""Lists, tuples and dictionaries of abstract values: iterating, indexing, unpacking, changing them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import partial

from orderlint.graph import Limit
from orderlint.graph.guards import ALWAYS, NEVER, Guard, union
from orderlint.source.python import inheritance, pieces, settings, turns
from orderlint.source.state.arguments import Arguments
from orderlint.source.state.frames import Instance
from orderlint.source.state.machine import Machine
from orderlint.source.state.matches import Match
from orderlint.source.state.store import ITEMS
from orderlint.source.state.values import (
    MISSING,
    MOST_PLAIN_ALTERNATIVES,
    NONE,
    Choice,
    Condition,
    Const,
    DictObject,
    Element,
    External,
    FunctionalModel,
    Layer,
    ListObject,
    Sequence,
    SequentialModel,
    Tensor,
    Turn,
    Unknown,
    Value,
    alternatives,
    is_data,
    is_inert,
    is_plain,
    is_scalar,
    one_of,
    sequence,
)

__all__ = [
    "NEVER",
    "Element",
    "Sequence",
    "counted",
    "entry",
    "item",
    "iterate",
    "keys",
    "many_items",
    "new_dict",
    "set_entry",
    "unpack",
    "update",
    "walk",
]

MOST_KNOWN = 4096  # numbers of a range; whoever makes a layer of each of so many says that there may be more
MOST_ITEMS = 16  # of a list, that an unknown index may mean
MOST_ENTRIES = 32  # of a dictionary, that an unknown key may mean
OTHERS = "#others"
LATEST = "#latest"  # of the layers and tensors under keys that are not known: the key that was last set, and the value
BEFORE = "#before"  # with a loop: what was under keys that are not known before its turns set any
FACTORY = "#factory"  # of a `defaultdict`
MOST_COUNTS = 12  # numbers of elements that a list may have on different paths


def settled(m: Machine, value: Value) -> Value:
    """A parameter that nothing visible gives a value has its default, where the path does not exclude it."""
    if isinstance(value, Unknown) and value.default is not None:
        default = value.default
        if not isinstance(default, Const) or m.conditions.equal(value, default).meets(m.path):
            return settled(m, default)
    return value


def iterate(m: Machine, value: Value, count: int = 2) -> list[Element]:
    """The elements of an iterable. Of an unknown one the first `count`, each after the first only if it goes on."""
    return [element for element in walk(m, value, count) if element.turn is None or not element.turn.is_spare]


def walk(m: Machine, value: Value, count: int = 2) -> list[Element]:
    """The elements of an iterable for a loop: of an unknown one also those that it has only if it asks for them."""
    value = settings.as_data(m, value)
    if isinstance(value, Choice):
        return [
            replace(e, guard=e.guard & when)
            for when, option in value.alternatives
            if when.meets(m.path)
            for e in walk(m, option, count)
        ]
    if isinstance(value, Sequence):
        return list(value.elements)
    if isinstance(value, (ListObject, SequentialModel)):
        return list(m.elements(value.uid))
    if isinstance(value, DictObject):
        return [*keys(m, value), *_open_keys(m, value, count)]
    if isinstance(value, Instance):
        return list(_named_parts(m, value).elements)
    if isinstance(value, Const):
        return [Element(Const(part)) for part in value.value] if isinstance(value.value, (str, bytes)) else []
    if isinstance(value, Unknown):
        return _walk_unknown(m, value, count)
    if value is MISSING or isinstance(value, Condition):
        return []
    return [Element(value) for _ in range(count)] if isinstance(value, Tensor) else []


def _named_parts(m: Machine, value: Instance) -> Sequence:
    """The elements of an object that is a named tuple; none of any other."""
    names = inheritance.field_names(m, value.cls) if inheritance.is_tuple(m, value.cls) else []
    return sequence(*(m.attribute(value, name) for name in names))


def _walk_unknown(m: Machine, value: Unknown, count: int) -> list[Element]:
    """The elements of an unknown iterable."""
    values, lengths = _numbers(m, value, count + 1)
    if values is None:
        values = [m.unknown(("element", value.key, i), nth=i, scalar=value.scalar) for i in range(count + 1)]
    if lengths is None:
        lengths = ((m.unknown(("length", value), scalar=True), 0),)
    return [
        Element(one, turns.goes_on(m, lengths, i), turn=Turn(lengths, i, is_spare=i >= count))
        for i, one in enumerate(values)
    ]


def _numbers(m: Machine, value: Unknown, count: int) -> tuple[list[Value] | None, turns.Lengths | None]:
    """The numbers of an unknown `range`, and how many there are; `None` for what is not known of that."""
    match value.key:
        case ("range", Const(int() as start), Value() as stop) | (
            "range",
            Const(int() as start),
            Value() as stop,
            Const(1),
        ):
            lengths = turns.lengths_of(stop, start)
            return [turns.index(m, lengths, start, i) for i in range(count)] if lengths else None, lengths
        case ("range", Value() as high, Const(int() as low), Const(-1)):
            lengths = turns.lengths_of(high, low)
            return [_less(m, high, i) for i in range(count)], lengths
        case ("range", Value() as start, *_):
            rest: list[Value] = [m.unknown(("element", value.key, i), nth=i, scalar=True) for i in range(1, count)]
            return [start, *rest], None
    return None, None


def _less(m: Machine, value: Value, number: int) -> Value:
    return m.unknown(("operation", "-", value, Const(number)), scalar=True) if number else value


def counted(m: Machine, before: Mapping[int, Guard], element: Element) -> dict[int, Guard]:
    """By how many elements are there with one more, the guard under which they are, given the same without it."""
    if element.guard is ALWAYS or m.path.implies(element.guard):
        return {count + 1: guard for count, guard in before.items()}
    if len(before) > MOST_COUNTS:
        return dict(before)
    after: dict[int, Guard] = {}
    for count, guard in before.items():
        for number, when in ((count, guard & ~element.guard), (count + 1, guard & element.guard)):
            if when is not NEVER:
                after[number] = after[number] | when if number in after else when
    return after


# -- items ------------------------------------------------------------------------------------------------------


def item(m: Machine, container: Value, index: Value) -> Value:
    """`container[index]`."""
    if isinstance(container, Match) and isinstance(index, Const):
        return container.group(index.value) or m.fresh("item")
    if isinstance(container, (Sequence, ListObject, SequentialModel)):
        return _sequence_item(m, iterate(m, container), index)
    if isinstance(container, DictObject):
        return _dict_item(m, container, index)
    if isinstance(container, Instance) and inheritance.is_tuple(m, container.cls):
        return _sequence_item(m, iterate(m, container), index)
    if isinstance(container, Tensor):
        return container
    if isinstance(container, Const) and isinstance(index, Const):
        try:
            return Const(container.value[index.value])  # type: ignore[index]
        except (TypeError, IndexError, KeyError):
            return m.fresh("item")
    if isinstance(container, External) and isinstance(index, (Sequence, External)):
        return container  # a generic alias, `list[int]`
    scalar = isinstance(container, Unknown) and container.scalar
    return m.unknown(("item", container, index), scalar=scalar)


def _sequence_item(m: Machine, elements: list[Element], index: Value) -> Value:
    if isinstance(index, Condition):
        index = m.choose([(index.guard, Const(1)), (~index.guard, Const(0))])
        return m.each(index, lambda one: _sequence_item(m, elements, one))
    if isinstance(index, Const) and isinstance(index.value, int):
        return _at(m, elements, int(index.value))
    if isinstance(index, Unknown) and elements:
        if index.nth is not None and elements[-1].guard is not ALWAYS:
            # Both run over one unknown range: the n-th meets the n-th. What comes after the last stands for more.
            return elements[min(index.nth, len(elements) - 1)].value
        if all(is_plain(element.value) for element in elements):
            values = [element.value for element in elements]
            key = ("item", tuple(elements), index)
            return m.unknown(key, scalar=all(map(is_scalar, values)), among=values)
        if len(elements) > MOST_ITEMS and not all(is_inert(element.value) for element in elements):
            m.fall_short(Limit.ALTERNATIVES)
        guards = [m.conditions.equal(index, Const(i)) & e.guard for i, e in enumerate(elements[:MOST_ITEMS])]
        return m.choose([(g, e.value) for g, e in zip(guards, elements, strict=False)])
    return m.fresh("item")


def _at(m: Machine, elements: list[Element], index: int) -> Value:
    """The element at an index, where elements may be absent on some paths."""
    ordered, steps = (elements, index) if index >= 0 else (elements[::-1], -index - 1)
    if all(e.guard is ALWAYS or m.path.implies(e.guard) for e in ordered[: steps + 1]):
        return ordered[steps].value if steps < len(ordered) else m.fresh("item")
    # `skipped[k]`: the guard under which exactly k of the elements so far are present.
    skipped = [m.path] + [NEVER] * steps
    options: list[tuple[Guard, Value]] = []
    for element in ordered:
        options.append((skipped[steps] & element.guard, element.value))
        for k in range(steps, -1, -1):
            came = skipped[k - 1] & element.guard if k else NEVER
            skipped[k] = (skipped[k] & ~element.guard) | came
    found = m.choose(options)
    return found if found is not MISSING else m.fresh("item")


def many_items(m: Machine, container: Value) -> Value:
    """`container[..., :4]`: of a tensor, the tensor itself."""
    return container if isinstance(container, Tensor) else m.unknown(("items", container))


def unpack(m: Machine, value: Value, count: int, starred: int | None = None) -> list[Value]:
    """The parts that `a, *b, c = value` binds: `count` of them, the starred one a list."""
    if isinstance(value, (Tensor, Layer, FunctionalModel)):
        return [value] * count
    elements = iterate(m, value, count)
    if starred is None:
        if len(elements) >= count and isinstance(value, (Sequence, ListObject, Const, Unknown, Instance)):
            return [element.value for element in elements[:count]]
        return [m.unknown(("part", value, i)) for i in range(count)]
    tail = count - starred - 1
    if len(elements) < count - 1:
        return [m.unknown(("part", value, i)) for i in range(count)]
    end = len(elements) - tail
    middle = m.new_list(elements[starred:end])
    return [*(e.value for e in elements[:starred]), middle, *(e.value for e in elements[end:])]


# -- dictionaries -----------------------------------------------------------------------------------------------


def new_dict(m: Machine) -> DictObject:
    """An empty dictionary."""
    made = DictObject(m.store.new_owner())
    m.store.write(made.uid, ITEMS, sequence())
    return made


def keys(m: Machine, value: DictObject) -> list[Element]:
    """The keys of a dictionary as far as they are known."""
    return list(m.elements(value.uid))


def _open_keys(m: Machine, value: DictObject, count: int) -> list[Element]:
    """The keys of a dictionary that may have any other, as `**kwargs` that are handed on: those of an unknown one."""
    others = m.read(value.uid, OTHERS)
    if not isinstance(others, Unknown):
        return []
    return _walk_unknown(m, m.unknown(("keys", value, others), scalar=True), count)


def set_entry(m: Machine, container: DictObject, key: Value, value: Value) -> None:
    """`container[key] = value`."""
    if isinstance(key, Choice):
        for when, option in key.alternatives:
            m.when(when, partial(set_entry, m, container, option, value))
        return
    if not isinstance(key, (Const, External, Sequence)):
        old = m.store.read(container.uid, OTHERS)
        _note_before(m, container, key, m.fresh("item") if old is MISSING else old)
        m.store.write(container.uid, OTHERS, value if old is MISSING else _either(m, old, value))
        if not is_data(value):
            m.store.write(container.uid, LATEST, sequence(key, value))
        else:
            _forget_latest(m, container, key)
        return
    _forget_latest(m, container, key)
    if m.read(container.uid, key) is MISSING:
        m.append(container.uid, Element(key))
    m.store.write(container.uid, key, value)


def _forget_latest(m: Machine, container: DictObject, key: Value) -> None:
    """Note that the entry of a key changes, which may be the one that was last set under an unknown key."""
    latest = alternatives(m.store.read(container.uid, LATEST))
    if any(isinstance(pair, Sequence) and pieces.may_be(pair.elements[0].value, key) for _, pair in latest):
        m.store.write(container.uid, LATEST, MISSING)


def _either(m: Machine, one: Value, other: Value) -> Value:
    guard = m.conditions.opaque(("either", m.store.new_owner()))
    return m.choose([(guard, one), (~guard, other)])


def get(m: Machine, container: DictObject, key: Value) -> Value:
    """The entry of a constant key, `MISSING` where there is none."""
    return m.read(container.uid, key)


def _dict_item(m: Machine, container: DictObject, key: Value) -> Value:
    others = m.read(container.uid, OTHERS)
    if isinstance(key, (Const, External, Sequence)):
        found = get(m, container, key)
        if found is MISSING and others is MISSING:
            found = _made_entry(m, container, key)
        if found is not MISSING:
            return found
    elif isinstance(key, Unknown):
        return entry(m, container, key, lambda: _entry_by_unknown(m, container, key))
    # Of many unknown entries each is another one.
    return m.unknown(("item", container, key)) if others is MISSING or isinstance(others, Unknown) else others


def _made_entry(m: Machine, container: DictObject, key: Value) -> Value:
    """What a `defaultdict` puts in for a key that it does not have; `MISSING` from any other dictionary."""
    factory = m.read(container.uid, FACTORY)
    if factory is MISSING:
        return MISSING
    made = m.call(factory, Arguments([]), m.top[1])
    set_entry(m, container, key, made)
    return made


def entry(m: Machine, container: DictObject, key: Unknown, other: Callable[[], Value]) -> Value:
    """The entry of an unknown key: what was last set, if that was under the same one (`d[k] = x; y = d[k]`)."""

    def found(latest: Value) -> Value:
        if isinstance(latest, Sequence) and latest.elements[0].value == key:
            return latest.elements[1].value
        return other()

    return m.each(m.read(container.uid, LATEST), found)


def _entry_by_unknown(m: Machine, container: DictObject, key: Unknown) -> Value:
    known = [e.value for e in keys(m, container) if _can_be(m, key, e.value)]
    if len(known) > MOST_ENTRIES and not all(is_inert(m.read(container.uid, name)) for name in known):
        m.fall_short(Limit.ALTERNATIVES)
    known = known[:MOST_ENTRIES]
    told = entries = [(name, m.read(container.uid, name)) for name in known]
    held = dict.fromkeys(value for _, value in entries)
    if len(held) > MOST_PLAIN_ALTERNATIVES:
        # Too many to be told apart, so the key is not compared with each: a tokenizer has hundreds.
        if all(map(is_plain, held)):
            return one_of(m.unknowns, list(held))
        told = [(name, value) for name, value in entries if not is_data(value)]
    options = [(m.conditions.equal(key, name), value) for name, value in told if isinstance(name, Const)]
    if len(told) < len(entries):  # the data among them is not told apart
        data = [value for value in held if is_data(value)]
        options.append((~union(guard for guard, _ in options), one_of(m.unknowns, data)))
    options = [(guard & m.path, value) for guard, value in options]
    found = m.choose([option for option in options if option[1] is not MISSING])
    others = _others(m, container, key)
    if found is MISSING:
        return others if others is not MISSING else m.unknown(("item", container, key))
    return found


def _can_be(m: Machine, key: Unknown, name: Value) -> bool:
    """Whether an unknown key may be this one: what counts turns is not 0 after the first, nor is it in a text."""
    if not pieces.may_be(key, name):
        return False
    if isinstance(name, Const) and isinstance(name.value, str):
        filled = pieces.filling(key, name.value)
        return filled is None or not filled[1].isdecimal() or _can_count(m, filled[0], Const(int(filled[1])))
    return _can_count(m, key, name)


def _can_count(m: Machine, value: Value, number: Value) -> bool:
    is_count = isinstance(value, Unknown) and turns.is_positive(value)
    return not is_count or turns.compare(m, "==", value, number) is not NEVER


def _note_before(m: Machine, container: DictObject, key: Value, old: Value) -> None:
    """Note what was under unknown keys before the turns of a loop set any: see `_others`."""
    loop = turns.loop_of(m, key)
    if loop is None:
        return
    if turns.is_computed(key):  # `d[i + 1]` of one turn is `d[i]` of the next
        m.store.write(container.uid, (BEFORE, loop), NONE)
    elif m.store.read(container.uid, (BEFORE, loop)) is MISSING:
        m.store.write(container.uid, (BEFORE, loop), old)


def _others(m: Machine, container: DictObject, key: Unknown) -> Value:
    """What may be under an unknown key; `MISSING` if nothing was set under one.

    What a loop sets under a key of each turn (`d[name] = f(d[name])`) is not what a later turn finds under its own.
    """
    loop = turns.loop_of(m, key) if m.turns and m.turns[-1].number else None
    before = m.read(container.uid, (BEFORE, loop)) if loop is not None else MISSING
    return before if before not in (MISSING, NONE) else m.read(container.uid, OTHERS)


def update(m: Machine, container: DictObject, other: Value) -> None:
    """`container.update(other)`."""
    for when, value in alternatives(other):
        option = settings.as_data(m, value)
        if isinstance(option, DictObject) and when.meets(m.path):
            m.when(when, partial(_update_from, m, container, option))
        elif isinstance(option, Unknown) and when & m.path is not NEVER:
            m.when(when, partial(_update_with_unknown, m, container, option))


def _update_from(m: Machine, container: DictObject, other: DictObject) -> None:
    for key in keys(m, other):
        value = m.read(other.uid, key.value)
        m.when(key.guard, partial(set_entry, m, container, key.value, value))
    others = m.read(other.uid, OTHERS)
    if isinstance(others, Unknown):
        _update_with_unknown(m, container, others, {key.value for key in keys(m, other)})
    elif others is not MISSING:
        set_entry(m, container, m.unknown(("keys", other)), others)


def _update_with_unknown(m: Machine, container: DictObject, other: Unknown, but: Iterable[Value] = ()) -> None:
    """`container.update(other)`, where `other` may hold any entry: each that is plain data may be another now."""
    for key in keys(m, container):
        value = m.read(container.uid, key.value)
        if key.value not in but and isinstance(value, (Const, Unknown, Condition)):
            m.store.write(container.uid, key.value, m.unknown(("item", other, key.value), value))
    set_entry(m, container, other, m.unknown(("item", other)))
