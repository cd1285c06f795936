"""Functions that do not return."""

from __future__ import annotations

import pytest

from tests.source.running import flow, interpreter

BODY = """
import os, sys, six
from keras import Input, layers
x = Input((3,))
if flag:
    {call}
    x = layers.ReLU()(x)
x = layers.Dense(8)(x)
"""


@pytest.mark.parametrize("call", ["sys.exit(1)", "os._exit(1)", "exit()", "quit()", "six.reraise(*sys.exc_info())"])
def test_what_follows_on_that_path_never_runs(call: str) -> None:
    """The path ends as at a `raise`; other paths continue."""
    assert flow(interpreter(BODY.format(call=call))) == flow(interpreter(BODY.format(call="raise ValueError")))
    assert flow(interpreter(BODY.format(call=call))) != flow(interpreter(BODY.format(call="print()")))


def test_a_script_that_is_cut_short_is_judged_to_its_end() -> None:
    """If the call is under no condition, it is ignored."""
    cut = "import sys\nfrom keras import Input, layers\nsys.exit()\nx = layers.Dense(8)(Input((3,)))\n"
    assert flow(interpreter(cut)) == flow(interpreter(cut.replace("sys.exit()\n", "")))
