"""Regular expressions on known strings: `re.split(r"(\\d.*)", "k3")`, `re.compile("(k)(.)").match("k3")`.

Builders use them to parse the description of a block (`"r1_k3_s11_e1_i32_o16"`), and its numbers determine the layers.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial

from orderlint.graph import Site
from orderlint.source.library.kinds import Modeled
from orderlint.source.state.arguments import Arguments
from orderlint.source.state.machine import Machine
from orderlint.source.state.matches import Match, Regex
from orderlint.source.state.values import NONE, Const, Element, External, Value, sequence

OWNER = Regex

MOST_WORK = 1_000_000  # steps of matching an expression against a text, in the worst case
_REPEATS = re.compile(r"[*+{]")
_CHOICES = re.compile(r"[|?]")
_REPEATED_GROUP = re.compile(r"\)[*+{]")
_DOUBTFUL_SET = re.compile(r"\[\^?\[|--|&&|~~|\|\|")  # Python warns that their meaning may change
_TEXTS = {"sub": ("repl", "string")}  # the text arguments of functions that take more than one
_COUNTS = {"sub": ("count",), "split": ("maxsplit",)}
_LOOKS = ("search", "match", "fullmatch", "split", "findall", "sub")


def _worst(pattern: str, text: str) -> int:
    """The steps of a match in the worst case: each repetition may end anywhere, and each choice may be tried."""
    return int((len(text) + 1) ** (1 + len(_REPEATS.findall(pattern))) * 2 ** len(_CHOICES.findall(pattern)))


def _is_looked_for(pattern: str, text: str) -> bool:
    if len(pattern) >= 200 or _REPEATED_GROUP.search(pattern) or _DOUBTFUL_SET.search(pattern):
        return False
    return _worst(pattern, text) <= MOST_WORK


def _look(name: str, regex: Regex, texts: list[str]) -> object:
    """The result of `re` in a tuple; `None` if the search may take too long, or the expression is invalid."""
    if not _is_looked_for(regex.pattern, texts[-1]):
        return None
    try:
        return (getattr(re.compile(regex.pattern, regex.flags), name)(*texts),)
    except (re.error, IndexError, OverflowError, RecursionError, ValueError):
        return None


def _value(m: Machine, found: object) -> Value:
    """The result of `re` as a value."""
    if isinstance(found, re.Match):
        return Match.of((found[0], *found.groups()), tuple(found.re.groupindex.items()))
    if isinstance(found, list):
        return m.new_list(Element(_value(m, part)) for part in found)
    return sequence(*map(Const, found)) if isinstance(found, tuple) else Const(found)


def _flags(given: Value | None) -> int | None:
    """The given flags; `None` if they are not known."""
    if given is None:
        return 0
    if isinstance(given, External) and given.name.startswith("re."):
        return int(getattr(re.RegexFlag, given.name[3:], re.RegexFlag(0)))
    return given.value if isinstance(given, Const) and isinstance(given.value, int) else None


def _compiled(value: Value | None, flags: Value | None = None) -> Regex | None:
    if isinstance(value, Const) and isinstance(value.value, str) and (known := _flags(flags)) is not None:
        return Regex(value.value, known)
    return value if isinstance(value, Regex) else None


def _compile(m: Machine, arguments: Arguments, site: Site) -> Value | None:
    return _compiled(arguments.get(0, "pattern"), arguments.get(1, "flags"))


def _method(name: str, m: Machine, owner: Regex, arguments: Arguments) -> Value | None:
    """Call a method of a compiled expression, for each text that the argument may be."""
    names = _TEXTS.get(name, ("string",))
    given = [arguments.get(number, one) for number, one in enumerate(names)]
    if len(arguments.positional) + len(arguments.keywords) > len(given) or None in given or arguments.unknown:
        return None
    *before, text = [value for value in given if value is not None]
    return m.each(text, lambda one: _on_text(m, name, owner, [*before, one]))


def _on_text(m: Machine, name: str, regex: Regex, values: list[Value]) -> Value:
    texts = [one.value for one in values if isinstance(one, Const) and isinstance(one.value, str)]
    found = _look(name, regex, texts) if len(texts) == len(values) else None
    if isinstance(found, tuple):
        return NONE if found[0] is None else _value(m, found[0])
    return m.unknown((f"re.{name}", regex, tuple(values)))


def _function(name: str, m: Machine, arguments: Arguments, site: Site) -> Value | None:
    """`re.match(pattern, text, flags=0)`, which is `re.compile(pattern, flags).match(text)`."""
    parameters = ("pattern", *_TEXTS.get(name, ("string",)), *_COUNTS.get(name, ()), "flags")
    given = {**dict(zip(parameters, arguments.positional, strict=False)), **arguments.keywords}
    regex = _compiled(given.pop("pattern", None), given.pop("flags", None))
    return _method(name, m, regex, Arguments([], given, arguments.unknown)) if regex is not None else None


FUNCTIONS: dict[str, Modeled] = {
    "re.compile": _compile,
    **{f"re.{name}": partial(_function, name) for name in _LOOKS},
}
METHODS: dict[str, Callable[[Machine, Regex, Arguments], Value | None]] = {
    name: partial(_method, name) for name in _LOOKS
}
