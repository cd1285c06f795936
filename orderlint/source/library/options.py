"""Options on the command line (`argparse`). Their values are the defaults, unless the user passes others.

Options are like parameters of a function without a visible call: unknown values that remember their defaults. So the
default of `--activation` is the activation, and a test of an option may have either result.
"""

from __future__ import annotations

from orderlint.graph import Site
from orderlint.source.library.kinds import Modeled
from orderlint.source.python import attributes, containers
from orderlint.source.state.arguments import Arguments
from orderlint.source.state.machine import Machine
from orderlint.source.state.values import FALSE, NONE, TRUE, Const, ListObject, Sequence, Unknown, Value, sequence

__all__ = ["by_parser"]

_PARTS = frozenset(("add_argument_group", "add_mutually_exclusive_group", "add_parser", "add_subparsers"))
_FLAGS = {"store_true": FALSE, "store_false": TRUE}  # the defaults of options without a value, by action


def _parser(m: Machine, arguments: Arguments, site: Site) -> Value:
    return m.unknown(("parser", m.store.new_owner()))


def by_parser(m: Machine, owner: Value, method: str, arguments: Arguments) -> Value | None:
    """The result of a method of an option parser; `None` for other methods and owners."""
    if not isinstance(owner, Unknown) or not isinstance(owner.key, tuple) or owner.key[0] != "parser":
        return None
    options = m.unknown(("options", owner))
    if method == "add_argument":
        _add(m, options, arguments)
        return m.unknown(("option", owner, m.store.new_owner()))
    if method == "set_defaults":
        for name, value in arguments.keywords.items():
            attributes.write(m, options, name, _option(m, options, name, value))
        return NONE
    if method in _PARTS:
        return owner  # it adds to the same options
    if method == "parse_args":
        return options
    return sequence(options, m.unknown(("rest", owner))) if method == "parse_known_args" else None


def _add(m: Machine, options: Unknown, arguments: Arguments) -> None:
    """`parser.add_argument("-a", "--activation", default="relu")`."""
    name = _name(arguments)
    if name is None or arguments.unknown:
        return
    default, choices = arguments.keywords.get("default"), arguments.keywords.get("choices")
    action = arguments.keywords.get("action")
    if default is None and isinstance(action, Const):
        default = _FLAGS.get(str(action.value))
    values = containers.iterate(m, choices) if isinstance(choices, (Sequence, ListObject)) and default is None else []
    attributes.write(m, options, name, _option(m, options, name, default, [element.value for element in values]))


def _option(
    m: Machine, options: Unknown, name: str, default: Value | None, choices: list[Value] | None = None
) -> Value:
    return m.unknown(("option", options, name), default, scalar=True, among=choices or ())


def _name(arguments: Arguments) -> str | None:
    """The attribute that holds an option: `learning_rate` for `("-l", "--learning-rate")`."""
    given = arguments.keywords.get("dest")
    names = [given] if given is not None else arguments.positional
    texts = [one.value for one in names if isinstance(one, Const) and isinstance(one.value, str)]
    if not texts or len(texts) < len(names):
        return None
    found = next((text for text in texts if text.startswith("--")), texts[0])
    return found.lstrip("-").replace("-", "_")


FUNCTIONS: dict[str, Modeled] = {
    "argparse.ArgumentParser": _parser,
    "configargparse.ArgumentParser": _parser,
    "configargparse.ArgParser": _parser,
}
