"""Tries repairs: makes their edits, analyzes the new text, and compares it with the wishes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from operator import is_

from orderlint.diagnostics import Edit
from orderlint.judging import Rule, Standards, Violation, Wish, judge
from orderlint.repair.apart import Group, Part
from orderlint.repair.net.safety import Apart, Fault, State, fault, faults_apart
from orderlint.repair.net.simulation import Paths, paths_of
from orderlint.repair.results import Plan
from orderlint.repair.text.drafts import Taken, apply_edits
from orderlint.source import Analysis, Project, analyze
from orderlint.text.files import FileKind, SourceError, SourceFile, source_from_text

__all__ = ["Group", "Trials", "compatible", "edited", "edits_of"]

Trial = tuple["State | None", "Fault | None"]
"""The state after repairs, and their fault. In a result of `tried`, one of them is `None`."""


class Trials:
    """Tries repairs of a file.

    Args:
        standards: The standards of the file.
        project: The project in which imports are resolved.

    Attributes:
        num_steps: How many steps the last analysis took.
    """

    def __init__(self, standards: Standards, project: Project | None) -> None:
        self.standards = standards
        self.project = project
        self._codes = {rule.code for rule in standards.rules}
        self._rules = [one for one in standards.every if one.code in self._codes or one.obstructs or one.revealed]
        self._sound: tuple[State, Sequence[Plan], Trial] | None = None
        self.num_steps = 0

    def analyzed(self, file: SourceFile) -> Analysis:
        """Analyze a file."""
        return analyze(file, self.project, self.standards.roles)

    def state(self, file: SourceFile) -> State:
        """The result of the analysis of a file."""
        graphs = self.analyzed(file)
        return self.judged(file, paths_of(graphs), graphs)

    def judged(self, file: SourceFile, paths: Paths, analysis: Analysis, *, is_left: bool = False) -> State:
        """The state of an analyzed file: its violations of all rules that matter to repairs.

        Args:
            file: The file.
            paths: Its graphs, with their units.
            analysis: Its analysis.
            is_left: Whether nothing is to be repaired in it, so that only the rules that apply matter.
        """
        self.num_steps = analysis.num_steps
        graphs, followed = [graph for graph, _ in paths], [units for _, units in paths]
        rules = self.standards.rules if is_left else self._rules
        found = judge(graphs, rules, self.standards.order, _ignored, paths=followed)
        every = [violation for violation in found if file.holds(violation.at.place)]
        return State(file, paths, [one for one in every if one.rule.code in self._codes], every, analysis)

    def tried(self, state: State, groups: Iterable[Group]) -> Trial:
        """Try repairs together. The last sound trial is cached."""
        plans = [plan for group in groups for plan in group]
        if self._sound is not None and self._sound[0] is state and _same(self._sound[1], plans):
            return self._sound[2]  # sound repairs are made next, though others may be tried in between
        trial = self._try(state, plans)
        if trial[0] is not None:
            self._sound = state, plans, trial
        return trial

    def tried_apart(self, state: State, parts: Sequence[Part]) -> Apart:
        """The faults of repairs of different graphs, from one trial of all of them."""
        if len(parts) == 1:
            return Apart([self.tried(state, parts[0].groups)[1]], are_all=True)
        made = [[plan for group in part.groups for plan in group] for part in parts]
        plans = [plan for some in made for plan in some]
        following, problem = self._made(state, plans)
        if problem is None:
            self._sound = state, plans, (following, None)
            return Apart([None for _ in parts], are_all=True)
        if following is None:
            return Apart([None for _ in parts], are_all=False)
        granted = [(part.graphs, _violations(some), _wishes(some)) for part, some in zip(parts, made, strict=True)]
        return faults_apart(state, following, granted)

    def _try(self, state: State, plans: Sequence[Plan]) -> Trial:
        following, problem = self._made(state, plans)
        return (None, problem) if problem is not None else (following, None)

    def _made(self, state: State, plans: Sequence[Plan]) -> Trial:
        """The state after repairs (`None` if the text cannot be read), and their fault (`None` if there is none)."""
        try:
            file = edited(state.file, edits_of(plans))
        except SourceError as error:
            return None, Fault(error.message, is_bug=True)
        following = self.state(file)
        return following, fault(state, following, _violations(plans), _wishes(plans))


def _violations(plans: Iterable[Plan]) -> list[Violation]:
    return [plan.violation for plan in plans]


def _wishes(plans: Iterable[Plan]) -> list[Wish]:
    return [wish for plan in plans for wish in plan.wishes]


def _same(one: Sequence[Plan], other: Sequence[Plan]) -> bool:
    return len(one) == len(other) and all(map(is_, one, other))


def _ignored(rule: Rule, error: Exception) -> None:
    """Ignore a rule that fails: checking the file reports it."""


def edits_of(plans: Iterable[Plan]) -> set[Edit]:
    """The edits of plans, each once."""
    return {edit for plan in plans if plan.fix is not None for edit in plan.fix.edits}


def compatible(plans: Iterable[Plan]) -> list[Group]:
    """The plans that can be carried out together, the first ones first. Plans with the same edits form one group."""
    groups: dict[tuple[Edit, ...], list[Plan]] = {}
    taken = Taken()
    for plan in plans:
        assert plan.fix is not None
        edits = plan.fix.edits
        if edits in groups:
            groups[edits].append(plan)
        elif not taken.meets(edits):
            groups[edits] = [plan]
            taken.add(edits)
    return list(groups.values())


def edited(file: SourceFile, edits: set[Edit]) -> SourceFile:
    """The file with edits made.

    Raises:
        SourceError: The result cannot be read.
    """
    by_cell: dict[int | None, list[Edit]] = {}
    for edit in edits:
        by_cell.setdefault(edit.cell, []).append(edit)
    if file.kind is FileKind.PYTHON:
        return source_from_text(apply_edits(file.text, by_cell[None]), file.path)
    from orderlint.text.notebook import replace_sources

    sources = {number: apply_edits(file.cell(number).raw, some) for number, some in by_cell.items() if number}
    return source_from_text(replace_sources(file.text, sources), file.path)
