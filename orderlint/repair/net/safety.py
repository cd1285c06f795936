"""The safety net: whether a repaired text is what was wished for, and nothing else."""

from __future__ import annotations

import warnings
from collections import Counter
from collections.abc import Hashable, Sequence

from orderlint.graph import LayerGraph
from orderlint.judging import Violation, Wish
from orderlint.records import record
from orderlint.repair.net.simulation import Paths, Shape, Steps, expected, shapes
from orderlint.text.files import SourceFile

__all__ = ["Fault", "State", "fault"]


@record(frozen=True)
class State:
    """A text with what the analysis says of it.

    Attributes:
        paths: Its graphs, each with its units: to follow all paths of a large builder takes seconds.
        violations: Those of the rules that are selected.
        every: Those of all rules: no repair may make one of any.
    """

    file: SourceFile
    paths: Paths
    violations: Sequence[Violation]
    every: Sequence[Violation] = ()

    @property
    def graphs(self) -> Sequence[LayerGraph]:
        return [graph for graph, _ in self.paths]


@record(frozen=True, slots=True)
class Fault:
    """What is wrong with a repaired text.

    Attributes:
        text: A clause.
        is_bug: Whether no repair should ever come to this.
    """

    text: str
    is_bug: bool = False


def fault(before: State, after: State, repaired: Sequence[Violation], wishes: Sequence[Wish]) -> Fault | None:
    """What is wrong with a repaired text; `None` if nothing is.

    Args:
        repaired: The violations whose repairs were made.
        wishes: What these repairs are to grant.
    """
    syntax = _syntax_fault(before.file, after.file)
    if syntax is not None:
        return Fault(syntax, is_bug=True)
    found = _findings_fault(before, after, repaired)
    found = found or _graph_fault(before.paths, after.paths, wishes)
    return Fault(found) if found is not None else None


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


def _findings_fault(before: State, after: State, repaired: Sequence[Violation]) -> str | None:
    old, new = (Counter(one.rule for one in state.every if one.rule.obstructs) for state in (before, after))
    for rule in new - old:
        return f"it would cause {rule.code} ({rule.name})"
    was, now = (Counter(one.rule for one in state.violations) for state in (before, after))
    asked = Counter(violation.rule for violation in repaired if violation.rule.obstructs)
    if not was - now or any(now[rule] > was[rule] - count for rule, count in asked.items()):
        return "the finding would stay"
    return None


def _graph_fault(before: Paths, after: Paths, wishes: Sequence[Wish]) -> str | None:
    steps = Steps()
    wanted, found = expected(before, wishes, steps), shapes(after, steps)
    if _unexplained(wanted, found) or _unexplained(found, wanted):
        return "it would change more than the order of these layers"
    return None


def _unexplained(units: Counter[Shape], others: Counter[Shape]) -> bool:
    """Whether there are units that the other side does not have.

    A path that ends where it might go on (`if noisy: x = dropout(x)` comes last) is no unit of its own. So a unit that
    ends in an output may be missing if the other side has it with a layer more.
    """
    return any(not shape.may_end or not _is_part(shape, others) for shape in units - others)


def _is_part(shape: Shape, others: Counter[Shape]) -> bool:
    return any(other.is_headed == shape.is_headed and _is_subsequence(shape.steps, other.steps) for other in others)


def _is_subsequence(part: Sequence[Hashable], whole: Sequence[Hashable]) -> bool:
    rest = iter(whole)
    return all(step in rest for step in part)
