"""One report with every kind of finding, for the tests of all formats."""

from __future__ import annotations

from collections.abc import Sequence

from orderlint.diagnostics import (
    Edit,
    FileError,
    FileWarning,
    Finding,
    Fix,
    Related,
    Repair,
    RepairKind,
    Report,
    Severity,
)
from orderlint.graph import Location

NET = """\
from tensorflow.keras import layers


def block(x, filters):
    x = layers.Conv2D(filters, 3)(x)
    x = layers.Activation("relu")(x)
    x = layers.BatchNormalization()(x)
    return x


model = Sequential([layers.Dense(8, activation="relu"), layers.BatchNormalization()])


def tall(x):
    y = layers.Conv2D(
        64,
        3,
        activation="relu",
        padding="same",
        kernel_initializer="he_normal",
        use_bias=True,
    )(x)
    # one
    # two
    # three
    y = layers.BatchNormalization(
        name="bn",
    )(y)
    z = layers.BatchNormalization()(layers.ReLU()(layers.Dense(1000, kernel_initializer="uniform", name="logits")(y)))
\tz\t= layers.Dropout(0.5, name="\u6b63\u5247\u5316")(z); z = layers.BatchNormalization()(z)
"""
BLOCKS = "def activate(x):\n    return layers.ReLU()(x)\n"
CELL_1 = "model.add(layers.ReLU())\n"
CELL_3 = "%matplotlib inline\nmodel.add(layers.BatchNormalization())\n"

_TEXTS = {
    ("models/net.py", None): NET,
    ("models/blocks.py", None): BLOCKS,
    ("notes/net.ipynb", 1): CELL_1,
    ("notes/net.ipynb", 3): CELL_3,
}


def lines(location: Location) -> Sequence[str] | None:
    """The text of the sample at a location."""
    text = _TEXTS.get((location.path, location.cell))
    return None if text is None else text.split("\n")


def at(line: int, column: int, end_line: int, end_column: int, path: str = "models/net.py") -> Location:
    return Location(path, line, column, end_line, end_column)


def finding(location: Location, *related: Related, repair: Repair | None = None, **others: object) -> Finding:
    message = "`BatchNormalization` comes after the activation `ReLU`: the usual convention is the other order"
    return Finding(
        "ORD001",
        "norm-after-activation",
        message,
        location,
        ("Conv2D", "ReLU", "BatchNormalization"),
        ("Conv2D", "BatchNormalization", "ReLU"),
        related,
        repair,
        **others,  # type: ignore[arg-type]
    )


def other(location: Location, message: str = "activation applied here") -> Related:
    return Related(location, message)


FIX = Fix(
    "move `BatchNormalization` before `ReLU`",
    (
        Edit(102, 102, "x = layers.BatchNormalization()(x)\n    ", location=at(6, 5, 6, 5)),
        Edit(134, 173, "", location=at(6, 37, 7, 39)),
    ),
    RepairKind.CHANGES_MODEL,
)
MOVE = Repair(True, RepairKind.CHANGES_MODEL, None, "move `BatchNormalization` before `ReLU`")
SAME = Repair(True, RepairKind.SAME_INFERENCE, None, "move `Dropout` after `BatchNormalization`")
NO_REPAIR = Repair(False, reason="the value between the two has another consumer")

UNPARSABLE = Finding(
    "ORD900",
    "syntax-error",
    "cannot be parsed: '(' was never closed [bold]not markup[/bold]",
    Location("broken.py", 3, 8, 3, 9),
)
DROPOUT = Finding(
    "ORD002",
    "dropout-before-norm",
    "`Dropout` comes before `BatchNormalization`",
    at(30, 6, 30, 40),
    ("Dense", "Dropout", "BatchNormalization"),
    ("Dense", "BatchNormalization", "Dropout"),
    (other(at(30, 46, 30, 76), "norm applied here"),),
    SAME,
    Severity.WARNING,
)
REPORT = Report(
    findings=(
        UNPARSABLE,
        finding(
            at(7, 9, 7, 39),
            other(at(6, 9, 6, 37)),
            repair=MOVE,
            fix=FIX,
            fingerprint="0123456789abcdef0123456789abcdef",
            url="https://example.org/ORD001",
        ),
        finding(at(11, 57, 11, 85), other(at(11, 21, 11, 55)), other(at(5, 9, 5, 37), "constructed here"), repair=MOVE),
        finding(at(26, 9, 28, 9), other(at(15, 9, 22, 9)), repair=NO_REPAIR),
        finding(at(29, 9, 29, 119), other(at(29, 37, 29, 118)), repair=MOVE),
        DROPOUT,
        finding(at(7, 9, 7, 39), other(at(2, 12, 2, 28, "models/blocks.py")), repair=NO_REPAIR),
        finding(
            Location("notes/net.ipynb", 2, 11, 2, 38, 3),
            other(Location("notes/net.ipynb", 1, 11, 1, 24, 1)),
            repair=MOVE,
        ),
        finding(Location("model.keras", layer="encoder/bn"), other(Location("model.keras", layer="encoder/relu"))),
    ),
    errors=(FileError("secret.py", "permission denied"),),
    warnings=(FileWarning(Location("models/net.py", 9, 1, 9, 23), "`skip-file` counts only in the first lines"),),
    files=12,
)
