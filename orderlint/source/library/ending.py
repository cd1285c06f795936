"""Functions that do not return: `sys.exit`, `six.reraise`, ..."""

from __future__ import annotations

from orderlint.graph import Site
from orderlint.graph.guards import ALWAYS, NEVER
from orderlint.source.library.kinds import Modeled
from orderlint.source.state.arguments import Arguments
from orderlint.source.state.machine import Machine
from orderlint.source.state.values import NONE, Value


def _ends(m: Machine, arguments: Arguments, site: Site) -> Value:
    """End the path, as `raise` does.

    If no test decides whether the call runs, it is in a script whose author stopped it there for a while. The code
    after it is still meant to be a model.
    """
    if m.path is not ALWAYS:
        m.path = NEVER
    return NONE


FUNCTIONS: dict[str, Modeled] = {
    "builtins.exit": _ends,
    "builtins.quit": _ends,
    "os._exit": _ends,
    "os.abort": _ends,
    "sys.exit": _ends,
    "six.raise_from": _ends,
    "six.reraise": _ends,
}
