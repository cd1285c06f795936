"""The repair of a single finding, as editors and reports such as SARIF offer it, without the other repairs."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from orderlint.diagnostics import Fix
from orderlint.records import record
from orderlint.repair.effort import Effort
from orderlint.repair.net.safety import State
from orderlint.repair.results import Plan
from orderlint.repair.soundness import Signature, Soundness, signature
from orderlint.repair.text.unused import without_unused
from orderlint.repair.trials import Trials, edited
from orderlint.repair.ways.neighbors import importer_of

__all__ = ["Alone"]

_MOST = 12
"""The most repairs that conflict with others and are still tried alone, to be offered. Each trial analyzes the file."""


@record(frozen=True, slots=True)
class Alone:
    """The repairs of a file, each by itself.

    Attributes:
        trials: Makes and judges repaired texts.
        soundness: Determines which repairs pass the safety net.
        effort: The effort so far.
        plans: The plans for the file as it is.
        sound: The plans that were carried out together.
    """

    trials: Trials
    soundness: Soundness
    effort: Effort
    plans: Mapping[Signature, Plan]
    sound: Collection[Signature]

    def fix(self, plan: Plan, state: State) -> Fix | None:
        """The edits that repair a finding by themselves; `None` if there are none, or if trying them takes too long.

        Args:
            plan: The plan for the finding.
            state: The file as it is.
        """
        if plan.fix is None:
            return None
        if signature(plan.violation) not in self.sound:
            if len(self.plans) - len(self.sound) > _MOST or self.effort.is_spent:
                return None
            if not self.soundness.is_sound(state, [plan]):
                return None
        return self._with_imports(plan.fix, state)

    def _with_imports(self, fix: Fix, state: State) -> Fix:
        """The edits of a repair, and those that remove the imports that become unused if it is made by itself."""
        if len(self.plans) > _MOST:
            return fix
        others = [one.fix for one in self.plans.values() if one.fix is not None and one.fix != fix]
        path, project = state.file.path, self.trials.project
        return without_unused(
            state.file,
            fix,
            edited(state.file, set(fix.edits)),
            [edit for other in others for edit in other.edits],
            lambda name: bool(importer_of(path, name, project)),
        )
