"""Repairs a file: round after round, until nothing is left to repair."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Protocol

from orderlint.catalog import RoleTable
from orderlint.diagnostics import Edit, Finding, LeftFinding, RepairedFinding, RepairKind
from orderlint.graph import Role
from orderlint.judging import Order, Rule, Violation, judge
from orderlint.judging.reported import finding_of
from orderlint.repair.net.safety import Fault, State, fault
from orderlint.repair.planning import Planner
from orderlint.repair.results import FixResult, Plan
from orderlint.repair.text.drafts import apply_edits, overlap
from orderlint.source import Project, analyse
from orderlint.text.files import FileKind, NodeSite, SourceError, SourceFile, source_from_text

__all__ = ["JudgedBy", "fix_text"]

MOST_ROUNDS = 10
_KINDS = list(RepairKind)


class JudgedBy(Protocol):
    """What a file is judged by (`orderlint.engine.checking.Settings`)."""

    @property
    def rules(self) -> list[Rule]: ...
    @property
    def order(self) -> Order: ...
    @property
    def roles(self) -> RoleTable: ...


Wanted = Callable[[SourceFile, Violation], bool]


def fix_text(
    file: SourceFile,
    settings: JudgedBy,
    *,
    only: RepairKind | None = None,
    wanted: Wanted | None = None,
    project: Project | None = None,
) -> FixResult:
    """Repair what can be repaired in a file.

    Args:
        file: The file; it is not written.
        settings: What it is judged by.
        only: The repairs to make: those of this kind or milder; `None` for all.
        wanted: Whether a violation in a file (the original, or what became of it after a round) is to be repaired
            and told of; suppressed ones are not.
        project: Where imports are looked up.
    """
    return _Repairing(settings, only, wanted, project).run(file)


class _Repairing:
    """The repair of one file.

    Attributes:
        origins: For each violation of the present text, the finding it was in the original one.
        refused: Why the safety net refused repairs.
    """

    def __init__(
        self, settings: JudgedBy, only: RepairKind | None, wanted: Wanted | None, project: Project | None
    ) -> None:
        self.settings = settings
        self.only = only
        self.wanted = wanted or (lambda file, violation: True)
        self.project = project
        self.repaired: list[RepairedFinding] = []
        self.origins: dict[int, Finding] = {}
        self.refused: dict[tuple[str, str], Fault] = {}

    def run(self, file: SourceFile) -> FixResult:
        state = self._state(file)
        self.origins = {id(violation): self._finding(violation) for violation in state.violations}
        plans = self._plans(state)
        for _ in range(MOST_ROUNDS):
            groups = self._next(state, plans)
            if not groups:
                break
            following, _ = self._tried(state, groups)
            assert following is not None
            self._note(state, following, plans, groups)
            self.refused.clear()  # what was not right before may be right now
            state = following
            plans = self._plans(state)
        left = [LeftFinding(self._finding(plan.violation), self._reason(plan)) for plan in plans]
        left.sort(key=lambda one: one.finding.sort_key)
        self.repaired.sort(key=lambda one: one.finding.sort_key)
        return FixResult(state.file.text, tuple(self.repaired), tuple(left), self._problem(file))

    def _problem(self, file: SourceFile) -> str | None:
        for (code, _), found in self.refused.items():
            if found.is_bug:
                why = f"{found.text} (a bug of orderlint: please report it)"
                return f"{file.path}: the repair of {code} was taken back, as {why}"
        return None

    def _finding(self, violation: Violation) -> Finding:
        return finding_of(violation, self.settings.order)

    def _state(self, file: SourceFile) -> State:
        graphs = analyse(file, self.project, self.settings.roles)
        violations = [
            violation
            for violation in judge(graphs, self.settings.rules, self.settings.order)
            if violation.at.place.location().path == file.path
        ]
        return State(file, graphs, violations)

    def _plans(self, state: State) -> list[Plan]:
        planner = Planner(state.file, state.graphs)
        wanted = [violation for violation in state.violations if self.wanted(state.file, violation)]
        return [planner.plan(violation) for violation in sorted(wanted, key=_precedence)]

    def _may(self, plan: Plan) -> bool:
        if plan.kind is None or _signature(plan.violation) in self.refused:
            return False
        return self.only is None or _KINDS.index(plan.kind) <= _KINDS.index(self.only)

    def _reason(self, plan: Plan) -> str:
        if plan.reason is not None:
            return plan.reason
        found = self.refused.get(_signature(plan.violation))
        if found is not None:
            return f"the repair was taken back, as {found.text}; change the order by hand"
        assert plan.kind is not None
        return f"its repair is of the kind {plan.kind.value}, which is not asked for"

    def _next(self, state: State, plans: Sequence[Plan]) -> list[list[Plan]]:
        """The repairs to make next. One that is refused no longer stands in the way of others."""
        while True:
            num_refused = len(self.refused)
            groups = self._sound(state, _compatible([plan for plan in plans if self._may(plan)]))
            if groups or len(self.refused) == num_refused:
                return groups

    # -- one round ----------------------------------------------------------------------------------------------

    def _sound(self, state: State, groups: Sequence[list[Plan]]) -> list[list[Plan]]:
        """The repairs that pass the safety net together; those that do not pass it alone are given up."""
        if not groups:
            return []
        following, problem = self._tried(state, groups)
        if following is not None:
            return list(groups)
        if len(groups) == 1:
            for plan in groups[0]:
                self.refused[_signature(plan.violation)] = problem or Fault("it did not pass the safety net")
            return []
        middle = len(groups) // 2
        first, second = self._sound(state, groups[:middle]), self._sound(state, groups[middle:])
        both = [*first, *second]
        if not first or not second:
            return both
        return both if self._tried(state, both)[0] is not None else first

    def _tried(self, state: State, groups: Sequence[list[Plan]]) -> tuple[State | None, Fault | None]:
        """The state after repairs, or what is wrong with it."""
        plans = [plan for group in groups for plan in group]
        try:
            file = edited(state.file, _edits(plans))
        except SourceError as error:
            return None, Fault(error.message, is_bug=True)
        following = self._state(file)
        violations = [plan.violation for plan in plans]
        problem = fault(state, following, violations)
        return (None, problem) if problem is not None else (following, None)

    def _note(self, before: State, after: State, plans: Sequence[Plan], groups: Sequence[list[Plan]]) -> None:
        """Keep what was repaired, and which finding each one that is left was."""
        made = [plan for group in groups for plan in group]
        done = {id(plan.violation) for plan in made}
        rest = [violation for violation in before.violations if id(violation) not in done]
        pairs = matched(rest, after.violations, _edits(made))
        origins = {}
        for new in after.violations:
            old = pairs.get(id(new))
            origins[id(new)] = self.origins[id(old)] if old is not None else self._finding(new)
        kept = {id(old) for old in pairs.values()}
        for plan in made:
            assert plan.fix is not None
            self.repaired.append(RepairedFinding(self.origins[id(plan.violation)], plan.fix.kind, plan.fix.title))
        planned = {id(plan.violation): plan for plan in plans}
        for violation in rest:  # put right by the repair of another
            other = planned.get(id(violation))
            if id(violation) not in kept and other is not None:
                cause = made[0].fix
                assert cause is not None
                kind, title = other.kind or cause.kind, other.title or cause.title
                self.repaired.append(RepairedFinding(self.origins[id(violation)], kind, title))
        self.origins = origins


def _edits(plans: Sequence[Plan]) -> set[Edit]:
    return {edit for plan in plans if plan.fix is not None for edit in plan.fix.edits}


def matched(old: Sequence[Violation], new: Sequence[Violation], edits: Iterable[Edit]) -> dict[int, Violation]:
    """For each violation of a new text (by `id`), which one of the old text it is, as far as one is found."""
    pairs: dict[int, Violation] = {}
    open_ = list(old)
    for same in (_same_place(edits), _same_layer):
        for violation in new:
            if id(violation) in pairs:
                continue
            found = next((one for one in open_ if same(one, violation)), None)
            if found is not None:
                pairs[id(violation)] = found
                open_.remove(found)
    return pairs


def _same_place(edits: Iterable[Edit]) -> Callable[[Violation, Violation], bool]:
    every = list(edits)

    def test(old: Violation, new: Violation) -> bool:
        one, other = old.at.place, new.at.place
        if old.rule is not new.rule or not isinstance(one, NodeSite) or not isinstance(other, NodeSite):
            return False
        number = one.cell.number
        start = one.cell.span(one.node)[0]
        moved = start + sum(
            len(edit.text) - (edit.end - edit.start) for edit in every if edit.cell == number and edit.end <= start
        )
        return number == other.cell.number and moved == other.cell.span(other.node)[0]

    return test


def _same_layer(old: Violation, new: Violation) -> bool:
    return old.rule is new.rule and old.at.layer == new.at.layer


def _compatible(plans: Sequence[Plan]) -> list[list[Plan]]:
    """Plans that can be made together; plans with the same edits are one."""
    groups: dict[tuple[Edit, ...], list[Plan]] = {}
    taken: list[Edit] = []
    for plan in plans:
        assert plan.fix is not None
        edits = plan.fix.edits
        if edits in groups:
            groups[edits].append(plan)
        elif not overlap(edits, taken):
            groups[edits] = [plan]
            taken += edits
    return list(groups.values())


def _precedence(violation: Violation) -> tuple[bool, str]:
    """Which repair is made first, where two are in each other's way.

    A norm goes before dropouts, which then need not move. Where an activation follows it, dropouts go first: then the
    two activations may turn out to be one.
    """
    steps = violation.unit.steps
    at = next((index for index, step in enumerate(steps) if step.call is violation.at), len(steps))
    is_followed = any(step.role is Role.ACTIVATION for step in steps[at:])
    return violation.rule.code == "ORD001" and is_followed, violation.rule.code


def _signature(violation: Violation) -> tuple[str, str]:
    """What tells a violation from others, as long as the text before it does not change."""
    at = violation.at.place.location()
    return violation.rule.code, f"{at.cell}:{at.line}:{at.column}"


def edited(file: SourceFile, edits: set[Edit]) -> SourceFile:
    """The file with edits made.

    Raises:
        SourceError: The result is no text that can be read.
    """
    by_cell: dict[int | None, list[Edit]] = {}
    for edit in edits:
        by_cell.setdefault(edit.cell, []).append(edit)
    if file.kind is FileKind.PYTHON:
        return source_from_text(apply_edits(file.text, by_cell[None]), file.path)
    from orderlint.text.notebook import replace_sources

    sources = {number: apply_edits(file.cell(number).raw, some) for number, some in by_cell.items() if number}
    return source_from_text(replace_sources(file.text, sources), file.path)
