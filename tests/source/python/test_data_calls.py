"""Calls that only process data, and repeat an earlier call."""

from __future__ import annotations

import pytest

from orderlint.source.python import data_calls
from orderlint.source.state.frames import Frame
from orderlint.source.state.machine import Machine
from orderlint.source.state.values import Value
from tests.source.running import interpreter, python_value, value_of

TABLES = "import pandas as pd\ndef table(data, days=7):\n    return pd.DataFrame(data[days]), data.size\n"
OFTEN = {
    "a constant": "def f(data):\n    return 3\nf(x), f(y)\n",
    "a list": "def f(data):\n    return [data]\nf(x), f(y)\n",
    "a change outside": "sizes = []\ndef f(data):\n    sizes.append(data)\nf(x), f(y)\n",
    "a change of an unknown object": "def f(data):\n    data.units = 8\nf(x), f(y)\n",
    "an error on some paths": "def f(data):\n    if data:\n        raise ValueError\nf(x)\nf(y)\n",
    "layers": "from keras import layers\ndef f(size):\n    return layers.Dense(size)\nf(x), f(y)\n",
    "a call of an argument": "from keras import layers\ndef f(make):\n    make()\nf(layers.ReLU), f(layers.Flatten)\n",
    "other constants": "def f(data, n):\n    return data[n]\nf(x, 1), f(y, 2)\n",
    "two arguments that are equal": "def f(a, b):\n    return a.b\nf(x, x), f(x, y)\n",
    "keywords": "def f(**data):\n    return data['a'].b\nf(a=x), f(a=y)\n",
}


@pytest.fixture(name="runs")
def _runs(monkeypatch: pytest.MonkeyPatch) -> list[Value | None]:
    """The results of `repeated`, one for each call."""
    results: list[Value | None] = []
    repeated = data_calls.repeated

    def noted(m: Machine, frame: Frame) -> Value | None:
        results.append(repeated(m, frame))
        return results[-1]

    monkeypatch.setattr(data_calls, "repeated", noted)
    return results


def test_a_repeated_call_is_not_run(runs: list[Value | None]) -> None:
    """Each call returns a new table, and the result can be unpacked."""
    m = interpreter(TABLES + "a, n = table(x)\nb, k = table(y)\nc, _ = table(z)\n")
    assert [result is None for result in runs] == [True, False, False]
    assert len({value_of(m, name) for name in "abcnk"}) == 5


def test_equal_calls_return_equal_values(runs: list[Value | None]) -> None:
    """A test of one value decides the same test of the other, whether or not the calls were run."""
    m = interpreter(TABLES + "a, b, c, d = table(x), table(y), table(x), table(y)\n")
    assert [result is None for result in runs] == [True, False, False, False]
    assert (value_of(m, "a"), value_of(m, "b")) == (value_of(m, "c"), value_of(m, "d"))


@pytest.mark.parametrize("code", OFTEN.values(), ids=OFTEN)
def test_other_calls_are_all_run(code: str, runs: list[Value | None]) -> None:
    """Their results or effects may be known, and may differ."""
    interpreter(code)
    assert runs == [None, None]


def test_effects_outside_are_kept() -> None:
    """Each call appends its element."""
    assert python_value(interpreter(OFTEN["a change outside"]), "len(sizes)") == 2
