"""Command line options."""

from __future__ import annotations

import pytest

from orderlint.source.library import options
from orderlint.source.state.arguments import Arguments
from orderlint.source.state.values import NONE, TRUE, Const, Unknown, Value
from tests.source.running import interpreter, value_of

HEADER = "import argparse\nparser = argparse.ArgumentParser()\n"


@pytest.mark.parametrize(
    ("given", "name", "default"),
    [
        ("'--act', default='relu'", "act", Const("relu")),
        ("'-a', '--act-name', default='relu'", "act_name", Const("relu")),
        ("'-a', default='relu'", "a", Const("relu")),
        ("'act', default='relu'", "act", Const("relu")),
        ("'--act', dest='b', default='relu'", "b", Const("relu")),
        ("'--act', default=None", "act", NONE),
        ("'--plain', action='store_false'", "plain", TRUE),
        ("'--act'", "act", None),
    ],
)
def test_an_option_remembers_its_default(given: str, name: str, default: Value | None) -> None:
    """The value is unknown because the user may give another one."""
    m = interpreter(f"{HEADER}parser.add_argument({given})\nargs = parser.parse_args()\n")
    found = value_of(m, f"args.{name}")
    assert isinstance(found, Unknown)
    assert (found.default, found.scalar) == (default, True)


def test_an_option_without_a_default_is_one_of_its_choices() -> None:
    """It is a choice like a value from a tuner."""
    m = interpreter(f"{HEADER}parser.add_argument('--act', choices=['relu', 'elu'])\n")
    found = value_of(m, "parser.parse_args().act")
    assert isinstance(found, Unknown)
    assert found.among == (Const("relu"), Const("elu"))


@pytest.mark.parametrize(
    "part",
    [
        "parser.add_argument_group('sizes')",
        "parser.add_mutually_exclusive_group(required=True)",
        "parser.add_subparsers().add_parser('train')",
    ],
)
def test_parts_of_a_parser_fill_the_same_options(part: str) -> None:
    """Groups and subcommands add options to the same parser."""
    m = interpreter(f"{HEADER}part = {part}\npart.add_argument('--act', default='elu')\n")
    found = value_of(m, "parser.parse_known_args()[0].act")
    assert isinstance(found, Unknown)
    assert found.default == Const("elu")


@pytest.mark.parametrize("given", ["name, default=1", "'--act', *more, default=1", ""])
def test_options_of_unknown_names_are_left_out(given: str) -> None:
    """An option with an unknown name is ignored."""
    m = interpreter(f"{HEADER}parser.add_argument({given})\n")
    found = value_of(m, "parser.parse_args().act")
    assert isinstance(found, Unknown)
    assert found.default is None


def test_methods_of_what_is_no_parser_are_not_known() -> None:
    """`add_argument` of other objects, and other methods of parsers, are unknown."""
    m = interpreter(f"{HEADER}other.add_argument('--act', default='relu')\n")
    found = value_of(m, "other.parse_args().act")
    assert isinstance(found, Unknown)
    assert found.default is None
    for owner in (value_of(m, "other"), Const(1)):
        assert options.by_parser(m, owner, "parse_args", Arguments([])) is None
    assert options.by_parser(m, value_of(m, "parser"), "print_help", Arguments([])) is None
