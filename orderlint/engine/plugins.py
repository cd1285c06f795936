"""Rules and roles from other packages, found by their entry points.

    [project.entry-points."orderlint.rules"]
    lab = "lab_rules.rules"             # a module with subclasses of `Rule`, or one such class

    [project.entry-points."orderlint.catalog"]
    lab = "lab_rules.roles:ROLES"       # {"lab.layers.ConvBN": ["linear", "norm"]}, or a function that returns it

If a package cannot be used, an error names it with the reason. The others are still used.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import field
from types import ModuleType
from typing import TYPE_CHECKING, Any

from orderlint.diagnostics import FileError
from orderlint.graph import Role
from orderlint.judging import Registry, Rule, own_registry
from orderlint.judging.registry import rules_in
from orderlint.records import record
from orderlint.screening.packages import CATALOG, RULES, bring_anything, places

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

__all__ = ["CATALOG", "RULES", "Plugins", "installed_version", "load_plugins"]

_OWN_LETTERS = "ORD"
_CODE = re.compile(r"[A-Z]{2,}[0-9]{3}")
_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)+")


@record(frozen=True, slots=True)
class Plugins:
    """The rules and roles from other packages, together with orderlint's own.

    Attributes:
        registry: All rules, including orderlint's own.
        roles: The roles of layers by dotted name.
        problems: The packages that cannot be used, and why.
        packages: The packages that provide something, such as `lab-rules 1.2`.
    """

    registry: Registry
    roles: Mapping[str, tuple[Role, ...]] = field(default_factory=dict)
    problems: tuple[FileError, ...] = ()
    packages: tuple[str, ...] = ()


class Unfit(Exception):
    """Raised if an entry point does not have the expected value. The message says what is wrong."""


def load_plugins() -> Plugins:
    """The rules and roles from the packages of this environment."""
    own = own_registry()
    if not bring_anything():
        return Plugins(own)
    rules = dict(own.rules)
    roles: dict[str, tuple[Role, ...]] = {}
    problems, packages = [], set()
    for entry in _entry_points():
        home = _package_of(entry)
        packages.add(home)
        try:
            if entry.group == RULES:
                for rule in _rules(entry.load()):
                    _admit(rule, home, rules)
            else:
                roles |= _roles(entry.load())
        except Exception as error:  # whatever the import of a package does must not prevent the use of others
            what = str(error) if isinstance(error, Unfit) else f"{type(error).__name__}: {error}"
            message = f"its entry point `{entry.name}` of `{entry.group}` cannot be used: {what}"
            problems.append(FileError(home, message))
    return Plugins(Registry.of(rules.values()), roles, tuple(problems), tuple(sorted(packages)))


def _admit(rule: Rule, home: str, rules: dict[str, Rule]) -> None:
    """Add a rule, if its code and name are free."""
    if not _CODE.fullmatch(rule.code) or rule.code.startswith(_OWN_LETTERS):
        raise Unfit(
            f"the code `{rule.code}` is not allowed; expected letters other than {_OWN_LETTERS} and three digits, "
            "such as `LAB001`"
        )
    if not _NAME.fullmatch(rule.name):
        raise Unfit(f"the name `{rule.name}` of {rule.code} is not in kebab-case, such as `norm-after-activation`")
    for other in rules.values():
        if rule.code == other.code or rule.name == other.name:
            owner = other.home or "orderlint"
            raise Unfit(f"{rule.code} {rule.name} is taken: {owner} has {other.code} {other.name}")
    rule.home = home
    rules[rule.code] = rule


def _rules(loaded: Any) -> list[Rule]:
    """The rules that an entry point provides."""
    if isinstance(loaded, ModuleType):
        found = list(rules_in(loaded))
        if not found:
            raise Unfit(f"the module {loaded.__name__} defines no subclass of `orderlint.judging.Rule`")
        return found
    if isinstance(loaded, type) and issubclass(loaded, Rule):
        return [loaded()]
    raise Unfit(f"expected a module or a subclass of `orderlint.judging.Rule`, got {type(loaded).__name__}")


def _roles(loaded: Any) -> dict[str, tuple[Role, ...]]:
    """The roles that an entry point provides."""
    given = loaded() if callable(loaded) else loaded
    if not isinstance(given, Mapping):
        raise Unfit(f"expected a mapping of dotted names to roles, got {type(given).__name__}")
    return {str(name): _of_name(str(name), words) for name, words in given.items()}


def _of_name(name: str, words: object) -> tuple[Role, ...]:
    listed = [words] if isinstance(words, str) else words
    if not isinstance(listed, (list, tuple)) or not listed:
        raise Unfit(f"the role of `{name}` is {words!r}, expected a role or a list of roles")
    known = {role.value: role for role in Role}
    for word in listed:
        if word not in known:
            raise Unfit(f"unknown role {word!r} of `{name}`; known are {', '.join(known)}")
    return tuple(known[word] for word in listed)


# -- where they are ---------------------------------------------------------------------------------------------------


def installed_version(name: str) -> str:
    """The version of an installed package, from the name of its folder; empty if there is none."""
    return next((version for folder, _ in places() for version in _versions(folder, name)), "")


def _versions(folder: str, name: str) -> list[str]:
    try:
        found = [entry for entry in os.listdir(folder) if entry.startswith(f"{name}-")]
    except OSError:
        return []
    return [entry[len(name) + 1 : -len(".dist-info")] for entry in sorted(found) if entry.endswith(".dist-info")]


def _entry_points() -> list[EntryPoint]:
    from importlib.metadata import entry_points

    found = [*entry_points(group=RULES), *entry_points(group=CATALOG)]
    return sorted(found, key=lambda entry: (entry.group, _package_of(entry), entry.name))


def _package_of(entry: EntryPoint) -> str:
    return "an unnamed package" if entry.dist is None else f"{entry.dist.name} {entry.dist.version}"
