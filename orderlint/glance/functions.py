"""Python's own functions, and what of Keras is no layer; what is not told here may give anything."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

from orderlint.catalog.customary import LOOKS, is_keras
from orderlint.glance import attributes, by_name, classes, containers, invoking, records
from orderlint.glance.arguments import Given
from orderlint.glance.orders import FRESH, Unsure
from orderlint.glance.things import (
    ANY,
    DATA,
    NOTHING,
    SCALAR,
    UNKNOWN,
    Const,
    Dict,
    External,
    Function,
    Instance,
    Layer,
    List,
    Partial,
    SomeOf,
    Stack,
    Tensor,
    Thing,
    Value,
    const,
    is_plain,
    one,
    only,
)
from orderlint.glance.values import element_of, join

if TYPE_CHECKING:
    from orderlint.glance.machine import Machine

__all__ = ["MODELED", "PICKING", "call_function"]

_SCALARS = frozenset(
    """
    len int float str bool abs round print isinstance issubclass hasattr callable id hash repr format ord
    chr divmod pow any all bytes open input range xrange exit quit
    """.split()  # noqa: SIM905
)
_OF_NUMBERS = frozenset({"abs", "divmod", "float", "int", "pow", "round"})


def call_function(g: Machine, name: str, given: Given) -> Value:
    """Call a function from outside that is no layer."""
    root, _, last = name.rpartition(".")
    run = _FUNCTIONS.get(name)
    if run is not None:
        return run(g, given)  # type: ignore[no-any-return]
    if root == "builtins" and last in _SCALARS:
        if last in _OF_NUMBERS and not all(map(is_plain, given.every)):
            return invoking.unresolved(g, given)
        return SCALAR
    if is_keras(name):
        if last in ("get", "deserialize") and root.endswith("activations"):
            return one(Layer(frozenset([("activation",), ()])))
        if last in ("clone_model", "clone_and_build_model"):
            return given.get(0, "model") or DATA
        if root.endswith("layers") and last in ("get", "deserialize", "Merge", "merge"):
            return ANY
    if last in LOOKS:
        return SCALAR
    if name == "typing.TypeVar":
        return DATA
    if name.startswith(_MODELED) and not all(map(is_plain, given.every)):
        return _made_of(g, given)
    if last == "__init__" and given.positional:
        receiver = only(given.positional[0], Instance)
        if receiver is not None:
            return classes.base_init(g, receiver, given.behind_the_first)
    return _unresolved(g, name, given)


def _unresolved(g: Machine, name: str, given: Given) -> Value:
    """A function of which nothing is told here; of most, the analysis does not know either what they give."""
    result = invoking.unresolved(g, given)
    root, last = name.partition(".")[0], name.rpartition(".")[2]
    is_told = root in MODELED or last in PICKING or last.startswith("suggest_")
    return result if is_told else join(result - DATA, UNKNOWN)


def _made_of(g: Machine, given: Given) -> Value:
    """What a function gives that the analysis knows: anything, with attributes by the names of its arguments maybe."""
    for key, value in {**given.maybe, **given.keywords}.items():
        g.write_outside(key, value)
    if given.more:
        g.write_outside("*", given.more)
    return ANY


MODELED = frozenset(
    """
    addict argparse ast attr attrs box builtins collections configargparse copy dataclasses easydict functools future
    future_builtins hyperas importlib itertools json math ml_collections munch numpy operator os past random re secrets
    six sys tensorflow tqdm types typing
    """.split()  # noqa: SIM905
)
"""The packages of which the analysis knows what a function gives that is no layer."""
PICKING = frozenset({"Boolean", "Choice", "Fixed", "Float", "Int", "__getattribute__", "call", "__call__"})
"""The functions of any other package of which it does, by their last names: those that pick one of several values."""
_MODELED = (
    "builtins.",
    "functools.",
    "itertools.",
    "operator.",
    "copy.",
    "collections.",
    "six.",
    "toolz.",
    "dataclasses.",
    "attr.",
    "attrs.",
    "types.",
    "typing.",
    "easydict.",
    "importlib.",
    "random.",
    "tqdm.",
)


def _enumerate(g: Machine, given: Given) -> Value:
    found = NOTHING
    for thing in given.positional[0] if given.positional else ():
        if type(thing) is List and thing.is_known:
            start = 0 if len(given.positional) == 1 and not given.keywords else None
            numbers = [const(i) if start is not None else SCALAR for i in range(len(thing.items))]
            found = join(found, one(List(tuple(one(List(pair)) for pair in zip(numbers, thing.items)))))  # noqa: B905
        else:
            found = join(found, one(List((), one(List((SCALAR, containers.element(g, frozenset([thing]))))))))
    return found


def _zip(g: Machine, given: Given) -> Value:
    lists = [only(value, List) for value in given.positional]
    if lists and not given.more and all(one_list is not None and one_list.is_known for one_list in lists):
        rows = zip(*(one_list.items for one_list in lists if one_list is not None))  # noqa: B905
        return one(List(tuple(one(List(row)) for row in rows)))
    row = List(tuple(containers.element(g, value) for value in given.positional)) if not given.more else None
    return one(List((), ANY if row is None else one(row)))


def _same(g: Machine, given: Given) -> Value:
    """A list of the same elements."""
    if not given.positional:
        return one(List((), token=g.token(given.place)))
    found = NOTHING
    for thing in given.positional[0]:
        if type(thing) is List:
            found = join(found, one(List(thing.items, thing.rest, g.token(given.place))))
        elif type(thing) is Tensor:
            found = join(found, one(thing))
        else:
            found = join(found, one(List((), containers.element(g, frozenset([thing])), g.token(given.place))))
    return found


def _copy(g: Machine, given: Given) -> Value:
    found = NOTHING
    for thing in given.positional[0] if given.positional else UNKNOWN:
        if type(thing) is List:
            found = join(found, one(List(thing.items, thing.rest, g.token(given.place))))
        elif type(thing) is Dict:
            found = join(found, one(Dict(thing.entries, thing.others, g.token(given.place), thing.optional)))
        else:
            found = join(found, ANY if type(thing) is Stack else one(thing))
    return found


def _any_order(g: Machine, given: Given) -> Value:
    if not given.positional:
        return one(List((), token=g.token(given.place)))
    listed = only(given.positional[0], List)
    every = containers.element(g, given.positional[0]) if listed is None else element_of(listed)
    return one(List((), every, g.token(given.place)))


def _reversed(g: Machine, given: Given) -> Value:
    listed = only(given.positional[0], List) if given.positional else None
    if listed is not None and listed.is_known:
        return one(List(tuple(reversed(listed.items))))
    return _any_order(g, given)


def _range(g: Machine, given: Given) -> Value:
    bounds = [only(value, Const) for value in given.positional]
    if bounds and None not in bounds and all(isinstance(bound.value, int) for bound in bounds if bound is not None):
        numbers = range(*(bound.value for bound in bounds if bound is not None))
        if len(numbers) <= containers.MOST_PLAIN:
            return one(List(tuple(map(const, numbers))))
    return one(List((), SCALAR))


def _partial(g: Machine, given: Given) -> Value:
    if not given.positional:
        return ANY
    for value in given.every:
        g.share(value)
    keywords = tuple(sorted(given.keywords.items(), key=lambda item: item[0]))
    more = join(given.more, *given.maybe.values())
    return one(Partial(given.positional[0], given.positional[1:], keywords, more))


def _map(g: Machine, given: Given) -> Value:
    if len(given.positional) < 2 or given.more:
        raise Unsure("an unusual call of map")
    elements = [containers.element(g, value) for value in given.positional[1:]]
    return one(List((), g.call(given.positional[0], elements)))


def _filter(g: Machine, given: Given) -> Value:
    if len(given.positional) != 2:
        raise Unsure("an unusual call of filter")
    element = containers.element(g, given.positional[1])
    if given.positional[0] != g.none:
        g.call(given.positional[0], (element,))
    return one(List((), element))


def _reduce(g: Machine, given: Given) -> Value:
    if len(given.positional) not in (2, 3):
        raise Unsure("an unusual call of reduce")
    function, iterable, *start = given.positional
    listed = only(iterable, List) or List((), containers.element(g, iterable))
    first, *others = (*start, *listed.items) or (listed.rest,)
    value: Value = first
    for item in others:
        value = g.call(function, (value, item))
    for _ in range(MOST_TURNS if listed.rest else 0):
        value = join(value, g.call(function, (value, listed.rest)))
    return value


def _dict(g: Machine, given: Given) -> Value:
    """`dict(pairs, a=1)`."""
    made = Dict({}, NOTHING, g.token(given.place))
    named = Dict({**given.maybe, **given.keywords}, given.more, None, frozenset(given.maybe))
    if not given.positional:
        return one(containers.updated(made, named))
    every = [thing if type(thing) is Dict else _of_pairs(g, thing) for thing in given.positional[0]]
    if None in every:
        return ANY
    return join(*(one(containers.updated(containers.updated(made, more), named)) for more in every if more is not None))


def _of_pairs(g: Machine, thing: Thing) -> Dict | None:
    """The dictionary of pairs of a key and a value; `None` if it may be anything."""
    if type(thing) is not List:
        return Dict({}, DATA) if is_plain(one(thing)) else None
    keys, values = NOTHING, NOTHING
    for pair in element_of(thing):
        columns = pair.items if type(pair) is List and pair.is_known and len(pair.items) == 2 else None
        part = containers.element(g, one(pair))
        keys, values = join(keys, columns[0] if columns else part), join(values, columns[1] if columns else part)
    return Dict({}, join(values, *containers.kept_keys(keys)))


def _default_dict(g: Machine, given: Given) -> Value:
    """`defaultdict(factory)`; what is put into the values that the factory makes is not told apart from others."""
    factory, *entries = given.positional or (g.none,)
    made = g.none if factory == g.none else g.call(factory, ())
    held = only(_dict(g, Given(entries, given.keywords, given.more, given.place, given.maybe)), Dict)
    return ANY if held is None else one(held.but(held.entries, join(held.others, made)))


def _sum(g: Machine, given: Given) -> Value:
    if all(map(is_plain, given.every)):
        return DATA
    flow = g.flow(given.every) or FRESH
    g.consume(given.every)
    return join(one(Tensor(flow)), g.fresh)


def _minmax(g: Machine, given: Given) -> Value:
    if all(map(is_plain, given.every)):
        return SCALAR
    every = given.positional if len(given.positional) > 1 else (containers.element(g, join(*given.positional)),)
    return join(*every, given.keywords.get("default", NOTHING), given.more)


def _type(g: Machine, given: Given) -> Value:
    if len(given.every) != 1 or not given.positional:
        return UNKNOWN
    return join(*(_class_of(thing) for thing in given.positional[0]))


def _class_of(thing: Thing) -> Value:
    """The class of a thing, if anything is made with it."""
    if type(thing) is Instance:
        return one(thing.cls)
    if type(thing) in (List, Dict):
        return one(External(f"builtins.{'list' if type(thing) is List else 'dict'}"))
    if type(thing) is Layer:
        return join(UNKNOWN, one(SomeOf("keras.layers")))
    return DATA if is_plain(one(thing)) or isinstance(thing, (Tensor, Function)) else ANY


def _isinstance(g: Machine, given: Given) -> Value:
    """Whether something is a list, which is known of lists and of tensors."""
    if len(given.positional) != 2:
        return SCALAR
    kinds = {type(thing) for thing in given.positional[0]}
    tested = {getattr(thing, "name", "") for thing in _flattened(given.positional[1])}
    if kinds == {List} and (
        tested >= _LISTS or ("builtins.list" in tested and all(map(_is_list, given.positional[0])))
    ):
        return const(True)
    return const(False) if kinds == {Tensor} and tested <= _LISTS else SCALAR


def _is_list(listed: List) -> bool:
    """Whether it is none of those that may be a tuple."""
    return isinstance(listed.token, (ast.List, ast.ListComp))


def _len(g: Machine, given: Given) -> Value:
    listed = only(given.positional[0], List) if given.positional else None
    return const(len(listed.items)) if listed is not None and listed.is_known else SCALAR


_LISTS = frozenset({"builtins.list", "builtins.tuple"})


def _flattened(value: Value) -> Value:
    return join(*(element_of(thing) if type(thing) is List else one(thing) for thing in value))


def _next(g: Machine, given: Given) -> Value:
    return join(containers.element(g, given.positional[0]), *given.positional[1:]) if given.positional else ANY


def _items(g: Machine, given: Given) -> Value:
    return g.call(attributes.attribute(g, given.positional[0], "items"), ()) if given.positional else ANY


def _anything(g: Machine, given: Given) -> Value:
    return ANY


def _calling(g: Machine, given: Given) -> Value:
    raise Unsure("a function that calls another")


def _exec(g: Machine, given: Given) -> Value:
    raise Unsure("exec")


MOST_TURNS = 3  # over elements of which the number is not known: the analysis takes two
_FUNCTIONS: dict[str, Any] = {
    **by_name.FUNCTIONS,
    **records.FUNCTIONS,
    "builtins.len": _len,
    "builtins.enumerate": _enumerate,
    "builtins.zip": _zip,
    "itertools.zip_longest": _zip,
    "builtins.list": _same,
    "builtins.tuple": _same,
    "builtins.iter": _same,
    "tqdm.tqdm": _same,
    "numpy.array": _same,
    "numpy.asarray": _same,
    "copy.copy": _copy,
    "copy.deepcopy": _copy,
    "collections.deque": _same,
    "collections.defaultdict": _default_dict,
    "builtins.set": _any_order,
    "builtins.frozenset": _any_order,
    "builtins.sorted": _any_order,
    "builtins.reversed": _reversed,
    "builtins.range": _range,
    "builtins.xrange": _range,
    "functools.partial": _partial,
    "builtins.filter": _filter,
    "builtins.map": _map,
    "itertools.imap": _map,
    "builtins.next": _next,
    "six.iteritems": _items,
    "builtins.reduce": _reduce,
    "functools.reduce": _reduce,
    "builtins.dict": _dict,
    "collections.OrderedDict": _dict,
    "builtins.sum": _sum,
    "builtins.min": _minmax,
    "builtins.type": _type,
    "builtins.max": _minmax,
    **dict.fromkeys((f"builtins.{name}" for name in ("eval", "__import__")), _anything),
    **dict.fromkeys(("operator.itemgetter", "operator.attrgetter", "operator.methodcaller"), _anything),
    **dict.fromkeys(("itertools.starmap", "itertools.accumulate"), _calling),
    "builtins.exec": _exec,
    "builtins.isinstance": _isinstance,
}
