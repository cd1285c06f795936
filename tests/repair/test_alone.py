"""Each repair can be applied alone: its edits do not depend on those of others."""

from __future__ import annotations

from orderlint.repair.alone import Alone
from orderlint.repair.effort import Effort
from orderlint.repair.planning import Planner
from orderlint.repair.soundness import Soundness, signature
from orderlint.repair.text.drafts import apply_edits
from orderlint.repair.trials import Trials
from orderlint.text.files import source_from_text
from tests.judged import standards

HEAD = "from keras.layers import BatchNormalization, Dense, ReLU\n\n\n"
ONE = "def {}(x):\n    x = Dense(8, activation='relu')(x)\n    return BatchNormalization()(x)\n\n\n"


def repaired(text: str) -> list[str]:
    """The text with each of its repairs applied alone; unchanged if none is offered."""
    standard = standards()
    trials = Trials(standard, None)
    state = trials.state(source_from_text(text))
    effort = Effort()
    effort.begin(state.paths)
    planner = Planner(state.file, state.graphs, standard)
    plans = {signature(one): planner.plan(one) for one in state.violations}
    alone = Alone(trials, Soundness(trials, effort), effort, plans, ())
    fixes = [alone.fix(plan, state) for plan in plans.values()]
    return [apply_edits(text, fix.edits) if fix is not None else text for fix in fixes]


def test_the_other_finding_stays_as_it_is() -> None:
    """Editors apply one repair at a time; the other finding stays."""
    text = HEAD + ONE.format("first") + ONE.format("second")
    first, second = repaired(text)
    assert ONE.format("second") in first
    assert ONE.format("first") not in first
    assert ONE.format("first") in second
    assert ONE.format("second") not in second


def test_what_cannot_be_repaired_is_offered_no_edits() -> None:
    """Without a repair there are no edits, and the file stays unchanged."""
    text = HEAD + "x = Dense(8)(x)\ny = ReLU()(x)\nz = BatchNormalization()(y)\nshow(y)\n"
    assert repaired(text) == [text]
