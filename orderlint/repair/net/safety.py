"""The safety net: checks that a repaired text grants the wishes, and changes nothing else."""

from __future__ import annotations

import warnings
from collections import Counter
from collections.abc import Collection, Hashable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cached_property

from orderlint.graph import LayerGraph
from orderlint.judging import MoveAfter, Rule, Violation, Wish
from orderlint.records import record
from orderlint.repair.net.readers import changed_reader
from orderlint.repair.net.simulation import Paths, Shape, are_alike, expected, shapes, steps_of
from orderlint.repair.text.drafts import described
from orderlint.source import Analysis
from orderlint.text.files import SourceFile

__all__ = ["Apart", "Fault", "Granted", "State", "fault", "faults_apart"]

Granted = tuple[Collection[int], Sequence[Violation], Sequence[Wish]]
"""The numbers of graphs, the repaired violations in them, and the wishes that these repairs grant."""


@record(frozen=True)
class State:
    """A text with its analysis.

    Attributes:
        file: The text.
        paths: Its graphs, each with its units: following all paths of a large builder takes seconds.
        violations: The violations of the selected rules.
        every: The violations of all rules that matter to repairs.
        analysis: Its analysis.
    """

    file: SourceFile
    paths: Paths
    violations: Sequence[Violation]
    every: Sequence[Violation] = ()
    analysis: Analysis | None = None

    @cached_property
    def graphs(self) -> Sequence[LayerGraph]:
        """Its graphs. They are cached, because each plan needs them."""
        return [graph for graph, _ in self.paths]

    @property
    def skips_iterations(self) -> bool:
        """Whether the analysis left out iterations of a loop."""
        return self.analysis is not None and self.analysis.skips_iterations


@record(frozen=True, slots=True)
class Fault:
    """A fault of a repaired text.

    Attributes:
        text: A clause about the repair: "it would ...".
        is_bug: Whether no repair should ever have this fault.
        graphs: The numbers of the graphs of the old text that show it; empty if that is not known.
        reason: The reason to show for the finding, if it is not that the repair was undone.
    """

    text: str
    is_bug: bool = False
    graphs: frozenset[int] = frozenset()
    reason: str | None = None


@record(frozen=True, slots=True)
class Apart:
    """The faults of several repairs that were made together.

    Attributes:
        faults: The fault of each repair; `None` if none was found.
        are_all: Whether these are all faults. If not, repairs without a fault may have one.
    """

    faults: Sequence[Fault | None]
    are_all: bool


def fault(before: State, after: State, repaired: Sequence[Violation], wishes: Sequence[Wish]) -> Fault | None:
    """The fault of a repaired text; `None` if there is none.

    Args:
        before: The original text.
        after: The repaired text.
        repaired: The violations that were repaired.
        wishes: The wishes that these repairs grant.
    """
    syntax = _syntax_fault(before.file, after.file)
    if syntax is not None:
        return Fault(syntax, is_bug=True)
    return (
        _findings_fault(before, after, repaired)
        or _graph_fault(before, after, wishes)
        or _readers_fault(before, after, wishes)
    )


def faults_apart(before: State, after: State, parts: Sequence[Granted]) -> Apart:
    """The faults of repairs of different graphs that were made together: for each part, the result of `fault` for it.

    Args:
        parts: The repairs. No graph is in two of them.
    """
    unknown = Apart([None for _ in parts], are_all=False)
    if _syntax_fault(before.file, after.file) is not None or not are_alike(before.paths, after.paths):
        return unknown
    old, new = _Parts(before), _Parts(after)
    rest = sorted(set(range(len(before.paths))).difference(*(numbers for numbers, _, _ in parts)))
    if _new_findings(old.of(rest), new.of(rest)) or _graph_fault(old.of(rest), new.of(rest), ()):
        return unknown
    found = [_fault_of_part(old, new, part) for part in parts]
    wishes = [wish for _, _, some in parts for wish in some]
    return Apart(found, None not in found or _readers_fault(before, after, wishes) is None)


def _fault_of_part(old: _Parts, new: _Parts, part: Granted) -> Fault | None:
    numbers, repaired, wishes = part
    order = sorted(numbers)
    before, after = old.of(order), new.of(order)
    found = _findings_fault(before, after, repaired) or _graph_fault(before, after, wishes)
    return found and replace(found, graphs=frozenset(order[number] for number in found.graphs))


class _Parts:
    """Restricts the state of a text to some of its graphs."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._numbers = {id(call): number for number, (graph, _) in enumerate(state.paths) for call in graph.calls}

    def of(self, numbers: Collection[int]) -> State:
        """The state with only the graphs that have some numbers, in this order."""
        state = self._state
        return State(
            state.file,
            [state.paths[number] for number in numbers],
            [one for one in state.violations if self._numbers.get(id(one.at)) in numbers],
            [one for one in state.every if self._numbers.get(id(one.at)) in numbers],
            state.analysis,
        )


def _readers_fault(before: State, after: State, wishes: Sequence[Wish]) -> Fault | None:
    """The fault that code other than a layer reads a value that the repair changes; `None` if none does."""
    if before.analysis is None or after.analysis is None:
        return None
    reader = changed_reader(
        (before.file, before.paths, before.analysis), (after.file, after.paths, after.analysis), wishes
    )
    if reader is None:
        return None
    value = f"`{reader.code}` is also read in {described(reader.cell.locate(reader.node))}"
    return Fault(
        "it would change a value that is also read elsewhere",
        reason=f"{value} and would have a different value there; give that value its own name",
    )


def _syntax_fault(before: SourceFile, after: SourceFile) -> str | None:
    if len(before.cells) != len(after.cells):
        return "it would change the cells of the notebook"
    for old, new in zip(before.cells, after.cells, strict=True):
        if old.text == new.text:
            continue
        if new.problem is not None and old.problem is None:
            return f"the result would not parse ({new.problem.message} in line {new.problem.line})"
        if _compiles(old.code) and not _compiles(new.code):
            return "the result would not compile"
    return None


def _compiles(text: str) -> bool:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            compile(text, "<repaired>", "exec", dont_inherit=True)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return False
    return True


def _findings_fault(before: State, after: State, repaired: Sequence[Violation]) -> Fault | None:
    return _new_findings(before, after) or _remaining(before, after, repaired)


def _new_findings(before: State, after: State) -> Fault | None:
    old, new = (Counter(one.rule for one in state.every if one.rule.obstructs) for state in (before, after))
    for rule in new - old:
        return Fault(f"it would cause {rule.code} ({rule.name})", graphs=_where_more(before, after, (), {rule}))
    return None


def _remaining(before: State, after: State, repaired: Sequence[Violation]) -> Fault | None:
    was, now = (Counter(one.rule for one in state.violations) for state in (before, after))
    asked = Counter(violation.rule for violation in repaired if violation.rule.obstructs)
    stays = {rule for rule, count in asked.items() if now[rule] > was[rule] - count}
    if stays or not was - now:
        return Fault("the finding would remain", graphs=_where_more(before, after, repaired, stays))
    return None


def _where_more(before: State, after: State, repaired: Sequence[Violation], rules: set[Rule]) -> frozenset[int]:
    """The numbers of the graphs with more violations of some rules than there should be."""
    if not are_alike(before.paths, after.paths):
        return frozenset()
    found = Counter(_numbers(after.paths, [one for one in after.every if one.rule in rules]))
    wanted = Counter(_numbers(before.paths, [one for one in before.every if one.rule in rules]))
    wanted.subtract(_numbers(before.paths, [one for one in repaired if one.rule in rules]))
    return frozenset(number for number, count in found.items() if count > wanted[number])


def _numbers(paths: Paths, violations: Sequence[Violation]) -> Iterator[int]:
    """The numbers of the graphs that contain the calls of violations."""
    numbers = {id(call): number for number, (graph, _) in enumerate(paths) for call in graph.calls}
    return (numbers[id(one.at)] for one in violations if id(one.at) in numbers)


def _graph_fault(before: State, after: State, wishes: Sequence[Wish]) -> Fault | None:
    old, new = steps_of(before.paths, after.paths, wishes)
    wanted = expected(before.paths, wishes, old)
    found = [shapes([one], steps) for one, steps in zip(after.paths, new, strict=True)]
    differ = _differ_but_for_iterations if before.skips_iterations or after.skips_iterations else _differ
    odd: frozenset[int] = frozenset()
    if are_alike(before.paths, after.paths):
        alike = _with_fewer_iterations(before.paths, wishes)
        pairs = enumerate(zip(wanted, found, strict=True))
        odd = frozenset(number for number, pair in pairs if differ(*(map(_once, pair) if number in alike else pair)))
        return Fault("it would change more than the order of these layers", graphs=odd) if odd else None
    if differ(_joined(wanted), _joined(found)):
        return Fault("it would change more than the order of these layers", graphs=odd)
    return None


def _with_fewer_iterations(paths: Paths, wishes: Sequence[Wish]) -> set[int]:
    """The numbers of the graphs in which wishes remove the difference between the iterations of a loop.

    The interpreter then runs fewer iterations. So only which units there are can be compared, and not how many.
    """
    places = {wish.call.place for wish in wishes if isinstance(wish, MoveAfter) and wish.leaves_loop}
    return (
        {number for number, (_, units) in enumerate(paths) if not places.isdisjoint(units.by_place)}
        if places
        else set()
    )


def _once(units: Counter[Shape]) -> Counter[Shape]:
    return Counter(dict.fromkeys(units, 1))


def _joined(counters: Iterable[Counter[Shape]]) -> Counter[Shape]:
    joined: Counter[Shape] = Counter()
    for one in counters:
        joined.update(one)
    return joined


def _differ_but_for_iterations(wanted: Counter[Shape], found: Counter[Shape]) -> bool:
    """Whether units differ, if iterations of a loop were left out. How many were run depends on the text.

    So it does not matter how often there is a unit that both sides have more than once.
    """
    repeated = {shape: (wanted | found)[shape] for shape, count in (wanted & found).items() if count > 1}
    return _differ(wanted | Counter(repeated), found | Counter(repeated))


def _differ(wanted: Counter[Shape], found: Counter[Shape]) -> bool:
    return _unexplained(wanted, found) or _unexplained(found, wanted)


def _unexplained(units: Counter[Shape], others: Counter[Shape]) -> bool:
    """Whether there are units that the other side does not have.

    A path that ends where it might continue (`if noisy: x = dropout(x)` comes last) is not a unit of its own. So a unit
    that ends in an output may be missing if the other side has it with more layers.
    """
    return any(not shape.may_end or not _is_part(shape, others) for shape in units - others)


def _is_part(shape: Shape, others: Counter[Shape]) -> bool:
    return any(other.is_headed == shape.is_headed and _is_subsequence(shape.steps, other.steps) for other in others)


def _is_subsequence(part: Sequence[Hashable], whole: Sequence[Hashable]) -> bool:
    rest = iter(whole)
    return all(step in rest for step in part)
