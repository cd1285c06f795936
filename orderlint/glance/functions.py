"""Python's built-in functions, and those of Keras that are not layers. Other functions may return anything."""

from __future__ import annotations

import ast
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from orderlint import catalog
from orderlint.catalog.customary import LOOKS, is_keras
from orderlint.glance import by_name, chains, classes, configured, dictionaries, invoking, iterables, kinds, records
from orderlint.glance.arguments import Given
from orderlint.glance.lists import Dict, List
from orderlint.glance.patterns import ANY_NAME
from orderlint.glance.things import (
    ANY,
    DATA,
    NOTHING,
    SCALAR,
    UNKNOWN,
    Const,
    Instance,
    Layer,
    Partial,
    Stack,
    Thing,
    Value,
    is_plain,
    one,
    only,
)
from orderlint.glance.unsure import Unsure
from orderlint.glance.values import join

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
    """Call a function from outside the project that is not a layer."""
    root, _, last = name.rpartition(".")
    run = _FUNCTIONS.get(name)
    if run is not None:
        return run(g, given)  # type: ignore[no-any-return]
    if root == "builtins" and last in _SCALARS:
        if last in _OF_NUMBERS and not all(map(is_plain, given.every)):
            return invoking.unresolved(g, given)
        return SCALAR
    of_keras = _of_keras(root, last, given) if is_keras(name) else None
    if of_keras is not None:
        return of_keras
    if last in LOOKS:
        return SCALAR
    if name == "typing.TypeVar":
        return DATA
    if _may_return_arguments(name) and not all(map(is_plain, given.every)):
        return _made_of(g, name, given)
    if last == "__init__" and given.positional:
        receiver = only(given.positional[0], Instance)
        if receiver is not None:
            return classes.base_init(g, receiver, given.behind_the_first)
    return _unresolved(g, name, given)


def _of_keras(root: str, last: str, given: Given) -> Value | None:
    """The result of a function of Keras; `None` if it is not modeled here."""
    if last in ("get", "deserialize") and root.endswith("activations"):
        return one(Layer(frozenset([("activation",), ()])))
    if last in ("clone_model", "clone_and_build_model"):
        return given.get(0, "model") or DATA
    if _gives_layers(root, last):
        return ANY
    if last == "deserialize_keras_object" or (root.endswith("layers") and last in ("get", "deserialize")):
        return configured.layer(given)
    return None


def _gives_layers(root: str, last: str) -> bool:
    """Whether a function of Keras returns a layer, whatever its arguments are."""
    if root.endswith("layers"):
        return last in ("Merge", "merge")
    return last == "from_config" and catalog.find(root) is not None


def _unresolved(g: Machine, name: str, given: Given) -> Value:
    """Call a function that is not modeled here. The analysis does not know the result of most of them, either."""
    result = invoking.unresolved(g, given)
    root, last = name.partition(".")[0], name.rpartition(".")[2]
    is_modeled = root in MODELED or last in PICKING or last.startswith("suggest_")
    return join(result - DATA, UNKNOWN) if not is_modeled or _is_unmodeled(name, given) else result


def _is_unmodeled(name: str, given: Given) -> bool:
    """Whether the analysis does not know what a function of a modeled package returns."""
    return name in _UNMODELED or (name == "json.loads" and given.get(0, "s") == UNKNOWN)


_UNMODELED = frozenset({"json.dump", "json.dumps", "json.load"})


def _may_return_arguments(name: str) -> bool:
    """Whether the analysis knows a function that is not modeled here, and that may return its arguments."""
    return name.partition(".")[0] in MODELED - _OF_DATA or name.rpartition(".")[2] == "choice"


def _made_of(g: Machine, name: str, given: Given) -> Value:
    """The result of a function that the analysis knows: anything, maybe with attributes named like the arguments."""
    g.share(*given.every)
    if name.partition(".")[0] in _WITHOUT_ATTRIBUTES:
        return ANY
    for key, value in {**given.maybe, **given.keywords}.items():
        g.write_outside(key, value)
    if given.more:
        g.write_outside(ANY_NAME, given.more)
    return ANY


MODELED = frozenset(
    """
    addict argparse ast attr attrs box builtins collections configargparse copy dataclasses easydict enum functools
    future future_builtins hyperas importlib itertools json math ml_collections munch numpy operator os past random re
    secrets six sys tensorflow tqdm types typing
    """.split()  # noqa: SIM905
)
"""The packages whose functions the analysis knows, apart from layers."""
_WITHOUT_ATTRIBUTES = frozenset({"itertools", "json", "math", "numpy", "operator", "os", "random", "re", "secrets"})
"""The packages whose functions return nothing with their arguments as attributes."""
PICKING = frozenset({"Boolean", "Choice", "Fixed", "Float", "Int", "__getattribute__", "call", "__call__"})
"""Functions that the analysis knows in any other package, by their last names. They pick one of several values."""
_OF_DATA = frozenset({"argparse", "ast", "configargparse", "json", "math", "numpy", "os", "re", "sys", "tensorflow"})
"""The packages in `MODELED` whose functions return no layers, except `numpy.random.choice`."""


def _copy(g: Machine, given: Given) -> Value:
    found = NOTHING
    for thing in given.positional[0] if given.positional else UNKNOWN:
        if isinstance(thing, (List, Dict)):
            found = join(found, one(thing.with_token(g.token(given.place))))
        else:
            found = join(found, ANY if type(thing) is Stack else one(thing))
    return found


def _partial(g: Machine, given: Given) -> Value:
    if not given.positional:
        return ANY
    g.share(*given.every)
    keywords = tuple(sorted(given.keywords.items(), key=lambda item: item[0]))
    more = join(given.more, *given.maybe.values())
    return one(Partial(given.positional[0], given.positional[1:], keywords, more))


def _anything(g: Machine, given: Given) -> Value:
    return ANY


def _eval(g: Machine, given: Given) -> Value:
    """`eval(text)`, for the texts that the analysis reads: names, attributes and calls."""
    if not given.positional:
        return ANY
    return join(*(_evaluated(g, thing) for thing in given.positional[0]))


def _evaluated(g: Machine, text: Thing) -> Value:
    if text in UNKNOWN:
        return UNKNOWN
    node = _parsed(text.value) if type(text) is Const and isinstance(text.value, str) else None
    return g.evaluate(node) if isinstance(node, (ast.Name, ast.Attribute, ast.Call)) else ANY


@lru_cache(maxsize=256)  # code that uses the tree compares it by identity
def _parsed(text: str) -> ast.expr | None:
    try:
        return ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError):
        return None


def _accumulate(g: Machine, given: Given) -> Value:
    if all(map(is_plain, given.every)):
        return one(List((), DATA))
    raise Unsure("a function that calls another")


_FUNCTIONS: dict[str, Any] = {
    **by_name.FUNCTIONS,
    **dictionaries.FUNCTIONS,
    **chains.FUNCTIONS,
    **iterables.FUNCTIONS,
    **kinds.FUNCTIONS,
    **records.FUNCTIONS,
    "copy.copy": _copy,
    "copy.deepcopy": _copy,
    "functools.partial": _partial,
    "builtins.__import__": _anything,
    "builtins.eval": _eval,
    "builtins.dir": lambda g, given: UNKNOWN,
    **dict.fromkeys(("operator.itemgetter", "operator.attrgetter", "operator.methodcaller"), _anything),
    "itertools.accumulate": _accumulate,
}
