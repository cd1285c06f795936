"""`for` loops: all iterations run if they are known, else a first and a later one."""

from __future__ import annotations

import pytest

from orderlint.source.python import containers, loops
from orderlint.source.state.budget import STEPS_PER_ROOT
from orderlint.source.state.values import Choice, Const
from tests.source.running import by_python, flow, interpreter, layers_of, python_value, value_of

HEADER = "from keras import Input, layers\nx = Input((3,))\n"


@pytest.mark.parametrize(
    "code",
    [
        "a = 0\nfor i in range(4):\n    a += i\n",
        "a = 0\nfor i in range(9):\n    if i == 3: break\n    a += i\n",
        "a = 0\nfor i in range(5):\n    if i == 3: continue\n    a += i\n",
        "a = 0\nfor i in range(3): pass\nelse:\n    a = 7\n",
        "a = 0\nfor i in range(3):\n    break\nelse:\n    a = 7\n",
        "a = 0\nfor i, (j, k) in enumerate([(1, 2), (3, 4)]):\n    a += i * j * k\n",
    ],
)
def test_known_iterations_are_run_as_in_python(code: str) -> None:
    """A loop over known elements, or with a known test, has the same result as in Python."""
    assert python_value(interpreter(code), "a") == by_python(code, "a")


def test_layers_follow_each_other_over_known_iterations() -> None:
    """Each iteration applies its layer to the result of the previous one."""
    m = interpreter(f"{HEADER}for n in (1, 2, 3):\n    x = layers.Dense(n)(x)\n")
    assert flow(m) == [("Input", "Dense"), ("Dense", "Dense"), ("Dense", "Dense")]


def test_an_unknown_number_of_iterations_shows_an_iteration_after_another() -> None:
    """A loop over an unknown number runs twice, so that its body can follow itself."""
    m = interpreter(f"{HEADER}for n in range(depth):\n    x = layers.Dense(n)(x)\n")
    assert ("Dense", "Dense") in flow(m)
    assert layers_of(m).count("Dense") == 2


def test_an_undecided_break_leaves_on_its_paths() -> None:
    """After the loop a variable has its value on the path that left, or the value after the last iteration."""
    found = value_of(interpreter("a = 0\nfor i in range(2):\n    if stop: break\n    a = 1\n"), "a")
    assert isinstance(found, Choice)
    assert {value for _, value in found.alternatives} == {Const(0), Const(1)}


def test_a_loop_over_what_is_known_is_bounded() -> None:
    """A shared layer in a loop of a thousand iterations is applied no more often than the bound on elements."""
    m = interpreter(f"{HEADER}d = layers.Dense(3)\nfor i in range(1000):\n    x = d(x)\n")
    assert loops.LEAST_ITERATIONS <= layers_of(m).count("Dense") <= containers.MOST_KNOWN
    assert m.loops == ()
    assert m.loops_open == 0


def test_a_costly_training_loop_leaves_room_for_what_follows() -> None:
    """If iterations construct and apply nothing and take thousands of steps each, only a few of them are run."""
    draw = "def draw():\n    return [(i, i * i, [i + 1, i - 1], str(i), (i,)) for i in range(200)]\n"
    training = "for epoch in range(500):\n    for step in range(500):\n        a, b = draw(), draw()\n"
    m = interpreter(f"{draw}{HEADER}{training}x = layers.Dense(3)(x)\n")
    assert layers_of(m) == ["Input", "Dense"]
    assert m.steps_left > STEPS_PER_ROOT // 2


def test_a_return_in_a_loop_ends_it() -> None:
    """The iterations after an unconditional `return` are not run."""
    m = interpreter("def f():\n    for i in range(9):\n        if i == 2: return i\n")
    assert python_value(m, "f()") == 2


def test_records_of_data_are_no_news() -> None:
    """A training loop that collects rows of numbers constructs no layers, and is left early."""
    rows = (("i", 0), ("(i, (0.5, 'a'))", 0), ("(i, Dense(3))", 2), ("[i]", 0), ("[i, Dense(3)]", 2), ("[]", 1))
    for kept, made in rows:
        m = interpreter(f"from keras.layers import Dense\nrecords = []\ni = 1\nrecords.append({kept})\n")
        assert m.made == made


def test_a_list_that_an_iteration_makes_for_itself_is_no_news() -> None:
    """A training loop whose function collects the losses of its batches in a local list is left early."""
    step = "def step():\n    losses = []\n    losses.append(layers.add([x, x]))\n    return losses\n"
    for kept, is_run in (("step()", False), ("kept.append(step())", True)):
        m = interpreter(f"{HEADER}{step}kept = []\nfor i in range(400):\n    {kept}\n")
        assert (layers_of(m).count("add") == 400) is is_run


def test_predictions_in_a_list_are_no_layers() -> None:
    """A loop that collects the predictions of a model brings nothing new after a few iterations, and is left early."""
    code = "import numpy as np\nfound = []\nfor i in range(150):\n    one = np.argmax(x)\n    found.append(one)\n"
    assert 8 < layers_of(interpreter(HEADER + code)).count("argmax") < 150
    code = "found = []\nfor i in range(150):\n    model.fit(x)\n    found.append([loss(i), i])\n"
    assert 8 < layers_of(interpreter(HEADER + code)).count("call") < 150
    m = interpreter(f"{HEADER}found = []\nfor i in range(30):\n    found.append(Input((i,)))\n")
    assert layers_of(m).count("Input") == 31


def test_the_conditions_of_a_training_loop_are_bounded() -> None:
    """Iterations that construct nothing are skipped if their conditions multiply, as with early stopping."""
    better = "    if loss(i) < best: best, wait = loss(i), 0\n    else: wait += 1\n"
    code = f"best, wait = start, 0\nfor i in range(100):\n{better}    if wait >= patience: break\n"
    m = interpreter(f"{HEADER}{code}y = layers.Dense(3)(x)\n")
    assert m.conditions.space.size < 5_000
    assert ("Input", "Dense") in flow(m)
