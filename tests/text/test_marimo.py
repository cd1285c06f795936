"""The cells of marimo notebooks that call functions from other cells."""

from __future__ import annotations

import pytest

from orderlint import check_source
from orderlint.text.marimo import linked_cells

HEAD = "import marimo\n\napp = marimo.App()\n\n\n"
IMPORTS = "@app.cell\ndef _():\n    from keras import Sequential, layers\n    return Sequential, layers\n\n\n"
NET = "[layers.Dense(8), layers.ReLU(), layers.BatchNormalization(), layers.Dense(3)]"
END = '\n\nif __name__ == "__main__":\n    layers.run()\n'


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("@app.cell\ndef _(layers):\n    x = layers.Dense(8)(y)\n    return (x,)\n", [(6, ("layers.Dense",))]),
        ("@app.cell(hide_code=True)\nasync def net(a, block):\n    block(a.b)\n", [(6, ("block",))]),
        ("@app.cell\ndef _(\n    keras,\n):\n    keras.layers.Dense (8)\n", [(6, ("keras.layers.Dense",))]),
        ("@app.cell\ndef _(x):\n    print(x)\n    y.x(1)\n", []),
        ("@app.cell\ndef _():\n    layers.Dense(8)\n", []),
        ("@app.function\ndef f(x):\n    return x()\n", []),
    ],
)
def test_cells_that_call_their_parameters_are_found(cell: str, expected: list[tuple[int, tuple[str, ...]]]) -> None:
    """The line is that of the function; the code after the cell does not count."""
    found = list(linked_cells(HEAD + cell + END))
    assert [(one.line + cell.count("def") - 1, one.called) for one in found] == [(line + 1, c) for line, c in expected]


def test_a_script_is_no_notebook() -> None:
    """Other libraries have decorators with the same name."""
    assert not list(linked_cells("@app.cell\ndef _(layers):\n    layers.Dense(8)(x)\n"))


def test_a_cell_with_layers_of_another_cell_is_not_called_checked() -> None:
    """A layer of another cell is unknown, so the report says that the cell was only partly checked."""
    cell = f"@app.cell\ndef _(Sequential, layers):\n    m = Sequential({NET})\n    return (m,)\n"
    report = check_source(HEAD + IMPORTS + cell + END, "net.py")
    assert [(warning.location.line, warning.is_gap) for warning in report.warnings] == [(13, True)]
    assert "only partly checked" in report.warnings[0].message


def test_a_cell_with_its_own_imports_is_checked() -> None:
    """Methods of data from other cells apply no layers."""
    net = f"    m = Sequential({NET})\n    m.fit(data.train())\n"
    cell = f"@app.cell\ndef _(data):\n    from keras import Sequential, layers\n{net}    return (m,)\n"
    report = check_source(HEAD + cell + END, "net.py")
    assert [finding.code for finding in report.findings] == ["ORD001"]
    assert not report.warnings


def test_a_helper_of_another_cell_may_apply_layers() -> None:
    """A function is as unknown as a layer, and counts in a cell that has layers."""
    cell = "@app.cell\ndef _(block, x):\n    from keras.layers import Dense\n    return block(Dense(8)(x))\n"
    assert [warning.is_gap for warning in check_source(HEAD + cell + END, "net.py").warnings] == [True]
    report = check_source(HEAD + cell.replace("Dense", "Input") + END, "net.py")
    assert not report.warnings
