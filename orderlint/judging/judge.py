"""Judges graphs: every rule over every unit, each misplaced layer reported once."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import repeat

from orderlint.graph import LayerGraph, Shortfall, Site, Unit, units_of
from orderlint.judging.order import DEFAULT_ORDER, Order
from orderlint.judging.prospects import signs_of, starts_in
from orderlint.judging.rule import Rule, Violation
from orderlint.judging.wishes import MoveAfter, MoveBefore, ReplaceLayer, SetArgument, Wish, worst

__all__ = ["judge"]

OnCrash = Callable[[Rule, Exception], None]


def judge(
    graphs: Iterable[LayerGraph],
    rules: Sequence[Rule],
    order: Order = DEFAULT_ORDER,
    on_crash: OnCrash | None = None,
    on_shortfall: Callable[[Shortfall], None] | None = None,
    paths: Iterable[Iterable[Unit]] | None = None,
) -> list[Violation]:
    """The violations in the graphs of a file or model, by rule and then in order: one for each rule and place.

    Args:
        graphs: All graphs of the file: a helper may be applied in several, and some rules need to see every use.
        rules: The rules to apply.
        order: The order that the ordering rules follow.
        on_crash: Called with a rule that raised an error, and the error; the other rules still apply. If `None`, the
            error is raised.
        on_shortfall: Called with what is not judged because there are too many paths or conditions.
        paths: The units of each graph, if they are already known.
    """
    graphs = list(graphs)
    units: list[Unit] = []
    background: dict[int, frozenset[int]] = {}
    for graph, some in zip(
        graphs, paths if paths is not None else _followed(graphs, rules, order, on_shortfall), strict=True
    ):
        for unit in some:
            units.append(unit)
            if graph.background:
                background[id(unit)] = graph.background
    found: list[list[Violation]] = []
    for rule in rules:
        try:
            found.append(list(_foreground(rule.check(units, order), background)))
        except Exception as error:
            if on_crash is None:
                raise
            on_crash(rule, error)
    passing = _paths_through({one.at.place for some in found for one in some}, units, background)
    return [violation for some in found for violation in _once_a_place(some, passing)]


def _followed(
    graphs: Sequence[LayerGraph], rules: Sequence[Rule], order: Order, on_shortfall: Callable[[Shortfall], None] | None
) -> Iterator[Iterator[Unit]]:
    """The units of each graph, as far as rules can find something in them."""
    signs = signs_of(rules, order)
    starts = starts_in(graphs, signs) if signs is not None else repeat(None)
    for graph, some in zip(graphs, starts, strict=False):
        yield units_of(graph, on_shortfall=on_shortfall, starts=some)


def _foreground(violations: Iterable[Violation], background: dict[int, frozenset[int]]) -> Iterator[Violation]:
    """The violations that are not between two calls that are there only as context."""
    for violation in violations:
        hidden = background.get(id(violation.unit), frozenset())
        if not hidden.issuperset(call.id for call in (violation.at, *violation.because[:1])):
            yield violation


def _once_a_place(violations: Iterable[Violation], paths: Mapping[Site, set[int]]) -> Iterator[Violation]:
    groups: dict[Site, list[Violation]] = {}
    for violation in violations:
        groups.setdefault(violation.at.place, []).append(violation)
    for place, group in groups.items():
        yield _joined(group, paths[place])


def _paths_through(
    places: Iterable[Site], units: Sequence[Unit], background: dict[int, frozenset[int]]
) -> dict[Site, set[int]]:
    """The units (by `id`) that pass each of the places, other than as mere context."""
    passing: dict[Site, set[int]] = {place: set() for place in places}
    if not passing:
        return passing
    at_call: dict[int, set[int] | None] = {}  # by `id`, which is quicker than a place
    for unit in units:
        if unit.is_open:
            continue  # it may go on in a way that shows it
        hidden = background.get(id(unit), frozenset())
        for step in unit.steps:
            call = step.call
            if id(call) not in at_call:
                at_call[id(call)] = passing.get(call.place)
            found = at_call[id(call)]
            if found is not None and call.id not in hidden:
                found.add(id(unit))
    return passing


def _joined(group: list[Violation], paths: set[int]) -> Violation:
    """One violation for all that were found at a place.

    A change that several paths ask for does to the model what it does on the path where it does most.
    """
    first = group[0]
    everywhere = paths <= {id(violation.unit) for violation in group}
    refusal = next((violation.refusal for violation in group if violation.refusal), None)
    wishes: dict[Hashable, Wish] = {}
    for wish in (violation.wish for violation in group):
        if wish is not None:
            known = wishes.get(_key(wish), wish)
            wishes[_key(wish)] = wish if wish is known else replace(wish, effect=worst([known.effect, wish.effect]))
    if refusal or not wishes:
        return replace(first, wish=None, refusal=refusal, everywhere=everywhere)
    one, *others = wishes.values()
    return replace(first, wish=one, other_wishes=tuple(others), everywhere=everywhere)


def _key(wish: Wish) -> Hashable:
    """Equal for wishes that ask for one and the same change of the source."""
    if isinstance(wish, MoveAfter):
        return (MoveAfter, wish.moved.call.applied, wish.moved.step, wish.anchor.call.applied, wish.anchor.step)
    if isinstance(wish, MoveBefore):
        return (MoveBefore, wish.call.applied, wish.anchor.call.applied, wish.anchor.step)
    if isinstance(wish, SetArgument):
        return (SetArgument, wish.call.constructed, wish.argument, wish.value)
    return (ReplaceLayer, wish.call.constructed, wish.layer)
