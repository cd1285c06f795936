"""Checks one file that has been read: glances at it, analyzes it, applies the rules and plans repairs.

If a rule, an analysis or a plan fails, only its own result is lost.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import TYPE_CHECKING

from orderlint.diagnostics import FileWarning, Finding, Fix, Repair
from orderlint.engine.failures import failure, rule_failure
from orderlint.engine.glancing import seen_in, unread_cells
from orderlint.engine.identity import KnownPlace, identified, known_places
from orderlint.engine.mistyped import mistyped
from orderlint.engine.screening import leads_to_layers, vocabulary_of
from orderlint.engine.session import Session
from orderlint.engine.targets import Outcome
from orderlint.engine.wanted import Wanted
from orderlint.graph import Location, Site, gaps
from orderlint.judging import Rule, Standards, Subject, Violation, judge
from orderlint.judging.reported import finding_of
from orderlint.screening.needs import is_about_keras
from orderlint.screening.vocabulary import EVERYTHING
from orderlint.text.files import SourceFile, SyntaxProblem
from orderlint.text.marimo import linked_cells
from orderlint.text.suppression import suppressions

if TYPE_CHECKING:
    from orderlint.source import Analysis

__all__ = ["check_file"]

_ELSEWHERE = Repair(
    False, reason="the layers have this order only where another file uses this code; change the order by hand"
)

_LINKED = (
    "the cell was only partly checked: it calls what other cells define; check the result of `marimo export script`"
)


def check_file(
    file: SourceFile,
    standards: Standards,
    session: Session,
    *,
    plans: bool = True,
    known: Collection[str] = frozenset(),
    in_full: bool = False,
    analyzed: Callable[[Analysis], object] | None = None,
    graphs: Analysis | None = None,
) -> Outcome:
    """Check one file that has been read.

    Args:
        file: The file.
        standards: The rules, the roles and the order that apply to it.
        session: The state of the run.
        plans: Whether to find out which repairs are possible, by trying them.
        known: The keys of findings that repairs leave alone.
        in_full: Whether to find out what the file shows in other files, too. Otherwise, there may be suspects instead.
        analyzed: Called with the analysis of the file, if it was analyzed.
        graphs: The analysis of the file, if it is known.
    """
    outcome = Outcome(file.path)
    check = _Check(file, standards, session, outcome)
    try:
        if check.is_skipped():
            return outcome
        check.warn_of_linked_cells()
        if in_full or graphs is not None or not check.glance():
            graphs = check.graphs() if graphs is None else graphs
            check.judge(graphs, known if plans else None)
            if analyzed is not None:
                analyzed(graphs)
    except Exception as error:  # a failure on one file must not hide the others
        outcome.failed(failure("the analysis", error, file), error)
    return outcome


class _Check:
    """The check of one file.

    Args:
        file: The file.
        standards: The rules, the roles and the order that apply to it.
        session: The state of the run.
        outcome: Receives the findings.
    """

    def __init__(self, file: SourceFile, standards: Standards, session: Session, outcome: Outcome) -> None:
        self._file = file
        self._standards = standards
        self._session = session
        self._outcome = outcome

    def is_skipped(self) -> bool:
        """Whether a comment skips the file. Records the warnings about its other comments."""
        outcome, registry = self._outcome, self._session.registry
        comments = outcome.suppressions = suppressions(self._file, registry.names, registry.about_comments)
        outcome.warnings += [FileWarning(problem.location, problem.message) for problem in comments.problems]
        outcome.is_skipped = comments.skips_file
        return comments.skips_file

    def warn_of_linked_cells(self) -> None:
        """Warn of the cells of a marimo notebook that apply what other cells define, which is unknown in them."""
        vocabulary = vocabulary_of(self._standards.roles)
        for cell in linked_cells(self._file.text):
            has_roles = any(vocabulary.role_of(name.rpartition(".")[2]) for name in cell.called)
            if not has_roles and any("." not in name for name in cell.called):  # a helper, which may apply layers
                has_roles = vocabulary.roles_by_words(cell.body.encode("utf-8", "replace"), EVERYTHING) != 0
            if has_roles:
                at = Location(self._file.path, cell.line, 1, cell.line, 2)
                self._outcome.warnings.append(FileWarning(at, _LINKED, is_gap=True))

    def glance(self) -> bool:
        """Whether a glance shows that no layer is out of order."""
        file, standards, outcome = self._file, self._standards, self._outcome
        seen = seen_in(file, standards, self._session)
        if seen is None:
            return False
        outcome.suspects += sorted(seen.suspects)
        problems = self._problems(unread_cells(file).values())
        outcome.findings += identified(self._of_syntax(problems))
        outcome.is_bare = not problems and not seen.has_layers and not leads_to_layers(file, standards, self._session)
        return True

    def graphs(self) -> Analysis:
        """The layer graphs that the analysis finds in the file."""
        from orderlint.source import analyze  # imports libcst

        return analyze(self._file, self._session.project, self._standards.roles)

    def judge(self, graphs: Analysis, known: Collection[str] | None) -> None:
        """Apply the rules to the layer graphs of the file.

        Args:
            graphs: The result of the analysis.
            known: The keys of findings that repairs leave alone; `None` if no repairs are planned.
        """
        file, standards, outcome = self._file, self._standards, self._outcome

        def failed(rule: Rule, error: Exception) -> None:
            outcome.failed(rule_failure(rule, error, file), error)

        problems = self._problems(file.problems)
        found = self._of_syntax(problems)
        short = list(graphs.shortfalls)
        outcome.warnings += mistyped(file, standards.roles, self._session.project)
        is_silent = not problems and not short and not any(graph.calls for graph in graphs)
        outcome.is_bare = is_silent and not leads_to_layers(file, standards, self._session)
        violations = judge(graphs, standards.rules, standards.order, failed, short.append)
        outcome.warnings += [FileWarning(place.location(), message, is_gap=True) for place, message in gaps(short)]
        repairs = self._repairs(violations, graphs, known) if violations and known is not None else {}
        for violation in violations:
            if violation.rule.of_every_use and violation.at.place.location().path != file.path:
                continue
            repair, fix = repairs.get(violation, (_ELSEWHERE, None))
            found.append((finding_of(violation, standards.order, repair, fix), violation.at.place))
        outcome.findings += identified(found)

    def _repairs(
        self, violations: Sequence[Violation], graphs: Analysis, known: Collection[str]
    ) -> Mapping[Violation, tuple[Repair | None, Fix | None]]:
        """The possible repairs of the violations in the file."""
        from orderlint.repair import plan

        file, standards, session = self._file, self._standards, self._session
        own = [violation for violation in violations if file.holds(violation.at.place)]
        try:
            wanted = Wanted(session.registry)
            put_off = _put_off(own, standards, file.path, known)
            plans = plan(file, own, graphs, standards, wanted=wanted, known=put_off, project=session.project)
            return {planned.violation: (planned.repair, planned.fix) for planned in plans}
        except Exception as error:  # a finding is reported even if its repair cannot be planned
            self._outcome.failed(failure("the planning of repairs", error, file), error)
            return dict.fromkeys(own, (None, None))

    def _problems(self, problems: Collection[SyntaxProblem]) -> list[SyntaxProblem]:
        """The syntax errors that matter. Cells of a notebook without Keras are only counted, because many are notes."""
        file, vocabulary = self._file, vocabulary_of(self._standards.roles)
        reported = [
            problem
            for problem in problems
            if problem.cell is None
            or is_about_keras(file.cell(problem.cell).text.encode("utf-8", "replace"), vocabulary)
        ]
        self._outcome.unparsed = len(problems) - len(reported)
        return reported

    def _of_syntax(self, problems: Sequence[SyntaxProblem]) -> list[tuple[Finding, Site]]:
        """The findings about syntax errors. If no rule reports them, they become warnings."""
        file, rules = self._file, tuple(self._standards.about(Subject.SYNTAX))
        if not rules:  # nothing else reports that something was not checked
            reported = ((_at(file, problem), _unparsed(problem)) for problem in problems)
            self._outcome.warnings += [FileWarning(at, message, is_gap=True) for at, message in reported]
        return [(rule.finding(_unparsed(one), _at(file, one)), _at(file, one)) for rule in rules for one in problems]


def _put_off(
    violations: Sequence[Violation], standards: Standards, path: str, known: Collection[str]
) -> set[KnownPlace]:
    """The places of the violations in a file that are in a baseline. `fix` leaves them alone."""
    if not known:
        return set()
    found = [(finding_of(one, standards.order), one.at.place) for one in violations]
    return known_places(identified(found), known, path)


def _at(file: SourceFile, problem: SyntaxProblem) -> Location:
    return Location(file.path, problem.line, problem.column, problem.line, problem.column + 1, problem.cell)


def _unparsed(problem: SyntaxProblem) -> str:
    return f"cannot be parsed: {problem.message}"
