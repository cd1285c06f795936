"""The errors that a `try` handles."""

from __future__ import annotations

import libcst as cst
import pytest

from orderlint.graph.guards import ALWAYS, NEVER, Guard
from orderlint.source.python.raising import when_raised
from tests.source.running import interpreter


def guard(first: str, error: str = "except IndexError") -> Guard | None:
    node = cst.parse_statement(f"try:\n    {first}\n{error}:\n    pass\n")
    assert isinstance(node, cst.Try)
    return when_raised(interpreter("def f(): pass\nn = len(xs)\n"), node, node.handlers[0])


@pytest.mark.parametrize("error", ["except IndexError", "except LookupError", "except Exception", "except"])
def test_an_element_that_is_not_there_raises(error: str) -> None:
    """An access beyond the end of the list raises an error that each of these handlers catches."""
    assert guard("xs[n]", error) is ALWAYS
    assert guard("after = xs[n - 1]", error) is NEVER


@pytest.mark.parametrize(
    ("first", "error"),
    [
        ("xs[n]", "except ValueError"),
        ("xs[n]", "except (IndexError, ValueError)"),
        ("xs['a']", "except Exception"),
        ("xs[n:]", "except IndexError"),
        ("f()[n]", "except IndexError"),
        ("xs[f()]", "except IndexError"),
        ("f(xs[n])", "except IndexError"),
        ("pass", "except IndexError"),
    ],
)
def test_nothing_is_known_of_other_errors(first: str, error: str) -> None:
    """Other errors, and expressions with side effects, are not decided."""
    assert guard(first, error) is None
