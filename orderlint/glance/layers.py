"""Layers and functions of Keras and TensorFlow, as the catalog describes them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import product
from typing import TYPE_CHECKING

from orderlint import catalog
from orderlint.catalog import UNKNOWN as NOT_KNOWN
from orderlint.catalog import ActivationOf, Entry, Kind
from orderlint.glance.arguments import Given
from orderlint.glance.lists import Dict, List
from orderlint.glance.orders import FRESH, Flow
from orderlint.glance.things import (
    ANY,
    DATA,
    NOTHING,
    SCALAR,
    UNKNOWN,
    Bound,
    Const,
    External,
    Function,
    Layer,
    Partial,
    Tensor,
    Thing,
    Value,
    is_plain,
    one,
    only,
)
from orderlint.glance.unsure import Suspicion, Unsure
from orderlint.glance.values import holds_any, join, known_flow, num_tensors
from orderlint.graph import Role

if TYPE_CHECKING:
    from orderlint.glance.machine import Machine

__all__ = ["apply", "apply_function", "apply_words", "construct", "joined_flow", "words_of"]

_ACTIVATION = "activation"
_STARTS = frozenset({"linear", "merge", "boundary"})  # they begin a unit, so the ways before them do not matter
_UNKNOWN_THING, _DATA_THING = next(iter(UNKNOWN)), next(iter(DATA))


def construct(g: Machine, entry: Entry, given: Given) -> Value:
    """Create a layer by a call of its class."""
    if entry.wrapper:
        inner = given.get(0, entry.parameters[0] if entry.parameters else "layer")
        if inner is None:
            return ANY if given.more - UNKNOWN else one(Layer(frozenset([("boundary",)])))
        return one(_wrapped(inner, _place_of(g, given)))
    if entry.name == "Lambda":
        return _lambda(g, entry, given)
    if entry.name == "Merge" and (given.get(0, "layers") is not None or given.more):
        return ANY  # it applies the layers that it is given
    return one(Layer(words_of(entry, given), made=_place_of(g, given)))


def _place_of(g: Machine, given: Given) -> int:
    """The place where a layer is constructed; 0 if places are not recorded."""
    return 0 if g.orders.sites is None else given.place


def _wrapped(inner: Value, made: int) -> Layer:
    """A wrapper of a layer. It has the roles of the layer, also if that is a wrapper itself."""
    if not all(type(thing) is Layer for thing in inner):
        return Layer(frozenset(), inner, made)
    return Layer(frozenset().union(*(thing.words for thing in inner)), join(*(thing.inner for thing in inner)), made)


def _lambda(g: Machine, entry: Entry, given: Given) -> Value:
    function = given.get(0, "function")
    if function is None:
        return ANY
    arguments = given.keywords.get("arguments")
    if arguments is not None:
        held = only(arguments, Dict)
        if held is None:
            return ANY
        keywords = {key: value for key, value in held.entries.items() if isinstance(key, str)}
        function = one(Partial(function, (), tuple(sorted(keywords.items())), held.others))
    return one(Layer(frozenset(), function))


def words_of(entry: Entry, given: Given) -> frozenset[tuple[str, ...]]:
    """The sequences of roles that a layer with these arguments may have."""
    return _always(entry) or _by_arguments(entry, given)


@lru_cache(maxsize=512)
def _always(entry: Entry) -> frozenset[tuple[str, ...]] | None:
    """The roles of a layer, if they do not depend on its arguments; else `None`."""
    if entry.role in (Role.LINEAR, Role.DROPOUT) or entry.members or entry.before or "activation" in entry.parameters:
        return None
    return None if entry.kin == "Activation" or entry.name == "Lambda" else frozenset([_roles(entry, {})])


def _roles(entry: Entry, arguments: Mapping[str, object]) -> tuple[str, ...]:
    return tuple(step.role.value for step in catalog.describe(entry, arguments).steps if step.role is not Role.PASS)


def _by_arguments(entry: Entry, given: Given) -> frozenset[tuple[str, ...]]:
    positional = [_ways(value, name, entry) for value, name in zip(given.positional, _places(entry, given))]  # noqa: B905
    keywords = {name: _ways(value, today, entry) for name, today, value in _decisive(entry, given.keywords)}
    for name, today, value in _decisive(entry, given.maybe):
        keywords[name] = [*_ways(value, today, entry), _ABSENT]
    words = set()
    for values in product(*positional, *keywords.values()):
        named = {name: way for name, way in zip(keywords, values[len(positional) :]) if way is not _ABSENT}  # noqa: B905
        for more in _more(entry, given):
            bound = {**more, **catalog.bind(entry, values[: len(positional)], named)}
            words.add(_roles(entry, bound))
    return frozenset(words)


_ABSENT = object()  # a missing argument
_DECISIVE = frozenset({"activation", "rate", "rate_or_keep_prob"})


def _decisive(entry: Entry, keywords: Mapping[str, Value]) -> Iterator[tuple[str, str, Value]]:
    """The keyword arguments that may change the roles, or tell which version's parameters are meant.

    Each comes with its current name and its value.
    """
    for name, value in keywords.items():
        today = catalog.today(entry, name)
        if today in _DECISIVE or today == entry.before or name in catalog.KERAS1:
            yield name, today, value


def _places(entry: Entry, given: Given) -> Sequence[str]:
    return [*entry.parameters, *[""] * len(given.positional)]


def _more(entry: Entry, given: Given) -> Iterator[dict[str, object]]:
    """What unspecified arguments (`*args`, `**kwargs`) may add. Unknown ones are assumed to add no activation."""
    decisive = [name for name in ("activation", "rate", entry.before) if name and name in entry.parameters]
    yield dict.fromkeys(decisive, NOT_KNOWN) if given.more else {}
    if given.more - UNKNOWN:
        names = [name for name in decisive if name != "rate"]
        for known in product((ActivationOf(None), "linear"), repeat=len(names)):
            yield dict(zip(names, known))  # noqa: B905  # they are of one length


def _ways(value: Value, parameter: str, entry: Entry) -> Sequence[object]:
    """The values of an argument that the catalog is asked about, one for each possible kind of answer."""
    if parameter in ("activation", entry.before):
        found: list[object] = []
        for thing in value or UNKNOWN:
            found += _activations(thing)
        return list(dict.fromkeys(found))
    known = only(value, Const)
    if known is not None:
        is_rate = parameter in ("rate", "rate_or_keep_prob", "level") and known.value == 0
        return (0, NOT_KNOWN) if is_rate else (known.value,)
    listed = only(value, List)
    if listed is not None and listed.is_known:
        parts = [only(item, Const) for item in listed.items]
        if None not in parts:
            return (tuple(part.value for part in parts if part is not None),)
    return (NOT_KNOWN,)


def _activations(thing: Thing) -> Sequence[object]:
    """The activations that a thing may be, as an argument. An unknown one is assumed to be none."""
    if type(thing) is Const:
        return (thing.value if isinstance(thing.value, str) or thing.value is None else NOT_KNOWN,)
    if thing is _UNKNOWN_THING:
        return (NOT_KNOWN,)
    if type(thing) is External:
        entry = catalog.find(thing.name)
        if entry is not None and entry.role.value == _ACTIVATION and entry.kind is Kind.FUNCTION:
            return (ActivationOf(catalog.activation_name(entry.name)),)
    return NOT_KNOWN, ActivationOf(None), "linear"


def apply(g: Machine, layer: Layer, given: Given) -> Value:
    """Apply a layer to tensors."""
    g.num_layers += 1
    if g.orders.sites is not None:
        given = given.at(g.orders.sites.applied(given.place, layer.made))
    result = NOTHING if layer.inner and not layer.words else apply_words(g, layer.words, given)
    if layer.inner:
        result = join(result, _apply_inner(g, layer.inner, given))
    g.note_output(layer, result)
    return result


def apply_words(g: Machine, words: frozenset[tuple[str, ...]], given: Given) -> Value:
    """Apply a layer with these roles.

    Raises:
        Unsure: The ways of its input matter, and the input may be anything.
    """
    is_any = any(map(holds_any, given.every))
    if is_any and any(word[:1] and word[0] not in _STARTS for word in words):
        raise Unsure("a tensor that may be anything")
    result = one(Tensor(_after(g, joined_flow(given), words, given.place)))
    return join(result, ANY) if is_any and () in words else result


def _after(g: Machine, flow: Flow, words: frozenset[tuple[str, ...]], place: int) -> Flow:
    result: Flow = frozenset()
    for word in words:
        ways = flow or FRESH
        try:
            for role in word:
                ways = g.orders.after(ways, role, place)
        except Suspicion as suspicion:
            suspicion.path = g.frame.module.path
            raise
        result |= ways
    return result


def _apply_inner(g: Machine, inner: Value, given: Given) -> Value:
    """Call what a wrapper or a `Lambda` calls."""
    result = NOTHING
    for thing in inner:
        if thing is _UNKNOWN_THING or thing is _DATA_THING:
            g.consume(given.every)
            result = join(result, g.fresh)
            continue
        if g.orders.sites is not None and type(thing) is not Layer:
            g.orders.sites.applied(given.place, 0)
        found = g.call(one(thing), given)
        if isinstance(thing, (Function, External, Partial, Bound)) and any(type(t) is not Tensor for t in found):
            g.consume(given.every)  # a `Lambda` whose function does not return a tensor is a boundary
            found = join(found, g.fresh)
        result = join(result, found)
    return result


def apply_function(g: Machine, entry: Entry, given: Given) -> Value:
    """Call a function of Keras or TensorFlow on tensors."""
    g.num_layers += 1
    if g.orders.sites is not None:
        g.orders.sites.applied(given.place, given.place)
    found = _merge(g, entry, given) if entry.role.value == "merge" else apply_words(g, words_of(entry, given), given)
    return found if any(map(num_tensors, given.every)) else join(found, SCALAR)  # the argument may be a layer's weight


def _merge(g: Machine, entry: Entry, given: Given) -> Value:
    """Merge several tensors. A merge of what may be a single tensor may also pass that tensor on."""
    surely = sum(num_tensors(value) for value in given.every)
    passed = NOTHING
    if surely < 2:
        passed = one(Tensor(joined_flow(given) or FRESH))
        passed = join(passed, ANY) if any(map(holds_any, given.every)) else passed
        if all(_is_scalar(value) for value in given.every[1:]) and entry.arithmetic:
            return passed
    g.consume(given.every)
    return join(passed, g.fresh)


def joined_flow(given: Given) -> Flow:
    """The ways of the tensors in all arguments of a call."""
    flow: Flow = frozenset()
    for value in given.every:
        flow |= known_flow(value)
    return flow


def _is_scalar(value: Value) -> bool:
    return (
        is_plain(value) and not value & (UNKNOWN | DATA) and not any(isinstance(thing, (List, Dict)) for thing in value)
    )
