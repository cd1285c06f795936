"""The registry: every rule is found, documented, and reachable by the codes and names that users write."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType

import pytest

import orderlint.rules
from orderlint.graph import LayerGraph, Unit
from orderlint.judging import Fixable, Order, Rule, UnknownRule, judge, own_registry
from orderlint.judging.registry import rules_in
from tests.graphs import path
from tests.judged import RULES

# A code never changes its meaning, and is never used twice. A new rule gets a line with its first release.
RELEASED = {
    "ORD001": "norm-after-activation",
    "ORD002": "dropout-before-norm",
    "ORD003": "dropout-before-activation",
    "ORD101": "redundant-bias",
    "ORD102": "repeated-activation",
    "ORD103": "repeated-norm",
    "ORD104": "dropout-on-output",
    "ORD105": "dropout-before-pooling",
    "ORD106": "dropout-on-feature-maps",
    "ORD107": "selu-without-alpha-dropout",
    "ORD108": "dropout-rate",
    "ORD109": "dropout-ahead-of-norm",
    "ORD900": "invalid-syntax",
    "ORD901": "unused-suppression",
}


def test_released_codes_keep_their_meaning() -> None:
    """Every released code still has its rule; rules are sorted by code."""
    assert {code: RULES[code].name for code in RELEASED} == RELEASED
    assert list(RULES) == sorted(RULES)
    assert len({rule.name for rule in RULES.values()}) == len(RULES)


def test_default_rules() -> None:
    """The ordering rules and the rule for files that do not parse are on by default."""
    assert [code for code in RELEASED if RULES[code].default_on] == ["ORD001", "ORD002", "ORD003", "ORD900"]


def test_fixable_rules() -> None:
    """The ordering rules, the bias rule and the spatial dropout rule have repairs."""
    fixable = [code for code in RELEASED if RULES[code].fixable is not Fixable.NEVER]
    assert fixable == ["ORD001", "ORD002", "ORD003", "ORD101", "ORD106", "ORD901"]


@pytest.mark.parametrize("rule", RULES.values(), ids=repr)
def test_file_and_class_are_called_like_the_rule(rule: Rule) -> None:
    """`norm-after-activation` is the class `NormAfterActivation` in `norm_after_activation.py`."""
    module = type(rule).__module__.rpartition(".")[2]
    assert module == rule.name.replace("-", "_")
    assert type(rule).__name__ == "".join(word.capitalize() for word in rule.name.split("-"))


@pytest.mark.parametrize("rule", RULES.values(), ids=repr)
def test_documentation_has_its_headings_in_order(rule: Rule) -> None:
    """Every rule documents what it does, why, and its limits; the ordering rules cite the evidence."""
    headings = re.findall(r"^## (.+)$", rule.documentation, re.MULTILINE)
    order = [
        "What it does",
        "Why is this bad?",
        "Evidence",
        "Measured",
        "What a repair changes",
        "Known limits",
        "Published designs",
        "References",
    ]
    assert headings == [heading for heading in order if heading in headings]
    needed = {"What it does", "Why is this bad?", "Known limits", "References"}
    if rule.code in ("ORD001", "ORD002", "ORD003"):
        needed |= set(order)
    elif rule.code < "ORD900":
        needed.add("What a repair changes")
    assert needed <= set(headings)


@pytest.mark.parametrize("rule", [rule for rule in RULES.values() if rule.fixable is not Fixable.NEVER], ids=repr)
def test_fixable_rule_says_what_its_repair_changes(rule: Rule) -> None:
    """The effects on training, inference and checkpoints are each described."""
    section = rule.documentation.partition("## What a repair changes")[2].partition("\n## ")[0]
    assert all(f"- {word}:" in section for word in ("Training", "Inference", "Checkpoints"))


@pytest.mark.parametrize("rule", RULES.values(), ids=repr)
def test_summary_is_one_sentence(rule: Rule) -> None:
    """The summary fits in a table row."""
    assert rule.summary.endswith(".")
    assert len(rule.summary) <= 90
    assert "\n" not in rule.summary


@pytest.mark.parametrize("text", ["ORD001", "ord001", " ORD001 ", "norm-after-activation", "Norm-After-Activation"])
def test_rule_is_found_by_code_and_name(text: str) -> None:
    """Case and surrounding whitespace are ignored."""
    assert own_registry().find(text).code == "ORD001"


@pytest.mark.parametrize(
    ("text", "nearest"),
    [
        ("ORD01", "ORD001"),
        ("ORD0001", "ORD001"),
        ("0RD002", "ORD002"),
        ("ODR002", "ORD002"),
        ("ORD-001", "ORD001"),
        ("ORD04", "ORD104"),
        ("ORD9999", None),
        ("ORD99", None),
        ("ORD010", None),
        ("norm-after-activaton", "norm-after-activation"),
        ("dropout-before-norms", "dropout-before-norm"),
        ("E501", None),
        ("", None),
    ],
)
def test_unknown_rule_names_the_nearest(text: str, nearest: str | None) -> None:
    """The error for a mistyped code or name suggests the nearest known one, if there is one."""
    with pytest.raises(UnknownRule) as caught:
        own_registry().find(text)
    assert (caught.value.given, caught.value.nearest) == (text, nearest)
    assert f"`{text}`" in str(caught.value)
    assert nearest is None or f"did you mean `{nearest}`?" in str(caught.value)


@pytest.mark.parametrize(
    ("selector", "codes"),
    [
        ("ORD001", ["ORD001"]),
        ("ORD0", ["ORD001", "ORD002", "ORD003"]),
        ("ord9", ["ORD900", "ORD901"]),
        ("ORD", list(RULES)),
        ("ALL", list(RULES)),
        ("all", list(RULES)),
        ("dropout-rate", ["ORD108"]),
    ],
)
def test_selector_means_rules(selector: str, codes: list[str]) -> None:
    """A selector is a code, a prefix of codes, a name, or ALL."""
    assert [rule.code for rule in own_registry().select(selector)] == codes


@pytest.mark.parametrize("selector", ["ORD5", "O", "", "X1", "ORD0011"])
def test_selector_that_means_nothing_is_refused(selector: str) -> None:
    """A selector that matches no rule is an error, and not an empty selection."""
    with pytest.raises(UnknownRule):
        own_registry().select(selector)


class Failing(type(RULES["ORD001"])):  # type: ignore[misc]
    """A rule that fails."""

    def check(self, units: Sequence[Unit], order: Order) -> object:
        raise RuntimeError("a bug")


def test_failing_rule_costs_itself_alone() -> None:
    """The error is passed on with its rule; the other rules are judged."""
    graph: LayerGraph = path("Dense → Dropout → BN")
    failed: list[tuple[Rule, str]] = []
    rules: list[Rule] = [Failing(), RULES["ORD002"]]
    violations = judge([graph], rules, on_crash=lambda rule, error: failed.append((rule, str(error))))
    assert [violation.rule.code for violation in violations] == ["ORD002"]
    assert failed == [(rules[0], "a bug")]
    with pytest.raises(RuntimeError, match="a bug"):
        judge([graph], rules)


def test_every_module_of_the_package_is_small() -> None:
    """The module of a rule is documentation, examples and a short function."""
    files = sorted(Path(orderlint.rules.__path__[0]).glob("*.py"))
    assert {path.name: n for path in files if (n := len(path.read_text(encoding="utf-8").splitlines())) > 300} == {}


def test_what_a_repair_must_not_bring_is_told_with_a_way_out() -> None:
    """If a finding is left because of another rule, the reason says what to do about that rule."""
    assert {f"ORD10{number}" for number in range(2, 8)} <= {code for code in RULES if RULES[code].advice}
    assert not any(rule.advice.endswith(".") for rule in RULES.values())
    assert RULES["ORD900"].never_because == "the code cannot be parsed"


def test_what_does_not_apply_is_known_all_the_same() -> None:
    """Only the selected or default rules apply; no repair may add a finding of the others."""
    some = own_registry().standards(["ORD002", "ORD108"])
    assert some.codes == ("ORD002", "ORD108")
    assert [rule.code for rule in some.others] == [code for code in RULES if code not in some.codes]
    assert own_registry().standards().codes == ("ORD001", "ORD002", "ORD003", "ORD900")


def test_rules_about_comments_are_told_apart() -> None:
    """Their findings cannot be suppressed by comments."""
    assert own_registry().about_comments == {"ORD901"}


def test_an_unknown_rule_is_named_as_users_import_it() -> None:
    """The traceback has `orderlint.UnknownRule`."""
    assert f"{UnknownRule.__module__}.{UnknownRule.__name__}" == "orderlint.UnknownRule"


def test_a_module_has_the_rules_that_it_defines() -> None:
    """Imported classes, shared base classes and other classes are left out."""
    module = ModuleType("mine")
    here = {"__module__": "mine"}
    common = type("Common", (Rule,), here)
    kinds = [type("Mine", (type(RULES["ORD001"]),), here), common, type("Other", (), here), type(RULES["ORD002"])]
    vars(module).update({kind.__name__: kind for kind in kinds} | {"made": RULES["ORD001"]})
    assert [type(rule).__name__ for rule in rules_in(module)] == ["Mine"]


def test_an_alias_of_types_is_no_rule() -> None:
    """`Pair = tuple[int, int]` in the module of a rule is skipped, although Python 3.10 takes it for a class."""
    module = ModuleType("aliases")
    vars(module)["Pair"] = tuple[int, int]
    assert list(rules_in(module)) == []
