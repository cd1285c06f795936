"""The declarations of rules: the files that are analyzed for them, the units that are followed, the text of reports."""

from __future__ import annotations

import pytest

from orderlint.graph import Role
from orderlint.judging import DEFAULT_ORDER, Order, Rule, Sign, judge
from orderlint.judging.rule import Subject
from tests.graphs import path
from tests.judged import RULES

LINEAR, NORM, ACTIVATION, DROPOUT = Role.LINEAR, Role.NORM, Role.ACTIVATION, Role.DROPOUT
ORDERING = ["ORD001", "ORD002", "ORD003"]
NEEDS: dict[str, list[set[Role]]] = {
    "ORD001": [{LINEAR, NORM}],  # the activation may be an argument
    "ORD002": [{DROPOUT, NORM}],
    "ORD003": [{LINEAR, DROPOUT}],
    "ORD101": [{LINEAR, NORM}],
    "ORD102": [{ACTIVATION}],
    "ORD103": [{NORM}],
    "ORD104": [{LINEAR, DROPOUT}],
    "ORD105": [{DROPOUT}],
    "ORD106": [{LINEAR, DROPOUT}],
    "ORD107": [{ACTIVATION, DROPOUT}, {ACTIVATION, NORM}],
    "ORD108": [{DROPOUT}],
    "ORD109": [{DROPOUT, NORM}],
    "ORD900": [],
    "ORD901": [],
}


def having(attribute: str) -> list[str]:
    """The codes of the rules for which a condition holds."""
    return [code for code, rule in RULES.items() if getattr(rule, attribute)]


@pytest.mark.parametrize("rule", RULES.values(), ids=repr)
def test_a_file_is_analyzed_for_a_rule_if_its_layers_are_there(rule: Rule) -> None:
    """A file without one of these layers is skipped, which saves time."""
    assert rule.needs is not None
    assert list(map(set, rule.needs)) == NEEDS[rule.code]


def test_the_ordering_rules_alone_go_by_roles_and_recommend_an_order() -> None:
    """Other rules depend on arguments or on other units, and do not concern the order."""
    assert having("by_roles") == having("is_about_order") == ORDERING


def test_only_the_bias_depends_on_every_use() -> None:
    """If one use of a helper needs the bias, the bias stays for all uses."""
    assert having("of_every_use") == ["ORD101"]


def test_two_rules_are_no_obstacle_to_repairs() -> None:
    """Moving a norm makes a bias redundant, and stacked blocks in the recommended order have findings of ORD109."""
    assert [code for code in RULES if code not in having("obstructs")] == ["ORD101", "ORD109"]


def test_all_rules_but_two_look_at_units() -> None:
    """The others are about files that do not parse, and about comments, so no layers are needed."""
    others = {code: rule.subject for code, rule in RULES.items() if rule.subject is not Subject.UNITS}
    assert others == {"ORD900": Subject.SYNTAX, "ORD901": Subject.COMMENTS}
    assert all(not list(RULES[code].check([], DEFAULT_ORDER)) for code in others)


def test_only_what_cannot_be_parsed_is_marked_without_its_name() -> None:
    """Its title is the message of Python, which would be repeated."""
    assert {code: rule.mark for code, rule in RULES.items() if rule.mark} == {"ORD900": "here"}


@pytest.mark.parametrize("rule", RULES.values(), ids=repr)
def test_a_rule_says_in_a_sentence_why(rule: Rule) -> None:
    """The summary shows the sentence once for all findings of the rule."""
    assert rule.why[:1].isupper() or rule.why.startswith("`")
    assert rule.why.endswith(".")


def test_the_ordering_rules_say_which_pairs_they_are_about() -> None:
    """In another order the pair is reversed."""
    pairs = [(ACTIVATION, NORM, True), (DROPOUT, NORM, False), (DROPOUT, ACTIVATION, True)]
    turned = Order((DROPOUT, ACTIVATION, NORM))
    for code, (first, second, is_headed) in zip(ORDERING, pairs, strict=True):
        rule = RULES[code]
        assert rule.signs(DEFAULT_ORDER) == [Sign(first, second, is_headed)]
        assert rule.signs(turned) == [Sign(second, first, is_headed)]


@pytest.mark.parametrize("chain", ["ReLU → BN", "Dropout → ReLU"])
def test_a_unit_without_a_linear_layer_is_in_order_for_most_rules(chain: str) -> None:
    """This holds beside a rule that needs all units, too."""
    rules = [RULES[code] for code in ("ORD001", "ORD003", "ORD109")]
    assert rules[-1].signs(DEFAULT_ORDER) is None
    assert judge([path(chain)], rules) == []
