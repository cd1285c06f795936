"""Repairs a file in rounds, until nothing is left to repair.

`fix_text` returns the repaired text. `plan` returns what that run does about each finding, which `orderlint check`
announces. Both use the same code, so what is announced is what is done.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence

from orderlint.diagnostics import (
    Finding,
    Fix,
    LeftFinding,
    Repair,
    RepairedFinding,
    RepairKind,
    TextChange,
    not_allowed,
)
from orderlint.judging import Rule, Standards, Violation
from orderlint.judging.reported import finding_of
from orderlint.records import record
from orderlint.repair.alone import Alone
from orderlint.repair.asking import Asking
from orderlint.repair.effort import TOO_LONG, TOO_MANY, Effort
from orderlint.repair.matching import matched
from orderlint.repair.net.safety import Fault, State
from orderlint.repair.net.simulation import paths_of
from orderlint.repair.planning import Planner
from orderlint.repair.precedence import precedence, without_hasty
from orderlint.repair.results import Ask, FixResult, Plan, Question
from orderlint.repair.soundness import Signature, Soundness, signature
from orderlint.repair.text.unused import unused_imports
from orderlint.repair.trials import Group, Trials, compatible, edited, edits_of
from orderlint.repair.ways.neighbors import Around, importer_of
from orderlint.source import Analysis, Project
from orderlint.text.files import SourceFile
from orderlint.text.nesting import deeper_if_needed

__all__ = ["fix_text", "plan"]

MOST_ROUNDS = 10
MOST_ASKED = 1_000  # rounds if the user is asked, because then each round makes one repair
_KINDS = tuple(RepairKind)
Wanted = Callable[[SourceFile, Violation], bool]
Place = tuple[str, "int | None", int, int]
"""A rule's code, and the cell, line and column of a finding."""


def fix_text(
    file: SourceFile,
    standards: Standards,
    *,
    only: RepairKind | None = None,
    wanted: Wanted | None = None,
    known: Collection[Place] = (),
    project: Project | None = None,
    ask: Ask | None = None,
    graphs: Analysis | None = None,
    keep: Callable[[SourceFile, Analysis], object] | None = None,
) -> FixResult:
    """Repair what can be repaired in a file.

    Args:
        file: The file; it is not written.
        standards: The rules, the roles and the order that apply to it.
        only: The kind of the repairs to make, including milder ones; `None` for all.
        wanted: Whether a violation in a file (the original, or the text after a round) is to be repaired and reported.
            Suppressed ones are not.
        known: The violations of the original that stay, whatever happens to the text around them.
        project: The project in which imports are resolved.
        ask: Asks the user about each repair before it is made. If `None`, all are made.
        graphs: The analysis of the file; `None` if it has yet to be analyzed.
        keep: Called with the repaired file and its analysis, so that checking it takes no other analysis.
    """

    def repaired() -> FixResult:
        run = _Run(Trials(standards, project), file.path, only, wanted, Asking(ask), known, keep)
        made = run.trials.analyzed(file) if graphs is None else graphs
        paths = paths_of(made)
        run.effort.begin(paths, made.num_steps)
        return run.result(run.trials.judged(file, paths, made, is_left=run.effort.is_spent))

    return repaired() if ask is not None else deeper_if_needed(repaired)  # a second run would ask everything again


def plan(
    file: SourceFile,
    violations: Sequence[Violation],
    graphs: Analysis,
    standards: Standards,
    *,
    wanted: Wanted | None = None,
    known: Collection[Place] = (),
    project: Project | None = None,
) -> list[Plan]:
    """The plan for each violation if the file is repaired, in the same order.

    Args:
        file: The file.
        violations: The violations of the rules that apply, in this file.
        graphs: The analysis of the file.
        standards: The rules, the roles and the order that apply to it.
        wanted: As for `fix_text`.
        known: As for `fix_text`.
        project: The project in which imports are resolved.
    """
    if not violations:  # for example, if all violations are in other files
        return []

    def planned() -> list[Plan]:
        run = _Run(Trials(standards, project), file.path, None, wanted, known=known)
        paths = paths_of(graphs)
        run.effort.begin(paths, graphs.num_steps)
        if run.effort.is_spent:  # judging by all rules would take even longer
            return [Plan(one, None, one.refusal if one.wish is None else TOO_LONG) for one in violations]
        state = run.trials.judged(file, paths, graphs)
        run.settle(state)
        return [run.became(violation, state) for violation in violations]

    return deeper_if_needed(planned)


@record(frozen=True, slots=True)
class _Made:
    """A repair that was made.

    Attributes:
        fix: Its edits.
        is_of_original: Whether these are edits of the original text.
        remarks: What the user should know about the repaired model.
    """

    fix: Fix
    is_of_original: bool
    remarks: tuple[str, ...]


class _Run:
    """The repair of one file.

    Attributes:
        around: The files around this one.
        planner: Plans the repairs of the current text.
        first: The plans of the first round, by the rule and place of their violations.
        first_ones: The violations of the original that had edits in the first round.
        sound: The plans that were carried out in the first round.
        refused_first: Why the safety net refused plans of the first round.
        origins: For each violation of the current text, the same one in the original, or itself.
        repaired: By the original violation, what repaired it.
        left: By the original violation, why it was not repaired.
        soundness: Determines which repairs of the current text pass the safety net.
        put_off: The original violations that stay.
        keep: Called with the repaired file and its analysis.
        effort: The effort so far.
    """

    def __init__(
        self,
        trials: Trials,
        path: str,
        only: RepairKind | None,
        wanted: Wanted | None,
        asking: Asking | None = None,
        known: Collection[Place] = (),
        keep: Callable[[SourceFile, Analysis], object] | None = None,
    ) -> None:
        self.known = known
        self.keep = keep
        self.effort = Effort()
        self.put_off: set[Violation] = set()
        self.trials = trials
        self.around = Around(path, trials.project)
        self.asking = asking or Asking(None)
        self.only = only
        self.wanted = wanted or (lambda file, violation: True)
        self.first: dict[Signature, Plan] = {}
        self.first_ones: set[Violation] = set()
        self.sound: set[Signature] = set()
        self.refused_first: Mapping[Signature, Fault] = {}
        self.origins: dict[Violation, Violation] = {}
        self.repaired: dict[Violation, _Made] = {}
        self.left: dict[Violation, str] = {}
        self.soundness = Soundness(trials, self.effort)

    def result(self, original: State) -> FixResult:
        """Repair a file and return the result."""
        state, plans = self.settle(original)
        state, tidied = self._tidied(original, state)
        if self.keep is not None and state.analysis is not None:
            self.keep(state.file, state.analysis)
        found = {self.origins[one.violation]: tidied.get(one.violation, one.violation) for one in plans}
        every = (LeftFinding(self._finding(violation), self.left[origin]) for origin, violation in found.items())
        left = sorted(every, key=lambda one: one.finding.sort_key)
        repaired = sorted(map(self._as_made, self.repaired), key=lambda one: one.finding.sort_key)
        revealed = self._revealed(original, state)
        return FixResult(state.file.text, tuple(repaired), tuple(left), revealed, self._problem(original.file))

    def settle(self, state: State) -> tuple[State, list[Plan]]:
        """Make repairs as long as there are any. Return the state after them, and the plans for the rest."""
        self.origins = {violation: violation for violation in state.violations}
        self.put_off = {one for one in state.violations if self.known and _place(one) in self.known}
        plans = self._plans(state)
        self.first = {signature(one.violation): one for one in plans}
        self.first_ones = {one.violation for one in plans if one.fix is not None}
        for number in range(MOST_ASKED if self.asking.asks else MOST_ROUNDS):
            groups = self._next(state, plans)
            if not groups:
                break
            if number == 0:
                self.sound = {signature(one.violation) for group in groups for one in group}
                self.refused_first = dict(self.soundness.refused)
            following, _ = self.trials.tried(state, groups)
            assert following is not None
            self._note(state, following, plans, groups)
            self.soundness.refused.clear()  # what was wrong before may be right now
            state = following
            plans = self._plans(state)
        self.left = {self.origins[one.violation]: self._said(self._reason(one)) for one in plans}
        return state, plans

    def _tidied(self, before: State, after: State) -> tuple[State, Mapping[Violation, Violation]]:
        """The state without imports that became unused, and for each remaining violation the same one in that state."""
        names, edits = unused_imports(before.file, after.file) if self.repaired else (set(), set())
        if not edits or any(importer_of(before.file.path, name, self.trials.project) for name in names):
            return after, {}
        state = self.trials.state(edited(after.file, edits))
        pairs = {old: new for new, old in matched(after.violations, state.violations, edits).items()}
        return (state, pairs) if len(pairs) == len(state.violations) == len(after.violations) else (after, {})

    def _revealed(self, before: State, after: State) -> tuple[tuple[str, int], ...]:
        """How many findings of rules that do not obstruct repairs have appeared; selected rules report them anyway."""
        selected = set(self.trials.standards.rules)
        old, new = (Counter(one.rule for one in state.every if one.rule.revealed) for state in (before, after))
        return tuple(
            (rule.code, count) for rule, count in sorted((new - old).items(), key=_code) if rule not in selected
        )

    def _problem(self, file: SourceFile) -> str | None:
        for (code, _), found in self.soundness.refused.items():
            if found.is_bug:
                why = f"{found.text} (a bug in orderlint: please report it)"
                return f"{file.path}: the repair of {code} was undone because {why}"
        return None

    def _finding(self, violation: Violation) -> Finding:
        return finding_of(violation, self.trials.standards.order)

    # -- what became of the original findings -------------------------------------------------------------------

    def became(self, violation: Violation, state: State) -> Plan:
        """The result for a violation of the original text."""
        first = self.first.get(signature(violation))
        if first is None:
            return Plan(violation, None, "a comment suppresses it")
        if first.violation in self.left:  # the first reason is better: later ones mention lines of the repaired text
            refused = self.refused_first.get(signature(violation))
            reason = first.reason or (refused and refused.reason) or self.left[first.violation]
            return Plan(violation, None, self._said(reason))
        done = self.repaired[first.violation]
        alone = Alone(self.trials, self.soundness, self.effort, self.first, self.sound)
        return Plan(violation, alone.fix(first, state), kind=done.fix.kind, title=done.fix.title)

    # -- one round ----------------------------------------------------------------------------------------------

    def _plans(self, state: State) -> list[Plan]:
        ours = [one for one in state.violations if self.origins[one] not in self.put_off]
        wanted = [violation for violation in ours if self.wanted(state.file, violation)]
        self.planner = planner = Planner(
            state.file, state.graphs, self.trials.standards, state.paths, self.trials.project, self.around, wanted
        )
        return [self._planned(planner, violation, state) for violation in sorted(wanted, key=precedence)]

    def _planned(self, planner: Planner, violation: Violation, state: State) -> Plan:
        touched = planner.foresight.through(violation.at.place) if self.effort.may_plan else ()
        if not self.effort.plan(violation, state.graphs, touched, planner.breadth(violation)):
            before = self.first.get(signature(self.origins[violation]))
            was_planned = before is not None and before.reason != TOO_MANY
            return Plan(violation, None, (planner.some_paths(violation) if was_planned else None) or TOO_MANY)
        return planner.plan(violation)

    def _may(self, one: Plan) -> bool:
        if one.fix is None or signature(one.violation) in self.soundness.refused:
            return False
        if not self.asking.is_open(self.origins[one.violation]):
            return False
        return self.only is None or _KINDS.index(one.fix.kind) <= _KINDS.index(self.only)

    def _reason(self, one: Plan) -> str:
        if one.reason is not None:
            return one.reason
        found = self.soundness.refused.get(signature(one.violation))
        if found is not None and found.reason is not None:
            return found.reason
        if found is not None and not found.is_bug and (reason := self.planner.explained(one.violation)):
            return reason
        if found is not None:
            return f"the repair was undone because {found.text}; change the order by hand"
        if (said := self.asking.reason(self.origins[one.violation])) is not None:
            return said
        if self.effort.is_spent:
            return self.planner.doubt(one) or TOO_MANY
        assert one.kind is not None
        return not_allowed(one.kind)

    def _said(self, reason: str) -> str:
        """The reason as it is shown. `TOO_MANY` is replaced if no repair is offered that could be made first."""
        return TOO_LONG if reason == TOO_MANY and not self.repaired else reason

    def _next(self, state: State, plans: list[Plan]) -> list[Group]:
        """The repairs to make next. A refused one no longer conflicts with others."""
        while True:
            num_refused = len(self.soundness.refused)
            ready = self._surest([one for one in plans if self._may(one)])
            groups = without_hasty(compatible(ready), ready)
            groups = self._asked(state, groups) if self.asking.asks else self.soundness.of(state, groups)
            if groups or (len(self.soundness.refused) == num_refused and not self._reconsidered(plans)):
                return groups

    def _surest(self, plans: list[Plan]) -> list[Plan]:
        """If there is only time for a few trials, the plans that nothing shows to be wrong; otherwise, all plans."""
        if not self.effort.has_few_trials:
            return plans
        return [one for one in plans if self.planner.doubt(one) is None] or plans

    def _asked(self, state: State, groups: Sequence[Group]) -> list[Group]:
        """The first repair that is sound and wanted."""
        for group in groups:
            sound = self.soundness.of(state, [group])
            origins = [self.origins[one.violation] for one in (sound[0] if sound else ())]
            if not sound or not all(map(self.asking.is_open, origins)):
                continue
            if self.asking.wants(origins, self._question(state, sound[0])):
                return sound
        return []

    def _question(self, state: State, group: Group) -> Question:
        following, _ = self.trials.tried(state, [group])
        assert following is not None
        pairs = zip(state.file.cells, following.file.cells, strict=True)
        changes = [TextChange(old.raw, new.raw, old.number) for old, new in pairs if old.raw != new.raw]
        return Question(state.file.path, tuple(map(self._as_repaired, group)), tuple(changes))

    def _as_repaired(self, one: Plan) -> RepairedFinding:
        assert one.fix is not None
        return RepairedFinding(self._finding(one.violation), one.fix.kind, one.fix.title, one.remarks)

    def _reconsidered(self, plans: list[Plan]) -> bool:
        """Replace refused plans by others, where there are any. Return whether a plan was replaced."""
        found = False
        for at, one in enumerate(plans):
            key = signature(one.violation)
            refused = self.soundness.refused.get(key)
            if one.fix is not None and refused is not None and not refused.is_bug:
                other = self.planner.plan(one.violation, one.option + 1)
                if other.fix is not None:
                    plans[at] = other
                    del self.soundness.refused[key]
                    found = True
        return found

    def _note(self, before: State, after: State, plans: Sequence[Plan], groups: Sequence[Group]) -> None:
        """Record what was repaired, and the origin of each remaining violation."""
        made = [one for group in groups for one in group]
        done = {one.violation for one in made}
        rest = [violation for violation in before.violations if violation not in done]
        pairs = matched(rest, after.violations, edits_of(made))
        for one in made:
            assert one.fix is not None
            self._apply(one.violation, one.fix, one.remarks)
        kept = set(pairs.values())
        planned = {one.violation for one in plans}
        for violation in rest:
            if violation in planned and violation not in kept:
                self._apply(violation, _cause(violation, made))
        self.origins = {new: self.origins[pairs[new]] if new in pairs else new for new in after.violations}

    def _apply(self, violation: Violation, fix: Fix, remarks: tuple[str, ...] = ()) -> None:
        """Record what repaired a violation. The edits can only be shown if they are edits of the original text."""
        self.repaired[self.origins[violation]] = _Made(fix, violation in self.first_ones, remarks)

    def _as_made(self, origin: Violation) -> RepairedFinding:
        """A violation of the original as a repaired finding."""
        made = self.repaired[origin]
        fix = made.fix
        edits = fix if made.is_of_original else None
        finding = finding_of(origin, self.trials.standards.order, Repair(True, fix.kind, title=fix.title), edits)
        return RepairedFinding(finding, fix.kind, fix.title, made.remarks)


def _cause(violation: Violation, made: Sequence[Plan]) -> Fix:
    """The repair of another finding that also repaired a violation: one in the same unit, if there is one."""
    own = {step.call.place for step in violation.unit.steps}
    near = [one for one in made if own & {step.call.place for step in one.violation.unit.steps}]
    fix = (near or made)[0].fix
    assert fix is not None
    return fix


def _code(entry: tuple[Rule, int]) -> str:
    return entry[0].code


def _place(violation: Violation) -> Place:
    at = violation.at.place.location()
    return violation.rule.code, at.cell, at.line, at.column
