"""The safety net: a repaired text has the wished change and no other."""

from __future__ import annotations

from dataclasses import replace

import pytest

from orderlint.graph import UnitStep
from orderlint.judging import MoveAfter, MoveBefore, judge
from orderlint.repair.net.safety import Fault, State, fault
from orderlint.repair.net.simulation import paths_of
from orderlint.source import Analysis, analyze
from orderlint.text.files import source_from_text
from tests.judged import standards

DEFAULT = standards()
BEFORE = "x = Dense(8)(x)\nx = ReLU()(x)\nx = BatchNormalization()(x)\n"
AFTER = "x = Dense(8)(x)\nx = BatchNormalization()(x)\nx = ReLU()(x)\n"


def state(text: str) -> State:
    file = source_from_text(text, "net.py")
    graphs = analyze(file)
    return State(file, paths_of(graphs), judge(graphs, DEFAULT.rules), judge(graphs, DEFAULT.every))


def found(before: str, after: str) -> Fault | None:
    """The faults of a text that is offered as the repair of the first finding of another one."""
    old = state(before)
    violation = old.violations[0]
    assert violation.wish is not None
    return fault(old, state(after), [violation], [violation.wish])


def test_what_was_wished_for_passes() -> None:
    """The wished change passes in any way of writing it."""
    assert found(BEFORE, AFTER) is None
    assert found(BEFORE, AFTER.replace("ReLU()", "Activation('relu')")) is None
    assert found(BEFORE, "x = ReLU()(BatchNormalization()(Dense(8)(x)))\n") is None


def test_of_two_repairs_the_finding_of_one_may_remain() -> None:
    """After two repairs, the finding of one may remain."""
    drop = "x = Dense(8)(x)\nx = Dropout(0.5)(x)\nx = BatchNormalization()(x)\n"
    old = state(BEFORE + drop)
    wishes = [one.wish for one in old.violations if one.wish is not None]
    assert len({one.rule for one in old.violations}) == len(wishes) == 2
    problem = fault(old, state(AFTER + drop), old.violations, wishes)
    assert problem is not None
    assert problem.text == "the finding would remain"


@pytest.mark.parametrize(
    ("after", "reason"),
    [
        (BEFORE, "the finding would remain"),
        (AFTER.replace("Dense(8)", "Dense(9, use_bias=False)"), "more than the order"),
        (AFTER.replace("ReLU()", "ReLU(6.0)").replace("Dense(8)", "Dense(8, activation='tanh')"), "cause|remain"),
        ("x = Dense(8)(x)\nx = BatchNormalization()(x)\n", "more than the order"),
        (AFTER + "x = Dense(8)(x)\n", "more than the order"),
        (AFTER.replace("x = ReLU()(x)\n", "x = ReLU()(x)\nx = ReLU()(x)\n"), "cause"),
    ],
)
def test_anything_else_is_a_fault_and_no_bug(after: str, reason: str) -> None:
    """A remaining or a new finding, and a removed, added or different layer are faults."""
    fault = found(BEFORE, after)
    assert fault is not None
    assert not fault.is_bug
    assert any(word in fault.text for word in reason.split("|"))


@pytest.mark.parametrize(
    ("after", "reason"), [(AFTER + "x = (\n", "would not parse"), (AFTER + "return x\n", "would not compile")]
)
def test_a_text_that_is_no_python_is_a_bug(after: str, reason: str) -> None:
    """A repair must never result in text that does not parse."""
    fault = found(BEFORE, after)
    assert fault is not None
    assert fault.is_bug
    assert reason in fault.text


def test_functions_do_not_make_up_for_each_other() -> None:
    """An activation removed from one function is not balanced by one added to another."""
    function = "def {}(x):\n    x = Dense(8)(x)\n{}    return Dense(1)(x)\n"
    act = "    x = ReLU()(x)\n"
    norm = "    x = BatchNormalization()(x)\n"
    before = function.format("f", act + norm) + function.format("g", act) + function.format("h", "")
    after = function.format("f", norm + act) + function.format("g", "") + function.format("h", act)
    assert found(before, after.replace("Dense(1)", "Dense(2)")) is not None
    assert found(before, function.format("f", norm + act) + before[before.index("def g") :]) is None
    assert found(before, after) is not None


def test_what_did_not_compile_before_need_not_afterward() -> None:
    """A text that did not compile before is checked and repaired all the same."""
    assert found(f"{BEFORE}return x\n", f"{AFTER}return x\n") is None


def test_a_text_is_compiled_as_it_stands() -> None:
    """The text is compiled without the `__future__` flags of this module, which would change its annotations."""
    bound = "def f(y):\n    z: (y := 1) = 2\n"
    assert found(BEFORE + bound, AFTER + bound) is None
    fault = found(BEFORE + bound, f"{AFTER}return x\n{bound}")
    assert fault is not None
    assert "would not compile" in fault.text


def test_a_path_that_ends_early_may_be_part_of_a_longer_one() -> None:
    """`if noisy:` around the last layer leaves a path that is no longer a unit once that layer moves up."""
    before = "x = Dense(8)(x)\nx = ReLU()(x)\nx = BatchNormalization()(x)\nif noisy:\n    x = Dropout(0.5)(x)\n"
    after = "x = Dense(8)(x)\nx = BatchNormalization()(x)\nx = ReLU()(x)\nif noisy:\n    x = Dropout(0.5)(x)\n"
    assert found(before, after) is None


FUNCTIONS = """
def one(x):
    x = Dense(8)(x)
    x = ReLU()(x)
    return BatchNormalization()(x)


def other(x):
    x = Dense(8)(x)
    return ReLU()(x)
"""


@pytest.mark.parametrize(
    ("name", "last", "graphs"),
    [
        ("other", "Dense(8, use_bias=False)(x)\n    return ReLU()(x)", {1}),
        ("other", "Dense(8)(x)\n    return BatchNormalization()(ReLU()(x))", {1}),
        ("another", "Dense(8, use_bias=False)(x)\n    return ReLU()(x)", set()),
    ],
)
def test_a_fault_tells_in_which_functions_it_shows(name: str, last: str, graphs: set[int]) -> None:
    """A fault names the functions in which it occurs, if both texts have the same functions."""
    after = FUNCTIONS.replace("    return BatchNormalization()(x)", "    return ReLU()(x)")
    after = after.replace("    x = ReLU()(x)\n", "    x = BatchNormalization()(x)\n")
    assert found(FUNCTIONS, after) is None
    fault = found(FUNCTIONS, f"{after.partition('def other')[0]}def {name}(x):\n    x = {last}\n")
    assert fault is not None
    assert fault.graphs == graphs


def test_a_finding_that_stays_tells_in_which_function_it_is() -> None:
    """The function of the finding that was to be repaired."""
    fault = found(FUNCTIONS, FUNCTIONS)
    assert fault is not None
    assert fault.graphs == {0}


OPEN = "def f(x, acts=None):\n    if acts is None:\n        acts = ['relu']\n"
OPEN_BEFORE = (
    OPEN + "    x = Dense(8, activation=acts[0])(x)\n    x = BatchNormalization()(x)\n    return Dense(1)(x)\n"
)
OPEN_AFTER = (
    OPEN
    + "    x = Dense(8)(x)\n    x = BatchNormalization()(x)\n    x = Activation(acts[0])(x)\n    return Dense(1)(x)\n"
)


def test_an_activation_that_is_unknown_elsewhere_becomes_a_layer_there_too() -> None:
    """If a caller passes the list, the activation is unknown, so an additional unknown layer is allowed."""
    assert found(OPEN_BEFORE, OPEN_AFTER) is None
    assert found(OPEN_BEFORE, OPEN_AFTER.replace("    x = Activation(acts[0])(x)\n", "")) is not None


def test_an_unknown_activation_that_nobody_asked_for_is_a_fault() -> None:
    """If the moved activation is known on all paths, a new layer with an unknown one is a fault."""
    known, after = (text.replace("acts[0]", "'relu'") for text in (OPEN_BEFORE, OPEN_AFTER))
    assert found(known, after) is None
    assert found(known, after.replace("    return", "    x = Activation(acts[0])(x)\n    return")) is not None


def test_one_function_does_not_make_up_for_another() -> None:
    """A layer removed from one function is a fault, although another function ends in the same way."""
    one = "def f(x):\n    x = Dense(2)(x)\n    return ReLU()(x)\n"
    other = one.replace("f(x)", "g(x)", 1)
    assert found(BEFORE + one + other, AFTER + one + other) is None
    assert found(BEFORE + one + other, AFTER + one.replace("ReLU()(x)", "x") + other)


def test_iterations_of_a_loop_are_told_apart_no_longer_once_the_last_one_is_like_the_others() -> None:
    """A loop is then followed for another number of iterations, but each iteration must apply the same layers."""
    loop = "for i in range(n):\n    x = Dense(8)(x)\n    if i == n - 1:\n        x = ReLU()(x)\n"
    norm = "x = BatchNormalization()(x)\n"
    before, dense = state(loop + norm), "for i in range(n):\n    x = Dense(8)(x)\n"
    wish = before.violations[0].wish
    assert isinstance(wish, MoveBefore)
    behind = MoveAfter(wish.anchor, UnitStep(wish.call, wish.call.steps[0]), "changes-model", leaves_loop=True)

    def fault_of(after: str, wish: MoveAfter) -> Fault | None:
        return fault(before, state(after), before.violations, [wish])

    assert fault_of(dense + norm + "x = ReLU()(x)\n", behind) is None
    assert fault_of(dense + norm + "x = ReLU()(x)\n", replace(behind, leaves_loop=False))
    assert fault_of(dense + norm, behind)


def test_how_many_iterations_are_run_does_not_matter_if_some_are_left_out() -> None:
    """Only units that occur several times in both texts may differ in number."""
    loop = "for _ in range(3):\n    x = Dense(8)(x)\n    x = {}()(x)\n    x = {}()(x)\n"
    before, after = ("BatchNormalization", "ReLU")[::-1], ("BatchNormalization", "ReLU")
    old, new = state(loop.format(*before)), state(loop.replace("3", "5").format(*after))
    violation = old.violations[0]
    assert violation.wish is not None
    problem = fault(old, new, [violation], [violation.wish])
    assert problem is not None
    assert "more than the order" in problem.text
    some = Analysis((), skips_iterations=True)
    assert fault(replace(old, analysis=some), new, [violation], [violation.wish]) is None
    once = state(loop.replace("3", "1").format(*after))
    assert fault(replace(old, analysis=some), once, [violation], [violation.wish]) is not None
